"""A linear program kept warm while rows come and go: for methods that learn it piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import highspy
import numpy as np
import scipy.sparse as sp

from orefolio.errors import SolverError
from orefolio.program.program import Floats, Integers, Label, lengthened
from orefolio.solve.engine import Basis, Engine


class Cutting(Engine):
    """An engine of a linear program that takes further rows, and gives up those that no longer count."""

    def append(self, matrix: sp.csr_matrix, lower: Floats, upper: Floats, labels: Sequence[Label]) -> None:
        """Put rows behind the others. matrix: (rows, columns); lower, upper: (rows,). A basis stays one."""
        count = matrix.shape[0]
        if not count == len(lower) == len(upper) == len(labels) or matrix.shape[1] != self.program.cost.size:
            raise SolverError("Rows to add do not fit the program")
        if not np.isfinite(matrix.data).all() or np.isnan(lower).any() or np.isnan(upper).any():
            raise SolverError("Rows to add hold a value that is no number")
        starts, indices = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        status = self._highs.addRows(count, lower, upper, matrix.nnz, starts, indices, matrix.data)
        if status not in (highspy.HighsStatus.kOk, highspy.HighsStatus.kWarning):  # it warns of tiny coefficients
            self._good(status, "take further rows")
        program = self.program
        self.program = replace(
            program,
            matrix=sp.csr_matrix(sp.vstack([program.matrix, matrix], format="csr")),
            row_lower=np.append(program.row_lower, lower),
            row_upper=np.append(program.row_upper, upper),
            rows=lengthened(program.rows, labels),
            room=None,
        )

    def drop(self, places: Integers) -> None:
        """Take rows away, which no basis should rest on. places: (rows,) to go."""
        if not len(places):
            return
        self._good(self._highs.deleteRows(len(places), places.astype(np.int32)), "give rows up")
        program = self.program
        kept = np.setdiff1d(np.arange(program.matrix.shape[0]), places)
        self.program = replace(
            program,
            matrix=program.matrix[kept],
            row_lower=program.row_lower[kept],
            row_upper=program.row_upper[kept],
            rows=tuple(program.rows[place] for place in kept.tolist()),
            room=None,
        )

    @property
    def basis(self) -> Basis:
        """The simplex basis, a copy that later runs leave alone."""
        basis: Basis = self._highs.getBasis()
        return basis

    @basis.setter
    def basis(self, basis: Basis) -> None:
        """A basis of this program, or of it before rows were put behind: these are then in it."""
        lacking = self.program.matrix.shape[0] - len(basis.row_status)
        if lacking > 0:
            basis.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * lacking]
        self._good(self._highs.setBasis(basis), "take a basis")

    def ray(self) -> Floats | None:
        """Weights of the rows, (rows,), the largest 1, whose sum no values of the columns can keep, once a run ended
        infeasible; None where the solver does not say."""
        status, found, numbers = self._highs.getDualRay()
        ray: Floats = np.array(numbers, dtype=np.float64)
        fits = ray.shape == self.program.row_lower.shape and np.isfinite(ray).all() and ray.any()
        if status != highspy.HighsStatus.kOk or not found or not fits:
            return None
        ray /= np.abs(ray).max()
        return ray
