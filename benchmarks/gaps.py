"""The gap against time on the example cases: our search, and HiGHS alone with its own defaults on the same matrix.

Wall seconds count from where a search is handed the program, on one thread. Both stop at the share of the cost at which
HiGHS stops by default; from then on what they ended with stands. Only how often HiGHS tells where it is differs from
its defaults: as often as ours does.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from orefolio.program.program import Program
from orefolio.solve import Options as Asked
from orefolio.solve import solve
from orefolio.solve.engine import Engine
from orefolio.solve.solution import gap_between
from orefolio.solve.standing import QUIET

from . import DisagreementError, Options, Row, Rows
from .apart import told_by
from .one_way import told
from .real_cases import GAPS, INPUTS
from .road import SAME, agree

MARKS = (1, 2, 5, 10, 20, 40, 60, 120, 240, 480)
"""Seconds at which plan and bound are told."""
SHARE = 1e-4
"""Of the cost: the gap at which HiGHS stops by default."""
ENDED = ("optimal", "feasible", "no_plan")


class Point(NamedTuple):
    """The best plan and the best bound, million USD, so many seconds after a search began."""

    seconds: float
    plan: float
    bound: float


@dataclass
class Course:
    """A search from when it began, and each time that it told where it stands."""

    began: float = field(default_factory=time.monotonic)
    points: list[Point] = field(default_factory=lambda: [Point(0.0, math.inf, -math.inf)])

    def tell(self, plan: float, bound: float) -> None:
        """Keep a plan if it is better, a bound if it is higher. Million USD, infinite where there is none."""
        before = self.points[-1]
        self.points.append(Point(time.monotonic() - self.began, min(plan, before.plan), max(bound, before.bound)))


def section(options: Options) -> Rows:
    """Rows for each case and way, one for each mark. Raises DisagreementError where the ways contradict each other."""
    return [row for case in GAPS for row in _case(case, options.seconds)]


def _case(case: str, seconds: float) -> Rows:
    found = {way: told_by(traced, str(INPUTS / case), way, seconds) for way in WAYS}
    agree(found)
    courses: dict[str, list[Point]] = {way: each["points"] for way, each in found.items()}
    consistent({way: points[-1] for way, points in courses.items()})
    return [row for way, points in courses.items() for row in rows(case, way, points, seconds)]


def traced(folder: str, way: str, seconds: float) -> dict[str, Any]:
    """Figures of the program of a case, and the points of a search of it."""
    from orefolio import api

    program = api.built(api.load(folder)).program
    return {"program": told(Engine(program, integer=True)._highs, "no"), "points": WAYS[way](program, seconds)}


def ours(program: Program, seconds: float) -> list[Point]:
    """The points of our search, to its end or for so many seconds."""
    course = Course()
    asked = Asked(gap=SHARE, time_limit=seconds)
    end = solve(program, asked, lambda progress: course.tell(progress.objective, progress.bound))
    if end.status not in ENDED:
        raise DisagreementError(f"Our search of a program that has a plan ended as {end.status}")
    course.tell(end.objective, end.bound)
    return course.points


def highs_alone(program: Program, seconds: float) -> list[Point]:
    """The same of HiGHS."""
    course = Course()
    engine = Engine(program, integer=True)
    engine.set("mip_min_logging_interval", QUIET)
    engine.listen(lambda plan, bound: course.tell(plan if engine.found is None else min(plan, engine.found[0]), bound))
    outcome = engine.run(seconds)
    if outcome not in ("optimal", "limit"):
        raise DisagreementError(f"HiGHS's search of a program that has a plan ended as {outcome}")
    if outcome == "optimal" or engine.bound > -math.inf:  # else it had no time to begin, and its bound of 0 is none
        course.tell(engine.objective if engine.has_values else math.inf, engine.search_bound)
    return course.points


WAYS: dict[str, Callable[[Program, float], list[Point]]] = {"ours": ours, "HiGHS alone": highs_alone}


def consistent(ends: dict[str, Point]) -> None:
    """Raise DisagreementError where a way's bound lies above its own plan or another's, so that one is wrong."""
    for one, proved in ends.items():
        for other, found in ends.items():
            if proved.bound > found.plan + SAME * max(1.0, abs(found.plan)):
                raise DisagreementError(
                    f"{one} proves {proved.bound!r} million USD, {other} has a plan of {found.plan!r}"
                )


def rows(case: str, way: str, points: list[Point], seconds: float) -> Rows:
    """What was known at each mark within so many seconds."""
    return [_row(case, way, mark, points) for mark in MARKS if mark <= seconds]


def _row(case: str, way: str, mark: int, points: list[Point]) -> Row:
    last = [point for point in points if point.seconds <= mark][-1]
    figures = {
        "plan_musd": last.plan,
        "bound_musd": last.bound,
        "gap_musd": gap_between(last.plan, last.bound),
    }
    known = {name: round(figure, 2) if math.isfinite(figure) else None for name, figure in figures.items()}
    return {"case": case, "way": way, "seconds": mark, **known}
