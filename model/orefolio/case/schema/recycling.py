"""Old products that come back."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import key, number, reference, share, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrap:
    """Scrap that arises at a place from past sales, by a Weibull life time."""

    scrap: str = key("id")
    name: str = text("name as people say it")
    place: str = reference("places", "where it arises")
    commodity: str = reference("commodities", "what it is once collected")
    weibull_shape: float = number("1", "shape of the life time", low=0.1)
    weibull_scale_years: float = number("years", "scale of the life time", low=0.1)
    rate_share: float = share("share collected without any programme", timed=True)
    programme: str = text("programme whose levels raise the share")
    collection_usd_per_kg: float = number("USD/kg", "cost of collecting", timed=True)
    tagged_share: float = share("share of the sales it comes from that was tagged", default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSale:
    """Tonnes of the commodity sold in a year, as far back as they still come home."""

    scrap: str = reference("scrap", "scrap", part_of_key=True)
    year: int = whole("calendar year", part_of_key=True)
    t: float = number("t", "tonnes sold in that year, as scrap commodity")
