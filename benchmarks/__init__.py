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
    "real_cases": "The example cases: where the time goes, beside HiGHS alone on the same matrix",
    "start_up": "What commands cost before they do anything",
}
"""Name of a section's file, and what it tells."""


@dataclass(frozen=True)
class Options:
    """What to run. large: also the largest size. scratch: folder for what the processes hand to each other."""

    large: bool
    runs: int
    scratch: Path


class DisagreementError(Exception):
    """The peers do not state the same program, so that no time is told."""
