"""LAN: what a lane carries, loses, charges, and what a licence lets through."""

from __future__ import annotations

import pytest

from pencil import RULE, case_of, event, future, lane, must, optimum, plan, process, project, spot, tables, wanted


def test_a_lane_loses_on_the_way_and_charges_for_what_is_sent() -> None:
    """7 t wanted, 20 % lost: 8.75 t bought at 4 and sent at 2 is 52.5. Would fail if the loss were taken of the wrong
    end, 7 x 1.2 x 6 = 50.4, or freight were paid on arrival, 8.75 x 4 + 7 x 2 = 49."""
    case = case_of(
        spot("mine", "ore", 4, place="mine"), lane("mine", "home", "ore", 2, loss_share=0.2), must("d", "ore", 7)
    )
    assert optimum(case) == pytest.approx(52.5)


def test_capacity_is_a_rate_and_all_classes_share_it() -> None:
    """Over half-years a lane of 10 t a year carries 5 t in each, of both classes together: of 8 t wanted in each half,
    3 are short at 50: 2 x (5 x 4 + 3 x 50) = 340. Would fail if the lane carried 10 in each half, or each class had the
    capacity to itself: 64."""
    case = case_of(
        RULE,
        spot("a", "ore", 4, most=6, place="mine"),
        spot("b", "ore", 4, place="mine", class_="tagged"),
        lane("mine", "home", "ore", capacity_t_per_year=10),
        wanted("d", "ore", 16, 50),
        months=6,
    )
    assert optimum(case) == pytest.approx(340)


def test_a_project_adds_capacity_to_a_lane() -> None:
    """5 t a year stand, a project adds 3 from the second year for 40: 2 years of 8 t at 4, short at 50 in the first:
    5 x 4 + 3 x 50 + 40 + 8 x 4 = 242. Would fail without what projects add: 340."""
    case = case_of(
        spot("mine", "ore", 4, place="mine"),
        lane("mine", "home", "ore", capacity_t_per_year=5),
        project("rail", "mine>home", 3, lead=1, capital=40),
        wanted("d", "ore", 8, 50),
        years=2,
    )
    assert optimum(case) == pytest.approx(242)


def test_a_tariff_is_a_share_of_the_fixed_reference_value() -> None:
    """3 t at 4, with a tariff of 25 % of the base-year Chinese price of 12: 3 x (4 + 3) = 21, also when the price on
    the day is thrice that. Would fail if the tariff followed the purchase price, 15, or the price of the day, 39."""
    case = case_of(
        spot("mine", "ore", 4, place="mine"),
        lane("mine", "home", "ore", tariff_share=0.25),
        must("d", "ore", 3),
        tables(
            markets=[{"market": "china"}],
            elements=[{"element": "Dy"}],
            element_prices=[{"market": "china", "element": "Dy", "chinese_usd_per_kg": 24}],
            content=[{"commodity": "ore", "element": "Dy", "share": 0.5}],
            prices=[{"market": "china", "commodity": "ore"}],
        ),
        event("dear", "element_prices", "element=Dy", "multiple", "multiply", 3),
        future("only", 1.0, {"dear": "2027-01-01"}),
    )
    assert optimum(case) == pytest.approx(21)


def test_a_licence_limits_tagged_material_only() -> None:
    """A lane of 10 t a year needs a licence that lets 30 % through: 3 t tagged at 2, 5 t free at 6, 2 t short at 50:
    136. Would fail if free material needed the licence, 2 x 3 + 7 x 50 = 356, or none did, 2 x 10 = 20."""
    case = case_of(
        RULE,
        spot("cheap", "ore", 2, place="mine", class_="tagged"),
        spot("dear", "ore", 6, most=5, place="mine"),
        lane("mine", "home", "ore", capacity_t_per_year=10, licence="export"),
        wanted("d", "ore", 10, 50),
        tables(licences=[{"licence": "export", "approval_share": 0.3}]),
    )
    assert optimum(case) == pytest.approx(136)


def test_a_refused_licence_leaves_no_column() -> None:
    """In an embargo from the second half-year nothing tagged is sent: 4 t at 2 and 4 t short at 50 is 208. Would fail
    if the event were not seen by lanes, 16."""
    case = case_of(
        RULE,
        spot("cheap", "ore", 2, place="mine", class_="tagged"),
        lane("mine", "home", "ore", licence="export"),
        wanted("d", "ore", 8, 50),
        tables(licences=[{"licence": "export", "approval_share": 1.0}]),
        event("embargo", "licences", "licence=export", "approval_share", "set", 0.0),
        future("only", 1.0, {"embargo": "2027-07-01"}),
        months=6,
    )
    assert optimum(case) == pytest.approx(208)
    assert plan(case).value("ship", "mine>home", "tagged") == pytest.approx(4)


def test_without_a_capacity_normal_trade_is_what_the_exporting_lines_can_make() -> None:
    """The lane has no capacity; at its origin a line of 10 t a year makes tagged metal of free ore at 2. A licence that
    lets 30 % through lets 3 t: 3 x 2 + 7 x 50 = 356. Would fail if a lane without a capacity needed no licence, 20, or
    the ore that the line takes in counted, 2 t for 1, so that 6 t went: 212."""
    case = case_of(
        RULE,
        spot("pit", "ore", 1, place="mine"),
        process("smelter", {"ore": 2.0}, {"metal": 1.0}, capacity=10, place="mine", equipment_origin="CN"),
        lane("mine", "home", "metal", licence="export"),
        wanted("d", "metal", 10, 50),
        tables(licences=[{"licence": "export", "approval_share": 0.3}]),
    )
    assert optimum(case) == pytest.approx(356)


def test_each_period_has_the_capacity_of_its_own() -> None:
    """From July a lane of 10 t a year carries 4: 5 and 2 t of 8 wanted in each half: 7 x 4 + 9 x 50 = 478. Would fail
    with the capacity of the period before: 340."""
    case = case_of(
        spot("mine", "ore", 4, place="mine"),
        lane("mine", "home", "ore", capacity_t_per_year=10),
        wanted("d", "ore", 16, 50),
        event("flood", "lanes", "*", "capacity_t_per_year", "set", 4),
        future("only", 1.0, {"flood": "2027-07-01"}),
        months=6,
    )
    assert optimum(case) == pytest.approx(478)


def test_a_lane_goes_one_way() -> None:
    """Ore at 9 at the mine, where 5 t are wanted, and at 2 at home: 45. Would fail if the lane carried it back: 5 x
    (2 - 1) = 5."""
    case = case_of(
        spot("mine", "ore", 9, place="mine"),
        spot("port", "ore", 2),
        lane("mine", "home", "ore", 1),
        must("d", "ore", 5, place="mine"),
    )
    assert optimum(case) == pytest.approx(45)


def test_freight_and_tariffs_are_discounted_by_the_mean_over_the_period() -> None:
    """3 t a year at 4, freight 2, a tariff of 25 % of 12, in two years at 25 %: 27 x 0.36 / ln 1.25."""
    case = case_of(
        spot("mine", "ore", 4, place="mine"),
        lane("mine", "home", "ore", 2, tariff_share=0.25),
        must("d", "ore", 3),
        tables(markets=[{"market": "china"}], prices=[{"market": "china", "commodity": "ore", "fee_usd_per_kg": 12}]),
        years=2,
        discount=0.25,
    )
    assert optimum(case) == pytest.approx(27 * 0.36 / 0.22314355131)
