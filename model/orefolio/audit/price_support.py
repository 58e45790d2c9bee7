"""Investors: each start under one instrument that makes it pay, output within what it backs, and the table of it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from . import timing
from .compare import Reckoned, Sum, compare, said
from .evidence import Evidence
from .investors import Stake, stakes
from .life import Life, lives
from .tally import LEAST_REPORTED, TOLERANCE, Tally
from .words import branch_of

Place = tuple[str, str, int, int]
"""Project, instrument, number of the period of the start, node on which the start rests."""


def price_support(evidence: Evidence) -> Tally:
    """One instrument on offer for each start, output within capacity, worth in expectation, no two floors."""
    tally = Tally()
    for life in lives(evidence):
        if any(row.private for row in life.case.rows("financed")):
            _choices(tally, life)
            _sizes(tally, life)
            _output(tally, life)
            _floors(tally, life)
        else:
            for variable in ("choose", "backed", "supported"):
                tally.holds(not life.walk.of(variable), life.name, variable, "and no investor")
    for (project, instrument, _, _), found in _starts(evidence).items():
        chance = math.fsum(life.path.weight for life, _ in found)
        terms = [life.path.weight / chance * term for life, stake in found for term in stake.npv()]
        tally.least(terms, 0.0, "worth of", project, "under", instrument)
    return tally


def _private(life: Life) -> list[str]:
    return [row.project for row in life.case.rows("financed") if row.private]


def _choices(tally: Tally, life: Life) -> None:
    """Where there is a start there is an instrument on offer, and of the same size."""
    private = _private(life)
    for variable, other in (("start", "choose"), ("size", "backed")):
        starts = [(project, item.number) for item in life.walk.of(variable) for project in item.words]
        begun = {(project, number) for project, number in starts if project in private}
        begun |= {(item.words[0], item.number) for item in life.walk.of(other)}
        for project, number in sorted(begun):
            under = [item.value for item in life.walk.of(other) if (item.words[0], item.number) == (project, number)]
            whole = life.walk.value(variable, project, number)
            tally.same([*under, -whole], life.name, other, "and", variable, "of", project)
    for item in life.walk.of("choose"):
        menu = life.case.row("financed", item.words[0]).instruments if item.words[0] in private else ()
        offered = item.words[0] in private and (not menu or item.words[1] in menu)
        tally.holds(offered, life.name, item.words, "is not on offer")


def _sizes(tally: Tally, life: Life) -> None:
    for item in life.walk.of("backed"):
        project = life.case.row("projects", item.words[0])
        on = life.walk.value("choose", *item.words, item.number)
        tally.most([item.value, -project.size_max_t_per_year * on], 0.0, life.name, "backed", item.words)
        tally.least([item.value, -project.size_min_t_per_year * on], 0.0, life.name, "backed", item.words)


def _output(tally: Tally, life: Life) -> None:
    """Output of investors within their capacity and within activity; what is left fits in the capacity of others."""
    path = life.path
    investors: dict[tuple[str, int], list[float]] = {}
    for item in life.walk.of("supported"):
        project = life.case.row("projects", item.words[0])
        begin = next((p.number for p in path.periods if p.label == item.words[2]), None)
        if begin is None:
            tally.holds(False, life.name, item.words, "starts in no period of the future")
            continue
        period = path.periods[item.number]
        ready = timing.done(path, project, begin)
        stands = timing.stands(project.ramp, ready, period) * period.years
        stands *= timing.unworn(path, project.adds_to, ready, period)
        available = path.series("processes", project.adds_to, "availability_share")[item.number]
        backed = life.walk.value("backed", *item.words[:2], begin)
        tally.most([item.value, -available * stands * backed], 0.0, life.name, "output of", item.words, period.label)
        investors.setdefault((project.adds_to, item.number), []).append(item.value)
    private = _private(life)
    for name in {life.case.row("projects", project).adds_to for project in private}:
        others = _capacity_of_others(life, name, private)
        for period in path.periods:
            run = life.activity.get((name, period.number), [])
            theirs = investors.get((name, period.number), [])
            tally.least([*run, *(-t for t in theirs)], 0.0, life.name, "output of investors in", name, period.label)
            rest = [*run, *(-t for t in theirs)]
            tally.most(rest, others[period.number], life.name, "output of others in", name, period.label)


def _capacity_of_others(life: Life, name: str, private: list[str]) -> list[float]:
    """Tonnes that a process can make in each period in capacity that no investor finances."""
    path = life.path
    old = path.series("processes", name, "capacity_t_per_year")
    stands = [t * timing.unworn(path, name, 0.0, p) for t, p in zip(old, path.periods, strict=True)]
    for item in life.walk.of("size"):
        project = life.case.row("projects", item.name)
        if project.adds_to == name and project.project not in private:
            ready = timing.done(path, project, item.number)
            for period in path.periods:
                new = timing.stands(project.ramp, ready, period) * timing.unworn(path, name, ready, period)
                stands[period.number] += new * item.value
    available = path.series("processes", name, "availability_share")
    return [t * share * p.years for t, share, p in zip(stands, available, path.periods, strict=True)]


def _floors(tally: Tally, life: Life) -> None:
    """No support floor beside an offtake at a floor."""
    floored = {row.contract for row in life.case.rows("contract_items") if row.price_rule == "floor"}
    for item in life.walk.of("sign"):
        contract = item.name
        project = life.case.row("contracts", contract).project
        if contract in floored and project in _private(life):
            floors = [s.chosen for s in stakes(life) if s.terms.project == project and s.instrument.kind == "floor"]
            tally.most([item.value, *floors], 1.0, life.name, "an offtake and a support at a floor of", project)


def _starts(evidence: Evidence) -> dict[Place, list[tuple[Life, Stake]]]:
    """The starts of investors, each with the futures that it is made in."""
    found: dict[Place, list[tuple[Life, Stake]]] = {}
    for life, parents in zip(lives(evidence), evidence.tree.parent, strict=True):
        for stake in stakes(life):
            found.setdefault((*stake.words, stake.number, parents[stake.number]), []).append((life, stake))
    return found


def table(evidence: Evidence) -> Tally:
    """Table price_support: what each start is worth to its investor and costs the state."""
    tally = Tally()
    numbers = (
        "size_t_per_year", "npv_musd", "npv_least_musd", "outlay_musd", "outlay_largest_musd", "probability",
    )  # fmt: skip
    keys = ("project", "instrument", "started", "futures")
    named = said(evidence, "price_support", keys, "largest_in")
    reckoned = Reckoned(len(numbers))
    for (project, instrument, number, _), found in _starts(evidence).items():
        chance = math.fsum(life.path.weight for life, _ in found)
        weights = [life.path.weight / chance for life, _ in found]
        worths = [stake.npv() for _, stake in found]
        outlays = [stake.outlay() for _, stake in found]
        (first, begun), *_ = found
        date = timing.month(first.path, first.path.periods[number].start)
        ids = " ".join(life.name for life, _ in found)
        least = min(worths, key=math.fsum)
        by_future = {life.name: _sum(terms) for (life, _), terms in zip(found, outlays, strict=True)}
        dearest = max(by_future, key=lambda name: by_future[name].value or 0.0)
        key = (project, instrument, date, ids)
        if key in named and _as_much(by_future.get(named[key]), by_future[dearest]):
            dearest = named[key]
        reckoned.put(
            key,
            begun.backed,
            _sum(w * term for w, terms in zip(weights, worths, strict=True) for term in terms),
            _sum(least),
            _sum(w * term for w, terms in zip(weights, outlays, strict=True) for term in terms),
            by_future[dearest],
            chance,
            largest_in=dearest,
        )
    words = {**reckoned.says("largest_in"), "branch": branch_of(evidence, 3)}
    compare(tally, evidence, "price_support", keys, numbers, reckoned, words)
    return tally


def _as_much(named: Sum | None, most: Sum) -> bool:
    """Whether the future that the table names is as dear as the dearest: several may be, but for rounding."""
    if named is None:
        return False
    less = (most.value or 0.0) - (named.value or 0.0)
    return less <= TOLERANCE * max(LEAST_REPORTED, most.size)


def _sum(terms: Iterable[float]) -> Sum:
    """A sum with the size of its terms."""
    parts = list(terms)
    return Sum(math.fsum(parts), math.fsum(map(abs, parts)))
