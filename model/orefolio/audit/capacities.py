"""Processes run within what stands; lanes and residue within their limits; substitutes within what is adopted."""

from __future__ import annotations

import math

from . import timing
from .evidence import Evidence
from .life import Life, lives
from .tally import TOLERANCE, Tally


def capacities(evidence: Evidence) -> Tally:
    """Output within capacity, lead time, delay and ramp; a rise of output within the fastest; what has a residual."""
    tally = Tally()
    for life in lives(evidence):
        for (name, number), run in life.activity.items():
            process = life.case.row("processes", str(name))
            period = life.path.periods[int(str(number))]
            stand = life.path.series("processes", process.process, "capacity_t_per_year")[period.number]
            stand *= timing.unworn(life.path, process.process, 0.0, period)
            share = life.path.series("processes", process.process, "availability_share")[period.number] * period.years
            added = [-share * size for size in life.added(process.process, period.number)]
            tally.most([*run, *added], share * stand, life.name, "capacity", (process.process, period.label))
        _rises(tally, life)
        _kept(tally, life)
        _campaigns(tally, life)
    return tally


def _rises(tally: Tally, life: Life) -> None:
    for process in life.case.rows("processes"):
        if math.isinf(process.ramp_up_share_per_year):
            continue
        rise = process.ramp_up_share_per_year * process.capacity_t_per_year
        before, years = [-process.initial_t_per_year], 0.0
        for period in life.path.periods:
            now = [t / period.years for t in life.activity.get((process.process, period.number), [])]
            gap = (period.years + years) / 2
            added = [-size for size in life.added(process.process, period.number)]
            if now:
                tally.most([*now, *before, *added], rise * gap, life.name, "rise", (process.process, period.label))
            before, years = [-t for t in now], period.years


def _kept(tally: Tally, life: Life) -> None:
    last = life.path.periods[-1]
    totals: dict[str, list[float]] = {}
    for item in life.walk.of("kept"):
        project = life.case.row("projects", item.words[0])
        begin = next((p.number for p in life.path.periods if p.label == item.words[1]), None)
        if begin is None or item.number != last.number:
            tally.holds(False, life.name, item.words, "is kept from no period of the future or before its end")
            continue
        ready = timing.done(life.path, project, begin)
        share = timing.stands(project.ramp, ready, last) * timing.unworn(life.path, project.adds_to, ready, last)
        size = life.walk.value("size", project.project, begin)
        size -= math.fsum(i.value for i in life.walk.of("given_up") if i.words == item.words)
        tally.most([item.value, -share * size], 0.0, life.name, "kept", item.words)
        totals.setdefault(project.adds_to, []).append(item.value)
    for target, kept in totals.items():
        running = [-t / last.years for t in life.activity.get((target, last.number), [])]
        tally.most([*kept, *running], 0.0, life.name, "kept and not running", target)


def _campaigns(tally: Tally, life: Life) -> None:
    for process in life.case.rows("processes"):
        if process.campaign_musd > 0:
            for period in life.path.periods:
                run = sum(life.activity.get((process.process, period.number), []))
                paid = life.walk.value("run", process.process, period.number) == 1.0
                tally.holds(
                    paid or run <= TOLERANCE, life.name, (process.process, period.label), "runs and is not paid"
                )


def lanes(evidence: Evidence) -> Tally:
    """What is sent within the lane; tagged material within what a licence lets through of normal trade."""
    tally = Tally()
    for life in lives(evidence):
        for (name, number), sent in life.walk.summed("ship", 1).items():
            lane, period = life.case.row("lanes", str(name)), life.path.periods[int(str(number))]
            capacity = life.path.series("lanes", lane.lane, "capacity_t_per_year")[period.number]
            added = [-period.years * size for size in life.added(lane.lane, period.number)]
            most = math.inf if math.isinf(lane.capacity_t_per_year) else capacity * period.years
            tally.most([*sent, *added], most, life.name, "lane", (lane.lane, period.label))
        for item in life.walk.of("ship"):
            lane = life.case.row("lanes", item.words[0])
            shares = []
            if life.goods.tags[item.words[1]] & life.goods.licensed[lane.licence]:
                shares.append(life.market.approval(lane.licence)[item.number])
            if lane.ban_rule:
                shares.append(1.0 - life.market.in_force(lane.ban_rule)[item.number])
            if any(share < 1.0 for share in shares):
                share = min(shares)
                years = life.path.periods[item.number].years
                most = share * years * _normal(life, lane.lane, item.number) if share > 0 else 0.0
                tally.most([item.value], most, life.name, "licence or ban of a lane", (*item.words, item.number))
    return tally


