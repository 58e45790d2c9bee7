"""Prices by market, and outlets for what is not needed."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import key, number, reference, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A market with prices of its own: China, or outside China."""

    market: str = key("id")
    name: str = text("name as people say it")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementPrice:
    """The price of an element as oxide in a market: the Chinese price of the base year x a multiple."""

    market: str = reference("markets", "market", part_of_key=True)
    element: str = reference("elements", "element", part_of_key=True)
    chinese_usd_per_kg: float = number("USD/kg", "Chinese price, base year, real", timed=True)
    multiple: float = number("1", "price in this market over the Chinese", default=1.0, timed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of a commodity in a market: realised share of its content's value, and a fee for the form."""

    market: str = reference("markets", "market", part_of_key=True)
    commodity: str = reference("commodities", "material", part_of_key=True)
    realisation_share: float = number("1", "share of the content's value that is paid", default=1.0, timed=True)
    fee_usd_per_kg: float = number("USD/kg", "for the form: metal, alloy, magnet", default=0.0, timed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A step of a market for co-products and resale: all classes share its volume."""

    place: str = reference("places", "where it is sold", part_of_key=True)
    commodity: str = reference("commodities", "material", part_of_key=True)
    step: int = whole("first, second, … step", low=1, part_of_key=True)
    t_per_year: float = number("t/year", "most that this step takes", timed=True)
    market: str = reference("markets", "market of the price", optional=True)
    price_share: float = number("1", "share of the market price", default=1.0, timed=True)
    price_usd_per_kg: float = number("USD/kg", "price where no market is named", default=0.0, timed=True)
