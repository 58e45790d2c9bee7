"""What can be decided: projects, groups, contracts, envelopes and stockpiles that hang together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from orefolio.errors import Fault

from ..case import Case
from ..cycles import loops
from .place import fault_at, without_rows


def requirements_have_no_loop(case: Case) -> Iterator[Fault]:
    """A project that requires itself, by however many steps, can never start."""
    edges = {row.project: set(row.requires) for row in case.rows("projects")}
    for loop in loops(edges):
        number, name = next((i, row.project) for i, row in enumerate(case.rows("projects")) if row.project in loop)
        found = f"{name!r} in a circle of requirements ({', '.join(sorted(loop))})"
        yield fault_at(case, "projects", number, "requires", found, "no circle")


def requirements_can_come_first(case: Case) -> Iterator[Fault]:
    """What a project requires can be committed no later than the project itself."""
    starts = {row.project: row.start_from for row in case.rows("projects")}
    for number, row in enumerate(case.rows("projects")):
        for other in row.requires:
            if other in starts and starts[other] > row.start_to:
                found = f"{other!r} required, which starts in {starts[other]} at the earliest"
                expected = f"a start by {row.start_to}, the last year of {row.project!r}"
                yield fault_at(case, "projects", number, "requires", found, expected)


def public_money_has_an_envelope(case: Case) -> Iterator[Fault]:
    """A public share names the envelope that pays it."""
    for table, money in (
        ("projects", ("capital_musd", "capital_usd_per_t_per_year")),
        ("contracts", ("prepayment_musd", "prepayment_usd_per_t_per_year")),
    ):
        for number, row in enumerate(case.rows(table)):
            if row.public_share > 0 and not row.envelope and any(getattr(row, name) > 0 for name in money):
                found = f"a public share of {row.public_share:g} without an envelope"
                yield fault_at(case, table, number, "envelope", found, "the envelope that pays it")


def envelopes_do_not_overlap(case: Case) -> Iterator[Fault]:
    """The spans of an envelope have no common day: it would pay twice."""
    last: dict[str, Any] = {}
    for number, row in sorted(enumerate(case.rows("envelopes")), key=lambda pair: pair[1].from_date):
        one = last.get(row.envelope)
        if one is not None and row.from_date < one.to_date:
            found = f"a span of {row.envelope!r} that shares days with its span from {one.from_date}"
            yield fault_at(case, "envelopes", number, "from_date", found, "spans without a common day")
        if one is None or row.to_date > one.to_date:
            last[row.envelope] = row


def groups_have_members(case: Case) -> Iterator[Fault]:
    """A limit over no project limits nothing."""
    found, expected = "the group {} without a member", "rows in group_members.csv"
    yield from without_rows(case, "groups", "group", "group_members", found, expected)


def contracts_have_items(case: Case) -> Iterator[Fault]:
    """A contract names what it delivers."""
    found, expected = "the contract {} without a commodity", "rows in contract_items.csv"
    yield from without_rows(case, "contracts", "contract", "contract_items", found, expected)


def contracts_deliver_something(case: Case) -> Iterator[Fault]:
    """A contract lasts for some time, and a tonne of it holds some of each of its commodities."""
    for number, row in enumerate(case.rows("contracts")):
        if row.term_years == 0:
            yield fault_at(case, "contracts", number, "term_years", "a term of 0 years", "above 0, or blank for no end")
    for number, row in enumerate(case.rows("contract_items")):
        if row.t_per_t == 0:
            yield fault_at(case, "contract_items", number, "t_per_t", "0", "a positive tonnage, or no row")


def obligations_have_a_volume(case: Case) -> Iterator[Fault]:
    """Take-or-pay, a least volume or a payment per tonne need a greatest volume to be reckoned on."""
    for number, row in enumerate(case.rows("contracts")):
        bound = row.take_or_pay_share > 0 or row.volume_min_t_per_year > 0 or row.prepayment_usd_per_t_per_year > 0
        if bound and math.isinf(row.volume_max_t_per_year):
            found = f"no greatest volume of {row.contract!r}, which obliges per tonne"
            yield fault_at(case, "contracts", number, "volume_max_t_per_year", found, "a number of tonnes a year")


def prices_have_what_they_need(case: Case) -> Iterator[Fault]:
    """Each price rule finds its market, its floor or its cost."""
    for number, row in enumerate(case.rows("contract_items")):
        wanting = ""
        if row.price_rule in ("index", "floor") and not row.market:
            wanting = "market"
        elif row.price_rule == "floor" and row.floor_usd_per_kg == 0 and row.floor_multiple == 0:
            wanting = "floor_usd_per_kg"
        elif row.price_rule == "cost_plus" and row.chinese_full_cost_usd_per_kg == 0:
            wanting = "chinese_full_cost_usd_per_kg"
        elif row.price_rule == "cost_plus" and row.cost_multiple == 0:
            wanting = "cost_multiple"
        if wanting:
            found = f"the price rule {row.price_rule} without {wanting}"
            yield fault_at(case, "contract_items", number, wanting, found, f"a {wanting}")


def indexed_goods_have_a_price(case: Case) -> Iterator[Fault]:
    """A commodity whose price is read from a market has a price there, and so have its elements."""
    prices = {(row.market, row.commodity) for row in case.rows("prices")}
    for table in ("contract_items", "outlets"):
        for number, row in enumerate(case.rows(table)):
            if row.market and (row.market, row.commodity) not in prices:
                found = f"no price of {row.commodity!r} in the market {row.market!r}"
                yield fault_at(case, table, number, "market", found, "a row in prices.csv")
    elements: dict[str, list[str]] = defaultdict(list)
    for row in case.rows("content"):
        elements[row.commodity].append(row.element)
    priced = {(row.market, row.element) for row in case.rows("element_prices")}
    for number, row in enumerate(case.rows("prices")):
        for element in elements[row.commodity]:
            if (row.market, element) not in priced:
                found = f"no price of {element!r}, held by {row.commodity!r}, in the market {row.market!r}"
                yield fault_at(case, "prices", number, "commodity", found, "a row in element_prices.csv")


def processes_are_not_paid_to_turn(case: Case) -> Iterator[Fault]:
    """A negative operating cost inside a loop of processes pays for running in circles."""
    edges: dict[str, set[str]] = defaultdict(set)
    for row in case.rows("recipes"):
        if row.direction == "in":
            edges[f"commodity {row.commodity}"].add(row.process)
        else:
            edges[row.process].add(f"commodity {row.commodity}")
    turning = {name for loop in loops(edges) for name in loop}
    for number, row in enumerate(case.rows("processes")):
        if row.operating_usd_per_kg < 0 and row.process in turning:
            found = f"{row.operating_usd_per_kg:g} a kilogram for {row.process!r}, whose output comes back to it"
            yield fault_at(case, "processes", number, "operating_usd_per_kg", found, "at least 0 in a loop")
