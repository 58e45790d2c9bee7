"""One number for each of several futures is reckoned with as each of them would be."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from orefolio.case.several import PartedError, Several, several

ONE, OTHER = [2.0, 3.0, 5.0], [0.5, 4.0, 1.0]
ARITHMETIC: list[Callable[[Any, Any], Any]] = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.pow,
]
COMPARISONS: list[Callable[[Any, Any], bool]] = [
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
]


@pytest.mark.parametrize("reckon", ARITHMETIC)
def test_arithmetic_is_that_of_each_number(reckon: Callable[[Any, Any], Any]) -> None:
    pairs = (
        (several(ONE), several(OTHER), zip(ONE, OTHER, strict=True)),
        (several(ONE), 7.0, ((number, 7.0) for number in ONE)),
        (7.0, several(ONE), ((7.0, number) for number in ONE)),
    )
    for one, other, each in pairs:
        assert reckon(one, other).of.tolist() == [reckon(a, b) for a, b in each]


def test_signs_are_those_of_each_number() -> None:
    assert (-several(ONE)).of.tolist() == [-2.0, -3.0, -5.0]
    assert abs(several([-2.0, 3.0])).of.tolist() == [2.0, 3.0]


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("limit", [1.0, 9.0])
def test_a_comparison_that_all_answer_alike_has_their_answer(compare: Callable[[Any, Any], bool], limit: float) -> None:
    assert compare(several(ONE), limit) is compare(ONE[0], limit)
    assert compare(limit, several(ONE)) is compare(limit, ONE[0])


@pytest.mark.parametrize("compare", COMPARISONS)
def test_a_comparison_that_they_answer_otherwise_parts_them(compare: Callable[[Any, Any], bool]) -> None:
    with pytest.raises(PartedError) as parted:
        compare(several(ONE), 3.0)
    answers = [compare(number, 3.0) for number in ONE]
    assert parted.value.first.tolist() == [answer == answers[0] for answer in answers]


def test_what_is_the_same_in_all_is_a_plain_number() -> None:
    assert type(several([4.0, 4.0])) is float
    assert max(0.0, several(ONE)) is not None
    assert float(several(ONE) * 0.0) == 0.0


def test_what_needs_one_plain_number_parts_them() -> None:
    with pytest.raises(PartedError):
        math.isfinite(several(ONE))
    with pytest.raises(PartedError):
        bool(several([0.0, 1.0]))
    assert bool(several([1.0, 3.0]))


@pytest.mark.parametrize("divide", [lambda: 1.0 / several([0.0, 1.0]), lambda: several(ONE) / 0.0])
def test_division_by_nothing_in_one_future_is_an_error_as_it_is_there(divide: Callable[[], Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        divide()


def test_a_number_of_numpy_on_the_left_is_a_number() -> None:
    assert (np.float64(2.0) * several(ONE)).of.tolist() == [4.0, 6.0, 10.0]


def test_a_number_that_is_looked_up_must_be_one() -> None:
    with pytest.raises(PartedError):
        hash(several(ONE))
    assert {4.0: "four"}[Several(np.array([4.0, 4.0]))] == "four"  # type: ignore[index]
