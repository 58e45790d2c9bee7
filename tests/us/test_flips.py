"""Where the levers of the case turn the plan: an option enters or leaves, proved by cost intervals at both ends.

An option is in where doing without it is proved to cost more, and out where taking it is proved to cost more. The
trunk's own continuation on the yearly grid.
"""

from __future__ import annotations

import pytest

from examples.flips import Flip, assert_costs_to_take, assert_in_range, assert_turns
from us.runs import US

FLIPS = [
    Flip("us_cost_multiple", ("project", "x_white_mesa_2"), 1.5, 10),
    Flip("us_cost_multiple", ("project", "x_round_top"), 1.0, 10),
    Flip("substitution_unit_cost_multiple", ("programme", "ferrite_low/1"), 0.3, 3),
]
ABSENT = [
    ("project", "x_us_refinery_other"),
    ("project", "x_us_refinery_cn"),
    ("contract", "realloys_src"),
    ("contract", "iluka"),
    ("programme", "thrift_high/1"),
]


@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: flip.name)
def test_the_values_lie_in_the_ranges_of_the_levers(flip: Flip) -> None:
    assert_in_range(US, flip)


@pytest.mark.long
@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: flip.name)
def test_an_option_enters_or_leaves_inside_the_range(flip: Flip) -> None:
    assert_turns(US, flip)


@pytest.mark.long
@pytest.mark.parametrize("option", ABSENT, ids=lambda option: option[1])
def test_what_the_trunk_leaves_alone_costs_more_to_take(option: tuple[str, str]) -> None:
    assert_costs_to_take(US, option)
