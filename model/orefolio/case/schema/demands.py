"""What the importer needs, and what a shortage costs."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, flag, key, number, reference, share, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A commodity wanted by a sector of an importer."""

    demand: str = key("id")
    name: str = text("name as people say it")
    place: str = reference("places", "where it is wanted")
    commodity: str = reference("commodities", "what is wanted")
    sector: str = text("sector")
    group: str = text("group of demands that a substitution may serve")
    t_per_year: float = number("t/year", "demand in the base year", timed=True)
    growth_share_per_year: float = number("1/year", "growth from the base year", low=-1.0, default=0.0)
    multiple: float = number("1", "multiplies the demand", default=1.0, timed=True)
    export_share: float = share("share that leaves the country in goods", default=0.0)
    licence: str = reference("licences", "approval that tagged material in those goods needs", optional=True)
    refuses_tagged: bool = flag("takes no tagged material at all, whatever the tag")
    refuses_tags: str = text("tags of which it takes nothing, separated by spaces")
    refusal_rule: str = reference("rules", "refuses only while this rule is in force; blank: always", optional=True)
    least_service_share: float = share("share to be served before a further penalty", default=0.0)
    least_service_usd_per_kg: float = number("USD/kg", "that penalty", default=0.0)
    value: str = choice(("loss", "must"), "must: any shortage makes the case infeasible", default="loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class LossStep:
    """A step of the convex curve of what a shortage costs."""

    demand: str = reference("demands", "demand", part_of_key=True)
    step: int = whole("first, second, … step", low=1, part_of_key=True)
    width_share: float = share("width of the step, share of demand; the widths sum to 1")
    loss_usd_per_kg: float = number("USD/kg", "value lost per kilogram not served", timed=True)
