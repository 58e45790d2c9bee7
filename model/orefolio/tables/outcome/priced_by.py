"""Which input cells price a part of cost: the terms of its price, and the cells that each term is a product of.

A price is a sum of terms (elements of a commodity, items of a contract, kinds of residue); a term is a product of
cells. What a part of cost depends on in tonnes is not told here: only what a tonne, or a commitment, is priced by.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from orefolio.case.adjust import attribute
from orefolio.case.scenarios import Path
from orefolio.families import timing
from orefolio.families.ledger import Prices
from orefolio.families.reach import in_force
from orefolio.program.program import Label


class Input(NamedTuple):
    """A cell of the case. row: its key, several keys joined by `/`."""

    table: str
    row: str
    column: str


class Term(NamedTuple):
    """One term of a price. size: in the unit of its price, compared within one price only; inputs: its factors."""

    size: float
    inputs: tuple[Input, ...]


Terms = list[Term]


@dataclass
class Pricing:
    """The prices of one future, cell by cell; what is asked again is not reckoned again."""

    path: Path
    _steady: dict[tuple[Input, ...], Term | None] = field(default_factory=dict, repr=False)
    _moved: dict[tuple[int, tuple[Input, ...]], Term] = field(default_factory=dict, repr=False)
    _markets: dict[tuple[str, str, int], Terms] = field(default_factory=dict, repr=False)
    _references: dict[str, Terms] = field(default_factory=dict, repr=False)

    @cached_property
    def _prices(self) -> Prices:
        return Prices(self.path)

    @cached_property
    def items(self) -> dict[str, list[Any]]:
        """The items of each contract."""
        found: dict[str, list[Any]] = {}
        for row in self.path.case.rows("contract_items"):
            found.setdefault(row.contract, []).append(row)
        return found

    @cached_property
    def residues(self) -> dict[str, list[Any]]:
        """The residues of each process."""
        found: dict[str, list[Any]] = {}
        for row in self.path.case.rows("residues"):
            found.setdefault(row.process, []).append(row)
        return found

    def value(self, cell: Input, number: int) -> float:
        """A cell in a period of this future, in its own unit."""
        return self.path.series(*cell)[number]

    def product(self, number: int, *cells: Input) -> Term:
        """A term in a period, with the cells of the events that change one of its factors then."""
        if cells not in self._steady:
            self._steady[cells] = self._product(number, cells) if all(map(self._is_steady, cells)) else None
        steady = self._steady[cells]
        if steady is not None:
            return steady
        if (number, cells) not in self._moved:
            self._moved[number, cells] = self._product(number, cells)
        return self._moved[number, cells]

    def _product(self, number: int, cells: tuple[Input, ...]) -> Term:
        size = math.prod(self.value(cell, number) for cell in cells)
        return Term(size, (*cells, *(event for cell in cells for event in self._events(cell, number))))

    def _is_steady(self, cell: Input) -> bool:
        """Whether a cell has in every period the number of the case."""
        own = getattr(self.path.case.row(cell.table, cell.row), cell.column)
        return all(number == own for number in self.path.series(*cell))

    def plain(self, number: int, table: str, row: str, *columns: str) -> Terms:
        """One term: the product of columns of a row."""
        return [self.product(number, *(Input(table, row, column) for column in columns))]

    def times(self, terms: Iterable[Term], number: int, *cells: Input) -> Terms:
        """Terms with further factors."""
        size, inputs = self.product(number, *cells)
        return [Term(term.size * size, inputs + term.inputs) for term in terms]

    def _events(self, cell: Input, number: int) -> tuple[Input, ...]:
        """The cells of the events of this future that move a cell, where it is moved in the period."""
        case = self.path.case
        row = case.row(cell.table, cell.row)
        if self.value(cell, number) == getattr(row, cell.column):
            return ()
        return tuple(
            Input("events", f"{part.event}/{part.part}", "value")
            for part in self._moving.get((cell.table, cell.column), ())
            if cell.row in case.selected(cell.table, part.where)
        )

    @cached_property
    def _moving(self) -> dict[tuple[str, str], list[Any]]:
        """The parts of the events of this future, by the table and column that they change."""
        case = self.path.case
        happening = {entry.event for entry in case.grouped("future_events", "future").get(self.path.future, ())}
        found: dict[tuple[str, str], list[Any]] = {}
        for part in case.rows("events"):
            if part.event in happening:
                found.setdefault((part.table, attribute(part.column)), []).append(part)
        return found

    def market(self, market: str, commodity: str, number: int) -> Terms:
        """The price of a commodity in a market: a fee, and its content by element."""
        if (market, commodity, number) not in self._markets:
            self._markets[market, commodity, number] = self._market(market, commodity, number)
        return self._markets[market, commodity, number]

    def _market(self, market: str, commodity: str, number: int) -> Terms:
        key = f"{market}/{commodity}"
        if not self.path.case.has("prices", key):
            return []
        terms = self.plain(number, "prices", key, "fee_usd_per_kg")
        for element, _ in self._prices.content.get(commodity, []):
            price = f"{market}/{element}"
            cells = (Input("element_prices", price, "chinese_usd_per_kg"), Input("element_prices", price, "multiple"))
            content = Input("content", f"{commodity}/{element}", "share")
            terms.append(self.product(number, *cells, Input("prices", key, "realisation_share"), content))
        return terms

    def reference(self, commodity: str) -> Terms:
        """The fixed reference value of a commodity: the Chinese price of the base year, whatever happens."""
        if commodity not in self._references:
            self._references[commodity] = self._reference(commodity)
        return self._references[commodity]

    def _reference(self, commodity: str) -> Terms:
        case, market = self.path.case, self._prices.reference_market
        key = f"{market}/{commodity}"
        if not case.has("prices", key):
            return []
        row = case.row("prices", key)
        terms = [Term(row.fee_usd_per_kg, (Input("prices", key, "fee_usd_per_kg"),))]
        for element, content in self._prices.content.get(commodity, []):
            cell = Input("element_prices", f"{market}/{element}", "chinese_usd_per_kg")
            size = row.realisation_share * content * case.row("element_prices", cell.row).chinese_usd_per_kg
            share = Input("content", f"{commodity}/{element}", "share")
            terms.append(Term(size, (cell, Input("prices", key, "realisation_share"), share)))
        return terms

    def closing(self, commodity: str, number: int) -> Terms:
        """The price of a commodity in the market of reference, in a period."""
        return self.market(self._prices.reference_market, commodity, number)

    def item(self, item: Any, number: int) -> Terms:
        """The price of a contract item by its rule; of a floor, the side that binds."""
        key = f"{item.contract}/{item.commodity}"
        if item.price_rule == "fixed":
            return self.plain(number, "contract_items", key, "price_usd_per_kg")
        if item.price_rule == "cost_plus":
            return self.plain(number, "contract_items", key, "cost_multiple", "chinese_full_cost_usd_per_kg")
        index = self.market(item.market, item.commodity, number) if item.market else []
        index = self.times(index, number, Input("contract_items", key, "index_multiple"))
        if item.price_rule == "index":
            return index
        level = self.plain(number, "contract_items", key, "floor_usd_per_kg")
        floor = self.times(self.reference(item.commodity), number, Input("contract_items", key, "floor_multiple"))
        best = max(index, level, floor, key=lambda terms: sum(term.size for term in terms))
        if not item.floor_rule or best is index:
            return best
        force = in_force(self.path, item.floor_rule)[number]
        parts = ((1.0 - force, index), (force, best))
        return [term._replace(size=share * term.size) for share, terms in parts for term in terms if share > 0]


def _contract(pricing: Pricing, label: Label, number: int) -> Terms:
    terms: Terms = []
    for item in pricing.items.get(label.index[0], ()):
        per_tonne = Input("contract_items", f"{item.contract}/{item.commodity}", "t_per_t")
        terms += pricing.times(pricing.item(item, number), number, per_tonne)
    return terms


def _prepayment(pricing: Pricing, label: Label, number: int) -> Terms:
    if label.name == "tranche":
        return pricing.plain(number, "tranches", "/".join(label.index), "payment_musd")
    column = "prepayment_musd" if label.name == "sign" else "prepayment_usd_per_t_per_year"
    return pricing.plain(number, "contracts", label.index[0], column)


def _dividend(pricing: Pricing, label: Label, number: int) -> Terms:
    if label.name == "tranche":
        return pricing.plain(number, "tranches", "/".join(label.index), "dividend_musd_per_year")
    return pricing.plain(number, "contracts", label.index[0], "dividend_musd_per_year")


def _processing(pricing: Pricing, label: Label, number: int) -> Terms:
    """Operating cost, or the multiple of the Chinese full cost less the capital that a project pays."""
    name = label.index[0]
    if pricing.path.series("processes", name, "cost_multiple")[number] <= 0:
        return pricing.plain(number, "processes", name, "operating_usd_per_kg")
    (full,) = pricing.plain(number, "processes", name, "cost_multiple", "chinese_full_cost_usd_per_kg")
    capital = Input("processes", name, "capital_charge_usd_per_kg")
    return [Term(max(0.0, full.size - pricing.value(capital, number)), (*full.inputs, capital))]


def _capital(pricing: Pricing, label: Label, _: int) -> Terms:
    if label.name in ("abandon", "given_up"):
        return _given_up(pricing, label)
    column = "capital_musd" if label.name in ("start", "in_class") else "capital_usd_per_t_per_year"
    overrun = Input("projects", label.index[0], "overrun_multiple")
    table = "size_classes" if label.name in ("in_class", "size_in_class") else "projects"
    return [pricing.product(label.period, Input(table, "/".join(label.index), column), overrun)]


def _given_up(pricing: Pricing, label: Label, *cells: Input) -> Terms:
    """Capital of what was started at the period that the label's index names."""
    name, begun = label.index
    start = next(period.number for period in pricing.path.periods if period.label == begun)
    column = "capital_musd" if label.name == "abandon" else "capital_usd_per_t_per_year"
    return [
        pricing.product(start, *cells, Input("projects", name, column), Input("projects", name, "overrun_multiple"))
    ]


