"""Oxide that demand needs: through the case's own recipes, with swarf credited for what comes back from it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from orefolio.case.case import Case
from orefolio.tables.outcome.supply import content_of

Tonnes = dict[str, float]
"""Tonnes of oxide by element."""
STOP = ("ore", "concentrate", "oxide")
"""Stages at which a commodity is its own content."""


class Need:
    """Tonnes of oxide by element that one tonne of a commodity takes."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.content = content_of(case)
        self.stages = {row.commodity: row.stage for row in case.rows("commodities")}
        self.known: dict[str, Tonnes] = {}

    @cached_property
    def recipes(self) -> dict[str, list[Any]]:
        """The recipe rows of each process that stands and serves without any programme."""
        adopted = {row.process: row.initial_share > 0 for row in self.case.rows("substitutions")}
        standing = {
            row.process
            for row in self.case.rows("processes")
            if row.capacity_t_per_year > 0 and adopted.get(row.process, True)
        }
        result: dict[str, list[Any]] = {name: [] for name in standing}
        for row in self.case.rows("recipes"):
            if row.process in standing:
                result[row.process].append(row)
        return result

    @cached_property
    def maker(self) -> dict[str, str]:
        """The first process that makes each commodity as its main product, in the order of the case."""
        made: dict[str, str] = {}
        for row in self.case.rows("recipes"):
            if row.process in self.recipes and row.direction == "out" and abs(row.t_per_t * row.yield_share - 1) < 1e-9:
                made.setdefault(row.commodity, row.process)
        return made

    @cached_property
    def returns(self) -> dict[str, Tonnes]:
        """Oxide that one tonne of each scrap gives back, by element, in the first process that takes it."""
        result: dict[str, Tonnes] = {}
        for rows in self.recipes.values():
            scraps = [row for row in rows if row.direction == "in" and self.stages[row.commodity] == "scrap"]
            for scrap in scraps:
                given: Tonnes = defaultdict(float)
                for row in rows:
                    if row.direction == "out":
                        for element, share in self.content.get(row.commodity, ()):
                            given[element] += row.t_per_t * row.yield_share * share * scrap.yield_share / scrap.t_per_t
                result.setdefault(scrap.commodity, given)
        return result

    def of(self, commodity: str) -> Tonnes:
        """Tonnes of oxide by element for one tonne of a commodity."""
        if commodity not in self.known:
            self.known[commodity] = dict(self.content.get(commodity, ()))
            maker = self.maker.get(commodity)
            if maker is not None and self.stages[commodity] not in STOP:
                self.known[commodity] = self._through(self.recipes[maker])
        return self.known[commodity]

    def _through(self, rows: list[Any]) -> Tonnes:
        total: Tonnes = defaultdict(float)
        for row in rows:
            if row.direction == "in":
                for element, tonnes in self.of(row.commodity).items():
                    total[element] += tonnes * row.t_per_t / row.yield_share
            elif self.stages[row.commodity] == "scrap":
                for element, tonnes in self.returns.get(row.commodity, {}).items():
                    total[element] -= tonnes * row.t_per_t * row.yield_share
        return total


def needed(case: Case, year: int) -> Tonnes:
    """Tonnes of oxide by element that serve all demand of a calendar year."""
    need = Need(case)
    total: Tonnes = defaultdict(float)
    for row in case.rows("demands"):
        grown = (1.0 + row.growth_share_per_year) ** (year - case.base_year)
        for element, tonnes in need.of(row.commodity).items():
            total[element] += tonnes * row.t_per_year * row.multiple * grown
    return total
