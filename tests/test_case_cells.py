"""One cell at a time: what each kind of column takes, and what is said of what it does not take."""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.case.cells import GREATEST, GREATEST_WHOLE, SMALLEST, CellError, day_of, plain_number, value_of
from orefolio.case.columns import Column

NUMBER = Column("number", "", unit="t", low=0.0)
SHARE = Column("number", "", low=0.0, high=1.0)
FREE = Column("number", "")
WHOLE = Column("whole", "", low=-5)
CHOICE = Column("choice", "", choices=("loss", "must"))
FLAG = Column("flag", "", optional=True, default=False)
DATE = Column("date", "", optional=True)
YEARS = Column("years", "", low=0.0)
IDS = Column("references", "", table="projects", optional=True, default=())
TEXT = Column("text", "", optional=True, default="")
WORD = Column("text", "")

TAKEN: list[tuple[Column, str, Any]] = [
    (NUMBER, "0", 0.0),
    (NUMBER, "-0", 0.0),
    (NUMBER, "2.", 2.0),
    (NUMBER, ".5", 0.5),
    (NUMBER, "+1e3", 1000.0),
    (NUMBER, "1e-9", SMALLEST),
    (NUMBER, "1e12", GREATEST),
    (NUMBER, "0.0", 0.0),
    (NUMBER, "0e5", 0.0),
    (SHARE, "1", 1.0),
    (FREE, "-1e12", -GREATEST),
    (FREE, "-7.5", -7.5),
    (WHOLE, "-5", -5),
    (WHOLE, "1000000000", GREATEST_WHOLE),
    (WHOLE, "+12", 12),
    (CHOICE, "must", "must"),
    (FLAG, "yes", True),
    (FLAG, "no", False),
    (FLAG, "", False),
    (DATE, "2028-02-29", "2028-02-29"),
    (DATE, "", None),
    (YEARS, "0.3 0.7  1", (0.3, 0.7, 1.0)),
    (IDS, "a  b", ("a", "b")),
    (IDS, "", ()),
    (TEXT, " as it is ", " as it is "),
    (WORD, "word", "word"),
]

REFUSED: list[tuple[Column, str, str, str, str]] = [
    (NUMBER, "", "a blank cell", "a number of at least 0 (t)", ""),
    (SHARE, "", "a blank cell", "a number from 0 to 1", ""),
    (FREE, "", "a blank cell", "a number", ""),
    (Column("number", "", unit="t"), "x", "'x'", "a number (t)", ""),
    (Column("number", "", high=3.0), "4", "4", "a number", ""),
    (WORD, "", "a blank cell", "a text", ""),
    (WORD, " a", "' a' with a space at its edge", "no space there", "Take the space out"),
    (NUMBER, "-1", "-1", "a number of at least 0 (t)", ""),
    (SHARE, "1.0000001", "1.0000001", "a number from 0 to 1", ""),
    (NUMBER, "1.1e12", "1.1e12", "a number up to 1e+12", "leave the cell blank"),
    (NUMBER, "9e-10", "9e-10", "0, or at least 1e-09", "larger unit"),
    (NUMBER, "1e-400", "1e-400", "0, or at least 1e-09", "larger unit"),
    (NUMBER, "007", "'007' with a leading zero", "a number", "Write 7"),
    (NUMBER, "00", "'00' with a leading zero", "a number", "Write 0"),
    (FREE, "-01.5", "'-01.5' with a leading zero", "a number", "Write 1.5"),
    (WHOLE, "2.0", "'2.0'", "a whole number of at least -5", "Write 2"),
    (WHOLE, "1e3", "'1e3'", "a whole number", "Write 1000"),
    (WHOLE, "1e9", "'1e9'", "a whole number", "Write 1000000000"),
    (WHOLE, "-6", "-6", "a whole number of at least -5", ""),
    (WHOLE, "08", "'08' with a leading zero", "a whole number", "Write 8"),
    (WHOLE, "1000000001", "1000000001", "a whole number up to 1000000000", ""),
    (WHOLE, "-1000000001", "-1000000001", "a whole number up to 1000000000", ""),
    (WHOLE, "1" * 5000, "1" * 5000, "a whole number up to 1000000000", ""),
    (CHOICE, "Must", "'Must'", "loss or must", "Did you mean must?"),
    (FLAG, "YES", "'YES'", "yes or no", "Write yes"),
    (FLAG, "N", "'N'", "yes or no", "Write no"),
    (FLAG, "1", "'1'", "yes or no", "Write yes"),
    (DATE, "2027-02-29", "'2027-02-29'", "a day of the calendar", ""),
    (DATE, "2027-W01-1", "'2027-W01-1'", "a date, YYYY-MM-DD", ""),
    (YEARS, "0.3 -1", "-1", "numbers separated by spaces of at least 0", ""),
    (IDS, "a b a", "'a' twice", "each id once", ""),
    (NUMBER, "1.234,5", "'1.234,5'", "a number", "write 1234.5"),
    (NUMBER, "1,234,567", "'1,234,567'", "a number", "write 1234567"),
    (NUMBER, "12,5", "'12,5'", "a number", "write 12.5"),
    (SHARE, "5 %", "'5 %'", "a number", "Write the share: 0.05"),
    (SHARE, "1.2.3%", "'1.2.3%'", "a number", "Write the share: a share"),
    (NUMBER, "1_000", "'1_000'", "a number", "Write 1000"),
    (NUMBER, "N/A", "'N/A'", "a number", "Leave the cell blank"),
    (NUMBER, "-inf", "'-inf'", "a number", "Leave the cell blank"),
    (NUMBER, "\uff11", "'\uff11'", "a number", "Use the digits 0 to 9"),
]

