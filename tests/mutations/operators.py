"""Mutations of any family: what it states is edited on its way to the future, and what it leaves is edited after.

Each operator returns a function that lays the mutation on the running process; `STRUCK` counts what was changed, so
that a mutation that touches nothing is told from one that survives.
"""

from __future__ import annotations
import __future__

import importlib
import inspect
import math
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orefolio.families import FAMILIES
from orefolio.families.algebra import Column, Key, Relation, Sense, Term
from orefolio.families.ledger import Future

Mutation = Callable[[], None]
Edit = Callable[[Future], None]

STRUCK: Counter[str] = Counter()
STATED: Counter[tuple[str, str]] = Counter()
"""What a family states while it is only watched: kind and name."""

FLIPPED: dict[Sense, Sense] = {"<=": ">=", ">=": "<=", "==": "=="}


@dataclass(frozen=True)
class Row:
    """A row as the sum of its terms, its sense and its right side."""

    terms: tuple[Term, ...]
    sense: Sense
    right: float

    def relation(self) -> Relation:
        """The row as a family states it."""
        return Relation(list(self.terms), self.sense, self.right)


def row_of(relation: Relation) -> Row:
    """The row of a relation as a family writes it."""
    return Row(tuple(relation.terms), relation.sense, relation.right)


def within(family: str, edit: Edit) -> Mutation:
    """Lay an edit's hands on the future and its ledger while one family is stated."""

    def lay() -> None:
        original = FAMILIES[family]

        def state(future: Future) -> None:
            edit(future)
            original(future)
            for owner in (future, future.ledger):
                for name in ("rows", "columns", "spend", "cost", "cost_always", "post"):
                    vars(owner).pop(name, None)

        FAMILIES[family] = state

    return lay


def after(family: str, edit: Edit) -> Mutation:
    """Edit what a family has left in the model."""

    def lay() -> None:
        original = FAMILIES[family]

        def state(future: Future) -> None:
            original(future)
            edit(future)

        FAMILIES[family] = state

    return lay


def drop(family: str) -> Mutation:
    """The family is not stated at all."""

    def lay() -> None:
        FAMILIES[family] = lambda future: STRUCK.update([family])

    return lay


def rows(family: str, name: str, edit: Callable[[dict[Key, Row]], dict[Key, Row]]) -> Mutation:
    """Edit the rows of one name."""

    def lay_on(future: Future) -> None:
        def made(given: str, entries: Mapping[Key, Relation]) -> None:
            if given == name:
                before = {key: row_of(entry) for key, entry in entries.items()}
                changed = edit(before)
                STRUCK[name] += changed != before
                entries = {key: row.relation() for key, row in changed.items()}
            Future.rows(future, given, entries)

        vars(future)["rows"] = made

    return within(family, lay_on)


def without(_: dict[Key, Row]) -> dict[Key, Row]:
    """No row is left."""
    return {}


def flipped(before: dict[Key, Row]) -> dict[Key, Row]:
    """At most for at least, and the reverse."""
    return {key: replace(row, sense=FLIPPED[row.sense]) for key, row in before.items()}


def only(sense: Sense) -> Callable[[dict[Key, Row]], dict[Key, Row]]:
    """An equality that holds one way."""
    return lambda before: {key: replace(row, sense=sense) for key, row in before.items()}


def scaled(factor: float) -> Callable[[dict[Key, Row]], dict[Key, Row]]:
    """The right side times a factor: its number, and the terms that stand on the left with a minus."""

    def edit(before: dict[Key, Row]) -> dict[Key, Row]:
        return {
            key: Row(tuple((c * factor if c < 0 else c, v) for c, v in row.terms), row.sense, row.right * factor)
            for key, row in before.items()
        }

    return edit


def shifted(before: dict[Key, Row]) -> dict[Key, Row]:
    """The right side of the period before."""
    sides = {key: row.right for key, row in before.items()}
    return {
        key: replace(row, right=sides.get((*key[:-1], key[-1] - 1), row.right), terms=row.terms)
        for key, row in before.items()
    }


def columns(family: str, name: str, edit: Callable[[Column], bool]) -> Mutation:
    """Edit each column of a variable when its family is done; the edit says whether it changed anything."""

    def edit_all(future: Future) -> None:
        for column in future.columns_of[name].values():
            STRUCK[name] += edit(column)

    return after(family, edit_all)


def unsigned(column: Column) -> bool:
    """No lower bound."""
    column.lower = -math.inf
    return True


def relaxed(column: Column) -> bool:
    """Any share where all or nothing was meant."""
    column.binary, column.lower, column.upper = False, 0.0, 1.0
    return True


