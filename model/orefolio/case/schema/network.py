"""Where material is, what it is, and what turns one into another."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, flag, key, limit, number, reference, share, text, word

STAGES = ("ore", "concentrate", "oxide", "metal", "magnet", "product", "scrap", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site, or a cluster of ports that a shipper would not tell apart."""

    place: str = key("id")
    name: str = text("name as people say it")
    country: str = word("country, two letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element, or a group of elements that is not told apart."""

    element: str = key("id")
    name: str = text("name as people say it")
    heavy: bool = flag("counts as heavy in reports of dependence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """A material in a form that is traded at a stage; quantities are tonnes."""

    commodity: str = key("id")
    name: str = text("name as people say it")
    stage: str = choice(STAGES, "stage of the chain")
    discard_usd_per_kg: float = number("USD/kg", "cost of giving up a surplus", default=0.0, timed=True)
    discardable: bool = flag("whether a surplus may be given up", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Tonnes of an element, as oxide, in one tonne of a commodity."""

    commodity: str = reference("commodities", "material", part_of_key=True)
    element: str = reference("elements", "element", part_of_key=True)
    share: float = number("t/t", "tonnes of oxide equivalent per tonne of commodity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A technology at a place. Activity is tonnes of output of its main product."""

    process: str = key("id")
    name: str = text("name as people say it")
    place: str = reference("places", "where it stands")
    stage: str = choice(STAGES, "stage of its main product")
    capacity_t_per_year: float = number("t/year", "capacity that stands at the start", timed=True)
    availability_share: float = number("1", "share of capacity that can run", high=1.0, default=1.0, timed=True)
    operating_usd_per_kg: float = number(
        "USD/kg", "operating cost of a kilogram of output", low=None, default=0.0, timed=True
    )
    cost_multiple: float = number(
        "1", "full cost as a multiple of the Chinese; 0: use the operating cost", default=0.0, timed=True
    )
    chinese_full_cost_usd_per_kg: float = number("USD/kg", "full cost of the same process in China", default=0.0)
    capital_charge_usd_per_kg: float = number("USD/kg", "capital in that full cost that a project pays", default=0.0)
    technology_origin: str = text("country whose technology it uses, two letters")
    equipment_origin: str = text("country whose equipment it uses, two letters")
    separates: bool = flag("separates elements from several feeds: no de-minimis feed")
    de_minimis_share: float = share("tagged feed allowed in untagged output, share of value", default=0.0)
    one_class_at_a_time: bool = flag("a line that runs one class in a segment of time")
    dedication_musd_per_year: float = number(
        "million USD/year",
        "cost of keeping a line for untagged material",
        default=0.0,
        timed=True,
    )
    changeover_musd: float = number("million USD", "cost of changing a line over", default=0.0)
    ramp_up_share_per_year: float = limit("1/year", "most that output may rise in a year, share of capacity")
    initial_t_per_year: float = number("t/year", "output in the as-is year, for the ramp", default=0.0)
    campaign_musd: float = number("million USD", "fixed cost of each period in which it runs", default=0.0, timed=True)
    can_close: bool = flag("it may be closed for good")
    closing_musd: float = number("million USD", "cost of closing it, once", default=0.0)
    standing_musd_per_year: float = number(
        "million USD/year", "cost of a plant that stands, whether it runs or not", default=0.0, timed=True
    )
    can_mothball: bool = flag("it may be mothballed and started again")
    mothballed_musd_per_year: float = number("million USD/year", "cost while mothballed", default=0.0, timed=True)
    restart_musd: float = number("million USD", "cost of starting it again", default=0.0)
    wear_share_per_year: float = share(
        "capacity that is lost in a year for want of parts, of what is left", default=0.0, timed=True
    )
    idle_loss_share_per_year: float = share("idle capacity that people forget to run in a year", default=0.0)
    retrain_usd_per_t: float = limit("USD per t/year", "cost of training for what was forgotten; blank: cannot be had")
    reserve_t: float = limit("t", "most output over the horizon: what the ground holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What one tonne of activity takes in or gives out."""

    process: str = reference("processes", "process", part_of_key=True)
    commodity: str = reference("commodities", "material", part_of_key=True)
    direction: str = choice(("in", "out"), "taken in or given out", part_of_key=True)
    t_per_t: float = number("t/t", "tonnes per tonne of activity before losses")
    yield_share: float = number(
        "1",
        "share that is not lost: divides what goes in, multiplies what comes out",
        default=1.0,
        timed=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A transport link for one commodity."""

    lane: str = key("id")
    from_place: str = reference("places", "origin")
    to_place: str = reference("places", "destination")
    commodity: str = reference("commodities", "what it carries")
    cost_usd_per_kg: float = number("USD/kg", "freight, insurance and handling", timed=True)
    loss_share: float = share("lost on the way", default=0.0)
    tariff_share: float = number("1", "tariff, share of reference value", default=0.0, timed=True)
    capacity_t_per_year: float = limit("t/year", "most that it carries", timed=True)
    licence: str = reference("licences", "licence that material with its tags needs here", optional=True)
    ban_rule: str = reference("rules", "bars the lane to all material while it is in force", optional=True)
