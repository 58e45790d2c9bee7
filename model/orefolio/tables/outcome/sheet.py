"""A table as it is made: names of columns and rows; pandas is imported when somebody asks for a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table. rows: each as long as `columns`."""

    columns: tuple[str, ...]
    rows: list[Sequence[Any]]

    @classmethod
    def of(cls, columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> Sheet:
        """A table with these columns in this order, also where there is no row."""
        return cls(tuple(columns), list(rows))

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self) -> dict[str, tuple[Any, ...]]:
        """The cells of each column."""
        every: Iterable[tuple[Any, ...]] = zip(*self.rows, strict=True) if self.rows else [()] * len(self.columns)
        return dict(zip(self.columns, every, strict=True))

    def records(self) -> list[dict[str, Any]]:
        """Each row as a map."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The same as a data frame."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(self.columns))