def _exit(pricing: Pricing, label: Label, _: int) -> Terms:
    return _given_up(pricing, label, Input("projects", label.index[0], "exit_share"))


def _residual(pricing: Pricing, label: Label, number: int) -> Terms:
    """Capital in all of a plant of the greatest size; label.index: the project, the month of its start."""
    name, begun = label.index
    row = pricing.path.case.row("projects", name)
    start = next(period.number for period in pricing.path.periods if period.label == begun)
    per_tonne = pricing.plain(start, "projects", name, "capital_usd_per_t_per_year", "overrun_multiple")
    whole = pricing.plain(start, "projects", name, "capital_musd", "overrun_multiple")
    sized = [term._replace(size=term.size * row.size_max_t_per_year * 1e-6) for term in per_tonne]
    classes = [each for each in pricing.path.case.rows("size_classes") if each.project == name]
    terms = [
        pricing.times(_full(pricing, each, start), start, Input("projects", name, "overrun_multiple"))
        for each in classes
    ]
    of_class = min(terms, key=lambda several: sum(term.size for term in several), default=[])
    sized += [term._replace(size=term.size * row.size_max_t_per_year) for term in of_class]
    further = (Input("settings", "residual_share", "value"), Input("projects", name, "life_years"))
    return pricing.times([*whole, *sized], number, *further)


