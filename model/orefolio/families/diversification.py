r"""DIV: no country has more than a share of a year's supply at a stage, by direct origin; soft.

$$supply_{z,n \in y} \le share\,\sum_{z'} supply_{z',n \in y} + over_{z,y}$$

Supply at a stage is what contracts deliver in commodities of that stage and what the case's own processes make there,
counted in tonnes of one element by the country of the seller or of the plant. Traced origin is not linear: it is
reported. Adds nothing where a case states no share below 1.

| symbol | code | unit | meaning |
|---|---|---|---|
| *over* | `over` | t | over the share in the year |
| share | `diversification.max_share` | 1 | largest share |
"""

from __future__ import annotations

from typing import Any

from .algebra import Term, linear
from .ledger import MUSD_PER_T, Future
from .reach import reach_of


def state(future: Future) -> None:
    """State the largest share of a country at a stage."""
    bound = [row for row in future.case.rows("diversification") if row.max_share < 1.0]
    supplies = [
        (row, span, country, supply)
        for row in bound
        for years in [_by_country(future, row)]
        for span in future.path.spans
        if span.year >= row.from_year
        for supply in [years.get(span.year, {})]
        for country in sorted(supply)
        if not row.country or row.country == country
    ]
    keys = {(r.stage, r.element, z, s.label, s.periods[-1].number): (0.0, None) for r, s, z, _ in supplies}
    over = future.columns("over", keys)
    rows = {}
    for row, span, country, supply in supplies:
        key = (row.stage, row.element, country, span.label, span.periods[-1].number)
        everything = [term for terms in supply.values() for term in terms]
        terms = [*supply[country], *((-row.max_share * c, v) for c, v in everything), (-1.0, over[key])]
        rows[key] = linear(terms) <= 0.0
        last = span.periods[-1]
        penalty = row.penalty_usd_per_kg * MUSD_PER_T * future.path.discount(last.start, last.end)
        future.ledger.cost("concentration penalty", last.number, penalty, over[key])
    future.rows("DIV", rows)


def _by_country(future: Future, row: Any) -> dict[int, dict[str, list[Term]]]:
    """Tonnes of the element that each country supplies at the stage, by calendar year: terms."""
    content = {c.commodity: c.share for c in future.case.rows("content") if c.element == row.element}
    stages = {c.commodity: c.stage for c in future.case.rows("commodities")}
    result: dict[int, dict[str, list[Term]]] = {}
    years = [period.year for period in future.path.periods]
    for country, commodity, number in future.ledger.keys("bought"):
        if stages[commodity] == row.stage and commodity in content:
            terms = future.ledger.read("bought", (country, commodity, number))
            supply = result.setdefault(years[number], {}).setdefault(country, [])
            supply.extend((content[commodity] * c, v) for c, v in terms)
    makers = _makers(future, row, content, stages)
    for name, class_, number in future.ledger.keys("output"):
        made, country = makers[name]
        if made > 0:
            terms = future.ledger.read("output", (name, class_, number))
            result.setdefault(years[number], {}).setdefault(country, []).extend((made * c, v) for c, v in terms)
    return result


def _makers(
    future: Future, row: Any, content: dict[str, float], stages: dict[str, str]
) -> dict[str, tuple[float, str]]:
    """Of each process, tonnes of the element that a tonne of it gives at the stage, and its country."""
    recipes = reach_of(future.case).recipes
    found = {}
    for process in future.case.rows("processes"):
        made = sum(
            item.t_per_t * item.yield_share * content.get(item.commodity, 0.0)
            for item in recipes[process.process]
            if item.direction == "out" and stages[item.commodity] == row.stage
        )
        found[process.process] = made, str(future.case.row("places", process.place).country)
    return found
