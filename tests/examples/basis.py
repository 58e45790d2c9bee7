"""What the numbers of an example case rest on: facts of the register, or assumptions that say how they follow."""

from __future__ import annotations

from collections.abc import Container

from orefolio.case.case import Case
from orefolio.facts import Facts


def cited(case: Case) -> set[str]:
    """Ids of the facts that the basis names."""
    return {name for row in case.rows("basis") for name in row.facts.split()}


def assert_cited_facts_stand(case: Case, facts: Facts, least: int) -> None:
    """Every cited fact is in the register, and at least so many are cited."""
    assert len(cited(case)) >= least
    assert [name for name in sorted(cited(case)) if not facts.cited(name)] == []


def assert_reasons_are_given(case: Case) -> None:
    """Every row says how it follows, within a range that holds it."""
    assert case.rows("basis")
    for row in case.rows("basis"):
        assert row.derivation, (row.table, row.row, row.column)
        assert row.low_multiple <= 1.0 <= row.high_multiple, (row.table, row.row, row.column)


def assert_levers_rest_on_something(case: Case, facts: Facts, also: Container[str] = ()) -> None:
    """Each of at least forty levers has a range with its base, a unit, and facts of the register (or what else may be
    named) or an assumption."""
    assert len(case.rows("levers")) >= 40
    for row in case.rows("levers"):
        assert row.low < row.high, row.lever
        assert row.low <= row.base <= row.high, row.lever
        assert row.unit, row.lever
        if not row.source.startswith("assumption:"):
            named = [word.rstrip(":,") for word in row.source.split(":")[0].split()]
            assert named, (row.lever, row.source)
            assert [word for word in named if not facts.cited(word) and word not in also] == [], row.lever
