"""When committed capacity is there: lead times, delays, ramps, and how capital falls due."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..case.case import Case
from ..case.scenarios import Path, Period


def decisions(path: Path, first_year: int, last_year: int) -> Iterator[Period]:
    """The periods at whose start something with this window may be committed."""
    for number in path.decisions:
        period = path.periods[number]
        if first_year <= period.year <= last_year and path.may_commit(number):
            yield period


def complete(path: Path, project: Any, committed: float, lead_time: float) -> float:
    """When a commitment is complete, in years: a delay counts if it holds at some moment before completion."""
    done = committed + lead_time + path.at("projects", project.project, "delay_years", committed)
    for moment in path.strikes[bisect.bisect_right(path.strikes, committed) :]:
        if moment < done - 1e-9:
            done = max(done, committed + lead_time + path.at("projects", project.project, "delay_years", moment))
    return done


def standing(project: Any, done: float, period: Period) -> float:
    """Mean over a period of the share of a commitment's capacity that stands, by its ramp."""
    ramp = project.ramp
    total = 0.0
    for year, share in enumerate(ramp):
        begin = done + year
        end = begin + 1 if year < len(ramp) - 1 else max(period.end, begin)
        total += share * max(0.0, min(period.end, end) - max(period.start, begin))
    return total / period.years


def worn(path: Path, target: str, since: float, period: Period) -> float:
    """Mean over a period of the share of a capacity that wear has left, of what stands new at a moment.

    A yearly share compounds, so that the same is left whatever the periods are.
    """
    wear = path.series("processes", target, "wear_share_per_year") if path.case.has("processes", target) else []
    if not any(wear):
        return 1.0
    left = 1.0
    for each in path.periods[: period.number]:
        left *= (1.0 - wear[each.number]) ** max(0.0, each.end - max(each.start, since))
    lasts = period.end - max(period.start, since)
    share = wear[period.number]
    if share <= 0 or lasts <= 1e-9:
        return left
    if share >= 1:
        return 0.0
    return float(left * (1.0 - (1.0 - share) ** lasts) / (-math.log1p(-share) * lasts))


def lasting(project: Any, done: float, end: float, period: Period) -> float:
    """The share of what a commitment can make in a period that falls before a moment; its capacity stands in it."""
    if end >= period.end:
        return 1.0
    before = replace(period, end=max(end, period.start))
    if before.years < 1e-9:
        return 0.0
    return standing(project, done, before) * before.years / (standing(project, done, period) * period.years)


def present(rate: float, start: float, end: float) -> float:
    """Worth at moment 0 of a dollar a rate of interest away, the mean over a span; moments in years."""
    if abs(rate) < 1e-12:
        return 1.0
    if end - start < 1e-12:
        return float((1 + rate) ** -start)
    return float(((1 + rate) ** -start - (1 + rate) ** -end) / (math.log(1 + rate) * (end - start)))


def lead_time(path: Path, project: Any, number: int) -> float:
    """Lead time of a commitment as it is known when it is made, years."""
    return path.known("projects", project.project, "lead_time_years")[number]


def starts(path: Path, project: Any) -> list[Period]:
    """The periods at whose start a project may be committed and still be complete within the horizon."""
    opened = path.known("projects", project.project, "open_share")
    lead = path.known("projects", project.project, "lead_time_years")
    horizon = path.periods[-1].end
    return [
        period
        for period in decisions(path, project.start_from, project.start_to)
        if opened[period.number] > 0.5 and period.start + lead[period.number] < horizon - 1e-9
    ]


def instalments(committed: float, lead: float) -> list[tuple[float, float, float]]:
    """How capital falls due over the lead time, evenly: (share, from, to) by year, in years."""
    if lead <= 1e-9:
        return [(1.0, committed, committed)]
    pieces = []
    begin = committed
    while begin < committed + lead - 1e-9:
        end = min(begin + 1.0, committed + lead)
        pieces.append(((end - begin) / lead, begin, end))
        begin = end
    return pieces


def remaining(committed: float, lead: float, moment: float) -> list[tuple[float, float, float]]:
    """What falls due of capital after a moment: (share, from, to) by year, in years."""
    pieces = []
    for share, begin, end in instalments(committed, lead):
        first = max(begin, moment)
        if end - first > 1e-9:
            pieces.append((share * (end - first) / (end - begin), first, end))
    return pieces


def exits(path: Path, project: Any, begin: Period) -> list[Period]:
    """The periods at whose start a project under construction may be given up: capital is left to be paid."""
    done = begin.start + lead_time(path, project, begin.number)
    return [
        path.periods[number]
        for number in path.decisions
        if number > begin.number and path.periods[number].start < done - 1e-9 and path.may_commit(number)
    ]


def overlap(start: float, end: float, period: Period) -> float:
    """Share of a period that lies between two moments."""
    return max(0.0, min(end, period.end) - max(start, period.start)) / period.years


@lru_cache(maxsize=8)
def projects_by_target(case: Case) -> dict[str, list[Any]]:
    """The projects that enlarge each target."""
    found: dict[str, list[Any]] = {}
    for row in case.rows("projects"):
        found.setdefault(row.adds_to, []).append(row)
    return found


def potential(path: Path, project: Any) -> list[float]:
    """The greatest capacity that a project can have standing in each period, t/year."""
    if project.project not in path.potential:
        best = [0.0] * len(path.periods)
        for begin in starts(path, project):
            done = complete(path, project, begin.start, lead_time(path, project, begin.number))
            for period in path.periods:
                if period.end > done:
                    share = standing(project, done, period) * worn(path, project.adds_to, done, period)
                    best[period.number] = max(best[period.number], share)
        path.potential[project.project] = [share * project.size_max_t_per_year for share in best]
    return path.potential[project.project]


def greatest(path: Path, process: Any) -> list[float]:
    """The greatest capacity that can stand in each period, t/year: the tight constant of every on-off row."""
    stands = path.series("processes", process.process, "capacity_t_per_year")
    total = [c * worn(path, process.process, 0.0, p) for c, p in zip(stands, path.periods, strict=True)]
    for row in projects_by_target(path.case).get(process.process, ()):
        total = [a + b for a, b in zip(total, potential(path, row), strict=True)]
    return total
