"""What a cell of the workbook of a case offers: ids of other sheets, words, and the range of a number."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from orefolio.case.case import Case
from orefolio.case.checks.references import BY_NAME
from orefolio.case.columns import Column, declared, key_columns
from orefolio.case.schema import TABLES

from .sheets import library, put_text

LISTS = "lists"
ROOM = 300
"""Rows under those of a table in which new ids are looked for."""
YES_OR_NO = ("yes", "no")


class Choosing:
    """Puts drop-downs into sheets. last: the last filled row of each table's sheet."""

    def __init__(self, book: Any, last: Mapping[str, int], case: Case) -> None:
        self.last = last
        self.case = case
        self.lists = book.create_sheet(LISTS)
        self.ranges: dict[str, str] = {}
        self.by_name = {(table, name): (target, field) for table, name, target, field in BY_NAME}

    def offer(self, sheet: Any, table: str, name: str, cells: str) -> None:
        """Offer in the cells of a column what it takes, and say so where something else is written."""
        column = declared(TABLES[table])[name]
        rule = self._rule(table, name, column)
        if rule is not None:
            validation = library().worksheet.datavalidation.DataValidation(
                **rule, allow_blank=column.optional, showErrorMessage=True, errorTitle=name, error=column.meaning[:250]
            )
            sheet.add_data_validation(validation)
            validation.add(cells)

    def close(self) -> None:
        """Hide the lists that stand on no sheet of the case."""
        self.lists.sheet_state = "hidden"

    def _rule(self, table: str, name: str, column: Column) -> dict[str, str] | None:
        if column.kind == "reference":
            return {"type": "list", "formula1": self._ids(column.table)}
        if (table, name) in self.by_name:
            return {"type": "list", "formula1": self._column(*self.by_name[table, name])}
        if column.kind in ("choice", "flag"):
            return {"type": "list", "formula1": f'"{",".join(column.choices or YES_OR_NO)}"'}
        if column.kind in ("number", "whole"):
            return _range("decimal" if column.kind == "number" else "whole", column.low, column.high)
        return None

    def _ids(self, targets: str) -> str:
        """Where the ids of a table stand; those of several tables stand together on a sheet of their own."""
        names = targets.split()
        if len(names) == 1:
            return self._column(names[0], key_columns(TABLES[names[0]])[0])
        if targets not in self.ranges:
            keys = [(target, key_columns(TABLES[target])[0]) for target in names]
            ids = dict.fromkeys(
                str(id_) for target, key in keys for id_ in map(attrgetter(key), self.case.rows(target))
            )
            place = len(self.ranges) + 1
            put_text(self.lists.cell(1, place), targets)
            for number, id_ in enumerate(ids, 2):
                put_text(self.lists.cell(number, place), id_)
            self.ranges[targets] = _span(LISTS, place, max(2, len(ids) + 1))
        return self.ranges[targets]

    def _column(self, target: str, name: str) -> str:
        place = list(declared(TABLES[target])).index(name) + 1
        return _span(target, place, self.last[target] + ROOM)


def _span(sheet: str, column: int, last: int) -> str:
    letter = library().utils.get_column_letter(column)
    return f"'{sheet}'!${letter}$2:${letter}${last}"


def _range(kind: str, low: float | None, high: float | None) -> dict[str, str] | None:
    """The range of a number. Without an end it is any number, which a rule of one end far away says."""
    if low is not None and high is not None:
        return {"type": kind, "operator": "between", "formula1": f"{low:g}", "formula2": f"{high:g}"}
    if high is not None:
        return {"type": kind, "operator": "lessThanOrEqual", "formula1": f"{high:g}"}
    return {"type": kind, "operator": "greaterThanOrEqual", "formula1": f"{-1e12 if low is None else low:g}"}
