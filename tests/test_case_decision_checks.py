"""Checks of what can be decided, each at its edge: the last that passes and the first that is told."""

from __future__ import annotations

import math

import pytest

from bare_case import bare_case, lines, told
from orefolio.case.checks import decisions, windows


def test_what_is_required_may_start_as_late_as_the_last_year_of_what_requires_it() -> None:
    projects = [
        {"project": "a", "start_from": 2028, "start_to": 2030},
        {"project": "b", "start_to": 2028, "requires": ("a",)},
        {"project": "c", "start_to": 2027, "requires": ("a",)},
        {"project": "d", "start_to": 0, "requires": ("nowhere",)},
    ]
    assert lines(decisions.requirements_can_come_first, projects=projects) == [4]


def test_a_circle_of_requirements_is_told_once_where_it_begins() -> None:
    projects = [
        {"project": "free"},
        {"project": "a", "requires": ("b",)},
        {"project": "b", "requires": ("a",)},
        {"project": "self", "requires": ("self",)},
    ]
    found = told(decisions.requirements_have_no_loop, projects=projects)
    assert sorted(found) == [
        (3, "'a' in a circle of requirements (a, b)"),
        (5, "'self' in a circle of requirements (self)"),
    ]


@pytest.mark.parametrize(
    ("table", "money", "per_tonne"),
    [
        ("projects", "capital_musd", "capital_usd_per_t_per_year"),
        ("contracts", "prepayment_musd", "prepayment_usd_per_t_per_year"),
    ],
)
def test_a_public_share_of_money_needs_an_envelope(table: str, money: str, per_tonne: str) -> None:
    rows = [
        {"public_share": 0.5, money: 1.0},
        {"public_share": 0.5, per_tonne: 1.0},
        {"public_share": 0.5},
        {"public_share": 0.0, money: 1.0},
        {"public_share": 0.5, money: 1.0, "envelope": "e"},
    ]
    assert lines(decisions.public_money_has_an_envelope, **{table: rows}) == [2, 3]


def test_spans_of_an_envelope_may_touch_and_not_overlap() -> None:
    """The long first span still runs when the third begins, though the second has ended."""
    envelopes = [
        {"envelope": "e", "from_date": "2029-01-01", "to_date": "2029-06-01"},
        {"envelope": "e", "from_date": "2027-01-01", "to_date": "2029-03-01"},
        {"envelope": "e", "from_date": "2027-02-01", "to_date": "2027-03-01"},
        {"envelope": "e", "from_date": "2029-06-01", "to_date": "2030-01-01"},
        {"envelope": "other", "from_date": "2027-01-01", "to_date": "2031-01-01"},
    ]
    found = told(decisions.envelopes_do_not_overlap, envelopes=envelopes)
    assert found == [(line, "a span of 'e' that shares days with its span from 2027-01-01") for line in (4, 2)]


def test_of_two_spans_that_end_together_the_first_is_named() -> None:
    starts = ("2027-01-01", "2027-06-01", "2028-01-01")
    envelopes = [{"envelope": "e", "from_date": start, "to_date": "2029-01-01"} for start in starts]
    found = told(decisions.envelopes_do_not_overlap, envelopes=envelopes)
    assert [text.rpartition(" ")[2] for _, text in found] == ["2027-01-01", "2027-01-01"]


def test_a_contract_lasts_and_holds_something_of_each_commodity() -> None:
    case = bare_case(
        contracts=[{"term_years": 0.5}, {"term_years": 0.0}, {}],
        contract_items=[{"t_per_t": 0.1}, {}, {"t_per_t": 0.0}],
    )
    assert lines(decisions.contracts_deliver_something, case) == [3, 4]


