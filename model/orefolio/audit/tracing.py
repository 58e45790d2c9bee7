"""Traced origin: where the elements of every delivered lot come from, by solving the mixing of the plan.

A place is well mixed by commodity and class; stock carries its mix from period to period; what a process makes carries,
element by element, the mix of its feeds, and what no feed contains comes from the country where the process stands.
Tagged feed in untagged output goes into that process and nowhere else. Contracts bring the country of their seller;
scrap the country where it arises, its tagged part China; opening stock is called that, its tagged part China.

One linear system for each node and element, solved in floating point; its residual is checked afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .blending import by_mass_balance
from .compare import Reckoned, compare
from .evidence import Evidence
from .life import Life, goods_of, lives
from .tally import Tally

CHINA, OPENING = "CN", "opening stock"
LEAST_T = 1e-6
"""Tonnes of inflow under which a place has no mix of its own."""
LEAST_SHARE = 1e-12
"""Shares of a mix that are left out: rounding."""
RESIDUAL = 1e-8
COLUMNS = ("future", "year", "demand", "class", "element", "country", "t", "share")
"""Columns of table traced: tonnes of element in the lots of a calendar year, and the country's share of them."""
Floats = npt.NDArray[np.float64]
Pool = tuple[str, str, str]
Stream = tuple[float, Pool | None, str]
"""Tonnes, and where they come from: a pool, or a country."""


@dataclass
class Mixing:
    """The streams into each pool in one node, and which pools a process draws on for its outputs."""

    into: dict[Pool, list[Stream]] = field(default_factory=dict)
    made: dict[Pool, list[tuple[float, list[Stream], str]]] = field(default_factory=dict)
    held: dict[Pool, tuple[str, str]] = field(default_factory=dict)

    def add(self, pool: Pool, tonnes: float, source: Pool | None, country: str = "") -> None:
        """A stream of the same commodity."""
        if tonnes > 0.0:
            self.into.setdefault(pool, []).append((tonnes, source, country))


Mix = dict[tuple[Pool, str], dict[str, float]]
"""(pool, element) to country to share."""


@dataclass
class Traced:
    """What the tracing of a run found. lots: (future, year, demand, class, element, country) to tonnes of element.

    content, sold: Chinese share of what is delivered, (future, period, demand, class), and of what is sold, (future,
    period, commodity at its place, class).
    """

    tally: Tally = field(default_factory=Tally)
    lots: dict[tuple[str, int, str, str, str, str], float] = field(default_factory=dict)
    content: dict[tuple[str, str, str, str], float] = field(default_factory=dict)
    sold: dict[tuple[str, str, str, str], float] = field(default_factory=dict)


def traced(evidence: Evidence) -> Traced:
    """The origin of every delivered lot, made once."""
    if "traced" not in evidence.kept:
        evidence.kept["traced"] = _traced(evidence)
    found: Traced = evidence.kept["traced"]
    return found


def _traced(evidence: Evidence) -> Traced:
    found = Traced()
    mixes: dict[tuple[int, int], Mix] = {}
    stocks: dict[tuple[int, int], Mix] = {}
    for number, life in enumerate(lives(evidence)):
        carried = _opening(life)
        items = _by_period(life)
        for period in life.path.periods:
            node = (period.number, evidence.tree.node[number][period.number])
            if node not in mixes:
                mixes[node], stocks[node] = _node(found.tally, life, items[period.number], carried, period.number)
            carried = stocks[node]
            _deliver(found, life, items[period.number].get("deliver", []), mixes[node], period.number)
            _sell(found, life, items[period.number].get("sell", []), mixes[node], period.label)
    return found


Items = dict[str, list[tuple[tuple[str, ...], float]]]


def _by_period(life: Life) -> list[Items]:
    found: list[Items] = [{} for _ in life.path.periods]
    for variable, items in life.walk.items.items():
        for item in items:
            found[item.number].setdefault(variable, []).append((item.words, item.value))
    return found