NO_REMEDY = [
    (WHOLE, "2.5"),
    (WHOLE, "1e10"),
    (WHOLE, "-1e10"),
    (WHOLE, "1e400"),
    (WHOLE, "x"),
    (FLAG, "maybe"),
    (CHOICE, "zzz"),
    (NUMBER, "x"),
]


@pytest.mark.parametrize(("column", "text", "value"), TAKEN)
def test_a_cell_is_taken_as_it_is_written(column: Column, text: str, value: Any) -> None:
    found = value_of(text, column)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("column", "text", "found", "expected", "remedy"), REFUSED)
def test_a_cell_that_is_not_plainly_right_is_refused(
    column: Column, text: str, found: str, expected: str, remedy: str
) -> None:
    with pytest.raises(CellError) as raised:
        value_of(text, column)
    error = raised.value
    assert error.found == found
    assert error.expected.startswith(expected)
    assert remedy in error.remedy
    assert bool(error.remedy) == bool(remedy)


@pytest.mark.parametrize(("column", "text"), NO_REMEDY)
def test_where_nothing_near_is_meant_no_remedy_is_offered(column: Column, text: str) -> None:
    with pytest.raises(CellError) as raised:
        value_of(text, column)
    assert raised.value.remedy == ""


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Column("key", ""), "an id"),
        (Column("reference", "", table="lanes processes"), "an id of lanes or processes"),
        (Column("years", ""), "numbers separated by spaces"),
        (CHOICE, "loss or must"),
    ],
)
def test_a_blank_cell_that_must_be_given_says_what_goes_there(column: Column, words: str) -> None:
    with pytest.raises(CellError) as raised:
        value_of("", column)
    assert (raised.value.found, raised.value.expected) == ("a blank cell", words)


def test_a_day_is_read_in_one_way_only() -> None:
    day = day_of("2028-02-29")
    assert day is not None
    assert (day.year, day.month, day.day) == (2028, 2, 29)
    assert [day_of(text) for text in ("2027-02-29", "20280229", "2027-W01-1", "2027-1-1", "")] == [None] * 5


def test_minus_zero_is_zero() -> None:
    assert str(plain_number("-0")) == "0.0"
