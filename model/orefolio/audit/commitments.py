"""Projects and programmes: when they may begin, how large, how often, in which order and company."""

from __future__ import annotations

from . import timing
from .evidence import Evidence
from .life import Life, before, lives
from .tally import TOLERANCE, Tally


def projects(evidence: Evidence) -> Tally:
    """Windows, sizes, one start on any path, what is required before, groups."""
    tally = Tally()
    for life in lives(evidence):
        _sizes(tally, life)
        for name, found in life.by_thing("start").items():
            project = life.case.row("projects", name)
            tally.holds(project.binary, life.name, name, "is started and no yes-or-no decision")
            tally.most([item.value for item in found], 1.0, life.name, "starts of", name)
            for needed in project.requires:
                _required(tally, life, name, needed)
        _groups(tally, life)
        _classes(tally, life)
        _abandoned(tally, life)
    return tally


def _abandoned(tally: Tally, life: Life) -> None:
    """What is given up was started, has capital left to be paid, and is given up once and as a whole."""
    begun = {period.label: period.number for period in life.path.periods}
    given: dict[tuple[str, ...], list[float]] = {}
    for item in life.walk.of("given_up"):
        given.setdefault(item.words, []).append(item.value)
        ended = life.walk.value("abandon", *item.words, item.number) == 1.0
        tally.holds(ended or item.value <= TOLERANCE, life.name, item.words, "is given up in part")
    for item in life.walk.of("abandon"):
        name, label = item.words
        project, begin = life.case.row("projects", name), begun.get(label)
        if begin is None:
            tally.holds(False, life.name, item.words, "was started in no period of the future")
            continue
        paid = life.path.periods[begin].start + timing.lead_of(life.path, project, begin)
        moment = life.path.periods[item.number].start
        in_time = begin < item.number and before(moment, paid)
        fine = project.can_abandon and in_time and life.may_decide(item.number)
        tally.holds(fine, life.name, item.words, "cannot be given up then")
        tally.holds(life.walk.value("start", name, begin) == 1.0, life.name, item.words, "was not started")
        times = [each.value for each in life.walk.of("abandon") if each.words == item.words]
        tally.most(times, 1.0, life.name, item.words, "is given up once")
        whole = -life.walk.value("size", name, begin)
        tally.same([whole, *given.get(item.words, [])], life.name, "given up of", item.words)


def _classes(tally: Tally, life: Life) -> None:
    """A start of a project that has size classes is made in one of them, within its sizes."""
    classed = {row.project for row in life.case.rows("size_classes")}
    parts: dict[tuple[str, int], dict[str, list[float]]] = {}
    for name in ("in_class", "size_in_class"):
        for item in life.walk.of(name):
            parts.setdefault((item.words[0], item.number), {}).setdefault(name, []).append(item.value)
    for item in life.walk.of("size_in_class"):
        row = life.case.row("size_classes", item.name)
        on = life.walk.value("in_class", *item.words, item.number)
        tally.most([item.value, -row.to_t_per_year * on], 0.0, life.name, "greatest size in class", item.words)
    for item in life.walk.of("in_class"):
        row = life.case.row("size_classes", item.name)
        size = life.walk.value("size_in_class", *item.words, item.number)
        tally.least([size, -row.from_t_per_year * item.value], 0.0, life.name, "least size in class", item.words)
    started = {(name, item.number) for name in classed for item in life.by_thing("size").get(name, [])}
    for name, number in sorted({*started, *parts}):
        for part, whole in (("in_class", "start"), ("size_in_class", "size")):
            terms = parts.get((name, number), {}).get(part, [])
            tally.same([*terms, -life.walk.value(whole, name, number)], life.name, part, name)


def _sizes(tally: Tally, life: Life) -> None:
    decided = life.by_thing("start"), life.by_thing("size")
    begun = {(name, item.number) for each in decided for name, found in each.items() for item in found}
    for name, number in sorted(begun):
        project = life.case.row("projects", name)
        size, start = life.walk.value("size", name, number), life.walk.value("start", name, number)
        what = (name, life.path.periods[number].label)
        tally.holds(timing.startable(life.path, project, number), life.name, what, "is outside its window")
        if project.binary:
            tally.most([size, -project.size_max_t_per_year * start], 0.0, life.name, "greatest size of", what)
            tally.least([size, -project.size_min_t_per_year * start], 0.0, life.name, "least size of", what)
        else:
            tally.most([size], project.size_max_t_per_year, life.name, "greatest size of", what)


def _required(tally: Tally, life: Life, name: str, needed: str) -> None:
    starts = life.by_thing("start")
    for item in starts[name]:
        earlier = [other.value for other in starts.get(needed, []) if other.number <= item.number]
        tally.least([*earlier, -item.value], 0.0, life.name, name, "without", needed)


def _groups(tally: Tally, life: Life) -> None:
    for group in life.case.rows("groups"):
        counted = life.by_thing("start" if group.counts == "starts" else "size")
        terms = [
            member.coefficient * item.value
            for member in life.case.rows("group_members")
            if member.group == group.group
            for item in counted.get(member.project, [])
        ]
        if group.sense in ("at_most", "exactly"):
            tally.most(terms, group.limit, life.name, "group", group.group)
        if group.sense in ("at_least", "exactly"):
            tally.least(terms, group.limit, life.name, "group", group.group)


def programmes(evidence: Evidence) -> Tally:
    """Windows, each level once on any path, and not before the level under it."""
    tally = Tally()
    for life in lives(evidence):
        decided: dict[tuple[str, int], list[int]] = {}
        for item in life.walk.of("level_on"):
            if item.value:
                decided.setdefault((item.words[0], int(item.words[1])), []).append(item.number)
        for (name, level), numbers in decided.items():
            row = life.case.row("programmes", f"{name}/{level}")
            tally.holds(len(numbers) == 1, life.name, (name, level), "is decided more than once")
            for number in numbers:
                begin = life.path.periods[number].start
                fine = timing.open_for(life.path, number, row.start_from, row.start_to)
                in_time = before(begin + row.lead_time_years, life.path.periods[-1].end)
                tally.holds(fine and in_time, life.name, (name, level), "is decided outside its window")
                below = decided.get((name, level - 1), [])
                tally.holds(level == 1 or any(n <= number for n in below), life.name, (name, level), "skips a level")
    return tally
