"""The program as the solver sees it: arrays, and labels that say in the case's words what each row and column is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import eq
from typing import NamedTuple, SupportsIndex, overload

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .room import Room

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Places = NDArray[np.int32]
"""Numbers of rows and columns, in what the solver counts in."""
Booleans = NDArray[np.bool_]


class Label(NamedTuple):
    """What a column or a row is: (variable or family row, index words, period number within the node's future)."""

    name: str
    index: tuple[str, ...]  # type: ignore[assignment]  # a tuple has a method of this name, not needed here
    period: int
    node: int = 0

    def __str__(self) -> str:
        return f"{self.name}[{','.join(self.index)}]@{self.node}"


@dataclass(frozen=True, eq=False)
class Labels(Sequence[Label]):
    """Many labels, each made when it is asked for: a kind of label and a node. kind, node: (labels,)."""

    kinds: tuple[Label, ...]
    kind: Places
    node: Places

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self.kind)

    @overload
    def __getitem__(self, place: SupportsIndex) -> Label: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Label, ...]: ...

    def __getitem__(self, place: SupportsIndex | slice) -> Label | tuple[Label, ...]:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(*place.indices(len(self))))
        name, index, period, _ = self.kinds[self.kind[place]]
        return Label(name, index, period, int(self.node[place]))

    def __iter__(self) -> Iterator[Label]:
        for kind, node in zip(self.kind.tolist(), self.node.tolist(), strict=True):
            name, index, period, _ = self.kinds[kind]
            yield Label(name, index, period, node)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Labels) and self.kinds == other.kinds:
            return np.array_equal(self.kind, other.kind) and np.array_equal(self.node, other.node)
        return isinstance(other, Sequence) and len(other) == len(self) and all(map(eq, self, other))


Labelled = Labels | tuple[Label, ...]


def lengthened(labels: Labelled, more: Iterable[Label]) -> Labelled:
    """Labels and others after them."""
    others = tuple(more)
    if not isinstance(labels, Labels):
        return (*labels, *others)
    kind = np.append(labels.kind, len(labels.kinds) + np.arange(len(others), dtype=np.int32))
    node = np.append(labels.node, np.array([label.node for label in others], dtype=np.int32))
    return Labels(labels.kinds + others, kind, node)


@dataclass(frozen=True)
class Program:
    """Minimise `cost @ x + offset` subject to `row_lower <= matrix @ x <= row_upper`, bounds and integrality.

    matrix: (rows, columns) compressed sparse row. cost and offset: million USD of the base year, discounted and
    weighted. Quantities are tonnes. `integer` marks binary columns. Labels stand in the order of the matrix. `branch`
    numbers the future that alone passes through a column's node, −1 where several do; None where there is one future.
    room: what may stand behind the arrays, where they came with any.
    """

    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    integer: Booleans
    cost: Floats
    offset: float
    rows: Labelled
    columns: Labelled
    branch: Places | None = None
    room: Room | None = field(default=None, repr=False)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns, nonzeros."""
        return self.matrix.shape[0], self.matrix.shape[1], int(self.matrix.nnz)

    def objective(self, values: Floats) -> float:
        """Cost of a plan in million USD. values: (columns,)."""
        return float(np.sum(self.cost * values) + self.offset)  # a product of vectors would wake threads: 0.01 seconds