def _normal(life: Life, name: str, number: int) -> float:
    """The lane's capacity, or that of the lines which make its commodity at its origin; none: no limit."""
    lane = life.case.row("lanes", name)
    if math.isfinite(lane.capacity_t_per_year):
        return life.path.series("lanes", name, "capacity_t_per_year")[number]
    made = 0.0
    for process in life.case.rows("processes"):
        if process.place == lane.from_place:
            for row in life.goods.recipes.get(process.process, []):
                if row.direction == "out" and row.commodity == lane.commodity:
                    made += row.t_per_t * row.yield_share * life.greatest(process)[number]
    return made or math.inf


def residues(evidence: Evidence) -> Tally:
    """What processes leave behind in a country, within its cap in every year."""
    tally = Tally()
    for life in lives(evidence):
        case = life.case
        country = {row.process: case.row("places", row.place).country for row in case.rows("processes")}
        for cap in case.rows("residue_caps"):
            if math.isinf(cap.t_per_year):
                continue
            limit = life.path.series("residue_caps", f"{cap.country}/{cap.residue}", "t_per_year")
            leaving = [
                r for r in case.rows("residues") if r.residue == cap.residue and country[r.process] == cap.country
            ]
            for span in life.path.spans:
                left = [
                    row.t_per_t * tonnes
                    for row in leaving
                    for period in span.periods
                    for tonnes in life.activity.get((row.process, period.number), [])
                ]
                most = sum(limit[period.number] * period.years for period in span.periods)
                tally.most(left, most, life.name, "residue", (cap.country, cap.residue, span.label))
    return tally


def adoption(evidence: Evidence) -> Tally:
    """What a substitute makes, within the adopted share of its group's demand."""
    tally = Tally()
    for life in lives(evidence):
        for row in life.case.rows("substitutions"):
            first = life.path.series("substitutions", row.process, "initial_share")
            members = [demand for demand in life.case.rows("demands") if demand.group == row.demand_group]
            for period in life.path.periods:
                wanted = sum(life.market.demand(demand)[period.number] for demand in members)
                raised = life.raised.get((row.programme, period.number), [])
                used = life.activity.get((row.process, period.number), [])
                terms = [*used, *(-wanted * share for share in raised)]
                tally.most(terms, wanted * first[period.number], life.name, "adopted", (row.process, period.label))
    return tally


def collection(evidence: Evidence) -> Tally:
    """Scrap collected, within what comes to the end of its life and the share that is reached."""
    tally = Tally()
    for life in lives(evidence):
        for row in life.case.rows("scrap"):
            rate = life.path.series("scrap", row.scrap, "rate_share")
            for period in life.path.periods:
                arising = _arising(life, row.scrap, period.number)
                raised = [-arising * share for share in life.raised.get((row.programme, period.number), [])]
                taken = [life.walk.value("collect", row.scrap, period.number), *raised]
                tally.most(taken, arising * rate[period.number], life.name, "collected", (row.scrap, period.label))
    return tally


def _arising(life: Life, scrap: str, number: int) -> float:
    """Past sales that come to the end of a Weibull life in a period: the same in every future."""
    row, period = life.case.row("scrap", scrap), life.path.periods[number]
    begin, years = period.year + period.start % 1.0, period.years
    known = life.goods.arisings
    if (scrap, begin, years) not in known:

        def alive(age: float) -> float:
            """Share still in use at an age, years."""
            return math.exp(-((max(age, 0.0) / row.weibull_scale_years) ** row.weibull_shape))

        sales = [sale for sale in life.case.rows("past_sales") if sale.scrap == scrap]
        ends = (sale.t * (alive(begin - sale.year) - alive(begin + years - sale.year)) for sale in sales)
        known[scrap, begin, years] = math.fsum(ends)
    return known[scrap, begin, years]
