"""The as-is years of a case, each solved once, and what a cut costs in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from orefolio.case.case import Case
from orefolio.tables.outcome import Lived, Outcome

from .as_is import YEAR_MONTHS, as_is, outcome_of, under_cut

QUARTER_MONTHS = 3


@dataclass(frozen=True)
class CutLoss:
    """What a cut of supply of Chinese content costs in a year, million USD: shortage and least-service penalties.

    without_musd: the same year without the cut. in_cut_musd: what the cut adds while it lasts; after_musd: what it adds
    in the rest of the year. short_t: tonnes of demand not served in the year of the cut; usual_short_t: without it.
    """

    year: int
    months: int
    locked: bool
    without_musd: float
    in_cut_musd: float
    after_musd: float
    short_t: float
    usual_short_t: float

    @property
    def of_year_musd(self) -> float:
        """What the cut adds in the whole year."""
        return self.in_cut_musd + self.after_musd

    @property
    def total_musd(self) -> float:
        """What the year of the cut loses in all."""
        return self.without_musd + self.of_year_musd


@dataclass
class Years:
    """As-is years of a case, solved when first asked for."""

    case: Case
    _outcomes: dict[tuple[int, int, bool, int], Outcome] = field(default_factory=dict)

    def outcome(self, year: int, period_months: int = YEAR_MONTHS, locked: bool = True, cut: int = 0) -> Outcome:
        """The plan of an as-is year; cut: its length in months, 0 for none."""
        key = (year, period_months, locked, cut)
        if key not in self._outcomes:
            case = as_is(self.case, year, period_months, locked)
            self._outcomes[key] = outcome_of(under_cut(case, cut) if cut else case)
        return self._outcomes[key]

    def cut_loss(self, year: int, months: int, locked: bool) -> CutLoss:
        """What a cut of so many months from the first day of a year costs, told in quarters."""
        cut = self.outcome(year, QUARTER_MONTHS, locked, months).trunk
        usual = self.outcome(year, QUARTER_MONTHS, locked).trunk
        lost, before = loss_by_period(cut), loss_by_period(usual)
        added = [a - b for a, b in zip(lost, before, strict=True)]
        periods = cut.path.periods
        share = [_overlap(period.start, period.end, months / YEAR_MONTHS) for period in periods]
        inside = sum(musd * part for musd, part in zip(added, share, strict=True))
        return CutLoss(
            year, months, locked, sum(before), inside, sum(added) - inside, cut.short_t, usual.short_t
        )  # fmt: skip


def _overlap(start: float, end: float, until: float) -> float:
    """Share of a span that lies before a moment."""
    return max(0.0, min(end, until) - start) / (end - start)


def loss_by_period(lived: Lived) -> list[float]:
    """Million USD of value lost by shortage and of least-service penalties in each period, not discounted."""
    case = lived.path.case
    result = [0.0] * len(lived.path.periods)
    for entry in lived.entries("short"):
        demand, step = entry.index
        result[entry.period.number] += entry.value * lived.loss_musd_per_t[demand, step][entry.period.number]
    for entry in lived.entries("unserved"):
        penalty = case.row("demands", entry.index[0]).least_service_usd_per_kg
        result[entry.period.number] += entry.value * penalty * 1e-3
    return result
