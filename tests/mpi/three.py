"""Hedging over the three futures of a pencil case that part on two dates: run by `mpiexec -n 3` or more."""

from __future__ import annotations

import json

from mpi4py import MPI

from orefolio.case.scenarios import plant
from orefolio.program.build import build
from orefolio.scale.certified import Certified, balanced, cost_of, disagreements, least_cost
from orefolio.scale.mpi_sppy import Hedging, spun
from orefolio.scale.scenarios import Creator
from orefolio.scale.staged import penalties, staged
from orefolio.solve import Options
from program.shocks import three_futures


def main() -> None:
    merged = build(three_futures())
    plan = staged(merged)
    tree = plant(merged.tree.case)
    asked = Hedging(iterations=40, abs_gap=1e-4, seconds=60.0)
    part = spun(Creator(tree, plan), penalties(merged, plan, 1.0), asked)
    parts = MPI.COMM_WORLD.gather(part)
    if parts is None:
        return
    weights, uncancelled = balanced(tree, plan, {n: w for each in parts for n, w in each.weights.items()})
    pairs = [least_cost(tree, n, weights[path.future], Options(abs_gap=1e-9)) for n, path in enumerate(tree.paths)]
    bound, relaxed = (sum(path.weight * pair[i] for path, pair in zip(tree.paths, pairs, strict=True)) for i in (0, 1))
    cost, _, faults = cost_of(merged, {n: v for each in parts for n, v in each.values.items()})
    own = Certified(bound, relaxed, cost, faults)
    hub = parts[0]
    found = {"outer": hub.outer, "inner": hub.inner, "bound": bound, "cost": cost}
    print("ANSWER", json.dumps({**found, "wrong": disagreements(hub.outer, hub.inner, own, uncancelled)}))  # noqa: T201


if __name__ == "__main__":
    main()