def _opening(life: Life) -> Mix:
    """The mix of each stockpile and class on the first day."""
    found: Mix = {}
    for row in life.case.rows("stockpiles"):
        for class_, tags in life.goods.tags.items():
            for element in life.goods.content.get(row.commodity, {}):
                key = ((row.stockpile, row.commodity, class_), element)
                found[key] = {CHINA if tags else OPENING: 1.0}
    return found


def _node(tally: Tally, life: Life, items: Items, carried: Mix, period: int) -> tuple[Mix, Mix]:
    """The mix of every pool in one node, and that of every stockpile at its end."""
    mixing = _streams(life, items, period)
    mix: Mix = {}
    stock = dict(carried)
    every, content = _pools(mixing), life.goods.content
    for element in [row.element for row in life.case.rows("elements")]:
        pools = [pool for pool in every if element in content.get(pool[1], ())]
        if not pools:
            continue
        solved = _solve(tally, life, mixing, pools, element, carried)
        for pool, shares in solved.items():
            if pool in mixing.held:
                stock[pool, element] = shares
            else:
                mix[pool, element] = shares
    return mix, stock


def _pools(mixing: Mixing) -> list[Pool]:
    totals = {pool: sum(stream[0] for stream in streams) for pool, streams in mixing.into.items()}
    for pool, outputs in mixing.made.items():
        totals[pool] = totals.get(pool, 0.0) + sum(output[0] for output in outputs)
    return sorted(pool for pool, total in totals.items() if total > LEAST_T)


def _streams(life: Life, items: Items, period: int) -> Mixing:
    mixing, case, goods = Mixing(), life.case, life.goods
    for (name, *_), tonnes in (*items.get("buy", []), *items.get("makeup", [])):
        row = case.row("contracts", name)
        country = case.row("suppliers", row.supplier).country
        for good in goods.items.get(name, []):
            mixing.add((row.place, good.commodity, row.class_), tonnes * good.t_per_t, None, country)
    for (name,), tonnes in items.get("collect", []):
        row = case.row("scrap", name)
        home = case.row("places", row.place).country
        for class_, share in goods.scrap_classes(row).items():
            mixing.add((row.place, row.commodity, class_), tonnes * share, None, CHINA if goods.tags[class_] else home)
    for (name, class_), tonnes in items.get("ship", []):
        lane = case.row("lanes", name)
        source = (lane.from_place, lane.commodity, class_)
        mixing.add((lane.to_place, lane.commodity, class_), tonnes * (1.0 - lane.loss_share), source)
    for (place, commodity, class_, weaker), tonnes in (*items.get("downgrade", []), *items.get("blend", [])):
        mixing.add((place, commodity, weaker), tonnes, (place, commodity, class_))
    _stored(mixing, life, items, period)
    _made(mixing, life, items, period)
    return mixing


def _stored(mixing: Mixing, life: Life, items: Items, period: int) -> None:
    years = life.path.periods[period].years
    moved = {name: dict(items.get(name, ())) for name in ("put", "take", "rotate")}
    stock = life.walk.by_key.get("stock", {})
    for row in life.case.rows("stockpiles"):
        left = (1.0 - row.decay_share_per_year) ** years
        for class_ in life.goods.tags:
            words = (row.stockpile, class_)
            pool, store = (row.place, row.commodity, class_), (row.stockpile, row.commodity, class_)
            mixing.held[store] = words
            if period == 0:
                before = row.initial_t if class_ == row.initial_class else 0.0
            else:
                before = stock.get((*words, period - 1), 0.0) if row.carries else 0.0
            mixing.add(store, before * left, None, "")
            mixing.add(store, moved["put"].get(words, 0.0), pool)
            mixing.add(pool, moved["take"].get(words, 0.0), store)
            mixing.add(pool, moved["rotate"].get(words, 0.0), store)


