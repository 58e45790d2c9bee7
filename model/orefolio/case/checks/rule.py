"""The rule on Chinese content: what untagged material may hold at most, and that its bound carries through the chain.

The declared bound of untagged output is beta_out = max beta_feeds + epsilon. Around a loop (swarf that comes back) each
turn adds its epsilons, and only the share r that returns goes round again, so that earlier turns leave at most
epsilons of a turn x r / (1 - r) in what is mixed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any

from orefolio.errors import Fault

from ..case import Case
from ..cycles import loops
from ..tags import KNOWN_TAGS, class_tags, joined, used_tags
from .material import contents, recipes_of
from .place import fault_at

TAGGING = (("classes", "tags"), ("rules", "tags"), ("licences", "tags"), ("demands", "refuses_tags"))
"""Columns that hold tags."""


def tags_are_known(case: Case) -> Iterator[Fault]:
    """Tags that no rule of the program reads are perhaps slips."""
    for table, column in TAGGING:
        for number, row in enumerate(case.rows(table)):
            for tag in getattr(row, column).split():
                if tag not in KNOWN_TAGS:
                    found = f"the tag {tag!r}"
                    yield fault_at(case, table, number, column, found, f"one of {', '.join(KNOWN_TAGS)}")


def tags_are_borne(case: Case) -> Iterator[Fault]:
    """A tag that a demand refuses or a licence stops, and that no class bears, stops nothing."""
    borne = used_tags(case)
    for table, column in TAGGING[2:]:
        for number, row in enumerate(case.rows(table)):
            for tag in frozenset(getattr(row, column).split()) - borne:
                yield fault_at(case, table, number, column, f"the tag {tag!r} that no class bears", "a class with it")


def one_class_is_free(case: Case) -> Iterator[Fault]:
    """Material under no rule needs a class, and no two classes have the same tags."""
    seen: dict[frozenset[str], str] = {}
    for number, row in enumerate(case.rows("classes")):
        tags = frozenset(row.tags.split())
        if tags in seen:
            found = f"the class {row.class_!r} with the tags of {seen[tags]!r}"
            yield fault_at(case, "classes", number, "tags", found, "tags of its own")
        seen.setdefault(tags, row.class_)
    if case.rows("classes") and frozenset() not in seen:
        yield fault_at(case, "classes", 0, "tags", "no class without tags", "one: free material")


def classes_mix_into_one(case: Case) -> Iterator[Fault]:
    """Feeds of any two classes make output of one class: that with the fewest tags among those that have both."""
    tags = class_tags(case)
    for number, row in enumerate(case.rows("classes")):
        for other in case.rows("classes")[:number]:
            union = tags[row.class_] | tags[other.class_]
            least = joined(tags, union)
            above = [name for name in tags if union <= tags[name]]
            if least is None or any(not tags[least] <= tags[name] for name in above):
                found = f"the classes {other.class_!r} and {row.class_!r}"
                expected = "one class whose tags are those of both, with as few others as can be"
                yield fault_at(case, "classes", number, "tags", found, expected)


def dates_of_rules_run_forward(case: Case) -> Iterator[Fault]:
    """A rule ends after it begins."""
    for number, row in enumerate(case.rows("rules")):
        if row.from_date and row.to_date and row.to_date <= row.from_date:
            found = f"{row.to_date}, no later than the first day, {row.from_date}"
            yield fault_at(case, "rules", number, "to_date", found, "a later day")


def a_rule_of_content_has_a_threshold(case: Case) -> Iterator[Fault]:
    """A rule of any other kind has no tolerance: its threshold is not read."""
    for number, row in enumerate(case.rows("rules")):
        if row.kind not in ("content", "sourcing") and row.threshold_share > 0:
            found = f"a threshold of {row.threshold_share:g} in a rule of kind {row.kind!r}"
            yield fault_at(case, "rules", number, "threshold_share", found, "0")


def chinese_goods_are_tagged(case: Case) -> Iterator[Fault]:
    """Where a rule counts Chinese content, what a Chinese seller delivers is of a class that says so."""
    if not any(row.enabled for row in case.rows("rules")):
        return
    country = {row.supplier: row.country for row in case.rows("suppliers")}
    tags = {row.class_: row.tags.split() for row in case.rows("classes")}
    for number, row in enumerate(case.rows("contracts")):
        if country[row.supplier] == "CN" and KNOWN_TAGS[0] not in tags[row.class_]:
            found = f"the class {row.class_!r} of what {row.supplier!r} of China delivers"
            yield fault_at(case, "contracts", number, "class_", found, f"a class with the tag {KNOWN_TAGS[0]}")


def separation_has_no_de_minimis(case: Case) -> Iterator[Fault]:
    """Where elements of several feeds are separated, a pinch of a rich feed can make most of one element."""
    feeds: dict[str, int] = defaultdict(int)
    for row in case.rows("recipes"):
        feeds[row.process] += row.direction == "in"
    for number, row in enumerate(case.rows("processes")):
        if row.de_minimis_share > 0 and row.separates and feeds[row.process] > 1:
            found = f"a de-minimis share of {row.de_minimis_share:g} where elements are separated"
            yield fault_at(case, "processes", number, "de_minimis_share", found, "0")


def untagged_content_stays_below_the_threshold(case: Case) -> Iterator[Fault]:
    """The bound on Chinese content that de-minimis feed adds up to stays below the threshold of the rule."""
    thresholds = [row.threshold_share for row in case.rows("rules") if row.enabled and row.threshold_share > 0]
    if not thresholds:
        return
    bounds = untagged_bounds(case)
    for number, process in enumerate(case.rows("processes")):
        bound = bounds[process.process]
        if bound >= min(thresholds):
            found = f"Chinese content of up to {bound:.6g} in untagged output of {process.process!r}"
            remedy = "Lower the de-minimis shares along its chain"
            expected = f"less than the threshold, {min(thresholds):g}"
            yield fault_at(case, "processes", number, "de_minimis_share", found, expected, remedy)


def chains_gain_value(case: Case) -> Iterator[Fault]:
    """Where untagged output may hold some Chinese content by value, it is worth no less than what went in.

    Else the share would grow with what is lost on the way, and the declared bound would not hold.
    """
    if not any(row.enabled and row.basis == "value" for row in case.rows("rules")):
        return
    values, bounds, recipes = reference_values(case), untagged_bounds(case), recipes_of(case)
    for number, process in enumerate(case.rows("processes")):
        if bounds[process.process] <= 0:
            continue
        feeds, products = recipes[process.process]
        taken = math.fsum(values.get(r.commodity, 0.0) * r.t_per_t / (r.yield_share or math.inf) for _, r in feeds)
        given = math.fsum(values.get(r.commodity, 0.0) * r.t_per_t * r.yield_share for _, r in products)
        # A product without a price of its own is judged where its feed was made.
        if given < taken * (1 - 1e-9) and (given > 0 or process.de_minimis_share > 0):
            found = f"output of {process.process!r} worth {given:.6g} USD per kg of activity"
            expected = f"at least the {taken:.6g} of its feed, since de-minimis shares are of value"
            yield fault_at(case, "processes", number, "de_minimis_share", found, expected)


def reference_values(case: Case) -> dict[str, float]:
    """The fixed reference value of each commodity that has a price in the first market, China's, USD/kg."""
    markets = case.rows("markets")
    if not markets:
        return {}
    china = markets[0].market
    elements = {row.element: row.chinese_usd_per_kg for row in case.rows("element_prices") if row.market == china}
    content = contents(case)
    return {
        row.commodity: row.fee_usd_per_kg
        + row.realisation_share * math.fsum(s * elements.get(e, 0.0) for e, s in content[row.commodity].items())
        for row in case.rows("prices")
        if row.market == china
    }


