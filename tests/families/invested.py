"""A plant and its investor, for the tests of the family of support.

The plant of these cases makes oxide at 15 a kilogram, and a market sells it at 20, the Chinese price of the base year,
to whoever buys from abroad at 100. Amounts are thousand USD. Without interest the plant earns 5 a kilogram for four
years after a year of building.
"""

from __future__ import annotations

from typing import Any

from pencil import (
    Piece,
    Plan,
    case_of,
    event,
    future,
    must,
    process,
    project,
    spot,
    tables,
)

FLOORS = {"none": 0.0, "low": 1.25, "mid": 1.5, "high": 2.0}
CRASH = event("crash", "element_prices", "market=world", "multiple", "set", 0.5)
CALM_OR_CRASH = (CRASH, future("calm", 0.5), future("crash", 0.5, {"crash": "2028-01-01"}, onset="2028-01-01"))


def instruments(*offered: str, **more: dict[str, Any]) -> Piece:
    """Floors by name, and further instruments given by their columns."""
    rows = [
        {"instrument": name, "kind": "none" if name == "none" else "floor", "price_multiple": FLOORS[name]}
        for name in offered
    ]
    return tables(instruments=[*rows, *({"instrument": name, **columns} for name, columns in more.items())])


def investor(rate: float = 0.0, **columns: Any) -> Piece:
    """Whoever finances the plant."""
    row = {"project": "plant", "private": True, "rate_share_per_year": rate, "market": "world"}
    return tables(financed=[{**row, **columns}])


def market(price: float = 20.0) -> Piece:
    """Oxide at one price in China and in the world."""
    places = ("china", "world")
    return tables(
        markets=[{"market": place} for place in places],
        elements=[{"element": "Nd"}],
        content=[{"commodity": "oxide", "element": "Nd", "share": 1.0}],
        element_prices=[{"market": place, "element": "Nd", "chinese_usd_per_kg": price} for place in places],
        prices=[{"market": place, "commodity": "oxide"} for place in places],
    )


def envelope(amount: float, *later: float) -> Piece:
    """Thousand USD in 2027, and in each year after it where given; the last one lasts."""
    amounts = (amount, *later)
    rows = [
        {
            "envelope": "state",
            "from_date": f"{2027 + number}-01-01",
            "to_date": f"{2028 + number if number + 1 < len(amounts) else 2099}-01-01",
            "amount_million": thousand / 1000,
            "currency": "USD",
        }
        for number, thousand in enumerate(amounts)
    ]
    return tables(envelopes=rows, currencies=[{"currency": "USD", "per_usd": 1.0}])


def case(
    *more: Piece, capital: float = 0.0, lead: float = 1.0, years: int = 5, line: Any = None, **columns: Any
) -> Any:
    """10 t a year wanted; a plant of up to 10 t a year that starts in 2027 or not at all."""
    names = ("discount", "public_funds_cost", "residual_share")
    settings = {name: columns.pop(name) for name in names if name in columns}
    return case_of(
        market(),
        spot("abroad", "oxide", 100, 50),
        process("line", {}, {"oxide": 1}, cost=15.0, **(line or {})),
        project("plant", "line", 10, lead=lead, capital=capital, **{"start_to": 2027, **columns}),
        must("d", "oxide", 10),
        *more,
        years=years,
        **settings,
    )


def chosen(done: Plan) -> list[str]:
    """The instruments that the plan chooses, in its first future."""
    first = next(iter(done.columns.values()))
    return sorted({words[1] for (name, words, _), value in first.items() if name == "choose" and value > 0.5})


def posted(done: Plan, name: str, future: str = "only") -> dict[Any, float]:
    """What an account (npv, outlay) comes to in a future by start and instrument, thousand USD."""
    number = [flat.path.future for flat in done.merged.flats].index(future)
    account = done.merged.flats[number].accounts[name]
    paid = 1000 * (account.matrix @ done.merged.values_of(number, done.solution.values))
    return dict(zip(account.keys, map(float, paid), strict=True))


def beside(tonnes: float, capital: float, *more: Piece) -> Any:
    """A plant of 10 t a year beside an old line of 4 t a year that it enlarges."""
    offer = more or (instruments("none"), investor())
    return case_of(
        market(),
        spot("abroad", "oxide", 100, 50),
        process("line", {}, {"oxide": 1}, capacity=4, cost=15.0),
        project("plant", "line", 10, lead=1, capital=capital, start_to=2027),
        must("d", "oxide", tonnes),
        *offer,
        years=5,
    )


IDLE = 5 * 10 * 100
"""Every tonne from abroad."""


def built(capital: float, tonnes: float = 40.0) -> float:
    """A year from abroad, capital, and output at 15."""
    return IDLE - tonnes * 85 + capital
