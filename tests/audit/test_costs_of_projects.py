"""What projects cost, worked out by hand: capital, fixed operation, what is left at the end, what is given up."""

from __future__ import annotations

from typing import Any

import pytest

from audit.findings import parts, spent
from audit.written import FACTORS, TIME, at, mean, timed
from orefolio.case.case import Case
from pencil import case_of, event, future, must, process, project, spot, tables

LAST = FACTORS[-1]


def works(*pieces: Any, strikes: str = "2027-12-01", residual_share: float = 0.6, **columns: Any) -> Case:
    """A plant for 4, and 0.5 per t/year, half as dear again from a date on; it takes 1.5 years."""
    row = {
        "lead": 1.5, "capital": 4000, "capital_usd_per_t_per_year": 5e5, "fixed_usd_per_t_per_year": 1e5,
        "ramp": (0.4, 1.0), "life_years": 10.0, "public_share": 0.25, "envelope": "state", "exit_share": 0.3,
    }  # fmt: skip
    return timed(
        process("line", {}, {"metal": 1}),
        project("plant", "line", **{"most": 12.0, **row, **columns}),
        event("dear", "projects", "project=plant", "overrun_multiple", "set", 1.5),
        future("only", 1, {"dear": strikes}),
        *pieces,
        residual_share=residual_share,
    )


def test_capital_falls_due_over_the_lead_time_and_the_state_pays_its_share() -> None:
    """4 x 1.5 x 0.8 = 4.8 for the start and 0.5 x 1.5 x 4 = 3 for the size, two thirds in the first year. The plant is
    ready after 2.5 years: a year at 0.4 and half a year whole make 0.9 years, at 0.1 x 4 a year."""
    plan = (("start", "plant", 2, 0.8), ("size", "plant", 2, 4.0))
    assert parts(works(), *plan) == pytest.approx({
        ("capital", 2): (3.2 + 2.0) * mean(1.0, 2.0),
        ("capital", 3): (1.6 + 1.0) * mean(2.0, 2.5),
        ("fixed operation", 3): 0.4 * 0.9 * LAST,
    })  # fmt: skip
    assert spent(works(), *plan) == [
        ("state", pytest.approx(0.8), 1.0, 2.0),
        ("state", pytest.approx(0.4), 2.0, 2.5),
        ("state", pytest.approx(0.5), 1.0, 2.0),
        ("state", pytest.approx(0.25), 2.0, 2.5),
    ]


CLASSES = tables(
    size_classes=[
        {"project": "plant", "size_class": "s", "to_t_per_year": 3.0, "capital_musd": 0.9,
         "capital_usd_per_t_per_year": 2e5},
        {"project": "plant", "size_class": "l", "to_t_per_year": 6.0, "capital_musd": 1.2,
         "capital_usd_per_t_per_year": 4e5},
        {"project": "other", "size_class": "s", "to_t_per_year": 8.0, "capital_musd": 0.1},
    ]
)  # fmt: skip


def test_the_capital_of_a_size_class_falls_due_like_the_projects_own() -> None:
    """1.2 x 1.5 x 0.5 = 0.9 for the class, 0.4 x 1.5 x 5 = 3 for the size in it."""
    case = works(CLASSES, project("other", "line", 8.0))
    plan = (("in_class", "plant/l", 2, 0.5), ("size_in_class", "plant/l", 2, 5.0))
    assert parts(case, *plan) == pytest.approx(
        {("capital", 2): (0.6 + 2.0) * mean(1.0, 2.0), ("capital", 3): (0.3 + 1.0) * mean(2.0, 2.5)}
    )
    assert spent(case, *plan) == [
        ("state", pytest.approx(0.15), 1.0, 2.0),
        ("state", pytest.approx(0.075), 2.0, 2.5),
        ("state", pytest.approx(0.5), 1.0, 2.0),
        ("state", pytest.approx(0.25), 2.0, 2.5),
    ]


def left(case: Case, began: str = "2028-01", tonnes: float = 4.0) -> float:
    """Residual value of so many tonnes a year, million USD of the last day."""
    found = parts(case, ("kept", f"plant/{began}", 3, tonnes))
    return -sum(found.values()) / at(4.0)


