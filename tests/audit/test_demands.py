"""What is delivered, short, sold and supplied by a country: each limit met exactly, then broken by a known amount.

Periods of 0.5, 0.5, 2 and 1 years.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from audit.findings import checked, found
from audit.written import UNEVEN, life_of, stated
from orefolio.audit import demands
from orefolio.case.case import Case
from pencil import Piece, case_of, deal, event, future, must, process, tables


def case(*pieces: Piece) -> Case:
    return case_of(*pieces, **UNEVEN)


def in_steps(name: str, t_per_year: float, **columns: Any) -> Piece:
    """A demand of which a quarter and three quarters may go short."""
    row = {"demand": name, "commodity": "ore", "t_per_year": t_per_year, "place": "home", **columns}
    widths = ((1, 0.25), (2, 0.75))
    steps = [{"demand": name, "step": n, "width_share": share, "loss_usd_per_kg": 9.0} for n, share in widths]
    return {"demands": [row], "loss_steps": steps}


SERVED = {
    "deliver d/free": [2, 5, 6, 4],
    "deliver d/tagged": [1, 0, 4, 0],
    "short d/1": [1.25, 0, 5, 2],
    "short d/2": [0.75, 0, 5, 4],
    "deliver m/free": [1, 1, 4, 2],
}
"""10 t/year wanted are 5, 5, 20 and 10 t; 2 t/year must be met."""


def test_deliveries_and_shortage_make_up_demand() -> None:
    two = case(in_steps("d", 10.0), must("m", "ore", 2.0))
    assert checked(demands.demands, two, SERVED) == (8 + 2 * 6, [])
    for name, number, value in (("deliver d/free", 1, 5.5), ("deliver d/tagged", 2, 3.5), ("short d/2", 3, 3.5)):
        numbers = list(SERVED[name])
        numbers[number] = value
        assert found(demands.demands, two, {**SERVED, name: numbers}) == [f"only demand d/{number}: off by 0.5"]


def test_each_step_of_shortage_stays_within_its_width() -> None:
    """A quarter of 5, 5, 20 and 10 t."""
    wide = {**SERVED, "short d/1": [1.25, 0, 5.5, 2], "short d/2": [0.75, 0, 4.5, 4]}
    assert found(demands.demands, case(in_steps("d", 10.0), must("m", "ore", 2.0)), wide) == [
        "only step of shortage d/1/2: off by 0.5"
    ]


def test_a_demand_that_must_be_met_is_not_short() -> None:
    strict = case(in_steps("d", 10.0, value="must"), must("m", "ore", 2.0))
    values = {**SERVED, "deliver d/free": [3.25, 5, 16, 10], "short d/1": [0.75], "short d/2": []}
    assert found(demands.demands, strict, values) == ["only d/1 is short and must be met"]


def test_what_is_under_the_least_service_is_said() -> None:
    """0.8 of 5, 5, 20 and 10 t: 1 and 6 and 4 t are missing of the first, third and fourth. A demand that must be met
    and one without a least service have none."""
    least = in_steps("d", 10.0, least_service_share=0.8)
    strict = must("m", "ore", 2.0, least_service_share=0.5)
    values = {**SERVED, "unserved d": [1, 0, 6, 4]}
    assert checked(demands.demands, case(least, strict), values) == (8 + 4 + 2 * 6, [])
    assert found(demands.demands, case(least, strict), {**SERVED, "unserved d": [1, 0, 5.5, 4]}) == [
        "only least service of d/2: off by 0.5"
    ]


def test_sales_stay_within_each_step_of_a_market() -> None:
    """3 t/year, twice as much from 2030 on."""
    steps = [
        {"place": "home", "commodity": "ore", "step": step, "t_per_year": most, "price_usd_per_kg": 1.0}
        for step, most in ((1, 3.0), (2, 50.0))
    ]
    twice = event("twice", "outlets", "step=1", "t_per_year", "multiply", 2.0)
    market = case(tables(outlets=steps), twice, future("only", 1.0, {"twice": "2030-01-01"}))
    sold = [1.5, 1.5, 6, 6]
    assert checked(demands.outlets, market, {"sell home/ore/1": sold, "sell home/ore/2": [25]}) == (5, [])
    for number in range(4):
        more = [value + 0.5 * (place == number) for place, value in enumerate(sold)]
        assert found(demands.outlets, market, {"sell home/ore/1": more}) == [
            f"only outlet home/ore/1/{number}: off by 0.5"
        ]


@pytest.mark.parametrize(
    ("discardable", "findings"), [(True, []), (False, ["only home/ore is given up and may not be"])]
)
def test_only_what_may_be_is_given_up(discardable: bool, findings: list[str]) -> None:
    one = case(tables(commodities=[{"commodity": "ore", "stage": "mining", "discardable": discardable}]))
    assert checked(demands.outlets, one, {"discard home/ore": [0, 3]}) == (1, findings)


def supply(*bounds: dict[str, Any]) -> Case:
    """Oxide with 0.2 of Dy from China, half a tonne of a mixture with 0.4 in each tonne from Australia, and 2 t
    of which half is kept made at home; ore, and what a plant in Korea makes, are of another stage; powder
    holds nothing of it."""
    stages = {
        "oxide": "separation",
        "mixture": "separation",
        "powder": "separation",
        "ore": "mining",
        "magnet": "product",
    }
    joint = deal("cn", "oxide", 5.0, kind="spot", country="CN")
    joint["contract_items"] += [
        {"contract": "cn", "commodity": name, "t_per_t": 7.0, "price_rule": "fixed"} for name in ("ore", "powder")
    ]
    return case(
        joint,
        deal("au", "mixture", 5.0, kind="spot", country="AU", item={"t_per_t": 0.5}),
        process("sep", {"mixture": 3.0}, {"oxide": 2.0, "magnet": 1.0, "powder": 6.0}, yields={"oxide": 0.5}),
        process("press", {"oxide": 3.0}, {"magnet": 1.0}, place="busan"),
        tables(
            places=[{"place": "busan", "country": "KR"}],
            elements=[{"element": "Dy"}, {"element": "Nd"}],
            commodities=[{"commodity": name, "stage": stage} for name, stage in stages.items()],
            content=[
                {"commodity": name, "element": "Dy", "share": share}
                for name, share in (("oxide", 0.2), ("mixture", 0.4), ("ore", 0.9), ("magnet", 0.3))
            ],
            diversification=[
                {"stage": "separation", "element": "Dy", "from_year": 2027, "penalty_usd_per_kg": 1.0, **bound}
                for bound in bounds
            ],
        ),
    )


BOUGHT = {
    "buy cn": [10, 5, 20, 10],
    "makeup cn/2027": [0, 5, 0, 0],
    "buy au": [4, 6, 5, 10],
    "activity sep/free": [6, 0, 5, 10],
    "activity sep/tagged": [0, 4, 0, 0],
    "activity press/free": [9, 9, 9, 9],
}
"""Of Dy 4 t come from China in 2027, 2 from Australia and 2 of the plant at home; then 4, 1, 1, and 2, 2, 2."""


def test_supply_of_an_element_by_seller_and_plant() -> None:
    life = life_of(stated(supply({"max_share": 0.4}), BOUGHT))
    (row,) = life.case.rows("diversification")
    stage = {each.commodity: each.stage for each in life.case.rows("commodities")}
    for span, terms in zip(
        life.path.spans,
        (
            {"CN": 4.0, "AU": 2.0, "JP": 2.0},
            {"CN": 4.0, "AU": 1.0, "JP": 1.0},
            {"CN": 2.0, "AU": 2.0, "JP": 2.0},
        ),
        strict=True,
    ):
        supplied = demands.supply_of(life, row, span, stage)
        assert {country: math.fsum(each) for country, each in supplied.items()} == pytest.approx(terms)


OVER = {"over separation/Dy/CN/2027": [0, 0.8], "over separation/Dy/CN/2028-2029": [0, 0, 1.6]}
"""At most 0.4 of 8, 6 and 6 t."""


def test_supply_beyond_the_largest_share_is_paid_for() -> None:
    assert checked(demands.concentration, supply({"max_share": 0.4}), {**BOUGHT, **OVER}) == (9, [])
    less = {**OVER, "over separation/Dy/CN/2027": [0, 0.3]}
    assert found(demands.concentration, supply({"max_share": 0.4}), {**BOUGHT, **less}) == [
        "only share of separation/Dy/CN/2027: off by 0.5"
    ]
    assert found(demands.concentration, supply({"max_share": 0.4}), BOUGHT) == [
        "only share of separation/Dy/CN/2027: off by 0.8",
        "only share of separation/Dy/CN/2028-2029: off by 1.6",
    ]


def test_a_largest_share_holds_from_its_year_on_for_its_country() -> None:
    """One without a limit, and one of an element that nothing holds, ask nothing; from 2028 on two years are left."""
    free, nothing = {"max_share": 1.0}, {"max_share": 0.4, "element": "Nd", "country": "XX"}
    for bound, statements, findings in (
        ({"max_share": 0.4, "from_year": 2028}, 6, ["2028-2029"]),
        ({"max_share": 0.4, "from_year": 2029}, 3, []),
        ({"max_share": 0.4, "country": "CN"}, 3, ["2027", "2028-2029"]),
        ({"max_share": 0.4, "country": "AU"}, 3, []),
    ):
        items, said = checked(demands.concentration, supply(free, nothing, bound), BOUGHT)
        assert items == statements
        assert [text.split(":")[0].rsplit("/", 1)[1] for text in said] == findings
