r"""OFF: what was paid for and not taken in a year may be taken later, until it expires, and is not paid for again.

$$\sum_{n \in \text{path},\; end(y) \le t(n) < end(y) + M_j} makeup_{j,y,n} \le unused_{j,y}, \qquad
  \sum_y makeup_{j,y,n} \le available_{j,n}\,h_n\,\bar v_j$$

It comes on top of the year's own volume, as far as the supplier can sell it, and never counts toward what is due in its
own year. It comes no faster than the greatest volume of the contract, also after the contract's last delivery. Adds
nothing where no contract has make-up years.

| symbol | code | unit | meaning |
|---|---|---|---|
| *makeup* | `makeup` | t | taken in a period of what was paid for and not taken in a year |
| *unused* | `unused` | t | paid for and not taken in the year |
| M | `contracts.makeup_years` | years | time until it expires, from the end of its year |
| v | `contracts.volume_max_t_per_year` | t/year | greatest volume |
| available | `suppliers.availability_share`, `licences.approval_share` | 1 | share that can be delivered |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..case.scenarios import Period, Span
from . import terms as agreed
from .algebra import Key, Term, linear
from .ledger import Future


def state(future: Future) -> None:
    """State what is made up of each year, and post it where what is bought is posted."""
    limits: dict[Key, float] = {}
    years: list[tuple[Any, Term, list[Key]]] = []
    for row in future.case.rows("contracts"):
        if row.makeup_years <= 0:
            continue
        available = agreed.available(future.path, row)
        for span in future.path.spans:
            keys = [(row.contract, span.label, p.number) for p in _until(future, row, span) if available[p.number] > 0]
            for unused in future.ledger.read("unused", (row.contract, span.label, span.periods[-1].number)):
                years.append((row, unused, keys))
                for key in keys:
                    limits[key] = available[key[2]] * future.path.periods[key[2]].years * row.volume_max_t_per_year
    makeup = future.columns("makeup", {key: (0.0, most) for key, most in limits.items()})
    rows = {}
    together: dict[Key, list[Key]] = {}
    for row, (share, left), keys in years:
        if keys:
            terms = [(1.0, makeup[key]) for key in keys]
            rows[keys[-1]] = linear([*terms, (-share, left)]) <= 0.0
        for key in keys:
            together.setdefault((row.contract, key[2]), []).append(key)
            _post(future, row, key[2], makeup[key])
    future.rows("OFF_makeup", rows)
    pace = {key: several for key, several in together.items() if len(several) > 1}
    future.rows(
        "OFF_makeup_pace",
        {key: linear([(1.0, makeup[each]) for each in several]) <= limits[several[0]] for key, several in pace.items()},
    )


def _until(future: Future, row: Any, span: Span) -> Iterator[Period]:
    """The periods in which what is not taken in a year may be made up."""
    last = span.periods[-1]
    for period in future.path.periods[last.number + 1 :]:
        if period.start < last.end + row.makeup_years - 1e-9:
            yield period


def _post(future: Future, row: Any, number: int, column: Any) -> None:
    country = future.case.row("suppliers", row.supplier).country
    future.ledger.post("made up", (row.contract, number), 1.0, column)
    for item in future.case.rows("contract_items"):
        if item.contract == row.contract:
            future.ledger.post("balance", (row.place, item.commodity, row.class_, number), item.t_per_t, column)
            future.ledger.post("bought", (country, item.commodity, number), item.t_per_t, column)
            future.ledger.post("sold", (row.supplier, item.commodity, number), item.t_per_t, column)
