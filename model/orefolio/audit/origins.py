"""What the tables say of direct origin: supply by source, the shares of countries, their concentration."""

from __future__ import annotations

from collections.abc import Iterator

from .balances import rates
from .compare import Reckoned, Sum, compare, seen
from .evidence import Evidence
from .life import Life, lives
from .tally import Tally

HEAVY, EVERY = "heavy elements", "all elements"
Stream = tuple[str, str, str, str, str, str, str, int, float]
"""kind, source, country, place, commodity, class, whether it enters the chain, period, tonnes."""


def direct(evidence: Evidence) -> Tally:
    """Tables supply, dependence and concentration."""
    tally, supply = Tally(), Reckoned(1)
    heavy = {row.element for row in evidence.case.rows("elements") if row.heavy}
    stage = {row.commodity: row.stage for row in evidence.case.rows("commodities")}
    amounts: dict[tuple[str, ...], float] = {}
    for life in lives(evidence):
        years = [[(str(year), part) for year, part in several] for several in life.years]
        for kind, source, country, place, commodity, class_, enters, period, tonnes in _streams(life):
            head = (kind, source, country, place, stage[commodity], commodity)
            for element, share in life.goods.content.get(commodity, {}).items():
                for year, part in years[period]:
                    line = (life.name, year, *head, element, class_, enters)
                    amounts[line] = amounts.get(line, 0.0) + tonnes * share * part
    countries: dict[tuple[str, ...], dict[str, float]] = {}
    weights = {walk.path.future: walk.path.weight for walk in evidence.walks}
    for key, tonnes in amounts.items():
        supply.rows[key] = [Sum(tonnes, tonnes)]
        future, year, _, _, country, _, at, _, element, _, enters = key
        for who, amount in ((future, tonnes), ("expected", weights[future] * tonnes)):
            for each in (at, "all stages") if enters == "yes" else (at,):
                for of in (element, HEAVY, EVERY) if element in heavy else (element, EVERY):
                    found = countries.setdefault((who, year, each, of), {})
                    found[country] = found.get(country, 0.0) + amount
    keys = (
        "future", "year", "kind", "source", "country", "place", "stage", "commodity", "element", "class",
        "enters_chain",
    )  # fmt: skip
    compare(tally, evidence, "supply", keys, ("t",), supply)
    _shares(tally, evidence, countries)
    return tally


def _streams(life: Life) -> Iterator[Stream]:
    case, goods = life.case, life.goods
    for item in seen(life, "buy"):
        row = case.row("contracts", item.words[0])
        country = case.row("suppliers", row.supplier).country
        for good in goods.items.get(row.contract, []):
            where = (country, row.place, good.commodity, row.class_)
            yield "contract", row.contract, *where, "yes", item.number, item.value * good.t_per_t
    for item in seen(life, "activity"):
        process, class_ = item.words
        place = case.row("processes", process).place
        recipe = goods.recipes.get(process, [])
        fed = any(row.direction == "in" and row.commodity in goods.content for row in recipe)
        for row in recipe:
            if row.direction == "out":
                where = (case.row("places", place).country, place, row.commodity, class_)
                tonnes = item.value * rates(life, row)[item.number]
                yield "process", process, *where, "no" if fed else "yes", item.number, tonnes
    for item in seen(life, "collect"):
        row = case.row("scrap", item.words[0])
        where = (case.row("places", row.place).country, row.place, row.commodity, "")
        yield "scrap", row.scrap, *where, "yes", item.number, item.value


def _shares(tally: Tally, evidence: Evidence, countries: dict[tuple[str, ...], dict[str, float]]) -> None:
    dependence, index = Reckoned(2), Reckoned(3)
    for key, found in countries.items():
        total = sum(found.values())
        for country, tonnes in {"CN": 0.0, **found}.items():
            share = tonnes / total if total > 0 else 0.0
            dependence.rows[*key, country] = [Sum(tonnes, tonnes), Sum(share, share)]
        if total > 0:
            shares = [tonnes / total for tonnes in found.values()]
            square = sum(share**2 for share in shares)
            index.put(key, square, float(sum(share > 0 for share in shares)), max(shares))
    keys = ("future", "year", "stage", "element")
    compare(tally, evidence, "dependence", (*keys, "country"), ("t", "share"), dependence)
    compare(tally, evidence, "concentration", keys, ("herfindahl_index", "countries", "largest_share"), index)
    table = evidence.tables["concentration"]
    cells = zip(table.texts("largest_country"), table.numbers("largest_share"), strict=True)
    for key, (country, said) in zip(zip(*(table.texts(name) for name in keys), strict=True), cells, strict=True):
        mine = countries.get(key, {})
        total = sum(mine.values())
        tally.agrees(said, mine.get(country, 0.0) / total if total else None, 0.0, "largest country of", key)
