"""Money: public envelopes on every path, the objective and its tail, and what the record says of them."""

from __future__ import annotations

import math
from typing import Any

from orefolio.case.scenarios import as_date, years_between

from . import timing
from .costs import Bill, Spending, bills
from .evidence import Evidence
from .risk import objective_of, tail_mean
from .tally import Tally

Envelopes = dict[tuple[str, str], tuple[float, float, float]]
"""(envelope, first day) to what is spent, its size, and the amount, million USD."""
MOMENT = 1e-6
"""A moment before an end, years."""


def envelopes(evidence: Evidence, bill: Bill) -> Envelopes:
    """What each envelope spends in each of its spans in a future, not discounted; made once."""
    known: dict[str, Envelopes] = evidence.kept.setdefault("envelopes", {})
    if bill.life.name not in known:
        known[bill.life.name] = _envelopes(evidence, bill)
    return known[bill.life.name]


def _envelopes(evidence: Evidence, bill: Bill) -> Envelopes:
    case = bill.life.case
    found: Envelopes = {}
    spent: dict[str, list[Spending]] = {}
    for spending in bill.spendings:
        spent.setdefault(spending.envelope, []).append(spending)
    said = _amounts_said(evidence).get(bill.life.name, {})
    for row in case.rows("envelopes"):
        opens, closes = (years_between(case.horizon_from, as_date(text)) for text in (row.from_date, row.to_date))
        mine = spent.get(row.envelope, ())
        shares = [_inside(each.start, each.end, opens, closes) for each in mine]
        used = [each.musd * share for each, share in zip(mine, shares, strict=True) if share]
        last = [
            max(each.start, min(each.end, closes) - MOMENT)
            for each, share in zip(mine, shares, strict=True)
            if share > 0
        ]
        key = (row.envelope, row.from_date)
        amounts = _amounts(bill, row, max(last, default=opens), closes)
        amount = min(amounts, key=lambda each: abs(each - said.get(key, amounts[-1])))
        found[key] = (math.fsum(used), math.fsum(map(abs, used)), amount)
    return found


def _amounts(bill: Bill, row: Any, last: float, closes: float) -> list[float]:
    """The amounts that may hold for a span: those in force from its last money to its end.

    An event that changes the amount counts while money of the span may still be spent. The plan does not tell what may
    be spent and is not, so the run says which of these amounts it was.
    """
    path = bill.life.path
    series = path.series("envelopes", f"{row.envelope}/{row.from_date}", "amount_million")
    per_usd = bill.life.case.row("currencies", row.currency).per_usd
    first, end = path.period_of(last), path.period_of(closes - MOMENT)
    return [amount / per_usd for amount in series[first : end + 1]]


def _amounts_said(evidence: Evidence) -> dict[str, dict[tuple[str, str], float]]:
    """The amounts in the table of budgets, by future; read once."""
    table = evidence.tables.get("budgets")
    if table is None:
        return {}
    if "amounts said" not in evidence.kept:
        found: dict[str, dict[tuple[str, str], float]] = {}
        keys = zip(table.texts("future"), table.texts("envelope"), table.texts("from_date"), strict=True)
        for (future, envelope, opens), amount in zip(keys, table.numbers("amount_musd"), strict=True):
            if amount is not None:
                found.setdefault(future, {})[envelope, opens] = amount
        evidence.kept["amounts said"] = found
    said: dict[str, dict[tuple[str, str], float]] = evidence.kept["amounts said"]
    return said


def _inside(start: float, end: float, opens: float, closes: float) -> float:
    """The share of a spending that falls between two moments; one at a moment belongs to the span that it opens."""
    if end - start < timing.SLACK:
        return 1.0 if opens - timing.SLACK <= start < closes - timing.SLACK else 0.0
    return max(0.0, min(end, closes) - max(start, opens)) / (end - start)


def budgets(evidence: Evidence) -> Tally:
    """Public money within each envelope and span, on every path."""
    tally = Tally()
    for bill in bills(evidence):
        for what, (used, _, amount) in envelopes(evidence, bill).items():
            tally.most([used], amount, bill.life.name, "envelope", what)
    return tally


