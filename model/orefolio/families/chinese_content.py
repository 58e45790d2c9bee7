r"""CNC: a line runs one class at a time, and tagged feed in output without the tag stays within the de-minimis share.

$$activity_{p,\text{free},n} \le h_n\,available\,\bar K_{p,n}\,dedicated_{p,s(n)}, \qquad
  activity_{p,\text{tagged},n} \le h_n\,available\,\bar K_{p,n}\,(1 - dedicated_{p,s(n)})$$
$$\sum_{q \in g} activity_{p,q,n} \le h_n\,available\,\bar K_{p,n}\,kept\_for_{p,g,s(n)}, \qquad
  \sum_g kept\_for_{p,g,s} = 1$$
$$\sum_{c,q} value_c\,feed_{p,c,q \to q',n} \le \varepsilon_p\,value_\text{out}\,activity_{p,q',n}$$

Classes that no demand for the line's main product tells apart are one group g (where none tells any apart, those for
its by-products do); its by-products bear the tags of the whole group. With two groups one binary chooses, the first
row; with more there is one for each, the second. A segment s is a calendar year, or the block where time is coarser,
cut where a future parts from the node; the choice for a segment is made before its first period. The constants are the
greatest capacity that can stand there. There are no rows where no demand that the line can end in tells classes apart,
now or later. Feed of class q goes into output of class q' where all the tags that it loses have a tolerance. The
declared bound of an untagged lot is the greatest bound of its feeds plus ε; checking the case keeps it below the
threshold. Values are fixed Chinese prices of the base year, so a price shock changes no lot's class. ε is nought at any
process that separates elements. Where the case is accounted for by mass balance the feed is not held to its share.

| symbol | code | unit | meaning |
|---|---|---|---|
| *dedicated* | `dedicated` | 1 | the line runs the group with the fewest tags in the segment (binary) |
| *kept_for* | `kept_for` | 1 | the line runs this group in the segment (binary) |
| *feed* | `feed` | t | feed of class q in output of class q' |
| *changeover* | `changeover` | 1 | the line changed over at the start of the segment |
| ε | `processes.de_minimis_share` | 1 | share of the output's value, or of its mass |
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

from ..case.scenarios import Path, Span
from . import timing
from .algebra import linear
from .ledger import Future
from .reach import Reach, reach_of

Choices = dict[str, dict[int, list[list[Any]]]]
"""Of each line, by the first period of a segment: for each group, the terms that are 1 where the line is kept for it,
a constant first."""


def state(future: Future) -> None:
    """State lines and de-minimis feed."""
    reach = reach_of(future.case)
    lines = [row for row in future.case.rows("processes") if row.one_class_at_a_time and len(reach.groups(row)) > 1]
    needed = {row.process: _segments(future, reach, row) for row in lines}
    choices = _choices(future, reach, lines, needed)
    rows: dict[Any, Any] = {}
    for row in lines:
        for segment in needed[row.process]:
            chosen = choices[row.process][segment.periods[0].number]
            _one_class(future, reach, row, segment, chosen, rows)
            _charge(future, row, segment, chosen)
    future.rows("CNC", rows)
    _changeovers(future, needed, choices)
    _de_minimis(future, reach)


def _choices(future: Future, reach: Reach, lines: list[Any], needed: dict[str, list[Span]]) -> Choices:
    """One binary for a line with two groups of classes, one for each group where there are more."""
    firsts = {name: [segment.periods[0].number for segment in segments] for name, segments in needed.items()}
    groups = {row.process: reach.groups(row) for row in lines}
    two = {(name, n): (0.0, 1.0) for name in firsts if len(groups[name]) == 2 for n in firsts[name]}
    more = {
        (name, group[0], n): (0.0, 1.0)
        for name in firsts
        if len(groups[name]) > 2
        for n in firsts[name]
        for group in groups[name]
    }
    dedicated = future.columns("dedicated", two, binary=True, commitment=True)
    kept_for = future.columns("kept_for", more, binary=True, commitment=True)
    found: Choices = {name: {} for name in firsts}
    one = {}
    for name, n in two:
        found[name][n] = [[0.0, (1.0, dedicated[name, n])], [1.0, (-1.0, dedicated[name, n])]]
    for name, class_, n in more:
        found[name].setdefault(n, []).append([0.0, (1.0, kept_for[name, class_, n])])
        one[name, n] = linear([terms[1] for terms in found[name][n]]) == 1.0
    future.rows("CNC_one", one)
    return found


def _segments(future: Future, reach: Reach, row: Any) -> list[Span]:
    """The segments with a choice: it rests on the parent node, so all futures of that node have it or none."""

    def possible(number: int, path: Path) -> bool:
        return any(number in _needed(one, reach, row) for one in path.possible(number))

    path = future.path
    return [each for each in path.segments if path.asked(partial(possible, each.periods[0].number))]


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


def _one_class(
    future: Future, reach: Reach, row: Any, segment: Span, chosen: list[list[Any]], rows: dict[Any, Any]
) -> None:
    stands = timing.greatest(future.path, row)
    available = future.path.series("processes", row.process, "availability_share")
    groups = reach.groups(row)
    for period in segment.periods:
        most = stands[period.number] * available[period.number] * period.years
        for group, (constant, *terms) in zip(groups, chosen, strict=True):
            run = [t for c in group for t in future.ledger.read("output", (row.process, c, period.number))]
            if run:
                body = linear([*run, *((-most * c, v) for c, v in terms)])
                rows[row.process, group[0], period.number] = body <= most * constant


def _charge(future: Future, row: Any, segment: Span, chosen: list[list[Any]]) -> None:
    """What it costs to keep a line clean: for every group but the one with the most tags."""
    first, last = segment.periods[0], segment.periods[-1]
    factor = future.path.discount(first.start, last.end)
    yearly = future.path.series("processes", row.process, "dedication_musd_per_year")[first.number]
    for _, *terms in chosen[:-1]:
        for coefficient, column in terms:
            future.ledger.cost("dedication", first.number, coefficient * yearly * segment.years * factor, column)


def _changeovers(future: Future, needed: dict[str, list[Span]], choices: Choices) -> None:
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
            pairs = zip(choices[name][before.periods[0].number], choices[name][key[1]], strict=True)
            for group, ((_, *then), (_, *now)) in enumerate(pairs):
                change = [*now, *((-c, v) for c, v in then), (-1.0, changeover[key])]
                rows[name, f"to group {group + 1}", key[1]] = linear(change) <= 0.0
            factor = future.path.discount(after.periods[0].start)
            future.ledger.cost("changeovers", key[1], paid[name] * factor, changeover[key])
    future.rows("CNC_changeover", rows)


def _de_minimis(future: Future, reach: Reach) -> None:
    able = [row for row in future.case.rows("processes") if row.de_minimis_share > 0 and not row.separates]
    keys = {
        (row.process, item.commodity, fed, made, period.number): (0.0, None)
        for row in able
        for item in reach.recipes[row.process]
        if item.direction == "in" and _weight(future, item.commodity) > 0
        for fed, made in reach.loses(row, item.commodity)
        for period, matters in zip(future.path.periods, reach.class_matters(future.path, row), strict=True)
        if matters and future.ledger.read("output", (row.process, made, period.number))
    }
    feed = future.columns("feed", keys)
    fed_by: dict[Any, list[Any]] = {}
    for key in keys:
        name, commodity, fed, made, number = key
        place = future.case.row("processes", name).place
        future.ledger.post("balance", (place, commodity, made, number), 1.0, feed[key])
        future.ledger.post("balance", (place, commodity, fed, number), -1.0, feed[key])
        if reach.by_mass_balance:
            future.ledger.post("fed", (commodity, number), 1.0, feed[key])
        else:
            fed_by.setdefault((name, made, number), []).append((_weight(future, commodity), feed[key]))
    rows = {}
    for (name, made, number), terms in fed_by.items():
        main = next(i for i in reach.recipes[name] if i.direction == "out")
        worth = future.case.row("processes", name).de_minimis_share * _weight(future, main.commodity)
        output = future.ledger.read("output", (name, made, number))
        rows[name, made, number] = linear(terms + [(-worth * c, v) for c, v in output]) <= 0.0
    future.rows("CNC_de_minimis", rows)


def _weight(future: Future, commodity: str) -> float:
    """What a tonne counts in the share: its reference value, or 1 where the rule goes by mass."""
    by_mass = reach_of(future.case).by_mass
    return 1.0 if by_mass else future.prices.reference(commodity)
