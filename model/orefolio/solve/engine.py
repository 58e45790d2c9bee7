"""One HiGHS object kept warm: the only file that calls the solver, and that knows its traps.

Every call's status is checked, and so are the length and finiteness of what goes in and comes out. Each run gets its
own time limit (the solver's clock is never reset), runs on the solver's own thread so that a signal is heard, and can
be stopped by an event with its best plan kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from orefolio.errors import SolverError
from orefolio.program.program import Floats, Integers, Program
from orefolio.solve.background import Background
from orefolio.solve.check import crossed, entries, refuse_bad_numbers
from orefolio.solve.clocked import Clocked, inside
from orefolio.solve.outcomes import CERTAIN, EMPTY, Outcome, outcome_of

Basis = highspy.HighsBasis
Setting = bool | int | float | str
Tick = Callable[[float, float], None]  # plan and bound, million USD, both finite or infinite

IRREDUCIBLE = 6  # the strategy that answers with a true conflict where the linear program has no solution

UNLIMITED = 2**31 - 1  # steps of simplex
PATIENCE = 0.5  # seconds that a search may take to hear that it is to stop: inside a linear program it is deaf

_one_at_a_time = threading.Lock()
_threads_of_process = 0


class Engine:
    """A program inside the solver, as a linear relaxation or, with `integer`, with its binaries.

    Raises SolverError where the program holds numbers on which the solver goes wrong in silence, where the solver's
    copy differs in size, and whenever a call does not end well.
    """

    def __init__(
        self,
        program: Program,
        *,
        integer: bool = False,
        threads: int = 1,
        seed: int = 0,
        stop: threading.Event | None = None,
    ) -> None:
        self.program = program
        self.stop = stop or threading.Event()
        self.integer = integer
        self.threads = threads
        self.left_behind = False  # a search that did not stop when told; what it found so far is in `found` and `bound`
        self.deaf = False  # while true, `stop` is not heeded: the last step of an interrupted solve
        self.lines: list[str] = []
        self._fault: BaseException | None = None
        self.found: tuple[float, Floats] | None = None
        self.bound = -np.inf
        self._highs = Clocked()
        self._left: Background | None = None
        self.set("threads", threads)
        self.set("random_seed", seed)
        if not integer:
            self.set("solver", "simplex")
        self._highs.cbSimplexInterrupt.subscribe(self._interrupt)
        self._highs.cbMipInterrupt.subscribe(self._interrupt)
        self._load(program, integer)

    def _load(self, program: Program, integer: bool) -> None:
        matrix = entries(program)
        refuse_bad_numbers(program, matrix)
        rows, columns = matrix.shape
        kinds = program.integer.astype(np.int32) if integer else np.zeros(columns, dtype=np.int32)
        status = self._highs.passModel(
            columns, rows, matrix.nnz, int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize),
            float(program.offset), _floats(program.cost), _floats(program.column_lower), _floats(program.column_upper),
            _floats(program.row_lower), _floats(program.row_upper), _places(matrix.indptr), _places(matrix.indices),
            _floats(matrix.data), kinds,
        )  # fmt: skip
        if status != highspy.HighsStatus.kWarning or not crossed(program):  # it warns of crossed limits, rightly
            self._good(status, "take the program")
        ours = (rows, columns, int(matrix.nnz))
        theirs = (self._highs.getNumRow(), self._highs.getNumCol(), self._highs.getNumNz())
        if ours != theirs:
            raise SolverError(f"The solver holds {theirs} rows, columns and nonzeros where the program has {ours}")

    def _good(self, status: highspy.HighsStatus, deed: str) -> None:
        if status != highspy.HighsStatus.kOk:
            raise SolverError(f"The solver could not {deed}: it answered {status.name}")

    def _interrupt(self, event: highspy.HighsCallbackEvent) -> None:
        # said each time: the solver keeps what it was told last, also for later runs
        event.interrupt(self.left_behind or self._fault is not None or (self.stop.is_set() and not self.deaf))

    # what may be changed between runs

    def set(self, name: str, value: Setting) -> None:
        """Set an option of the solver."""
        self._good(self._highs.setOptionValue(name, value), f"set {name} to {value}")

    def change_bounds(self, columns: Integers, lower: Floats, upper: Floats) -> None:
        """New bounds for some columns; all three arrays (changed,)."""
        if len(columns):
            count = self.program.cost.size
            if not (len(columns) == len(lower) == len(upper)) or not (0 <= columns.min() <= columns.max() < count):
                raise SolverError("Bounds to change do not fit the program's columns")
            if np.isnan(lower).any() or np.isnan(upper).any():
                raise SolverError("Bounds to change hold a value that is no number")
            status = self._highs.changeColsBounds(len(columns), _places(columns), _floats(lower), _floats(upper))
            self._good(status, "change bounds of columns")

    def update(self, program: Program) -> None:
        """Take the numbers of another program in place of this one's, sending only what differs.

        A program of another size or pattern is passed whole; a basis fits as long as the size is the same.
        Raises SolverError as the constructor does; the old program then stays.
        """
        old, matrix = entries(self.program), entries(program)
        refuse_bad_numbers(program, matrix)
        pattern = old.shape == matrix.shape and old.nnz == matrix.nnz and np.array_equal(old.indptr, matrix.indptr)
        if not pattern or not np.array_equal(old.indices, matrix.indices):
            self._load(program, integer=False)
            self.program = program
            return
        changed = np.flatnonzero(old.data != matrix.data)
        rows = np.searchsorted(matrix.indptr, changed, side="right") - 1
        entered = zip(rows.tolist(), matrix.indices[changed].tolist(), matrix.data[changed].tolist(), strict=True)
        with inside():
            change = self._highs.bare.changeCoeff  # thousands of calls, so none is timed by itself
            for row, column, value in entered:
                self._good(change(row, column, value), "change a coefficient")
        self._update_columns(program)
        differ = (program.row_lower != self.program.row_lower) | (program.row_upper != self.program.row_upper)
        places = np.flatnonzero(differ)
        if len(places):
            status = self._highs.changeRowsBounds(
                len(places), _places(places), _floats(program.row_lower[places]), _floats(program.row_upper[places])
            )
            self._good(status, "change limits of rows")
        self.program = program

    def _update_columns(self, program: Program) -> None:
        differ = (program.column_lower != self.program.column_lower) | (
            program.column_upper != self.program.column_upper
        )
        places = np.flatnonzero(differ)
        self.change_bounds(places, program.column_lower[places], program.column_upper[places])
        places = np.flatnonzero(program.cost != self.program.cost)
        if len(places):
            status = self._highs.changeColsCost(len(places), _places(places), _floats(program.cost[places]))
            self._good(status, "change costs")
        if program.offset != self.program.offset:
            self._good(self._highs.changeObjectiveOffset(float(program.offset)), "change the offset")

    @property
    def basis(self) -> Basis:
        """The simplex basis, a copy that later runs leave alone."""
        basis: Basis = self._highs.getBasis()
        return basis

    @basis.setter
    def basis(self, basis: Basis) -> None:
        self._good(self._highs.setBasis(basis), "take a basis")

    def forget(self) -> None:
        """Drop basis, factors and weights of earlier runs: the next hangs on the program and its start alone."""
        self._good(self._highs.clearSolver(), "forget its state")

    def start_from(self, values: Floats) -> None:
        """Give the next run a plan to start from, (columns,)."""
        if values.shape != self.program.cost.shape or not np.isfinite(values).all():
            raise SolverError("A plan to start from does not fit the program, or has values that are no numbers")
        solution = highspy.HighsSolution()
        solution.col_value = _floats(values)
        solution.value_valid = True
        status = self._highs.setSolution(solution)
        self._good(status, "take a plan to start from")

    # runs

    def run(self, seconds: float, most: int | None = None) -> Outcome:
        """Run for at most so many seconds of wall time and say how it ended. Raises SolverError on an error.

        A linear program on which the solver could not decide is run once more, without presolve and from nothing.
        most: steps of simplex, where they are limited.
        """
        began = time.monotonic()
        if most is not None:
            self.set("simplex_iteration_limit", most)
        try:
            outcome = self._run_once(seconds)
        finally:
            if most is not None:
                self.set("simplex_iteration_limit", UNLIMITED)
        if outcome in ("undecided", "unknown") and not self.integer:
            self.set("presolve", "off")
            self.forget()
            outcome = self._run_once(seconds - (time.monotonic() - began))
        return outcome

    def run_cold(self, seconds: float, presolve: bool) -> Outcome:
        """Run a linear program from nothing. Presolve is off afterwards: later runs start warm."""
        self.set("presolve", "choose" if presolve else "off")
        outcome = self.run(seconds)
        self.set("presolve", "off")
        return outcome

    def _run_once(self, seconds: float) -> Outcome:
        global _threads_of_process  # noqa: PLW0603  the solver keeps it for the whole process
        if self.stop.is_set() and not self.deaf:
            return "interrupted"
        if seconds <= 0:
            return "limit"
        with _one_at_a_time:
            if _threads_of_process not in (0, self.threads):
                highspy.Highs.resetGlobalScheduler(True)  # else the run fails and the old solution stays readable
            _threads_of_process = self.threads
            if self._left is not None:
                self._left.ended()
                self.left_behind, self._left = False, None
            self.set("time_limit", self._highs.getRunTime() + seconds)
            with inside():
                run = Background(self._highs.bare)
                ended = self._awaited(run)
            if not ended:
                return "interrupted"
        status, self._fault = run.status, self._fault or run.fault
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault
        if status is None or status == highspy.HighsStatus.kError:
            raise SolverError(f"The solver's run failed: model status {self.raw_status}")
        outcome = outcome_of(self._highs.getModelStatus())
        if outcome in CERTAIN and (status != highspy.HighsStatus.kOk or self._empty_by_mistake):
            return "unknown"
        return outcome

    @property
    def _empty_by_mistake(self) -> bool:
        """Whether the solver calls a program empty that has columns."""
        return bool(self._highs.getModelStatus() == EMPTY and self.program.cost.size)

    def _awaited(self, run: Background) -> bool:
        """Wait until a run ends. A search that does not stop when told is left behind: then False."""
        told = None
        try:
            while not run.ended(0.1):  # between, signals are heard
                if self.integer and self.stop.is_set():
                    told = told or time.monotonic()
                    if time.monotonic() - told >= PATIENCE:
                        self.left_behind, self._left = True, run
                        return False
        except BaseException:
            self.left_behind, self._left = True, run
            raise
        return True

    def contradiction(self, seconds: float) -> tuple[list[int], list[int], list[int]] | None:
        """Rows, columns by their lower and columns by their upper bound that together leave an infeasible linear
        program no solution; None where the solver does not vouch for them. To be checked: it works in floating point.
        """
        bound = highspy.IisBoundStatus
        self.set("iis_strategy", IRREDUCIBLE)
        self.set("iis_time_limit", max(seconds, 0.0))
        status, found = self._highs.getIis()
        if status != highspy.HighsStatus.kOk or not found.valid_:
            return None
        rows, columns, _ = self.program.shape
        fits = len(found.col_index_) == len(found.col_bound_) and _within(found.col_index_, columns)
        if not fits or not _within(found.row_index_, rows):
            return None
        sides = list(zip(found.col_index_, found.col_bound_, strict=True))
        lower = (int(bound.kIisBoundStatusLower), int(bound.kIisBoundStatusBoxed))
        upper = (int(bound.kIisBoundStatusUpper), int(bound.kIisBoundStatusBoxed))
        low, high = ([int(n) for n, side in sides if int(side) in which] for which in (lower, upper))
        return [int(n) for n in found.row_index_], low, high

    def listen(self, tick: Tick) -> None:
        """From now on keep the solver's log in `lines`, what a search finds in `found` and `bound`.

        tick: called with plan and bound as the search goes on.
        """

        def told(event: highspy.HighsCallbackEvent, improved: bool = False) -> None:
            try:
                if improved:
                    values = np.array(event.data_out.mip_solution, dtype=np.float64)
                    self.found = event.data_out.objective_function_value, values
                self.bound = max(self.bound, event.data_out.mip_dual_bound)
                tick(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
            except BaseException as fault:  # must not pass through the solver: it would end the process
                self._fault = self._fault or fault

        self.set("log_to_console", False)
        self.set("output_flag", True)  # without it the log of the search is never called
        self._highs.cbLogging.subscribe(lambda event: self.lines.append(event.message))
        self._highs.cbMipLogging.subscribe(told)
        self._highs.cbMipImprovingSolution.subscribe(lambda event: told(event, improved=True))

    # what a run left

    @property
    def raw_status(self) -> str:
        """The solver's own word for how the last run ended."""
        return str(self._highs.modelStatusToString(self._highs.getModelStatus()))

    @property
    def has_values(self) -> bool:
        """Whether the last run left a plan that keeps every limit."""
        info = self._highs.getInfo()
        return bool(info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible))

    @property
    def objective(self) -> float:
        """Million USD of what the last run left. Raises SolverError where that is no number."""
        if not self.program.cost.size:
            return float(self.program.offset)  # the solver gives 0 for a program that is empty
        value = float(self._highs.getInfo().objective_function_value)
        if np.isnan(value):
            raise SolverError("The solver gave an objective that is no number")
        return value

    @property
    def search_bound(self) -> float:
        """Proved lower bound of the last branch-and-bound, million USD."""
        return float(self._highs.getInfo().mip_dual_bound)

    @property
    def iterations(self) -> int:
        """Steps of simplex of the last run."""
        return int(self._highs.getInfo().simplex_iteration_count)

    @property
    def nodes(self) -> int:
        """Branch-and-bound nodes of the last run."""
        return max(0, int(self._highs.getInfo().mip_node_count))

    def values(self) -> Floats:
        """The plan, (columns,). Raises SolverError where the solver's is shorter, longer or holds no numbers."""
        return _answered(self._highs.getSolution().col_value, self.program.shape[1], "plan")

    def duals(self) -> Floats:
        """Million USD by which cost rises when a row's limit rises by one unit, (rows,). Errors as of `values`."""
        return _answered(self._highs.getSolution().row_dual, self.program.shape[0], "worth of each row")

    def reduced_costs(self) -> Floats:
        """The same for a column's bound, (columns,). Errors as of `values`."""
        return _answered(self._highs.getSolution().col_dual, self.program.shape[1], "worth of each column")


def _answered(numbers: object, count: int, what: str) -> Floats:
    array: Floats = np.array(numbers, dtype=np.float64)
    if array.shape != (count,):
        raise SolverError(f"The solver gave {array.size} numbers as the {what} where the program has {count}")
    if not np.isfinite(array).all():
        raise SolverError(f"The solver gave values that are no finite numbers as the {what}")
    return array


def _within(places: Sequence[int], count: int) -> bool:
    return all(0 <= int(place) < count for place in places)


def _floats(array: Floats) -> Floats:
    return np.ascontiguousarray(array, dtype=np.float64)


def _places(array: Integers | NDArray[np.int32]) -> NDArray[np.int32]:
    return np.ascontiguousarray(array, dtype=np.int32)
