"""What is minimised where futures differ, and what holds over them, by each future's own bill and shortage."""

from __future__ import annotations

import math
from typing import Any

from .compare import Reckoned, Sum, compare
from .costs import bills
from .demands import supply_of
from .evidence import Evidence
from .life import Life, lives
from .tally import Tally


def tail_mean(values: list[float], weights: list[float], level: float) -> float:
    """Mean of the worst share 1 − level: from the greatest down, the last one by the part that still fits."""
    left = share = 1.0 - level
    total = 0.0
    for value, weight in sorted(zip(values, weights, strict=True), reverse=True):
        part = min(weight, left)
        total += part * value
        left -= part
    return total / (share - left) if share > left else max(values)


def objective_of(tally: Tally, evidence: Evidence) -> float:
    """What the plan's objective comes to: the mean, its tail or the greatest cost, as the case asks."""
    case = evidence.case
    weights, totals = weights_of(evidence), costs_of(evidence)
    beside = math.fsum(row.weight_musd * _shortage_paid(evidence, row) for row in case.rows("shortage_tails"))
    if case.setting("worst_case", 0.0) > 0:
        return _worst(tally, evidence, totals) + beside
    if case.setting("least_regret", 0.0) > 0:
        return _regret(tally, evidence, totals) + beside
    expected = math.fsum(weight * total for weight, total in zip(weights, totals, strict=True))
    weight, level = case.setting("risk_weight", 0.0), case.setting("risk_level", 0.9)
    if weight <= 0:
        return expected + beside
    paid = weight * _posted_tail(tally, evidence, totals, level)
    tail = weight * tail_mean(totals, weights, level)
    tally.least([paid], tail, "the plan's tail, under the mean of the worst")
    return (1.0 - weight) * expected + paid + beside


def weights_of(evidence: Evidence) -> list[float]:
    """The probability of each future."""
    return [walk.path.weight for walk in evidence.walks]


def costs_of(evidence: Evidence) -> list[float]:
    """The cost of each future, million USD."""
    return [bill.total for bill in bills(evidence)]


def posted(evidence: Evidence, variable: str, words: str = "") -> float:
    """What the plan says of a variable that belongs to no node; 0 where it says nothing."""
    if "posted" not in evidence.kept:
        evidence.kept["posted"] = {label[:2]: value for label, value in evidence.plan.items()}
    return float(evidence.kept["posted"].get((variable, words), 0.0))


def _worst(tally: Tally, evidence: Evidence, totals: list[float]) -> float:
    """The plan's greatest cost: no future costs more, and one costs as much."""
    worst = posted(evidence, "worst")
    for walk, total in zip(evidence.walks, totals, strict=True):
        tally.least([worst, -total], 0.0, "the greatest cost, under that of", walk.path.future)
    return worst


def own_best(evidence: Evidence) -> list[tuple[float, float]]:
    """What the record says that each future costs by itself: proved bound and plan, million USD."""
    said = {entry["future"]: entry for entry in (evidence.record.get("risk") or {}).get("own_best") or ()}
    entries = [said.get(walk.path.future) for walk in evidence.walks]
    return [(float(entry["bound_musd"]), float(entry["plan_musd"])) for entry in entries if entry]


def _regret(tally: Tally, evidence: Evidence, totals: list[float]) -> float:
    """The plan's greatest regret: no future's cost is further over its own bound. A plan over the futures costs no less
    in one of them than the bound of that one alone, unless an investor's start pays only over several."""
    regret, best = posted(evidence, "regret"), own_best(evidence)
    tally.holds(len(best) == len(totals), "the record says what each future costs by itself")
    alone = not any(row.private for row in evidence.case.rows("financed"))
    for walk, total, (bound, plan) in zip(evidence.walks, totals, best, strict=False):
        name = walk.path.future
        tally.least([regret, bound, -total], 0.0, "the greatest regret, under that of", name)
        tally.most([bound], plan, "the bound of a future by itself, over its plan", name)
        if alone:
            tally.most([bound], total, "the bound of a future by itself, over what it costs", name)
    return regret