def _full(pricing: Pricing, row: Any, number: int) -> Terms:
    """Capital of a size class per tonne a year where it is full, million USD."""
    key = f"{row.project}/{row.size_class}"
    (lump,) = pricing.plain(number, "size_classes", key, "capital_musd")
    (each,) = pricing.plain(number, "size_classes", key, "capital_usd_per_t_per_year")
    return [lump._replace(size=lump.size / row.to_t_per_year), each._replace(size=each.size * 1e-6)]


def _programme(pricing: Pricing, label: Label, number: int) -> Terms:
    """What falls due of a level in a period: of what it costs up front, and of what it costs each year."""
    path, key = pricing.path, "/".join(label.index)
    row, begin, period = path.case.row("programmes", key), path.periods[label.period], path.periods[number]
    paid = timing.instalments(begin.start, row.lead_time_years)
    due = sum(share * path.discount(start, end) for share, start, end in paid if path.period_of(start) == number)
    lasts = timing.overlap(begin.start + row.lead_time_years, period.end, period) * period.years
    runs = lasts * path.discount(period.end - lasts, period.end)
    once = pricing.plain(0, "programmes", key, "up_front_musd")
    yearly = pricing.plain(0, "programmes", key, "annual_musd")
    return [term._replace(size=term.size * factor) for factor, (term,) in ((due, once), (runs, yearly))]


def _tariff(pricing: Pricing, label: Label, number: int) -> Terms:
    lane = pricing.path.case.row("lanes", label.index[0])
    return pricing.times(pricing.reference(lane.commodity), number, Input("lanes", lane.lane, "tariff_share"))


def _residues(pricing: Pricing, label: Label, number: int) -> Terms:
    """Treatment and the present value of custody, as they are on the first day, for each kind of residue."""
    terms: Terms = []
    for row in pricing.residues.get(label.index[0], ()):
        kind = ("residue_kinds", row.residue)
        years = pricing.path.discount(0.0, pricing.path.case.row(*kind).custody_years)
        (treated,) = pricing.plain(0, *kind, "treatment_usd_per_t")
        (kept,) = pricing.plain(0, *kind, "custody_usd_per_t_per_year", "custody_years")
        arises = Input("residues", f"{row.process}/{row.residue}", "t_per_t")
        terms += pricing.times([treated, kept._replace(size=kept.size * years)], number, arises)
    return terms


