"""When things stand, what they cost in today's money: written from the formulation, on the data of one path."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from orefolio.case.scenarios import Path, Period, as_date, years_between

SLACK = 1e-9


def discount(path: Path, start: float, end: float | None = None) -> float:
    """Today's worth of a dollar at a moment, or its mean over a span; moments in years since the first day."""
    force = math.log1p(path.case.setting("discount_rate"))
    if end is None or end <= start:
        return math.exp(-force * start)
    if not force:
        return 1.0
    return math.exp(-force * start) * -math.expm1(-force * (end - start)) / (force * (end - start))


def over(path: Path, period: Period) -> float:
    """The mean discount factor of a period."""
    return discount(path, period.start, period.end)


def moment(path: Path, text: str | None, otherwise: float) -> float:
    """A date in years since the first day."""
    return otherwise if text is None else years_between(path.case.horizon_from, as_date(text))


def lead_of(path: Path, project: Any, number: int) -> float:
    """Lead time of a commitment at the start of a period, as known then."""
    return path.known("projects", project.project, "lead_time_years")[number]


def done(path: Path, project: Any, number: int) -> float:
    """When a commitment is complete: a delay moves only what is not complete when it strikes."""
    committed = path.periods[number].start
    plain = committed + lead_of(path, project, number)
    ready = plain + path.at("projects", project.project, "delay_years", committed)
    strikes = {c.start for c in path.changes if c.table == "projects" and c.column == "delay_years"}
    for when in sorted(max(strike, committed) for strike in strikes):
        if when < ready - SLACK:
            ready = max(ready, plain + path.at("projects", project.project, "delay_years", when))
    return ready


def ramped(ramp: tuple[float, ...], ready: float, start: float, end: float) -> float:
    """Years of full capacity between two moments, by a ramp that begins when a thing is ready."""

    def until(time: float) -> float:
        """Years of full capacity up to a moment: each year of the ramp by its share, the last one without end."""
        age = max(0.0, time - ready)
        whole = sum(share * min(1.0, max(0.0, age - year)) for year, share in enumerate(ramp[:-1]))
        return whole + ramp[-1] * max(0.0, age - (len(ramp) - 1))

    return max(0.0, until(end) - until(start))


def stands(ramp: tuple[float, ...], ready: float, period: Period) -> float:
    """Mean over a period of the share of a capacity that stands."""
    return ramped(ramp, ready, period.start, period.end) / period.years


def unworn(path: Path, target: str, since: float, period: Period) -> float:
    """Mean over a period of what wear leaves of a capacity that is new at a moment: a fall by a share each year."""
    if not path.case.has("processes", target):
        return 1.0
    rates = path.series("processes", target, "wear_share_per_year")
    if not any(rates):
        return 1.0
    force = [-math.log1p(-rate) if rate < 1.0 else math.inf for rate in rates]
    until = max(period.start, since)
    gone = math.fsum(
        force[each.number] * (each.end - max(each.start, since))
        for each in path.periods
        if each.number < period.number and each.end > since
    )
    now, years = force[period.number], period.end - until
    start = math.exp(-gone)
    if now <= 0.0 or years <= 0.0:
        return start
    return start * -math.expm1(-now * years) / (now * years)


def open_for(path: Path, number: int, first: int, last: int) -> bool:
    """Whether something with this window of years may be committed at the start of a period."""
    year = path.periods[number].year
    return number in path.decisions and first <= year <= last and path.may_commit(number)


def startable(path: Path, project: Any, number: int) -> bool:
    """Whether a project may be committed at the start of a period."""
    known = path.known("projects", project.project, "open_share")[number]
    begin = path.periods[number].start
    in_time = begin + lead_of(path, project, number) < path.periods[-1].end - SLACK
    return known > 0.5 and in_time and open_for(path, number, project.start_from, project.start_to)


def greatest(path: Path, process: Any) -> list[float]:
    """The most that can stand of a process in each period, t/year."""
    stand = path.series("processes", process.process, "capacity_t_per_year")
    total = [own * unworn(path, process.process, 0.0, p) for own, p in zip(stand, path.periods, strict=True)]
    for project in path.case.rows("projects"):
        if project.adds_to == process.process:
            begins = [number for number in path.decisions if startable(path, project, number)]
            ready = [done(path, project, number) for number in begins]
            for period in path.periods:
                each = (stands(project.ramp, w, period) * unworn(path, process.process, w, period) for w in ready)
                best = max(each, default=0.0)
                total[period.number] += best * project.size_max_t_per_year
    return total


def instalments(start: float, lead: float) -> Iterator[tuple[float, float, float]]:
    """An amount that falls due evenly over the lead time, year by year: (share, from, to)."""
    if lead <= SLACK:
        yield 1.0, start, start
        return
    for year in range(math.ceil(lead - SLACK)):
        end = min(year + 1.0, lead)
        yield (end - year) / lead, start + year, start + end


def part_inside(start: float, end: float, period: Period) -> float:
    """Share of a period between two moments."""
    return max(0.0, min(end, period.end) - max(start, period.start)) / period.years


def years_of(path: Path, period: Period) -> list[tuple[int, float]]:
    """The calendar years of a period, each with its share of the period's time."""
    first = path.case.horizon_from
    origin = first.year + (first.month - 1) / 12
    start, end = origin + period.start, origin + period.end
    return [
        (year, (min(end, year + 1) - max(start, year)) / (end - start))
        for year in range(math.floor(start + SLACK), math.ceil(end - SLACK))
    ]


def month(path: Path, time: float) -> str:
    """A moment as `2031-07`."""
    first = path.case.horizon_from
    months = first.month - 1 + round(time * 12)
    return f"{first.year + months // 12}-{months % 12 + 1:02d}"
