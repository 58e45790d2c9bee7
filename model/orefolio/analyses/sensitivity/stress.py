"""How the plan fares in each future, under other probabilities of them, and in cases that it was not made for.

Regret is what the plan costs more in a future than the best plan for that future alone. Under other probabilities the
plan costs the mean of what it costs in each future: it is not planned again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from orefolio.case.case import Case
from orefolio.case.overlay import adjusted_case, load_overlay
from orefolio.program.program import Floats

from ..sweep.analysis import Analysis, Answer, Asked, Option, Table
from . import stress_figure
from .futures import known_futures, refuse_other_objectives, weights_of
from .intervals import Interval, cost_of, finite, state_of, words
from .planned import MOST_NAMES
from .plans import changes, names_of
from .words import real, whole

PLAN = "the plan"
MOST_DRAWS, MOST_SEED = 10_000_000, 2**32 - 1
EVENLY = 1.0  # concentration of the Dirichlet distribution: all probabilities are as likely
SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)  # of the draws, at which the table and the figure have costs
REMEDY = "Set it so in an overlay"


@dataclass(frozen=True)
class Beside:
    """Under an overlay the row of the plan with what it commits to while futures share it, and of the best plan."""

    held: Mapping[str, Any]
    anew: Mapping[str, Any]

    @property
    def regret(self) -> Interval | None:
        """What the plan costs more than the best one there; None where one of them has no cost."""
        held, anew = cost_of([self.held]), cost_of([self.anew])
        return None if held is None or anew is None else held.less(anew)

    @property
    def state(self) -> str:
        """Which of them has no plan; blank where both have one."""
        told = (("held", state_of(self.held)), ("planned anew", state_of(self.anew)))
        return "; ".join(f"{name}: {state}" for name, state in told if state)


@dataclass(frozen=True)
class Stressed:
    """weights: probability by future. costs: by plan, million USD in each future, (futures,), in their order.

    rows: of the plans; alone: of each future by itself; against: by overlay. draws: probabilities, (draws, futures).
    reach: how far probabilities may be from the case's, as a share of it. names: of what is committed to.
    """

    weights: Mapping[str, float]
    rows: Mapping[str, Mapping[str, Any]]
    costs: Mapping[str, Floats]
    alone: Mapping[str, Mapping[str, Any]]
    draws: Floats
    reach: float
    against: Mapping[str, Beside]
    names: Mapping[str, str]

    def regret(self, future: str) -> Interval | None:
        """What the plan costs more in a future than the best one for it alone; None where one of them has no plan."""
        own = cost_of([self.alone[future]])
        if own is None or PLAN not in self.costs:
            return None
        paid = float(self.costs[PLAN][list(self.weights).index(future)])
        return Interval(paid, paid, paid).less(own)

    def drawn(self, plan: str) -> Floats:
        """Expected cost of a plan under each draw, (draws,)."""
        costs: Floats = self.draws @ self.costs[plan]
        return costs

    def least_favourable(self, plan: str, sense: float = 1.0) -> Floats:
        """The probabilities in reach under which a plan costs most, or least with the sense −1; (futures,)."""
        return extreme_weights(np.array(list(self.weights.values())), sense * self.costs[plan], self.reach)


def extreme_weights(weights: Floats, costs: Floats, reach: float) -> Floats:
    """The probabilities with the greatest mean cost, each within a share of its own, (futures,).

    Every one is put at its least, and what is left of 1 goes to the dearest futures first.
    """
    least, most = (1.0 - reach) * weights, np.minimum(1.0, (1.0 + reach) * weights)
    found, left = least.copy(), 1.0 - float(least.sum())
    for place in np.argsort(-costs, kind="stable"):
        more = min(left, float(most[place] - least[place]))
        found[place] += more
        left -= more
    return found


def _run(asked: Asked) -> Answer:
    draws, seed = whole(asked, "draws", 1, MOST_DRAWS), whole(asked, "sample_seed", 0, MOST_SEED)
    reach = real(asked, "range", 0.0, 1.0)
    case = asked.case_at(asked.point)
    refuse_other_objectives(case, REMEDY)
    weights = weights_of(case)
    rivals = known_futures(asked, case, "rivals")
    points = {PLAN: asked.point}
    points |= {f"made for {name}": replace(asked.point, questions=(("planned_for", name),)) for name in rivals}
    alone = {name: replace(asked.point, futures=(name,)) for name in weights}
    swept = asked.sweep([*points.values(), *alone.values()], ())
    found = list(swept.rows())
    rows = dict(zip(points, found, strict=False))
    costs = {name: _costs(row, list(weights)) for name, row in rows.items() if row["future_costs"]}
    rng = np.random.default_rng(seed)
    drawn = rng.dirichlet(np.full(len(weights), EVENLY), size=draws)
    against = _against(asked, rows[PLAN])
    by_itself = dict(zip(alone, found[len(points) :], strict=True))
    stressed = Stressed(weights, rows, costs, by_itself, drawn, reach, against, names_of(case))
    tables = {"regret": _regrets(stressed, case), "weights": _quantiles(stressed), "worst_weights": _worst(stressed)}
    tables |= {"against": _beside(stressed)} if against else {}
    return Answer(
        swept,
        ("future", "probability", "cost of the plan", "regret, million USD"),
        [(name, f"{weights[name]:.4g}", _cost(stressed, name), _told(stressed, name)) for name in weights],
        {name: [dict(zip(table.headings, row, strict=True)) for row in table.rows] for name, table in tables.items()},
        _sentences(stressed),
        tables,
        stress_figure.figure(
            {name: stressed.regret(name) for name in weights},
            {name: quantiles(stressed.drawn(name), SHARES) for name in stressed.costs},
            SHARES,
        ),
    )


def _against(asked: Asked, base: Mapping[str, Any]) -> dict[str, Beside]:
    """Each overlay planned with what the plan commits to held, and anew."""
    names = _overlays(asked)
    if not names or not base["held"]:
        return {}
    held = ("as_committed", *json.loads(base["held"]))
    points = [
        replace(asked.point, overlays=(name,), questions=questions) for name in names for questions in ((held,), ())
    ]
    rows = list(asked.sweep(points, (), "against").rows())
    return {name: Beside(*pair) for name, pair in zip(names, zip(rows[::2], rows[1::2], strict=True), strict=True)}


def _overlays(asked: Asked) -> list[str]:
    """The overlays that the plan was not made for. Raises InputError where one is missing or misses the case."""
    text = asked.words["against"] or ""
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        adjusted_case(asked.case, [*asked.laid, load_overlay(name, asked.case.folder)], asked.point.levers)
    return names


def _costs(row: Mapping[str, Any], futures: Sequence[str]) -> Floats:
    paid = json.loads(row["future_costs"])
    return np.array([paid[name] for name in futures], dtype=np.float64)


def quantiles(values: Floats, shares: Sequence[float]) -> list[float]:
    """The values that such shares of them do not exceed."""
    return [float(value) for value in np.quantile(values, shares)]


def _cost(stressed: Stressed, future: str) -> str:
    if PLAN not in stressed.costs:
        return state_of(stressed.rows[PLAN])
    return f"{stressed.costs[PLAN][list(stressed.weights).index(future)]:,.6g}"


def _told(stressed: Stressed, future: str) -> str:
    regret = stressed.regret(future)
    return words(regret) if regret is not None else state_of(stressed.alone[future]) or "the plan has no cost"


def _regrets(stressed: Stressed, case: Case) -> Table:
    names = {row.future: row.name for row in case.rows("futures")}
    rows = []
    for place, (future, weight) in enumerate(stressed.weights.items()):
        own, regret = stressed.alone[future], stressed.regret(future)
        paid = float(stressed.costs[PLAN][place]) if PLAN in stressed.costs else None
        known = (None, None, None, "") if regret is None else (
            regret.best, finite(regret.low), finite(regret.high), "yes" if regret.proved else "no")  # fmt: skip
        rows.append((future, names[future], weight, paid, own["cost_musd"], own["bound_musd"], *known, state_of(own)))
    headings = ("future", "name", "probability", "plan_musd", "alone_musd", "alone_bound_musd", "regret_musd",
                "regret_low_musd", "regret_high_musd", "proved", "failure")  # fmt: skip
    return Table(headings, rows)


def _quantiles(stressed: Stressed) -> Table:
    """For each plan its cost under the case's own probabilities, under drawn ones, and at the ends of the range."""
    own = np.array(list(stressed.weights.values()))
    rows: list[tuple[object, ...]] = []
    for plan, costs in stressed.costs.items():
        drawn = stressed.drawn(plan)
        told = [("own probabilities", float(own @ costs)), ("mean of the draws", float(drawn.mean()))]
        told += [(f"quantile {s:g}", q) for s, q in zip(SHARES, quantiles(drawn, SHARES), strict=True)]
        told += [(f"least within {stressed.reach:g}", float(stressed.least_favourable(plan, -1.0) @ costs))]
        told += [(f"greatest within {stressed.reach:g}", float(stressed.least_favourable(plan) @ costs))]
        rows += [(plan, what, value) for what, value in told]
    return Table(("plan", "under", "cost_musd"), rows)


