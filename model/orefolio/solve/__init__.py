"""The solver floor: a program in, a plan with what is proved about it out."""

from orefolio.solve.options import Options
from orefolio.solve.session import Session
from orefolio.solve.solution import Progress, Solution, Status
from orefolio.solve.solve import fixed, relaxed, solve

__all__ = ["Options", "Progress", "Session", "Solution", "Status", "fixed", "relaxed", "solve"]
