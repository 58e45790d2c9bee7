"""Numbers and terms of futures that are stated together, as arrays for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import scipy.sparse as sp

from ..case.several import Several
from ..families.algebra import Term
from .program import Floats, Integers


@dataclass(frozen=True)
class Numbers:
    """One array of numbers for each future. shared: (numbers,) with 0 where they differ; apart: (differing,) their
    places; own: (futures, differing)."""

    shared: Floats
    apart: Integers
    own: Floats

    @classmethod
    def of(cls, given: Iterable[float | Several]) -> Numbers:
        """Numbers, each one for all futures or one for each."""
        numbers = list(given)
        differing: list[int] = []
        if Several in set(map(type, numbers)):
            differing = [place for place, number in enumerate(numbers) if type(number) is Several]
        own: Floats = np.array([numbers[place].of for place in differing], dtype=np.float64).T  # type: ignore[union-attr]
        for place in differing:
            numbers[place] = 0.0
        return cls(np.array(numbers, dtype=float), np.array(differing, dtype=np.int64), own)

    def in_future(self, number: int) -> Floats:
        """(numbers,) of one future; the same array for all futures where none differs."""
        if not self.apart.size:
            return self.shared
        values = self.shared.copy()
        values[self.apart] = self.own[number]
        return values


class Terms:
    """Rows of terms as one matrix for each future; terms of one column are summed, and zeros are left out."""

    def __init__(self, rows: Sequence[list[Term]], width: int) -> None:
        """width: columns of a future."""
        counts = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        every = list(chain.from_iterable(rows))
        places = np.array([column.place for _, column in every], dtype=np.int64)
        row = np.repeat(np.arange(len(rows)), counts)
        self.values = Numbers.of([coefficient for coefficient, _ in every])
        self.order = np.lexsort((places, row))
        row, places = row[self.order], places[self.order]
        first = np.ones(len(places), dtype=bool)
        first[1:] = (row[1:] != row[:-1]) | (places[1:] != places[:-1])
        self.firsts = np.flatnonzero(first)
        self.indices = places[self.firsts].astype(np.int32)
        self.starts = np.searchsorted(row[self.firsts], np.arange(len(rows) + 1)).astype(np.int32)
        self.shape = (len(rows), width)

    @property
    def most_entries(self) -> int:
        """What the matrix of a future has at most."""
        return len(self.firsts)

    def entries_in_future(self, number: int) -> Integers:
        """(rows,) how many each row has in one future."""
        own = np.diff(self.starts)
        nought = self._summed(number) == 0.0
        return (
            own - np.bincount(np.repeat(np.arange(len(own)), own)[nought], minlength=len(own)) if nought.any() else own
        )

    def _summed(self, number: int) -> Floats:
        data = self.values.in_future(number)[self.order]
        return np.add.reduceat(data, self.firsts) if len(self.firsts) < len(data) else data

    def in_future(self, number: int) -> sp.csr_matrix:
        """The matrix of one future, (rows, columns)."""
        data = self._summed(number)
        matrix = sp.csr_matrix((data, self.indices, self.starts), shape=self.shape)
        if (data == 0.0).any():
            matrix = matrix.copy()
            matrix.eliminate_zeros()
        return matrix
