"""Japan's plan is not absurd: what a throw-away trial got wrong does not come back, nor what no plan may do.

Every test reads real runs of inputs/japan on the yearly grid: three futures of thirteen every day (the trunk, the full
embargo, the 0.1 % rule enforced), all thirteen with `-m long`.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from examples.runs import contents, held, outcome, per_year, trunk, values
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
    assert_what_is_built_runs,
    at_base,
    everywhere,
    ndpr_from_china,
    worth_by_form,
    years_until_it_stands,
)
from japan.runs import JAPAN, study
from orefolio import api
from orefolio.analyses.first_change import How, entry_cost
from orefolio.solve import Options
from orefolio.tables.outcome import Outcome

YEN = 156.8
FULL_CUT_MUSD = 2.6e6 / YEN  # 2.6 tn JPY: what a cut of one year costs without stock


@pytest.fixture
def run(request: pytest.FixtureRequest) -> api.Run:
    overlay, futures = request.param
    return JAPAN.solved(overlay, futures)


@pytest.fixture
def plan(run: api.Run) -> Outcome:
    return outcome(run)


# the absurdities of the trial, by their numbers


@at_base
def test_1_shocks_come_late_enough_for_what_is_built_to_help(plan: Outcome) -> None:
    assert_onsets_are_spread(plan.case)
    built = {
        (choice.id, number)
        for choice in plan.commitments
        if choice.kind == "project"
        for number in choice.futures
        if plan.futures[number].path.onset is not None
        and years_until_it_stands(plan, choice.id, choice.date) <= plan.futures[number].path.onset
    }
    assert built, "nothing that is built stands before any shock"


@at_base
def test_1_chinas_share_of_ndpr_does_not_climb_back(run: api.Run) -> None:
    assert ndpr_from_china(run).loc[2040] < 0.6


@at_base
def test_2_an_embargo_is_not_nearly_free(plan: Outcome) -> None:
    """The trial lost 47 million USD; even with a plan and stock a hundredth of what a cut costs without is lost."""
    assert_embargo_costs(plan, 0.01 * FULL_CUT_MUSD)


@everywhere
def test_2_new_contracts_wait_for_their_qualification(plan: Outcome, run: api.Run) -> None:
    delivered: dict[tuple[str, int], float] = {}
    for number, lived in enumerate(plan.futures):
        for entry in lived.entries("buy"):
            first = delivered.get((entry.index[0], number), 99.0)
            delivered[entry.index[0], number] = min(first, entry.period.end)
    signed = [choice for choice in plan.commitments if choice.kind == "contract"]
    assert signed
    for choice in signed:
        row = plan.case.row("contracts", choice.id)
        first_signed = min(c.date for c in signed if c.id == choice.id and set(c.futures) & set(choice.futures))
        begun = int(first_signed[:4]) - 2027
        for number in choice.futures:
            assert delivered.get((choice.id, number), 99.0) > begun + row.qualification_years


@everywhere
def test_2_existing_lines_rise_no_faster_than_their_ramp(plan: Outcome) -> None:
    assert_lines_keep_to_their_ramp(plan, least=1)


@everywhere
def test_3_thrifting_takes_years_and_reaches_only_some_models(plan: Outcome) -> None:
    """Less than half: the trial cut dysprosium by half."""
    for programme in ("thrift_high", "heavy_free_mid", "ferrite_low"):
        assert_thrifting_is_slow_and_partial(plan, programme)


@everywhere
def test_4_lanthanum_and_cerium_do_not_fill_the_stock_first(plan: Outcome) -> None:
    assert_light_oxide_is_not_stored_first(plan)
    room = plan.case.row("stockpiles", "public_light_oxide").warehouse_t
    for number in range(len(plan.futures)):
        assert max(held(plan, number)["public_light_oxide"].values()) <= room + 1e-6


@everywhere
def test_5_magnets_are_not_the_form_in_which_stock_is_kept(plan: Outcome) -> None:
    """At the peak of each."""
    for number in range(len(plan.futures)):
        worth = worth_by_form(plan, number)
        assert max(worth["magnet"]) < 0.5 * max(worth["other"])


@everywhere
def test_6_nothing_is_hoarded_for_the_closing_value(plan: Outcome) -> None:
    assert_nothing_is_hoarded(plan)


@at_base
def test_7_old_stock_moves_and_is_not_dumped_at_the_end(plan: Outcome) -> None:
    calm = plan.trunk
    rotated = sum(e.value for e in calm.entries("rotate"))
    used = sum(e.value for e in calm.entries("take") if e.index[0].startswith("private_"))
    assert rotated > 0
    assert used > 0
    last = calm.path.periods[-1].number
    dumped = sum(e.value for e in calm.entries("rotate") if e.period.number == last)
    assert dumped < 0.5 * rotated


def test_8_the_seabed_can_be_entered_and_has_a_price() -> None:
    how = How("yearly", ("S00",), Options(abs_gap=5.0))
    entry = entry_cost(study().case, ("project", "seabed_lift"), how)
    assert 0 < entry.least <= entry.most < 2000
    cheap = entry_cost(
        study().case,
        ("project", "seabed_lift"),
        how,
        levers={"seabed_cost_multiple": 0.2, "seabed_capital_multiple": 0.2},
    )
    assert cheap.most < entry.least


@everywhere
def test_10_shortage_on_the_trunk_is_told_apart(run: api.Run) -> None:
    assert_shortage_is_told_apart(run)


def test_10_the_trunks_shortage_comes_from_the_licence_factor() -> None:
    lost = {
        share: outcome(trunk(study(heavy_licence_share=share), gap=0.01)).trunk.short_musd for share in (0.0, 0.3, 1.0)
    }
    assert lost[0.0] > lost[0.3] > lost[1.0]
    # at base the status quo of licences is not the crisis: less than a full cut costs in one year
    assert lost[0.3] < 0.2 * FULL_CUT_MUSD


def test_12_chinese_equipment_costs_something_once_the_rule_holds() -> None:
    strict = study(rule_in_force_now=1.0, tagged_goods_approval=0.0, tagged_across_borders_approval=0.0)
    blind = strict.what_if(rule_counts_equipment=0.0)
    size = {}
    for name, asked in (("counts", strict), ("does not", blind)):
        run = trunk(asked, gap=0.005)
        chosen = [choice for choice in outcome(run).commitments if choice.kind == "project"]
        size[name] = sum(choice.size for choice in chosen if choice.id.endswith("_cn")), run
    assert size["counts"][0] < size["does not"][0]
    assert size["does not"][1].bound < size["counts"][1].cost


@everywhere
def test_12_what_chinese_equipment_makes_bears_the_tag(plan: Outcome) -> None:
    assert_chinese_equipment_makes_nothing_free(plan)


@everywhere
def test_14_holding_cost_is_storage_and_not_capital_again(plan: Outcome) -> None:
    """Two per cent a year of the value of mean stock, discounted, by hand."""
    rows = {row.stockpile: row for row in plan.case.rows("stockpiles")}
    assert {row.holding_share_per_year for row in rows.values()} == {0.02}
    lived = plan.trunk
    stock, paid = held(plan, 0), 0.0
    for name, row in rows.items():
        before = row.initial_t
        for period in lived.path.periods:
            now = stock.get(name, {}).get(period.number, 0.0)
            middle = 1.04 ** -((period.start + period.end) / 2)
            paid += 0.02 * (before + now) / 2 * period.years * _price_of(plan, row.commodity) * 1e-3 * middle
            before = now
    charged = sum(musd for (name, _), musd in lived.costs.items() if name == "stockholding")
    assert charged == pytest.approx(paid, rel=0.02)


def _price_of(plan: Outcome, commodity: str) -> float:
    """Chinese base-year price of a commodity, USD/kg: the share of its elements' worth that is realised, and a fee."""
    row = plan.case.row("prices", f"china/{commodity}")
    return float(values(plan.case)[commodity] * row.realisation_share + row.fee_usd_per_kg)