def test_what_is_left_of_a_plant_falls_evenly_over_its_life() -> None:
    """Ready after 2.5 years of 4, 8.5 of 10 are left: 0.85 x 0.6 of (0.5 + 4 / 12) x 1.5 for each of 4 tonnes. Of two
    years of life half a year is left, and nothing of one. What is ready after the last day is new."""
    assert parts(works(), ("kept", "plant/2028-01", 3, 4.0)) == pytest.approx(
        {("residual value", 3): -0.85 * 0.6 * (0.5 + 4 / 12) * 1.5 * 4.0 * at(4.0)}
    )
    assert left(works(life_years=2.0)) == pytest.approx(0.25 * 0.6 * (0.5 + 4 / 12) * 1.5 * 4.0)
    assert left(works(life_years=1.0)) == 0.0
    assert left(works(lead=5.0)) == pytest.approx(0.6 * (0.5 + 4 / 12) * 1.5 * 4.0)


def test_what_is_left_is_of_the_capital_at_the_start() -> None:
    """Begun before it became dear, ready after 1.5 years: 7.5 of 10 years are left."""
    assert left(works(), "2027-01", 2.0) == pytest.approx(0.75 * 0.6 * (0.5 + 4 / 12) * 2.0)


def test_nothing_is_left_unless_the_case_says_what_share() -> None:
    case = case_of(
        must("d", "metal", 1), spot("m", "metal", 1), process("line", {}, {"metal": 1}),
        project("plant", "line", 12.0, lead=1.5, capital=4000), **TIME,
    )  # fmt: skip
    assert left(case) == 0.0


def test_lump_capital_is_spread_over_the_greatest_size_where_there_is_one() -> None:
    """4 / 0.5 = 8 a tonne; where the greatest size is nothing, the capital per tonne alone."""
    assert left(works(most=0.5)) == pytest.approx(0.85 * 0.6 * (0.5 + 8.0) * 1.5 * 4.0)
    assert left(works(most=0.0)) == pytest.approx(0.85 * 0.6 * 0.5 * 1.5 * 4.0)


def test_the_cheapest_full_class_of_a_project_counts_in_what_is_left() -> None:
    """0.9 / 3 + 0.2 = 0.5 a tonne in the small class, 1.2 / 6 + 0.4 = 0.6 in the large one; another project's class
    is cheaper than both."""
    case = works(CLASSES, project("other", "line", 8.0))
    assert left(case) == pytest.approx(0.85 * 0.6 * (0.5 + 4 / 12 + 0.5) * 1.5 * 4.0)


def test_what_is_given_up_is_not_paid_any_more_at_a_charge() -> None:
    """Begun after half a year at once and a half of the cost, for 2.5 years: 0.4 until 1.5, 0.4 until 2.5, 0.2 until 3.
    Given up after a year 0.2, 0.4 and 0.2 are left, 0.8 in all. 4 x 1.5 x 0.5 = 3 for the start, 0.5 x 1.5 x 2 = 1.5
    for the size; 0.3 of what is left is charged. From 3 on 0.4 x 0.1 x 2 of fixed operation is saved."""
    case = works(strikes="2027-06-01", lead=2.5)
    plan = (("abandon", "plant/2027-07", 2, 0.5), ("given_up", "plant/2027-07", 2, 2.0))
    assert parts(case, *plan) == pytest.approx({
        ("capital", 2): -4.5 * (0.2 * mean(1.0, 1.5) + 0.4 * mean(1.5, 2.5)),
        ("capital", 3): -4.5 * 0.2 * mean(2.5, 3.0),
        ("abandonment", 2): 4.5 * 0.8 * 0.3 * at(1.0),
        ("fixed operation", 3): -0.4 * 0.1 * 2.0 * LAST,
    })  # fmt: skip
    saved = [
        ("state", pytest.approx(musd), start, end)
        for whole in (3.0, 1.5)
        for musd, start, end in (
            (-0.2 * whole * 0.25, 1.0, 1.5),
            (-0.4 * whole * 0.25, 1.5, 2.5),
            (-0.2 * whole * 0.25, 2.5, 3.0),
            (0.8 * whole * 0.3 * 0.25, 1.0, 1.0),
        )
    ]
    assert spent(case, *plan) == saved


def test_nothing_is_saved_of_what_is_paid_already() -> None:
    """A plant without a lead time is paid on the day of its start; one that takes a year within the year."""
    for lead in (0.0, 1.0):
        case = works(lead=lead)
        assert "capital" not in {name for name, _ in parts(case, ("abandon", "plant/2028-01", 3, 1.0))}
        assert spent(case, ("abandon", "plant/2028-01", 3, 1.0)) == []
    assert spent(works(lead=0.0), ("abandon", "plant/2028-01", 2, 1.0)) == []
