"""Minerals of the United States: does the interval of a plan for 20 reduced futures cover what it costs in many others?

Years until 2031 and two blocks of five years after it, events that begin before 2031. For each seed 200 futures are
drawn and reduced to 20, planned for by dives, and the plan is tested on fresh ones of its own. The others that it is
held against are the same for all seeds, independent of theirs, and many times as many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from orefolio.analyses.out_of_sample.estimate import Estimate, estimates
from orefolio.analyses.out_of_sample.policy import Policy
from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.futures.generated import Asked, generate, sample, with_futures, with_rows
from orefolio.futures.reduction import reduce
from orefolio.program.build import build
from orefolio.solve import Options as Asking
from orefolio.solve import Session

from . import Options, Row, Rows

FOLDER = Path(__file__).parents[1] / "inputs" / "minerals-us"
GRID, UNTIL, EVERY = "few", date(2031, 1, 1), 12
DRAWN, KEPT = 200, 20
BY_DIVES = Asking(node_limit=0)
BATCH, OTHERS = 200, 900
"""Draws of each batch of futures that plans are held against, and the seed of the first."""


@dataclass(frozen=True)
class Size:
    """seeds: how many plans. fresh: draws that each is tested on. batches: of the others that it is held against."""

    seeds: int
    fresh: int
    batches: int
    batch: int = BATCH


SMALL, LARGE = Size(3, 20, 2, 30), Size(20, 50, 10)


def section(options: Options) -> Rows:
    """A row for each seed: what was planned, the interval, and the cost in the others."""
    size = LARGE if options.large else SMALL
    case = coarse(load_case(FOLDER))
    policies = [planned(case, seed) for seed in range(size.seeds)]
    intervals = [tested(case, [policy], size.fresh, 5000 + seed)[0] for seed, policy in enumerate(policies)]
    batches = [tested(case, policies, size.batch, OTHERS + number) for number in range(size.batches)]
    return told(intervals, [pooled(each) for each in zip(*batches, strict=True)])


def tested(case: Case, policies: Sequence[Policy], count: int, seed: int) -> list[Estimate]:
    """What plans cost in so many draws of their own."""
    return estimates(policies, sample(case, asked(count, seed)), BY_DIVES)


def pooled(batches: Sequence[Estimate]) -> tuple[float, float]:
    """Mean and standard error of what one plan costs in all batches, by their draws."""
    draws = np.array([one.draws for one in batches], dtype=float)
    share = draws / draws.sum()
    errors = np.array([one.cost.error for one in batches])
    return float(share @ [one.cost.mean for one in batches]), float(np.sqrt(np.sum((share * errors) ** 2)))


def coarse(case: Case) -> Case:
    """The case with few periods, also after a shock."""
    spans = ((UNTIL, 12), (case.horizon_to, 60))
    shock = replace(case.after_shock, fine_months=0, single_years=1, block_years=5)
    return replace(case, grids={**case.grids, GRID: spans}, after_shock=shock)


def asked(count: int, seed: int) -> Asked:
    """Independent draws."""
    return Asked(count, seed, "random", EVERY, UNTIL)


def planned(case: Case, seed: int) -> Policy:
    """What the plan for the reduced futures of a seed does."""
    drawn = with_futures(case, generate(case, replace(asked(DRAWN, seed), method="quasi")))
    merged = build(with_rows(drawn, reduce(drawn, KEPT).rows), GRID)
    return Policy.of_solution(merged, GRID, Session(merged.program, BY_DIVES).solve().values)


def told(intervals: Sequence[Estimate], others: Sequence[tuple[float, float]]) -> Rows:
    """A row for each plan, million USD, and how many of the intervals cover the cost in the others."""
    rows: Rows = []
    for seed, (one, (mean, error)) in enumerate(zip(intervals, others, strict=True)):
        row: Row = {
            "seed": seed,
            "low_musd": round(one.low, 1),
            "high_musd": round(one.high, 1),
            "others_musd": round(mean, 1),
            "others_error_musd": round(error, 1),
            "covered": int(one.low <= mean <= one.high),
        }
        rows.append(row)
    covered = sum(int(row["covered"] or 0) for row in rows)
    return [*rows, {**dict.fromkeys(rows[0]), "covered": covered}]
