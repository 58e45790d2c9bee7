"""Supply systems of an example case: by patterns of ids, alone with all rivals closed, or taken away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from examples.runs import Example, outcome, served, trunk
from orefolio.case.adjust import Adjustment

MAKERS = ("x_metal_*", "x_mag_*")
"""Metal shops and magnet lines: they serve every system and are no source."""
CLAY = "mine_malaysia_clay"
"""A mine at work that no project of a rival closes."""


@dataclass(frozen=True)
class System:
    """A supply system by patterns of ids. runs: processes of which some must run, for each pattern. contracts: limit
    those of its suppliers. opened: projects that are closed at base."""

    suppliers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ("*",)
    opened: tuple[str, ...] = ()


@dataclass(frozen=True)
class Systems:
    """The supply systems of one case."""

    example: Example

    def ids(self, table: str, column: str, patterns: tuple[str, ...] = ("*",)) -> set[str]:
        """Ids of a table of the case that match one of the patterns; each pattern must match."""
        every = [str(getattr(row, column)) for row in self.example.case.rows(table)]
        assert all(any(fnmatchcase(name, pattern) for name in every) for pattern in patterns), patterns
        return {name for name in every if any(fnmatchcase(name, pattern) for pattern in patterns)}

    def alone(self, system: System) -> list[Adjustment]:
        """All rivals of a system closed: other suppliers and projects, mines at work, scrap, substitutes, stock."""
        suppliers = self.ids("suppliers", "supplier", system.suppliers)
        projects = self.ids("projects", "project", (*system.projects, *MAKERS))
        opened = self.ids("projects", "project", system.opened)
        changes = shut("suppliers", "supplier", self.ids("suppliers", "supplier") - suppliers, "availability_share")
        changes += shut("projects", "project", self.ids("projects", "project") - projects, "open_share")
        changes += shut("projects", "project", opened, "open_share", 1.0)
        left = self._left(suppliers, system.contracts)
        for cell in ("volume_min_t_per_year", "volume_max_t_per_year"):
            changes += shut("contracts", "contract", left, cell)
        changes += [] if CLAY in system.runs else no_clay()
        return [*changes, *no_stock(), *no_collection(), *self.no_substitution()]

    def _left(self, suppliers: set[str], contracts: tuple[str, ...]) -> set[str]:
        """Contracts of suppliers that match none of the patterns."""
        own = [row.contract for row in self.example.case.rows("contracts") if row.supplier in suppliers]
        return {name for name in own if not any(fnmatchcase(name, pattern) for pattern in contracts)}

    def without(self, system: System) -> list[Adjustment]:
        """A system taken away."""
        suppliers = self.ids("suppliers", "supplier", system.suppliers)
        changes = shut("suppliers", "supplier", suppliers, "availability_share")
        changes += shut("projects", "project", self.ids("projects", "project", system.projects), "open_share")
        return [*changes, *no_clay()] if CLAY in system.runs else changes

    def no_substitution(self) -> list[Adjustment]:
        return shut("programmes", "programme", self.ids("programmes", "programme") - {"collection"}, "start_to")

    def assert_delivers_alone(self, system: System) -> None:
        """With its rivals closed a system sells, runs and serves."""
        plan = outcome(trunk(self.example.study(), *self.alone(system), gap=0.05))
        bought = {plan.case.row("contracts", e.index[0]).supplier for e in plan.trunk.entries("buy")}
        assert bought == self.ids("suppliers", "supplier", system.suppliers)
        ran = {entry.index[0] for entry in plan.trunk.entries("activity")}
        for pattern in system.runs:
            assert any(fnmatchcase(name, pattern) for name in ran), f"{pattern} does not run"
        assert served(plan) > 0


def shut(table: str, column: str, names: Collection[str], cell: str, value: float = 0.0) -> list[Adjustment]:
    return [Adjustment(table, f"{column}={name}", cell, "set", value) for name in sorted(names)]


def no_clay() -> list[Adjustment]:
    return shut("processes", "process", [CLAY], "capacity_t_per_year")


def no_stock() -> list[Adjustment]:
    cells = ("initial_t", "pace_t_per_year", "cover_days")
    return [Adjustment("stockpiles", "*", cell, "set", 0.0) for cell in cells]


def no_collection() -> list[Adjustment]:
    return [
        Adjustment("scrap", "*", "rate_share", "set", 0.0),
        Adjustment("programmes", "programme=collection", "start_to", "set", 0.0),
    ]
