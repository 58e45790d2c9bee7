"""Write a sound case of many cells: `python benchmarks/large_case.py FOLDER [--cells 1000000] [--seed 0]`.

Concentrate, oxide, metal, magnet: chains of three processes, each at a place of its own, with contracts that deliver
to them, lanes between places, stockpiles, demands and outlets. Every table grows with the number of cells, so that
what reading and checking take by size can be told.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

MILLION = 1_000_000

STRUCTURE = """schema: orefolio-case/1
name: large
title: A case of many cells
importer: [JP]
base_year: 2026
horizon: {from: 2027-01-01, to: 2041-01-01}
grid: yearly
grids:
  yearly: [{until: 2041-01-01, months: 12}]
"""

COUNTRIES = ("JP", "AU", "MY", "US", "VN")
ELEMENTS = ("NdPr", "Dy", "Tb")
STAGES = ("concentrate", "oxide", "metal", "magnet")
OXIDE_SHARES = (0.5, 0.8, 0.95, 0.9)
"""Tonnes of oxide in a tonne of goods of each stage."""

TAKEN_T = (2.0, 1.25, 1.1)
"""Tonnes of feed for a tonne of oxide, of metal, of magnet."""

REALISED = (0.5, 1.0, 1.1, 1.3)
"""What is paid of the content's value, by stage: more at each, so that chains gain value."""

FUTURES = 4
LEVERS = 10
OUTLET_STEPS = 4
LOSS_STEPS = 3
PAST_YEARS = 20
WITHOUT_BASIS = ("places", "classes", "markets", "levers", "lever_adjustments", "basis")
"""Tables of words, and those whose numbers carry their source themselves."""

REAGENT = "reagent"

Rows = Iterable[tuple[object, ...]]