def _posted_tail(tally: Tally, evidence: Evidence, totals: list[float], level: float) -> float:
    """What the plan's own value at risk and excesses come to; each excess covers its future."""
    eta = posted(evidence, "eta")
    over = [posted(evidence, "tail", walk.path.future) for walk in evidence.walks]
    for walk, total, excess in zip(evidence.walks, totals, over, strict=True):
        tally.least([excess, eta, -total], 0.0, "tail of", walk.path.future)
    return eta + math.fsum(w * excess for w, excess in zip(weights_of(evidence), over, strict=True)) / (1.0 - level)


def risk(evidence: Evidence) -> Tally:
    """Chances hold and tails of shortage stay under their caps, in what goes short on each path."""
    tally = Tally()
    weights = weights_of(evidence)
    for row in evidence.case.rows("chance"):
        missed = [posted(evidence, "miss", f"{row.chance}/{walk.path.future}") for walk in evidence.walks]
        for life, miss in zip(lives(evidence), missed, strict=True):
            lost, wanted = _short(life, row, "t"), _wanted(life, row)
            if miss == 0:
                tally.most([lost], row.limit_share * wanted, life.name, "goes short over the limit of", row.chance)
        probable = [weight * miss for weight, miss in zip(weights, missed, strict=True)]
        tally.most(probable, 1.0 - row.probability, "chance", row.chance, "is missed too often")
    for row in evidence.case.rows("shortage_tails"):
        each = [_short(life, row, row.measure) for life in lives(evidence)]
        tail = tail_mean(each, weights, row.level)
        _excesses_cover(tally, evidence, row, each)
        tally.least(
            [_shortage_paid(evidence, row)], tail, "the plan's tail of shortage, under the mean of the worst", row.tail
        )
        tally.most([tail], row.cap, "tail of shortage", row.tail)
    _regime(tally, evidence)
    return tally


def _regime(tally: Tally, evidence: Evidence) -> None:
    """The chosen regime is the best of its menu, its bound the least of theirs, its limit on a country is kept."""
    menu = (evidence.record.get("risk") or {}).get("regimes") or []
    rows = evidence.case.rows("regimes")
    tally.holds(len(rows) == min(1, len(menu)), "the case of the run is in one regime")
    if not menu or len(rows) != 1:
        return
    (row,) = rows
    tally.holds(menu[0]["regime"] == row.regime, "the regime is", row.regime)
    values = [entry["objective"] for entry in menu if entry["objective"] is not None]
    bounds = [entry["bound"] for entry in menu if entry["bound"] is not None]
    tally.agrees(evidence.record.get("objective"), min(values, default=None), 1.0, "the best of the regimes")
    tally.agrees(evidence.record.get("bound"), min(bounds, default=None), 1.0, "the least bound of the regimes")
    weights = {each.future: each.weight for each in evidence.case.rows("regime_weights")}
    total = math.fsum(weights.get(walk.path.future, 0.0) for walk in evidence.walks)
    stage = {each.commodity: each.stage for each in evidence.case.rows("commodities")}
    for life in lives(evidence):
        said = weights.get(life.name, 0.0) / total
        tally.agrees(life.path.weight, said, 1.0, "weight in the regime of", life.name)
        for span in life.path.spans if row.max_share < 1 else ():
            if span.year >= row.from_year:
                supply = supply_of(life, row, span, stage)
                every = [-row.max_share * tonnes for terms in supply.values() for tonnes in terms]
                terms = [*supply.get(row.country, ()), *every]
                tally.most(terms, 0.0, life.name, "share of", row.country, span.label)