def untagged_bounds(case: Case) -> dict[str, float]:
    """The bound on Chinese content of the untagged output of each process, share of its value."""
    gain = {row.process: row.de_minimis_share for row in case.rows("processes")}
    if not any(gain.values()):
        return dict.fromkeys(gain, 0.0)
    return _Chain(case, gain).bounds()


class _Chain:
    """Processes between commodities. By-products that come back are cut out, so that the rest runs one way."""

    def __init__(self, case: Case, gain: dict[str, float]) -> None:
        self.gain = gain
        self.values = reference_values(case)
        self.taken: dict[str, list[str]] = defaultdict(list)
        self.given: dict[str, list[Any]] = defaultdict(list)
        for row in case.rows("recipes"):
            if row.direction == "in":
                self.taken[row.process].append(row.commodity)
            else:
                self.given[row.process].append(row)
        groups = loops(self._edges(frozenset()))
        self.loop = {name: group for group in groups for name in group}
        self.returning = {
            (process, row.commodity)
            for process, rows in self.given.items()
            for row in rows
            if row.t_per_t != 1 and row.commodity in self.loop.get(process, ())
        }

    def _edges(self, without: Collection[tuple[str, str]]) -> dict[str, set[str]]:
        edges: dict[str, set[str]] = defaultdict(set)
        for process, feeds in self.taken.items():
            for feed in feeds:
                edges[feed].add(process)
        for process, rows in self.given.items():
            edges[process].update(row.commodity for row in rows if (process, row.commodity) not in without)
        return edges

    def bounds(self) -> dict[str, float]:
        """Bound by process: what one way through the chain adds, and what earlier turns of its loops left."""
        if loops(self._edges(self.returning)):
            return dict.fromkeys(self.gain, math.inf)
        one_way = self._one_way()
        left = {group: self._left_by_turns(group, one_way) for group in set(self.loop.values())}
        earlier: dict[str, float] = defaultdict(float)
        self._forward(earlier, lambda process: left.get(self.loop.get(process, frozenset()), 0.0), added=False)
        mixed = {process: one_way[process] + earlier[process] for process in self.gain}
        back: dict[str, float] = defaultdict(float)
        for process, commodity in self.returning:
            back[commodity] = max(back[commodity], mixed[process])
        # A lot of nothing but returned material holds what it held before.
        return {
            process: max(bound, max((back[feed] for feed in self.taken[process]), default=0.0) + self.gain[process])
            for process, bound in mixed.items()
        }

    def _one_way(self) -> dict[str, float]:
        total: dict[str, float] = defaultdict(float)
        self._forward(total, lambda process: self.gain[process], added=True)
        return total

    def _forward(self, total: dict[str, float], own: Callable[[str], float], added: bool) -> None:
        """Carry a figure down the chain: the largest of the feeds, with the process's own added or taken if larger."""
        changed = True
        while changed:  # ends: what comes back is cut out, so that every chain has an end
            changed = False
            for process in self.gain:
                fed = max((total[feed] for feed in self.taken[process]), default=0.0)
                made = fed + own(process) if added else max(fed, own(process))
                targets = [r.commodity for r in self.given[process] if (process, r.commodity) not in self.returning]
                for name in (process, *targets):
                    if made > total[name]:
                        total[name] = made
                        changed = True

    def _left_by_turns(self, group: frozenset[str], one_way: dict[str, float]) -> float:
        """A turn adds at most what one way through the loop adds; a share of it goes round again, and so on."""
        turn = max(one_way[process] for process in group & self.gain.keys())
        share = self._returned(group)
        if turn == 0:
            return 0.0
        return turn * share / (1 - share) if share < 1 else math.inf

    def _returned(self, group: frozenset[str]) -> float:
        """The largest share, by value, of a loop's material that is back where it was after a turn."""
        best: dict[tuple[str, str], float] = defaultdict(float)
        for process in group & self.gain.keys():
            out = self.given[process]
            worth = {r.commodity: r.t_per_t * r.yield_share * self.values.get(r.commodity, 0.0) for r in out}
            whole = math.fsum(worth.values())
            for feed in set(self.taken[process]) & group:
                for commodity in worth.keys() & group:
                    share = worth[commodity] / whole if whole > 0 else 1.0
                    best[feed, commodity] = max(best[feed, commodity], share)
        commodities = sorted({name for pair in best for name in pair})
        for middle in commodities:
            for start in commodities:
                for end in commodities:
                    best[start, end] = max(best[start, end], best[start, middle] * best[middle, end])
        return max(best[name, name] for name in commodities)
