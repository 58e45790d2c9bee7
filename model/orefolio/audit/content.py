"""The rule on Chinese content: a line runs one class at a time, and little tagged feed enters untagged output."""

from __future__ import annotations

from typing import Any

from orefolio.case.scenarios import Path

from .evidence import Evidence
from .life import Life, lives
from .market import Market
from .tally import TOLERANCE, Tally


def lines(evidence: Evidence) -> Tally:
    """In every segment a line runs what it is kept for, and one class only wherever a demand can tell them apart."""
    tally = Tally()
    everyone = {life.path.future: life for life in lives(evidence)}
    for life in everyone.values():
        for process in life.case.rows("processes"):
            if process.one_class_at_a_time and life.goods.split[process.process]:
                _line(tally, life, process, everyone)
        for item in life.walk.of("dedicated"):
            firsts = {segment.periods[0].number for segment in life.path.segments}
            tally.holds(item.number in firsts, life.name, item.words, "is kept for a class inside a segment")
    return tally


def _line(tally: Tally, life: Life, process: Any, everyone: dict[str, Life]) -> None:
    before: float | None = None
    for segment in life.path.segments:
        first = segment.periods[0].number
        if not chosen(everyone, life.path, process, first):
            continue
        kept = life.walk.value("dedicated", process.process, first)
        for period in segment.periods:
            run = {True: 0.0, False: 0.0}
            for class_, tags in life.goods.tags.items():
                run[bool(tags)] += life.walk.value("activity", process.process, class_, period.number)
            what = (process.process, period.label)
            size = run[True] + run[False]
            tally.weigh(
                (1.0 - kept) * run[False], size, life.name, what, "runs untagged material and is not kept for it"
            )
            tally.weigh(kept * run[True], size, life.name, what, "runs tagged material and is kept for untagged")
        if before is not None and process.changeover_musd > 0:
            paid = life.walk.value("changeover", process.process, first)
            tally.least([paid, -abs(kept - before)], 0.0, life.name, (process.process, segment.label), "changes over")
        before = kept


def chosen(everyone: dict[str, Life], path: Path, process: Any, first: int) -> bool:
    """Whether a line's segment that begins with a period has a choice: some future that is still possible needs it."""
    return any(_needed(everyone[other.future], process, first) for other in path.possible(first))


def _needed(life: Life, process: Any, first: int) -> bool:
    """Whether a future by itself needs the choice in its segment that begins with a period."""
    segment = next((each for each in life.path.segments if each.periods[0].number == first), None)
    if segment is None:
        return False
    most = life.greatest(process)
    return any(most[p.number] > 0 and matters(life, process, p.number) for p in segment.periods)


def matters(life: Life, process: Any, number: int) -> bool:
    """Whether some demand that a process can end in tells classes apart, now or later in a future through the node."""
    outs = [row.commodity for row in life.goods.recipes.get(process.process, []) if row.direction == "out"]
    ends = {demand for commodity in outs for demand in life.goods.ends_in.get(commodity, ())}
    rows = [life.case.row("demands", demand) for demand in ends]
    if any(row.refuses_tagged for row in rows):
        return True
    if not any(row.export_share > 0 and row.licence for row in rows):
        return False
    start = life.path.periods[number].start
    return any(_last_in_force(life, path) > start + 1e-9 for path in life.path.companions[number])


def _last_in_force(life: Life, path: Path) -> float:
    """The end of the last period of a future in which a rule is in force."""
    key = ("in force until", path.future)
    known = life.goods.__dict__.setdefault("in_force_until", {})
    if key not in known:
        force = Market(path, life.goods).in_force
        known[key] = max((p.end for p, share in zip(path.periods, force, strict=True) if share > 0), default=-1.0)
    return float(known[key])


def little_feed(evidence: Evidence) -> Tally:
    """Tagged feed in untagged output, within the share of the output's value; none where elements are separated."""
    tally = Tally()
    for life in lives(evidence):
        fed: dict[tuple[str, int], list[float]] = {}
        for item in life.walk.of("feed"):
            name, commodity = item.words
            fed.setdefault((name, item.number), []).append(life.goods.weight[commodity] * item.value)
            taken = {row.commodity for row in life.goods.recipes.get(name, []) if row.direction == "in"}
            fine = commodity in taken and not life.case.row("processes", name).separates
            tally.holds(fine, life.name, (name, commodity, item.number), "takes no tagged feed")
        free = life.goods.ordered[0]
        for (name, number), values in fed.items():
            main = next((row for row in life.goods.recipes.get(name, []) if row.direction == "out"), None)
            worth = life.goods.weight[main.commodity] if main is not None else 0.0
            share = life.case.row("processes", name).de_minimis_share
            made = -share * worth * life.walk.value("activity", name, free, number)
            tally.most([*values, made], 0.0, life.name, "tagged feed of", (name, number))
    return tally


def deliveries(evidence: Evidence) -> Tally:
    """No tagged material to a demand that refuses it, and to the others what leaves in goods as far as approved."""
    tally = Tally()
    for life in lives(evidence):
        tagged: dict[tuple[str, int], list[float]] = {}
        for item in life.walk.of("deliver"):
            row = life.case.row("demands", item.words[0])
            if life.goods.tags[item.words[1]]:
                fine = not row.refuses_tagged or item.value <= TOLERANCE
                tally.holds(fine, life.name, (*item.words, item.number), "is tagged and refused")
                tagged.setdefault((row.demand, item.number), []).append(item.value)
        for (name, number), terms in tagged.items():
            row = life.case.row("demands", name)
            share = 1.0 - row.export_share * (1.0 - life.market.approval(row.licence)[number])
            most = share * life.market.demand(row)[number]
            tally.most(terms, most, life.name, "tagged deliveries to", (name, number))
    return tally
