"""What the tables say of direct origin: supply by source, the shares of countries, their concentration."""

from __future__ import annotations

from collections.abc import Iterator

from .compare import Key, Reckoned, compare, said, seen
from .evidence import Evidence
from .life import Life, lives
from .tally import Tally

HEAVY, EVERY, EVERY_STAGE = "heavy elements", "all elements", "all stages"
TABLE_OF = {"contract": "contracts", "process": "processes", "scrap": "scrap"}
Stream = tuple[Key, int, float]
"""(kind, source, country, place, commodity, class, whether it enters the chain), period, tonnes."""
Countries = dict[Key, dict[str, float]]
"""(future, year, stage, element) to tonnes by country."""


def direct(evidence: Evidence) -> Tally:
    """Tables supply, dependence and concentration."""
    tally, supply = Tally(), Reckoned(1)
    heavy = {row.element for row in evidence.case.rows("elements") if row.heavy}
    stage = {row.commodity: row.stage for row in evidence.case.rows("commodities")}
    countries: Countries = {}
    expected: dict[Key, float] = {}
    for life in lives(evidence):
        totals: dict[Key, float] = {}
        for (year, *head, class_, enters), tonnes in _streams_by_year(life).items():
            commodity, country = head[-1], head[2]
            at = stage[commodity]
            front, end = (life.name, year, *head[:-1], at, commodity), (class_, enters)
            for element, share in life.goods.content.get(commodity, {}).items():
                amount = tonnes * share
                supply.rows[*front, element, *end] = [amount, abs(amount)]
                sort = (year, at, element, enters, country)
                totals[sort] = totals.get(sort, 0.0) + amount
        _gather(countries, life.name, totals, heavy)
        weight = life.path.weight
        for each, amount in totals.items():
            expected[each] = expected.get(each, 0.0) + weight * amount
    _gather(countries, "expected", expected, heavy)
    keys = (
        "future", "year", "kind", "source", "country", "place", "stage", "commodity", "element", "class",
        "enters_chain",
    )  # fmt: skip
    names = {
        (kind, str(getattr(row, kind))): row.name or str(getattr(row, kind))
        for kind, table in TABLE_OF.items()
        for row in evidence.case.rows(table)
    }
    compare(tally, evidence, "supply", keys, ("t",), supply, {"name": lambda key: names[key[2], key[3]]})
    _shares(tally, evidence, countries)
    return tally


def _streams_by_year(life: Life) -> dict[Key, float]:
    """Tonnes by calendar year and stream: (year, kind, source, country, place, commodity, class, enters)."""
    found: dict[Key, float] = {}
    years = [[((str(year),), part) for year, part in several] for several in life.years]
    for stream, period, tonnes in _streams(life):
        for year, part in years[period]:
            key = year + stream
            found[key] = found.get(key, 0.0) + tonnes * part
    return found


def _gather(countries: Countries, who: str, totals: dict[Key, float], heavy: set[str]) -> None:
    """Add tonnes to the sums by stage and over all stages, by element and over heavy and all elements."""
    places: dict[Key, list[dict[str, float]]] = {}
    for (year, at, element, enters, country), tonnes in totals.items():
        sort = (year, at, element, enters)
        if sort not in places:
            places[sort] = [
                countries.setdefault((who, year, each, of), {})
                for each in ((at, EVERY_STAGE) if enters == "yes" else (at,))
                for of in ((element, HEAVY, EVERY) if element in heavy else (element, EVERY))
            ]
        for found in places[sort]:
            found[country] = found.get(country, 0.0) + tonnes


def _streams(life: Life) -> Iterator[Stream]:
    case, goods = life.case, life.goods
    for item in (*seen(life, "buy"), *seen(life, "makeup")):
        row = case.row("contracts", item.words[0])
        country = case.row("suppliers", row.supplier).country
        for good in goods.items.get(row.contract, []):
            where = (country, row.place, good.commodity, row.class_)
            yield ("contract", row.contract, *where, "yes"), item.number, item.value * good.t_per_t
    made: dict[Key, list[tuple[Key, list[float]]]] = {}
    for item in seen(life, "activity"):
        if item.words not in made:
            made[item.words] = _made(life, *item.words)
        for stream, per_tonne in made[item.words]:
            yield stream, item.number, item.value * per_tonne[item.number]
    for item in seen(life, "collect"):
        row = case.row("scrap", item.name)
        where = (case.row("places", row.place).country, row.place, row.commodity, "")
        yield ("scrap", row.scrap, *where, "yes"), item.number, item.value


def _made(life: Life, process: str, class_: str) -> list[tuple[Key, list[float]]]:
    """What a process that runs a class gives: the streams, each with its tonnes per tonne of activity by period."""
    row, recipe = life.case.row("processes", process), life.goods.recipes.get(process, [])
    fed = any(each.direction == "in" and each.commodity in life.goods.content for each in recipe)
    where, enters = (life.case.row("places", row.place).country, row.place), "no" if fed else "yes"
    return [
        (("process", process, *where, each.commodity, of_class, enters), life.rates(each))
        for each, of_class in life.goods.outputs(row, class_)
    ]


def _shares(tally: Tally, evidence: Evidence, countries: Countries) -> None:
    dependence, index = Reckoned(2), Reckoned(3)
    for key, found in countries.items():
        total = sum(found.values())
        shares = [tonnes / total if total > 0 else 0.0 for tonnes in found.values()]
        for (country, tonnes), share in zip(found.items(), shares, strict=True):
            dependence.rows[*key, country] = [tonnes, abs(tonnes), share, abs(share)]
        if "CN" not in found:
            dependence.rows[*key, "CN"] = [0.0] * 4
        if total > 0:
            square, largest = sum([share * share for share in shares]), max(shares)
            several = float(sum([share > 0 for share in shares]))
            index.rows[key] = [square, square, several, several, largest, abs(largest)]
    keys = ("future", "year", "stage", "element")
    compare(tally, evidence, "dependence", (*keys, "country"), ("t", "share"), dependence)
    named = said(evidence, "concentration", keys, "largest_country")

    def largest_country(key: Key) -> str:
        """The country that the table names, where it is one of the largest; otherwise one that is."""
        found = countries[key]
        best = max(found, key=lambda country: found[country])
        fine = abs(found.get(named[key], 0.0) - found[best]) <= 1e-9 * found[best]
        return named[key] if fine else best

    numbers = ("herfindahl_index", "countries", "largest_share")
    compare(tally, evidence, "concentration", keys, numbers, index, {"largest_country": largest_country})
