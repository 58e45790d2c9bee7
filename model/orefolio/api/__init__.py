"""What people call from a notebook or a script: load a case, change it, solve it, compare the runs."""

from __future__ import annotations

import datetime
import inspect
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orefolio.api.analysed import Analysed
from orefolio.api.run import EXIT_CODES, Comparison, Run, compare, open_run
from orefolio.errors import Fault, InfeasibleError, InputError, SolverError, nearest

if TYPE_CHECKING:
    from orefolio.analyses.rolling.outcome import Rolled
    from orefolio.analyses.warm import Warm
    from orefolio.api.decompose import Decompose
    from orefolio.case.case import Case
    from orefolio.case.overlay import Overlay
    from orefolio.program.merge import Merged
    from orefolio.solve import Options, Session, Solution
    from orefolio.solve.clocked import Clock
    from orefolio.solve.solution import Listener

__all__ = ["EXIT_CODES", "Comparison", "Run", "Study", "built", "compare", "load", "open_run", "solve"]


@dataclass(frozen=True)
class Study(Analysed):
    """A case that was read and checked, as it stands under overlays and levers. `warnings` are sentences.

    origin: the case as written, where `case` differs from it. laid, levers: what was laid over it and turned so far.
    seconds: wall time that reading, checking and changing took.
    """

    case: Case
    overlays: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    origin: Case | None = None
    laid: tuple[Overlay, ...] = ()
    levers: Mapping[str, float] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)

    def what_if(self, /, *overlays: str | Path, **levers: float) -> Study:
        """The case under further overlays, in their order, and then levers. Raises InputError and InfeasibleError.

        A lever turned again counts from the case as written, not from where it stood.
        """
        from orefolio.case.checks import infeasible_parts_of
        from orefolio.case.overlay import adjusted_case, levers_out_of_range, load_overlay

        began = time.monotonic()
        origin = self.origin or self.case
        laid = (*self.laid, *(load_overlay(name, origin.folder) for name in overlays))
        turned = {**self.levers, **levers}
        case = adjusted_case(origin, laid, turned)
        _refuse(infeasible_parts_of(case))
        names = tuple(overlay.path.name for overlay in laid)
        said = self.warnings if self.origin is None else ()
        said = (*said, *levers_out_of_range(case))
        return Study(case, names, said, origin, laid, turned, self.seconds + time.monotonic() - began)

    def with_futures(self, folder: str | Path) -> Study:
        """The case with the futures of a folder, as `orefolio futures` writes it, in place of its own. Comes first.

        Raises InputError with every fault of the folder's tables, and under overlays or levers.
        """
        from orefolio.futures.folder import lay_futures

        if self.origin is not None:
            raise InputError([Fault("with_futures", "overlays or levers before it", "the case as written")])
        began = time.monotonic()
        laid = lay_futures(self.case, Path(folder))
        seconds = self.seconds + time.monotonic() - began
        return replace(self, case=laid.case, warnings=(*self.warnings, *laid.warnings), seconds=seconds)

    def solve(self, **asked: Any) -> Run:
        """Build and solve the case: `study.solve(grid="yearly", abs_gap=100, out="results")`.

        asked: the arguments of the function `solve`, by name; `help(orefolio.solve)` tells all of them.
        """
        return solve(self, **asked)

    def rolling(self, **asked: Any) -> Rolled:
        """Re-plan along sampled futures, with the arguments of `orefolio.api.rolling.rolling` by name."""
        from orefolio.api.rolling import rolling

        return rolling(self, **asked)

    def __repr__(self) -> str:
        changed = [*self.overlays, *(f"{name} = {value:g}" for name, value in self.levers.items())]
        return f"<case {self.case.name}{': ' if changed else ''}{', '.join(changed)}>"

    def _repr_html_(self) -> str:
        from orefolio.api.shown import study

        return study(self)

    def warm(self, run: Run) -> Warm:
        """This case kept warm in the solver at the plan of a run of it, for what-ifs with its levers."""
        from orefolio.analyses.warm import Warm

        if run.outcome is None:
            raise InputError([Fault(str(run.folder), "a run that was read", "one that was solved just now")])
        merged, plan = run.outcome.merged, run.outcome.solution.values
        grid = str(run.record["grid"])
        return Warm(lambda levers: self.what_if(**levers).case, grid, merged, plan, run.outcome.options)


