"""Every contract of the case: signed, by tranches, in force, spot or left alone, and what is bought under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .outcome.calendar import month_of
from .outcome.choices import first_delivery
from .outcome.pricing import price_rule
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Choice, Outcome

COLUMNS = (
    "contract", "name", "kind", "status", "supplier", "country", "commodities", "signed", "branch", "futures",
    "volume_t_per_year", "first_delivery", "price_rule", "bought_expected_t", "paid_unused_expected_t",
    "made_up_expected_t", "prepayment_musd", "public_musd", "cost_musd",
)  # fmt: skip


def table(outcome: Outcome) -> Sheet:
    """One row for each contract, or for each node at which it is signed; tonnes are expected over all futures."""
    signed = outcome.commitments_of("contract")
    rows: list[tuple[Any, ...]] = []
    for row in outcome.case.rows("contracts"):
        rows.extend(_rows(outcome, row, signed.get(row.contract, [])))
    return Sheet.of(COLUMNS, rows)


def _rows(outcome: Outcome, row: Any, signed: list[Choice]) -> Iterator[tuple[Any, ...]]:
    case = outcome.case
    seller = case.row("suppliers", row.supplier)
    goods = " ".join(item.commodity for item in case.rows("contract_items") if item.contract == row.contract)
    start = (row.contract, row.name or row.contract, row.kind)
    who = (seller.name or seller.supplier, seller.country, goods)
    rule = price_rule(case, row.contract)
    if not signed:
        unsigned = "by tranches" if case.has("tranches", f"{row.contract}/1") else "not signed"
        status = "spot" if row.kind == "spot" else "in force" if row.in_force else unsigned
        volume = row.volume_max_t_per_year if row.in_force else 0.0
        every = tuple(range(len(outcome.futures)))
        yield (
            *start, status, *who, "", "", "", volume, "", rule, *_taken(outcome, row.contract, every), 0.0, 0.0,
            _purchases(outcome, row.contract),
        )  # fmt: skip
    for choice in signed:
        path = outcome.futures[choice.futures[0]].path
        begin = next(period.start for period in path.periods if month_of(case, period.start) == choice.date)
        first = month_of(case, first_delivery(path, row, begin)) if not row.project else ""
        yield (
            *start, "signed", *who, choice.date, outcome.branch(choice.futures), " ".join(outcome.ids(choice.futures)),
            choice.size, first, rule, *_taken(outcome, row.contract, choice.futures), choice.capital_musd,
            choice.public_musd, choice.cost_musd,
        )  # fmt: skip


def _taken(outcome: Outcome, contract: str, futures: tuple[int, ...]) -> tuple[float, float, float]:
    """Expected tonnes bought, paid for without being taken, and made up, in these futures."""
    totals = [0.0, 0.0, 0.0]
    for number in futures:
        lived = outcome.futures[number]
        for place, name in enumerate(("buy", "unused", "makeup")):
            totals[place] += lived.weight * sum(e.value for e in lived.entries_of(name, contract))
    return totals[0], totals[1], totals[2]


def _purchases(outcome: Outcome, contract: str) -> float:
    return sum(
        lived.weight * entry.cost_musd
        for lived in outcome.futures
        for name in ("buy", "unused")
        for entry in lived.entries_of(name, contract)
    )
