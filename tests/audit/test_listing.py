"""What the record lists, entry by entry, on a record written by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.findings import counted
from audit.written import by_column, written
from orefolio.audit.listing import NAMES, listing
from orefolio.audit.tally import Tally
from pencil import case_of, must, spot

CASE = case_of(spot("m", "ore", 1), must("d", "ore", 1))
TABLE = {"project": ["x", "y"], "t": ["", "1"], "usd": ["", ""], "name": ["1", "2"]}
KINDS = {"project": "text", "t": "number", "usd": "text", "name": "text"}
"""A column with a number in it, one that is blank, and one of names that look like numbers."""
SOUND: dict[str, Any] = {
    "schema": "orefolio/run/1",
    "case": {"name": "pencil", "title": "a pencil case"},
    "status": "optimal",
    "warnings": ["Something else"],
    "tables": {name: {"rows": 2, "columns": KINDS} for name in NAMES},
}
LIMIT, ENDED = "A limit was reached after 3 s", "The solve was interrupted after 3 s"


def told(in_folder: bool = True, **entries: Any) -> Tally:
    tables = dict.fromkeys(NAMES, by_column(TABLE))
    found = written(CASE, record={**SOUND, **entries}, tables=tables)
    return listing(replace(found, written=in_folder))


def test_a_record_of_what_is_there_holds() -> None:
    """Name, title, status, two warnings, schema, the names of the tables, and two statements on each."""
    tally = told()
    assert (counted(tally), tally.findings) == ((7 + 2 * len(NAMES), 0), [])
    assert counted(told(in_folder=False, tables=None)) == (6, 0)


@pytest.mark.parametrize(
    ("entries", "fails"),
    [
        ({"case": None}, 2),
        ({"case": {"name": "pencil", "title": "another"}}, 1),
        ({"case": {"name": "another", "title": "a pencil case"}}, 1),
        ({"schema": "orefolio/run/2"}, 1),
        ({"status": "infeasible"}, 1),
        ({"status": "feasible"}, 1),
        ({"status": "interrupted"}, 1),
        ({"status": "feasible", "warnings": ["x", LIMIT]}, 0),
        ({"status": "interrupted", "warnings": [ENDED]}, 0),
        ({"status": "interrupted", "warnings": [LIMIT]}, 2),
        ({"warnings": [LIMIT]}, 1),
        ({"warnings": [f"{LIMIT} {ENDED}"]}, 1),
        ({"warnings": [ENDED, LIMIT]}, 2),
        ({"warnings": None}, 0),
    ],
)
def test_the_case_the_schema_and_the_ending_are_told(entries: dict[str, Any], fails: int) -> None:
    tally = told(**entries)
    assert counted(tally) == (7 + 2 * len(NAMES), fails)


@pytest.mark.parametrize(
    ("words", "fails"),
    [
        ({"rows": 3, "columns": KINDS}, 1),
        ({"rows": 1, "columns": KINDS}, 1),
        ({"rows": 2, "columns": {**KINDS, "t": "text"}}, 1),
        ({"rows": 2, "columns": {**KINDS, "usd": "number"}}, 1),
        ({"rows": 2, "columns": {**KINDS, "name": "number"}}, 1),
        ({"rows": 2}, 1),
    ],
)
def test_rows_and_kinds_of_columns_are_those_of_the_table(words: dict[str, Any], fails: int) -> None:
    assert told(tables={**SOUND["tables"], "flows": words}).failed == fails


def test_a_table_less_is_told() -> None:
    less = {name: words for name, words in SOUND["tables"].items() if name != "risk"}
    assert counted(told(tables=less)) == (7 + 2 * len(less), 1)
    assert counted(told(tables=None)) == (7, 1)
