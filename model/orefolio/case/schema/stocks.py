"""Stockpiles of the state and of companies."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, flag, key, limit, number, reference, share, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Stockpile:
    """A commodity held at a place by an owner."""

    stockpile: str = key("id")
    name: str = text("name as people say it")
    place: str = reference("places", "where it is")
    commodity: str = reference("commodities", "what is held")
    owner: str = choice(("public", "private"), "public stock is released in a declared emergency only")
    initial_t: float = number("t", "stock at the start", default=0.0)
    initial_class: str = reference("classes", "class of that stock")
    warehouse_t: float = number("t", "most that it holds", timed=True)
    pace_t_per_year: float = limit("t/year", "most that is added in a year", timed=True)
    decay_share_per_year: float = share("lost or out of date in a year", default=0.0)
    age_limit_years: float = limit("years", "greatest age: older stock must be taken or rotated, or is lost")
    initial_age_years: float = number("years", "age of the stock at the start", default=0.0)
    expiry_usd_per_kg: float = number("USD/kg", "cost of a kilogram that is lost for its age", default=0.0)
    holding_share_per_year: float = number(
        "1/year", "yearly holding cost, share of reference value", default=0.0, timed=True
    )
    handling_usd_per_kg: float = number("USD/kg", "charge on every put and take", default=0.0, timed=True)
    rotation_share_per_year: float = share(
        "share of the warehouse that may be sold to the market in a year", default=0.0
    )
    rotation_discount_share: float = share("loss of value on rotation", default=0.0)
    cover_days: float = number("days", "cover that is wanted", default=0.0, timed=True)
    cover_demand_t_per_year: float = number(
        "t/year", "demand in the base year that the cover is measured on", default=0.0
    )
    cover_growth_share_per_year: float = number("1/year", "growth of that demand", low=-1.0, default=0.0)
    cover_penalty_usd_per_kg_year: float = number("USD/kg/year", "cost of each tonne-year under the cover", default=0.0)
    terminal_share: float = number("1", "value of closing stock, share of the Chinese price", default=0.0)
    envelope: str = reference("envelopes", "envelope that pays for what is added", optional=True)
    carries: bool = flag("stock passes to the next period", default=True)
