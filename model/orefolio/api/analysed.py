"""Analyses of sensitivity as methods of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from orefolio.analyses.sweep.analysis import Answer
    from orefolio.api import Study


class Analysed:
    """What a case can be asked. Each takes the words of its analysis by name, and what `sensitivity` takes.

    An answer has `sentences`, `rows` under `headings`, `tables`, `figure` for plotly, and `content` as JSON has it.
    """

    def sensitivity(self, analysis: str, /, *, out: str | Path = "results", jobs: int = 1, **asked: Any) -> Answer:
        """Ask an analysis by its name, as the command does; what is there already is not planned again.

        asked: words of the analysis, options of `solve`, grid, scheduler, insecure, warn. Raises as the command does.
        """
        from orefolio.api.sensitivity import asked_of

        return asked_of(cast("Study", self), analysis, Path(out), jobs, asked)

    def tornado(self, **asked: Any) -> Answer:
        """Which levers move cost and plan, each alone at its low and its high end."""
        return self.sensitivity("tornado", **asked)

    def breakeven(self, lever: str, **asked: Any) -> Answer:
        """At which value of a lever a decision flips."""
        return self.sensitivity("breakeven", lever=lever, **asked)

    def grid(self, first: str, second: str, **asked: Any) -> Answer:
        """What two levers do together, and which plan is best where."""
        return self.sensitivity("grid", first=first, second=second, **asked)

    def screen(self, **asked: Any) -> Answer:
        """Which levers matter at all, by Morris."""
        return self.sensitivity("screen", **asked)

    def discover(self, **asked: Any) -> Answer:
        """In which region of the levers the plan fails, by PRIM."""
        return self.sensitivity("discover", **asked)

    def frontier(self, **asked: Any) -> Answer:
        """What less of a measure costs, with what is proved of each point."""
        return self.sensitivity("frontier", **asked)

    def alternatives(self, **asked: Any) -> Answer:
        """Other portfolios of almost least cost, and what all of them have in common."""
        return self.sensitivity("alternatives", **asked)

    def stress(self, **asked: Any) -> Answer:
        """The plan in each future, under other weights, and in cases that it was not made for."""
        return self.sensitivity("stress", **asked)

    def value(self, **asked: Any) -> Answer:
        """What information, rules, supply systems and waiting are worth."""
        return self.sensitivity("value", **asked)

    def rules(self, **asked: Any) -> Answer:
        """The sweeps that the case asks for, on one page."""
        return self.sensitivity("rules", **asked)

    def shares_of_variance(self, **asked: Any) -> Answer:
        """Which share of a figure's variance each lever makes, by Sobol, and PAWN: the analysis `global`."""
        return self.sensitivity("global", **asked)