class LargeCase:
    """The tables of a case of about so many cells, each a header and its rows."""

    def __init__(self, cells: int, seed: int = 0) -> None:
        self.scale = cells / MILLION
        self.random = random.Random(seed)  # noqa: S311
        self.places = [f"p{number}" for number in range(self.count(150))]
        self.chains = self.count(370)
        self.suppliers = [f"s{number}" for number in range(self.count(400))]
        self.contracts = self.count(13_700)
        self.piles = self.count(1_500)
        self.demands = self.count(1_500)
        self.scraps = self.count(100)
        self.projects = self.count(400)

    def count(self, of_million: int) -> int:
        """How many there are, from how many there are in a case of a million cells; at least two."""
        return max(2, round(of_million * self.scale))

    def number(self, low: float, high: float) -> str:
        """A number between two, of four digits."""
        return f"{self.random.uniform(low, high):.4g}"

    def place(self, chain: int) -> str:
        """Where the processes of a chain stand."""
        return self.places[chain % len(self.places)]

    def goods(self, stage: int) -> str:
        """Goods of a stage, of any chain."""
        return f"{STAGES[stage][:2]}{self.random.randrange(self.chains)}"

    def write(self, folder: Path) -> int:
        """Write the case into a folder that is made; the number of cells."""
        folder.mkdir(parents=True)
        (folder / "case.yaml").write_text(STRUCTURE, encoding="utf-8")
        cells = 0
        for name, (header, rows) in TABLES.items():
            lines = [",".join(map(str, row)) for row in rows(self)]
            cells += len(header.split(",")) * len(lines)
            (folder / f"{name}.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        return cells


def _settings(_: LargeCase) -> Rows:
    return (("discount_rate", 0.04), ("risk_weight", 0), ("risk_level", 0.9), ("residual_share", 0.8))


def _places(case: LargeCase) -> Rows:
    return ((place, COUNTRIES[number % len(COUNTRIES)]) for number, place in enumerate(case.places))


def _commodities(case: LargeCase) -> Iterator[tuple[object, ...]]:
    yield REAGENT, "other"
    for chain in range(case.chains):
        yield from ((f"{stage[:2]}{chain}", stage) for stage in STAGES)


def _content(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for chain in range(case.chains):
        element = ELEMENTS[chain % len(ELEMENTS)]
        yield from ((f"{stage[:2]}{chain}", element, share) for stage, share in zip(STAGES, OXIDE_SHARES, strict=True))


def _prices(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for market in ("china", "outside"):
        for chain in range(case.chains):
            yield from (
                (market, f"{stage[:2]}{chain}", share, 0) for stage, share in zip(STAGES, REALISED, strict=True)
            )


def _outlets(case: LargeCase) -> Iterator[tuple[object, ...]]:
    sold = {(case.random.choice(case.places), case.goods(number % 4)) for number in range(case.count(4_000))}
    for place, commodity in sorted(sold):
        for step in range(1, OUTLET_STEPS + 1):
            yield place, commodity, step, case.number(1, 500), "outside", 0.9 - 0.2 * step / OUTLET_STEPS, 0


def _processes(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for chain in range(case.chains):
        for stage in STAGES[1:]:
            costs = (case.number(1, 50), 0, 0, 0)
            home = case.random.choice(COUNTRIES)
            shares = "no", 0.0001 if chain % 10 == 0 else 0, "no"
            line = 0, 0, case.number(0.1, 1), case.number(1, 100), case.number(0, 1), "yes", case.number(1, 5)
            standing = case.number(0, 1), "yes", case.number(0, 1), case.number(1, 5), 0.01, 0.1, case.number(10, 90)
            name = f"{stage[:2]}_{chain}"
            capacity = case.number(100, 5000), 0.95
            yield name, case.place(chain), stage, *capacity, *costs, home, home, *shares, *line, *standing


def _recipes(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for chain in range(case.chains):
        for feed, stage, tonnes in zip(STAGES, STAGES[1:], TAKEN_T, strict=False):
            process = f"{stage[:2]}_{chain}"
            yield process, f"{feed[:2]}{chain}", "in", tonnes, 1
            yield process, REAGENT, "in", case.number(0.1, 1), 1
            yield process, f"{stage[:2]}{chain}", "out", 1, 1


def _lanes(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for number in range(case.count(16_000)):
        start = case.random.randrange(len(case.places))
        end = (start + case.random.randrange(1, len(case.places))) % len(case.places)
        costs = case.number(0.1, 3), 0.01, case.number(0, 0.1), case.number(10, 9000)
        licence = "trade" if number % 7 == 0 else ""
        yield f"l{number}", case.places[start], case.places[end], case.goods(number % 4), *costs, licence


def _supplier_capacity(case: LargeCase) -> Iterator[tuple[object, ...]]:
    sold = {(case.random.choice(case.suppliers), case.goods(number % 3)) for number in range(case.count(10_500))}
    for supplier, commodity in sorted(sold):
        for year in (2026, 2030):
            yield supplier, commodity, year, case.number(50, 2000), case.number(1, 50)


def _contracts(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for number in range(case.contracts):
        kind = ("spot", "offtake")[number > len(case.places) and number % 2]
        supplier = case.suppliers[number % len(case.suppliers)]
        class_ = "controlled" if number % len(case.suppliers) == 0 else "free"
        signed = ("no", case.number(0, 20), case.number(100, 900), 2027, 2035, case.number(0, 2))
        spot = ("yes", 0, case.number(100, 900), 2027, 2027, 0)
        dates = "2027-06-01", case.number(5, 15), "2041-01-01"
        taken = 0.5 if kind == "offtake" else 0
        paid = taken, "yes", 0, "no", case.number(0, 9), case.number(1, 90), 0
        terms = spot if kind == "spot" else signed
        licence = "trade" if class_ == "controlled" else ""
        yield f"k{number}", kind, supplier, case.place(number), class_, *terms, *dates, *paid, licence, 0.1, "public"


def _contract_items(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for number in range(case.contracts):
        commodity = REAGENT if number < len(case.places) else f"co{number % case.chains}"
        rule, market = ("fixed", "") if commodity == REAGENT else ("index", "outside")
        price = case.number(1, 90)
        yield f"k{number}", commodity, 1, rule, price, market, case.number(0.5, 2), 0, 0, "", 0, 0


def _stockpiles(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for number in range(case.piles):
        chain = number % case.chains
        place, commodity = case.place(chain), f"{STAGES[number % 3][:2]}{chain}"
        size = case.number(0, 50), "free", case.number(100, 900), case.number(10, 90), 0.01
        charges = 0.02, case.number(0.1, 1), 0.1, 0.1, case.number(10, 180), case.number(10, 900), 0.03, 5, 0.5
        yield f"h{number}", place, commodity, "public", *size, *charges, "yes"


def _projects(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for number in range(case.projects):
        size = case.number(1, 10), case.number(100, 900), case.number(10, 90), case.number(100, 900)
        start = case.number(1, 4), "0.3 0.7 1", 2027, 2032
        yield f"j{number}", f"ox_{number % case.chains}", *size, *start, "yes", 20


def _scrap(case: LargeCase) -> Rows:
    return (
        (f"w{n}", case.place(n), f"co{n % case.chains}", 2.5, 12, 0.2, case.number(1, 9)) for n in range(case.scraps)
    )


def _past_sales(case: LargeCase) -> Rows:
    return ((f"w{n}", 2026 - year, case.number(1, 90)) for n in range(case.scraps) for year in range(PAST_YEARS))


def _demands(case: LargeCase) -> Iterator[tuple[object, ...]]:
    for number in range(case.demands):
        chain = number % case.chains
        numbers = case.number(10, 900), 0.02, case.number(0.5, 2)
        yield (
            f"d{number}",
            case.place(chain),
            f"ma{chain}",
            "motors",
            "all",
            *numbers,
            0.1,
            "trade",
            "no",
            0.5,
            10,
            "loss",
        )


def _loss_steps(case: LargeCase) -> Rows:
    widths = (0.2, 0.3, 0.5)
    return ((f"d{n}", s + 1, widths[s], 100 * (s + 1)) for n in range(case.demands) for s in range(LOSS_STEPS))


def _draws(case: LargeCase) -> Rows:
    futures = range(1, FUTURES)
    return (
        (f"f{f}", f"j{n}", case.random.choice((0, 1, 2)), "2028-01-01") for f in futures for n in range(case.projects)
    )


def _levers(case: LargeCase) -> Rows:
    return ((f"v{number}", 1, 0.5, 2) for number in range(LEVERS))


def _lever_adjustments(case: LargeCase) -> Rows:
    return ((f"v{n}", "processes", f"process=ox_{n % case.chains}", "cost_multiple", "multiply") for n in range(LEVERS))


def _basis(_: LargeCase) -> Rows:
    return ((table, "*", "*", "an assumption", 0.5, 2) for table in TABLES if table not in WITHOUT_BASIS)


def _events(_: LargeCase) -> Rows:
    return (("halt", 1, "licences", "licence=trade", "approval_share", "multiply", 0.1),)


TABLES: dict[str, tuple[str, Callable[[LargeCase], Rows]]] = {
    "settings": ("setting,value", _settings),
    "places": ("place,country", _places),
    "elements": ("element", lambda _: ((element,) for element in ELEMENTS)),
    "commodities": ("commodity,stage", _commodities),
    "content": ("commodity,element,share", _content),
    "classes": ("class,tags", lambda _: (("free", ""), ("controlled", "china-content china-technology"))),
    "currencies": ("currency,per_usd", lambda _: (("JPY", 150),)),
    "markets": ("market", lambda _: (("china",), ("outside",))),
    "element_prices": (
        "market,element,chinese_usd_per_kg,multiple",
        lambda _: ((market, element, 80, 1.2) for market in ("china", "outside") for element in ELEMENTS),
    ),
    "prices": ("market,commodity,realisation_share,fee_usd_per_kg", _prices),
    "outlets": ("place,commodity,step,t_per_year,market,price_share,price_usd_per_kg", _outlets),
    "processes": (
        "process,place,stage,capacity_t_per_year,availability_share,operating_usd_per_kg,cost_multiple,"
        "chinese_full_cost_usd_per_kg,capital_charge_usd_per_kg,technology_origin,equipment_origin,separates,"
        "de_minimis_share,one_class_at_a_time,dedication_musd_per_year,changeover_musd,ramp_up_share_per_year,"
        "initial_t_per_year,campaign_musd,can_close,closing_musd,standing_musd_per_year,can_mothball,"
        "mothballed_musd_per_year,restart_musd,wear_share_per_year,idle_loss_share_per_year,retrain_usd_per_t",
        _processes,
    ),
    "recipes": ("process,commodity,direction,t_per_t,yield_share", _recipes),
    "lanes": (
        "lane,from_place,to_place,commodity,cost_usd_per_kg,loss_share,tariff_share,capacity_t_per_year,licence",
        _lanes,
    ),
    "suppliers": (
        "supplier,country,availability_share",
        lambda case: ((name, "AU" if number else "CN", 1) for number, name in enumerate(case.suppliers)),
    ),
    "supplier_capacity": ("supplier,commodity,from_year,t_per_year,rivals_t_per_year", _supplier_capacity),
    "contracts": (
        "contract,kind,supplier,place,class,in_force,volume_min_t_per_year,volume_max_t_per_year,sign_from,sign_to,"
        "qualification_years,first_delivery,term_years,last_delivery,take_or_pay_share,force_majeure,makeup_years,"
        "sustains,prepayment_musd,prepayment_usd_per_t_per_year,dividend_musd_per_year,licence,public_share,envelope",
        _contracts,
    ),
    "contract_items": (
        "contract,commodity,t_per_t,price_rule,price_usd_per_kg,market,index_multiple,floor_usd_per_kg,floor_multiple,"
        "floor_rule,cost_multiple,chinese_full_cost_usd_per_kg",
        _contract_items,
    ),
    "projects": (
        "project,adds_to,size_min_t_per_year,size_max_t_per_year,capital_musd,capital_usd_per_t_per_year,"
        "lead_time_years,ramp,start_from,start_to,binary,life_years",
        _projects,
    ),
    "stockpiles": (
        "stockpile,place,commodity,owner,initial_t,initial_class,warehouse_t,pace_t_per_year,decay_share_per_year,"
        "holding_share_per_year,handling_usd_per_kg,rotation_share_per_year,rotation_discount_share,cover_days,"
        "cover_demand_t_per_year,cover_growth_share_per_year,cover_penalty_usd_per_kg_year,terminal_share,carries",
        _stockpiles,
    ),
    "scrap": (
        "scrap,place,commodity,weibull_shape,weibull_scale_years,rate_share,collection_usd_per_kg",
        _scrap,
    ),
    "past_sales": ("scrap,year,t", _past_sales),
    "demands": (
        "demand,place,commodity,sector,group,t_per_year,growth_share_per_year,multiple,export_share,licence,"
        "refuses_tagged,least_service_share,least_service_usd_per_kg,value",
        _demands,
    ),
    "loss_steps": ("demand,step,width_share,loss_usd_per_kg", _loss_steps),
    "rules": (
        "rule,kind,enabled,in_force_share,threshold_share,basis,counts_technology",
        lambda _: (("chinese_content", "content", "yes", 1, 0.001, "value", "yes"),),
    ),
    "licences": ("licence,approval_share,needs_rule,tags", lambda _: (("trade", 0.9, "no", ""),)),
    "envelopes": (
        "envelope,from_date,to_date,amount_million,currency",
        lambda _: (("public", "2027-01-01", "2041-01-01", 900, "JPY"),),
    ),
    "events": ("event,part,table,where,column,operation,value", _events),
    "futures": (
        "future,weight,onset",
        lambda _: ((f"f{number}", 0.25, "2029-01-01" if number else "") for number in range(FUTURES)),
    ),
    "future_events": (
        "future,event,start",
        lambda _: ((f"f{number}", "halt", "2029-01-01") for number in range(1, FUTURES)),
    ),
    "draws": ("future,project,slip_years,strikes", _draws),
    "levers": ("lever,base,low,high", _levers),
    "lever_adjustments": ("lever,table,where,column,operation", _lever_adjustments),
    "basis": ("table,row,column,derivation,low_multiple,high_multiple", _basis),
}


def main() -> None:
    """Write the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cells", type=int, default=MILLION)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    LargeCase(asked.cells, asked.seed).write(asked.folder)


if __name__ == "__main__":
    main()
