"""A plan as the page shows it: cost and gap, decisions, where material comes from and its way, stock, futures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from orefolio.solve import Solution
from orefolio.tables import TABLES
from orefolio.tables.outcome import EVERY_FUTURE, TRUNK, Outcome

from .way import drawn

DECISION = ("kind", "id", "name", "date", "branch", "size", "unit")
FUTURE = ("future", "name", "probability", "cost_musd", "short_t", "released_t")
COMMON = (EVERY_FUTURE, TRUNK)
MOVED = 0.05  # of its size: a decision of which less has changed is the same
LEAST_T = 0.05
WHOLE = 100.0  # from here on a size is told without decimals

Answer = dict[str, Any]


def answer(outcome: Outcome) -> Answer:
    """Figures and tables of a plan; costs in million USD, amounts in tonnes."""
    solution = outcome.solution
    return {
        "status": solution.status,
        "cost_musd": solution.objective,
        "bound_musd": _finite(solution.bound),
        "gap_musd": _finite(solution.abs_gap),
        "gap_share": _finite(solution.gap),
        "decisions": [{name: row[name] for name in DECISION} for row in TABLES["portfolio"](outcome).records()],
        "origins": origins(outcome),
        "stock": stock(outcome),
        "way": drawn(outcome),
        "futures": [
            {name: row[name] for name in FUTURE}
            for row in TABLES["futures"](outcome).records()
            if row["kind"] == "future" or row["future"] == "expected"
        ],
    }


def without_plan(solution: Solution) -> Answer:
    """What is said where a solve has ended without a plan."""
    words = {
        "infeasible": "No plan meets every limit: they contradict each other at these values.",
        "unbounded": "There is no best plan: at these values some flow earns money without limit.",
    }
    return {"status": solution.status, "words": words.get(solution.status, "No plan was found.")}


def origins(outcome: Outcome) -> list[dict[str, Any]]:
    """Tonnes of all elements that enter the chain, expected over the futures, by calendar year and country."""
    found: dict[tuple[int, str], float] = {}
    for lived, supply in zip(outcome.futures, outcome.supply, strict=True):
        for source, tonnes in supply.items():
            if source.enters:
                key = source.year, source.country
                found[key] = found.get(key, 0.0) + lived.weight * tonnes
    return [
        {"year": year, "country": country or "other", "t": tonnes}
        for (year, country), tonnes in sorted(found.items())
        if tonnes > LEAST_T
    ]


def stock(outcome: Outcome) -> list[dict[str, Any]]:
    """Tonnes of each commodity in all stockpiles on the trunk's own continuation, at the start of a month."""
    held: dict[tuple[str, str], float] = {}
    for row in TABLES["stock"](outcome).records():
        if row["future"] == outcome.trunk.name:
            key = row["commodity"], row["until"]
            held[key] = held.get(key, 0.0) + row["stock_t"]
    seen = {commodity for (commodity, _), tonnes in held.items() if tonnes > LEAST_T}
    named = {row.commodity: row.name or row.commodity for row in outcome.case.rows("commodities")}
    return [
        {"commodity": c, "name": named[c], "until": month, "t": t}
        for (c, month), t in sorted(held.items())
        if c in seen
    ]


def changes(base: Answer, other: Answer) -> list[dict[str, Any]]:
    """Every decision of two plans, by date: `as before`, `new`, `dropped`, or what it was where date or size moved."""
    before, after = _by_name(base["decisions"]), _by_name(other["decisions"])
    rows = []
    for key in {**before, **after}:
        was, now = before.get(key, []), after.get(key, [])
        for number in range(max(len(was), len(now))):
            one, two = (found[number] if number < len(found) else None for found in (was, now))
            rows.append({**(two or one or {}), "change": _change(one, two)})
    return sorted(rows, key=lambda row: (row["date"], row["kind"], row["id"], row["branch"]))


def _by_name(decisions: list[Mapping[str, Any]]) -> dict[tuple[str, str, bool, str], list[Mapping[str, Any]]]:
    """By what it is and where it is made, in the order of dates."""
    found: dict[tuple[str, str, bool, str], list[Mapping[str, Any]]] = {}
    for row in decisions:
        common = row["branch"] in COMMON
        found.setdefault((row["kind"], row["id"], common, "" if common else row["branch"]), []).append(row)
    return found


def _change(one: Mapping[str, Any] | None, two: Mapping[str, Any] | None) -> str:
    if one is None or two is None:
        return "new" if one is None else "dropped"
    words = [f"was {one['date']}"] if one["date"] != two["date"] else []
    if abs(one["size"] - two["size"]) > MOVED * max(one["size"], two["size"]):
        words.append(f"was {_amount(one['size'])} {one['unit']}")
    return ", ".join(words) or "as before"


def _amount(number: float) -> str:
    return f"{number:,.0f}" if number >= WHOLE else f"{number:.3g}"


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
