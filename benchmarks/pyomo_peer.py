"""The synthetic case in plain Pyomo: its families as `orefolio.program.plain` writes them, and the rows of the tail."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from orefolio.program.plain import plain


def state(case: Case) -> Any:
    """The model of a case, a concrete Pyomo model."""
    tree = plant(case)
    model = plain(tree)
    share, level = case.setting("risk_weight"), case.setting("risk_level")
    futures = range(len(tree.paths))
    model.eta = pyo.Var()
    model.tail = pyo.Var(futures, domain=pyo.NonNegativeReals)
    model.RSK = pyo.Constraint(futures, rule=lambda m, f: m.eta + m.tail[f] >= m.cost[f])
    weights = [path.weight for path in tree.paths]
    mean = model.expected_cost.expr
    model.expected_cost.deactivate()
    beyond = pyo.quicksum(weight * model.tail[f] for f, weight in zip(futures, weights, strict=True))
    model.objective = pyo.Objective(expr=(1 - share) * mean + share * (model.eta + beyond / (1 - level)))
    return model


def to_highs(model: Any) -> Any:
    """The model inside HiGHS, by Pyomo's own persistent interface; nothing is solved."""
    from pyomo.contrib.appsi.solvers.highs import Highs

    solver = Highs()
    solver.set_instance(model)
    return solver._solver_model
