r"""MASS: by mass balance, what was tagged is counted where it leaves the chain without its tag, over the whole path.

$$headroom_n - \theta\,\sum_{k,q'} v_c\,stock_{k,q',n} = headroom_{n-1} - \theta\,\sum_{k,q'} v_c\,stock_{k,q',n-1} +
  \theta\,\sum_{q'} v_c\,left_{c,q',n} - \sum_{c,q \to q'} \sigma_c\,v_c\,blend_{c,q \to q',n}, \qquad
  headroom_n \ge 0$$

The other accounting of the same rule, and its outer bound. Tagged material goes into material without the tag anywhere,
at plants that separate elements too, and may leave unevenly; what is held to the threshold θ is its cumulative amount
on every path, against all that has been delivered or sold without the tag by then and what lies in stock. σ is the
least share of what goes in that comes out again, by the tonnes that processes lose on the way. What Chinese technology
or counted equipment has made keeps its tag until another process takes it in, as it does where lots are kept apart;
lines run one class at a time as they do there. Nothing is stated where the case keeps lots apart.

| symbol | code | unit | meaning |
|---|---|---|---|
| *blend* | `blend` | t | of class q, used as class q' at a place |
| *headroom* | `headroom` | million USD, or kt by mass | what could still have been blended by the end of the period |
| *left* | – | t | delivered or sold without the tag |
| θ | `rules.threshold_share` | 1 | threshold of the rule |
| v | – | USD/kg | reference value, or 1 where the rule goes by mass |
"""

from __future__ import annotations

from typing import Any

from ..case.several import plain
from .algebra import Term, linear
from .ledger import MUSD_PER_T, Future
from .reach import Reach, reach_in, reach_of

Weights = dict[str, float]
FINE = 1e-12


def state(future: Future) -> None:
    """State the mass balance of tagged content, where the case is accounted for by it."""
    reach = reach_of(future.case)
    if not reach.by_mass_balance:
        return
    weights, kept = _worth(future, reach), survival(future, reach)
    blend = future.columns("blend", _spots(future, reach, weights))
    entered: dict[int, list[Term]] = {}
    for key, column in ((key, blend[key]) for key in blend):
        place, commodity, class_, other, number = key
        future.ledger.post("balance", (place, commodity, class_, number), -1.0, column)
        future.ledger.post("balance", (place, commodity, other, number), 1.0, column)
        entered.setdefault(number, []).append((kept[commodity] * weights[commodity], column))
    for commodity, number in future.ledger.keys("fed"):
        fed = future.ledger.read("fed", (commodity, number))
        worth = kept[commodity] * weights[commodity]
        entered.setdefault(number, []).extend((worth * c, v) for c, v in fed)
    _headroom(future, reach, weights, entered)


def _spots(future: Future, reach: Reach, weights: Weights) -> dict[Any, tuple[float, None]]:
    made = reach.made_by_technology
    return {
        (place, commodity, class_, other, period.number): (0.0, None)
        for period in future.path.periods
        for place, commodity, class_ in sorted(reach_in(future.path, period.number).spots)
        if weights[commodity] > 0 and (place, commodity) not in made
        for other in reach_in(future.path, period.number).at(place, commodity)
        if (lost := reach.tags[class_] - reach.tags[other]) and lost <= reach.tolerated
    }


def _headroom(future: Future, reach: Reach, weights: Weights, entered: dict[int, list[Term]]) -> None:
    clean = {name for name, tags in reach.tags.items() if not tags & reach.tolerated}
    left: dict[int, list[Term]] = {}
    held: dict[int, list[Term]] = {}
    for account, found in (("left", left), ("held", held)):
        for commodity, class_, number in future.ledger.keys(account):
            if class_ in clean or not class_:
                terms = future.ledger.read(account, (commodity, class_, number))
                worth = reach.threshold * weights[commodity]
                found.setdefault(number, []).extend((worth * c, v) for c, v in terms)
    headroom = future.columns("headroom", {("content", p.number): (0.0, None) for p in future.path.periods})
    rows = {}
    for period in future.path.periods:
        n = period.number
        terms = [*_scaled(held.get(n, ()), 1.0), *_scaled(left.get(n, ()), 1.0), *_scaled(entered.get(n, ()), -1.0)]
        before = [(1.0, headroom["content", n - 1]), *_scaled(held.get(n - 1, ()), -1.0)] if n else []
        rows["content", n] = linear([*terms, *before, (-1.0, headroom["content", n])]) == 0.0
    future.rows("MASS", rows)


def _scaled(terms: Any, sign: float) -> list[Term]:
    return [(sign * MUSD_PER_T * c, v) for c, v in terms]


def _worth(future: Future, reach: Reach) -> Weights:
    """The weight of a tonne of each commodity; of one without a price the greatest value of what it is made of."""
    names = [row.commodity for row in future.case.rows("commodities")]
    if reach.by_mass:
        return dict.fromkeys(names, 1.0)
    worth = {name: future.prices.reference(name) for name in names}

    def made(recipe: list[Any]) -> float:
        fed = sum(worth[r.commodity] * r.t_per_t / r.yield_share for r in recipe if r.direction == "in")
        main = next((r for r in recipe if r.direction == "out"), None)
        return fed / (main.t_per_t * main.yield_share) if main and main.yield_share else 0.0

    unknown = [name for name in names if worth[name] <= 0]
    for _ in names:
        for name in unknown:
            makers = [r for r in reach.recipes.values() if any(x.direction == "out" and x.commodity == name for x in r)]
            worth[name] = max([worth[name], *map(made, makers)])
    return worth


def survival(future: Future, reach: Reach) -> Weights:
    """The least share of each commodity that comes out of the chain, by the tonnes of elements that processes lose."""
    total = {
        row.commodity: sum(share for _, share in future.prices.content.get(row.commodity, ()))
        for row in future.case.rows("commodities")
    }
    kept = dict.fromkeys(total, 1.0)
    for _ in range(2 * len(reach.recipes) + 1):
        before = dict(kept)
        for recipe in reach.recipes.values():
            for row in recipe:
                if row.direction == "in":
                    kept[row.commodity] = min(kept[row.commodity], _passed(recipe, row, total, before))
        if all(abs(kept[name] - before[name]) <= FINE for name in kept):
            break
    return kept


def _passed(recipe: list[Any], feed: Any, total: Weights, kept: Weights) -> float:
    """The share of a feed that comes out of a process and then of the chain."""
    given = [row for row in recipe if row.direction == "out"]
    taken = sum(r.t_per_t * total[r.commodity] / r.yield_share for r in recipe if r.direction == "in")
    if total[feed.commodity] > 0 and any(total[row.commodity] > 0 for row in given):
        out = sum(r.t_per_t * total[r.commodity] * r.yield_share * kept[r.commodity] for r in given)
        return min(1.0, plain(out / taken))
    return plain(feed.yield_share * given[0].yield_share * kept[given[0].commodity]) if given else 0.0
