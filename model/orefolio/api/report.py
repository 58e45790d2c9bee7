"""The report of a run as one page, and the analyses that its sections ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
FINE_SHARE, NODES = 0.0001, 100
"""The same of the plans with and without each rule, which cost almost alike, and most nodes of branch and bound."""
SECONDS = 60.0
"""Most seconds of the clock for each plan of an analysis, where no other number is given."""
WIDEST, LEVERS, DECISIONS = 3, 1, 2
"""Levers that the page samples, levers and decisions whose break-evens it looks for: those that move the cost most."""


@dataclass(frozen=True)
class Asking:
    """How a page asks an analysis. place: its folder; fine: whether its plans are branched on, not dived for alone."""

    place: str
    analysis: str
    words: Mapping[str, str]
    fine: bool = False


def _given(read: Any) -> Iterator[Asking]:
    """The analyses that a page shows in their order, with words that keep each of them cheap.

    Those after the tornado look at the levers that it found to be the widest.
    """
    yield Asking("tornado", "tornado", {"prove": "0"})
    costly = ",".join(_costly(read))
    for lever in _widest(read)[:LEVERS]:
        words = {"lever": lever, "decisions": costly, "steps": "2", "width": "0.5"}
        yield Asking(f"breakeven-{lever}", "breakeven", words)
    yield Asking("frontier", "frontier", {"points": "2", "measure_gap": "0.02"})
    yield Asking("alternatives", "alternatives", {"count": "2", "levels": "none"})
    yield Asking("stress", "stress", {})
    yield Asking("value", "value", {"parts": "rules,waiting"}, fine=True)
    yield Asking("rules", "rules", {"steps": "3"})
    words = {"samples": "12", "fails": f"cost_musd > {_too_dear(read):.6g}"}
    yield Asking("discover", "discover", words | ({"levers": ",".join(widest)} if (widest := _widest(read)) else {}))


def _too_dear(read: Any) -> float:
    """From which cost a plan counts as failed: half of what the widest lever adds over the run's, million USD."""
    rises = [float(row["difference_musd"]) for row in _tornado(read) if row["difference_musd"]]
    return float(read.record["objective"]) + max([rise for rise in rises if rise > 0], default=0.0) / 2


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
    seconds: float = SECONDS,
) -> Made:
    """Ask the analyses that a run has not yet, of its own case, into its folder `analyses`.

    say: is told what is asked; heard: how far it is; seconds: most of the clock for each plan. What does not fit the
    case, such as levers that it has not, is left out with the reason. What was begun and stopped goes on. Raises
    InputError.
    """
    from orefolio.api.sensitivity import analysis_of, ask, words_of
    from orefolio.report.analysed import FOLDER
    from orefolio.report.reading import Read

    read = Read.of(Path(run))
    done = Made()
    for asking in _given(read):
        place = read.path / FOLDER / asking.place
        if (place / "answer.json").exists():
            done.there.append(asking.place)
            continue
        say(f"asking {asking.place}")
        analysis = analysis_of(asking.analysis)
        try:
            question = _question(read, place, jobs, (say, heard), _options(read, asking, seconds))
            ask(question, analysis, words_of(analysis, asking.words))
        except (InputError, InfeasibleError) as error:
            done.left[asking.place] = str(error)
            say(f"{asking.place} is left out: {error}")
        else:
            done.made.append(asking.place)
    return done


def _widest(read: Any) -> list[str]:
    """The levers that move the cost most, the widest first; none without a tornado."""
    return list(dict.fromkeys(row["lever"] for row in _tornado(read)))[:WIDEST]


def _tornado(read: Any) -> list[dict[str, str]]:
    """The rows of the run's tornado, the widest lever first; none where it has none."""
    from orefolio.report.analysed import kept

    return [row for one in kept(read, "tornado") for row in one.rows("tornado")]


def _costly(read: Any) -> list[str]:
    """The decisions of a plan that cost most, as KIND:ID."""
    cost: dict[str, float] = {}
    for row in read.rows("portfolio"):
        name = f"{row['kind']}:{row['id']}"
        cost[name] = cost.get(name, 0.0) + abs(float(row["cost_musd"] or 0.0))
    return sorted(cost, key=lambda name: -cost[name])[:DECISIONS]


def _options(read: Any, asking: Asking, seconds: float) -> dict[str, Any]:
    """Of the solver, for each plan of an analysis."""
    cost = abs(read.record["objective"])
    if asking.fine:
        return {"abs_gap": FINE_SHARE * cost, "node_limit": NODES, "time_limit": seconds}
    asked = read.record["options"].get("abs_gap", {}).get("value")
    return {"abs_gap": max(GAP_SHARE * cost, float(asked or 0.0)), "node_limit": 0, "time_limit": seconds}


def _question(read: Any, place: Path, jobs: int, told: tuple[Any, Any], options: Mapping[str, float]) -> Any:
    """The question of an analysis. told: who hears what needs attention, and how far it is."""
    from orefolio.analyses.sweep.point import Point
    from orefolio.api.sensitivity import Question, engine_of
    from orefolio.case.read import load_case

    case = load_case(read.path / "case")
    grid = GRID if GRID in case.grids else read.record["grid"]
    point = Point(grid=grid, options=options)
    return Question(case, (), point, engine_of(jobs), place, resume=True, warn=told[0], heard=told[1])
