"""Rules, licences, budgets, limits."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, date, flag, key, limit, number, reference, share, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """Which rules material is subject to: a set of tags, separated by spaces; none for free material."""

    class_: str = key("id")
    tags: str = text("tags of the class")


RULE_KINDS = ("content", "sourcing", "refusal", "price_floor", "export_ban", "import_cap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of law or policy: what it is, where it stands, when it is in force, what it counts, and its switch."""

    rule: str = key("id")
    name: str = text("name and number of the act")
    kind: str = choice(
        RULE_KINDS,
        "content: Chinese content, technology and equipment; sourcing: where material may come from; refusal: end "
        "users that get none; price_floor, export_ban, import_cap: as named",
        default="content",
    )
    citation: str = text("where the rule stands: act and article")
    tags: str = text(
        "tags that it reaches, separated by spaces; blank: china-content china-technology, or china-stage of sourcing"
    )
    enabled: bool = flag("off takes the rule out of the case", default=True)
    in_force_share: float = share("1 where it is in force", default=0.0, timed=True)
    from_date: str = date("first day in force; blank: always", optional=True)
    to_date: str = date("day after the last in force; blank: for good", optional=True)
    threshold_share: float = share("content from which the rule applies; 0: it has no tolerance", default=0.0)
    basis: str = choice(("value", "mass"), "what the share is of", default="value")
    counts_technology: bool = flag("content: goods made with Chinese technology are tagged", default=True)
    counts_equipment: bool = flag("content: goods made with Chinese equipment are tagged", default=True)
    recycled_is_free: bool = flag("recycled material loses the tags of the rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """An approval that trade needs: the share of normal trade that is let through."""

    licence: str = key("id")
    name: str = text("what it is")
    approval_share: float = share("share of normal trade that is approved", timed=True)
    needs_rule: bool = flag("asked for only while its rule is in force")
    rule: str = reference("rules", "that rule; blank: any on Chinese content", optional=True)
    tags: str = text("tags of material that needs it, separated by spaces; blank: those of its rule, else every one")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCap:
    """The most that may be bought of a commodity from the sellers of a country while a rule is in force throughout."""

    rule: str = reference("rules", "the rule that sets it", part_of_key=True)
    commodity: str = reference("commodities", "what is bought", part_of_key=True)
    country: str = key("country of the sellers, two letters")
    t_per_year: float = number("t/year", "the cap", timed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Public money for a span of time. An envelope has a row for each of its spans; references name the envelope."""

    envelope: str = key("id")
    from_date: str = key("first day of the span")
    name: str = text("what it is for")
    to_date: str = date("day after the last")
    amount_million: float = number("million of currency", "most that may be spent in the span", timed=True)
    currency: str = reference("currencies", "currency of the amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """Units of a currency for one USD of the base year."""

    currency: str = key("id, three letters")
    per_usd: float = number("units per USD", "exchange rate", low=1e-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversification:
    """The largest share that one country may have at a stage, by direct origin; soft."""

    stage: str = key("stage")
    element: str = reference("elements", "element whose tonnes are counted", part_of_key=True)
    country: str = text("the country; blank: each country")
    max_share: float = share("largest share of a year's supply")
    from_year: int = whole("first year")
    penalty_usd_per_kg: float = number("USD/kg", "cost of each kilogram over the share")


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """What a process leaves behind per tonne of activity."""

    process: str = reference("processes", "process", part_of_key=True)
    residue: str = reference("residue_kinds", "kind", part_of_key=True)
    t_per_t: float = number("t/t", "tonnes per tonne of activity")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidueKind:
    """A kind of waste: its treatment and its custody, which for long-lived residue lasts centuries."""

    residue: str = key("id")
    name: str = text("name as people say it")
    treatment_usd_per_t: float = number("USD/t", "paid when it arises")
    custody_usd_per_t_per_year: float = number("USD/t/year", "paid each year of custody", default=0.0)
    custody_years: float = number("years", "length of custody", default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidueCap:
    """Most that may arise in a country in a year."""

    country: str = key("country, two letters")
    residue: str = reference("residue_kinds", "kind", part_of_key=True)
    t_per_year: float = limit("t/year", "the limit", timed=True)