def _shortage_paid(evidence: Evidence, row: Any) -> float:
    """What the plan's own shortage at risk and excesses come to."""
    over = [posted(evidence, "tail_short", f"{row.tail}/{walk.path.future}") for walk in evidence.walks]
    mean = math.fsum(w * excess for w, excess in zip(weights_of(evidence), over, strict=True)) / (1.0 - row.level)
    return float(posted(evidence, "eta_short", row.tail) + mean)


def _excesses_cover(tally: Tally, evidence: Evidence, row: Any, lost: list[float]) -> None:
    """Shortage at risk and excess cover what goes short in each future."""
    eta = posted(evidence, "eta_short", row.tail)
    for walk, short in zip(evidence.walks, lost, strict=True):
        excess = posted(evidence, "tail_short", f"{row.tail}/{walk.path.future}")
        tally.least([excess, eta, -short], 0.0, "tail of shortage", row.tail, "of", walk.path.future)


def _counts(life: Life, row: Any, demand: str) -> bool:
    if row.demand:
        return bool(row.demand == demand)
    return not row.group or bool(life.case.row("demands", demand).group == row.group)


def _short(life: Life, row: Any, measure: str) -> float:
    """What goes short over a path of what a row counts, tonnes or million USD of its own time."""
    amounts = []
    for item in life.walk.of("short"):
        if _counts(life, row, item.words[0]):
            loss = life.path.series("loss_steps", item.name, "loss_usd_per_kg")[item.number]
            amounts.append(float(item.value * (1.0 if measure == "t" else loss / 1000.0)))
    return math.fsum(amounts)


def _wanted(life: Life, row: Any) -> float:
    """Tonnes wanted over a path of what a row counts."""
    rows = life.case.rows("demands")
    return math.fsum(t for each in rows if _counts(life, row, each.demand) for t in life.market.demand(each))


def table(evidence: Evidence) -> Tally:
    """Table risk says how each chance is kept and how large each tail of shortage is."""
    tally, found = Tally(), Reckoned(2)
    weights = weights_of(evidence)
    for part, side in (("regret", 0), ("regret at least", 1)):
        pairs = list(zip(evidence.walks, costs_of(evidence), own_best(evidence), strict=False))
        regrets = [(walk.path.future, Sum(cost - best[side], abs(cost))) for walk, cost, best in pairs]
        for name, regret in regrets:
            found.put((part, "", name), regret, None, unit="million USD", met="")
        if regrets:
            most = max((regret for _, regret in regrets), key=lambda regret: regret.value or 0.0)
            found.put((part, "", ""), most, None, unit="million USD", met="")
    for row in evidence.case.rows("chance"):
        missed = []
        for life in lives(evidence):
            miss = posted(evidence, "miss", f"{row.chance}/{life.name}")
            lost, wanted = _short(life, row, "t"), _wanted(life, row)
            share = Sum(lost / wanted, 1.0) if wanted else Sum()
            found.put(("chance", row.chance, life.name), share, row.limit_share, unit="1", met=_yes(miss == 0))
            missed.append(miss)
        kept = 1.0 - math.fsum(weight * miss for weight, miss in zip(weights, missed, strict=True))
        found.put(("chance", row.chance, ""), Sum(kept, 1.0), row.probability, unit="1", met="yes")
    for row in evidence.case.rows("shortage_tails"):
        unit = "t" if row.measure == "t" else "million USD"
        cap = None if math.isinf(row.cap) else row.cap
        every = [_short(life, row, row.measure) for life in lives(evidence)]
        for life, each in zip(lives(evidence), every, strict=True):
            found.put(("shortage tail", row.tail, life.name), Sum(each, 1.0 + each), None, unit=unit, met="")
        tail = tail_mean(every, weights, row.level)
        found.put(
            ("shortage tail", row.tail, ""), Sum(tail, 1.0 + tail), cap, unit=unit, met="" if cap is None else "yes"
        )
    compare(tally, evidence, "risk", ("part", "id", "future"), ("value", "limit"), found, found.says("unit", "met"))
    return tally


def _yes(condition: bool) -> str:
    return "yes" if condition else "no"
