r"""How far futures are from each other, by what happens to the numbers of the case.

$$d(f,g) = \sum_{k} \frac{1}{|k|} \sum_{c\in k} \frac{1}{s_c} \int_0^T \delta(t)\,|x^f_c(t)-x^g_c(t)|\,dt
  \;\Big/ \int_0^T \delta(t)\,dt$$

A number c of the case belongs to the kind k of its table and column (export licences, prices outside, supply, delays,
demand, …). Each kind weighs the same; in it each number that some future changes, over the greatest change s_c that
any future makes; time is discounted. The integral is taken over means of half-years. So two futures are 0 apart where
every number goes alike, and at most as far as there are kinds.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from orefolio.case.case import Case
from orefolio.case.changes import Change, means
from orefolio.case.lives import MONTHS_A_YEAR, Life, lives, years_between
from orefolio.program.program import Floats

STEP_YEARS = 0.5
"""Length of the spans over which numbers are compared."""
Cell = tuple[str, str, str]
"""Table, key of the row, column."""


@dataclass(frozen=True)
class Span:
    """A stretch of time, years since the horizon's first day."""

    start: float
    end: float


@dataclass(frozen=True)
class Courses:
    """What happens to numbers in futures, weighed so that distances are sums of differences.

    values: (futures, spans, numbers). spans: of time. cells: the numbers.
    """

    futures: tuple[str, ...]
    weights: Floats
    values: Floats
    spans: tuple[Span, ...]
    cells: tuple[Cell, ...]

    def distances(self, until: float = np.inf) -> Floats:
        """(futures, futures): how far futures are apart in what happens until a moment, years."""
        count = sum(span.start < until - 1e-9 for span in self.spans)
        flat = self.values[:, :count].reshape(len(self.futures), -1)
        found: Floats = cdist(flat, flat, "cityblock")
        return found


def courses(case: Case) -> Courses:
    """What happens to the numbers of a case in each of its futures."""
    rows = case.rows("futures")
    spans = _spans(case)
    told = lives(case, rows)
    cells = tuple(dict.fromkeys(cell for life in told for change in life.changes for cell in _cells(case, change)))
    number = {cell: place for place, cell in enumerate(cells)}
    base = [float(getattr(case.row(table, key), column)) for table, key, column in cells]
    values = np.empty((len(told), len(spans), len(cells)))
    for place, life in enumerate(told):
        values[place] = np.array(base)
        for cell, changes in _changed(case, life).items():
            values[place, :, number[cell]] = means(base[number[cell]], changes, spans)
    weights = np.array([row.weight for row in rows]) / sum(row.weight for row in rows)
    values *= _scales(cells, values - np.array(base))
    values *= _discount(case, spans)[None, :, None]
    return Courses(tuple(row.future for row in rows), weights, values, spans, cells)


def _spans(case: Case) -> tuple[Span, ...]:
    length = years_between(case.horizon_from, case.horizon_to)
    cuts = [*np.arange(0.0, length - 1.0 / MONTHS_A_YEAR / 2, STEP_YEARS).tolist(), length]
    return tuple(Span(start, end) for start, end in itertools.pairwise(cuts))


def _cells(case: Case, change: Change) -> list[Cell]:
    return [(change.table, key, change.column) for key in sorted(case.selected(change.table, change.where))]


def _changed(case: Case, life: Life) -> dict[Cell, list[Change]]:
    found: dict[Cell, list[Change]] = {}
    for change in life.changes:
        for cell in _cells(case, change):
            found.setdefault(cell, []).append(change)
    return found


def _scales(cells: Sequence[Cell], moved: Floats) -> Floats:
    """What a difference of each number counts, (numbers,). moved: how far each is from the case, as `values`."""
    kinds = Counter((table, column) for table, _, column in cells)
    most = np.abs(moved).max(axis=(0, 1), initial=0.0)
    share = np.array([1.0 / kinds[table, column] for table, _, column in cells])
    return np.where(most > 0, share / np.where(most > 0, most, 1.0), 0.0)


def _discount(case: Case, spans: Sequence[Span]) -> Floats:
    """What each span counts, (spans,); they sum to 1."""
    rate = case.setting("discount_rate", 0.0)
    worth = np.array([(span.end - span.start) * (1.0 + rate) ** -((span.start + span.end) / 2) for span in spans])
    found: Floats = worth / worth.sum()
    return found
