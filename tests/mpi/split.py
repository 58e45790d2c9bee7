"""Two futures and three rows, on which mpi-sppy's outer bound rises above its incumbent: run by `mpiexec -n 3`.

One column x within [0, 1] is shared. A unit of it earns 3 in the future `eager` and costs 2 in the future `split`, each
of probability 1/2. `split` has two more rows: fourteen binaries with awkward coefficients must meet two sums, which
every second of them does. They cost nothing, so that the cost is (2 − 3) x / 2 and the optimum −1/2, at x = 1.

From the first iteration on the solver is given no node of branch and bound. `eager` is a linear program and is solved;
`split` has no plan without branching, and the solver ends at its limit with nothing.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pyomo.environ as pyo
from mpisppy.cylinders.hub import PHHub
from mpisppy.cylinders.lagrangian_bounder import LagrangianOuterBound
from mpisppy.cylinders.xhatshufflelooper_bounder import XhatShuffleInnerBound
from mpisppy.opt.ph import PH
from mpisppy.phbase import PHBase
from mpisppy.spin_the_wheel import WheelSpinner
from mpisppy.utils.sputils import attach_root_node, solver_options_layer
from mpisppy.utils.xhat_eval import Xhat_Eval

from mpi.sums import COEFFICIENTS, HALVES
from orefolio.scale.fresh import Fresh
from orefolio.scale.mpi_sppy import Outer

NO_NODE = {"mip_max_nodes": 0, "mip_heuristic_effort": 0.0, "presolve": "off"}
ITERATIONS = 8


def future(name: str, **_: Any) -> Any:
    """One future as mpi-sppy wants it."""
    model = pyo.ConcreteModel(name)
    model.x = pyo.Var(bounds=(0, 1))
    model.within = pyo.Constraint(expr=model.x <= 1)
    model.cost = pyo.Expression(expr=(-3 if name == "eager" else 2) * model.x)
    if name == "split":
        model.y = pyo.Var(range(14), domain=pyo.Binary)
        rows = zip(COEFFICIENTS, HALVES, strict=True)
        model.sums = pyo.ConstraintList()
        for row, half in rows:
            model.sums.add(pyo.quicksum(c * model.y[n] for n, c in enumerate(row)) == half)
    model.objective = pyo.Objective(expr=model.cost)
    attach_root_node(model, model.cost, [model.x])
    model._mpisppy_probability = 0.5
    return model


def options(later: dict[str, Any]) -> dict[str, Any]:
    return {
        "solver_name": "highs",
        "PHIterLimit": ITERATIONS,
        "defaultPHrho": 2.0,
        "convthresh": 0.0,
        "verbose": False,
        "display_progress": False,
        "linearize_proximal_terms": True,
        "solver_options_layers": [solver_options_layer("iterk", later)],
        "xhat_looper_options": {"xhat_solver_options": {}},
    }


class Told(LagrangianOuterBound):  # type: ignore[misc]
    """mpi-sppy's own spoke, which also tells of each solve."""

    def lagrangian(self, *asked: Any, **named: Any) -> float:
        bound = float(super().lagrangian(*asked, **named))
        split = self.opt.local_scenarios["split"]
        self.heard = [*getattr(self, "heard", ()), bound]
        self.found = [*getattr(self, "found", ()), bool(split._mpisppy_data.solution_available)]
        return bound


def main(fresh: bool) -> None:
    described = {"all_scenario_names": ["eager", "split"], "scenario_creator": future}
    more = {"extensions": Fresh} if fresh else {}
    hub = {"hub_class": PHHub, "opt_class": PH, "hub_kwargs": {"options": {"max_stalled_iters": 99}}}
    outer = {"spoke_class": Outer if fresh else Told, "opt_class": PHBase}
    inner = {"spoke_class": XhatShuffleInnerBound, "opt_class": Xhat_Eval}
    hub["opt_kwargs"] = {"options": options(NO_NODE), **described, **more}
    outer["opt_kwargs"] = {"options": options(NO_NODE), **described, **more}
    inner["opt_kwargs"] = {"options": options({}), **described}
    wheel = WheelSpinner(hub, [outer, inner])
    wheel.spin()
    here = wheel.spcomm
    told = here.fullcomm.gather((getattr(here, "heard", []), getattr(here, "found", [])))
    if told is not None:
        heard, found = map(list, told[1])
        told_all = {"heard": [str(bound) for bound in heard], "found": found}
        line = {"outer": here.BestOuterBound, "inner": here.BestInnerBound, **told_all}
        print("ANSWER", json.dumps(line))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1] == "fresh")
