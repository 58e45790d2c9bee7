"""What a start is worth to an investor, and what it takes from the state: money per unit of each decision, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..case.case import Case
from ..case.scenarios import Path, Period
from ..case.several import plain
from . import timing
from .ledger import MUSD_PER_T, Prices

MUSD = 1e-6


@dataclass(frozen=True)
class Part:
    """Capital of a start that falls due between two moments. lump: million USD; each: per tonne a year of capacity."""

    start: float
    end: float
    lump: float
    each: float


@dataclass(frozen=True)
class Deal:
    """A start at the beginning of a period, under one instrument, in one future.

    shares: of the capacity that stands in each period. lump, each: present value to the investor of a start and of a
    tonne a year of capacity; margin: of a tonne made in each period; all in million USD at the moment of the start.
    grants: what the state pays of the capital. paid: what it pays for a tonne made in each period, million USD of its
    time, less than nothing where a fixed price is under the market.
    """

    begin: Period
    shares: list[float]
    lump: float
    each: float
    margin: list[float]
    grants: list[Part]
    paid: list[float]


@dataclass(frozen=True)
class Product:
    """A product of a process. rate: tonnes per tonne of output in each period; price: USD/kg; reference: base year."""

    rate: list[float]
    price: list[float]
    reference: float


@dataclass
class Investor:
    """One privately financed project in one future. charges: what a tonne costs its owner, million USD, by period."""

    path: Path
    prices: Prices
    project: Any
    terms: Any
    charges: list[float]
    products: list[Product] = field(init=False)
    feed: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.products, self.feed = [], [0.0] * len(self.path.periods)
        for row in self.path.case.rows("recipes"):
            if row.process == self.project.adds_to:
                price = self.prices.series(self.terms.market, row.commodity)
                kept = self.path.series("recipes", f"{row.process}/{row.commodity}/{row.direction}", "yield_share")
                if row.direction == "in":
                    self.feed = [f + row.t_per_t / y * p for f, y, p in zip(self.feed, kept, price, strict=True)]
                else:
                    reference = self.prices.reference(row.commodity)
                    self.products.append(Product([row.t_per_t * y for y in kept], price, reference))

    def plain(self, number: int) -> float:
        """What a tonne earns at market prices in a period, million USD of its time."""
        sales = sum(product.rate[number] * product.price[number] for product in self.products)
        return (sales - self.feed[number]) * MUSD_PER_T - self.charges[number]

    def support(self, instrument: Any, number: int) -> float:
        """What the state adds to a tonne in a period while its support lasts, million USD of its time."""
        if instrument.kind not in ("floor", "offtake"):
            return 0.0
        total = 0.0
        for product in self.products:
            lacks = instrument.price_multiple * product.reference - product.price[number]
            total += product.rate[number] * (max(0.0, lacks) if instrument.kind == "floor" else lacks)
        return total * MUSD_PER_T

    def deal(self, instrument: Any, begin: Period) -> Deal:
        """A start under an instrument."""
        project, path = self.project, self.path
        done = timing.complete(path, project, begin.start, timing.lead_time(path, project, begin.number))
        later = [period for period in path.periods if period.number >= begin.number]
        shares, stands = [0.0] * len(path.periods), [0.0] * len(path.periods)
        for period in later:
            stands[period.number] = timing.standing(project, done, period)
            worn = timing.worn(path, project.adds_to, done, period)
            shares[period.number] = stands[period.number] * worn
        paid, margin = [0.0] * len(shares), [0.0] * len(shares)
        for period in (period for period in later if shares[period.number] > 0):
            number = period.number
            lasts = timing.lasting(project, done, done + instrument.years, period)
            paid[number] = lasts * self.support(instrument, number)
            margin[number] = (self.plain(number) + paid[number]) * self.present(begin, period.start, period.end)
        last = later[-1]
        margin[last.number] += self._at_end(begin, done) / last.years if shares[last.number] > 0 else 0.0
        parts = list(self._capital(begin))
        granted = instrument.grant_share
        own = 1.0 - project.public_share - granted
        factors = [self.present(begin, part.start, part.end) for part in parts]
        fixed = sum(
            project.fixed_usd_per_t_per_year * MUSD * stands[p.number] * p.years * self.present(begin, p.start, p.end)
            for p in later
        )
        return Deal(
            begin,
            shares,
            -own * sum(part.lump * factor for part, factor in zip(parts, factors, strict=True)),
            -own * sum(part.each * factor for part, factor in zip(parts, factors, strict=True)) - fixed,
            margin,
            [Part(part.start, part.end, granted * part.lump, granted * part.each) for part in parts if granted],
            paid,
        )

    def present(self, begin: Period, start: float, end: float) -> float:
        """Worth at the moment of the start of a dollar between two moments, at the investor's rate."""
        return timing.present(self.terms.rate_share_per_year, start - begin.start, end - begin.start)

    def _capital(self, begin: Period) -> Iterator[Part]:
        project, path = self.project, self.path
        overrun = path.known("projects", project.project, "overrun_multiple")[begin.number]
        for share, start, end in timing.instalments(begin.start, timing.lead_time(path, project, begin.number)):
            amount = share * overrun
            yield Part(start, end, amount * project.capital_musd, amount * project.capital_usd_per_t_per_year * MUSD)

    def _at_end(self, begin: Period, done: float) -> float:
        """What a tonne a year that runs at the horizon is worth then: the lower of remaining capital and margin."""
        project, path = self.project, self.path
        end = path.periods[-1].end
        left = min(project.life_years, project.life_years - (end - done))
        if left <= 0:
            return 0.0
        capital = sum(part.lump / project.size_max_t_per_year + part.each for part in self._capital(begin))
        book = path.case.setting("residual_share", 0.0) * left / project.life_years * capital
        earns = max(0.0, self.plain(path.periods[-1].number))
        worth = earns * left * timing.present(self.terms.rate_share_per_year, 0.0, left)
        return plain(min(book, worth) * self.present(begin, end, end))


def private(case: Case) -> list[Any]:
    """The rows of the projects that an investor finances."""
    return [row for row in case.rows("financed") if row.private]


def menu(case: Case, terms: Any) -> list[Any]:
    """The instruments on offer to a project."""
    return [row for row in case.rows("instruments") if not terms.instruments or row.instrument in terms.instruments]
