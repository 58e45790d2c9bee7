"""Two shocks of a market, and a case whose futures part on two dates."""

from __future__ import annotations

from orefolio.case.case import Case
from pencil import (
    case_of,
    event,
    future,
    process,
    project,
    spot,
    stockpile,
    wanted,
)

CUT = event("cut", "suppliers", "supplier=market", "availability_share", "set", 0)
DEAR = event("dear", "contract_items", "contract=market", "price_usd_per_kg", "multiply", 3)


def three_futures() -> Case:
    return case_of(
        spot("market", "metal", 7, most=30),
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1, capital=40, capital_usd_per_t_per_year=900),
        stockpile("k", "metal", 13, initial_t=2, handling_usd_per_kg=0.25, decay_share_per_year=0.1),
        wanted("d", "metal", 10, 17, 59),
        CUT,
        future("calm", 0.5),
        future("early", 0.3, {"cut": "2028-01-01"}, onset="2028-01-01"),
        future("late", 0.2, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=3,
        discount=0.07,
    )
