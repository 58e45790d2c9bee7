r"""AGE: stock grows old: past its age limit it must have been taken or rotated, or it is lost.

$$stock_{k,q,n} \le \sum_{m \le n} \phi_{m,n}\,(1-decay_k)^{e_n - e_m}\,put_{k,q,m} \quad (n : a_k + e_n > L_k)$$
$$\sum_{m \le n} (1-decay_k)^{e_n - e_m}\,expire_{k,q,m} \le
  \text{what was ever there and is too old at } e_n\text{, decayed to } e_n$$

$$\sum_{k \text{ here}} \sum_q put_{k,q,n} \le \text{what is made, bought, collected or arrives here in } n$$

A warehouse gives out the oldest first. Then what lies there at the end of a period is young enough exactly where it
is no more than what was put in within the limit: one row with a few terms for each period. Classes by year of
purchase would say the same with a column for each pair of years; the balance of all that was ever put in and out
would say it with rows that grow with the horizon. The row stands once the stock of the first day is too old, and that
is before anything that is put in can be. What is put in a period comes evenly over it, so of a period across the
limit the younger part counts. Ages are told at the ends of periods.

Only what is too old can be lost, and what is put is new: what leaves a stockpile does not go in again in the same
place, or else taking out and putting back would make it young. Adds nothing where no stockpile has an age limit.

| symbol | code | unit | meaning |
|---|---|---|---|
| *expire* | `expire` | t | lost for its age |
| L | `stockpiles.age_limit_years` | years | greatest age |
| a | `stockpiles.initial_age_years` | years | age of the stock at the start |
| φ | – | 1 | share of what period m puts that is within the limit at the end of n |
| e | – | years | end of the period |
"""

from __future__ import annotations

import math
from typing import Any

from . import timing
from .algebra import Key, Term, linear
from .ledger import MUSD_PER_T, Future


def state(future: Future) -> None:
    """State ageing: no stock past its limit, nothing lost before it, nothing old put in; what the loss costs."""
    aged = [row for row in future.case.rows("stockpiles") if math.isfinite(row.age_limit_years)]
    if not aged:
        return
    young: dict[Key, Any] = {}
    lost: dict[Key, Any] = {}
    for row in aged:
        for class_ in [key[1] for key in future.ledger.keys("stocked") if key[0] == row.stockpile and key[2] == 0]:
            for period in future.path.periods:
                _by(future, row, class_, period, young, lost)
    future.rows("AGE", young)
    future.rows("AGE_loss", lost)
    _fresh(future, aged)


def _by(future: Future, row: Any, class_: str, now: Any, young: dict[Key, Any], lost: dict[Key, Any]) -> None:
    """The rows of a stockpile and class at the end of a period."""
    kept = 1.0 - row.decay_share_per_year
    first = class_ == row.initial_class
    fresh = row.initial_age_years + now.end <= row.age_limit_years + 1e-9
    initial = kept**now.end * row.initial_t if first else 0.0
    puts: list[Term] = []
    old: list[Term] = []
    gone: list[Term] = []
    for period in future.path.periods[: now.number + 1]:
        key = (row.stockpile, class_, period.number)
        share = timing.overlap(now.end - row.age_limit_years, now.end, period)
        left = kept ** (now.end - period.end)
        for c, v in future.ledger.read("put in", key):
            puts.append((-c * left * share, v))
            old.append((-c * left * (1.0 - share), v))
        gone += [(c * left, v) for c, v in future.ledger.read("expired", key)]
    key = (row.stockpile, class_, now.number)
    if not fresh:
        held = future.ledger.read("stocked", key)
        young[key] = linear([*held, *(term for term in puts if term[0])]) <= 0.0
    lost[key] = linear([*gone, *(term for term in old if term[0])]) <= (0.0 if fresh else initial)
    price = row.expiry_usd_per_kg * MUSD_PER_T * future.path.discount(now.start, now.end)
    for c, v in future.ledger.read("expired", key):
        future.ledger.cost("expiry", now.number, c * price, v)


def _fresh(future: Future, aged: list[Any]) -> None:
    """What is put is no more than what comes to the place; classes together, as material may lose a class here."""
    rows: dict[Key, Any] = {}
    classes = sorted({key[1] for key in future.ledger.keys("stocked")})
    for place, commodity in sorted({(row.place, row.commodity) for row in aged}):
        for period in future.path.periods:
            spots = [(place, commodity, class_, period.number) for class_ in classes]
            drawn = {id(v) for spot in spots for _, v in future.ledger.read("drawn", spot)}
            coming: dict[int, Term] = {}
            for c, v in (term for spot in spots for term in future.ledger.so_far("balance", spot)):
                coming[id(v)] = (coming.get(id(v), (0.0, v))[0] + c, v)
            fresh = [(-c, v) for c, v in coming.values() if c > 1e-12 and id(v) not in drawn]
            puts: list[Term] = []
            for row in aged:
                if (row.place, row.commodity) == (place, commodity):
                    for class_ in classes:
                        puts += future.ledger.read("put in", (row.stockpile, class_, period.number))
            if puts:
                rows[place, commodity, period.number] = linear([*puts, *fresh]) <= 0.0
    future.rows("AGE_fresh", rows)
