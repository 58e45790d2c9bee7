"""A folder of Parquet files, one a table, for data frames and databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orefolio.errors import MissingExtraError
from orefolio.tables.folder import RunFolder

from .fields import Kind
from .read_run import tables_of

ENDING = ""
INSTALL = "pip install 'orefolio[store]'"
TYPES: dict[Kind, str] = {"text": "str", "whole": "Int64", "number": "float64"}


def write(run: RunFolder, place: Path) -> None:
    """Write the tables of a run into a new folder. Raises MissingExtraError without duckdb, InputError."""
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError(f"Parquet needs duckdb. Install with: {INSTALL}") from error
    import pandas as pd

    place.mkdir()
    offline: dict[str, Any] = {"autoinstall_known_extensions": "false"}
    with duckdb.connect(config=offline) as connection:
        for table in tables_of(run):
            columns = {
                name: pd.Series(table.cells(name), dtype=TYPES[field.kind]) for name, field in table.fields.items()
            }
            connection.from_df(pd.DataFrame(columns)).write_parquet(str(place / f"{table.name}.parquet"))
