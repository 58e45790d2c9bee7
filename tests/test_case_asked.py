"""What a solve asks of a case: a grid and futures that it has, or an error that says which there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orefolio.case.asked import futures_of, grid_of
from orefolio.case.case import Case
from orefolio.errors import InputError
from program.shocks import three_futures


def case() -> Case:
    """Grids `only` and `finest`; futures calm, early and late, of which calm has no onset."""
    made = three_futures()
    return replace(made, grids={made.grid: made.grids[made.grid], "finest": made.grids[made.grid]})


def test_the_grid_is_the_one_that_was_asked_for_or_the_cases_own() -> None:
    assert grid_of(case(), "finest") == "finest"
    assert grid_of(case(), None) == case().grid


@pytest.mark.parametrize(("asked", "way_out"), [("finst", "finest"), ("zzzz", "The case has")])
def test_a_grid_that_is_not_there_is_refused_with_a_way_out(asked: str, way_out: str) -> None:
    with pytest.raises(InputError) as refused:
        grid_of(case(), asked)
    assert asked in str(refused.value)
    assert way_out in str(refused.value)


def test_futures_are_those_that_were_asked_for_or_all() -> None:
    assert futures_of(case(), None, deterministic=False) is None
    assert futures_of(case(), ("early",), deterministic=False) == ("early",)
    assert futures_of(case(), None, deterministic=True) == ("calm",)


def test_the_trunk_is_one_future() -> None:
    rows = case().rows("futures")
    two = replace(case(), tables={**case().tables, "futures": (*rows, replace(rows[0], future="calmer"))})
    assert futures_of(two, None, deterministic=True) == ("calm",)


def test_a_case_without_a_trunk_cannot_be_planned_for_it_alone() -> None:
    rows = tuple(row for row in case().rows("futures") if row.onset is not None)
    with pytest.raises(InputError, match="no future without an onset"):
        futures_of(replace(case(), tables={**case().tables, "futures": rows}), None, deterministic=True)


def test_futures_that_are_not_there_are_refused_each() -> None:
    with pytest.raises(InputError) as refused:
        futures_of(case(), ("calm", "never", "nowhere"), deterministic=False)
    assert ["never" in str(fault) or "nowhere" in str(fault) for fault in refused.value.faults] == [True, True]
