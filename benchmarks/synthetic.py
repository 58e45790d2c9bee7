"""A case of any size with the structure of the real ones, made in memory from a seed.

Mines, separation plants that make all elements at once and a metal line for each element stand at sites; lanes bring
metal home under a licence that stops the tagged class. At home there are spot markets and offtakes with take-or-pay, a
stockpile for each element and demands with steps of loss. Every project and contract is decided in the first year.

Futures part in the first period, so that decisions are shared and everything else stands in each future by itself, and
they differ in numbers alone: what suppliers, sites and licences let through, prices, demand.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from orefolio.case.case import AfterShock, Case
from orefolio.case.schema import TABLES

FIRST_YEAR = 2027
MONTHS = 6
"""Months of a period."""
HOME = "home"
FREE, TAGGED = "free", "tagged"
HOME_MARKET, WORLD = "china", "world"
COUNTRIES = ("AU", "VN", "MY", "US")
SUPPLIERS = (("dragon", "CN", TAGGED), ("coral", "AU", FREE), ("lotus", "VN", FREE))
STEPS = ((0.3, 40.0), (0.7, 400.0))
"""Steps of loss of a demand: width, share of it; loss, USD/kg over the price of the element."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Size:
    """How many of each there are. periods: half-years; sectors: demands for each element."""

    futures: int
    periods: int
    sites: int
    elements: int
    sectors: int = 2


SIZES = {
    "7 k": Size(futures=4, periods=10, sites=3, elements=3),
    "28 k": Size(futures=4, periods=20, sites=4, elements=6),
    "263 k": Size(futures=10, periods=40, sites=6, elements=8),
    "1.7 M": Size(futures=50, periods=40, sites=8, elements=9),
}
"""By the columns of the program, about."""


