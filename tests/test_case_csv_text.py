"""Lines of a table, told apart cell by cell: every fault stands at its line and column."""

from __future__ import annotations

import pytest

from orefolio.case.csv_text import (
    LONGEST_LINE,
    MOST_COLUMNS,
    MOST_FAULTS,
    MOST_LINES,
    Sheet,
    column_of_cell,
    split_line,
    split_sheet,
)
from orefolio.errors import Fault

KNOWN = ("a", "b", "long_name")


def split(text: str, needed: tuple[str, ...] = ("a",)) -> Sheet:
    return split_sheet(text, "t.csv", KNOWN, needed)


def places(faults: list[Fault]) -> list[tuple[int, int]]:
    return [(fault.line, fault.column) for fault in faults]


def only(text: str, needed: tuple[str, ...] = ("a",)) -> tuple[int, int, str, str, str]:
    """The one fault of a text."""
    (fault,) = split(text, needed).faults
    assert fault.file == "t.csv"
    return fault.line, fault.column, fault.found, fault.expected, fault.remedy


LINES = [
    ("x,yy,,z", ["x", "yy", "", "z"], [1, 3, 6, 7]),
    ('"x",yy', ["x", "yy"], [1, 5]),
    ('"a,b","c""d",e', ["a,b", 'c"d', "e"], [1, 7, 14]),
    ('"",""', ["", ""], [1, 4]),
    ('x,"y"', ["x", "y"], [1, 3]),
    ('"x",', ["x", ""], [1, 5]),
    (',"x"', ["", "x"], [1, 2]),
    ('""""', ['"'], [1]),
    ('a"b,c', ['a"b', "c"], [1, 5]),
]


@pytest.mark.parametrize(("line", "cells", "columns"), LINES)
def test_cells_and_where_they_start(line: str, cells: list[str], columns: list[int]) -> None:
    assert split_line(line) == cells
    assert [column_of_cell(line, position) for position in range(len(cells))] == columns


@pytest.mark.parametrize("line", ['"x",y', "x,y"])
def test_a_cell_that_is_not_there_stands_at_the_end_of_the_line(line: str) -> None:
    assert column_of_cell(line, 2) == len(line) + 1
    assert column_of_cell(line, 9) == len(line) + 1


def test_a_sound_sheet_is_its_header_and_its_lines() -> None:
    sheet = split("\r\na,b\r\n1,2\r\n\r\n3,\r\n , \t\r\n\r\n")
    assert sheet.header == ("a", "b")
    assert [(record.line, record.cells) for record in sheet.records] == [(3, ["1", "2"]), (5, ["3", ""])]
    assert sheet.faults == []
    assert places(sheet.warnings) == [(4, 1)]


def test_an_empty_sheet_says_what_it_lacks() -> None:
    assert [(fault.line, fault.column, fault.found) for fault in split("").faults] == [
        (1, 1, "a column without a name"),
        (1, 1, "no column 'a'"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "found", "expected", "remedy"),
    [
        ("a,b\n1\n", 2, 2, "1 cells", "2", "Cells are missing from b"),
        ("a,b,long_name\n1\n", 2, 2, "1 cells", "3", "Cells are missing from b, long_name"),
        ("a,b\n1,x,2\n", 2, 5, "3 cells", "2", "double quotes"),
        ("a,b\n1,2,3\n", 2, 5, "3 cells", "2", "write 1.2"),
        ("a,b\nx,2,3\n", 2, 5, "3 cells", "2", "write 2.3"),
        ("a,b\nx,2,+3\n", 2, 5, "3 cells", "2", "double quotes"),
        ('a,b\nx,"y\n', 2, 3, "a quote that is not closed on its line", "a cell in quotes", "written twice"),
        ('a,b\nx,"y"z\n', 2, 6, "text after the closing quote", "a cell in quotes", "written twice"),
        ("a,b\nx,y\x01\n", 2, 4, "the control character U+0001", "text", ""),
        ("a,b\nx,y\rz\n", 2, 4, "the control character U+000D", "text", "line ends"),
        ("\na,c\n", 2, 3, "the column 'c'", "a column of this table", "Known: a, b, long_name"),
        ("a,long_nam\n", 1, 3, "the column 'long_nam'", "a column of this table", "Did you mean long_name?"),
        ("a,LONG_NAM\n", 1, 3, "the column 'LONG_NAM'", "a column of this table", "Known"),
        ("a,b,a\n", 1, 5, "the column 'a' again", "each column once", "It is column 1 already"),
        ("b,a,a\n", 1, 5, "the column 'a' again", "each column once", "It is column 2 already"),
        ("a,\n", 1, 3, "a column without a name", "a name in every cell of the header", ""),
        ("a,b \n", 1, 3, "the column name b<space>", "'b'", "Take the space out"),
        ("a,\tb\n", 1, 3, "the column name <tab>b", "'b'", "Take the space out"),
        ("a,B\n", 1, 3, "the column 'B'", "'b'", "small letters"),
        ("b\n", 1, 2, "no column 'a'", "it in the header", ""),
        ("b, A\n", 1, 3, "the column ' A'", "'a'", "small letters"),
        ("a;b\n", 1, 2, "semicolons between the columns", "commas", "points in numbers"),
        ("\na\tb\n", 2, 2, "tabs between the columns", "commas", "points in numbers"),
        ("a|b\n", 1, 2, "bars between the columns", "commas", "points in numbers"),
        ('"a\n', 1, 1, "a quote that is not closed on its line", "a cell in quotes", "written twice"),
    ],
)
def test_a_wrong_line_is_told_at_its_place(
    text: str, line: int, column: int, found: str, expected: str, remedy: str
) -> None:
    told = only(text)
    assert told[:4] == (line, column, found, expected)
    assert remedy in told[4]
    assert bool(told[4]) == bool(remedy)


