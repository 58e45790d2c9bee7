"""The method: relaxation, dive, a first plan with its proved gap, search to the asked gap, then the plan made exact."""

from __future__ import annotations

import threading

from orefolio.program.program import Floats, Program
from orefolio.solve.options import Options
from orefolio.solve.session import Session
from orefolio.solve.solution import Listener, Solution


def solve(
    program: Program,
    options: Options | None = None,
    progress: Listener | None = None,
    warm: Floats | None = None,
    stop: threading.Event | None = None,
) -> Solution:
    """Solve a program to the asked gap, or as far as the limits allow.

    progress: called with each new plan and bound, maybe from the solver's thread. warm: (columns,) a plan to begin
    with; only its binaries are used. stop: set from anywhere to end the solve with its best plan; the first SIGINT or
    SIGTERM does the same when called from the main thread.

    Raises SolverError where the program holds numbers on which the solver goes wrong in silence, or the solver fails.
    """
    session = Session(program, options or Options(), stop)
    return session.solve(progress, warm)


def relaxed(program: Program, options: Options | None = None, stop: threading.Event | None = None) -> Solution:
    """The linear relaxation alone: its objective is the bound; values, duals and reduced costs are its vertex.

    Binaries may be fractional. Status, limits and errors as in `solve`.
    """
    return Session(program, options or Options(), stop).relaxed()


def fixed(
    program: Program, values: Floats, options: Options | None = None, stop: threading.Event | None = None
) -> Solution:
    """The program with its binaries fixed at those of a plan, (columns,), rounded: the rest is chosen anew.

    Its duals say what each limit is worth under that plan. The bound is that of the fixed program. Status "infeasible"
    where the binaries leave no plan. Limits and errors as in `solve`.
    """
    return Session(program, options or Options(), stop).fixed(values)
