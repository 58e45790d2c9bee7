"""One future as a plan lives through it: its own columns with their values, its costs, its shortage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orefolio.case.scenarios import Path, Period
from orefolio.program.flatten import Flat
from orefolio.program.program import Floats, Places

from .calendar import years_of

TINY = 1e-6
"""Tonnes, or shares of a decision, below which a value is a rounding error of the solver."""


@dataclass(frozen=True)
class Entry:
    """A column that is not zero. cost_musd: discounted, over the whole future; column: its place among the merged."""

    index: tuple[str, ...]
    period: Period
    value: float
    cost_musd: float
    column: int


@dataclass(frozen=True)
class Lived:
    """A future under a plan. values: (own columns,) in the order of `flat.columns`; merged: their merged places."""

    flat: Flat
    values: Floats
    merged: Places
    nodes: tuple[int, ...]

    @property
    def path(self) -> Path:
        """The path of this future."""
        return self.flat.path

    @property
    def name(self) -> str:
        """The id of the future."""
        return self.path.future

    @property
    def weight(self) -> float:
        """The probability of the future."""
        return self.path.weight

    @cached_property
    def _by_name(self) -> dict[str, list[Entry]]:
        grouped: dict[str, list[Entry]] = {}
        periods, columns, cost = self.path.periods, self.flat.columns, self.flat.cost
        shown = np.flatnonzero(np.abs(self.values) > TINY)
        numbers = (self.values[shown], self.values[shown] * cost[shown], self.merged[shown])
        for position, value, musd, column in zip(shown.tolist(), *(each.tolist() for each in numbers), strict=True):
            label = columns[position]
            entry = Entry(label.index, periods[label.period], value, musd, column)
            grouped.setdefault(label.name, []).append(entry)
        return grouped

    def entries(self, name: str) -> list[Entry]:
        """The columns of a variable that are not zero, in the order of the program."""
        return self._by_name.get(name, [])

    def entries_of(self, name: str, thing: str) -> list[Entry]:
        """Those of them whose index begins with a word: the contract, project or process that they are about."""
        return self._things(name).get(thing, [])

    def _things(self, name: str) -> dict[str, list[Entry]]:
        if name not in self._by_thing:
            found = self._by_thing[name] = {}
            for entry in self.entries(name):
                found.setdefault(entry.index[0], []).append(entry)
        return self._by_thing[name]

    @cached_property
    def _by_thing(self) -> dict[str, dict[str, list[Entry]]]:
        return {}

    @cached_property
    def years(self) -> list[list[tuple[int, float]]]:
        """The calendar years of each period, each with its share of the period's time."""
        return [years_of(self.path.case, period) for period in self.path.periods]

    @cached_property
    def costs(self) -> dict[tuple[str, int], float]:
        """Discounted million USD by name of cost and period in which it is paid."""
        paid = self.flat.totals @ self.values + self.flat.constants
        return {key: float(musd) for key, musd in zip(self.flat.total_names, paid, strict=True)}

    @cached_property
    def cost(self) -> float:
        """Discounted million USD of the whole future."""
        return sum(self.costs.values())

    @cached_property
    def cost_by_year(self) -> dict[tuple[str, int], float]:
        """Discounted million USD by name and calendar year, blocks split evenly."""
        result: dict[tuple[str, int], float] = {}
        for (name, number), musd in self.costs.items():
            for year, share in self.years[number]:
                result[name, year] = result.get((name, year), 0.0) + share * musd
        return result

    @cached_property
    def loss_musd_per_t(self) -> dict[tuple[str, str], list[float]]:
        """What a tonne not served costs in each period, million USD of its time, by demand and step."""
        case = self.path.case
        return {
            (row.demand, str(row.step)): [
                1e-3 * loss for loss in self.path.series("loss_steps", f"{row.demand}/{row.step}", "loss_usd_per_kg")
            ]
            for row in case.rows("loss_steps")
        }

    @cached_property
    def short_t(self) -> float:
        """Tonnes not served over the horizon."""
        return sum(entry.value for entry in self.entries("short"))

    @cached_property
    def short_musd(self) -> float:
        """Value lost by shortage over the horizon, million USD, not discounted."""
        loss = self.loss_musd_per_t
        return sum(e.value * loss[e.index[0], e.index[1]][e.period.number] for e in self.entries("short"))

    @cached_property
    def released_t(self) -> float:
        """Tonnes taken from stockpiles over the horizon, rotation apart."""
        return sum(entry.value for entry in self.entries("take"))

    @cached_property
    def released_public_t(self) -> float:
        """The part of it that the state's stockpiles release."""
        public = {row.stockpile for row in self.path.case.rows("stockpiles") if row.owner == "public"}
        return sum(entry.value for entry in self.entries("take") if entry.index[0] in public)
