"""Planning a point: the worker reads the case once, checks that it is the sweep's, and keeps it for all points."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.case.checks import infeasible_parts_of
from orefolio.case.overlay import (
    Overlay,
    adjusted_case,
    find_overlay,
    further_adjusted,
    levers_out_of_range,
    load_overlay,
)
from orefolio.case.read import load_case_with_warnings
from orefolio.collector import collector_at_rest
from orefolio.errors import Fault, InfeasibleError, InputError, SolverError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.solve import Options
from orefolio.tables.folder.case_files import case_hash
from orefolio.tables.folder.record import Circumstances, versions

from ..questions.answered import Answered, answered_in_turn, takes_turns
from .figures import FIGURES, figures
from .near import Near
from .point import Point
from .sealed import canonical

MAKER = "orefolio.analyses.sweep.planning:Planner"
COLUMNS = (
    "status", "cost_musd", "bound_musd", "abs_gap_musd", "gap_share", "aim_value", "aim_bound", *FIGURES, "audit",
    "note",
)  # fmt: skip
RELAXED = "relaxed"
DIVED = "its dives ended before the proof; another run ends alike"
DECIDING = ("orefolio", "highspy")
"""The packages whose version decides the numbers."""


def setup_of(case: Case, overlays: Sequence[str | Path], points: Iterable[Point]) -> dict[str, Any]:
    """What a worker has to know of a case as it was read, and of overlays laid over it for all points.

    Raises InputError where an overlay, also one of a point, misses the case.
    """
    paths = [find_overlay(name, case.folder).resolve() for name in overlays]
    further = sorted({name for point in points for name in point.overlays})
    every = versions()
    return {
        "folder": str(case.folder.resolve()),
        "case": case_hash(case),
        "laid": case_hash(adjusted_case(case, [load_overlay(path) for path in paths], {})),
        "overlays": [str(path) for path in paths],
        "overlays_of_points": {name: _hash(find_overlay(name, case.folder)) for name in further},
        "versions": {name: every[name] for name in DECIDING},
    }


def about(setup: Mapping[str, Any]) -> dict[str, Any]:
    """What a sweep with this setup is of: no path of this machine is in it."""
    texts = {Path(path).name: _hash(Path(path)) for path in setup["overlays"]}
    same = {name: setup[name] for name in ("case", "laid", "overlays_of_points", "versions")}
    return {**same, "overlays": texts}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Planner:
    """Plans points of one case. Raises InputError where the case or the versions are not those of the sweep.

    What it keeps between points is the case, its overlays, and the plans of bases that others are made near to.
    """

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self.case = load_case_with_warnings(setup["folder"]).case
        self.laid: list[Overlay] = [load_overlay(path) for path in setup["overlays"]]
        self.further: dict[str, Overlay] = {}
        self.bases: dict[str, Near] = {}
        folder = setup["folder"]
        _same(folder, "the case", case_hash(self.case), setup["case"])
        _same(folder, "the case under its overlays", case_hash(adjusted_case(self.case, self.laid, {})), setup["laid"])
        for name, wanted in setup["overlays_of_points"].items():
            _same(name, "an overlay", _hash(find_overlay(name, self.case.folder)), wanted)
            self.further[name] = load_overlay(name, self.case.folder)
        found = versions()
        wrong = [name for name, wanted in setup["versions"].items() if found[name] != wanted]
        if wrong:
            raise InputError([Fault("worker", f"{name} {found[name]}", setup["versions"][name]) for name in wrong])

    def __call__(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """The figures of a point by COLUMNS. Raises SolverError, InputError where it cannot be planned."""
        with collector_at_rest():
            return self._planned(point)

    def _planned(self, point: Mapping[str, Any]) -> dict[str, Any]:
        case = adjusted_case(
            self.case, [*self.laid, *map(self.further.__getitem__, point["overlays"])], point["levers"]
        )
        case = further_adjusted(case, (Adjustment(**entry) for entry in point["adjustments"]))
        missing = infeasible_parts_of(case)
        if missing:
            return _without_plan("infeasible", "; ".join(map(str, missing)))
        options = replace(Options(**point["options"]), threads=1)
        stop = threading.Event()
        try:
            merged = build(case, point["grid"], point["futures"])
            merged, answer = self._answered(point, merged, options, stop)
        except InfeasibleError as error:
            return _without_plan("infeasible", str(error))
        if stop.is_set():
            raise KeyboardInterrupt
        once = options.node_limit == 0 and not point["questions"] and not takes_turns(merged)
        dived = once and sum(answer.solution.seconds.values()) < options.time_limit
        return _row(merged.tree.case, merged, answer, options, point["grid"] or case.grid, dived)

    def _answered(
        self, point: Mapping[str, Any], merged: Merged, options: Options, stop: threading.Event
    ) -> tuple[Merged, Answered]:
        """The plan of a point: near that of its base where dives are all that is asked for, else as `solve` has it."""
        alike = not point["questions"] and not point["adjustments"] and not takes_turns(merged)
        if options.node_limit == 0 and alike and point["levers"]:
            found = self._base(point, options, stop).planned(merged, options, stop)
            if found is not None:
                return merged, Answered(found)
        grid = point["grid"] or self.case.grid
        return answered_in_turn(merged, grid, point["questions"], options, stop)

    def _base(self, point: Mapping[str, Any], options: Options, stop: threading.Event) -> Near:
        """The same point without a lever turned, planned once."""
        base = {**point, "levers": {}}
        key = canonical(base)
        if key not in self.bases:
            case = adjusted_case(self.case, [*self.laid, *map(self.further.__getitem__, point["overlays"])], {})
            self.bases[key] = Near(build(case, point["grid"], point["futures"]), options, stop)
        return self.bases[key]


def _same(place: str, what: str, found: str, wanted: str) -> None:
    if found != wanted:
        remedy = "It has changed since the sweep began, or the worker sees another folder"
        raise InputError([Fault(place, f"{what} with hash {found[:12]}", wanted[:12], remedy=remedy)])


def _row(
    case: Case, merged: Merged, answer: Answered, options: Options, grid: str, dived: bool = False
) -> dict[str, Any]:
    """The figures of a point. dived: its dives were all that was asked for, and the clock did not stop them."""
    solution, aim = answer.solution, {"aim_value": answer.value, "aim_bound": answer.bound}
    if solution.status == "interrupted":
        raise KeyboardInterrupt
    if solution.status == "unknown":
        raise SolverError("The solver ended in a state that cannot be trusted.")
    if not solution.has_plan:
        status = RELAXED if answer.relaxed and solution.status == "optimal" else solution.status
        bound = _finite(solution.bound) if status in (RELAXED, "no_plan") else None
        return {**_without_plan(status, ""), "bound_musd": bound, **aim}
    made, audit = figures(case, merged, solution, options, Circumstances(grid))
    limit = DIVED if dived else "a limit came before the proof; another run may differ"
    notes = [] if solution.status == "optimal" else [limit]
    return {
        "status": solution.status,
        "cost_musd": solution.objective,
        "bound_musd": _finite(solution.bound),
        "abs_gap_musd": _finite(solution.abs_gap),
        "gap_share": _finite(solution.gap),
        **aim,
        **made,
        "audit": audit,
        "note": "; ".join([*notes, *levers_out_of_range(case)]),
    }


def _without_plan(status: str, note: str) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "status": status, "audit": "", "note": note}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
