"""Table magnitudes against the record and the plan, line by line, written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from audit.findings import counted
from audit.written import written
from orefolio.audit.sizes import sizes
from orefolio.audit.tally import Tally
from pencil import case_of, must, spot

COLUMNS = ("what", "family", "count", "nonzeros", "smallest", "largest")
ROWS = {
    "matrix": ("matrix", "balance", "3", "7", "0.5", "2"),
    "side": ("side", "balance", "3", "6", "1", "10"),
    "cost": ("cost", "buy", "4", "4", "0.1", "5"),
    "bound": ("bound", "buy", "4", "8", "0.25", "6"),
    "cost of starts": ("cost", "start", "2", "0", "", ""),
    "bound of starts": ("bound", "start", "2", "2", "1", "1"),
    "matrix of signing": ("matrix", "signing", "2", "2", "1", "1"),
    "side of signing": ("side", "signing", "2", "0", "", ""),
}
"""Three rows of balances and two of signing with 9 numbers; four purchases and two starts, which are whole numbers."""
PROGRAM = {"rows": 5, "columns": 6, "binaries": 2, "nonzeros": 9}
CASE = case_of(spot("m", "ore", 1), must("d", "ore", 1), years=3)
BUYS = tuple(("buy", "m", period, 1.0) for period in range(3))


def told(program: dict[str, Any] | None = None, values: Any = BUYS, **changes: tuple[str, ...] | None) -> Tally:
    """The check where some rows are others (None: left out)."""
    named = {name.replace("_", " "): row for name, row in changes.items()}
    rows = [row for row in {**ROWS, **named}.values() if row]
    table = [list(COLUMNS), *rows]
    record = {"program": PROGRAM if program is None else program}
    return sizes(written(CASE, *values, record=record, tables={"magnitudes": table}))


def test_counts_that_fit_hold() -> None:
    """The columns, three statements a row and its counterpart, three sums, the numbers of the matrix, one variable."""
    tally = told()
    assert (counted(tally), tally.findings) == ((1 + 4 * 8 + 3 + 1 + 1, 0), [])


def test_a_run_without_the_table_fails_once() -> None:
    tally = sizes(written(CASE))
    assert (counted(tally), tally.findings) == ((1, 1), ["table magnitudes is missing"])


@pytest.mark.parametrize("name", ["rows", "columns", "binaries"])
@pytest.mark.parametrize("off", [1, -1, None])
def test_the_record_counts_what_the_table_does(name: str, off: int | None) -> None:
    program = {**PROGRAM, name: None if off is None else PROGRAM[name] + off}
    tally = told(program)
    assert tally.findings == [f"the program of the record has {name} {PROGRAM[name]}"]


@pytest.mark.parametrize(("nonzeros", "fails"), [(8, 1), (9, 0), (10, 0), (None, 1)])
def test_the_matrix_has_no_more_numbers_than_the_record_says(nonzeros: int | None, fails: int) -> None:
    """It has fewer where rows are shared."""
    assert told({**PROGRAM, "nonzeros": nonzeros}).failed == fails


def test_a_record_without_a_program_fails_in_each_sum() -> None:
    assert told({}).failed == 4
    assert told({**PROGRAM, "nonzeros": None}, matrix=("matrix", "balance", "3", "0", "", ""),
                matrix_of_signing=("matrix", "signing", "2", "0", "", "")).failed == 0  # fmt: skip
    few = told({**PROGRAM, "nonzeros": None}, matrix=("matrix", "balance", "3", "1", "1", "1"),
               matrix_of_signing=("matrix", "signing", "2", "0", "", ""))  # fmt: skip
    assert few.failed == 1


@pytest.mark.parametrize(
    ("changes", "items", "fails"),
    [
        ({"side": ("side", "balance", "4", "6", "1", "10")}, 38, 2),
        ({"bound": ("bound", "buy", "5", "8", "0.25", "6")}, 38, 2),
        ({"side": ("side", "other", "3", "6", "1", "10")}, 38, 2),
        ({"side": None}, 34, 1),
        ({"bound": None}, 34, 1),
        ({"side": ("cost", "balance", "3", "3", "1", "10")}, 38, 3),
        ({"side": ("what", "balance", "3", "3", "1", "10")}, 38, 3),
        ({"second": ("side", "balance", "3", "6", "1", "10")}, 41, 1),
        ({"cost": ("cost", "buy", "4", "5", "0.1", "5")}, 38, 1),
        ({"side": ("side", "balance", "3", "7", "1", "10")}, 38, 1),
        ({"bound": ("bound", "buy", "4", "9", "1", "10")}, 38, 1),
        ({"matrix": ("matrix", "balance", "3", "-1", "0.5", "2")}, 38, 2),
        ({"side": ("side", "balance", "3", "-1", "", "")}, 38, 2),
        ({"cost": ("cost", "buy", "4", "0", "0.1", "5")}, 38, 1),
        ({"cost": ("cost", "buy", "4", "4", "0", "5")}, 38, 1),
        ({"cost": ("cost", "buy", "4", "4", "6", "5")}, 38, 1),
        ({"cost": ("cost", "buy", "4", "4", "5", "5")}, 38, 0),
        ({"cost": ("cost", "buy", "4", "1", "5", "5")}, 38, 0),
        ({"cost": ("cost", "buy", "4", "4", "", "5")}, 38, 1),
        ({"cost": ("cost", "buy", "4", "0", "", "5")}, 38, 1),
        ({"cost": ("cost", "buy", "4", "0", "5", "")}, 38, 1),
        ({"cost": ("cost", "buy", "4", "4", "", "")}, 38, 1),
        ({"cost": ("cost", "buy", "4", "1", "", "")}, 38, 1),
        ({"cost of starts": ("cost", "start", "", "0", "", "")}, 36, 4),
        ({"cost of starts": ("cost", "start", "2", "", "", "")}, 36, 4),
    ],
)
def test_each_line_of_the_table_is_reckoned(changes: dict[str, Any], items: int, fails: int) -> None:
    assert counted(told(**changes)) == (items, fails)


def test_a_family_of_nothing_counts_too_little() -> None:
    """One is the least that a row tells of."""
    one = {
        "matrix_of_signing": ("matrix", "signing", "1", "2", "1", "1"),
        "side_of_signing": ("side", "signing", "1", "0", "", ""),
    }
    assert told({**PROGRAM, "rows": 4}, **one).failed == 0
    none = {name: (*row[:2], "0", *row[3:]) for name, row in one.items()}
    assert told({**PROGRAM, "rows": 3}, **none).failed == 2


@pytest.mark.parametrize(("count", "fails"), [("3", 0), ("2", 1)])
def test_the_plan_uses_no_more_of_a_variable_than_there_is(count: str, fails: int) -> None:
    """Three purchases."""
    changes = {"cost": ("cost", "buy", count, "2", "0.1", "5"), "bound": ("bound", "buy", count, "3", "0.25", "6")}
    tally = told({**PROGRAM, "columns": int(count) + 2}, **changes)
    assert counted(tally) == (38, fails)
    assert told(values=(("sell", "m", 0, 1.0),)).findings == [
        "table magnitudes sell is used more often than it is there"
    ]
    assert told(values=()).items == 37


def test_a_column_more_is_told() -> None:
    table = [[*COLUMNS, "more"], *([*row, "1"] for row in ROWS.values())]
    found = written(CASE, *BUYS, record={"program": PROGRAM}, tables={"magnitudes": table})
    assert [text[:33] for text in sizes(found).findings] == ["table magnitudes has the columns "]
