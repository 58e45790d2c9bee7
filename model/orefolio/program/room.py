"""Arrays with room behind their end, so that rows and columns are added to a large program without copying it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Room:
    """Arrays by name, each filled from its start. What is behind them is memory that nothing has touched.

    Whoever lengthens an array first gets it in its room; the one that was lengthened stays as it was.
    """

    def __init__(self) -> None:
        self._whole: dict[str, NDArray[Any]] = {}
        self._filled: dict[str, int] = {}

    def array(self, name: str, most: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Room for so many numbers under a name; the caller fills it and tells by `filled` how far."""
        self._whole[name] = np.empty(most, dtype)
        self._filled[name] = most
        return self._whole[name]

    def filled(self, name: str, size: int) -> NDArray[Any]:
        """The array of that name, which ends here."""
        self._filled[name] = size
        return self._whole[name][:size]

    def longer(self, name: str, array: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
        """An array with more behind it: in its room if it ends where the one of that name does, else a copy."""
        whole, size = self._whole.get(name), len(array) + len(more)
        if whole is None or not self._ends_here(name, array) or size > len(whole):
            return np.concatenate([array, more.astype(array.dtype, copy=False)])
        whole[len(array) : size] = more
        return self.filled(name, size)

    def _ends_here(self, name: str, array: NDArray[Any]) -> bool:
        same = array.__array_interface__["data"] == self._whole[name].__array_interface__["data"]
        return same and len(array) == self._filled[name]
