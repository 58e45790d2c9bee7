"""How plans are compared in words, and what is known of a difference of costs."""

from __future__ import annotations

import math

import pytest

from orefolio.analyses.sensitivity.intervals import SAME, Interval, cost_of, words
from orefolio.analyses.sensitivity.levers import even, short
from orefolio.analyses.sensitivity.plans import Changes, changes, names_of, things
from test_tables import case_of, hand_tables

BEFORE = (
    "project mine 2027-01 100 t/year; project plant 2028-01 50 t/year; contract a 2027-01 10 t/year in trunk; "
    "contract a 2029-01 10 t/year in S02; programme saving/1 2027-01; project line 2030-01 7 t/year in S01 S02"
)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("", "", Changes()),
        ("; project plant 2028-01 50 t/year", "", Changes(gone=("project plant",))),
        ("project mine 2027-01 100 t/year", "project mine 2027-01 100.9 t/year", Changes()),
        ("project mine 2027-01 100 t/year", "project mine 2027-01 102 t/year", Changes(resized=("project mine",))),
        ("plant 2028-01", "plant 2027-07", Changes(earlier=("project plant",))),
        ("plant 2028-01", "plant 2030-01", Changes(later=("project plant",))),
        ("saving/1", "saving/2", Changes(gone=("programme saving/1",), new=("programme saving/2",))),
        ("a 2029-01 10 t/year in S02", "a 2030-01 10 t/year in S02", Changes(elsewhere=("contract a",))),
        ("in S01 S02", "in S01", Changes(elsewhere=("project line",))),
    ],
)
def test_what_a_plan_does_otherwise_is_sorted_by_kind_of_change(old: str, new: str, wanted: Changes) -> None:
    assert changes(BEFORE, BEFORE.replace(old, new) if old else BEFORE) == wanted


def test_a_change_is_told_with_names_and_counts() -> None:
    found = Changes(gone=("project a", "project b", "project c"), new=("contract d",), resized=("project e",))
    said = found.words({"project a": "Malaysia", "contract d": "Lynas, heavy"}, 2)
    assert said == "no longer: Malaysia, project b and 1 more; new: “Lynas, heavy”; 1 resized"
    assert not Changes()
    assert found


def test_what_is_committed_at_all_leaves_dates_and_sizes_out() -> None:
    assert things("project a 2027-01 5 t/year in S01; programme b/1 2028-01") == {"project a", "programme b/1"}
    assert things("") == frozenset()
    with pytest.raises(ValueError, match="'project a' is no commitment"):
        things("project a")


def test_names_are_the_case_s_and_levels_say_their_number() -> None:
    tables = hand_tables()
    tables["programmes"] = [
        {
            "programme": "thrift",
            "level": 1,
            "name": "less dysprosium",
            "increment_share": 0.1,
            "up_front_musd": 1.0,
            "lead_time_years": 1.0,
            "start_from": 2027,
            "start_to": 2030,
        },
    ]
    names = names_of(case_of(tables))
    assert names["contract lynas"] == "豪州の契約"
    assert names["contract china"] == "china"
    assert names["programme thrift/1"] == "less dysprosium 1"


def test_a_difference_is_proved_where_the_intervals_do_not_overlap() -> None:
    base, apart, near = Interval(8.0, 10.0, 10.0), Interval(11.0, 12.0, 12.0), Interval(9.0, 11.0, 11.0)
    assert apart.less(base).proved
    assert apart.less(base).sure == pytest.approx(1.0, abs=1e-5)
    assert base.less(apart).sure == pytest.approx(-1.0, abs=1e-5)
    assert not near.less(base).proved
    assert near.less(base).sure == 0.0
    assert not base.less(base).proved


def test_rounding_is_no_difference() -> None:
    one, other = (Interval(cost, cost, cost) for cost in (20_000.0, 20_000.0001))
    assert not one.less(other).proved


def test_two_solves_of_one_point_prove_together() -> None:
    rows = [{"cost_musd": 10.0, "bound_musd": 6.0}, {"cost_musd": 12.0, "bound_musd": 9.0}]
    assert cost_of(rows) == Interval(9.0, 10.0, 10.0)
    assert cost_of([{"cost_musd": None, "bound_musd": 4.0}]) is None
    assert cost_of([{"cost_musd": 3.0, "bound_musd": None}]) == Interval(-math.inf, 3.0, 3.0)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (SAME, "as base"),
        (Interval(1.25, 2.0, 2.5), "+1.25 to +2.5 million USD"),
        (Interval(-1.0, 0.5, 2000.0), "-1 to +2,000 million USD, not proved"),
        (Interval(0.0, 0.0, 1e-12), "0 to +1e-12 million USD, not proved"),
    ],
)
def test_a_difference_is_told_with_its_sign_and_proof(difference: Interval, said: str) -> None:
    assert words(difference) == said


def test_values_are_equally_spaced_and_meet_short_decimals() -> None:
    assert even(0.1, 0.5, 5) == (0.1, 0.2, 0.3, 0.4, 0.5)
    assert even(3.0, 1.0, 3) == (3.0, 2.0, 1.0)


def test_long_names_are_cut_at_a_word() -> None:
    assert short("price of alliance offtakes, moving", 28) == "price of alliance …"
    assert short("price", 28) == "price"
