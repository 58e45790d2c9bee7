"""The plan of the United States is not absurd: what a throw-away trial of Japan got wrong does not appear here either.

Every test reads real runs of inputs/us on the yearly grid: three futures of thirteen every day (the trunk, the full
embargo, the 0.1 % rule enforced), all thirteen with `-m long`.
"""

from __future__ import annotations

import pytest

from examples.runs import outcome, trunk
from examples.sanity import (
    assert_a_closed_licence_closes_china,
    assert_chinese_equipment_makes_nothing_free,
    assert_closed_sources_sell_nothing,
    assert_embargo_costs,
    assert_light_oxide_is_not_stored_first,
    assert_lines_keep_to_their_ramp,
    assert_nothing_is_hoarded,
    assert_onsets_are_spread,
    assert_served_only_with,
    assert_shortage_is_told_apart,
    assert_thrifting_is_slow_and_partial,
    at_base,
    everywhere,
    ndpr_from_china,
    worth_by_form,
)
from orefolio import api
from orefolio.analyses.first_change import How, entry_cost
from orefolio.solve import Options
from orefolio.tables.outcome import Outcome
from us.runs import US, study

FULL_CUT_MUSD = 7930.0  # what USGS gives for samarium, terbium and dysprosium in a year (P183)


@pytest.fixture
def run(request: pytest.FixtureRequest) -> api.Run:
    overlay, futures = request.param
    return US.solved(overlay, futures)


@pytest.fixture
def plan(run: api.Run) -> Outcome:
    return outcome(run)


def test_1_shocks_are_spread_over_the_years() -> None:
    assert_onsets_are_spread(US.case)


@at_base
def test_1_chinas_share_of_ndpr_does_not_climb_back(run: api.Run) -> None:
    share = ndpr_from_china(run)
    assert share.loc[2040] < share.loc[2027] < 0.75


@at_base
def test_2_an_embargo_is_not_nearly_free(plan: Outcome) -> None:
    assert_embargo_costs(plan, 0.05 * FULL_CUT_MUSD)


@everywhere
def test_2_existing_lines_rise_no_faster_than_their_ramp(plan: Outcome) -> None:
    assert_lines_keep_to_their_ramp(plan, least=10)


@everywhere
def test_3_thrifting_takes_years_and_reaches_only_some_models(plan: Outcome) -> None:
    for programme in ("thrift_high", "heavy_free_mid", "ferrite_low"):
        assert_thrifting_is_slow_and_partial(plan, programme)


@everywhere
def test_4_lanthanum_and_cerium_do_not_fill_the_stock_first(plan: Outcome) -> None:
    assert_light_oxide_is_not_stored_first(plan)


@everywhere
def test_5_magnets_are_not_the_form_in_which_stock_is_kept(plan: Outcome) -> None:
    """Of what is left at the end."""
    for number, lived in enumerate(plan.futures):
        worth = worth_by_form(plan, number)
        assert worth["magnet"][-1] < 0.5 * worth["other"][-1], lived.name


@everywhere
def test_6_nothing_is_hoarded_for_the_closing_value(plan: Outcome) -> None:
    assert_nothing_is_hoarded(plan)


def test_8_the_seabed_has_a_price() -> None:
    how = How("yearly", ("S00",), Options(abs_gap=5.0))
    entry = entry_cost(study().case, ("project", "x_seabed_us"), how)
    assert 0 < entry.least <= entry.most < 3000


def test_9_the_envelope_can_buy_a_refinery() -> None:
    """Half of it at base: the cost keeps the refinery out, and not the envelope."""
    refinery = study().case.row("projects", "x_us_refinery_other")
    envelope = next(row for row in study().case.rows("envelopes") if row.envelope == "special_finance")
    assert refinery.capital_musd * refinery.public_share < envelope.amount_million
    how = How("yearly", ("S00",), Options(abs_gap=5.0))
    assert entry_cost(study().case, ("project", "x_us_refinery_other"), how).least > 0


@everywhere
def test_10_shortage_on_the_trunk_is_told_apart(run: api.Run) -> None:
    assert_shortage_is_told_apart(run)


@at_base
def test_10_the_trunk_is_not_the_crisis(plan: Outcome) -> None:
    assert plan.trunk.short_musd < 0.05 * FULL_CUT_MUSD


@everywhere
def test_12_what_chinese_equipment_makes_bears_the_tag(plan: Outcome) -> None:
    assert_chinese_equipment_makes_nothing_free(plan)


def test_13_floors_bite() -> None:
    """With the floor under NdPr at the lowest Chinese price of five years the plan is proved cheaper."""
    assert trunk(study(ndpr_floor=55.0), abs_gap=2.0).cost < trunk(study(), abs_gap=2.0).bound


@everywhere
def test_14_holding_cost_is_storage_and_not_capital_again(plan: Outcome) -> None:
    assert {row.holding_share_per_year for row in plan.case.rows("stockpiles")} == {0.02}


# what no plan may do


@everywhere
def test_nothing_of_a_chinese_stage_goes_to_defence(plan: Outcome) -> None:
    tags = {row.class_: row.tags.split() for row in plan.case.rows("classes")}
    assert [name for name, borne in tags.items() if "china-stage" in borne] == ["controlled"]
    defence = {row.demand for row in plan.case.rows("demands") if row.sector == "defence"}
    assert defence == {"defence_magnets", "defence_smco"}
    assert_served_only_with(plan, defence, tags.keys() - {"controlled"})


@at_base
def test_defence_is_served_on_the_trunk(plan: Outcome) -> None:
    short = sum(e.value for e in plan.trunk.entries("short") if e.index[0].startswith("defence"))
    served = sum(e.value for e in plan.trunk.entries("deliver") if e.index[0].startswith("defence"))
    assert short < 0.05 * (short + served)


@everywhere
def test_the_state_takes_what_it_signed_for(plan: Outcome) -> None:
    """The ten-year offtake is paid for in every full year of the trunk, taken or not."""
    first = plan.case.row("contracts", "mp_10x_high_first")
    assert first.take_or_pay_share == 1
    for year in range(2029, 2038):
        own = [
            e.value
            for name in ("buy", "unused")
            for e in plan.trunk.entries(name)
            if e.index[0] == first.contract and 2027 + e.period.start <= year < 2027 + e.period.end
        ]
        assert sum(own) == pytest.approx(first.volume_max_t_per_year, rel=1e-6), year


@everywhere
def test_nothing_comes_from_a_closed_source(plan: Outcome) -> None:
    assert_closed_sources_sell_nothing(plan)


def test_a_closed_licence_closes_what_it_licenses() -> None:
    assert_a_closed_licence_closes_china(study(), gap=0.05)
