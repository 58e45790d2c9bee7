"""A solved case as the tables read it: the merged program, the plan, and every future under that plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from orefolio.case.case import Case
from orefolio.errors import SolverError
from orefolio.program.merge import Merged
from orefolio.program.program import Places
from orefolio.solve import Options, Solution

from .choices import Choice, choices
from .future import TINY, Entry, Lived
from .names import Names
from .supply import EVERY_ELEMENT, EVERY_STAGE, HEAVY, Source, supplied
from .tail import tail_mean

__all__ = ["TINY", "Choice", "Entry", "Lived", "Outcome", "tail_mean"]

EVERY_FUTURE = "every future"
TRUNK = "trunk"
RISK = ("eta", "tail", "worst", "regret", "eta_short", "tail_short")
COMMITMENTS = ("size", "sign", "tranche", "level_on")


@dataclass(frozen=True)
class Outcome:
    """A solved case that has a plan.

    nothing_musd: expected cost of committing nothing, a proved lower bound of it, or None where it is not known.
    """

    merged: Merged
    solution: Solution
    options: Options = field(default_factory=Options)
    nothing_musd: float | None = None

    @property
    def case(self) -> Case:
        """The case as solved, levers and overlays applied."""
        return self.merged.tree.case

    @cached_property
    def futures(self) -> tuple[Lived, ...]:
        """Every future under the plan, in the order of the case."""
        values = self.solution.values
        return tuple(
            Lived(flat, self.merged.values_of(number, values), self.merged.column_of[number], nodes)
            for number, (flat, nodes) in enumerate(zip(self.merged.flats, self.merged.tree.node, strict=True))
        )

    @cached_property
    def trunk(self) -> Lived:
        """The trunk's own continuation, or the first future where each one parts."""
        return next((lived for lived in self.futures if lived.path.onset is None), self.futures[0])

    @cached_property
    def expected_cost(self) -> float:
        """Mean cost over the futures, million USD."""
        return sum(lived.weight * lived.cost for lived in self.futures)

    @cached_property
    def tail_cost(self) -> float:
        """Mean cost of the worst futures at the case's risk level, million USD."""
        return self.tail([lived.cost for lived in self.futures])

    def tail(self, values: list[float]) -> float:
        """Mean of the worst of one number per future at the case's risk level."""
        weights = [lived.weight for lived in self.futures]
        return tail_mean(values, weights, self.case.setting("risk_level", 0.9))

    @cached_property
    def worst(self) -> Lived:
        """The dearest future."""
        return max(self.futures, key=lambda lived: lived.cost)

    def verify(self) -> None:
        """Check that the parts of cost add up to the objective. Raises SolverError where they do not."""
        weight = self.case.setting("risk_weight", 0.0)
        share, least = 1 - weight, weight * self.tail_cost
        if self.case.setting("worst_case", 0.0) > 0:
            share, least = 0.0, self.worst.cost
        if self.merged.own_best:
            bests = [bound for bound, _ in self.merged.own_best]
            share, least = 0.0, max(f.cost - best for f, best in zip(self.futures, bests, strict=True))
        paid = self._paid_for_risk
        total, plan = share * self.expected_cost + paid, self.solution.objective
        slack = 1e-6 * max(1.0, abs(plan))
        if abs(total - plan) > slack or least > paid + slack:
            raise SolverError(f"The parts of cost sum to {total:.6f} million USD, the plan to {plan:.6f}")

    @property
    def _paid_for_risk(self) -> float:
        """What the objective counts beside the mean: not less than the tail by sorting, or than the worst."""
        program, values = self.merged.program, self.solution.values
        columns = self.column_names.places_of(RISK)
        return float(sum(program.cost[number] * values[number] for number in columns.tolist()))

    @cached_property
    def column_names(self) -> Names:
        """The variables of the merged columns."""
        return Names.among(self.merged.program.columns)

    @cached_property
    def row_names(self) -> Names:
        """The families of the merged rows."""
        return Names.among(self.merged.program.rows)

    @cached_property
    def _passing(self) -> tuple[Places, Places]:
        """The futures that share each merged column, column by column, and where each column's begin in them."""
        columns = np.concatenate(self.merged.column_of)
        futures = np.repeat(np.arange(len(self.futures)), [each.size for each in self.merged.column_of])
        ends = np.cumsum(np.bincount(columns, minlength=len(self.merged.program.columns)))
        order = np.argsort(columns, kind="stable")
        return futures[order].astype(np.int32), np.concatenate(([0], ends)).astype(np.int32)

    def sharing(self, column: int) -> tuple[int, ...]:
        """The numbers of the futures that share a merged column."""
        futures, begins = self._passing
        return tuple(futures[begins[column] : begins[column + 1]].tolist())

    def branch(self, futures: Iterable[int]) -> str:
        """Words for a set of futures: every future, the trunk, or their ids."""
        numbers = tuple(futures)
        if numbers not in self._branches:
            self._branches[numbers] = self._branch(numbers)
        return self._branches[numbers]

    @cached_property
    def _branches(self) -> dict[tuple[int, ...], str]:
        return {}

    def _branch(self, numbers: tuple[int, ...]) -> str:
        if len(numbers) == len(self.futures):
            return EVERY_FUTURE
        if any(self.futures[number].path.onset is None for number in numbers):
            return TRUNK
        return " ".join(self.ids(numbers))

    def ids(self, futures: Iterable[int]) -> list[str]:
        """The ids of futures."""
        return [self.futures[number].name for number in futures]

    def chance(self, futures: Iterable[int]) -> float:
        """The probability of a set of futures."""
        return sum(self.futures[number].weight for number in futures)

    def decisions(self, name: str) -> list[tuple[Entry, tuple[int, ...]]]:
        """The columns of a variable that are not zero, each once, with the futures that share it; by time and index."""
        found: dict[int, Entry] = {}
        for lived in self.futures:
            for entry in lived.entries(name):
                found.setdefault(entry.column, entry)
        chosen = [(entry, self.sharing(column)) for column, entry in found.items()]
        return sorted(chosen, key=lambda item: (item[0].period.start, item[0].index, item[1]))

    @cached_property
    def supply(self) -> tuple[dict[Source, float], ...]:
        """Tonnes of each element by source and calendar year, one for each future."""
        return tuple(supplied(lived) for lived in self.futures)

    @cached_property
    def by_country(self) -> dict[tuple[str, int, str, str], dict[str, float]]:
        """Tonnes by country. Key: future or `expected`, calendar year, stage or all stages, element or sum of some."""
        heavy = {row.element for row in self.case.rows("elements") if row.heavy}
        result: dict[tuple[str, int, str, str], dict[str, float]] = {}
        for lived, supply in zip(self.futures, self.supply, strict=True):
            name, weight = lived.name, lived.weight
            known: dict[tuple[int, str, str, bool], tuple[list[dict[str, float]], list[dict[str, float]]]] = {}
            for source, tonnes in supply.items():
                sort = (source.year, source.stage, source.element, source.enters)
                if sort not in known:
                    stages = (source.stage, EVERY_STAGE) if source.enters else (source.stage,)
                    sums = (HEAVY, EVERY_ELEMENT) if source.element in heavy else (EVERY_ELEMENT,)
                    keys = [(source.year, stage, element) for stage in stages for element in (source.element, *sums)]
                    own = [result.setdefault((name, *key), {}) for key in keys]
                    known[sort] = own, [result.setdefault(("expected", *key), {}) for key in keys]
                country, weighted = source.country, weight * tonnes
                own, expected = known[sort]
                for countries in own:
                    countries[country] = countries.get(country, 0.0) + tonnes
                for countries in expected:
                    countries[country] = countries.get(country, 0.0) + weighted
        return result

    def open_at(self, number: int) -> dict[tuple[str, tuple[str, ...]], list[float]]:
        """When a future could commit to what: (variable, index) to moments, years since the horizon's first day."""
        return self._open[number]

    @cached_property
    def _open(self) -> list[dict[tuple[str, tuple[str, ...]], list[float]]]:
        result: list[dict[tuple[str, tuple[str, ...]], list[float]]] = []
        for lived in self.futures:
            found: dict[tuple[str, tuple[str, ...]], list[float]] = {}
            for label in lived.flat.columns:
                if label.name in COMMITMENTS:
                    start = lived.path.periods[label.period].start
                    found.setdefault((label.name, label.index), []).append(start)
            result.append(found)
        return result

    @cached_property
    def commitments(self) -> list[Choice]:
        """What the plan commits to, by date and kind."""
        return choices(self)

    def commitments_of(self, kind: str) -> dict[str, list[Choice]]:
        """The commitments of a kind (`project`, `contract`, `tranche`, `programme`) by id, each in its order."""
        found: dict[str, list[Choice]] = {}
        for choice in self.commitments:
            if choice.kind == kind:
                found.setdefault(choice.id, []).append(choice)
        return found
