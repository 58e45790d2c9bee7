"""Rows and column names to a data frame; pandas is imported when the first frame is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def frame(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """A table with these columns in this order, also where there is no row."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))
