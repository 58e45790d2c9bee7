"""SIZ: a plant in one of its size classes, with the capital of the class.

The plain case: 10 t of metal are wanted in one year, bought at 50 or made for nothing by a plant that is small, up to
4 t at 30 a tonne, or large, 6 to 12 t at 60 and 10 a tonne."""

from __future__ import annotations

import math
from typing import Any

import pytest

from orefolio.case.checks import faults_of
from pencil import case_of, event, future, must, optimum, plan, process, project, spot, tables

SMALL = {"size_class": "small", "to_t_per_year": 4, "capital_usd_per_t_per_year": 30000}
LARGE = {
    "size_class": "large",
    "from_t_per_year": 6,
    "to_t_per_year": 12,
    "capital_musd": 0.06,
    "capital_usd_per_t_per_year": 10000,
}


def built(
    metal: float = 10, *more: Any, years: int = 1, classes: tuple[Any, ...] = (SMALL, LARGE), **columns: Any
) -> Any:
    settings = {name: columns.pop(name) for name in ("discount", "residual_share") if name in columns}
    return case_of(
        spot("market", "metal", 50),
        process("line", {}, {"metal": 1}),
        must("d", "metal", metal),
        project("plant", "line", 12, **columns),
        tables(size_classes=[{"project": "plant", **row} for row in classes]),
        *more,
        years=years,
        **settings,
    )


def test_a_large_plant_has_the_capital_of_its_class() -> None:
    """10 t: large, 60 + 100 = 160. Would fail if a class cost nothing, 0; if cheap tonnes came without the lump, 100;
    or if both classes went together: 4 x 30 + 6 x 10 + 60, or less."""
    assert optimum(built()) == pytest.approx(160)


def test_a_small_plant_has_the_capital_of_its_class() -> None:
    """3 t: small at 30, 90, and not the large one of at least 6 t, 120. Would fail if the least size of the large class
    were not kept: 60 + 30 = 90 for both; for 2 t: 60, not 80. 5 t: small and 1 t bought, 170, or the large one of 6 t,
    120. Would fail without the range of the small one: 150."""
    done = plan(built(3))
    assert done.cost == pytest.approx(90)
    assert done.value("in_class", "plant", "small") == 1
    assert optimum(built(5)) == pytest.approx(120)
    assert optimum(built(5, classes=(SMALL,))) == pytest.approx(170)


def test_the_least_size_of_a_class_is_built() -> None:
    """4 t with the large class alone: 6 t for 120. Would fail if less could be built: 100."""
    assert optimum(built(4, classes=(LARGE,))) == pytest.approx(120)


def test_one_class_for_each_start() -> None:
    """10 t, with classes of 4 t at 20 and 6 t at 22: one of them, 6 t for 132 and 4 t bought: 332. Would fail if both
    could be taken at once: 212."""
    one = {"size_class": "one", "to_t_per_year": 4, "capital_usd_per_t_per_year": 20000}
    two = {"size_class": "two", "to_t_per_year": 6, "capital_usd_per_t_per_year": 22000}
    assert optimum(built(classes=(one, two))) == pytest.approx(332)


def in_group(sense: str, counts: str, limit: float) -> Any:
    return tables(
        groups=[{"group": "g", "sense": sense, "counts": counts, "limit": limit}],
        group_members=[{"group": "g", "project": "plant"}],
    )


def test_a_start_is_in_a_class_and_as_large_as_it_says() -> None:
    """A plant must start that nobody wants: the small one of no size for 0, the large one alone 120. At most 5 t may
    be added: the large class is no way, and all is bought: 500. Would fail if a start needed no class, 0, or a
    plant were smaller than what is paid for: 370."""
    assert optimum(built(0, in_group("at_least", "starts", 1), classes=(LARGE,))) == pytest.approx(120)
    assert optimum(built(10, in_group("at_most", "size", 5), classes=(LARGE,))) == pytest.approx(500)


def test_the_capital_of_a_class_is_over_and_above_the_projects_own() -> None:
    """A road for 7 whatever the class, and 1 a tonne: 160 + 7 + 10. Would fail if the class took the place of it."""
    assert optimum(built(capital=7, capital_usd_per_t_per_year=1000)) == pytest.approx(177)


def test_it_falls_due_over_the_lead_time_at_the_price_of_the_day() -> None:
    """Two years of lead, 25 %, and costs 1.5 times the estimate for what is committed in 2028 and later. From 2027: 80
    a year by mean factors of 0.2 and 0.16 over ln 1.25 and the market's 500 in both. Would fail if it were paid at
    once or undiscounted. From 2028 on it costs 240: 120 by factors of 0.16 and 0.128."""
    mean = [0.2 * 0.8**year / math.log(1.25) for year in range(4)]
    dear = event("dear", "projects", "*", "overrun_multiple", "multiply", 1.5)
    happens = (dear, future("only", 1, {"dear": "2027-07-01"}))
    early = built(10, *happens, years=4, lead=2, discount=0.25)
    assert optimum(early) == pytest.approx(580 * (mean[0] + mean[1]))
    late = built(10, *happens, years=4, lead=2, discount=0.25, start_from=2028)
    assert optimum(late) == pytest.approx(500 * sum(mean[:3]) + 120 * (mean[1] + mean[2]))


def test_public_money_pays_its_share_of_the_class() -> None:
    """Half of the capital is public and 79 are there: 158 of 160 can be paid, so 9.8 t are built: 60 + 98 and 10 from
    the market. Would fail if what the class costs were not spent: 160. With 59 no large plant can be paid, and of
    the small one what 118 pays: 118 + 50 (10 - 118 / 30)."""

    def case(million: float) -> Any:
        money = {"envelope": "e", "name": "", "currency": "USD", "from_date": "2027-01-01", "to_date": "2028-01-01"}
        given = tables(
            currencies=[{"currency": "USD", "per_usd": 1.0}], envelopes=[{**money, "amount_million": million / 1000}]
        )
        return built(10, given, public_share=0.5, envelope="e")

    assert optimum(case(79)) == pytest.approx(168)
    assert optimum(case(59)) == pytest.approx(118 + 50 * (10 - 118 / 30))


def test_residual_value_is_at_the_least_that_a_tonne_costs_in_any_class() -> None:
    """After one of ten years 0.8 x 0.9 of it is left. Full, a tonne costs 30 in the small class and 60 / 12 + 10 = 15
    in the large one: 15 for 10 t: 160 - 0.72 x 150 = 52. Would fail if a class left nothing, 160, or its own
    capital, 44.8."""
    assert optimum(built(residual_share=0.8, life_years=10)) == pytest.approx(52)


def test_a_class_outside_its_project_is_refused() -> None:
    """Sizes beyond the project's, a class of no size, a project that is no yes-or-no decision. Would fail if a case
    could say so without a word."""

    def said(classes: tuple[Any, ...] = (SMALL,), **columns: Any) -> str:
        return " ".join(str(fault) for fault in faults_of(built(classes=classes, **columns)))

    assert "size" not in said()
    assert "sizes of 'plant': 0 to 12" in said(({**LARGE, "from_t_per_year": 20, "to_t_per_year": 30},))
    assert "a positive size" in said(({**SMALL, "to_t_per_year": 0},))
    assert "no yes-or-no decision" in said(binary=False)
    private = {"financed": [{"project": "plant", "private": True, "market": "", "rate_share_per_year": 0.1}]}
    assert "an investor finances" in " ".join(str(f) for f in faults_of(built(10, private)))
