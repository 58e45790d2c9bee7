"""What a future costs, by name, period and column, and what public money it takes: every price times what it pays for.

Discounted million USD; a factor is the mean over the period. Public money is not discounted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from . import running, timing
from .evidence import Evidence, Item
from .investors import stakes
from .life import Life, lives

KG_A_TONNE = 1e-3
"""Million USD per tonne for one USD per kilogram."""
MUSD = 1e-6
Column = tuple[str, tuple[str, ...], int]


class Spending(NamedTuple):
    """Public money spent evenly between two moments, million USD."""

    envelope: str
    musd: float
    start: float
    end: float


@dataclass
class Bill:
    """The bill of one future. parts: terms by (name, period); columns: by (variable, index, period).

    borne: the same without signs by name and what bears it, the first word of the index (the second of a discard).
    """

    life: Life
    parts: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    columns: dict[Column, float] = field(default_factory=dict)
    spendings: list[Spending] = field(default_factory=list)
    borne: dict[tuple[str, str], float] = field(default_factory=dict)

    def pay(self, name: str, number: int, musd: float, variable: str, item: Item) -> None:
        """Add what a value of the plan costs."""
        if musd:
            self.parts.setdefault((name, number), []).append(musd)
            key = (variable, item.words, item.number)
            self.columns[key] = self.columns.get(key, 0.0) + musd
            bearer = (name, item.words[1 if variable == "discard" else 0])
            self.borne[bearer] = self.borne.get(bearer, 0.0) + abs(musd)

    def spend(self, envelope: str, musd: float, start: float, end: float) -> None:
        """Add public money."""
        if envelope and musd:
            self.spendings.append(Spending(envelope, musd, start, end))

    @cached_property
    def total(self) -> float:
        """Discounted million USD of the whole future."""
        return math.fsum(term for terms in self.parts.values() for term in terms)

    @cached_property
    def size(self) -> float:
        """The same without signs."""
        return math.fsum(abs(term) for terms in self.parts.values() for term in terms)


def bills(evidence: Evidence) -> list[Bill]:
    """The bill of every future, made once."""
    if "bills" not in evidence.kept:
        evidence.kept["bills"] = [_bill(life) for life in lives(evidence)]
    found: list[Bill] = evidence.kept["bills"]
    return found


def _bill(life: Life) -> Bill:
    bill, factors = Bill(life), [timing.over(life.path, period) for period in life.path.periods]
    for post in (
        _projects,
        _given_up,
        _states,
        _programmes,
        _contracts,
        _processes,
        _lanes,
        _stockpiles,
        _others,
        _demands,
        _support,
    ):
        post(bill, life, factors)
    return bill


def _projects(bill: Bill, life: Life, factors: list[float]) -> None:
    path = life.path
    for variable, column, unit in (("start", "capital_musd", 1.0), ("size", "capital_usd_per_t_per_year", MUSD)):
        for item in life.walk.of(variable):
            row = life.case.row("projects", item.name)
            overrun = path.known("projects", row.project, "overrun_multiple")[item.number]
            amount = getattr(row, column) * unit * overrun * item.value
            lead = timing.lead_of(path, row, item.number)
            for share, start, end in timing.instalments(path.periods[item.number].start, lead):
                paid = amount * share
                bill.pay("capital", path.period_of(start), paid * timing.discount(path, start, end), variable, item)
                bill.spend(row.envelope, paid * row.public_share, start, end)
    for variable, column, unit in (
        ("in_class", "capital_musd", 1.0),
        ("size_in_class", "capital_usd_per_t_per_year", MUSD),
    ):
        for item in life.walk.of(variable):
            row = life.case.row("projects", item.words[0])
            overrun = path.known("projects", row.project, "overrun_multiple")[item.number]
            whole = getattr(life.case.row("size_classes", item.name), column) * unit * overrun * item.value
            lead = timing.lead_of(path, row, item.number)
            for share, start, end in timing.instalments(path.periods[item.number].start, lead):
                paid = whole * share
                bill.pay("capital", path.period_of(start), paid * timing.discount(path, start, end), variable, item)
                bill.spend(row.envelope, paid * row.public_share, start, end)
    for item in life.walk.of("size"):
        row = life.case.row("projects", item.name)
        ready = timing.done(path, row, item.number)
        for period in path.periods:
            yearly = row.fixed_usd_per_t_per_year * MUSD * timing.stands(row.ramp, ready, period) * period.years
            bill.pay("fixed operation", period.number, yearly * factors[period.number] * item.value, "size", item)
    for item in life.walk.of("kept"):
        row = life.case.row("projects", item.words[0])
        begin = next(period.number for period in path.periods if period.label == item.words[1])
        worth = -_residual(life, row, begin) * item.value
        bill.pay("residual value", item.number, worth, "kept", item)


def _given_up(bill: Bill, life: Life, factors: list[float]) -> None:
    """Capital and fixed operation that are not paid any more, and the exit charge."""
    path = life.path
    for variable, column, unit in (("abandon", "capital_musd", 1.0), ("given_up", "capital_usd_per_t_per_year", MUSD)):
        for item in life.walk.of(variable):
            row = life.case.row("projects", item.words[0])
            begin = next(period.number for period in path.periods if period.label == item.words[1])
            overrun = path.known("projects", row.project, "overrun_multiple")[begin]
            whole = getattr(row, column) * unit * overrun * item.value
            now, left = path.periods[item.number].start, 0.0
            for share, start, end in timing.instalments(path.periods[begin].start, timing.lead_of(path, row, begin)):
                if end > now + timing.SLACK:
                    first = max(start, now)
                    saved = share * (end - first) / (end - start)
                    left += saved
                    today = whole * saved * timing.discount(path, first, end)
                    bill.pay("capital", path.period_of(first), -today, variable, item)
                    bill.spend(row.envelope, -whole * saved * row.public_share, first, end)
            charge = whole * left * row.exit_share
            bill.pay("abandonment", item.number, charge * timing.discount(path, now), variable, item)
            bill.spend(row.envelope, charge * row.public_share, now, now)
    for item in life.walk.of("given_up"):
        row = life.case.row("projects", item.words[0])
        begin = next(period.number for period in path.periods if period.label == item.words[1])
        ready = timing.done(path, row, begin)
        for period in path.periods:
            yearly = row.fixed_usd_per_t_per_year * MUSD * timing.stands(row.ramp, ready, period) * period.years
            bill.pay("fixed operation", period.number, -yearly * factors[period.number] * item.value, "given_up", item)


def _residual(life: Life, row: Any, begin: int) -> float:
    """Straight line over the life, times the residual share; lump capital per tonne of the greatest size."""
    end = life.path.periods[-1].end
    left = row.life_years - (end - timing.done(life.path, row, begin))
    share = min(1.0, max(0.0, left / row.life_years)) * life.case.setting("residual_share", 0.0)
    lump = row.capital_musd / row.size_max_t_per_year if row.size_max_t_per_year > 0 else 0.0
    capital = row.capital_usd_per_t_per_year * MUSD + lump
    several = [each for each in life.case.rows("size_classes") if each.project == row.project]
    if several:
        full = [each.capital_musd / each.to_t_per_year + each.capital_usd_per_t_per_year * MUSD for each in several]
        capital += min(full)
    overrun = life.path.known("projects", row.project, "overrun_multiple")[begin]
    return float(share * capital * overrun * timing.discount(life.path, end))


def _programmes(bill: Bill, life: Life, factors: list[float]) -> None:
    path = life.path
    for item in life.walk.of("level_on"):
        key = item.name
        row, begin = life.case.row("programmes", key), path.periods[item.number].start
        amount = path.known("programmes", key, "up_front_musd")[item.number] * item.value
        for share, start, end in timing.instalments(begin, row.lead_time_years):
            paid = amount * share * timing.discount(path, start, end)
            bill.pay("programmes", path.period_of(start), paid, "level_on", item)
            bill.spend(row.envelope, amount * share, start, end)
        annual = path.series("programmes", key, "annual_musd")
        for period in path.periods:
            start = min(period.end, max(period.start, begin + row.lead_time_years))
            paid = annual[period.number] * (period.end - start) * item.value
            factor = timing.discount(path, start, period.end)
            bill.pay("programmes", period.number, paid * factor, "level_on", item)
            bill.spend(row.envelope, paid, start, period.end)


def _contracts(bill: Bill, life: Life, factors: list[float]) -> None:
    path = life.path
    for variable, name in (("buy", "purchases"), ("unused", "take-or-pay")):
        for item in life.walk.of(variable):
            price = life.market.contract(item.words[0])[item.number] * KG_A_TONNE
            bill.pay(name, item.number, price * factors[item.number] * item.value, variable, item)
    for variable, column, unit in (("sign", "prepayment_musd", 1.0), ("volume", "prepayment_usd_per_t_per_year", MUSD)):
        for item in life.walk.of(variable):
            row, start = life.case.row("contracts", item.name), path.periods[item.number].start
            amount = getattr(row, column) * unit * item.value
            bill.pay("prepayments", item.number, amount * timing.discount(path, start), variable, item)
            bill.spend(row.envelope, amount * row.public_share, start, start)
    for item in life.walk.of("tranche"):
        row, own = life.case.row("contracts", item.words[0]), life.case.row("tranches", item.name)
        start = path.periods[item.number].start
        payment = own.payment_musd * item.value
        bill.pay("prepayments", item.number, payment * timing.discount(path, start), "tranche", item)
        bill.spend(row.envelope, payment * row.public_share, start, start)
        dividend = path.series("tranches", item.name, "dividend_musd_per_year")
        for period, share in zip(path.periods, life.cover(row, item.number), strict=True):
            income = dividend[period.number] * share * period.years * factors[period.number] * item.value
            bill.pay("dividends", period.number, -income, "tranche", item)
    for item in life.walk.of("sign"):
        row = life.case.row("contracts", item.name)
        if row.dividend_musd_per_year:
            for period, share in zip(path.periods, life.cover(row, item.number), strict=True):
                income = row.dividend_musd_per_year * share * period.years * factors[period.number] * item.value
                bill.pay("dividends", period.number, -income, "sign", item)


def _processes(bill: Bill, life: Life, factors: list[float]) -> None:
    path, case = life.path, life.case
    left = running.residues(path)
    for item in life.walk.of("activity"):
        process = case.row("processes", item.words[0])
        price = running.operating(path, process, item.number)
        factor = factors[item.number] * item.value
        bill.pay("processing", item.number, price * KG_A_TONNE * factor, "activity", item)
        bill.pay("residues", item.number, left.get(process.process, 0.0) * factor, "activity", item)
    for item in life.walk.of("run"):
        fixed = path.series("processes", item.name, "campaign_musd")[item.number]
        bill.pay("campaigns", item.number, fixed * factors[item.number] * item.value, "run", item)
    for name in ("dedicated", "kept_for"):
        for item in life.walk.of(name):
            segment = next((s for s in path.segments if s.periods[0].number == item.number), None)
            last = life.goods.split[item.words[0]][-1][0]
            if segment is not None and item.words[1:] != (last,):
                yearly = path.series("processes", item.words[0], "dedication_musd_per_year")[item.number]
                factor = timing.discount(path, segment.periods[0].start, segment.periods[-1].end)
                bill.pay("dedication", item.number, yearly * segment.years * factor * item.value, name, item)
    for item in life.walk.of("changeover"):
        once = case.row("processes", item.name).changeover_musd
        factor = timing.discount(path, path.periods[item.number].start)
        bill.pay("changeovers", item.number, once * factor * item.value, "changeover", item)


def _states(bill: Bill, life: Life, factors: list[float]) -> None:
    """What plants cost that stand, are mothballed, stand again, are closed, or train their people."""
    states = (
        ("stands", "standing", "standing_musd_per_year"),
        ("mothballed", "mothballing", "mothballed_musd_per_year"),
    )
    for variable, name, column in states:
        for item in life.walk.of(variable):
            yearly = life.path.series("processes", item.name, column)[item.number]
            years = life.path.periods[item.number].years
            bill.pay(name, item.number, yearly * years * factors[item.number] * item.value, variable, item)
    for item in life.walk.of("retrained"):
        each = life.case.row("processes", item.name).retrain_usd_per_t * MUSD * item.value
        factor = timing.discount(life.path, life.path.periods[item.number].start)
        bill.pay("retraining", item.number, each * factor, "retrained", item)
    for variable, name, column in (("restart", "restarts", "restart_musd"), ("close", "closing", "closing_musd")):
        for item in life.walk.of(variable):
            once = getattr(life.case.row("processes", item.name), column)
            factor = timing.discount(life.path, life.path.periods[item.number].start)
            bill.pay(name, item.number, once * factor * item.value, variable, item)


def _lanes(bill: Bill, life: Life, factors: list[float]) -> None:
    for item in life.walk.of("ship"):
        lane = life.case.row("lanes", item.words[0])
        freight = life.path.series("lanes", lane.lane, "cost_usd_per_kg")[item.number]
        tariff = life.path.series("lanes", lane.lane, "tariff_share")[item.number]
        factor = KG_A_TONNE * factors[item.number] * item.value
        bill.pay("transport", item.number, freight * factor, "ship", item)
        bill.pay("tariffs", item.number, tariff * life.goods.reference[lane.commodity] * factor, "ship", item)


def _stockpiles(bill: Bill, life: Life, factors: list[float]) -> None:
    path, goods = life.path, life.goods
    market = goods.reference_market
    for flow in ("put", "take", "rotate"):
        for item in life.walk.of(flow):
            row, number = life.case.row("stockpiles", item.words[0]), item.number
            charge = path.series("stockpiles", row.stockpile, "handling_usd_per_kg")[number]
            charge += row.rotation_discount_share * goods.reference[row.commodity] if flow == "rotate" else 0.0
            bill.pay("stock handling", number, charge * KG_A_TONNE * factors[number] * item.value, flow, item)
            if flow == "put":
                spent = life.market.price(market, row.commodity)[number] * KG_A_TONNE * item.value
                bill.spend(row.envelope, spent, path.periods[number].start, path.periods[number].end)
    half = {
        row.stockpile: [
            share * goods.reference[row.commodity] * KG_A_TONNE * period.years / 2 * factors[period.number]
            for share, period in zip(
                path.series("stockpiles", row.stockpile, "holding_share_per_year"), path.periods, strict=True
            )
        ]
        for row in life.case.rows("stockpiles")
    }
    last = path.periods[-1]
    for item in life.walk.of("stock"):
        row = life.case.row("stockpiles", item.words[0])
        bill.pay("stockholding", item.number, half[row.stockpile][item.number] * item.value, "stock", item)
        if item.number < last.number:
            bill.pay("stockholding", item.number + 1, half[row.stockpile][item.number + 1] * item.value, "stock", item)
        else:
            closing = life.market.price(market, row.commodity)[last.number] * row.terminal_share * KG_A_TONNE
            bill.pay(
                "closing stock", last.number, -closing * timing.discount(path, last.end) * item.value, "stock", item
            )
    for row in life.case.rows("stockpiles"):
        opening = Item((row.stockpile, row.initial_class), -1, row.initial_t)
        bill.pay("stockholding", 0, half[row.stockpile][0] * row.initial_t, "opening", opening)


def _others(bill: Bill, life: Life, factors: list[float]) -> None:
    path = life.path
    for item in life.walk.of("expire"):
        price = life.case.row("stockpiles", item.words[0]).expiry_usd_per_kg * KG_A_TONNE
        bill.pay("expiry", item.number, price * factors[item.number] * item.value, "expire", item)
    for item in life.walk.of("gap"):
        penalty = life.case.row("stockpiles", item.name).cover_penalty_usd_per_kg_year * KG_A_TONNE
        years = path.periods[item.number].years
        bill.pay("cover penalty", item.number, penalty * years * factors[item.number] * item.value, "gap", item)
    for item in life.walk.of("collect"):
        price = path.series("scrap", item.name, "collection_usd_per_kg")[item.number] * KG_A_TONNE
        bill.pay("collection", item.number, price * factors[item.number] * item.value, "collect", item)
    for item in life.walk.of("over"):
        key = "/".join(item.words[:2])
        if life.case.has("diversification", key):
            price = life.case.row("diversification", key).penalty_usd_per_kg * KG_A_TONNE
            bill.pay("concentration penalty", item.number, price * factors[item.number] * item.value, "over", item)
    for item in life.walk.of("sell"):
        key = item.name
        row = life.case.row("outlets", key)
        price = path.series("outlets", key, "price_usd_per_kg")[item.number]
        if row.market:
            share = path.series("outlets", key, "price_share")[item.number]
            price = share * life.market.price(row.market, row.commodity)[item.number]
        bill.pay("sales", item.number, -price * KG_A_TONNE * factors[item.number] * item.value, "sell", item)
    for item in life.walk.of("discard"):
        price = path.series("commodities", item.words[1], "discard_usd_per_kg")[item.number] * KG_A_TONNE
        bill.pay("discards", item.number, price * factors[item.number] * item.value, "discard", item)


def _demands(bill: Bill, life: Life, factors: list[float]) -> None:
    for item in life.walk.of("short"):
        loss = life.path.series("loss_steps", item.name, "loss_usd_per_kg")[item.number] * KG_A_TONNE
        bill.pay("shortage", item.number, loss * factors[item.number] * item.value, "short", item)
    for item in life.walk.of("unserved"):
        penalty = life.case.row("demands", item.name).least_service_usd_per_kg * KG_A_TONNE
        bill.pay("least service", item.number, penalty * factors[item.number] * item.value, "unserved", item)


def _support(bill: Bill, life: Life, factors: list[float]) -> None:
    """What the state pays to investors: public money, and a cost only as far as public money is dear."""
    dear = life.case.setting("public_funds_cost", 0.0)
    for stake in stakes(life):
        for payment in stake.paid():
            today = payment.musd * timing.discount(life.path, payment.start, payment.end)
            item = Item(payment.words, payment.number, payment.musd)
            bill.pay("support", life.path.period_of(payment.start), dear * today, payment.variable, item)
            bill.spend(stake.terms.envelope, max(0.0, payment.musd), payment.start, payment.end)
