"""Who supplies what: deliveries of contracts, output of the case's own processes, scrap that is collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from orefolio.case.case import Case
from orefolio.families.reach import reach_of

from .future import Lived

CHINA = "CN"
EVERY_STAGE = "all stages"
HEAVY, EVERY_ELEMENT = "heavy elements", "all elements"
"""Sums of elements; the names have a blank, so that they are no id of the case."""


class Source(NamedTuple):
    """Where an amount of an element comes from. `enters`: it is new to the chain and not made of what came before."""

    year: int
    kind: str
    source: str
    country: str
    place: str
    stage: str
    commodity: str
    element: str
    class_: str
    enters: bool


class _Stream(NamedTuple):
    """A flow of one commodity, before it is split by element and year."""

    kind: str
    source: str
    country: str
    place: str
    commodity: str
    class_: str
    enters: bool


def supplied(lived: Lived) -> dict[Source, float]:
    """Tonnes of each element, as oxide, by source and calendar year in one future."""
    case = lived.path.case
    stages = {row.commodity: row.stage for row in case.rows("commodities")}
    contents = content_of(case)
    yearly: dict[tuple[int, _Stream], list[tuple[float, float]]] = {}
    for stream, number, tonnes in (*_bought(lived), *_made(lived), *_collected(lived)):
        for year, part in lived.years[number]:
            yearly.setdefault((year, stream), []).append((tonnes, part))
    result: dict[Source, float] = {}
    for (year, (kind, source, country, place, commodity, class_, enters)), flows in yearly.items():
        for element, share in contents.get(commodity, ()):
            total = 0.0
            for tonnes, part in flows:
                total += tonnes * share * part
            key = Source(year, kind, source, country, place, stages[commodity], commodity, element, class_, enters)
            result[key] = total
    return result


def content_of(case: Case) -> dict[str, list[tuple[str, float]]]:
    """Elements of each commodity, tonnes as oxide per tonne."""
    result: dict[str, list[tuple[str, float]]] = {}
    for row in case.rows("content"):
        result.setdefault(row.commodity, []).append((row.element, row.share))
    return result


def _bought(lived: Lived) -> Iterator[tuple[_Stream, int, float]]:
    case = lived.path.case
    for entry in (*lived.entries("buy"), *lived.entries("makeup")):
        contract = case.row("contracts", entry.index[0])
        country = case.row("suppliers", contract.supplier).country
        for item in case.rows("contract_items"):
            if item.contract == contract.contract:
                stream = _Stream(
                    "contract", contract.contract, country, contract.place, item.commodity, contract.class_, True
                )
                yield stream, entry.period.number, entry.value * item.t_per_t


def _made(lived: Lived) -> Iterator[tuple[_Stream, int, float]]:
    case = lived.path.case
    contents = content_of(case)
    fed = {row.process for row in case.rows("recipes") if row.direction == "in" and row.commodity in contents}
    outputs: dict[str, list[tuple[str, float, list[float]]]] = {}
    for row in case.rows("recipes"):
        if row.direction == "out":
            yields = lived.path.series("recipes", f"{row.process}/{row.commodity}/out", "yield_share")
            outputs.setdefault(row.process, []).append((row.commodity, row.t_per_t, yields))
    for entry in lived.entries("activity"):
        name, class_ = entry.index
        place = case.row("processes", name).place
        country = case.row("places", place).country
        aside = reach_of(case).by_product(case.row("processes", name), class_)
        for number, (commodity, per_tonne, yields) in enumerate(outputs.get(name, ())):
            of_class = aside if number else class_
            stream = _Stream("process", name, country, place, commodity, of_class, name not in fed)
            yield stream, entry.period.number, entry.value * per_tonne * yields[entry.period.number]


def _collected(lived: Lived) -> Iterator[tuple[_Stream, int, float]]:
    case = lived.path.case
    for entry in lived.entries("collect"):
        scrap = case.row("scrap", entry.index[0])
        country = case.row("places", scrap.place).country
        stream = _Stream("scrap", scrap.scrap, country, scrap.place, scrap.commodity, "", True)
        yield stream, entry.period.number, entry.value
