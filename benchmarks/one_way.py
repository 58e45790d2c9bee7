"""One way along the road in this process: `python -m benchmarks.one_way WAY SIZE ARRAYS SOLVED` prints its figures.

Imports, making the case and reading the arrays of the floor come before the clock; solving and comparing after it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from orefolio.case.case import Case

from . import floor
from .resident import peak, resident
from .synthetic import SIZES, synthetic


@dataclass(frozen=True)
class Way:
    """state: a case to a stated program. passed: that to HiGHS. frames: the program and a solution to frames."""

    state: Callable[[Any], Any]
    passed: Callable[[Any], Any]
    frames: Callable[[Any, Any], Any]


def _ours() -> Way:
    import pandas as pd  # noqa: F401  its import is not what is measured

    for name in ("case.checks", "case.reach", "program.flatten", "program.risk.regimes", "program.support"):
        import_module(f"orefolio.{name}")
    import_module("orefolio.program.switches")
    from orefolio.program.build import build
    from orefolio.solve.engine import Engine
    from orefolio.tables.outcome.values import frames

    def passed(merged: Any) -> Any:
        return Engine(merged.program, integer=True)._highs

    return Way(build, passed, lambda merged, values: frames(merged.program.columns, values))


def _linopy() -> Way:
    from . import linopy_peer, linopy_rows  # noqa: F401

    def frames(model: Any, values: Any) -> dict[str, Any]:
        found = {}
        for name in model.variables:
            labels = model.variables[name].labels
            own = labels.copy(data=np.where(labels >= 0, values[labels.to_numpy()], np.nan))
            found[name] = own.to_series() if labels.ndim else float(own)
        return found

    return Way(linopy_peer.state, lambda model: model.to_highspy(), frames)


def _pyomo() -> Way:
    import pandas as pd
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import highs  # noqa: F401

    import orefolio.program.flatten  # noqa: F401

    from . import pyomo_peer

    def frames(model: Any, values: Any) -> dict[str, Any]:
        given = iter(values.tolist())
        found = {}
        for variable in model.component_objects(pyo.Var):
            for each in variable.values():
                each.set_value(next(given), skip_validation=True)
            found[variable.name] = pd.Series(variable.extract_values())
        return found

    return Way(pyomo_peer.state, pyomo_peer.to_highs, frames)


def _floor() -> Way:
    return Way(lambda arrays: arrays, floor.passed, lambda _, values: np.array(values))


WAYS: dict[str, Callable[[], Way]] = {"ours": _ours, "linopy": _linopy, "pyomo": _pyomo, "floor": _floor}


def travelled(way: Way, given: Any, columns: int) -> tuple[dict[str, Any], Any, Any]:
    """Figures of one run, the stated program, and HiGHS with it. columns: of the solution, with room to spare."""
    solution = np.arange(columns, dtype=float)
    before = resident()
    began = time.process_time()
    stated = way.state(given)
    before_solver = peak() - before
    highs = way.passed(stated)
    way.frames(stated, solution)
    seconds = time.process_time() - began
    return {"seconds": seconds, "before_solver": before_solver, "peak": peak() - before}, stated, highs


def told(highs: Any, solved: str) -> dict[str, float]:
    """Its shape, sums over its numbers whatever their order and sign, and, if asked for, its optimum less constants."""
    program = highs.getLp()
    found = {"rows": highs.getNumRow(), "columns": highs.getNumCol(), "nonzeros": highs.getNumNz()}
    for name, numbers in {
        "coefficients": program.a_matrix_.value_,
        "costs": program.col_cost_,
        "lower bounds": program.col_lower_,
        "upper bounds": program.col_upper_,
        "sides": np.concatenate([program.row_lower_, program.row_upper_]),
    }.items():
        size = np.abs(np.asarray(numbers, dtype=float))
        size = size[np.isfinite(size)]
        found |= {f"{name}, count": len(size), f"{name}, sum": size.sum(), f"{name}, roots": np.sqrt(size).sum()}
    if solved != "no":
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("solve_relaxation", solved == "relaxed")
        highs.setOptionValue("mip_rel_gap", 1e-9)
        highs.setOptionValue("mip_abs_gap", 0.0)
        highs.run()
        found["optimum"] = highs.getInfo().objective_function_value - program.offset_
    return {name: float(number) if isinstance(number, float) else int(number) for name, number in found.items()}


def main(way: str, size: str, arrays: str, solved: str) -> None:
    """Run and print. The way `ours` keeps the arrays that the floor reads."""
    chosen = WAYS[way]()
    given: Case | floor.Arrays = floor.read(Path(arrays)) if way == "floor" else synthetic(SIZES[size])
    room = 3_000_000 if size == "1.7 M" else 400_000
    figures, stated, highs = travelled(chosen, given, room)
    if way == "ours":
        floor.write(stated.program, Path(arrays))
    sys.stdout.write(json.dumps({**figures, "program": told(highs, solved)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
