"""The report of a run as one page, and the analyses that its sections ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orefolio.errors import InfeasibleError, InputError

if TYPE_CHECKING:
    from orefolio.analyses.sweep.run import Standing

GRID = "yearly"
PDF = ".pdf"
GAP_SHARE = 0.001
"""Of a run's cost: what the plans of its analyses may leave unproved, where the run itself was not asked for less."""
SHORT = {
    "tornado": {"prove": "0"},
    "breakeven": {"steps": "4", "width": "0.1"},
    "frontier": {"points": "3", "measure_gap": "0.01"},
    "alternatives": {"count": "2", "levels": "none"},
    "stress": {"draws": "1000"},
    "value": {"bars": "8"},
    "rules": {},
    "discover": {"samples": "48"},
}
"""Analyses that a page shows, and words that keep each of them cheap."""
SECONDS = 60.0
"""Most seconds for each plan of an analysis; what is proved by then stands."""
LEVERS, DECISIONS = 1, 2
"""Levers and decisions whose break-evens are looked for: those that move the cost most, and cost most."""
DEARER = 1.05
"""A plan counts as failed where it costs so many times what the run does."""


@dataclass
class Made:
    """What was done for a page. left: analysis to why it was not made."""

    made: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def report(runs: Sequence[str | Path], place: str | Path) -> Path:
    """Write the page of one run, or of several against the first; as PDF where the place ends so.

    Raises InputError, MissingExtraError, SpaceError.
    """
    from orefolio.analyses.sweep.sealed import written_whole
    from orefolio.report.page import page

    text = page([Path(run) for run in runs])
    if Path(place).suffix.lower() == PDF:
        from orefolio.report.printed import printed

        written_whole(Path(place), printed(text))
    else:
        written_whole(Path(place), text.encode())
    return Path(place)


def analyse(
    run: str | Path,
    jobs: int = 1,
    say: Callable[[str], None] = lambda _: None,
    heard: Callable[[Standing], None] = lambda _: None,
) -> Made:
    """Ask the analyses that a run has not yet, of its own case, into its folder `analyses`.

    say: is told what is asked; heard: how far it is. What does not fit the case, such as levers that it has not, is
    left out with the reason. Raises InputError.
    """
    from orefolio.api.sensitivity import analysis_of, ask, words_of
    from orefolio.report.analysed import FOLDER
    from orefolio.report.reading import Read

    read = Read.of(Path(run))
    done = Made()
    for place, name, given in _wanted(read.path / FOLDER, read):
        if (place / "answer.json").exists():
            done.there.append(place.name)
            continue
        say(f"asking {place.name}")
        analysis = analysis_of(name)
        try:
            question = _question(read, place, jobs, say, heard)
            ask(question, analysis, words_of(analysis, given))
        except (InputError, InfeasibleError) as error:
            done.left[place.name] = str(error)
            say(f"{place.name} is left out: {error}")
        else:
            done.made.append(place.name)
    return done


def _wanted(parent: Path, read: Any) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Folder, analysis and words of everything that a page shows; break-evens last but one, for they need a tornado."""
    from orefolio.report.analysed import kept

    for name, words in SHORT.items():
        if name == "breakeven":
            ranked = [row for one in kept(read, "tornado") for row in next(one.tables()).rows]
            costly = ",".join(_costly(read))
            for lever in list(dict.fromkeys(str(row[1]) for row in ranked))[:LEVERS]:
                yield parent / f"{name}-{lever}", name, {**words, "lever": lever, "decisions": costly}
        elif name == "discover":
            limit = DEARER * read.record["objective"]
            yield parent / name, name, {**words, "fails": f"cost_musd > {limit:.6g}"}
        else:
            yield parent / name, name, dict(words)


def _costly(read: Any) -> list[str]:
    """The decisions of a plan that cost most, as KIND:ID."""
    cost: dict[str, float] = {}
    for row in read.rows("portfolio"):
        name = f"{row['kind']}:{row['id']}"
        cost[name] = cost.get(name, 0.0) + abs(float(row["cost_musd"] or 0.0))
    return sorted(cost, key=lambda name: -cost[name])[:DECISIONS]


def _question(read: Any, place: Path, jobs: int, say: Callable[[str], None], heard: Callable[[Standing], None]) -> Any:
    from orefolio.analyses.sweep.point import Point
    from orefolio.api.sensitivity import Question, engine_of
    from orefolio.case.read import load_case

    case = load_case(read.path / "case")
    asked = read.record["options"].get("abs_gap", {}).get("value")
    gap = max(GAP_SHARE * abs(read.record["objective"]), float(asked or 0.0))
    grid = GRID if GRID in case.grids else read.record["grid"]
    point = Point(grid=grid, options={"abs_gap": gap, "time_limit": SECONDS})
    return Question(case, (), point, engine_of(jobs), place, resume=True, warn=say, heard=heard)
