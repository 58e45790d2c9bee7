"""Where the levers of Japan's case turn the plan: an option enters or leaves, proved by cost intervals at both ends.

An option is in where doing without it is proved to cost more, and out where taking it is proved to cost more. The
trunk's own continuation, or it beside one shock as if there were no other, on the yearly grid.
"""

from __future__ import annotations

import pytest

from examples.flips import Flip, assert_costs_to_take, assert_in_range, assert_turns, how
from japan.runs import JAPAN, study
from orefolio.analyses.first_change import entry_cost, first_change, loss_without, planned
from orefolio.errors import InputError

FLIPS = [
    Flip("us_cost_multiple", ("contract", "energy_fuels"), 2.5, 3.5),
    Flip("us_cost_multiple", ("contract", "energy_fuels_heavy"), 1.5, 2.5),
    Flip("us_cost_multiple", ("contract", "us_mag_noveon"), 1.2, 2.0),
    Flip("us_cost_multiple", ("contract", "us_mag_evac"), 1.1, 2.0),
    Flip("embargo_months", ("contract", "mp_heavy"), 12, 6, ("S00", "S04")),
    Flip("seabed_cost_multiple", ("project", "seabed_lift"), 0.2, 0.35),
    Flip("collection_cost_multiple", ("programme", "collection/1"), 1, 1.75),
    Flip("collection_cost_multiple", ("programme", "collection/2"), 0.6, 1.2),
    Flip("collection_effect_multiple", ("programme", "collection/1"), 1, 0.5),
    Flip("substitution_cost_multiple", ("programme", "ferrite_low/1"), 0.25, 2),
    Flip("substitution_unit_cost_multiple", ("programme", "ferrite_low/1"), 0.5, 2),
]
FORMS = ("public_ndpr_oxide", "public_tb_oxide", "public_ndpr_metal", "private_magnet_high")
ABSENT = [
    ("project", "x_us_refinery"),
    ("contract", "realloys_src"),
    ("project", "x_mine_hoidas"),
    ("programme", "thrift_high/1"),
]


@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: flip.name)
def test_the_values_lie_in_the_ranges_of_the_levers(flip: Flip) -> None:
    assert_in_range(JAPAN, flip)


@pytest.mark.long
@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: flip.name)
def test_an_option_enters_or_leaves_inside_the_range(flip: Flip) -> None:
    assert_turns(JAPAN, flip)


def test_the_flips_are_of_every_kind_that_a_planner_asks_for() -> None:
    options = {flip.option for flip in FLIPS}
    assert sum(kind == "contract" for kind, _ in options) >= 2
    assert ("project", "seabed_lift") in options
    assert any(name.startswith("collection/") for _, name in options)
    assert any(name.startswith(("thrift", "heavy_free", "ferrite")) for _, name in options)


@pytest.mark.long
def test_forms_of_stock_are_raised_at_base_and_not_without_a_pace() -> None:
    case, ask = study().case, how()
    base, none = planned(case, ask), planned(case, ask, {"stockpile_pace": 0.0})
    for form in FORMS:
        assert ("stock", form) in base.taken
        assert ("stock", form) not in none.taken
    assert none.least > base.most


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_stock_is_worth_something(form: str) -> None:
    assert loss_without(study().case, ("stock", form), how()).least > 0


@pytest.mark.long
@pytest.mark.parametrize("option", ABSENT, ids=lambda option: option[1])
def test_what_the_trunk_leaves_alone_costs_more_to_take(option: tuple[str, str]) -> None:
    assert_costs_to_take(JAPAN, option)


@pytest.mark.long
def test_the_seabed_enters_under_scarcity_where_it_is_cheap() -> None:
    case = study("scarce").case
    ask = how(abs_gap=20.0, time_limit=90.0)
    plan = planned(case, ask, {"seabed_cost_multiple": 0.2})
    assert ("project", "seabed_lift") in plan.taken
    assert entry_cost(case, ("project", "seabed_lift"), ask).least > 0


def test_the_first_change_is_found_and_named() -> None:
    watched = frozenset({("programme", "collection/1")})
    change = first_change(
        study().case, "collection_cost_multiple", how(), toward="high", steps=2, halvings=1, watched=watched
    )
    assert change is not None
    assert change.left == [("programme", "collection/1")] or ("programme", "collection/1") in change.left
    assert 1 <= change.value_before < change.value_after <= 2.5
    assert change.after.least >= change.before.least - 2.0


def test_a_lever_without_effect_changes_nothing() -> None:
    """Nothing of Japan's trunk turns on the length of an embargo that never comes."""
    assert first_change(study().case, "embargo_months", how(), toward="high", steps=1) is None


def test_a_lever_that_an_overlay_has_turned_is_turned_anew() -> None:
    """Four times dearer under the overlay, turned to 2: twice the base and not eight times."""
    base, scarce = study().case, study("scarce").case
    row = "thrift_high/1"
    assert scarce.turned["substitution_cost_multiple"] == 4
    again = scarce.with_levers(
        {"substitution_cost_multiple": 2.0, "substitution_lead_years": 1.0, "embargo_months": 6.0}
    )
    assert again.row("programmes", row).up_front_musd == pytest.approx(2 * base.row("programmes", row).up_front_musd)
    assert again.row("programmes", row).lead_time_years == base.row("programmes", row).lead_time_years + 1
    assert again.row("future_events", "S04/full_embargo").length_months == 6


def test_unknown_levers_and_options_are_refused() -> None:
    with pytest.raises(InputError, match="a lever of the case"):
        first_change(study().case, "embargo_moons", how())
    with pytest.raises(InputError, match="an option that some future can take"):
        entry_cost(study().case, ("project", "x_greenland_mine"), how(), base=planned(study().case, how()))
