"""Where the levers of the case turn the plan: an option enters or leaves, proved by cost intervals at both ends.

An option is in where doing without it is proved to cost more, and out where taking it is proved to cost more. The
trunk's own continuation on the yearly grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from orefolio.analyses.first_change import How, entry_cost, loss_without
from orefolio.solve import Options
from us.runs import study


@dataclass(frozen=True)
class Flip:
    """An option that is in at one value of a lever and out at another, both inside the lever's range."""

    lever: str
    option: tuple[str, str]
    inside: float
    outside: float


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


def how() -> How:
    return How("yearly", ("S00",), Options(abs_gap=2.0, time_limit=60.0))


def test_the_values_lie_in_the_ranges_of_the_levers() -> None:
    rows = {row.lever: row for row in study().case.rows("levers")}
    for flip in FLIPS:
        row = rows[flip.lever]
        assert row.low <= min(flip.inside, flip.outside) < max(flip.inside, flip.outside) <= row.high


@pytest.mark.long
@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: f"{flip.lever}, {flip.option[1]}")
def test_an_option_enters_or_leaves_inside_the_range(flip: Flip) -> None:
    case, ask = study().case, how()
    worth = loss_without(case, flip.option, ask, levers={flip.lever: flip.inside})
    price = entry_cost(case, flip.option, ask, levers={flip.lever: flip.outside})
    assert worth.least > 0
    assert price.least > 0


@pytest.mark.long
@pytest.mark.parametrize("option", ABSENT, ids=lambda option: option[1])
def test_what_the_trunk_leaves_alone_costs_more_to_take(option: tuple[str, str]) -> None:
    assert entry_cost(study().case, option, how()).least > 0