def _worst(stressed: Stressed) -> Table:
    """The probabilities within the range under which each plan costs most."""
    rows = [
        (plan, future, own, float(worst), float(cost))
        for plan, costs in stressed.costs.items()
        for (future, own), worst, cost in zip(
            stressed.weights.items(), stressed.least_favourable(plan), costs, strict=True
        )
    ]
    return Table(("plan", "future", "own_probability", "worst_probability", "cost_musd"), rows)


def _beside(stressed: Stressed) -> Table:
    rows = []
    for name, beside in stressed.against.items():
        regret = beside.regret
        known = (None, None, None, "") if regret is None else (
            regret.best, finite(regret.low), finite(regret.high), "yes" if regret.proved else "no")  # fmt: skip
        figures = [row[column] for row in (beside.held, beside.anew) for column in ("cost_musd", "bound_musd")]
        plans = "" if beside.state else changes(beside.held["commitments"], beside.anew["commitments"]).words(
            stressed.names, MOST_NAMES)  # fmt: skip
        rows.append((name, *figures, *known, beside.state, plans))
    headings = ("overlay", "held_musd", "held_bound_musd", "anew_musd", "anew_bound_musd", "regret_musd",
                "regret_low_musd", "regret_high_musd", "proved", "failure", "anew_against_held")  # fmt: skip
    return Table(headings, rows)