def synthetic(size: Size, seed: int = 1) -> Case:
    """The case of a size."""
    draw = np.random.default_rng(seed)
    rows: dict[str, Rows] = {}
    for part in (_basics, _sites, _sources, _home, _futures):
        for table, row in part(size, draw):
            rows.setdefault(table, []).append(row)
    end = datetime.date(FIRST_YEAR + size.periods * MONTHS // 12, 1, 1)
    return Case(
        tables={table: tuple(TABLES[table](**row) for row in entries) for table, entries in rows.items()},
        name="synthetic",
        title="a synthetic case",
        folder=Path(),
        importer=("JP",),
        base_year=FIRST_YEAR,
        horizon_from=datetime.date(FIRST_YEAR, 1, 1),
        horizon_to=end,
        grid="half-years",
        grids={"half-years": ((end, MONTHS),)},
        after_shock=AfterShock(),
        reaction_years=1.0,
    )


def _elements(size: Size) -> list[str]:
    return [f"e{number}" for number in range(1, size.elements + 1)]


def _shares(size: Size) -> list[float]:
    """The share of each element in the oxides of a concentrate."""
    weights = [1.0 / number for number in range(1, size.elements + 1)]
    return [weight / sum(weights) for weight in weights]


def _places(size: Size) -> list[str]:
    return [f"site-{number}" for number in range(1, size.sites + 1)]


def _basics(size: Size, draw: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Settings, materials, what they hold, prices."""
    settings = {"discount_rate": 0.03, "risk_weight": 0.3, "risk_level": 0.8, "residual_share": 0.0}
    yield from (("settings", {"setting": name, "value": value}) for name, value in settings.items())
    yield "classes", {"class_": FREE}
    yield "classes", {"class_": TAGGED, "tags": "china-content"}
    yield "licences", {"licence": "export", "approval_share": 0.9}
    yield "markets", {"market": HOME_MARKET}
    yield "markets", {"market": WORLD}
    yield "commodities", {"commodity": "concentrate", "stage": "concentrate", "discardable": False}
    elements = _elements(size)
    for element, share in zip(elements, _shares(size), strict=True):
        price = float(draw.uniform(20, 300))
        yield "elements", {"element": element, "name": element}
        yield "commodities", {"commodity": f"oxide-{element}", "stage": "oxide", "discard_usd_per_kg": 0.1}
        yield "commodities", {"commodity": f"metal-{element}", "stage": "metal", "discardable": False}
        yield "content", {"commodity": "concentrate", "element": element, "share": 0.5 * share}
        yield "content", {"commodity": f"oxide-{element}", "element": element, "share": 1.0}
        yield "content", {"commodity": f"metal-{element}", "element": element, "share": 1.17}
        for market, multiple in ((HOME_MARKET, 1.0), (WORLD, 1.25)):
            yield (
                "element_prices",
                {"market": market, "element": element, "chinese_usd_per_kg": price, "multiple": multiple},
            )
            for form, realised, fee in (("oxide", 0.95, 0.0), ("metal", 1.0, 6.0)):
                key = {"market": market, "commodity": f"{form}-{element}"}
                yield "prices", {**key, "realisation_share": realised, "fee_usd_per_kg": fee}
    for market in (HOME_MARKET, WORLD):
        yield "prices", {"market": market, "commodity": "concentrate", "realisation_share": 0.6}


def _sites(size: Size, draw: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Mines, plants and lines at each site, what may be added to them, outlets, and lanes home."""
    yield "places", {"place": HOME, "country": "JP"}
    elements, shares = _elements(size), _shares(size)
    for number, place in enumerate(_places(size)):
        yield "places", {"place": place, "country": COUNTRIES[number % len(COUNTRIES)]}
        mine, plant = f"mine-{place}", f"separation-{place}"
        yield from _process(draw, mine, place, "concentrate", 1200.0, {"concentrate": ("out", 1.0)})
        made = {f"oxide-{e}": ("out", s / shares[0]) for e, s in zip(elements, shares, strict=True)}
        fed = {"concentrate": ("in", 2.05 / shares[0])}
        yield from _process(draw, plant, place, "oxide", 500.0 * shares[0], {**fed, **made})
        yield from _project(draw, mine, 900.0, lead=2.0)
        yield from _project(draw, plant, 400.0 * shares[0], lead=1.5)
        for element in elements:
            line, oxide, metal = f"line-{element}-{place}", f"oxide-{element}", f"metal-{element}"
            yield from _process(draw, line, place, "metal", 55.0, {oxide: ("in", 1.19), metal: ("out", 1.0)})
            yield from _project(draw, line, 60.0, lead=1.0)
            outlet = {"place": place, "commodity": oxide, "step": 1, "market": HOME_MARKET, "price_share": 0.7}
            yield "outlets", {**outlet, "t_per_year": float(draw.uniform(5, 20))}
            lane = {"lane": f"{place}>{HOME}:{element}", "from_place": place, "to_place": HOME, "commodity": metal}
            cost = {"cost_usd_per_kg": float(draw.uniform(0.2, 0.9)), "tariff_share": 0.01, "loss_share": 0.005}
            yield "lanes", {**lane, **cost, "capacity_t_per_year": 110.0, "licence": "export"}


def _process(
    draw: np.random.Generator, name: str, place: str, stage: str, most: float, recipe: dict[str, tuple[str, float]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    numbers = {
        "capacity_t_per_year": most * float(draw.uniform(0.7, 1.3)),
        "operating_usd_per_kg": float(draw.uniform(2, 9)),
        "availability_share": 0.95,
    }
    yield "processes", {"process": name, "place": place, "stage": stage, **numbers}
    for commodity, (direction, tonnes) in recipe.items():
        yield "recipes", {"process": name, "commodity": commodity, "direction": direction, "t_per_t": tonnes}


def _project(draw: np.random.Generator, target: str, most: float, lead: float) -> Iterator[tuple[str, dict[str, Any]]]:
    capital = float(draw.uniform(4, 9))
    yield (
        "projects",
        {
            "project": f"more-{target}",
            "adds_to": target,
            "size_min_t_per_year": 0.2 * most,
            "size_max_t_per_year": most,
            "capital_musd": 0.002 * capital * most,
            "capital_usd_per_t_per_year": 1000 * capital,
            "fixed_usd_per_t_per_year": 500.0,
            "lead_time_years": lead,
            "ramp": (0.5, 1.0),
            "start_from": FIRST_YEAR,
            "start_to": FIRST_YEAR,
        },
    )


def _sources(size: Size, draw: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Suppliers with a spot market and an offtake of each metal, and a spot market of concentrate at each site."""
    for supplier, country, class_ in SUPPLIERS:
        yield "suppliers", {"supplier": supplier, "country": country}
        for element in _elements(size):
            metal = f"metal-{element}"
            of = {"supplier": supplier, "place": HOME, "class_": class_, "licence": "export"}
            capacity = {"supplier": supplier, "commodity": metal, "from_year": FIRST_YEAR}
            yield "supplier_capacity", {**capacity, "t_per_year": float(draw.uniform(120, 200))}
            spot, offtake = f"spot-{supplier}-{element}", f"offtake-{supplier}-{element}"
            yield "contracts", {"contract": spot, "kind": "spot", "volume_max_t_per_year": 150.0, **of}
            index = {"price_rule": "index", "market": WORLD, "index_multiple": float(draw.uniform(1.0, 1.4))}
            yield "contract_items", {"contract": spot, "commodity": metal, **index}
            yield "contracts", {"contract": offtake, "kind": "offtake", **_terms(draw), **of}
            fixed = {"price_rule": "fixed", "price_usd_per_kg": float(draw.uniform(30, 250))}
            yield "contract_items", {"contract": offtake, "commodity": metal, **fixed}
    yield "suppliers", {"supplier": "quarry", "country": "CN"}
    for place in _places(size):
        of = {"supplier": "quarry", "place": place, "class_": TAGGED}
        yield "contracts", {"contract": f"feed-{place}", "kind": "spot", "volume_max_t_per_year": 300.0, **of}
        index = {"price_rule": "index", "market": WORLD, "index_multiple": float(draw.uniform(0.9, 1.2))}
        yield "contract_items", {"contract": f"feed-{place}", "commodity": "concentrate", **index}


def _terms(draw: np.random.Generator) -> dict[str, Any]:
    """What an offtake binds to."""
    return {
        "volume_min_t_per_year": 10.0,
        "volume_max_t_per_year": float(draw.uniform(60, 120)),
        "sign_from": FIRST_YEAR,
        "sign_to": FIRST_YEAR,
        "qualification_years": 0.5,
        "term_years": 15.0,
        "take_or_pay_share": 0.7,
        "prepayment_musd": 0.2,
        "prepayment_usd_per_t_per_year": 400.0,
    }


def _home(size: Size, draw: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Demands with steps of loss, stockpiles, and a soft limit on the share of a country."""
    for element in _elements(size):
        metal = f"metal-{element}"
        for sector in range(1, size.sectors + 1):
            demand = f"demand-{sector}-{element}"
            row = {"demand": demand, "commodity": metal, "place": HOME, "sector": f"sector {sector}"}
            wanted = {"t_per_year": float(draw.uniform(90, 200)), "growth_share_per_year": 0.03}
            yield "demands", {**row, **wanted, "export_share": 0.4, "licence": "export"}
            for step, (width, loss) in enumerate(STEPS, 1):
                dear = loss * float(draw.uniform(0.8, 1.2))
                yield "loss_steps", {"demand": demand, "step": step, "width_share": width, "loss_usd_per_kg": dear}
        yield (
            "stockpiles",
            {
                "stockpile": f"stock-{element}",
                "commodity": metal,
                "place": HOME,
                "owner": "private",
                "initial_t": 15.0,
                "initial_class": FREE,
                "warehouse_t": 80.0,
                "pace_t_per_year": 60.0,
                "decay_share_per_year": 0.01,
                "holding_share_per_year": 0.04,
                "handling_usd_per_kg": 0.3,
                "cover_days": 30.0,
                "cover_demand_t_per_year": 250.0,
                "cover_penalty_usd_per_kg_year": 5.0,
                "terminal_share": 0.6,
            },
        )
        share = {"stage": "metal", "element": element, "max_share": 0.5, "from_year": FIRST_YEAR}
        yield "diversification", {**share, "penalty_usd_per_kg": 3.0}


def _futures(size: Size, draw: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """One event for each future, from the first day on, whose parts lie in windows of whole periods."""
    weights = draw.dirichlet(np.full(size.futures, 20.0)).tolist()
    moved = [("licences", "licence=export", "approval_share", "set", 0.2, 0.8)]
    moved += [
        ("suppliers", f"supplier={name}", "availability_share", "multiply", 0.4, 0.95)
        for name in (*(supplier for supplier, _, _ in SUPPLIERS), "quarry")
    ]
    moved += [("processes", f"place={p}", "availability_share", "multiply", 0.5, 0.98) for p in _places(size)]
    for e in _elements(size):
        moved.append(("element_prices", f"market={WORLD}; element={e}", "multiple", "multiply", 0.8, 3.0))
        moved.append(("demands", f"commodity=metal-{e}", "multiple", "multiply", 0.8, 1.4))
    for number, weight in enumerate(weights, 1):
        future, event = f"future-{number}", f"event-{number}"
        yield "futures", {"future": future, "weight": weight}
        day = datetime.date(FIRST_YEAR, 1, 1).isoformat()
        yield "future_events", {"future": future, "event": event, "start": day, "length_months": float("inf")}
        for part, (table, where, column, operation, low, high) in enumerate(moved, 1):
            begin = int(draw.integers(0, size.periods // 2))
            window = {
                "after_months": MONTHS * begin,
                "length_months": MONTHS * int(draw.integers(2, size.periods - begin)),
            }
            change = {"table": table, "where": where, "column": column, "operation": operation}
            yield "events", {"event": event, "part": part, **change, "value": float(draw.uniform(low, high)), **window}