def objective(evidence: Evidence) -> Tally:
    """The parts of cost add up to the objective; the tail by sorting; the record's own sums."""
    tally = Tally()
    record, paid = evidence.record, bills(evidence)
    weights = [walk.path.weight for walk in evidence.walks]
    totals = [bill.total for bill in paid]
    size = math.fsum(weight * bill.size for weight, bill in zip(weights, paid, strict=True))
    expected = math.fsum(weight * total for weight, total in zip(weights, totals, strict=True))
    weight, level = evidence.case.setting("risk_weight", 0.0), evidence.case.setting("risk_level", 0.9)
    tail = tail_mean(totals, weights, level)
    tally.agrees(_number(record, "objective"), objective_of(tally, evidence), size, "objective")
    tally.agrees(_number(record, "expected_cost_musd"), expected, size, "expected_cost_musd")
    tally.agrees(_number(record, "tail_cost_musd"), tail, size, "tail_cost_musd")
    _worst(tally, evidence, totals)
    _proof(tally, record)
    _said(tally, evidence, weight, level)
    return tally


def _worst(tally: Tally, evidence: Evidence, totals: list[float]) -> None:
    said = evidence.record.get("worst") or {}
    place = max(range(len(totals)), key=lambda number: totals[number])
    names = [walk.path.future for walk in evidence.walks]
    named = str(said.get("future"))
    fine = named in names and abs(totals[names.index(named)] - totals[place]) <= 1e-6 * max(1.0, abs(totals[place]))
    tally.holds(fine, "the worst future is", names[place])
    if fine:
        number = names.index(named)
        short = [item.value for item in evidence.walks[number].of("short")]
        tally.agrees(_number(said, "cost_musd"), totals[number], abs(totals[number]), "worst cost")
        tally.agrees(_number(said, "short_t"), math.fsum(short), math.fsum(short) + 1.0, "worst shortage")
    tally.holds(evidence.record.get("trunk") == names[evidence.trunk], "the trunk is", names[evidence.trunk])


def _proof(tally: Tally, record: Any) -> None:
    """The gap is what lies between plan and bound, and the status says no more than that."""
    plan, bound = _number(record, "objective"), _number(record, "bound")
    gap = None if plan is None or bound is None else max(0.0, plan - bound)
    tally.agrees(_number(record, "abs_gap"), gap, 1.0, "abs_gap")
    if plan is not None and bound is not None:
        tally.most([bound], plan, "the proved bound, over the plan")
    share = None if gap is None or not plan else gap / abs(plan)
    if share is not None:
        tally.agrees(_number(record, "gap"), share, 1e-3, "gap")
    nothing, saving = _number(record, "nothing_musd"), _number(record, "saving_musd")
    if nothing is None or plan is None:
        tally.holds(saving is None, "saving_musd without what is saved on")
    else:
        tally.agrees(saving, nothing - plan, abs(nothing) * 1e-3, "saving_musd")
    asked = {name: (record.get("options") or {}).get(name, {}).get("value") for name in ("abs_gap", "gap")}
    if gap is not None and plan is not None and bound is not None and asked["abs_gap"] is not None:
        allowed = float(asked["abs_gap"])
        if asked["gap"] is not None:
            nearest = max(0.0, min(plan, bound), min(-plan, -bound))
            allowed = float(asked["gap"]) * nearest
        if record.get("status") == "optimal":
            tally.most([gap], allowed, "status optimal")


def _said(tally: Tally, evidence: Evidence, weight: float, level: float) -> None:
    record = evidence.record
    risk = record.get("risk") or {}
    tally.agrees(_number(risk, "weight"), weight, 0.0, "risk weight")
    tally.agrees(_number(risk, "level"), level, 0.0, "risk level")
    asked = {"risk_weight": "tail", "worst_case": "worst case", "least_regret": "least regret"}
    said = next((words for name, words in asked.items() if evidence.case.setting(name, 0.0) > 0), "expected cost")
    tally.holds(risk.get("objective") == said, "the objective is", said)
    bound, expected = _number(risk, "expected_bound_musd"), _number(record, "expected_cost_musd")
    if bound is not None and expected is not None:
        tally.most([bound], expected, "the bound of expected cost, over the plan's")
    for entry, walk in zip(record["futures"], evidence.walks, strict=True):
        tally.agrees(_number(entry, "weight"), walk.path.weight, 0.0, "weight of", walk.path.future)
    horizon = [evidence.case.horizon_from.isoformat(), evidence.case.horizon_to.isoformat()]
    tally.holds((record.get("case") or {}).get("horizon") == horizon, "the horizon is", *horizon)
    options = record.get("options") or {}
    for name in ("seed", "threads"):
        if name in options:
            tally.holds(record.get(name) == options[name].get("value"), name, "differs from the setting")


def _number(record: Any, name: str) -> float | None:
    value = record.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
