"""Many futures and many points on clusters that are not there: recorded here, simulated by `simulated.py`.

Generated futures of Japan, years, to 0.3 %, as the product solves them. Futures beyond the largest record are drawn
from it again, with the coordinator's seconds by the law through all records.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from orefolio.analyses.sweep.planning import Planner, setup_of
from orefolio.analyses.sweep.point import Point
from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.case.schema.assumptions import Lever
from orefolio.errors import InputError
from orefolio.futures.generated import Asked, generate, with_futures
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Floats
from orefolio.scale.decomposition import Kept, decomposed
from orefolio.scale.decomposition.processes import Processes
from orefolio.solve import Options as Asking

from . import Options, Row, Rows
from .apart import told_by
from .recorded import Record, Recorder, Round
from .simulated import Law, Network, floor, law, resampled, round_seconds, seconds
from .watched import Watched

FOLDER = Path(__file__).parents[1] / "inputs" / "japan"
GRID = "yearly"
TO_PROVE = Asking(gap=0.003, time_limit=3600.0)
RECORDED, LARGE = (3, 6), (20, 50, 100, 200)
FUTURES = (50, 200, 1000, 2000)
WORKERS = (1, 2, 8, 16, 64, 256, 1000)
POINTS, MEASURED = 1000, 16
CLUSTER = Network(latency=0.0005, bytes_per_second=1e9, overhead=0.001, start=2.0)
"""Assumed: half a millisecond, a gigabyte a second, a millisecond of a scheduler for each question. Workers of the
product's own take two seconds to come up."""


@dataclass(frozen=True)
class Measured:
    """A record, and the CPU seconds of stating and merging before it."""

    record: Record
    stating: float


def section(options: Options) -> Rows:
    """Records and what they add up to, then walls of futures, then walls of a sweep of points."""
    counts = LARGE if options.large else RECORDED
    found = {count: told_by(recorded, count, options.scratch / str(count)) for count in counts}
    measured = {count: Measured(**each) for count, each in found.items()}
    master, stating = laws(measured)
    base, points = told_by(planned_points, MEASURED if options.large else 2).values()
    told: Rows = [row for each in measured.values() for row in own(each)]
    told += [row for count in FUTURES for row in simulated(scaled(measured, count, master), count, stating)]
    several = counts[1]
    told += [watched(several, workers, options.scratch / f"{several}-{workers}") for workers in (1, 2)]
    told += sweeps(base, points, POINTS)
    told += [_law("master of a round", master), _law("stating", stating)]
    columns = list(dict.fromkeys(name for row in told for name in row))
    return [{name: row.get(name) for name in columns} for row in told]


def generated(count: int) -> Merged:
    """So many futures of Japan."""
    case = load_case(FOLDER)
    return build(with_futures(case, generate(case, Asked(count, 1))), GRID)


def recorded(count: int, folder: Path) -> dict[str, Any]:
    """A record of so many futures in one process, and the CPU seconds of stating them."""
    began = time.process_time()
    merged = generated(count)
    stating = time.process_time() - began
    recorder = Recorder()
    with Kept(folder, merged.program, {}, resume=False) as kept:
        decomposed(merged, TO_PROVE, recorder, kept=kept)
        return {"record": recorder.record(), "stating": stating}


def watched(count: int, workers: int, folder: Path) -> Row:
    """What the same solve takes with worker processes, in CPU seconds; alone: on a machine of its own."""
    merged = generated(count)
    crew, spent, began = Watched(Processes(workers)), time.process_time(), time.monotonic()
    with Kept(folder, merged.program, {}, resume=False) as kept:
        decomposed(merged, TO_PROVE, crew, kept=kept)
    coordinator = time.process_time() - spent
    return {
        "what": "watched",
        "futures": count,
        "workers": workers,
        "coordinator_s": round(coordinator, 2),
        "busiest_s": round(crew.busiest, 2),
        "alone_s": round(coordinator + crew.busiest, 2),
        "wall_s": round(time.monotonic() - began, 1),
    }


def laws(measured: dict[int, Measured]) -> tuple[Law, Law]:
    """How the coordinator's seconds of a round, in the middle of all, and those of stating grow with futures."""
    rounds = [float(np.median([one.master for one in each.record.rounds])) for each in measured.values()]
    return law(list(measured), rounds), law(list(measured), [each.stating for each in measured.values()])


