"""Table content: the Chinese content of a plan under both accountings, whichever the plan was made by.

Lots kept apart: the greatest content of a lot that is delivered or sold without a tag of the rule, by the mixing of the
plan. Mass balance: what has gone into material without the tag, as far as it comes out again, over what has been
delivered or sold and what is held without it, at the end of the period in which that is greatest. Sales name no class
and count as in the mass balance of a plan: all of them. What went down into the tag at the same place in the same
period brought nothing Chinese: its part in what lies there under the tag, well mixed, is taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orefolio.case.case import Case
from orefolio.case.checks.rule import untagged_bounds

from .balances import Spot, flows
from .blending import by_mass_balance, passed, worths
from .compare import Reckoned, compare, seen
from .evidence import Evidence
from .life import Life, goods_of, lives
from .tally import TOLERANCE, Tally
from .tracing import Traced, traced

COLUMNS = ("future", "rule", "accounting", "planned", "share", "declared_share", "threshold_share", "within")
"""Columns of table content. declared_share: what the de-minimis shares of the case add up to at most in such a lot."""
APART, BALANCE = "lots kept apart", "mass balance"
NOUGHT = 1e-9
Row = tuple[str, str, str, str, float, float | None, float, str]


def rows(evidence: Evidence) -> list[Row]:
    """A row for each future, rule on Chinese content in use, and accounting."""
    if "accountings" not in evidence.kept:
        evidence.kept["accountings"] = list(_rows(evidence))
    found: list[Row] = evidence.kept["accountings"]
    return found


def _rows(evidence: Evidence) -> Iterator[Row]:
    rules = [rule for rule in evidence.case.rows("rules") if rule.enabled and rule.kind == "content"]
    if not rules:
        return
    goods = goods_of(evidence)
    worth, passes, declared = worths(goods), passed(goods), _declared(evidence.case)
    left = _left(evidence.case, traced(evidence))
    plans = {APART: not by_mass_balance(goods), BALANCE: by_mass_balance(goods)}
    for life in lives(evidence):
        for rule in rules:
            clean = {name for name, tags in goods.tags.items() if not tags & goods.of_rule[rule.rule]}
            lots = {each: content for each, content in left.get(life.name, {}).items() if each[1][3] in clean}
            bound = max((declared.get(commodity, 0.0) for commodity, _ in lots), default=0.0)
            apart = max(lots.values(), default=0.0)
            blended = _blended(life, goods.of_rule[rule.rule], clean, worth, passes)
            limit = float(rule.threshold_share)
            for accounting, share, fine in (
                (APART, apart, apart < limit or apart <= NOUGHT),
                (BALANCE, blended, blended <= limit * (1.0 + TOLERANCE) + NOUGHT),
            ):
                most = bound if accounting == APART and plans[APART] else None
                words = _yes(plans[accounting]), _yes(fine)
                yield life.name, rule.rule, accounting, words[0], share, most, limit, words[1]


def _yes(condition: bool) -> str:
    return "yes" if condition else "no"


def _declared(case: Case) -> dict[str, float]:
    """Commodity to the most that the declared shares of the processes which make it add up to."""
    bounds = untagged_bounds(case)
    found: dict[str, float] = {}
    for row in case.rows("recipes"):
        if row.direction == "out":
            found[row.commodity] = max(found.get(row.commodity, 0.0), min(1.0, bounds[row.process]))
    return found


def _left(case: Case, found: Traced) -> dict[str, dict[tuple[str, tuple[str, ...]], float]]:
    """What leaves each future: (commodity, lot) to its content."""
    left: dict[str, dict[tuple[str, tuple[str, ...]], float]] = {}
    for lot, content in found.content.items():
        left.setdefault(lot[0], {})[case.row("demands", lot[2]).commodity, lot] = content
    for lot, content in found.sold.items():
        left.setdefault(lot[0], {})[lot[2].partition("/")[2], lot] = content
    return left


def _blended(
    life: Life, reached: frozenset[str], clean: set[str], worth: Mapping[str, float], passes: Mapping[str, float]
) -> float:
    """The greatest share at the end of a period: gone in so far, over what has left so far and what is held."""
    tags, case = life.goods.tags, life.case
    count = len(life.path.periods)
    entered, left, held = [0.0] * count, [0.0] * count, [0.0] * count
    gone_down = _gone_down(life)
    for variable in ("blend", "feed"):
        for item in seen(life, variable):
            where, commodity, fed, made = item.words
            if (tags[fed] - tags[made]) & reached:
                place = case.row("processes", where).place if variable == "feed" else where
                tagged = item.value * (1.0 - gone_down.get((place, commodity, fed, item.number), 0.0))
                entered[item.number] += tagged * worth[commodity] * passes[commodity]
    for item in seen(life, "deliver"):
        if item.words[1] in clean:
            left[item.number] += item.value * worth[case.row("demands", item.words[0]).commodity]
    for item in seen(life, "sell"):
        left[item.number] += item.value * worth[item.words[1]]
    for item in seen(life, "stock"):
        if item.words[1] in clean:
            held[item.number] += item.value * worth[case.row("stockpiles", item.words[0]).commodity]
    greatest = used = gone = 0.0
    for number in range(count):
        used, gone = used + entered[number], gone + left[number]
        if used > 0.0:
            greatest = max(greatest, used / max(used, gone + held[number]))
    return greatest


def _gone_down(life: Life) -> dict[Spot, float]:
    """The share of what comes to a place under a class that has gone down into the class there."""
    down: dict[Spot, float] = {}
    for item in seen(life, "downgrade"):
        place, commodity, _, weaker = item.words
        spot = (place, commodity, weaker, item.number)
        down[spot] = down.get(spot, 0.0) + item.value
    there = flows(life) if down else {}
    return {spot: tonnes / sum(max(t, 0.0) for t in there[spot]) for spot, tonnes in down.items()}


def told(found: Iterable[Row]) -> list[dict[str, Any]]:
    """What run.json says: for each rule the greatest of the futures under either accounting."""
    rules: dict[str, dict[str, Any]] = {}
    for _, rule, accounting, planned, share, declared, limit, within in found:
        entry = rules.setdefault(rule, {"rule": rule, "planned": "", "threshold_share": limit})
        entry["planned"] = accounting if planned == "yes" else entry["planned"]
        before = entry.setdefault(accounting.replace(" ", "_"), {"share": 0.0, "declared_share": None, "within": True})
        before["share"] = max(before["share"], share)
        if declared is not None:
            before["declared_share"] = max(before["declared_share"] or 0.0, declared)
        before["within"] = before["within"] and within == "yes"
    return list(rules.values())


def table(evidence: Evidence) -> Tally:
    """Table content and the record's entry, where the run has them: the audit makes them at the end of a solve."""
    tally, found = Tally(), Reckoned(3)
    if "content" not in evidence.tables and not evidence.written:
        return tally
    for future, rule, accounting, planned, share, declared, limit, within in rows(evidence):
        found.put((future, rule, accounting), share, declared, limit, planned=planned, within=within)
    numbers = ("share", "declared_share", "threshold_share")
    compare(tally, evidence, "content", COLUMNS[:3], numbers, found, found.says("planned", "within"))
    said, mine = evidence.record.get("content"), told(rows(evidence))
    tally.holds(isinstance(said, list) and len(said) == len(mine), "the record tells the content under", len(mine))
    for entry, expected in zip(said if isinstance(said, list) else (), mine, strict=False):
        _entry(tally, entry, expected, expected["rule"])
    return tally


def _entry(tally: Tally, said: Any, expected: Mapping[str, Any], *what: str) -> None:
    tally.holds(isinstance(said, dict) and said.keys() == expected.keys(), "the record on the content under", *what)
    for name, value in expected.items():
        there = said.get(name) if isinstance(said, dict) else None
        if isinstance(value, dict):
            _entry(tally, there, value, *what, name)
        elif isinstance(value, float) and type(there) in (int, float):
            tally.agrees(there, value, 0.0, "the record on the content under", *what, name)
        else:
            fine = type(there) is type(value) and there == value
            tally.holds(fine, "the record on the content under", *what, name, there)
