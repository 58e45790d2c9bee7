"""At each place, for each commodity and class, what comes in goes out, in every period."""

from __future__ import annotations

from collections.abc import Callable

from .evidence import Evidence
from .life import Life, lives
from .tally import TOLERANCE, Tally

Spot = tuple[str, str, str, int]
Add = Callable[[str, str, str, int, float], None]


def balances(evidence: Evidence) -> Tally:
    """What is left of each class: nothing, but where something is sold or given up it may leave from one class."""
    tally = Tally()
    for life in lives(evidence):
        leaving = _leaving(life)
        left: dict[tuple[str, str, int], list[tuple[str, list[float]]]] = {}
        for (place, commodity, class_, number), terms in flows(life).items():
            left.setdefault((place, commodity, number), []).append((class_, terms))
        for spot in leaving.keys() | left.keys():
            _spot(tally, life, spot, left.get(spot, []), leaving.get(spot, []))
    return tally


def _spot(
    tally: Tally, life: Life, spot: tuple[str, str, int], left: list[tuple[str, list[float]]], leaving: list[float]
) -> None:
    """All classes share a step of sale: it takes from the class of which something is left, and from no other."""
    giving = max(left, key=lambda each: sum(each[1]), default=None) if leaving else None
    for class_, terms in left:
        if giving is None or class_ != giving[0]:
            tally.same(terms, life.name, "balance", spot, class_)
    if leaving:
        tally.same([*(giving[1] if giving else []), *(-t for t in leaving)], life.name, "balance with sales", spot)


def _leaving(life: Life) -> dict[tuple[str, str, int], list[float]]:
    found: dict[tuple[str, str, int], list[float]] = {}
    for name in ("sell", "discard"):
        for item in life.walk.of(name):
            place, commodity = item.words[:2]
            found.setdefault((place, commodity, item.number), []).append(item.value)
    return found


def flows(life: Life) -> dict[Spot, list[float]]:
    """Signed tonnes by place, commodity, class and period; sales and discards, which name no class, apart.

    Made once."""
    if not life.known_flows:
        life.known_flows.update(_flows(life))
    return life.known_flows


def _flows(life: Life) -> dict[Spot, list[float]]:
    found: dict[Spot, list[float]] = {}

    def add(place: str, commodity: str, class_: str, number: int, tonnes: float) -> None:
        found.setdefault((place, commodity, class_, number), []).append(tonnes)

    _processed(life, add)
    _moved(life, add)
    _stored(life, add)
    case = life.case
    for item in (*life.walk.of("buy"), *life.walk.of("makeup")):
        contract = case.row("contracts", item.words[0])
        for good in life.goods.items.get(contract.contract, []):
            add(contract.place, good.commodity, contract.class_, item.number, good.t_per_t * item.value)
    for item in life.walk.of("collect"):
        (name,) = item.words
        scrap = case.row("scrap", name)
        for class_, share in life.goods.scrap_classes(scrap).items():
            add(scrap.place, scrap.commodity, class_, item.number, share * item.value)
    for item in life.walk.of("deliver"):
        demand = case.row("demands", item.words[0])
        add(demand.place, demand.commodity, item.words[1], item.number, -item.value)
    return found


def _processed(life: Life, add: Add) -> None:
    known: dict[tuple[str, ...], list[tuple[str, str, float, list[float]]]] = {}
    places = {row.process: row.place for row in life.case.rows("processes")}
    for name, class_ in {item.words for item in life.walk.of("activity")}:
        taken = [row for row in life.goods.recipes.get(name, []) if row.direction == "in"]
        given = life.goods.outputs(life.case.row("processes", name), class_)
        known[name, class_] = [
            *((row.commodity, class_, -1.0, life.rates(row)) for row in taken),
            *((row.commodity, as_class, 1.0, life.rates(row)) for row, as_class in given),
        ]
    for item in life.walk.of("activity"):
        for commodity, class_, sign, per_tonne in known[item.words]:
            add(places[item.words[0]], commodity, class_, item.number, sign * per_tonne[item.number] * item.value)
    for item in life.walk.of("feed"):
        name, commodity, fed, made = item.words
        add(places[name], commodity, made, item.number, item.value)
        add(places[name], commodity, fed, item.number, -item.value)


def _moved(life: Life, add: Add) -> None:
    for item in life.walk.of("ship"):
        lane = life.case.row("lanes", item.words[0])
        add(lane.from_place, lane.commodity, item.words[1], item.number, -item.value)
        add(lane.to_place, lane.commodity, item.words[1], item.number, (1.0 - lane.loss_share) * item.value)
    for item in (*life.walk.of("downgrade"), *life.walk.of("blend")):
        place, commodity, class_, weaker = item.words
        add(place, commodity, class_, item.number, -item.value)
        add(place, commodity, weaker, item.number, item.value)


def _stored(life: Life, add: Add) -> None:
    for name, sign in (("put", -1.0), ("take", 1.0), ("rotate", 1.0)):
        for item in life.walk.of(name):
            row = life.case.row("stockpiles", item.words[0])
            add(row.place, row.commodity, item.words[1], item.number, sign * item.value)


def classes(evidence: Evidence) -> Tally:
    """Class is given up towards more tags only, and what bears a tag by its making says so."""
    tally = Tally()
    for life in lives(evidence):
        tags = life.goods.tags
        for item in life.walk.of("downgrade"):
            _, _, class_, weaker = item.words
            tally.holds(tags[class_] <= tags[weaker], life.name, item.words, "loses tags")
        own = {row.process: life.goods.own_tags(row) for row in life.case.rows("processes")}
        for item in life.walk.of("activity"):
            process, class_ = item.words
            fine = own[process] <= tags[class_] or item.value <= TOLERANCE
            tally.holds(fine, life.name, item.words, "lacks a tag of its making: technology, equipment or place")
    return tally