def _made(mixing: Mixing, life: Life, items: Items, period: int) -> None:
    fed: dict[tuple[str, str, str], list[tuple[str, float]]] = {}
    for (name, commodity, class_, made), tonnes in items.get("feed", []):
        fed.setdefault((name, commodity, made), []).append((class_, tonnes))
    for (name, class_), activity in items.get("activity", []):
        process = life.case.row("processes", name)
        feeds: list[Stream] = []
        recipe = life.goods.recipes.get(name, [])
        for row in recipe:
            if row.direction == "in":
                taken = life.rates(row)[period] * activity
                for other, tonnes in fed.get((name, row.commodity, class_), ()):
                    tagged = min(taken, tonnes)
                    taken -= tagged
                    feeds.append((tagged, (process.place, row.commodity, other), ""))
                feeds.append((taken, (process.place, row.commodity, class_), ""))
        home = life.case.row("places", process.place).country
        for row, as_class in life.goods.outputs(process, class_):
            output = (life.rates(row)[period] * activity, feeds, home)
            mixing.made.setdefault((process.place, row.commodity, as_class), []).append(output)


def _solve(
    tally: Tally, life: Life, mixing: Mixing, pools: list[Pool], element: str, carried: Mix
) -> dict[Pool, dict[str, float]]:
    """Shares of countries in each pool: (1 − A) x = b, whose rows sum to 1."""
    place = {pool: number for number, pool in enumerate(pools)}
    system = np.eye(len(pools))
    sides: list[dict[str, float]] = []
    for pool, number in place.items():
        parts = _parts(life, mixing, pool, element, carried, place)
        total = sum([part[0] for part in parts])
        side: dict[str, float] = {}
        for tonnes, source, countries in parts:
            if source is not None:
                system[number, place[source]] -= tonnes / total
            else:
                for country, share in countries.items():
                    side[country] = side.get(country, 0.0) + share * tonnes / total
        sides.append(side)
    names = sorted({country for each in sides for country in each})
    right = np.array([[each.get(name, 0.0) for name in names] for each in sides]).reshape(len(pools), len(names))
    try:
        shares: Floats = np.linalg.solve(system, right)
    except np.linalg.LinAlgError:
        shares = np.linalg.lstsq(system, right, rcond=None)[0]
    residual = float(np.abs(system @ shares - right).max(initial=0.0))
    whole = float(np.abs(shares.sum(axis=1) - 1.0).max(initial=0.0))
    tally.holds(
        max(residual, whole) <= RESIDUAL, life.name, element, f"mixing is not solved: {residual:.2g} {whole:.2g}"
    )
    return {
        pool: {name: share for name, share in zip(names, line, strict=True) if abs(share) > LEAST_SHARE}
        for pool, line in zip(pools, shares.tolist(), strict=True)
    }


def _parts(
    life: Life, mixing: Mixing, pool: Pool, element: str, carried: Mix, place: dict[Pool, int]
) -> list[tuple[float, Pool | None, dict[str, float]]]:
    """What flows into a pool: tonnes, from which pool, or from which countries by their shares."""
    found: list[tuple[float, Pool | None, dict[str, float]]] = []
    for tonnes, source, country in mixing.into.get(pool, ()):
        if source is None:
            found.append((tonnes, None, {country: 1.0} if country else carried.get((pool, element), {OPENING: 1.0})))
        elif source in place:
            found.append((tonnes, source, {}))
    content = life.goods.content
    for tonnes, feeds, home in mixing.made.get(pool, ()):
        weights = [(taken * content[source[1]][element], source) for taken, source, _ in feeds if source in place]
        total = sum([weight for weight, _ in weights])
        if total <= 0:
            found.append((tonnes, None, {home: 1.0}))
            continue
        found += [(tonnes * weight / total, source, {}) for weight, source in weights]
    return found


def _deliver(found: Traced, life: Life, deliveries: list[Any], mix: Mix, period: int) -> None:
    goods = life.goods
    for (demand, class_), tonnes in deliveries:
        row = life.case.row("demands", demand)
        pool = (row.place, row.commodity, class_)
        if tonnes <= LEAST_T:
            continue
        for element, share in goods.content.get(row.commodity, {}).items():
            for country, part in mix.get((pool, element), {}).items():
                for year, time in life.years[period]:
                    key = (life.name, year, demand, class_, element, country)
                    found.lots[key] = found.lots.get(key, 0.0) + tonnes * share * part * time
        label = life.path.periods[period].label
        found.content[life.name, label, demand, class_] = _chinese(life, pool, mix)


