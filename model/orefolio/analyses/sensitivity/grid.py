"""Turn two levers together over a grid: what it costs where, where China's share falls, which plan is best where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orefolio.analyses.sweep.analysis import Analysis, Answer, Argument, Asked, Option, Table
from orefolio.errors import Fault, InputError, nearest

from . import grid_figure
from .intervals import words
from .levers import Place, even, known, moved, short, standing
from .planned import BASE, FIGURES, Planned, place_words
from .plans import things
from .words import whole

MOST_STEPS = 300
LIKE: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "exact": lambda row: row["commitments_digest"],
    "ids": lambda row: things(row["commitments"]),
}
"""What makes two plans the same: every commitment, or only what is committed to at all."""
NONE = "none"
WIDE = 100  # letters of a region's words on the screen


@dataclass(frozen=True)
class Region:
    """A plan and the cells in which it was found best. words: what it does otherwise than the plan at base."""

    letter: str
    cells: tuple[Place, ...]
    words: str


@dataclass(frozen=True)
class Grid:
    """first and second: rows of the levers; base: where they stand; across and up: their values; cells: row by row."""

    planned: Planned
    first: Any
    second: Any
    base: tuple[float, float]
    across: tuple[float, ...]
    up: tuple[float, ...]
    cells: tuple[tuple[Place, ...], ...]
    regions: tuple[Region, ...]

    def letter(self, place: Place) -> str:
        """The region of a cell; blank where there is no plan."""
        return next((region.letter for region in self.regions if place in region.cells), "")


def _run(asked: Asked) -> Answer:
    steps = [whole(asked, name, 2, MOST_STEPS) if asked.words[name] else 0 for name in ("steps", "steps_second")]
    like = str(asked.words["like"])
    if like not in LIKE:
        raise InputError([Fault("--like", repr(like), " or ".join(LIKE), remedy=nearest(like, LIKE))])
    first, second = known(asked, (str(asked.words[name]) for name in ("first", "second")), "LEVER LEVER")
    stands = standing(asked)
    across = even(float(first.low), float(first.high), steps[0])
    up = even(float(second.low), float(second.high), steps[1] or steps[0])
    cells = tuple(tuple(moved({first.lever: x, second.lever: y}, stands) for x in across) for y in up)
    planned = Planned(asked, (first.lever, second.lever))
    swept = planned.sweep([BASE, *(place for row in cells for place in row)])
    grid = Grid(
        planned,
        first,
        second,
        (stands[first.lever], stands[second.lever]),
        across,
        up,
        cells,
        _regions(planned, cells, LIKE[like]),
    )
    tables = {"grid": _table(grid), "regions": _listed(grid)}
    return Answer(
        swept,
        ("region", "cells", "plan against base"),
        [(region.letter, len(region.cells), short(region.words, WIDE)) for region in grid.regions],
        {name: [dict(zip(table.headings, row, strict=True)) for row in table.rows] for name, table in tables.items()},
        _sentences(grid),
        tables,
        grid_figure.figure(grid),
    )


def _regions(
    planned: Planned, cells: Sequence[Sequence[Place]], like: Callable[[Mapping[str, Any]], object]
) -> tuple[Region, ...]:
    """The plan at base is A, also where no cell has it; then those of most cells, then in the order of the grid."""
    groups: dict[object, list[Place]] = {}
    own = NONE if planned.state(BASE) else like(planned.row(BASE))
    if own is not NONE:
        groups[own] = []
    for place in (place for row in cells for place in row):
        if not planned.state(place):
            groups.setdefault(like(planned.row(place)), []).append(place)
    order = sorted(groups, key=lambda plan: (plan != own, -len(groups[plan])))
    return tuple(
        Region(_letter(number), tuple(groups[plan]), _words(planned, groups[plan], plan == own))
        for number, plan in enumerate(order)
    )


def _words(planned: Planned, cells: Sequence[Place], own: bool) -> str:
    return "the plan at base" if own else planned.changed(cells[0])


def _letter(number: int) -> str:
    """A, B, …, Z, AA, AB, …"""
    rest, last = divmod(number, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)


def _table(grid: Grid) -> Table:
    planned = grid.planned
    headings = (grid.first.lever, grid.second.lever, *FIGURES, "china_share", "region", "failure", "plan_against_base")
    rows = [
        (x, y, *planned.figures(place), planned.row(place)["china_share"], grid.letter(place), planned.state(place),
         planned.changed(place))
        for y, row in zip(grid.up, grid.cells, strict=True)
        for x, place in zip(grid.across, row, strict=True)
    ]  # fmt: skip
    return Table(headings, rows)


def _listed(grid: Grid) -> Table:
    return Table(("region", "cells", "plan_against_base"),
                 [(region.letter, len(region.cells), region.words) for region in grid.regions])  # fmt: skip


def _sentences(grid: Grid) -> list[str]:
    planned = grid.planned
    every = list(dict.fromkeys(place for row in grid.cells for place in row))
    planned_ = [place for place in every if not planned.state(place)]
    sentences = [f"{len(every)} places of {grid.first.name or grid.first.lever} and "
                 f"{grid.second.name or grid.second.lever}; {len(planned_)} have a plan."]  # fmt: skip
    costs = {place: cost for place in planned_ if (cost := planned.cost(place)) is not None}
    if costs:
        ends = [
            (word, end(costs, key=lambda place: costs[place].best))
            for word, end in (("Cheapest", min), ("Dearest", max))
        ]
        sentences += [f"{word}: {place_words(place)}, at {planned.told(place)} against base." for word, place in ends]
        apart = costs[ends[1][1]].less(costs[ends[0][1]])
        sentences.append(f"Between the two lie {words(apart)}.")
        proved = sum((d := planned.difference(place)) is not None and d.proved for place in costs)
        sentences.append(f"In {proved} of {len(costs)} places the cost is proved to differ from that at base.")
    inside = [region for region in grid.regions if region.cells]
    sentences.append(
        f"{len(inside)} different plans are best of those that were found; within the gap another may be as good."
    )
    return sentences + planned.missing()


ANALYSIS = Analysis(
    _run,
    (Argument("first", "LEVER"), Argument("second", "LEVER")),
    (
        Option("steps", "N", "Values of each lever, equally spaced from its low to its high end.", "5"),
        Option("steps_second", "N", "Values of the second lever, where they are not as many."),
        Option("like", "exact|ids", "Two plans are one region if every commitment is alike, or what is committed to.",
               "ids"),
    ),
)  # fmt: skip
