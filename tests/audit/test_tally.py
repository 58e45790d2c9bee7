"""What the audit counts as the same: sums, limits, statements and cells of tables, each at its edge."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from orefolio.audit.compare import Reckoned, Sum, compare, seen, texts
from orefolio.audit.tally import LEAST_REPORTED, SHOWN, TOLERANCE, Tally


def counted(tally: Tally) -> tuple[int, int]:
    """Items and failures."""
    return tally.items, tally.failed


def test_the_tolerance_is_a_millionth_of_the_size_and_of_a_tonne_at_least() -> None:
    assert (TOLERANCE, LEAST_REPORTED) == (1e-6, 1e-4)
    for excess, size, fails in (
        (0.0, 0.0, 0),
        (-5.0, 1.0, 0),
        (1e-6, 1.0, 0),
        (1.1e-6, 1.0, 1),
        (1.1e-6, 0.0, 1),
        (0.9e-6, 0.0, 0),
        (9e-6, 10.0, 0),
        (11e-6, 10.0, 1),
        (math.inf, 1.0, 1),
        (math.nan, 1.0, 1),
    ):
        tally = Tally()
        tally.weigh(excess, size, "what")
        assert counted(tally) == (1, fails)
        assert tally.passed is (fails == 0)


def test_the_largest_violation_is_relative_and_kept() -> None:
    tally = Tally()
    for excess, size in ((0.5, 2.0), (0.75, 1.0), (0.1, 0.5), (-9.0, 1.0)):
        tally.weigh(excess, size, "x")
    assert tally.largest == 0.75
    assert counted(tally) == (4, 3)
    tally.weigh(math.nan, 1.0, "x")
    assert tally.largest == math.inf


def test_findings_say_what_is_off_and_by_how_much() -> None:
    tally = Tally()
    tally.weigh(0.5, 2.0, "stock of", ("a", 3), "", "in 2027")
    assert tally.findings == ["stock of a/3 in 2027: off by 0.5, which is 0.25 of its size"]


def test_twenty_findings_are_shown_and_all_failures_counted() -> None:
    tally = Tally()
    for number in range(SHOWN + 3):
        tally.holds(False, "statement", number)
    assert SHOWN == 20
    assert len(tally.findings) == 20
    assert counted(tally) == (23, 23)


def test_terms_that_cancel_are_nothing_against_their_size() -> None:
    """A thousand each way: a thousandth of a tonne is within a millionth of the two thousand."""
    for rest, fails in ((0.0, 0), (0.0019, 0), (0.0021, 1), (-0.0021, 1)):
        tally = Tally()
        tally.same([1000.0, -1000.0 + rest], "x")
        assert counted(tally) == (1, fails)


def test_a_limit_is_kept_up_to_the_tolerance_on_its_own_side() -> None:
    for terms, fails in (([6.0, 4.0], 0), ([6.0, 4.00001], 0), ([6.0, 4.00003], 1), ([-99.0], 0), ([10.1], 1)):
        tally = Tally()
        tally.most(iter(terms), 10.0, "x")
        assert counted(tally) == (1, fails)
        mirrored = Tally()
        mirrored.least([-term for term in terms], -10.0, "x")
        assert counted(mirrored) == (1, fails)


def test_no_limit_is_counted_and_kept() -> None:
    tally = Tally()
    tally.most([1e300], math.inf, "x")
    tally.least([-1e300], -math.inf, "x")
    assert counted(tally) == (2, 0)
    assert tally.largest == 0.0


def test_what_would_have_to_reach_beyond_all_numbers_does_not() -> None:
    tally = Tally()
    tally.most([-1e300], -math.inf, "x")
    tally.least([1e300], math.inf, "y")
    assert counted(tally) == (2, 2)


def test_a_statement_holds_or_not() -> None:
    tally = Tally()
    tally.holds(True, "x")
    assert (counted(tally), tally.largest) == ((1, 0), 0.0)
    tally.holds(False, "y")
    assert (counted(tally), tally.largest, tally.findings) == ((2, 1), math.inf, ["y"])


@pytest.mark.parametrize(
    ("reported", "reckoned", "size", "agree"),
    [
        (None, None, 0.0, True),
        (None, 0.0, 0.0, False),
        (0.0, None, 0.0, False),
        (2.0, 2.0, 0.0, True),
        (math.inf, math.inf, 0.0, True),
        (2.0, 2.0 + 1.9e-6, 0.0, True),
        (2.0, 2.0 + 2.1e-6, 0.0, False),
        (-2.0, 2.0, 0.0, False),
        (2.0, 2.0 + 1.9e-5, 20.0, True),
        (2.0, 2.0 + 2.1e-5, 20.0, False),
        (0.0, 0.9e-10, 0.0, True),
        (0.0, 1.1e-10, 0.0, False),
        (math.nan, 1.0, 0.0, False),
        (1.0, math.inf, 0.0, False),
        (math.inf, 1.0, 0.0, False),
        (-math.inf, math.inf, 0.0, False),
    ],
)
def test_a_reported_number_agrees_with_the_reckoned_one(
    reported: float | None, reckoned: float | None, size: float, agree: bool
) -> None:
    tally = Tally()
    tally.agrees(reported, reckoned, size, "x")
    assert counted(tally) == (1, 0 if agree else 1)


def test_how_far_numbers_are_off_is_told_relative_to_their_size() -> None:
    tally = Tally()
    tally.agrees(2.0, 2.0 + 1e-6, 0.0, "x")
    assert tally.largest == pytest.approx(0.5e-6)
    tally.agrees(3.0, 2.0, 4.0, "x")
    assert tally.largest == 0.25
    assert tally.findings == ["x 3 reported, 2 reckoned: off by 1, which is 0.25 of its size"]
    tally.agrees(None, 2.0, 4.0, "x")
    assert tally.findings[1] == "x None reported, 2.0 reckoned"


# Tables


class Table:
    """A table as the audit reads it: its columns as texts or numbers."""

    def __init__(self, **columns: list[Any]) -> None:
        self.columns = list(columns)
        self._cells = columns

    def texts(self, column: str) -> list[str]:
        return list(map(str, self._cells[column]))

    def numbers(self, column: str) -> list[float | None]:
        return [math.nan if cell is None else cell for cell in self._cells[column]]


def compared(reckoned: Reckoned, words: Any = None, **columns: list[Any]) -> Tally:
    tally = Tally()
    evidence: Any = SimpleNamespace(tables={"t": Table(**columns)})
    compare(tally, evidence, "t", ("key",), ("x", "y"), reckoned, words)
    return tally


def rows(**numbers: tuple[float, float]) -> Reckoned:
    found = Reckoned(2)
    for key, (x, y) in numbers.items():
        found.add([key], x, y)
    return found


def test_a_table_that_says_the_same_agrees_cell_by_cell() -> None:
    tally = compared(rows(a=(1.0, 2.0), b=(3.0, 4.0)), key=["b", "a"], x=[3.0, 1.0], y=[4.0, 2.0])
    assert counted(tally) == (5, 0)


@pytest.mark.parametrize(
    ("x", "fails"),
    [(1.0, 0), (1.0 + 0.9e-6, 0), (1.0 + 1.1e-6, 1), (1.0 - 1.1e-6, 1), (None, 1), (-1.0, 1)],
)
def test_each_number_agrees_within_the_tolerance(x: float | None, fails: int) -> None:
    tally = compared(rows(a=(1.0, 2.0)), key=["a"], x=[x], y=[2.0])
    assert counted(tally) == (3, fails)


def test_a_small_number_agrees_within_its_own_size() -> None:
    """A millionth of a half is 0.5e-6. The other number is off by half a millionth of its size."""
    assert counted(compared(rows(a=(0.5, 2.0)), key=["a"], x=[0.5 + 0.75e-6], y=[2.0])) == (3, 1)
    tally = compared(rows(a=(0.5, 2.0)), key=["a"], x=[0.5 + 0.1e-6], y=[2.0 + 1e-6])
    assert tally.largest == pytest.approx(0.5e-6)
    assert counted(tally) == (3, 0)


def test_a_sum_agrees_within_the_size_of_its_terms() -> None:
    """A thousand and its negative: their sum may be off by two thousandths."""
    found = Reckoned(2)
    for amount in (1000.0, -1000.0):
        found.add(["a"], amount, 1.0)
    assert compared(found, key=["a"], x=[0.0019], y=[2.0]).passed
    assert not compared(found, key=["a"], x=[0.0021], y=[2.0]).passed
    assert not compared(found, key=["a"], x=[0.0], y=[2.0021]).passed


def test_how_far_the_cells_of_a_table_are_off_is_kept() -> None:
    tally = compared(rows(a=(1.0, 2.0)), key=["a"], x=[1.0 + 0.5e-6], y=[2.0])
    assert tally.largest == pytest.approx(0.5e-6)
    wrong = compared(rows(a=(1.0, 2.0), b=(5.0, 6.0)), key=["a", "b"], x=[1.0, 5.0], y=[2.0, 7.0])
    assert wrong.findings == ["table t b y 7 reported, 6 reckoned: off by 1, which is 0.17 of its size"]


def test_rows_on_one_side_only_are_told_but_for_rows_of_zeros() -> None:
    more = compared(rows(a=(1.0, 2.0)), key=["a", "b"], x=[1.0, 0.0], y=[2.0, 0.0])
    assert more.findings == ["table t b is in the table and not in the plan"]
    less = compared(rows(a=(1.0, 2.0), b=(0.0, 3.0)), key=["a"], x=[1.0], y=[2.0])
    assert less.findings == ["table t b is in the plan and not in the table"]
    twice = compared(rows(a=(1.0, 2.0)), key=["a", "a"], x=[1.0, 1.0], y=[2.0, 2.0])
    assert twice.findings == ["table t a is in the table and not in the plan"]
    zeros = compared(rows(a=(1.0, 2.0), b=(0.0, 0.0), c=(1e-9, -1e-9)), key=["a"], x=[1.0], y=[2.0])
    assert counted(zeros) == (5, 0)
    assert not compared(rows(a=(1.0, 2.0), b=(1.1e-9, 0.0)), key=["a"], x=[1.0], y=[2.0]).passed
    assert not compared(rows(a=(1.0, 2.0), b=(0.0, 1.1e-9)), key=["a"], x=[1.0], y=[2.0]).passed
    cancelled = rows(a=(1.0, 2.0), b=(1e3, 2e3))
    cancelled.add(["b"], -1e3 + 1e-6, -2e3 + 1e-6)
    assert compared(cancelled, key=["a"], x=[1.0], y=[2.0]).passed


def test_columns_and_tables_that_are_missing_or_more_are_told() -> None:
    assert compared(rows(), key=[], x=[], y=[]).passed
    assert counted(compared(rows(), key=[], x=[], y=[])) == (1, 0)
    assert compared(rows(), key=[], x=[], y=[], z=[]).findings == ["table t has the columns key, x, y, z"]
    tally = Tally()
    nothing: Any = SimpleNamespace(tables={})
    compare(tally, nothing, "t", ("key",), (), Reckoned(0))
    assert (counted(tally), tally.findings) == ((1, 1), ["table t is missing"])


def test_words_of_a_row_are_compared_and_blank_where_the_plan_has_no_such_row() -> None:
    found = Reckoned(2)
    found.put(["a"], 1.0, Sum(2.0, 9.0), word="yes")
    assert compared(found, found.says("word"), key=["a"], x=[1.0], y=[2.0], word=["yes"]).passed
    wrong = compared(found, found.says("word"), key=["a"], x=[1.0], y=[2.0], word=["no"])
    assert wrong.findings == ["table t/word a says 'no' instead of 'yes'"]
    assert counted(wrong) == (4, 1)
    assert compared(found, found.says("word"), key=["a"], x=[1.0], y=[2.000008], word=["yes"]).passed
    strange = compared(found, found.says("word"), key=["a", "b"], x=[1.0, 0.0], y=[2.0, 0.0], word=["yes", ""])
    assert strange.findings == ["table t b is in the table and not in the plan"]


def test_a_blank_cell_is_a_blank_cell() -> None:
    found = Reckoned(2)
    found.put(["a"], None, Sum(None, 3.0))
    assert found.rows["a",][1::2] == [0.0, 3.0]
    found.put(["b"], -4.0, 0.0)
    assert found.rows["b",] == [-4.0, 4.0, 0.0, 0.0]
    total = Sum(None)
    total.add(-2.0)
    total.add(0.5)
    assert (total.value, total.size) == (-1.5, 2.5)


def test_a_row_is_as_wide_as_all() -> None:
    for numbers in ((1.0,), (1.0, 2.0, 3.0)):
        with pytest.raises(ValueError, match=f"a row of {len(numbers)} numbers where 2 are reckoned"):
            Reckoned(2).put(["a"], *numbers)


def test_a_number_beyond_all_others_agrees_with_itself_alone() -> None:
    """Would fail if anything were within a millionth of the infinite."""
    found = Reckoned(2)
    found.put(["a"], math.inf, 2.0)
    assert compared(found, key=["a"], x=[math.inf], y=[2.0]).passed
    assert counted(compared(found, key=["a"], x=[1.0], y=[2.0])) == (3, 1)
    assert counted(compared(found, key=["a"], x=[-math.inf], y=[2.0])) == (3, 1)


def test_a_table_may_have_words_alone() -> None:
    tally, found = Tally(), Reckoned(0)
    found.put(["a"], word="yes")
    evidence: Any = SimpleNamespace(tables={"t": Table(key=["a", "b"], word=["no", ""])})
    compare(tally, evidence, "t", ("key",), (), found, found.says("word"))
    assert tally.findings == [
        "table t b is in the table and not in the plan",
        "table t/word a says 'no' instead of 'yes'",
    ]


def test_texts_are_counted_one_by_one_where_one_differs() -> None:
    tally = Tally()
    texts(tally, ("t", "c"), [("a",), ("b",)], ["x", "y"], ["x", "z"])
    assert (counted(tally), tally.findings) == ((2, 1), ["table t/c b says 'y' instead of 'z'"])
    texts(tally, ("t", "c"), [("a",), ("b",)], ["x", "y"], ["x", "y"])
    assert counted(tally) == (4, 1)


def test_a_rounding_error_of_the_solver_is_not_seen() -> None:
    items = [SimpleNamespace(value=value) for value in (1e-6, 1.1e-6, -1.1e-6, 0.0, 5.0)]
    life: Any = SimpleNamespace(walk=SimpleNamespace(items={"buy": items}))
    assert [item.value for item in seen(life, "buy")] == [1.1e-6, -1.1e-6, 5.0]
    assert seen(life, "sell") == []