def _sell(found: Traced, life: Life, sales: list[Any], mix: Mix, period: str) -> None:
    """Sales name no class: they are of the one with the most tags of those that flow there."""
    rank = {class_: number for number, class_ in enumerate(life.goods.ordered)}
    last: dict[tuple[str, str], Pool] = {}
    for pool, _ in mix:
        spot = pool[:2]
        if spot not in last or rank[pool[2]] > rank[last[spot][2]]:
            last[spot] = pool
    for (place, commodity, *_), tonnes in sales:
        if tonnes > LEAST_T and (place, commodity) in last:
            pool = last[place, commodity]
            found.sold[life.name, period, f"{place}/{commodity}", pool[2]] = _chinese(life, pool, mix)


def _chinese(life: Life, pool: Pool, mix: Mix) -> float:
    """The value of the Chinese elements of what is in a pool over its reference value."""
    worth = chinese = 0.0
    for element, share in life.goods.content.get(pool[1], {}).items():
        price = _value(life, element)
        chinese += share * price * mix.get((pool, element), {}).get(CHINA, 0.0)
        worth += share * price
    value = life.goods.weight[pool[1]] or worth
    return chinese / value if value > 0 else 0.0


def _value(life: Life, element: str) -> float:
    """The fixed value of a tonne of an element, USD/kg; 1 where the rule goes by mass or there is no price."""
    if life.goods.weight is not life.goods.reference:
        return 1.0
    key = f"{life.goods.reference_market}/{element}"
    return (
        float(life.case.row("element_prices", key).chinese_usd_per_kg) if life.case.has("element_prices", key) else 1.0
    )


def origin(evidence: Evidence) -> Tally:
    """Every lot without a tag of the rule that is delivered stays under its threshold, traced through the mixing."""
    found = traced(evidence)
    tally = Tally(found.tally.items, found.tally.failed, found.tally.largest, list(found.tally.findings))
    for lot, content, threshold in _bounded(evidence):
        tally.holds(content < threshold, "Chinese content of the untagged lot", lot, f"is {content:.4g}")
    return tally


def _bounded(evidence: Evidence) -> Iterator[tuple[tuple[str, str, str, str], float, float]]:
    """Lots that bear no tag of a rule in use with a threshold: (lot, content, the least threshold)."""
    case, goods = evidence.case, goods_of(evidence)
    rules = [rule for rule in case.rows("rules") if rule.enabled and rule.threshold_share > 0]
    if by_mass_balance(goods):
        return
    for lot, content in traced(evidence).content.items():
        bound = [rule.threshold_share for rule in rules if not goods.tags[lot[3]] & goods.of_rule[rule.rule]]
        if bound:
            yield lot, content, min(bound)


def greatest(evidence: Evidence) -> tuple[float, float]:
    """The greatest Chinese content of an untagged lot, and the threshold; shares."""
    goods = goods_of(evidence)
    contents = [content for lot, content in traced(evidence).content.items() if not goods.tags[lot[3]]]
    rules = [rule.threshold_share for rule in evidence.case.rows("rules") if rule.enabled and rule.threshold_share > 0]
    return max(contents, default=0.0), min(rules, default=1.0)


def rows(evidence: Evidence) -> list[tuple[Any, ...]]:
    """The rows of table traced: tonnes of element, and the country's share of it in the lots of the year."""
    lots = traced(evidence).lots
    totals: dict[tuple[object, ...], float] = {}
    for key, tonnes in lots.items():
        totals[key[:-1]] = totals.get(key[:-1], 0.0) + tonnes
    return [(*key, tonnes, tonnes / totals[key[:-1]]) for key, tonnes in sorted(lots.items()) if tonnes > LEAST_T]


def table(evidence: Evidence) -> Tally:
    """Table traced, where the run has one: it is made by the audit, and a run that was just solved has none yet."""
    tally, found = Tally(), Reckoned(2)
    if "traced" in evidence.tables or evidence.written:
        for row in rows(evidence):
            found.add(row[:6], *row[6:])
        compare(tally, evidence, "traced", COLUMNS[:6], COLUMNS[6:], found)
    return tally