def _sentences(stressed: Stressed) -> list[str]:
    if PLAN not in stressed.costs:
        return [f"The case has no plan to put under stress: {state_of(stressed.rows[PLAN])}."]
    regrets = {name: regret for name in stressed.weights if (regret := stressed.regret(name)) is not None}
    said = []
    if regrets:
        most = max(regrets, key=lambda name: regrets[name].best)
        proved = sum(regret.low > 0 for regret in regrets.values())
        said.append(f"The plan regrets most in {most}: {words(regrets[most])} against the best plan for it alone.")
        said.append(f"In {proved} of {len(stressed.weights)} futures it is proved that knowing it would save money.")
    own = np.array(list(stressed.weights.values()))
    for plan, costs in stressed.costs.items():
        low, high = quantiles(stressed.drawn(plan), (0.05, 0.95))
        worst = float(stressed.least_favourable(plan) @ costs)
        told = "The plan" if plan == PLAN else f"The plan {plan}"
        said.append(
            f"{told} costs {own @ costs:,.6g} million USD at the case's probabilities, {low:,.6g} "
            f"to {high:,.6g} in nine of ten draws of any, and at most {worst:,.6g} where each is within "
            f"{stressed.reach:.0%} of its own."
        )
    for plan in list(stressed.costs)[1:]:
        never = float(np.mean(stressed.drawn(PLAN) < stressed.drawn(plan)))
        said.append(f"The plan is cheaper than the one {plan} under {never:.0%} of the draws.")
    for name, beside in stressed.against.items():
        regret = beside.regret
        told = f": {beside.state}" if regret is None else f", costs {words(regret)} more than a plan made for it"
        said.append(f"Under {name} the plan, as committed to while nobody knows yet{told}.")
    lost = {name: row for name, row in {**stressed.rows, **stressed.alone}.items() if state_of(row)}
    return said + [f"{name}: {state_of(row)}." for name, row in lost.items()]


ANALYSIS = Analysis(
    _run,
    options=(
        Option("rivals", "A,B,…", "Beside the plan, those made for these futures, held where nobody knows yet."),
        Option("against", "FILE,…", "Overlays that the plan was not made for: hold it there, and plan anew."),
        Option("draws", "N", "How many sets of probabilities are drawn, each as likely as any other.", "10000"),
        Option("sample_seed", "N", "Seed of the draws.", "0"),
        Option("range", "SHARE", "How far each probability may be from its own, as a share of it.", "0.5"),
    ),
)