# what no plan may do


@everywhere
def test_every_plant_that_is_built_runs_on_some_path(plan: Outcome) -> None:
    assert_what_is_built_runs(plan)


@everywhere
def test_stock_is_not_filled_in_the_first_year(plan: Outcome) -> None:
    """In no future by value, and on the trunk no stockpile by tonnes."""
    price = values(plan.case)
    opening = {row.stockpile: row.initial_t for row in plan.case.rows("stockpiles")}
    worth = {row.stockpile: price[row.commodity] for row in plan.case.rows("stockpiles")}
    for number, lived in enumerate(plan.futures):
        first = dict.fromkeys(opening, 0.0)
        for entry in lived.entries("put"):
            if entry.period.start < 1:
                first[entry.index[0]] += entry.value
        total = [0.0] * len(lived.path.periods)
        for name, tonnes in held(plan, number).items():
            for period, stock in tonnes.items():
                total[period] += stock * worth[name]
            if lived is plan.trunk:
                assert first[name] <= 0.6 * max(opening[name], *tonnes.values()), name
        assert sum(first[name] * worth[name] for name in first) <= 0.6 * max(total), lived.name


@at_base
def test_stock_at_a_leaf_is_at_least_half_the_cover(plan: Outcome) -> None:
    content = contents(plan.case)
    for number, lived in enumerate(plan.futures):
        last = len(lived.path.periods) - 1
        left: dict[str, float] = defaultdict(float)
        floor: dict[str, float] = defaultdict(float)
        for row in plan.case.rows("stockpiles"):
            for element, share in content[row.commodity].items():
                left[element] += share * held(plan, number).get(row.stockpile, {}).get(last, 0.0)
                floor[element] += share * per_year(plan.case, row.stockpile, lived.path.periods[-1].year)
        for element, wanted in floor.items():
            assert left[element] >= 0.5 * wanted, (lived.name, element)


@everywhere
def test_nothing_comes_from_a_closed_source(plan: Outcome) -> None:
    assert_closed_sources_sell_nothing(plan)


@everywhere
def test_nothing_tagged_goes_to_defence(plan: Outcome) -> None:
    defence = {row.demand for row in plan.case.rows("demands") if row.sector == "defence"}
    assert_served_only_with(plan, defence, {"free"})


def test_a_closed_licence_closes_what_it_licenses() -> None:
    assert_a_closed_licence_closes_china(study(), gap=0.03)
