"""The program as the solver sees it: arrays, and labels that say in the case's words what each row and column is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Label:
    """What a column or a row is: (variable or family row, index words, period number within the node's future)."""

    name: str
    index: tuple[str, ...]
    period: int
    node: int = 0

    def __str__(self) -> str:
        return f"{self.name}[{','.join(self.index)}]@{self.node}"


@dataclass(frozen=True)
class Program:
    """Minimise `cost @ x + offset` subject to `row_lower <= matrix @ x <= row_upper`, bounds and integrality.

    matrix: (rows, columns) compressed sparse row. cost and offset: million USD of the base year, discounted and
    weighted. Quantities are tonnes. `integer` marks binary columns. Labels stand in the order of the matrix. `branch`
    numbers the future that alone passes through a column's node, −1 where several do; None where there is one future.
    """

    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    integer: Booleans
    cost: Floats
    offset: float
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    branch: Integers | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns, nonzeros."""
        return self.matrix.shape[0], self.matrix.shape[1], int(self.matrix.nnz)

    def objective(self, values: Floats) -> float:
        """Cost of a plan in million USD. values: (columns,)."""
        return float(self.cost @ values + self.offset)
