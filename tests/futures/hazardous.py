"""Small cases with hazards, whose futures and costs can be worked out with a pencil."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from orefolio.case.case import Case
from pencil import Piece, case_of, event, project, spot, stockpile, tables, wanted

LN2 = math.log(2.0)


def hazard(name: str, per_year: float = 0.0, **columns: Any) -> Piece:
    """An event that comes at a random time, or as the columns say."""
    return tables(hazards=[{"event": name, "hazard_per_year": per_year, **columns}])


def lasting(low: float, mode: float, high: float) -> Mapping[str, float]:
    """A random length, months."""
    return {"low_months": low, "mode_months": mode, "high_months": high}


def nothing(name: str) -> Piece:
    """An event that changes a number by nothing: it is there to be drawn."""
    return event(name, "suppliers", "supplier=mine", "availability_share", "multiply", 1.0)


def drawable(*pieces: Piece, years: int = 10, **settings: Any) -> Case:
    """A case of one market with the events and hazards of the pieces."""
    return case_of(spot("mine", "ore", 3.0), wanted("use", "ore", 10.0, 8.0), *pieces, years=years, **settings)


def newsvendor(hazard_per_year: float = LN2) -> Case:
    """Two years with a need of 10 t each, 3 USD/kg in the first and 1.5 in the second, and 8 lost for each kg short.

    With the hazard the market closes in the second year. Stock for it costs 3 USD/kg, 30 thousand USD in all.
    """
    cheap = event("cheap", "contract_items", "contract=mine", "price_usd_per_kg", "multiply", 0.5)
    cut = event("cut", "suppliers", "supplier=mine", "availability_share", "set", 0.0)
    return drawable(
        *(stockpile("store", "ore"), cheap, cut),
        hazard("cheap", comes="date", first="2028-01-01"),
        hazard("cut", hazard_per_year),
        years=2,
        terminal_share=0.0,
    )


def several() -> Case:
    """Five years in which the market may close, prices may double and a project may slip, for random times."""
    cut = event("cut", "suppliers", "supplier=mine", "availability_share", "set", 0.0)
    dear = event("dear", "contract_items", "contract=mine", "price_usd_per_kg", "multiply", 2.0)
    growth = event("growth", "demands", "*", "multiple", "multiply", 1.3)
    other = spot("other", "ore", 5.0, most=0.0)
    return drawable(
        *(stockpile("store", "ore", room=15.0), cut, dear, growth, other),
        hazard("cut", 0.2, **lasting(6, 12, 24), group="market", factor="quarrel", loading=0.6),
        hazard("dear", 0.3, **lasting(3, 12, 30), factor="quarrel", loading=0.6),
        hazard("growth", comes="parting", low_strength=-1.0, mode_strength=0.0, high_strength=1.0),
        years=5,
    )


__all__ = ["LN2", "drawable", "hazard", "lasting", "newsvendor", "nothing", "project", "several"]