def scaled(measured: dict[int, Measured], count: int, master: Law) -> Record:
    """The record of so many futures; where there is none, drawn from the largest."""
    if count in measured:
        return measured[count].record
    largest = max(measured)
    return resampled(measured[largest].record, count, master(count) / master(largest))


def own(measured: Measured) -> Rows:
    """What a record adds up to."""
    record = measured.record
    later = record.rounds[1:]
    row: Row = {
        "what": "record",
        "futures": record.futures,
        "rounds": len(record.rounds),
        "stating_s": round(measured.stating, 1),
        "master_s": round(record.master, 2),
        "said_s": round(record.said, 2),
        "solving_s": round(record.solving, 1),
        "longest_s": round(floor(record) - record.master, 2),
        "program_bytes": int(record.rounds[0].asked.mean()),
        "asked_bytes": int(np.mean([one.asked.mean() for one in later])),
        "answered_bytes": int(np.mean([one.answered.mean() for one in later])),
    }
    return [row]


def simulated(record: Record, count: int, stating: Law) -> Rows:
    """A row for each number of workers."""
    alone = seconds(record, 1, CLUSTER)
    return [
        {
            "what": "futures",
            "futures": count,
            "workers": workers,
            "stating_s": round(stating(count), 1),
            "wall_s": round(seconds(record, workers, CLUSTER), 1),
            "no_network_s": round(seconds(record, workers), 1),
            "any_worker_s": round(seconds(record, workers, CLUSTER, kept=False), 1),
            "floor_s": round(floor(record), 1),
            "times_faster": round(alone / seconds(record, workers, CLUSTER), 1),
        }
        for workers in WORKERS
    ]


def planned_points(count: int) -> dict[str, Any]:
    """CPU seconds of a worker until it has its base, and of each of so many points that the case allows."""
    case = load_case(FOLDER)
    points = drawn_points(case, 2 * count)
    clock = time.process_time
    began = clock()
    planner = Planner(setup_of(case, [], points))
    planner(Point(levers=first(case), grid=GRID, options={"node_limit": 0}).plain())
    base, taken = clock() - began, []
    for point in points:
        before = clock()
        with suppress(InputError):
            planner(point.plain())
            taken.append(clock() - before)
        if len(taken) == count:
            break
    return {"base": base, "points": np.array(taken)}


def first(case: Case) -> dict[str, float]:
    """One lever where it stands already, for a point that is the base's own plan."""
    lever = turned(case)[0]
    return {lever.lever: lever.base}


def turned(case: Case) -> list[Lever]:
    """Levers that may stand anywhere between their ends."""
    return [row for row in case.rows("levers") if row.unit not in ("0 or 1", "months") and row.low < row.high]


def drawn_points(case: Case, count: int, seed: int = 1) -> list[Point]:
    """Points with eight levers each."""
    draws, levers = np.random.default_rng(seed), turned(case)
    found = []
    for _ in range(count):
        chosen = draws.choice(len(levers), size=8, replace=False)
        values = {levers[place].lever: float(draws.uniform(levers[place].low, levers[place].high)) for place in chosen}
        found.append(Point(levers=values, grid=GRID, options={"node_limit": 0}))
    return found


def sweeps(base: float, points: Floats, count: int, seed: int = 0) -> Rows:
    """A row for each number of workers: points drawn again from the measured, each worker ready after `base` s."""
    taken = np.random.default_rng(seed).choice(points, size=count)
    told: Rows = []
    for workers in WORKERS:
        wall = base + round_seconds(as_round(taken), None, workers, CLUSTER)
        told.append({
            "what": "points", "points": count, "workers": workers, "wall_s": round(wall, 1),
            "mean_s": round(float(points.mean()), 2), "least_s": round(float(points.min()), 2),
            "most_s": round(float(points.max()), 2), "base_s": round(base, 1),
            "times_faster": round(float(base + taken.sum()) / wall, 1),
        })  # fmt: skip
    return told


def as_round(taken: Sequence[float] | Floats) -> Round:
    """Points as one question to each: hundreds of bytes there, thousands back, a hundredth of a second to write."""
    solving = np.asarray(taken, dtype=float)
    each = np.ones(len(solving))
    return Round("point", 0.0, solving, 0.0 * each, 0.01 * each, 500.0 * each, 5000.0 * each)


def _law(what: str, found: Law) -> Row:
    return {"what": f"{what}: {found.factor:.3g} s x futures^{found.power:.2f}"}
