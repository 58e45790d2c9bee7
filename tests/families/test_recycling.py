"""REC: scrap arises by the lives of what was sold, and is collected as far as programmes reach.

With shape 1 and a scale of 1 / ln 2 years a half of what is left comes back each year: 2 ** -age is still in use.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from pencil import RULE, case_of, must, optimum, plan, spot, tables


def scrap(sold: dict[int, float], *, rate: float = 1.0, cost: float = 0.0, **columns: Any) -> Any:
    row = {"scrap": "old", "place": "home", "commodity": "magnet", "rate_share": rate, "collection_usd_per_kg": cost}
    life = {"weibull_shape": 1.0, "weibull_scale_years": 1 / math.log(2)}
    sales = [{"scrap": "old", "year": year, "t": t} for year, t in sold.items()]
    return tables(scrap=[{**row, **life, **columns}], past_sales=sales)


def test_scrap_comes_back_by_the_lives_of_each_vintage() -> None:
    """40 t sold in 2026 and 80 in 2024: in 2027 come back 40 x (1/2 - 1/4) + 80 x (1/8 - 1/16) = 15, in 2028 half of
    that. Of 16 t wanted a year at 20, 1 and 8.5 are bought: 190. Would fail if life counted from the year after the
    sale (16 - 30: 0 in the first year), or if all came back at once."""
    case = case_of(spot("m", "magnet", 20), scrap({2026: 40, 2024: 80}), must("d", "magnet", 16), years=2)
    assert optimum(case) == pytest.approx(190)


def test_scrap_of_part_of_a_year_is_by_its_own_ages() -> None:
    """40 t sold in 2026 by half-years: 40 x (2 ** -1 - 2 ** -1.5) = 5.858 and 40 x (2 ** -1.5 - 2 ** -2) = 4.142 of 6 t
    each: 0.142 and 1.858 t bought at 20: 40. Would fail if both halves had the year's rate, 5 t each."""
    case = case_of(spot("m", "magnet", 20), scrap({2026: 40}), must("d", "magnet", 12), months=6)
    done = plan(case)
    assert done.value("collect", "old", period=0) == pytest.approx(40 * (2**-1 - 2**-1.5))
    assert done.value("collect", "old", period=1) == pytest.approx(40 * (2**-1.5 - 2**-2))
    assert done.cost == pytest.approx(40)


def test_a_sale_of_this_year_begins_to_come_back_this_year() -> None:
    """8 t sold in 2027 and 8 in 2029: 8 x (1 - 1/2) = 4 in 2027, 2 in 2028, 1 + 4 in 2029. Would fail if sales of the
    future came back, or those of the year did not."""
    case = case_of(spot("m", "magnet", 20), scrap({2027: 8, 2029: 8}), must("d", "magnet", 9), years=3)
    done = plan(case)
    assert [done.value("collect", "old", period=n) for n in range(3)] == pytest.approx([4, 2, 5])


def test_the_shape_of_a_life_is_weibull() -> None:
    """Shape 2 and scale 4: of 100 t sold in 2025 come back 100 x (exp(-(2/4)^2) - exp(-(3/4)^2)) = 20.90 in 2027. Would
    fail if shape and scale were swapped."""
    case = case_of(
        spot("m", "magnet", 1), scrap({2025: 100}, weibull_shape=2.0, weibull_scale_years=4.0), must("d", "magnet", 50)
    )
    assert optimum(case) == pytest.approx(50 - 100 * (math.exp(-0.25) - math.exp(-0.5625)))


def test_a_share_is_collected_at_a_cost() -> None:
    """30 % of 10 t at 4, 7 t bought at 20: 152. Would fail if all were collected (40) or collecting were free (140)."""
    case = case_of(spot("m", "magnet", 20), scrap({2026: 40}, rate=0.3, cost=4), must("d", "magnet", 10))
    assert optimum(case) == pytest.approx(152)


def test_a_programme_raises_the_share_collected() -> None:
    """10 % of 10 t, and 30 % more from 2028, half of it in the first year: 1 t, then 5 t x (0.1 + 0.15), then 2.5 x
    0.4 = 1 + 1.25 + 1 = 3.25 t of 30 at 20: 535, and 5 for the programme: 540. Would fail if the share were of what is
    collected already (0.1 x 1.3), or in force from the decision."""
    level = {
        "programme": "return",
        "level": 1,
        "increment_share": 0.3,
        "up_front_musd": 0.005,
        "lead_time_years": 1,
        "ramp": (0.5, 1.0),
        "start_from": 2027,
        "start_to": 2027,
    }
    case = case_of(
        spot("m", "magnet", 20),
        scrap({2026: 40}, rate=0.1, programme="return"),
        must("d", "magnet", 10),
        tables(programmes=[level]),
        years=3,
    )
    assert optimum(case) == pytest.approx(540)


@pytest.mark.parametrize(("freed", "expected"), [(False, 20 * 4), (True, 0)])
def test_scrap_inherits_the_class_of_its_sales_unless_the_law_frees_it(freed: bool, expected: float) -> None:
    """Of 10 t of scrap 40 % were sold as tagged; a customer who refuses tags wants 10 t, 4 of them bought at 20. Where
    the law frees recycled material all 10 will do. Would fail if scrap were all free or all tagged (200)."""
    rule = {"rule": "content", "threshold_share": 0.001, "basis": "value", "recycled_is_free": freed}
    case = case_of(
        tables(
            rules=[rule],
            classes=RULE["classes"],
            commodities=[{"commodity": "magnet", "stage": "magnet", "discardable": True}],
        ),
        spot("m", "magnet", 20),
        scrap({2026: 40}, tagged_share=0.4),
        must("strict", "magnet", 10, refuses_tagged=True),
    )
    assert optimum(case) == pytest.approx(expected)


def test_nothing_is_turned_back_into_scrap() -> None:
    """10 t at 1 on the market, collecting costs 4: 10. Would fail if magnets could be given back for what collecting
    costs."""
    case = case_of(spot("m", "magnet", 1), scrap({2026: 40}, cost=4), must("d", "magnet", 10))
    assert optimum(case) == pytest.approx(10)


def test_collecting_is_discounted_by_the_mean_over_the_period() -> None:
    """30 % of 10 t and of 5 t at 4, the rest of 10 t a year at 20: 152 and 176, at 25 % by 0.2 and 0.16 over ln
    1.25."""
    case = case_of(
        spot("m", "magnet", 20),
        scrap({2026: 40}, rate=0.3, cost=4),
        must("d", "magnet", 10),
        years=2,
        discount=0.25,
    )
    assert optimum(case) == pytest.approx((152 * 0.2 + 176 * 0.16) / math.log(1.25))
