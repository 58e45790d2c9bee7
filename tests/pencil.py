"""Small cases, written in code, whose optimum can be worked out with a pencil.

A piece is a mapping of table name to rows; `case_of` puts pieces together and fills in what a small case leaves unsaid:
no discounting, yearly periods from 2027, one future, one place, commodities that cannot be thrown away.

Costs are USD/kg and quantities are tonnes, so the unit of a pencil case is a thousand USD. `optimum` speaks in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from orefolio.case.case import AfterShock, Case, Spans
from orefolio.case.schema import TABLES
from orefolio.errors import InfeasibleError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.solve import Options, Solution, solve

Rows = list[dict[str, Any]]
Piece = Mapping[str, Rows]

FIRST_YEAR = 2027
OTHER_SEED = 2718
CONFIRMED: list[float] = []
"""Optima that a second solve, without presolve and from another seed, has met."""
HOME = "home"
TAGGED = "china-content china-technology"
RULE: Piece = {
    "rules": [{"rule": "content", "in_force_share": 1.0, "threshold_share": 0.001, "basis": "value"}],
    "classes": [{"class_": "free"}, {"class_": "tagged", "tags": TAGGED}],
}
"""The rule on Chinese content, in force from the first day, with a free and a tagged class."""


def case_of(
    *pieces: Piece,
    years: int = 1,
    months: int = 12,
    grids: Mapping[str, Spans] | None = None,
    after_shock: AfterShock | None = None,
    reaction_years: float = 99.0,
    discount: float = 0.0,
    **settings: float,
) -> Case:
    """A case of pieces, over so many years from 2027 in periods of so many months."""
    rows: dict[str, Rows] = {}
    for piece in pieces:
        for table, more in piece.items():
            rows.setdefault(table, []).extend(more)
    rows.setdefault("settings", []).append({"setting": "discount_rate", "value": discount})
    rows["settings"] += [{"setting": name, "value": value} for name, value in settings.items()]
    _fill_in(rows)
    end = datetime.date(FIRST_YEAR + years, 1, 1)
    return Case(
        tables={table: tuple(TABLES[table](**row) for row in entries) for table, entries in rows.items()},
        name="pencil",
        title="a pencil case",
        folder=Path(),
        importer=("JP",),
        base_year=FIRST_YEAR,
        horizon_from=datetime.date(FIRST_YEAR, 1, 1),
        horizon_to=end,
        grid="only" if grids is None else next(iter(grids)),
        grids={"only": ((end, months),)} if grids is None else grids,
        after_shock=after_shock or AfterShock(),
        reaction_years=reaction_years,
    )


def _fill_in(rows: dict[str, Rows]) -> None:
    """Places, commodities, classes and the one future, where no piece states them."""
    every = [row for entries in rows.values() for row in entries]
    stated = {row["place"] for row in rows.get("places", [])}
    named = {row[column]: None for row in every for column in ("place", "from_place", "to_place") if column in row}
    rows.setdefault("places", []).extend(
        {"place": place, "country": "JP"} for place in {HOME: None, **named} if place not in stated
    )
    known = {row["commodity"] for row in rows.get("commodities", [])}
    materials = {row["commodity"]: None for row in every if "commodity" in row}
    rows.setdefault("commodities", []).extend(
        {"commodity": name, "stage": "product", "discardable": False} for name in materials if name not in known
    )
    rows.setdefault("classes", [{"class_": "free"}])
    rows.setdefault("futures", [{"future": "only", "weight": 1.0}])


def tables(**rows: Rows) -> Piece:
    """A piece given table by table."""
    return rows


def spot(
    name: str, commodity: str, price: float, most: float | None = None, country: str = "", **contract: Any
) -> Piece:
    """A spot market: a price in USD/kg, and the most that it sells in a year."""
    return deal(name, commodity, price, kind="spot", country=country, **_volume(most), **contract)


def offtake(
    name: str, commodity: str, price: float, most: float, *, years: tuple[int, int] | None = None, **contract: Any
) -> Piece:
    """An offtake that can be signed in a window of years; without one it is in force already."""
    window = {"in_force": True} if years is None else {"sign_from": years[0], "sign_to": years[1]}
    return deal(name, commodity, price, kind="offtake", **_volume(most), **window, **contract)


def _volume(most: float | None) -> dict[str, float]:
    return {} if most is None else {"volume_max_t_per_year": most}


def deal(
    name: str,
    commodity: str,
    price: float,
    *,
    item: Mapping[str, Any] | None = None,
    country: str = "",
    supplier: str = "",
    **contract: Any,
) -> Piece:
    """A contract with one item at a fixed price, or by the price rule in `item`; its supplier bears its name."""
    contract = {"place": HOME, "class_": "free", "supplier": supplier or name, **contract}
    terms = {"price_rule": "fixed", "price_usd_per_kg": price, **(item or {})}
    piece = {
        "contracts": [{"contract": name, **contract}],
        "contract_items": [{"contract": name, "commodity": commodity, **terms}],
    }
    return piece if supplier else {**piece, "suppliers": [{"supplier": name, "country": country}]}


def must(name: str, commodity: str, t_per_year: float, place: str = HOME, **demand: Any) -> Piece:
    """A demand that has to be met."""
    row = {"demand": name, "commodity": commodity, "t_per_year": t_per_year, "place": place, "value": "must"}
    return {"demands": [{**row, **demand}]}


def wanted(name: str, commodity: str, t_per_year: float, *losses: float, place: str = HOME, **demand: Any) -> Piece:
    """A demand that may go short, in steps of equal width, each at a loss in USD/kg."""
    row = {"demand": name, "commodity": commodity, "t_per_year": t_per_year, "place": place}
    steps = [
        {"demand": name, "step": number, "width_share": 1 / len(losses), "loss_usd_per_kg": loss}
        for number, loss in enumerate(losses, 1)
    ]
    return {"demands": [{**row, **demand}], "loss_steps": steps}


def process(
    name: str,
    takes: Mapping[str, float],
    gives: Mapping[str, float],
    *,
    capacity: float = 0.0,
    cost: float = 0.0,
    yields: Mapping[str, float] | None = None,
    **columns: Any,
) -> Piece:
    """A process with its recipe, tonnes per tonne of activity; `yields` gives the share of a commodity not lost."""
    kept = yields or {}
    row = {"process": name, "place": HOME, "stage": "product", "operating_usd_per_kg": cost, **columns}
    recipes = [
        {"process": name, "commodity": c, "direction": way, "t_per_t": t, "yield_share": kept.get(c, 1.0)}
        for way, side in (("in", takes), ("out", gives))
        for c, t in side.items()
    ]
    return {"processes": [{**row, "capacity_t_per_year": capacity}], "recipes": recipes}


def project(name: str, adds_to: str, most: float, *, lead: float = 0.0, capital: float = 0.0, **columns: Any) -> Piece:
    """A project, with capital in thousand USD whatever its size; it may be committed in any year."""
    row = {"project": name, "adds_to": adds_to, "size_max_t_per_year": most, "lead_time_years": lead}
    window = {"start_from": FIRST_YEAR, "start_to": FIRST_YEAR + 99}
    return {"projects": [{**row, "capital_musd": capital / 1000, **window, **columns}]}


def stockpile(name: str, commodity: str, room: float = 1e4, **columns: Any) -> Piece:
    """A private stockpile without any charge unless it is given."""
    row = {"stockpile": name, "commodity": commodity, "place": HOME, "owner": "private", "initial_class": "free"}
    return {"stockpiles": [{**row, "warehouse_t": room, **columns}]}


def lane(origin: str, destination: str, commodity: str, cost: float = 0.0, **columns: Any) -> Piece:
    """A lane, named by its ends."""
    ends = {"lane": f"{origin}>{destination}", "from_place": origin, "to_place": destination}
    return {"lanes": [{**ends, "commodity": commodity, "cost_usd_per_kg": cost, **columns}]}


def event(name: str, table: str, where: str, column: str, operation: str, value: float, **part: Any) -> Piece:
    """An event that changes one column."""
    change = {"table": table, "where": where, "column": column, "operation": operation, "value": value}
    return {"events": [{"event": name, "part": 1, **change, **part}]}


def future(
    name: str,
    weight: float,
    events: Mapping[str, str | tuple[str, float]] | None = None,
    onset: str | None = None,
) -> Piece:
    """A future and its events: first day, or first day and length in months."""
    happens = []
    for what, when in (events or {}).items():
        start, length = (when, float("inf")) if isinstance(when, str) else when
        happens.append({"future": name, "event": what, "start": start, "length_months": length})
    return {"futures": [{"future": name, "weight": weight, "onset": onset}], "future_events": happens}


@dataclass(frozen=True)
class Plan:
    """A solved case: its cost in thousand USD, and what its columns are in each future."""

    merged: Merged
    solution: Solution

    @property
    def cost(self) -> float:
        """Expected (or risk-weighted) cost, thousand USD."""
        return self.solution.objective * 1000

    @cached_property
    def columns(self) -> dict[str, dict[tuple[str, tuple[str, ...], int], float]]:
        """By future: (variable, index, period) and its value."""
        return {
            flat.path.future: {
                (label.name, label.index, label.period): float(value)
                for label, value in zip(flat.columns, self.merged.values_of(number, self.solution.values), strict=True)
            }
            for number, flat in enumerate(self.merged.flats)
        }

    def value(self, name: str, *index: str, period: int | None = None, future: str | None = None) -> float:
        """Sum of a variable over its periods (or one of them) in a future, by the first words of its index."""
        values = self.columns[future or self.merged.flats[0].path.future]
        return sum(
            value
            for (variable, words, number), value in values.items()
            if variable == name and words[: len(index)] == index and period in (None, number)
        )

    def costs(self, future: str | None = None) -> dict[str, float]:
        """Cost by name in a future, thousand USD."""
        names = [flat.path.future for flat in self.merged.flats]
        number = 0 if future is None else names.index(future)
        flat = self.merged.flats[number]
        paid = flat.totals @ self.merged.values_of(number, self.solution.values) + flat.constants
        result: dict[str, float] = {}
        for (name, _), amount in zip(flat.total_names, paid, strict=True):
            result[name] = result.get(name, 0.0) + 1000 * float(amount)
        return result


def plan(case: Case, futures: Iterable[str] | None = None, grid: str | None = None) -> Plan:
    """The optimal plan of a case, proved."""
    merged = build(case, grid=grid, futures=futures)
    solution = solve(merged.program, Options(abs_gap=0.0))
    assert solution.status == "optimal", solution.status
    _holds(merged, solution)
    _confirm(merged, solution)
    return Plan(merged, solution)


def _confirm(merged: Merged, solution: Solution) -> None:
    """The same optimum without presolve and from another seed: the two plans bound each other."""
    again = solve(merged.program, Options(abs_gap=0.0, presolve=False, seed=OTHER_SEED))
    assert again.status == "optimal", again.status
    slack = 1e-6 * max(1.0, abs(solution.objective))
    assert again.bound - slack <= solution.objective, "the second run proves that the first plan does not exist"
    assert solution.bound - slack <= again.objective, "the first run proves that the second plan does not exist"
    CONFIRMED.append(again.objective)


def _holds(merged: Merged, solution: Solution) -> None:
    """The plan keeps every row and bound."""
    program, values = merged.program, solution.values
    body = program.matrix @ values
    slack = 1e-6 * np.maximum(1.0, np.abs(body))
    assert np.all(body >= program.row_lower - slack)
    assert np.all(body <= program.row_upper + slack)
    assert np.all(values >= program.column_lower - 1e-6)
    assert np.all(values <= program.column_upper + 1e-6)


def optimum(case: Case) -> float:
    """The least cost of a case, thousand USD."""
    return plan(case).cost


def status(case: Case) -> str:
    """How the solve of a case ends, where no plan is expected."""
    try:
        return solve(build(case).program, Options(abs_gap=0.0)).status
    except InfeasibleError:
        return "infeasible"
