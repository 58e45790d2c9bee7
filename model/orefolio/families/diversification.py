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

from ..case.scenarios import Span
from .algebra import Term, linear
from .ledger import MUSD_PER_T, Future
from .reach import reach_of


def state(future: Future) -> None:
    """State the largest share of a country at a stage."""
    bound = [row for row in future.case.rows("diversification") if row.max_share < 1.0]
    supplies = [
        (row, span, country, supply)
        for row in bound
        for span in future.path.spans
        if span.year >= row.from_year
        for supply in [_by_country(future, row, span)]
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


def _by_country(future: Future, row: Any, span: Span) -> dict[str, list[Term]]:
    numbers = {period.number for period in span.periods}
    content = {c.commodity: c.share for c in future.case.rows("content") if c.element == row.element}
    stages = {c.commodity: c.stage for c in future.case.rows("commodities")}
    result: dict[str, list[Term]] = {}
    for country, commodity, number in future.ledger.keys("bought"):
        if number in numbers and stages[commodity] == row.stage and commodity in content:
            terms = future.ledger.read("bought", (country, commodity, number))
            result.setdefault(country, []).extend((content[commodity] * c, v) for c, v in terms)
    recipes = reach_of(future.case).recipes
    for name, class_, number in future.ledger.keys("output"):
        process = future.case.row("processes", name)
        made = sum(
            item.t_per_t * item.yield_share * content.get(item.commodity, 0.0)
            for item in recipes[name]
            if item.direction == "out" and stages[item.commodity] == row.stage
        )
        if number in numbers and made > 0:
            country = future.case.row("places", process.place).country
            terms = future.ledger.read("output", (name, class_, number))
            result.setdefault(country, []).extend((made * c, v) for c, v in terms)
    return result
