"""Contracts that do more than deliver: make-up, tranches of a quota, and suppliers that somebody has to sustain."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from orefolio.errors import Fault

from ..adjust import attribute, selects
from ..case import Case
from .place import fault_at

NOT_BY_TRANCHES = (
    "in_force", "project", "volume_min_t_per_year", "take_or_pay_share", "makeup_years", "prepayment_musd",
    "prepayment_usd_per_t_per_year", "dividend_musd_per_year",
)  # fmt: skip
"""What a contract may not have whose tranches say what is paid and what it gives a right to."""
WHOLE = 1.0 + 1e-9


def make_up_follows_take_or_pay(case: Case) -> Iterator[Fault]:
    """Only what was paid for and not taken can be made up."""
    for number, row in enumerate(case.rows("contracts")):
        if row.makeup_years > 0 and (row.take_or_pay_share == 0 or row.kind == "spot"):
            found = f"make-up of {row.contract!r}, under which nothing is paid for in any case"
            yield fault_at(case, "contracts", number, "makeup_years", found, "a take_or_pay_share above 0")


def tranches_belong_to_a_quota(case: Case) -> Iterator[Fault]:
    """A contract with tranches is a quota, and they alone say what is paid and what it gives a right to."""
    with_tranches = {row.contract for row in case.rows("tranches")}
    for number, row in enumerate(case.rows("contracts")):
        if row.contract not in with_tranches:
            continue
        if row.kind != "quota":
            found = f"tranches of {row.contract!r}, which is of kind {row.kind}"
            yield fault_at(case, "contracts", number, "kind", found, "quota")
        for column in NOT_BY_TRANCHES:
            if getattr(row, column):
                found = f"{column} of {row.contract!r}, which has tranches"
                yield fault_at(case, "contracts", number, column, found, "a blank: its tranches say it")
        if math.isfinite(row.volume_max_t_per_year):
            found = f"a greatest volume of {row.contract!r}, which has tranches"
            expected = "a blank: its volume is the right of its tranches"
            yield fault_at(case, "contracts", number, "volume_max_t_per_year", found, expected)


def tranches_count_up(case: Case) -> Iterator[Fault]:
    """Tranches are numbered from 1 without a gap, those that are held come first, and rights fit into one whole."""
    every: dict[str, list[tuple[int, Any]]] = {}
    for number, row in enumerate(case.rows("tranches")):
        every.setdefault(row.contract, []).append((number, row))
    for contract, several in every.items():
        ordered = sorted(several, key=lambda pair: pair[1].tranche)
        for expected, (number, row) in enumerate(ordered, 1):
            if row.tranche != expected:
                found = f"tranche {row.tranche} of {contract!r} without one before it"
                yield fault_at(case, "tranches", number, "tranche", found, f"tranche {expected}")
                break
        for (_, before), (number, row) in pairwise(ordered):
            if row.held and not before.held:
                found = f"tranche {row.tranche} of {contract!r} held, and the one before it not"
                yield fault_at(case, "tranches", number, "held", found, "tranches held in their order")
        total = sum(row.right_share for _, row in several)
        if total > WHOLE:
            found = f"rights of {contract!r} to {total:g} of the output"
            yield fault_at(case, "tranches", several[0][0], "right_share", found, "at most 1 over its tranches")


def rights_have_a_capacity(case: Case) -> Iterator[Fault]:
    """A right is a share of something: the supplier has a capacity of each commodity of the quota."""
    known = {(row.supplier, row.commodity) for row in case.rows("supplier_capacity")}
    with_tranches = {row.contract for row in case.rows("tranches")}
    sellers = {row.contract: row.supplier for row in case.rows("contracts")}
    for number, item in enumerate(case.rows("contract_items")):
        supplier = sellers.get(item.contract, "")
        if item.contract in with_tranches and (supplier, item.commodity) not in known:
            found = f"a right to {item.commodity!r} of {supplier!r}, whose capacity is not known"
            yield fault_at(case, "contract_items", number, "commodity", found, "a row in supplier_capacity.csv")


def contracts_may_end_with_their_project(case: Case) -> Iterator[Fault]:
    """A contract that ends when its project is given up pays no dividend and sustains nobody."""
    leaving = {row.project for row in case.rows("projects") if row.can_abandon}
    for number, row in enumerate(case.rows("contracts")):
        for column in ("dividend_musd_per_year", "sustains") if row.project in leaving else ():
            if getattr(row, column):
                found = f"{column} of {row.contract!r}, whose project {row.project!r} can be given up"
                yield fault_at(case, "contracts", number, column, found, "a blank, or a project that stays")


def spot_markets_sustain_nobody(case: Case) -> Iterator[Fault]:
    """Who buys as wanted keeps no supplier alive."""
    for number, row in enumerate(case.rows("contracts")):
        if row.sustains and row.kind == "spot":
            found = f"the spot market {row.contract!r} that sustains its supplier"
            yield fault_at(case, "contracts", number, "sustains", found, "an offtake or a quota")


def suppliers_that_may_close_have_a_size(case: Case) -> Iterator[Fault]:
    """A share of no limit is no limit: what a supplier that may close sells has a greatest volume or a capacity."""
    events = [row for row in case.rows("events") if (row.table, attribute(row.column)) == ("suppliers", "alone_share")]
    closing = {
        row.supplier
        for row in case.rows("suppliers")
        if row.alone_share < 1 or any(selects(event.where, row) for event in events)
    }
    known = {(row.supplier, row.commodity) for row in case.rows("supplier_capacity")}
    items: dict[str, list[str]] = {}
    for item in case.rows("contract_items"):
        items.setdefault(item.contract, []).append(item.commodity)
    for number, row in enumerate(case.rows("contracts")):
        limited = all((row.supplier, commodity) in known for commodity in items.get(row.contract, []))
        if row.supplier in closing and math.isinf(row.volume_max_t_per_year) and not limited:
            found = f"no greatest volume of {row.contract!r} and no capacity of {row.supplier!r}, which may close"
            yield fault_at(case, "contracts", number, "volume_max_t_per_year", found, "one of the two")
