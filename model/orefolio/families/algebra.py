"""The few words in which families state rows: columns, sums of columns times numbers, and the relations between them.

Nothing is evaluated here. A stated future is a list of columns and a list of relations, which `program/flatten.py`
lays out as arrays and `program/plain.py` writes as a Pyomo model.
"""

from __future__ import annotations

from typing import Any, Literal

Key = tuple[Any, ...]
Term = tuple[float, "Column"]
Sense = Literal["<=", ">=", "=="]


class Column:
    """A decision: its variable, its index (the period last), its place among the columns of its future, its bounds.

    lower, upper: in units of the column; infinite where there is none.
    """

    __slots__ = ("binary", "key", "lower", "name", "place", "upper")

    def __init__(self, name: str, key: Key, place: int, lower: float, upper: float, binary: bool) -> None:
        self.name, self.key, self.place = name, key, place
        self.lower, self.upper, self.binary = lower, upper, binary

    @property
    def period(self) -> int:
        """The number of its period."""
        return int(self.key[-1])

    def __rmul__(self, coefficient: float) -> Linear:
        return Linear([(coefficient, self)])

    def __le__(self, other: Linear | float) -> Relation:
        return Linear([(1.0, self)]) <= other

    def __ge__(self, other: Linear | float) -> Relation:
        return Linear([(1.0, self)]) >= other

    def __repr__(self) -> str:
        return f"{self.name}[{','.join(map(str, self.key))}]"


class Linear:
    """A sum of terms (coefficient, column)."""

    __slots__ = ("terms",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms

    def __le__(self, other: Linear | float) -> Relation:
        return self._against("<=", other)

    def __ge__(self, other: Linear | float) -> Relation:
        return self._against(">=", other)

    def __eq__(self, other: Linear | float) -> Relation:  # type: ignore[override]
        return self._against("==", other)

    def _against(self, sense: Sense, other: Linear | float) -> Relation:
        if isinstance(other, Linear):
            return Relation([*self.terms, *((-c, v) for c, v in other.terms)], sense, 0.0)
        return Relation(self.terms, sense, other)


class Relation:
    """A row: terms, their sense, and a number on the right side."""

    __slots__ = ("right", "sense", "terms")

    def __init__(self, terms: list[Term], sense: Sense, right: float) -> None:
        self.terms, self.sense, self.right = terms, sense, right

    def __bool__(self) -> bool:
        raise TypeError("a relation between columns is neither true nor false before it is solved")


def linear(terms: list[Term]) -> Linear:
    """The sum of terms."""
    return Linear(terms)
