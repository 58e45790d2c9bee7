"""Who sells to the importer, and under which contracts."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, date, flag, key, limit, number, reference, share, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A company or an origin outside the importer's own decisions."""

    supplier: str = key("id")
    name: str = text("name as people say it")
    country: str = text("country of direct origin, two letters")
    availability_share: float = number("1", "share of its output that reaches the market", default=1.0, timed=True)
    alone_share: float = share("share of that which is left while no contract sustains it", default=1.0, timed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierCapacity:
    """What a supplier can sell of a commodity from a year on, and what rivals have claimed of it."""

    supplier: str = reference("suppliers", "supplier", part_of_key=True)
    commodity: str = reference("commodities", "material", part_of_key=True)
    from_year: int = whole("first calendar year of this line", part_of_key=True)
    t_per_year: float = number("t/year", "what it can sell", timed=True)
    rivals_t_per_year: float = number("t/year", "what others hold a claim on", default=0.0, timed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A spot market, an offtake, or a quota backed by equity or loans."""

    contract: str = key("id")
    name: str = text("name as people say it")
    kind: str = choice(("spot", "offtake", "quota"), "spot is bought as wanted, the others are signed")
    supplier: str = reference("suppliers", "who sells")
    place: str = reference("places", "where it is delivered")
    class_: str = reference("classes", "class of what is delivered")
    in_force: bool = flag("signed already: no decision")
    volume_min_t_per_year: float = number("t/year", "least volume if signed", default=0.0)
    volume_max_t_per_year: float = limit("t/year", "greatest volume")
    sign_from: int = whole("first year in which it can be signed", default=0)
    sign_to: int = whole("last year in which it can be signed", default=0)
    qualification_years: float = number("years", "from signing to the first accepted delivery", default=0.0)
    first_delivery: str | None = date("earliest delivery whatever the signing date", optional=True)
    term_years: float = limit("years", "length of the contract from its first delivery")
    last_delivery: str | None = date("end of deliveries whatever the signing date", optional=True)
    take_or_pay_share: float = share("share of the volume that is paid for in any case", default=0.0)
    force_majeure: bool = flag("no payment for what the supplier cannot deliver", default=True)
    makeup_years: float = number("years", "for how long what was paid for and not taken may be taken", default=0.0)
    sustains: bool = flag("the supplier lives on while this is in force, from its signing on")
    prepayment_musd: float = number("million USD", "paid at signing", default=0.0)
    prepayment_usd_per_t_per_year: float = number("USD per t/year", "paid at signing per tonne a year", default=0.0)
    dividend_musd_per_year: float = number("million USD/year", "received while in force", default=0.0)
    project: str = reference("projects", "project whose output it buys, when that is decided here", optional=True)
    licence: str = reference("licences", "export licence that deliveries need", optional=True)
    public_share: float = share("share of the prepayment that public money pays", default=0.0)
    envelope: str = reference("envelopes", "envelope that pays that share", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractItem:
    """One commodity of a contract and its price rule.

    fixed: the price. index: the market price x index_multiple. floor: the greater of that and the floor, which is
    floor_usd_per_kg or floor_multiple x the Chinese price of the base year. cost_plus: cost_multiple x the Chinese full
    cost.
    """

    contract: str = reference("contracts", "contract", part_of_key=True)
    commodity: str = reference("commodities", "material", part_of_key=True)
    t_per_t: float = number("t/t", "tonnes per tonne of contract volume", default=1.0)
    price_rule: str = choice(("fixed", "index", "floor", "cost_plus"), "how the price is made")
    price_usd_per_kg: float = number("USD/kg", "fixed price", default=0.0, timed=True)
    market: str = reference("markets", "market whose price is the index", optional=True)
    index_multiple: float = number("1", "multiple of the index", default=1.0, timed=True)
    floor_usd_per_kg: float = number("USD/kg", "floor, real", default=0.0, timed=True)
    floor_multiple: float = number(
        "1", "floor as a multiple of the Chinese price of the base year", default=0.0, timed=True
    )
    floor_rule: str = reference("rules", "the floor holds only while this rule is in force", optional=True)
    cost_multiple: float = number("1", "price as a multiple of the Chinese full cost", default=0.0, timed=True)
    chinese_full_cost_usd_per_kg: float = number("USD/kg", "full cost of the same product in China", default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tranche:
    """One tranche of a quota that is backed by equity or loans: what is paid, and the right to output that it gives.

    Tranches are bought in their order, in the years in which the contract can be signed.
    """

    contract: str = reference("contracts", "quota", part_of_key=True)
    tranche: int = whole("number of the tranche, from 1", low=1, part_of_key=True)
    payment_musd: float = number("million USD", "paid when it is bought", default=0.0)
    right_share: float = share("share of the supplier's capacity that it gives a right to")
    priority: bool = flag("served before rivals when there is too little")
    dividend_musd_per_year: float = number("million USD/year", "received while in force", default=0.0, timed=True)
    held: bool = flag("bought already: no decision")
