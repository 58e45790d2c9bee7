r"""SUP: a start pays in expectation over the futures of the node that it rests on, as rows over those futures.

$$\sum_{\omega \ni \alpha(m)} \frac{\pi_\omega}{\pi_{\alpha(m)}}\, npv_{x,i,m,\omega} \ge 0$$

A family states one future, so it posts what a start is worth there to the account `npv`; these rows put the futures
together. None of it where nothing is posted.

| symbol | code | unit | meaning |
|---|---|---|---|
| npv | account `npv` | million USD | net present value of a start under an instrument, at its own date and rate |
| α(m) | – | – | node on which the start rests |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from .flatten import Flat
from .merge import Merged
from .program import Label, lengthened


def with_support(merged: Merged) -> Merged:
    """The program with a row for each start and instrument: its worth in expectation is not negative."""
    program, tree = merged.program, merged.tree
    chance: dict[Label, float] = {}
    for flat, parents in zip(merged.flats, tree.parent, strict=True):
        for label in _labels(flat, parents):
            chance[label] = chance.get(label, 0.0) + flat.path.weight
    if not chance:
        return merged
    position = {label: number for number, label in enumerate(chance)}
    worth = sp.csr_matrix((len(chance), program.matrix.shape[1]))
    for flat, parents, place in zip(merged.flats, tree.parent, merged.column_of, strict=True):
        labels = _labels(flat, parents)
        entries = flat.accounts["npv"].matrix.tocoo()
        rows = np.array([position[label] for label in labels], dtype=np.int64)[entries.row]
        share = np.array([flat.path.weight / chance[label] for label in labels])[entries.row]
        worth = worth + sp.csr_matrix((share * entries.data, (rows, place[entries.col])), shape=worth.shape)
    grown = replace(
        program,
        matrix=sp.csr_matrix(sp.vstack([program.matrix, worth])),
        row_lower=np.append(program.row_lower, np.zeros(len(chance))),
        row_upper=np.append(program.row_upper, np.full(len(chance), np.inf)),
        rows=lengthened(program.rows, chance),
    )
    return replace(merged, program=grown)


def _labels(flat: Flat, parents: Sequence[int]) -> list[Label]:
    """The row that each start and instrument of a future belongs to: that of the node on which the start rests."""
    keys = flat.accounts["npv"].keys
    return [Label("SUP_npv", (project, instrument), number, parents[number]) for project, instrument, number in keys]
