"""Progressive hedging by mpi-sppy on our futures: a hub, a Lagrangian spoke and an incumbent spoke, on MPI ranks.

The penalty of a column is the same in every future, for otherwise the weights of the outer bound do not cancel. On
import mpi-sppy leaves empty logs in the working folder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mpisppy.cylinders.hub import PHHub
from mpisppy.cylinders.lagrangian_bounder import LagrangianOuterBound
from mpisppy.cylinders.xhatshufflelooper_bounder import XhatShuffleInnerBound
from mpisppy.opt.ph import PH
from mpisppy.phbase import PHBase
from mpisppy.spin_the_wheel import WheelSpinner
from mpisppy.utils.sputils import solver_options_layer
from mpisppy.utils.xhat_eval import Xhat_Eval

from ..program.plain import label_of, values_of
from ..program.program import Label
from .fresh import Fresh
from .scenarios import Creator

SOLVER = "highs"
PARTS = 20  # of the time limit: what a subproblem may take from the first iteration on
LEAST_SECONDS = 1.0


@dataclass(frozen=True)
class Hedging:
    """What is asked of progressive hedging: it ends at a gap, or after iterations or seconds.

    abs_gap: million USD; gap: share of the cost, in its place where given. subgap: gap of a subproblem, as a share of
    its cost. sub: more options of the solver for the subproblems of the hub and of the outer bound from the first
    iteration on.
    """

    iterations: int = 100
    abs_gap: float = 5.0
    gap: float | None = None
    seconds: float = 300.0
    subgap: float = 1e-4
    sub: Mapping[str, Any] = field(default_factory=dict)


class Outer(LagrangianOuterBound):  # type: ignore[misc]
    """The Lagrangian spoke, with every bound that it heard, and the weights of the best."""

    def lagrangian(self, *asked: Any, **named: Any) -> float:
        """The bound under the weights that stand; −∞ where one of the subproblems proved none."""
        bound = float(super().lagrangian(*asked, **named))
        scenarios = self.opt.local_scenarios
        if not hasattr(self, "heard"):
            self.heard: list[float] = []
            self.best, self.weights = -math.inf, {name: weights_of(model) for name, model in scenarios.items()}
        self.heard.append(bound)
        if bound > self.best:
            self.best = bound
            self.weights = {name: weights_of(model) for name, model in scenarios.items()}
        return bound


def weights_of(model: Any) -> dict[Label, float]:
    """The weights of a scenario's shared columns, without those that are 0."""
    columns, weights = model._mpisppy_data.nonant_indices, model._mpisppy_model.W
    named = ((columns[place], float(weight.value)) for place, weight in weights.items())
    return {label_of(column): weight for column, weight in named if weight and not column.fixed}


@dataclass(frozen=True)
class Part:
    """What one rank brings home. outer, inner: as mpi-sppy reports them. heard: bounds of the Lagrangian spoke in turn.

    weights: by future, those of the best outer bound; values: by future, the columns of the best plan.
    """

    outer: float
    inner: float
    iterations: int
    heard: tuple[float, ...] = ()
    weights: Mapping[str, Mapping[Label, float]] = field(default_factory=dict)
    values: Mapping[str, Mapping[Label, float]] = field(default_factory=dict)


def spun(creator: Creator, penalty: Mapping[Label, float], asked: Hedging) -> Part:
    """Hedge on the ranks of this MPI world, three cylinders of the same size; each rank calls it and has its part.

    penalty: of each shared column, the same in every future.
    """
    wheel = WheelSpinner(*_cylinders(creator, penalty, asked))
    wheel.spin()
    here = wheel.spcomm
    scenarios = here.opt.local_scenarios
    outer, inner = float(here.BestOuterBound), float(here.BestInnerBound)
    if isinstance(here, Outer):
        return Part(outer, inner, 0, tuple(here.heard), here.weights)
    if isinstance(here, XhatShuffleInnerBound):
        found = math.isfinite(here.best_inner_bound)
        return Part(outer, inner, 0, values={n: values_of(m) for n, m in scenarios.items()} if found else {})
    return Part(outer, inner, int(here.opt._PHIter))


def _cylinders(
    creator: Creator, penalty: Mapping[Label, float], asked: Hedging
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The hub and the spokes as mpi-sppy wants them described."""

    def penalties(model: Any) -> list[tuple[int, float]]:
        columns = model._mpisppy_data.nonant_indices.values()
        return [(id(column), 1.0 if column.fixed else penalty[label_of(column)]) for column in columns]

    def described(sub: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        own = {"options": _options(asked, sub), "all_scenario_names": creator.names, "scenario_creator": creator}
        return {**own, "all_nodenames": None if creator.plan.names is None else list(creator.plan.names), **more}

    ends = {"options": {"abs_gap": asked.abs_gap} if asked.gap is None else {"rel_gap": asked.gap}}
    hub = {"hub_class": PHHub, "hub_kwargs": ends, "opt_class": PH}
    outer = {"spoke_class": Outer, "opt_class": PHBase}
    inner = {"spoke_class": XhatShuffleInnerBound, "opt_class": Xhat_Eval}
    hub["opt_kwargs"] = described(asked.sub, rho_setter=penalties, extensions=Fresh)
    outer["opt_kwargs"] = described(asked.sub, extensions=Fresh)
    inner["opt_kwargs"] = described({})
    return hub, [outer, inner]


def _options(asked: Hedging, sub: Mapping[str, Any]) -> dict[str, Any]:
    every = {"mip_rel_gap": asked.subgap, "threads": 1, "time_limit": asked.seconds}
    later = {"time_limit": max(LEAST_SECONDS, asked.seconds / PARTS), **sub}
    return {
        "solver_name": SOLVER,
        "PHIterLimit": asked.iterations,
        "time_limit": asked.seconds,
        "defaultPHrho": 1.0,
        "convthresh": 0.0,
        "verbose": False,
        "display_progress": False,
        "linearize_proximal_terms": True,  # the solver takes no squares beside yes or no
        "proximal_linearization_tolerance": 1e-4,
        "solver_options_layers": [solver_options_layer("default", every), solver_options_layer("iterk", later)],
        "xhat_looper_options": {"xhat_solver_options": every},
    }