def room(factor: float) -> Callable[[Column], bool]:
    """The upper bound times a factor."""

    def edit(column: Column) -> bool:
        if math.isinf(column.upper) or column.upper == 0 or column.binary:
            return False
        column.upper *= factor
        return True

    return edit


def costs(family: str, name: str, edit: Callable[[Future, int, float], float]) -> Mutation:
    """Edit what is posted under one name of cost: future, period, million USD → million USD."""

    def lay_on(future: Future) -> None:
        ledger = future.ledger

        def amount(given: str, period: int, musd: float) -> float:
            changed = edit(future, period, musd) if given == name else musd
            STRUCK[name] += changed != musd
            return changed

        vars(ledger)["cost"] = lambda given, period, musd, variable: type(ledger).cost(
            ledger, given, period, amount(given, period, musd), variable
        )
        vars(ledger)["cost_always"] = lambda given, period, musd: type(ledger).cost_always(
            ledger, given, period, amount(given, period, musd)
        )

    return within(family, lay_on)


def undiscounted(future: Future, period: int, musd: float) -> float:
    """Without the discount factor of its period."""
    span = future.path.periods[period]
    return musd / future.path.discount(span.start, span.end)


def discounted_late(future: Future, period: int, musd: float) -> float:
    """With the discount factor of a year later."""
    return musd / (1 + future.case.setting("discount_rate"))


def times(factor: float) -> Callable[[Future, int, float], float]:
    """A cost times a factor."""
    return lambda future, period, musd: musd * factor


def posts(family: str, account: str, edit: Callable[[Key, float], tuple[Key, float]]) -> Mutation:
    """Edit what is posted to one account: key and coefficient."""

    def lay_on(future: Future) -> None:
        ledger, last = future.ledger, future.path.periods[-1].number

        def post(given: str, key: Key, coefficient: float, variable: Any) -> None:
            changed = edit(key, coefficient) if given == account else (key, coefficient)
            STRUCK[account] += changed != (key, coefficient)
            if not (isinstance(changed[0][-1], int) and changed[0][-1] > last):
                type(ledger).post(ledger, given, *changed, variable)

        vars(ledger)["post"] = post

    return within(family, lay_on)


def lost(key: Key, _: float) -> tuple[Key, float]:
    """Nothing is posted."""
    return key, 0.0


def a_period_late(key: Key, coefficient: float) -> tuple[Key, float]:
    """Posted to the next period."""
    return (*key[:-1], key[-1] + 1), coefficient


def inverted(key: Key, coefficient: float) -> tuple[Key, float]:
    """One over the coefficient."""
    return key, 1.0 / coefficient if coefficient else 0.0


def more(key: Key, coefficient: float) -> tuple[Key, float]:
    """A hundredth more."""
    return key, coefficient * 1.01


def spends_nothing(family: str) -> Mutation:
    """What a family spends of public money is not posted."""

    def lay_on(future: Future) -> None:
        vars(future)["spend"] = lambda *_: STRUCK.update([family])

    return within(family, lay_on)


def watched(family: str) -> Mutation:
    """Change nothing; note what the family states."""

    def lay_on(future: Future) -> None:
        ledger = future.ledger

        def noting(owner: Any, method: str, kind: str) -> None:
            original = getattr(type(owner), method)

            def noted(name: str, *rest: Any, **options: Any) -> Any:
                STATED[kind, name] += 1
                if kind == "rows" and any(row_of(entry).sense == "==" for entry in rest[0].values()):
                    STATED["equal", name] += 1
                if kind == "columns" and options.get("binary"):
                    STATED["binary", name] += 1
                return original(owner, name, *rest, **options)

            vars(owner)[method] = noted

        noting(future, "rows", "rows")
        noting(future, "columns", "columns")
        noting(ledger, "cost", "costs")
        noting(ledger, "post", "posts")

    return within(family, lay_on)


def rewritten(place: str, old: str, new: str) -> Mutation:
    """Rewrite a piece of one function: `module:function` or `module:Class.method` under orefolio."""

    def lay() -> None:
        module_name, _, path = place.partition(":")
        module = importlib.import_module(f"orefolio.{module_name}")
        function: Any = module
        for part in path.split("."):
            function = inspect.getattr_static(function, part)
        function = getattr(function, "func", function)
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(old) != 1:
            raise LookupError(f"{place} has {source.count(old)} times: {old}")
        named: dict[str, Any] = {}
        flags = __future__.annotations.compiler_flag
        code = compile(source.replace(old, new), inspect.getsourcefile(function) or place, "exec", flags)
        exec(code, dict(vars(module)), named)
        changed = named[function.__name__]
        function.__code__ = getattr(changed, "func", changed).__code__
        STRUCK[place] += 1

    return lay
