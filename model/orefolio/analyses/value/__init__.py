"""What price support is worth: for each project that an investor may finance, every instrument side by side.

A project is looked at by itself: started as early as may be, in its greatest size, selling what it makes at market
prices. It runs in every period in which a tonne earns more than it costs, so its net present value is the most that its
investor can expect; a plan may run it less, and never gets more out of it. The value is in expectation over the futures
of the node on which the start rests. Beside them stands a price crash that begins on the day when the project is
complete. What the market takes is not asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from orefolio.case.case import Case
from orefolio.case.scenarios import Path, Period, Tree, plant
from orefolio.errors import Fault, InputError
from orefolio.families import timing
from orefolio.families.capacity import operating_cost
from orefolio.families.environment import charge_musd_per_t
from orefolio.families.investment import Deal, Investor, menu
from orefolio.families.ledger import MUSD_PER_T, Future

from .crash import crash_of, crashed
from .level import Level, least


@dataclass(frozen=True)
class Offered:
    """An instrument for a project. Million USD: npv at the start and at the investor's rate, in expectation and least.

    outlay: of the state, discounted to the first day at the case's rate, in expectation, and largest with its future.
    crash_npv, crash_outlay: in the price crash; None where the case has none.
    """

    instrument: str
    kind: str
    npv: float
    npv_least: float
    least_in: str
    outlay: float
    outlay_largest: float
    largest_in: str
    crash_npv: float | None
    crash_outlay: float | None


@dataclass(frozen=True)
class Valued:
    """A project under each instrument. futures: of the node of its start; crash: the event that stands for one.

    floor: the least price floor, without end, under which it pays.
    """

    project: str
    name: str
    private: bool
    started: str
    size: float
    futures: tuple[str, ...]
    chance: float
    crash: str
    offered: tuple[Offered, ...]
    floor: Level


@dataclass(frozen=True)
class _Start:
    """The earliest start of a project: its investor in each future of the node, with the period in which it starts."""

    investors: tuple[Investor, ...]
    begin: Period
    chance: float
    crash: Investor | None

    @property
    def project(self) -> Any:
        """The project."""
        return self.investors[0].project


def valued(case: Case, grid: str | None = None, crash: str | None = None) -> list[Valued]:
    """The projects of table `financed`, private or not. crash: an event; None: the first that lowers prices.

    Raises InputError where the table is empty or there is no such event.
    """
    rows = case.rows("financed")
    if not rows:
        faults = [Fault(str(case.folder / "financed.csv"), "no project that an investor may finance", "rows")]
        raise InputError(faults)
    tree, event = plant(case, grid), crash_of(case, crash)
    found = []
    for terms in rows:
        start = _earliest(tree, terms)
        if start is not None:
            if event:
                start = replace(start, crash=_in_crash(case, grid, event, start))
            found.append(_valued(case, terms, start, event))
    return found


def _investor(path: Path, project: Any, terms: Any) -> Investor:
    """The investor of a project in one future, with what a tonne costs its owner in each period."""
    future, case = Future(path), path.case
    left = sum(
        row.t_per_t * charge_musd_per_t(future, row.residue)
        for row in case.rows("residues")
        if row.process == project.adds_to
    )
    costs = operating_cost(future, case.row("processes", project.adds_to))
    return Investor(path, future.prices, project, terms, [cost * MUSD_PER_T + left for cost in costs])


def _earliest(tree: Tree, terms: Any) -> _Start | None:
    """The first period in which the project may be started; of several nodes the most probable. None: in none."""
    project = tree.case.row("projects", terms.project)
    nodes: dict[tuple[float, int], list[tuple[Path, Period]]] = {}
    for path, parents in zip(tree.paths, tree.parent, strict=True):
        for begin in timing.starts(path, project):
            nodes.setdefault((begin.start, parents[begin.number]), []).append((path, begin))
    if not nodes:
        return None
    first = min(start for start, _ in nodes)
    here = [found for (start, _), found in nodes.items() if start == first]
    most = max(here, key=lambda found: sum(path.weight for path, _ in found))
    investors = tuple(_investor(path, project, terms) for path, _ in most)
    return _Start(investors, most[0][1], sum(path.weight for path, _ in most), None)


def _in_crash(case: Case, grid: str | None, event: str, start: _Start) -> Investor:
    """The investor in the trunk with a crash that begins when its project is complete there."""
    terms, begin = start.investors[0].terms, start.begin
    (calm,) = plant(crashed(case, event, math.inf), grid).paths
    ready = timing.complete(calm, start.project, begin.start, timing.lead_time(calm, start.project, begin.number))
    (path,) = plant(crashed(case, event, ready), grid).paths
    return _investor(path, start.project, terms)


def _valued(case: Case, terms: Any, start: _Start, event: str) -> Valued:
    project = start.project
    offered = tuple(_offered(start, instrument) for instrument in menu(case, terms))
    return Valued(
        project.project,
        project.name,
        terms.private,
        start.begin.label,
        project.size_max_t_per_year,
        tuple(investor.path.future for investor in start.investors),
        start.chance,
        event,
        offered,
        least(lambda multiple: _at_floor(start, multiple)),
    )


def _offered(start: _Start, instrument: Any) -> Offered:
    both = [_alone(investor, instrument, start.begin) for investor in start.investors]
    worths, outlays = [worth for worth, _ in both], [outlay for _, outlay in both]
    crash = (None, None) if start.crash is None else _alone(start.crash, instrument, start.begin)
    futures = [investor.path for investor in start.investors]
    low = min(range(len(worths)), key=lambda place: worths[place])
    high = max(range(len(outlays)), key=lambda place: outlays[place])
    return Offered(
        instrument.instrument,
        instrument.kind,
        _mean(start, worths),
        worths[low],
        futures[low].future,
        _mean(start, outlays),
        outlays[high],
        futures[high].future,
        *crash,
    )


def _alone(investor: Investor, instrument: Any, begin: Period) -> tuple[float, float]:
    """What a start is worth to its investor and what it takes from the state, in one future."""
    deal = investor.deal(instrument, begin)
    made = _output(investor, deal)
    return _npv(investor, deal, made), _outlay(investor, deal, made)


def _mean(start: _Start, values: list[float]) -> float:
    return sum(i.path.weight * value for i, value in zip(start.investors, values, strict=True)) / start.chance


def _output(investor: Investor, deal: Deal) -> list[float]:
    """Tonnes in each period: all that stands and is available, where a tonne is worth making."""
    available = investor.path.series("processes", investor.project.adds_to, "availability_share")
    size = investor.project.size_max_t_per_year
    return [
        share * most * period.years * size if margin > 0 else 0.0
        for share, most, period, margin in zip(deal.shares, available, investor.path.periods, deal.margin, strict=True)
    ]


def _npv(investor: Investor, deal: Deal, made: list[float]) -> float:
    size = investor.project.size_max_t_per_year
    return float(deal.lump + deal.each * size) + sum(margin * t for margin, t in zip(deal.margin, made, strict=True))


def _outlay(investor: Investor, deal: Deal, made: list[float]) -> float:
    """What the state pays, discounted at the case's rate."""
    path, size = investor.path, investor.project.size_max_t_per_year
    grants: float = sum((part.lump + part.each * size) * path.discount(part.start, part.end) for part in deal.grants)
    paid = zip(path.periods, deal.paid, made, strict=True)
    return grants + sum(float(musd * tonnes * path.discount(at.start, at.end)) for at, musd, tonnes in paid)


@dataclass(frozen=True)
class _Floor:
    """A floor without end over the Chinese price of the base year."""

    price_multiple: float
    kind: str = "floor"
    years: float = float("inf")
    grant_share: float = 0.0


def _at_floor(start: _Start, multiple: float) -> tuple[float, float]:
    """The net present value under a floor of some multiple, and how fast it rises with the multiple."""
    worths, slopes = [], []
    for investor in start.investors:
        deal = investor.deal(_Floor(multiple), start.begin)
        made = _output(investor, deal)
        worths.append(_npv(investor, deal, made))
        slopes.append(sum(_slopes(investor, deal, made, multiple)))
    return _mean(start, worths), _mean(start, slopes)


def _slopes(investor: Investor, deal: Deal, made: list[float], multiple: float) -> Iterator[float]:
    """What a tonne gains from a floor that is higher by the reference, where the floor is over the market price."""
    for period, tonnes in zip(investor.path.periods, made, strict=True):
        if tonnes > 0:
            rises = sum(
                product.rate[period.number] * product.reference
                for product in investor.products
                if multiple * product.reference >= product.price[period.number]
            )
            yield rises * MUSD_PER_T * tonnes * investor.present(deal.begin, period.start, period.end)
