"""What an investor's starts earn and what the state pays for them, as payments in time, from the formulation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from . import running, timing
from .life import Life

KG_A_TONNE = 1e-3
MUSD = 1e-6


class Payment(NamedTuple):
    """Million USD spread evenly between two moments, and the variable and words of what it is paid for."""

    start: float
    end: float
    musd: float
    variable: str = ""
    words: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, eq=False)
class Stake:
    """A start of an investor under one instrument in one future. number: of the period at whose start it is made."""

    life: Life
    terms: Any
    instrument: Any
    number: int

    @cached_property
    def project(self) -> Any:
        """The project."""
        return self.life.case.row("projects", self.terms.project)

    @cached_property
    def words(self) -> tuple[str, str]:
        """Project and instrument."""
        return self.terms.project, self.instrument.instrument

    @cached_property
    def began(self) -> float:
        """Moment of the start."""
        return self.life.path.periods[self.number].start

    @cached_property
    def ready(self) -> float:
        """Moment of completion."""
        return timing.done(self.life.path, self.project, self.number)

    @cached_property
    def chosen(self) -> float:
        """Whether the start is made under the instrument."""
        return self.life.walk.value("choose", *self.words, self.number)

    @cached_property
    def backed(self) -> float:
        """Capacity under it, t/year."""
        return self.life.walk.value("backed", *self.words, self.number)

    @cached_property
    def made(self) -> dict[int, float]:
        """Output under it by period, t."""
        label = self.life.path.periods[self.number].label
        found = {
            p.number: self.life.walk.value("supported", *self.words, label, p.number) for p in self.life.path.periods
        }
        return {number: tonnes for number, tonnes in found.items() if tonnes}

    @cached_property
    def granted(self) -> float:
        """The share of capital that a grant pays."""
        return float(self.instrument.grant_share) if self.instrument.kind == "grant" else 0.0

    def capital(self) -> Iterator[tuple[float, float, float, float]]:
        """The whole capital as it falls due: from, to, of the start, of the size."""
        project, path = self.project, self.life.path
        overrun = path.known("projects", project.project, "overrun_multiple")[self.number]
        lump = project.capital_musd * overrun * self.chosen
        sized = project.capital_usd_per_t_per_year * MUSD * overrun * self.backed
        for share, start, end in timing.instalments(self.began, timing.lead_of(path, project, self.number)):
            yield start, end, share * lump, share * sized

    def market_margin(self, number: int) -> float:
        """What a tonne earns in a period without support, million USD."""
        life, process = self.life, self.life.case.row("processes", self.project.adds_to)
        earned = 0.0
        for row in life.goods.recipes.get(process.process, []):
            value = life.market.price(self.terms.market, row.commodity)[number] * life.rates(row)[number]
            earned += value if row.direction == "out" else -value
        costs = running.operating(life.path, process, number) * KG_A_TONNE
        costs += running.residues(life.path).get(process.process, 0.0)
        return earned * KG_A_TONNE - costs

    def support(self, number: int) -> float:
        """What the state adds to a tonne of a period, million USD; less than nothing where a fixed price is low."""
        if self.instrument.kind not in ("floor", "offtake"):
            return 0.0
        life, period = self.life, self.life.path.periods[number]
        total = 0.0
        for row in life.goods.recipes.get(self.project.adds_to, []):
            if row.direction == "out":
                price = life.market.price(self.terms.market, row.commodity)[number]
                level = self.instrument.price_multiple * life.goods.reference[row.commodity]
                if self.instrument.kind == "floor":
                    level = max(level, price)
                total += (level - price) * life.rates(row)[number]
        whole = timing.ramped(self.project.ramp, self.ready, period.start, period.end)
        stop = min(period.end, self.ready + self.instrument.years)
        lasts = timing.ramped(self.project.ramp, self.ready, period.start, max(period.start, stop))
        return total * KG_A_TONNE * (lasts / whole if whole > 0 else 0.0)

    def paid(self) -> Iterator[Payment]:
        """What the state pays, million USD of its time."""
        for start, end, lump, sized in self.capital():
            if self.granted:
                yield Payment(start, end, self.granted * lump, "choose", self.words, self.number)
                yield Payment(start, end, self.granted * sized, "backed", self.words, self.number)
        label = self.life.path.periods[self.number].label
        for number, tonnes in self.made.items():
            period = self.life.path.periods[number]
            words = (*self.words, label)
            yield Payment(period.start, period.end, self.support(number) * tonnes, "supported", words, number)

    def cash(self) -> Iterator[Payment]:
        """What the investor pays and gets, million USD of its time."""
        project, path = self.project, self.life.path
        own = 1.0 - project.public_share - self.granted
        for start, end, lump, sized in self.capital():
            yield Payment(start, end, -own * (lump + sized))
        for period in path.periods:
            stands = timing.ramped(project.ramp, self.ready, period.start, period.end)
            yearly = project.fixed_usd_per_t_per_year * MUSD * stands * self.backed
            yield Payment(period.start, period.end, -yearly)
        for number, tonnes in self.made.items():
            period = path.periods[number]
            yield Payment(period.start, period.end, (self.market_margin(number) + self.support(number)) * tonnes)
        last = path.periods[-1]
        running_at_end = self.made.get(last.number, 0.0) / last.years
        yield Payment(last.end, last.end, running_at_end * self._left())

    def _left(self) -> float:
        """Worth of a tonne a year at the horizon: remaining capital, or what it earns until its life ends, if less."""
        project, path = self.project, self.life.path
        years = max(0.0, project.life_years - max(0.0, path.periods[-1].end - self.ready))
        overrun = path.known("projects", project.project, "overrun_multiple")[self.number]
        lump = project.capital_musd / project.size_max_t_per_year
        capital = (project.capital_usd_per_t_per_year * MUSD + lump) * overrun
        book = self.life.case.setting("residual_share", 0.0) * capital * years / project.life_years
        yearly = max(0.0, self.market_margin(path.periods[-1].number))
        return float(min(book, yearly * years * worth(self.terms.rate_share_per_year, 0.0, years)))

    def npv(self) -> list[float]:
        """Terms of the net present value at the start, at the investor's rate, million USD."""
        rate = self.terms.rate_share_per_year
        return [p.musd * worth(rate, p.start - self.began, p.end - self.began) for p in self.cash()]

    def outlay(self) -> list[float]:
        """What the state pays, million USD of the first day at the case's discount rate."""
        return [p.musd * timing.discount(self.life.path, p.start, p.end) for p in self.paid()]


def worth(rate: float, start: float, end: float) -> float:
    """Worth at moment 0 of a dollar spread between two moments."""
    if rate == 0.0:
        return 1.0
    force = math.log1p(rate)
    if end <= start:
        return math.exp(-force * start)
    return math.exp(-force * start) * -math.expm1(-force * (end - start)) / (force * (end - start))


def stakes(life: Life) -> list[Stake]:
    """The starts of investors that the plan makes in a future, one for each instrument that it chooses."""
    found = []
    for item in life.walk.of("choose"):
        if item.value:
            terms = life.case.row("financed", item.words[0])
            found.append(Stake(life, terms, life.case.row("instruments", item.words[1]), item.number))
    return found
