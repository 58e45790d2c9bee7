r"""RSK: the share of a country that a regime allows, in every future.

$$supply_{z,n \in y} \le share\,\sum_{z'} supply_{z',n \in y}$$

The weights of futures may rest on our own dependence. A menu of regimes says for each which weights hold and which
dependence it allows; a plan is in one of them. Each regime is a program of its own, with its weights and these
rows; the best of their plans is the plan, and the least of their bounds its bound. Supply at a stage is what
contracts deliver in its commodities and what the case's own processes make there, in tonnes of one element, by the
country of the seller or of the plant. None of it where the case has no regimes.

| symbol | code | unit | meaning |
|---|---|---|---|
| share | `regimes.max_share` | 1 | largest share that the regime allows |
| π | `regime_weights.weight` | 1 | probability of a future in the regime |
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from ...case.case import Case
from ...families.reach import reach_of
from ..flatten import Flat
from ..merge import Merged
from ..program import Floats, Label
from .extended import Columns, Rows, extended


def in_regime(case: Case, regime: str) -> Case:
    """The case in one regime: its weights of futures, and no other regime on the menu."""
    weights = {row.future: row.weight for row in case.rows("regime_weights") if row.regime == regime}
    changed = {
        "futures": tuple(replace(row, weight=weights.get(row.future, 0.0)) for row in case.rows("futures")),
        "regimes": tuple(row for row in case.rows("regimes") if row.regime == regime),
        "regime_weights": tuple(row for row in case.rows("regime_weights") if row.regime == regime),
    }
    return replace(case, tables={**case.tables, **changed})


def with_regime(merged: Merged) -> Merged:
    """The program with the rows of its regime, where the case is in one."""
    rows = merged.tree.case.rows("regimes")
    if len(rows) != 1 or rows[0].max_share >= 1 or not rows[0].stage:
        return merged
    (row,) = rows
    width = merged.program.matrix.shape[1]
    labels, parts = [], []
    for flat, place in zip(merged.flats, merged.column_of, strict=True):
        for span in flat.path.spans:
            if span.year >= row.from_year:
                own = _over(flat, row, frozenset(period.number for period in span.periods))
                used = np.flatnonzero(own)
                entries = (own[used], (np.zeros(len(used), dtype=np.int64), place[used]))
                parts.append(sp.csr_matrix(entries, shape=(1, width)))
                labels.append(Label("RSK_regime", (row.regime, flat.path.future, span.label), 0))
    if not labels:
        return merged
    count = len(labels)
    free, nought = np.full(count, -np.inf), np.zeros(count)
    return extended(
        merged, Columns(), Rows(labels, sp.csr_matrix(sp.vstack(parts)), np.empty((count, 0)), free, nought)
    )


def _over(flat: Flat, row: Any, periods: frozenset[int]) -> Floats:
    """What the country supplies in some periods less its share of all supply, by column of a future."""
    case = flat.path.case
    content = {each.commodity: each.share for each in case.rows("content") if each.element == row.element}
    stages = {each.commodity: each.stage for each in case.rows("commodities")}
    recipes = reach_of(case).recipes
    total = np.zeros(flat.matrix.shape[1])
    for number, (country, commodity, period) in enumerate(flat.accounts["bought"].keys):
        if period in periods and stages[commodity] == row.stage:
            factor = content.get(commodity, 0.0) * (float(country == row.country) - row.max_share)
            total += factor * flat.accounts["bought"].matrix[number].toarray().ravel()
    for number, (name, _, period) in enumerate(flat.accounts["output"].keys):
        process = case.row("processes", name)
        made = sum(
            item.t_per_t * item.yield_share * content.get(item.commodity, 0.0)
            for item in recipes[name]
            if item.direction == "out" and stages[item.commodity] == row.stage
        )
        if period in periods and made > 0:
            country = case.row("places", process.place).country
            factor = made * (float(country == row.country) - row.max_share)
            total += factor * flat.accounts["output"].matrix[number].toarray().ravel()
    return total
