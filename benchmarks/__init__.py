"""How fast the product is beside its peers: one file for each section, and their table of contents.

To add a section, write one file in this folder with `section(options) -> Rows` and one line below. From the checkout,
`python -m benchmarks` runs them, prints a table of each and keeps them as CSV.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str | int | float | None]
Rows = list[Row]

SECTIONS: dict[str, str] = {
    "road": "From a validated case to the solver and back, everything but the solver's own run",
    "real_cases": "The example cases: where the time goes, inside the solver and outside",
    "gaps": "The example cases: gap against time, beside HiGHS alone with its own defaults on the same matrix",
    "what_ifs": "What-ifs on the warm program of Japan, beside the same from nothing",
    "many_futures": "Japan with forty futures: stating, and the first plan with its gap",
    "growth": "How time grows with futures, with periods and with sites",
    "memory": "The example cases: peak memory of building, solving and telling",
    "cluster": "Japan by its futures and in sweeps: what is recorded here, and what so many workers would make of it",
    "intervals": "Minerals: does the interval of a plan for reduced futures cover what it costs in many others",
    "start_up": "What commands cost before they do anything",
}
"""Name of a section's file, and what it tells."""


@dataclass(frozen=True)
class Options:
    """What to run. large: also the largest size. scratch: folder for what the processes hand to each other.

    seconds: wall time of each search whose gap is told against time.
    """

    large: bool
    runs: int
    scratch: Path
    seconds: float = 60.0


class DisagreementError(Exception):
    """The peers do not state the same program, or contradict each other, so that no time is told."""


class MissingError(Exception):
    """What a section measures with is not there."""