def _sale(pricing: Pricing, label: Label, number: int) -> Terms:
    key = "/".join(label.index)
    row = pricing.path.case.row("outlets", key)
    if not row.market:
        return pricing.plain(number, "outlets", key, "price_usd_per_kg")
    terms = pricing.market(row.market, row.commodity, number)
    return pricing.times(terms, number, Input("outlets", key, "price_share"))


def _handling(pricing: Pricing, label: Label, number: int) -> Terms:
    row = pricing.path.case.row("stockpiles", label.index[0])
    terms = pricing.plain(number, "stockpiles", row.stockpile, "handling_usd_per_kg")
    if label.name == "rotate":
        lost = Input("stockpiles", row.stockpile, "rotation_discount_share")
        terms += pricing.times(pricing.reference(row.commodity), number, lost)
    return terms


def _holding(pricing: Pricing, label: Label, number: int) -> Terms:
    row = pricing.path.case.row("stockpiles", label.index[0])
    share = Input("stockpiles", row.stockpile, "holding_share_per_year")
    return pricing.times(pricing.reference(row.commodity), number, share)


def _closing(pricing: Pricing, label: Label, number: int) -> Terms:
    row = pricing.path.case.row("stockpiles", label.index[0])
    share = Input("stockpiles", row.stockpile, "terminal_share")
    return pricing.times(pricing.closing(row.commodity, number), number, share)


def opening(pricing: Pricing, number: int) -> Terms:
    """What holding the stock of the first day costs in a period, in all stockpiles: what no decision changes."""
    terms: Terms = []
    for row in pricing.path.case.rows("stockpiles"):
        if row.initial_t > 0:
            held = _holding(pricing, Label("stock", (row.stockpile,), number), number)
            terms += [term._replace(size=term.size * row.initial_t) for term in held]
    return terms


def _support(pricing: Pricing, _: Label, number: int) -> Terms:
    """The price of public money: how much the state pays depends on many cells, what a dollar of it costs on one."""
    return pricing.plain(number, "settings", "public_funds_cost", "value")


def _one_cell(table: str, column: str, first: int = 0, words: int = 1) -> Callable[[Pricing, Label, int], Terms]:
    """The price in one column of the row that some words of the label name."""

    def terms(pricing: Pricing, label: Label, number: int) -> Terms:
        return pricing.plain(number, table, "/".join(label.index[first : first + words]), column)

    return terms


PRICED: dict[str, Callable[[Pricing, Label, int], Terms]] = {
    "purchases": _contract,
    "take-or-pay": _contract,
    "prepayments": _prepayment,
    "dividends": _dividend,
    "processing": _processing,
    "campaigns": _one_cell("processes", "campaign_musd"),
    "standing": _one_cell("processes", "standing_musd_per_year"),
    "mothballing": _one_cell("processes", "mothballed_musd_per_year"),
    "restarts": _one_cell("processes", "restart_musd"),
    "retraining": _one_cell("processes", "retrain_usd_per_t"),
    "closing": _one_cell("processes", "closing_musd"),
    "dedication": _one_cell("processes", "dedication_musd_per_year"),
    "changeovers": _one_cell("processes", "changeover_musd"),
    "capital": _capital,
    "abandonment": _exit,
    "residual value": _residual,
    "fixed operation": _one_cell("projects", "fixed_usd_per_t_per_year"),
    "programmes": _programme,
    "transport": _one_cell("lanes", "cost_usd_per_kg"),
    "tariffs": _tariff,
    "collection": _one_cell("scrap", "collection_usd_per_kg"),
    "residues": _residues,
    "shortage": _one_cell("loss_steps", "loss_usd_per_kg", words=2),
    "least service": _one_cell("demands", "least_service_usd_per_kg"),
    "sales": _sale,
    "discards": _one_cell("commodities", "discard_usd_per_kg", first=1),
    "stock handling": _handling,
    "stockholding": _holding,
    "expiry": _one_cell("stockpiles", "expiry_usd_per_kg"),
    "closing stock": _closing,
    "cover penalty": _one_cell("stockpiles", "cover_penalty_usd_per_kg_year"),
    "support": _support,
    "concentration penalty": _one_cell("diversification", "penalty_usd_per_kg", words=2),
}
"""By name of cost: the terms of its price, from the label of the column that bears it and the period it is paid in."""
