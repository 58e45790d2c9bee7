"""What numbers rest on: every one is covered, and every row of the basis covers something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase

from orefolio.errors import Fault

from ..basis import support
from ..case import Case, row_keys
from ..columns import numeric_columns
from ..schema import TABLES
from .place import fault_at, near


def basis_names_what_exists(case: Case) -> Iterator[Fault]:
    """Table, rows and columns of a basis row are there."""
    named = {row.table for row in case.rows("basis") if row.row != "*"} & TABLES.keys()
    keys = {table: row_keys(table, case.rows(table)) for table in named}
    for number, row in enumerate(case.rows("basis")):
        if row.table not in TABLES:
            found = f"the table {row.table!r}"
            yield fault_at(case, "basis", number, "table", found, "a table of a case", near(row.table, TABLES))
            continue
        columns = numeric_columns(TABLES[row.table])
        if not any(fnmatchcase(column, row.column) for column in columns):
            found, expected = f"the column {row.column!r}", f"a numeric column of {row.table}.csv"
            yield fault_at(case, "basis", number, "column", found, expected, near(row.column, columns))
        rows = [] if row.row == "*" else keys[row.table]
        if rows and not any(fnmatchcase(key, row.row) for key in rows):
            found, expected = f"the row {row.row!r}", f"a key of {row.table}.csv, parts joined by /"
            yield fault_at(case, "basis", number, "row", found, expected, near(row.row, keys[row.table]))


def basis_says_something(case: Case) -> Iterator[Fault]:
    """A basis cites facts or gives a derivation."""
    for number, row in enumerate(case.rows("basis")):
        if not row.facts.strip() and not row.derivation.strip():
            yield fault_at(case, "basis", number, "derivation", "neither facts nor a derivation", "one of the two")


def numbers_have_a_basis(case: Case) -> Iterator[Fault]:
    """Numbers that are not defaults rest on a fact or on a stated assumption. One line per table."""
    uncovered = support(case).uncovered
    counts = Counter(cell.table for cell in uncovered)
    for cell in uncovered:
        count = counts.pop(cell.table, 0)
        if count:
            words = "1 number" if count == 1 else f"{count} numbers"
            found = f"{words} without a basis, first {cell.column} of {cell.row!r}"
            yield fault_at(case, cell.table, cell.number, cell.column, found, "a row in basis.csv")