def load(folder: str | Path) -> Study:
    """Read and check the case in a folder, such as `example("japan")` gives; what it can be asked, `Study` tells.

    Raises InputError with every fault by file, line and column, InfeasibleError where a demand has no source.
    """
    from orefolio.case.read import load_case_with_warnings

    began = time.monotonic()
    loaded = load_case_with_warnings(folder)
    _refuse(loaded.infeasible)
    return Study(loaded.case, warnings=tuple(map(str, loaded.warnings)), seconds=time.monotonic() - began)


def _refuse(infeasible: tuple[Fault, ...]) -> None:
    if infeasible:
        raise InfeasibleError("\n".join(map(str, infeasible)))


def built(study: Study, grid: str | None = None, say: Callable[[str], None] | None = None) -> Merged:
    """The program of a case, not solved. Raises InputError for a grid that the case lacks."""
    from orefolio.case.asked import grid_of
    from orefolio.program.build import build

    return build(study.case, grid_of(study.case, grid), None, say)


def solve(
    study: Study | Case,
    *,
    options: Options | None = None,
    grid: str | None = None,
    futures: tuple[str, ...] | None = None,
    deterministic: bool = False,
    out: str | Path | None = None,
    warm: Run | str | Path | None = None,
    progress: Listener | None = None,
    say: Callable[[str], None] | None = None,
    detail: Callable[[str], None] | None = None,
    quiet: bool = False,
    settings: Mapping[str, Mapping[str, object]] | None = None,
    stop: threading.Event | None = None,
    saving: bool = True,
    decompose: Decompose | None = None,
    **asked: Any,
) -> Run:
    """Build and solve a case; with `out`, write a run folder into it.

    options, or by name what they hold: abs_gap (million USD between plan and proof at which the search ends), gap (the
    same as a share of cost), time_limit (seconds), threads, seed, node_limit. deterministic: the trunk's own
    continuation alone. warm: a run whose decisions the solve begins with. progress: hears of plans and bounds; say: of
    steps; detail: of their parts. Where neither is given a notebook shows a bar and a terminal lines on stderr, unless
    `quiet`. settings: name to value and who set it, for the record. saving: solve also for committing nothing.
    decompose: solve by the futures, each by itself, for hundreds of them (`orefolio.api.decompose.Decompose`); then
    nothing is solved for committing nothing, and rows have no worth.

    Ctrl-C, or a notebook's interrupt, ends the search; the run then holds the best plan so far, with its gap.

    Raises InputError, InfeasibleError (no plan, or no finite best one), SolverError, SpaceError, ForeknowledgeError,
    FolderInUseError, KeyboardInterrupt (before the solve, or once its plan is written).
    """
    from orefolio.api.progress import told
    from orefolio.case.asked import futures_of, grid_of
    from orefolio.solve import Options
    from orefolio.solve.interrupt import quitting
    from orefolio.tables.folder import claimed

    study = study if isinstance(study, Study) else Study(study)
    _refuse_unknown(asked)
    options = replace(options or Options(), **asked)
    grid, kept = grid_of(study.case, grid), futures_of(study.case, futures, deterministic)
    begin = None if warm is None else _plan_of(warm)
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    heard = progress is not None or say is not None
    said = {"grid": grid, "overlays": study.overlays, "settings": settings or {}, "started": started}
    question = _Question(study, kept, options, begin, saving, said, decompose)
    out = None if out is None else Path(out)
    with told(quiet or heard, options.abs_gap) as (listener, noted):
        progress, say = progress or listener, say or noted
        with quitting(), nullcontext() if out is None else claimed(out, started, say):
            return _answered(question, out, stop or threading.Event(), progress, say, detail)


