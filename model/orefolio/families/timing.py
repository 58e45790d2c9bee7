"""When committed capacity is there: lead times, delays, ramps, and how capital falls due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..case.scenarios import Path, Period


def decisions(path: Path, first_year: int, last_year: int) -> Iterator[Period]:
    """The periods at whose start something with this window may be committed."""
    for number in path.decisions:
        period = path.periods[number]
        if first_year <= period.year <= last_year and path.may_commit(number):
            yield period


def complete(path: Path, project: Any, committed: float, lead_time: float) -> float:
    """When a commitment is complete, in years: a delay counts if it holds at some moment before completion."""
    strikes = sorted(c.start for c in path.changes if c.table == "projects" and c.start > committed)
    done = committed + lead_time + path.at("projects", project.project, "delay_years", committed)
    for moment in strikes:
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


def overlap(start: float, end: float, period: Period) -> float:
    """Share of a period that lies between two moments."""
    return max(0.0, min(end, period.end) - max(start, period.start)) / period.years


def projects_of(case_rows: Iterable[Any], target: str) -> list[Any]:
    """The projects that enlarge a target."""
    return [row for row in case_rows if row.adds_to == target]


def potential(path: Path, project: Any) -> list[float]:
    """The greatest capacity that a project can have standing in each period, t/year."""
    if project.project not in path.potential:
        best = [0.0] * len(path.periods)
        for begin in starts(path, project):
            done = complete(path, project, begin.start, lead_time(path, project, begin.number))
            for period in path.periods:
                if period.end > done:
                    best[period.number] = max(best[period.number], standing(project, done, period))
        path.potential[project.project] = [share * project.size_max_t_per_year for share in best]
    return path.potential[project.project]


def greatest(path: Path, process: Any) -> list[float]:
    """The greatest capacity that can stand in each period, t/year: the tight constant of every on-off row."""
    total = path.series("processes", process.process, "capacity_t_per_year")
    for row in projects_of(path.case.rows("projects"), process.process):
        total = [a + b for a, b in zip(total, potential(path, row), strict=True)]
    return total
