r"""CNC: a line runs one class at a time, and tagged feed in untagged output stays within the de-minimis share.

$$activity_{p,\text{free},n} \le h_n\,available\,\bar K_{p,n}\,dedicated_{p,s(n)}, \qquad
  activity_{p,\text{tagged},n} \le h_n\,available\,\bar K_{p,n}\,(1 - dedicated_{p,s(n)})$$
$$\sum_c value_c\,feed_{p,c,n} \le \varepsilon_p\,value_\text{out}\,activity_{p,\text{free},n}$$

A segment s is a calendar year, or the block where time is coarser, cut where a future parts from the node; the choice
for a segment is made before its first period. The constants are the greatest capacity that can stand there. There are
no rows where no demand that the line can end in tells classes apart, now or later. The declared bound of an untagged
lot is the greatest bound of its feeds plus ε; checking the case keeps it below the threshold. Values are fixed Chinese
prices of the base year, so a price shock changes no lot's class. ε is nought at any process that separates elements.

| symbol | code | unit | meaning |
|---|---|---|---|
| *dedicated* | `dedicated` | 1 | the line runs untagged material in the segment (binary) |
| *feed* | `feed` | t | tagged feed in untagged output |
| *changeover* | `changeover` | 1 | the line changed over at the start of the segment |
| ε | `processes.de_minimis_share` | 1 | share of the output's value, or of its mass |
"""

from __future__ import annotations

import itertools
from typing import Any

from ..case.scenarios import Path, Span
from . import timing
from .ledger import Future, linear
from .reach import Reach, reach_of


def state(future: Future) -> None:
    """State lines and de-minimis feed."""
    reach = reach_of(future.case)
    lines = [row for row in future.case.rows("processes") if row.one_class_at_a_time and len(_split(reach, row)) == 2]
    needed = {row.process: _segments(future, reach, row) for row in lines}
    keys = {(name, s.periods[0].number): (0.0, 1.0) for name, segments in needed.items() for s in segments}
    dedicated = future.columns("dedicated", keys, binary=True, commitment=True)
    rows: dict[Any, Any] = {}
    for row in lines:
        for segment in needed[row.process]:
            _one_class(future, reach, row, segment, dedicated[row.process, segment.periods[0].number], rows)
            _charge(future, row, segment, dedicated[row.process, segment.periods[0].number])
    future.rows("CNC", rows)
    _changeovers(future, needed, dedicated)
    _de_minimis(future, reach)


def _split(reach: Reach, row: Any) -> set[bool]:
    return {reach.tagged(class_) for class_ in reach.runs(row)}


def _segments(future: Future, reach: Reach, row: Any) -> list[Span]:
    """The segments with a choice: it rests on the parent node, so all futures of that node have it or none."""
    return [
        segment
        for segment in future.path.segments
        for number in [segment.periods[0].number]
        if any(number in _needed(path, reach, row) for path in future.path.possible(number))
    ]


def _needed(path: Path, reach: Reach, row: Any) -> frozenset[int]:
    """First periods of the segments in which a future by itself needs the choice."""
    if row.process not in path.choices:
        matters = reach.class_matters(path, row)
        stands = timing.greatest(path, row)
        path.choices[row.process] = frozenset(
            segment.periods[0].number
            for segment in path.segments
            if any(matters[p.number] and stands[p.number] > 0 for p in segment.periods)
        )
    return path.choices[row.process]


def _one_class(future: Future, reach: Reach, row: Any, segment: Span, dedicated: Any, rows: dict[Any, Any]) -> None:
    stands = timing.greatest(future.path, row)
    available = future.path.series("processes", row.process, "availability_share")
    for period in segment.periods:
        most = stands[period.number] * available[period.number] * period.years
        for kind in ("free", "tagged"):
            classes = [c for c in reach.runs(row) if reach.tagged(c) == (kind == "tagged")]
            run = [t for c in classes for t in future.ledger.read("output", (row.process, c, period.number))]
            if run:
                free = kind == "free"
                body = linear([*run, (-most if free else most, dedicated)])
                rows[row.process, kind, period.number] = body <= (0.0 if free else most)


def _charge(future: Future, row: Any, segment: Span, dedicated: Any) -> None:
    first, last = segment.periods[0], segment.periods[-1]
    factor = future.path.discount(first.start, last.end)
    yearly = future.path.series("processes", row.process, "dedication_musd_per_year")[first.number]
    future.ledger.cost("dedication", first.number, yearly * segment.years * factor, dedicated)


def _changeovers(future: Future, needed: dict[str, list[Span]], dedicated: Any) -> None:
    paid = {name: future.case.row("processes", name).changeover_musd for name in needed}
    keys = {
        (name, segment.periods[0].number): (0.0, 1.0)
        for name, segments in needed.items()
        for segment in segments[1:]
        if paid[name] > 0
    }
    changeover = future.columns("changeover", keys)
    rows = {}
    for name, segments in needed.items():
        for before, after in itertools.pairwise(segments):
            key = (name, after.periods[0].number)
            if key not in keys:
                continue
            change = [(1.0, dedicated[key]), (-1.0, dedicated[name, before.periods[0].number])]
            rows[name, "to free", key[1]] = linear([*change, (-1.0, changeover[key])]) <= 0.0
            rows[name, "to tagged", key[1]] = linear([*((-c, v) for c, v in change), (-1.0, changeover[key])]) <= 0.0
            factor = future.path.discount(after.periods[0].start)
            future.ledger.cost("changeovers", key[1], paid[name] * factor, changeover[key])
    future.rows("CNC_changeover", rows)


def _de_minimis(future: Future, reach: Reach) -> None:
    able = [
        row
        for row in future.case.rows("processes")
        if row.de_minimis_share > 0 and not row.separates and len(_split(reach, row)) == 2
    ]
    free, tagged = reach.classes[0], reach.classes[-1]
    keys = {
        (row.process, item.commodity, period.number): (0.0, None)
        for row in able
        for item in reach.recipes[row.process]
        if item.direction == "in" and (row.place, item.commodity, tagged) in reach.spots
        if _weight(future, item.commodity) > 0
        for period, matters in zip(future.path.periods, reach.class_matters(future.path, row), strict=True)
        if matters and future.ledger.read("output", (row.process, free, period.number))
    }
    feed = future.columns("feed", keys)
    for name, commodity, number in keys:
        place = future.case.row("processes", name).place
        future.ledger.post("balance", (place, commodity, free, number), 1.0, feed[name, commodity, number])
        future.ledger.post("balance", (place, commodity, tagged, number), -1.0, feed[name, commodity, number])
    rows = {}
    for row in able:
        main = next(i for i in reach.recipes[row.process] if i.direction == "out")
        worth = row.de_minimis_share * _weight(future, main.commodity)
        for period in future.path.periods:
            fed = [
                (_weight(future, item.commodity), feed[row.process, item.commodity, period.number])
                for item in reach.recipes[row.process]
                if (row.process, item.commodity, period.number) in keys and item.direction == "in"
            ]
            made = future.ledger.read("output", (row.process, free, period.number))
            if fed:
                rows[row.process, period.number] = linear(fed + [(-worth * c, v) for c, v in made]) <= 0.0
    future.rows("CNC_de_minimis", rows)


def _weight(future: Future, commodity: str) -> float:
    """What a tonne counts in the share: its reference value, or 1 where the rule goes by mass."""
    by_mass = any(rule.enabled and rule.basis == "mass" for rule in future.case.rows("rules"))
    return 1.0 if by_mass else future.prices.reference(commodity)
