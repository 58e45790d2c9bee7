"""ABA: a project under construction is given up when the world has changed.

The plain case: 10 t of metal a year for four years; a market at 50, and from 2028 in one of two futures, a glut of
probability a quarter, another at 5. A plant of 10 t for 300 takes three years, 100 a year, may be started in 2027 and
runs at 6. Calm: 3 x 500 + 300 + 60 = 1860. Glut: 500 and three times 50 from the market, and 300: 950 where it is
completed.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from orefolio.case.checks import faults_of
from pencil import case_of, event, future, must, optimum, plan, process, project, spot, tables

OPEN = event("glut", "suppliers", "supplier=cheap", "availability_share", "set", 1)


TWO = (future("calm", 0.75), future("glut", 0.25, {"glut": "2028-01-01"}, onset="2028-01-01"))
FORCED = tables(
    groups=[{"group": "g", "sense": "at_least", "counts": "starts", "limit": 1}],
    group_members=[{"group": "g", "project": "plant"}],
)
"""The plant is started."""


def begun(*more: Any, years: int = 4, capacity: float = 0, lump: bool = True, **columns: Any) -> Any:
    glut, cheap_t = columns.pop("glut", 5), columns.pop("cheap_t", None)
    settings = {name: columns.pop(name) for name in ("discount", "residual_share") if name in columns}
    capital = {"capital": 300} if lump else {"capital_usd_per_t_per_year": 30000}
    row = {"lead": 3, "start_to": 2027, "can_abandon": True, "exit_share": 0.2, **capital, **columns}
    cheap = spot("cheap", "metal", glut, cheap_t)
    cheap["suppliers"][0]["availability_share"] = 0.0  # type: ignore[index]
    return case_of(
        spot("market", "metal", 50),
        cheap,
        process("line", {}, {"metal": 1}, capacity=capacity, cost=6),
        must("d", "metal", 10),
        project("plant", "line", row.pop("most", 10), **row),
        OPEN,
        *(more or TWO),
        years=years,
        **settings,
    )


CALM = 3 * 500 + 300 + 60
"""The line asks 6 a kilogram."""
GLUT = 500 + 3 * 50 + 200 + 20
"""Given up in 2029, when a third of the capital is left: 20 to leave, and 2030 is bought as well."""


@pytest.mark.parametrize("lump", [True, False])
def test_what_is_not_paid_is_saved_at_a_charge(lump: bool) -> None:
    """In the glut the plant is given up in 2029: 0.75 x 1860 + 0.25 x 870. Would fail if it could not be: 950 in the
    glut; if it left for nothing, 850; or if the glut were known in 2028, 790."""
    done = plan(begun(lump=lump))
    assert done.cost == pytest.approx(0.75 * CALM + 0.25 * GLUT)
    assert done.value("abandon", "plant", "2027-01", period=2, future="glut") == pytest.approx(1)
    assert done.value("abandon", "plant", future="calm") == pytest.approx(0)
    assert optimum(begun(lump=lump, can_abandon=False)) == pytest.approx(0.75 * CALM + 0.25 * 950)


def test_a_charge_that_is_too_dear_keeps_it() -> None:
    """At the whole of what is left nothing is saved, as without the choice; at more the same. Would fail if the charge
    were a share of something less."""
    assert optimum(begun(exit_share=1.0)) == pytest.approx(0.75 * CALM + 0.25 * 950)
    assert optimum(begun(exit_share=1.5)) == pytest.approx(0.75 * CALM + 0.25 * 950)


def test_all_of_it_is_given_up_or_nothing() -> None:
    """In the glut only 4 t a year are cheap: 320 in each of 2028 and 2029, and in 2030 56 with the plant. Completed:
    500 + 640 + 300 + 56 = 1496. Would fail if 4 t of the plant could be given up by themselves: 32 less."""
    assert optimum(begun(cheap_t=4, lump=False)) == pytest.approx(0.75 * CALM + 0.25 * 1496)


def test_no_capacity_comes_and_nothing_is_paid_for_it() -> None:
    """6 thousand USD a year per t a year are 60 in 2030, in calm alone. Would fail if what is given up were kept up,
    60 more in the glut. With the glut at 7, a plant that had been given up and ran at 6 would save 10: 500 + 3 x 70
    + 220 = 930."""
    assert optimum(begun(fixed_usd_per_t_per_year=6000)) == pytest.approx(0.75 * (CALM + 60) + 0.25 * GLUT)
    assert optimum(begun(glut=7)) == pytest.approx(0.75 * CALM + 0.25 * 930)


def test_what_is_given_up_keeps_no_value() -> None:
    """The line has 2 t of its own: 412 a year at first. Life 1.25 years, share 0.8: completed, 0.8 x 0.2 x 300 = 48
    are left in calm: 3 x 412 + 60 + 300 - 48 = 1548. Glut: 412 + 150 + 220 = 782. Would fail if the old line's 2 t,
    run at 6 for 5, kept value of what was given up: 774.4."""
    assert optimum(begun(capacity=2, residual_share=0.8, life_years=1.25)) == pytest.approx(0.75 * 1548 + 0.25 * 782)


def test_savings_and_charge_are_discounted_when_they_fall_due() -> None:
    """25 %, mean factors f = 0.2 x 0.8^k / ln 1.25: the third instalment at f of 2029, the charge at 0.64 on its first
    day. Would fail undiscounted, or with the factor of another day."""
    f = [0.2 * 0.8**year / math.log(1.25) for year in range(4)]
    calm = 600 * (f[0] + f[1] + f[2]) + 60 * f[3]
    glut = 600 * f[0] + 150 * f[1] + 50 * f[2] + 50 * f[3] + 20 * 0.64
    case = begun(*TWO, FORCED, discount=0.25, fixed_usd_per_t_per_year=6000)
    calm += 60 * f[3]
    assert optimum(case) == pytest.approx(0.75 * calm + 0.25 * glut)


def known(exit_share: float, million: float) -> Any:
    """One future; the plant must start; half of it is public money, of which so many thousand USD may be spent in
    2028."""
    span = {"from_date": "2028-01-01", "to_date": "2029-01-01", "amount_million": million / 1000}
    money = tables(
        currencies=[{"currency": "USD", "per_usd": 1.0}], envelopes=[{"envelope": "e", "currency": "USD", **span}]
    )
    one = future("glut", 1, {"glut": "2028-01-01"})
    return begun(one, FORCED, money, public_share=0.5, envelope="e", exit_share=exit_share)


def test_public_money_saves_and_pays_its_share() -> None:
    """A glut that is foreseen and a plant that must start, half of it public. Given up in 2028: 500 + 150 + 100 and
    0.8 x 200 = 910, of which the state pays 80 in 2028; in 2029: 500 + 150 + 200 + 80 = 930, of which it pays 50 in
    2028. With 85 to spend in 2028: 910; with 60: 930. Would fail if the charge were not spent, 910 with 60, or what
    is saved were, 930 with 85."""
    assert optimum(known(0.8, 85)) == pytest.approx(910)
    assert optimum(known(0.8, 60)) == pytest.approx(930)


def test_capital_is_saved_at_the_price_at_which_it_would_be_paid() -> None:
    """Twice the estimate for the start of 2027: given up in 2029 the glut costs 500 + 150 + 400 + 40 = 1090, calm
    2160. Would fail if the estimate were saved: 1190."""
    case = begun(*TWO, FORCED, overrun_multiple=2.0)
    assert optimum(case) == pytest.approx(0.75 * 2160 + 0.25 * 1090)


def test_the_least_size_is_kept_unless_all_is_given_up() -> None:
    """A least size of 10 t changes nothing, nor that 20 t could be built at 30 a tonne. Would fail if a plant of least
    size could not be given up, or more could be given up than was started."""
    assert optimum(begun(size_min_t_per_year=10)) == pytest.approx(0.75 * CALM + 0.25 * GLUT)
    assert optimum(begun(lump=False, most=20)) == pytest.approx(0.75 * CALM + 0.25 * GLUT)


def test_what_others_rest_on_cannot_be_given_up() -> None:
    """Size classes, an investor, another project, a start that is not yes or no. Would fail if such a case passed."""

    def said(*more: Any, **columns: Any) -> str:
        return " ".join(str(fault) for fault in faults_of(begun(*TWO, *more, **columns)) if "can_abandon" in str(fault))

    assert said() == ""
    assert "size classes" in said(tables(size_classes=[{"project": "plant", "size_class": "a", "to_t_per_year": 5}]))
    assert "another project requires" in said(project("next", "line", 1, requires=("plant",)))
    assert "yes-or-no" in said(binary=False)
    assert said(binary=False, can_abandon=False) == ""


def test_nothing_is_given_up_that_is_paid_for() -> None:
    """At twice what is left it is completed, and its 60 a year are paid in the glut as well: 1010. Would fail if it
    could be given up in 2030, when all is paid."""
    case = begun(*TWO, FORCED, exit_share=2.0, fixed_usd_per_t_per_year=6000)
    assert optimum(case) == pytest.approx(0.75 * (CALM + 60) + 0.25 * 1010)


def test_no_more_is_given_up_than_was_started() -> None:
    """The line has 20 t, and a plant of 10 to 20 t at 30 must start beside it: 10 t, given up in 2028 for 100 +
    40. Would fail if 20 t were given up of the 10: 160 less."""
    case = begun(*TWO, FORCED, lump=False, most=20, size_min_t_per_year=10, capacity=20)
    assert optimum(case) == pytest.approx(140 + 0.75 * 240 + 0.25 * 210)