@pytest.mark.parametrize("duty", ["take_or_pay_share", "volume_min_t_per_year", "prepayment_usd_per_t_per_year"])
def test_any_duty_per_tonne_needs_a_greatest_volume(duty: str) -> None:
    contracts = [{duty: 0.5}, {duty: 0.5, "volume_max_t_per_year": 3.0}, {}, {duty: 0.0}]
    assert lines(decisions.obligations_have_a_volume, contracts=contracts) == [2]
    assert math.isinf(bare_case(contracts=contracts).rows("contracts")[0].volume_max_t_per_year)


def test_each_price_rule_names_what_it_lacks() -> None:
    items = [
        {"price_rule": "fixed"},
        {"price_rule": "index"},
        {"price_rule": "index", "market": "m"},
        {"price_rule": "floor"},
        {"price_rule": "floor", "market": "m"},
        {"price_rule": "floor", "market": "m", "floor_usd_per_kg": 1.0},
        {"price_rule": "floor", "market": "m", "floor_multiple": 1.0},
        {"price_rule": "cost_plus", "cost_multiple": 1.0},
        {"price_rule": "cost_plus", "chinese_full_cost_usd_per_kg": 1.0},
        {"price_rule": "cost_plus", "chinese_full_cost_usd_per_kg": 1.0, "cost_multiple": 1.0},
    ]
    assert told(decisions.prices_have_what_they_need, contract_items=items) == [
        (3, "the price rule index without market"),
        (5, "the price rule floor without market"),
        (6, "the price rule floor without floor_usd_per_kg"),
        (9, "the price rule cost_plus without chinese_full_cost_usd_per_kg"),
        (10, "the price rule cost_plus without cost_multiple"),
    ]


def test_what_is_priced_by_a_market_has_a_price_there_and_so_have_its_elements() -> None:
    case = bare_case(
        contract_items=[{"market": "m", "commodity": "a"}, {"market": "m", "commodity": "b"}, {"commodity": "b"}],
        outlets=[{"market": "n", "commodity": "a"}],
        prices=[{"market": "m", "commodity": "a"}, {"market": "n", "commodity": "c"}],
        content=[{"commodity": "a", "element": "Dy"}, {"commodity": "a", "element": "Tb"}],
        element_prices=[{"market": "m", "element": "Dy"}],
    )
    assert told(decisions.indexed_goods_have_a_price, case) == [
        (3, "no price of 'b' in the market 'm'"),
        (2, "no price of 'a' in the market 'n'"),
        (2, "no price of 'Tb', held by 'a', in the market 'm'"),
    ]


def test_only_a_process_whose_output_comes_back_may_not_be_paid() -> None:
    case = bare_case(
        processes=[
            {"process": "turn", "operating_usd_per_kg": -1.0},
            {"process": "back", "operating_usd_per_kg": 0.0},
            {"process": "away", "operating_usd_per_kg": -1.0},
        ],
        recipes=[
            {"process": "turn", "commodity": "a", "direction": "in"},
            {"process": "turn", "commodity": "b", "direction": "out"},
            {"process": "back", "commodity": "b", "direction": "in"},
            {"process": "back", "commodity": "a", "direction": "out"},
            {"process": "away", "commodity": "b", "direction": "in"},
            {"process": "away", "commodity": "c", "direction": "out"},
        ],
    )
    assert lines(decisions.processes_are_not_paid_to_turn, case) == [2]


# Windows


def test_the_least_may_equal_the_most() -> None:
    projects = [{"size_min_t_per_year": 2.0, "size_max_t_per_year": 2.0}, {"size_min_t_per_year": 3.0}]
    levers = [{"low": 1.0, "base": 1.0, "high": 1.0}, {"low": 2.0, "base": 1.0, "high": 0.0}]
    assert told(windows.least_is_not_above_most, projects=projects, levers=levers) == [
        (3, "size_min_t_per_year 3"),
        (3, "low 2"),
        (3, "base 1"),
    ]