@dataclass(frozen=True)
class _Question:
    """kept: futures, None for all. begin: a plan to begin with. said: for the record."""

    study: Study
    kept: tuple[str, ...] | None
    options: Options
    begin: dict[tuple[str, str, int, int], float] | None
    saving: bool
    said: Mapping[str, Any]
    decompose: Decompose | None = None


def _answered(
    question: _Question,
    out: Path | None,
    stop: threading.Event,
    progress: Listener | None,
    say: Callable[[str], None],
    detail: Callable[[str], None] | None,
) -> Run:
    """Build, solve, write. From the solve on the first signal stops the search, and what was found is still written."""
    from orefolio.collector import collector_at_rest
    from orefolio.program.build import build
    from orefolio.solve.clocked import Clock
    from orefolio.solve.interrupt import heard

    study, options, grid = question.study, question.options, question.said["grid"]
    clock = Clock()
    clock.seconds["read"] = study.seconds
    count = len(question.kept or study.case.rows("futures"))
    say(f"stating {count} future{'s' if count > 1 else ''} on the grid {grid}")
    with clock.step("build"):
        merged = build(study.case, grid, question.kept, detail, question.options.size_limit)
    shape = merged.program.shape
    say(f"solving {shape[0]:,} rows, {shape[1]:,} columns, {int(merged.program.integer.sum()):,} of them yes or no")
    with heard(stop) as signals:
        solving = _Solving(question, clock, stop, progress)
        merged, solution = solving.by_futures(merged, out) if question.decompose else solving.whole(merged)
        _refuse_without_meaning(solution)
        if signals and solution.has_plan:
            say("interrupted; saving the best plan. Once more drops it")
        nothing, note = solving.committing_nothing(merged, solution)
        warnings = (*study.warnings, *_warnings(options, solution))
        ending = _Ending(replace(study, case=merged.tree.case), merged, solution, options, nothing)
        with collector_at_rest():
            run = _finished(ending, clock, out, {**question.said, "warnings": warnings, "nothing_note": note})
    if signals and run.status != "interrupted":
        say(f"interrupted once the plan was found; run folder: {run.folder}")
        raise KeyboardInterrupt
    return run


@dataclass
class _Solving:
    """The solve of a question, and what committing nothing costs. session: where the whole program was solved."""

    question: _Question
    clock: Clock
    stop: threading.Event
    progress: Listener | None
    session: Session | None = None

    def whole(self, merged: Merged) -> tuple[Merged, Solution]:
        """The merged program as one; it may be another in the end."""
        from orefolio.analyses.objective import solve_in_turn  # only now: it needs much memory
        from orefolio.solve import Session
        from orefolio.tables.folder import plan_values

        question, begun = self.question, self.question.begin
        with self.clock.step("solve"):
            self.session = Session(merged.program, question.options, self.stop)
            begin = None if begun is None else plan_values(merged.program, begun)
            return solve_in_turn(self.session, merged, question.said["grid"], self.progress, begin)

    def by_futures(self, merged: Merged, out: Path | None) -> tuple[Merged, Solution]:
        """The merged program by its futures."""
        from orefolio.api.decompose import solve_decomposed

        question = self.question
        assert question.decompose is not None
        with self.clock.step("solve"):
            given = (question.options, self.stop, self.progress, out, question.said["grid"])
            return merged, solve_decomposed(question.decompose, merged, *given)

    def committing_nothing(self, merged: Merged, solution: Solution) -> tuple[float | None, str]:
        """What it costs, million USD, or why that is not known."""
        from orefolio.analyses.nothing import committing_nothing

        if self.session is None or not self.question.saving:
            return None, "not asked for" if self.session else "not solved for where futures are solved by themselves"
        with self.clock.step("committing nothing"):
            return committing_nothing(self.session, merged, solution)