def test_a_column_that_is_missing_is_offered_for_its_like_in_capitals() -> None:
    """Only for a column that must be given and is not there yet."""
    for header, needed, offered in (
        ("a,LONG_NAM", ("a", "long_name"), True),
        ("a,LONG_NAM", ("a",), False),
        ("long_name,LONG_NAM", ("long_name",), False),
    ):
        fault = split(header + "\n", needed).faults[0]
        assert fault.found == "the column 'LONG_NAM'"
        assert (fault.remedy == "Did you mean long_name?") is offered


def test_a_table_of_one_column_needs_no_comma() -> None:
    assert split_sheet("a\n1;2\n", "t.csv", ("a",), ("a",)).records[0].cells == ["1;2"]
    (fault,) = split_sheet("a;b\n", "t.csv", ("a",), ()).faults
    assert fault.found == "the column 'a;b'"
    (fault,) = split_sheet("a;b\n", "t.csv", ("a", "b"), ()).faults
    assert fault.found == "semicolons between the columns"


def test_limits_are_reached_before_they_are_told() -> None:
    """The greatest that is allowed passes, one more does not."""
    assert split("a\n" + "x" * LONGEST_LINE + "\n").faults == []
    assert only("a\n" + "x" * (LONGEST_LINE + 1) + "\n")[:3] == (2, 1, f"a line of {LONGEST_LINE + 1:,} letters")
    wide = tuple(f"c{number}" for number in range(MOST_COLUMNS + 1))
    assert split_sheet(",".join(wide[:-1]) + "\n", "t.csv", wide, ()).faults == []
    (fault,) = split_sheet(",".join(wide) + "\n", "t.csv", wide, ()).faults
    assert (fault.line, fault.column, fault.found) == (1, 1, f"{MOST_COLUMNS + 1} columns")
    assert split("a\n" + "\n" * (MOST_LINES - 1)).faults == []
    line, column, found, expected, _ = only("a\n" + "\n" * MOST_LINES)
    assert (line, column) == (MOST_LINES + 1, 1)
    assert (found, expected) == (f"{MOST_LINES + 1:,} lines", f"at most {MOST_LINES:,}")


def test_reading_stops_at_a_thousand_faults() -> None:
    faults = split("a,b\n" + "x\n" * (MOST_FAULTS + 5)).faults
    assert len(faults) == MOST_FAULTS + 1
    assert places(faults[-2:]) == [(MOST_FAULTS + 1, 2), (MOST_FAULTS + 1, 0)]
    assert faults[-1].found == f"{MOST_FAULTS} faults"
    assert len(split("a,b\n" + "x\n" * (MOST_FAULTS - 1)).faults) == MOST_FAULTS - 1


def test_all_faults_of_a_header_are_told_at_once() -> None:
    assert places(split("b,x,,b\n").faults) == [(1, 3), (1, 5), (1, 6), (1, 7)]
    assert split("b,x,,b\n").records == []
