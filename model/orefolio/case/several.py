"""One number for each of several futures, reckoned with like one number.

What is the same in all futures stays a plain number. A comparison whose answer is the same in all futures gives that
answer; one whose answer differs parts the futures, and they are stated again in two groups. So nothing is assumed of
what is done with a number: neither that it enters linearly, nor that nothing hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray


class PartedError(Exception):
    """Futures stated together differ in more than numbers. first: (futures,) those that stay with the first."""

    def __init__(self, first: NDArray[np.bool_]) -> None:
        super().__init__("futures that are stated together differ in more than numbers")
        self.first = first


class Several:
    """One number for each of several futures. of: (futures,)."""

    __slots__ = ("of",)
    __array_ufunc__ = None

    def __init__(self, of: NDArray[np.float64]) -> None:
        self.of = of

    def __neg__(self) -> Several:
        return Several(-self.of)

    def __abs__(self) -> Several:
        return Several(np.abs(self.of))

    def __add__(self, other: Any) -> Several:
        return Several(self.of + each(other))

    def __radd__(self, other: Any) -> Several:
        return Several(other + self.of)

    def __sub__(self, other: Any) -> Several:
        return Several(self.of - each(other))

    def __rsub__(self, other: Any) -> Several:
        return Several(other - self.of)

    def __mul__(self, other: Any) -> Several:
        return Several(self.of * each(other))

    def __rmul__(self, other: Any) -> Several:
        return Several(other * self.of)

    def __truediv__(self, other: Any) -> Several:
        return Several(self.of / _divisor(other))

    def __rtruediv__(self, other: Any) -> Several:
        return Several(other / _divisor(self))

    def __pow__(self, other: Any) -> Several:
        return Several(self.of ** each(other))

    def __rpow__(self, other: Any) -> Several:
        return Several(other**self.of)

    def __lt__(self, other: Any) -> bool:
        return same(self.of < each(other))

    def __le__(self, other: Any) -> bool:
        return same(self.of <= each(other))

    def __gt__(self, other: Any) -> bool:
        return same(self.of > each(other))

    def __ge__(self, other: Any) -> bool:
        return same(self.of >= each(other))

    def __eq__(self, other: object) -> bool:
        return same(self.of == each(other))

    def __ne__(self, other: object) -> bool:
        return same(self.of != each(other))

    def __bool__(self) -> bool:
        return same(self.of != 0.0)

    def __hash__(self) -> int:
        return hash(float(self))

    def __float__(self) -> float:
        """The number where all have the same; else the futures part."""
        same(self.of <= self.of.min())
        return float(self.of.min())


def each(number: Any) -> Any:
    """One number for all, or one for each."""
    return number.of if isinstance(number, Several) else number


def _divisor(number: Any) -> Any:
    found = each(number)
    if not np.all(found):
        raise ZeroDivisionError("a number is divided by one that is 0 in some future")
    return found


def same(answers: NDArray[np.bool_]) -> bool:
    """The answer that all futures give. Raises PartedError where they differ. answers: (futures,) of yes or no."""
    if answers.all():
        return True
    if not answers.any():
        return False
    raise PartedError(answers == answers[0])


def several(numbers: Iterable[float]) -> Any:
    """One number for each future, plain where all have the same."""
    found = np.fromiter(numbers, dtype=float)
    return float(found.min()) if found.min() == found.max() else Several(found)


def plain(number: Any) -> float:
    """A number as a plain one; several stay as they are, and are reckoned with as if they were one."""
    return cast("float", number if isinstance(number, Several) else float(number))


def lesser(one: Any, other: Any) -> Any:
    """The lesser of two numbers, in each future by itself."""
    if isinstance(one, Several) or isinstance(other, Several):
        return several(np.minimum(each(one), each(other)))
    return min(one, other)
