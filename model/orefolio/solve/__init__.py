"""The solver floor: a program in, a plan with what is proved about it out; and why there is none."""

from orefolio.solve.conflict import Conflict, Limit, Relaxation, Slack, cheapest_relaxation, find_conflict
from orefolio.solve.options import Options
from orefolio.solve.session import Session
from orefolio.solve.solution import Progress, Solution, Status
from orefolio.solve.solve import fixed, relaxed, solve

__all__ = [
    "Conflict",
    "Limit",
    "Options",
    "Progress",
    "Relaxation",
    "Session",
    "Slack",
    "Solution",
    "Status",
    "cheapest_relaxation",
    "find_conflict",
    "fixed",
    "relaxed",
    "solve",
]