@dataclass(frozen=True)
class _Ending:
    study: Study
    merged: Merged
    solution: Solution
    options: Options
    nothing: float | None


def _finished(ending: _Ending, clock: Clock, out: Path | None, said: Mapping[str, Any]) -> Run:
    """Tables, the record, and the run folder where one is wanted."""
    from orefolio.audit import MADE, audit_into
    from orefolio.tables import TABLES
    from orefolio.tables.folder import folder_name, plan_text, write_run
    from orefolio.tables.folder.cells import csv_of
    from orefolio.tables.folder.record import Circumstances, record
    from orefolio.tables.outcome import Outcome
    from orefolio.tables.outcome.sheet import Sheet

    merged, solution = ending.merged, ending.solution
    outcome = Outcome(merged, solution, ending.options, ending.nothing) if solution.has_plan else None
    tables, folder, parts = {}, None, {"solver.log": solution.log}
    with clock.step("tables"):
        if outcome is not None:
            outcome.verify()
            tables = {name: table(outcome) for name, table in TABLES.items()}
            parts["plan.csv"] = plan_text(merged, solution)
        texts = {name: csv_of(table) for name, table in tables.items()}
    at = Circumstances(**said, seconds=clock.seconds, solver=clock.solver)
    content = record(merged, solution, ending.options, ending.nothing, at)
    if outcome is not None:
        with clock.step("audit"):
            made = audit_into(content, ending.study.case, parts["plan.csv"], texts)
        tables |= {name: Sheet.of(MADE[name], rows) for name, rows in made.items()}
        texts |= {name: csv_of(tables[name]) for name in made}
        content["timing"] |= at.timing()
    if out is not None and outcome is not None:
        name = folder_name(said["started"], ending.study.case.name, content["case"]["hash"])
        folder = write_run(out, name, content, tables, ending.study.case, parts, texts)
    run = Run(content, folder, outcome)
    run._made.update(tables)
    return run


def _plan_of(warm: Run | str | Path) -> dict[tuple[str, str, int, int], float]:
    """The plan of another run, by the words of its columns."""
    from orefolio.tables.folder import RunFolder

    run = warm if isinstance(warm, Run) else open_run(warm)
    if run.folder is not None:
        return RunFolder(run.folder).plan()
    if run.outcome is None:
        return {}
    labels = run.outcome.merged.program.columns
    values = run.outcome.solution.values.tolist()
    return {(x.name, "/".join(x.index), x.period, x.node): v for x, v in zip(labels, values, strict=True) if v}


def _refuse_unknown(asked: Mapping[str, Any]) -> None:
    from orefolio.solve import Options

    held = [each.name for each in fields(Options)]
    known = [*held, *inspect.signature(solve).parameters]
    faults = [
        Fault("solve", f"the argument {name!r}", "an argument of solve", remedy=nearest(name, known))
        for name in asked
        if name not in held
    ]
    if faults:
        raise InputError(faults)


def _refuse_without_meaning(solution: Solution) -> None:
    if solution.status == "infeasible":
        raise InfeasibleError("The case has no plan: its limits contradict each other.")
    if solution.status == "unbounded":
        raise InfeasibleError("The case has no best plan: some flow earns money without limit.")
    if solution.status == "unknown":
        raise SolverError("The solver ended in a state that cannot be trusted.\n" + solution.log[-2000:])


def _warnings(options: Options, solution: Solution) -> list[str]:
    from orefolio.tables.folder.record import LIMITED

    found = []
    if solution.status == "feasible":
        found.append(LIMITED)
    if solution.status == "interrupted":
        found.append("The solve was interrupted; another run may end with another plan.")
    if options.threads > 1:
        found.append("With more than one thread another run may end with another plan.")
    return found
