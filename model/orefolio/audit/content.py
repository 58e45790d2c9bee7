"""The rule on Chinese content: a line runs one class at a time, and little tagged feed enters untagged output."""

from __future__ import annotations

from typing import Any

from orefolio.case.scenarios import Path

from .blending import by_mass_balance
from .evidence import Evidence
from .life import Life, lives
from .market import Market
from .tally import Tally


def lines(evidence: Evidence) -> Tally:
    """In every segment a line runs what it is kept for, and one class only wherever a demand can tell them apart."""
    tally = Tally()
    everyone = {life.path.future: life for life in lives(evidence)}
    for life in everyone.values():
        for process in life.case.rows("processes"):
            if process.one_class_at_a_time and len(life.goods.split[process.process]) > 1:
                _line(tally, life, process, everyone)
        firsts = {segment.periods[0].number for segment in life.path.segments}
        for item in (*life.walk.of("dedicated"), *life.walk.of("kept_for")):
            groups = life.goods.split[item.words[0]]
            fine = len(groups) == 2 if len(item.words) == 1 else item.words[1] in {group[0] for group in groups}
            tally.holds(item.number in firsts, life.name, item.words, "is kept for a class inside a segment")
            tally.holds(fine, life.name, item.words, "is kept for classes that the line does not choose from")
    return tally


def kept_for(life: Life, process: Any, first: int) -> list[float]:
    """For each group of classes of a line, 1 where its segment that begins with a period is kept for it."""
    groups = life.goods.split[process.process]
    if len(groups) == 2:
        kept = life.walk.value("dedicated", process.process, first)
        return [kept, 1.0 - kept]
    return [life.walk.value("kept_for", process.process, group[0], first) for group in groups]


def _line(tally: Tally, life: Life, process: Any, everyone: dict[str, Life]) -> None:
    before: list[float] = []
    groups = life.goods.split[process.process]
    for segment in life.path.segments:
        first = segment.periods[0].number
        if not chosen(everyone, life.path, process, first):
            continue
        kept = kept_for(life, process, first)
        tally.same([*kept, -1.0], life.name, (process.process, segment.label), "is kept for one group of classes")
        for period in segment.periods:
            run = [sum(life.walk.value("activity", process.process, c, period.number) for c in g) for g in groups]
            for group, yes, tonnes in zip(groups, kept, run, strict=True):
                what = (process.process, period.label, group[0])
                tally.weigh((1.0 - yes) * tonnes, sum(run), life.name, what, "runs and the line is not kept for it")
        if before and process.changeover_musd > 0:
            paid = life.walk.value("changeover", process.process, first)
            change = max(now - then for now, then in zip(kept, before, strict=True))
            tally.least([paid, -change], 0.0, life.name, (process.process, segment.label), "changes over")
        before = kept


def chosen(everyone: dict[str, Life], path: Path, process: Any, first: int) -> bool:
    """Whether a line's segment that begins with a period has a choice: some future that is still possible needs it."""
    return any(_needed(everyone[other.future], process, first) for other in path.possible(first))


def _needed(life: Life, process: Any, first: int) -> bool:
    """Whether a future by itself needs the choice in its segment that begins with a period."""
    key = (process.process, first)
    if key not in life.known_needs:
        most = life.greatest(process)
        periods = [p for each in life.path.segments if each.periods[0].number == first for p in each.periods]
        life.known_needs[key] = any(most[p.number] > 0 and matters(life, process, p.number) for p in periods)
    return life.known_needs[key]


def matters(life: Life, process: Any, number: int) -> bool:
    """Whether some demand that a process can end in tells classes apart, now or later in a future through the node."""
    outs = [row.commodity for row in life.goods.recipes.get(process.process, []) if row.direction == "out"]
    ends = {demand for commodity in outs for demand in life.goods.ends_in.get(commodity, ())}
    rules: set[str] = set()
    for demand in ends:
        row = life.case.row("demands", demand)
        if life.goods.refused[demand]:
            if not row.refusal_rule:
                return True
            rules.add(row.refusal_rule)
        if row.export_share > 0 and row.licence:
            if not life.case.row("licences", row.licence).needs_rule:
                return True
            rules.update(life.goods.asked_by[row.licence])
    start = life.path.periods[number].start
    companions = life.path.companions[number]
    return any(_last_in_force(life, path, rule) > start + 1e-9 for rule in rules for path in companions)


def _last_in_force(life: Life, path: Path, rule: str) -> float:
    """The end of the last period of a future in which a rule is in force."""
    key = (path.future, rule)
    known = life.goods.__dict__.setdefault("in_force_until", {})
    if key not in known:
        force = Market(path, life.goods).in_force(rule)
        known[key] = max((p.end for p, share in zip(path.periods, force, strict=True) if share > 0), default=0.0)
    return float(known[key])


def little_feed(evidence: Evidence) -> Tally:
    """Tagged feed in output without the tag, within its share; none where elements are separated."""
    tally = Tally()
    for life in lives(evidence):
        goods = life.goods
        fed: dict[tuple[str, str, int], list[float]] = {}
        for item in life.walk.of("feed"):
            name, commodity, class_, made = item.words
            fed.setdefault((name, made, item.number), []).append(goods.weight[commodity] * item.value)
            taken = {row.commodity for row in goods.recipes.get(name, []) if row.direction == "in"}
            fine = commodity in taken and not life.case.row("processes", name).separates
            tally.holds(fine, life.name, (*item.words, item.number), "takes no tagged feed")
            lost = goods.tags[class_] - goods.tags[made]
            tally.holds(lost <= goods.may_lose, life.name, item.words, "loses a tag that has no tolerance")
        for (name, made, number), values in fed.items():
            main = next((row for row in goods.recipes.get(name, []) if row.direction == "out"), None)
            worth = goods.weight[main.commodity] if main is not None else 0.0
            share = life.case.row("processes", name).de_minimis_share
            if by_mass_balance(goods):
                tally.holds(share > 0, life.name, (name, made, number), "takes no tagged feed")
                continue
            output = -share * worth * life.walk.value("activity", name, made, number)
            tally.most([*values, output], 0.0, life.name, "tagged feed of", (name, made, number))
    return tally


def deliveries(evidence: Evidence) -> Tally:
    """Nothing with a tag to a demand while it refuses that, and what leaves in goods as far as approved."""
    tally = Tally()
    for life in lives(evidence):
        licensed: dict[tuple[str, int], list[float]] = {}
        refused: dict[tuple[str, int], list[float]] = {}
        for item in life.walk.of("deliver"):
            row, tags = life.case.row("demands", item.words[0]), life.goods.tags[item.words[1]]
            if tags & life.goods.refused[row.demand]:
                refused.setdefault((row.demand, item.number), []).append(item.value)
            if tags & life.goods.licensed[row.licence]:
                licensed.setdefault((row.demand, item.number), []).append(item.value)
        for (name, number), terms in refused.items():
            row = life.case.row("demands", name)
            most = (1.0 - life.market.refuses(row)[number]) * life.market.demand(row)[number]
            tally.most(terms, most, life.name, "refused deliveries to", (name, number))
        for (name, number), terms in licensed.items():
            row = life.case.row("demands", name)
            share = 1.0 - row.export_share * (1.0 - life.market.approval(row.licence)[number])
            most = share * life.market.demand(row)[number]
            tally.most(terms, most, life.name, "licensed deliveries to", (name, number))
    return tally