def test_a_span_of_dates_has_at_least_a_day() -> None:
    envelopes = [
        {"from_date": "2027-01-01", "to_date": "2027-01-02"},
        {"from_date": "2027-01-01", "to_date": "2027-01-01"},
        {"from_date": "some day", "to_date": "2027-01-01"},
    ]
    contracts = [{"first_delivery": "2028-01-01"}, {"last_delivery": "2026-01-01"}]
    assert lines(windows.spans_end_after_they_start, envelopes=envelopes[:2], contracts=contracts) == [3]
    assert lines(windows.envelopes_start_on_a_day, envelopes=envelopes) == [4]


@pytest.mark.parametrize(
    ("end", "window", "meets"),
    [
        ("2031-01-01", (2030, 2035), True),
        ("2031-01-01", (2031, 2035), False),
        ("2031-02-01", (2031, 2035), True),
        ("2031-02-01", (2032, 2035), False),
        ("2031-01-01", (2020, 2027), True),
        ("2031-01-01", (2020, 2026), False),
        ("2031-01-01", (2027, 2027), True),
        ("2031-01-01", (2036, 2035), True),
    ],
)
def test_a_window_meets_the_years_of_the_horizon(end: str, window: tuple[int, int], meets: bool) -> None:
    """A window that runs backwards is told elsewhere."""
    rows = [{"start_from": window[0], "start_to": window[1]}]
    case = bare_case(end=end, projects=rows, programmes=rows)
    assert lines(windows.windows_meet_the_horizon, case) == ([] if meets else [2, 2])


def test_a_contract_in_force_or_spot_is_not_signed() -> None:
    contracts = [
        {"kind": "spot"},
        {"kind": "offtake", "in_force": True},
        {"kind": "offtake"},
        {"kind": "offtake", "sign_from": 2028, "sign_to": 2028},
    ]
    assert told(windows.windows_meet_the_horizon, contracts=contracts) == [(4, "the window 0 to 0")]
    (contract,) = windows.windows_meet_the_horizon(bare_case(contracts=contracts))
    (project,) = windows.windows_meet_the_horizon(bare_case(projects=[{}]))
    assert contract.remedy == "A contract that is not in force needs sign_from and sign_to"
    assert project.remedy == ""


def test_an_event_starts_from_the_first_day_to_before_the_last() -> None:
    days = ["2026-12-31", "2027-01-01", "2030-12-31", "2031-01-01"]
    case = bare_case(
        future_events=[{"start": day} for day in days],
        futures=[{"onset": day} for day in (*days, None)],
        draws=[{"strikes": day} for day in days],
    )
    assert lines(windows.events_start_in_the_horizon, case) == [2, 5] * 3


def test_a_contract_delivers_on_some_day_of_the_horizon() -> None:
    contracts = [
        {"last_delivery": "2027-01-01"},
        {"last_delivery": "2027-01-02"},
        {"first_delivery": "2030-12-31"},
        {"first_delivery": "2031-01-01"},
        {},
    ]
    assert told(windows.contracts_deliver_in_the_horizon, contracts=contracts) == [
        (2, "last_delivery 2027-01-01"),
        (5, "first_delivery 2031-01-01"),
    ]


@pytest.mark.parametrize(
    ("end", "start", "lead", "late"),
    [
        ("2031-01-01", 2029, 2.0, True),
        ("2031-01-01", 2029, 1.9, False),
        ("2031-01-01", 2020, 4.0, True),
        ("2031-01-01", 2020, 3.9, False),
        ("2031-07-01", 2029, 2.49, False),
        ("2031-07-01", 2029, 2.5, True),
    ],
)
def test_a_project_completes_before_the_horizon_ends(end: str, start: int, lead: float, late: bool) -> None:
    case = bare_case(end=end, projects=[{"start_from": start, "lead_time_years": lead}])
    assert bool(lines(windows.projects_complete_in_the_horizon, case)) is late


def test_past_sales_are_from_1900_to_the_last_year_of_the_horizon() -> None:
    rows = [{"year": year} for year in (1899, 1900, 2031, 2032)]
    assert lines(windows.past_sales_are_past, past_sales=rows) == [2, 5]
