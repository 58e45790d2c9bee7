"""The audit of what is asked over the futures together: objectives, tails, chances and regimes, worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from audit.findings import broken, reckoned
from audit.written import Line, costing, written
from orefolio.audit import risk
from orefolio.audit.evidence import Evidence
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from pencil import Piece, case_of, event, future, tables, wanted


def case(*more: Piece, **settings: Any) -> Case:
    """Two years, a calm of 60 % and a crash of 40 %; 100 t of a metal and 40 t of another good wanted a year."""
    return case_of(
        wanted("d", "ore", 100.0, 10.0, 30.0, group="metal"),
        wanted("e", "salt", 40.0, 20.0, group="other"),
        event("boom", "loss_steps", "demand=e", "loss_usd_per_kg", "set", 50.0, after_months=12.0),
        future("calm", 0.6),
        future("crash", 0.4, {"boom": "2027-01-01"}, onset="2027-01-01"),
        *more,
        **{"years": 2, **settings},
    )


def tail(name: str, level: float, **columns: Any) -> Piece:
    return tables(shortage_tails=[{"tail": name, "level": level, **columns}])


def objective(evidence: Evidence) -> tuple[float, Tally]:
    tally = Tally()
    return risk.objective_of(tally, evidence), tally


# The mean of the worst


@pytest.mark.parametrize(
    ("level", "mean"),
    [
        (0.0, 0.6 * 10 + 0.3 * 20 + 0.1 * 40),
        (0.5, (0.1 * 40 + 0.3 * 20 + 0.1 * 10) / 0.5),
        (0.6, (0.1 * 40 + 0.3 * 20) / 0.4),
        (0.8, (0.1 * 40 + 0.1 * 20) / 0.2),
        (0.95, 40.0),
        (1.0, 40.0),
    ],
)
def test_the_tail_is_filled_from_the_worst_down_by_the_part_that_fits(level: float, mean: float) -> None:
    assert risk.tail_mean([20.0, 10.0, 40.0], [0.3, 0.6, 0.1], level) == pytest.approx(mean)


def test_the_tail_of_futures_that_weigh_less_than_it_is_their_mean() -> None:
    """A quarter of the weight is missing: the mean is over what is there."""
    assert risk.tail_mean([20.0, 10.0], [0.25, 0.5], 0.0) == pytest.approx(40 / 3)


# Objectives


PRICED = tail("t", 0.8, demand="d", weight_musd=0.5)
SHORT_AT_RISK: tuple[Line, ...] = (
    ("eta_short", "t", 0, 3.0),
    ("tail_short", "t/calm", 0, 1.0),
    ("tail_short", "t/crash", 0, 2.0),
)
"""3 + (0.6 × 1 + 0.4 × 2) / 0.2 = 10 t, at half a million each."""


def test_the_objective_is_the_mean_and_what_is_asked_for_shortage() -> None:
    """0.6 × 10 + 0.4 × 20 = 14, and 5 for a shortage of 10 at 0.5."""
    value, tally = objective(costing(written(case(PRICED), *SHORT_AT_RISK), [10.0], [15.0, 5.0]))
    assert value == pytest.approx(19.0)
    assert tally.items == 0
    assert objective(costing(written(case()), [10.0], [20.0]))[0] == pytest.approx(14.0)
    for column in ("worst_case", "least_regret", "risk_weight"):
        value, tally = objective(costing(written(case(PRICED, **{column: 0.0}), *SHORT_AT_RISK), [10.0], [20.0]))
        assert value == pytest.approx(19.0)
        assert tally.items == 0


def test_a_tail_is_paid_as_the_plan_says_it() -> None:
    """Three quarters of 14, and a quarter of 10 + (0.6 × 0.5 + 0.4 × 11) / 0.5 = 19.4, and 5."""
    values = (("eta", "", 0, 10.0), ("tail", "calm", 0, 0.5), ("tail", "crash", 0, 11.0))
    two = costing(written(case(PRICED, risk_weight=0.25, risk_level=0.5), *values, *SHORT_AT_RISK), [10.0], [20.0])
    value, tally = objective(two)
    assert value == pytest.approx(0.75 * 14 + 0.25 * 19.4 + 5)
    assert (tally.items, tally.failed) == (3, 0)


def test_a_tail_is_of_the_worst_tenth_where_no_level_is_set() -> None:
    """12 + 0.4 × 8 / 0.1 = 44; half of 14 and half of 44."""
    values = (("eta", "", 0, 12.0), ("tail", "crash", 0, 8.0))
    value, tally = objective(costing(written(case(risk_weight=0.5), *values), [10.0], [20.0]))
    assert value == pytest.approx(29.0)
    assert (tally.items, tally.failed) == (3, 0)
    assert objective(costing(written(case(risk_weight=0.5), ("eta", "", 0, 20.0)), [10.0], [20.0]))[1].passed


def test_a_tail_that_does_not_cover_its_futures_is_seen() -> None:
    """7 and 1 are under 10, 7 and 11 under 20; 7 + (0.6 × 1 + 0.4 × 11) / 0.5 = 17 is under the tail of 18, a
    quarter of each is paid."""
    values = (("eta", "", 0, 7.0), ("tail", "calm", 0, 1.0), ("tail", "crash", 0, 11.0))
    _, tally = objective(costing(written(case(risk_weight=0.25, risk_level=0.5), *values), [10.0], [20.0]))
    assert broken(tally) == {
        "tail of calm": (2.0, pytest.approx(2 / 18, abs=0.005)),
        "tail of crash": (2.0, pytest.approx(2 / 38, abs=0.005)),
        "the plan's tail, under the mean of the worst": (0.25, pytest.approx(0.25 / 8.75, abs=0.0005)),
    }


def test_the_greatest_cost_covers_every_future() -> None:
    """18 is under the 20 of the crash and over the 10 of the calm; 5 for shortage."""
    evidence = costing(written(case(PRICED, worst_case=0.5), ("worst", "", 0, 18.0), *SHORT_AT_RISK), [10.0], [20.0])
    value, tally = objective(evidence)
    assert value == pytest.approx(23.0)
    assert broken(tally) == {"the greatest cost, under that of crash": (2.0, pytest.approx(2 / 38, abs=0.005))}
    assert tally.items == 2


def best(**each: tuple[float, float]) -> dict[str, Any]:
    entries = [{"future": name, "bound_musd": bound, "plan_musd": plan} for name, (bound, plan) in each.items()]
    return {"risk": {"own_best": entries}}


def test_the_greatest_regret_covers_every_future_over_its_own_bound() -> None:
    """Calm costs 10 and could cost 8 to 9, crash costs 20 and could cost 15: regrets of 2 and 5, 4 is too little."""
    said = best(crash=(15.0, 15.0), calm=(8.0, 9.0))
    regret: tuple[Line, ...] = (("regret", "", 0, 4.0), *SHORT_AT_RISK)
    evidence = costing(written(case(PRICED, least_regret=0.5), *regret, record=said), [10.0], [20.0])
    value, tally = objective(evidence)
    assert value == pytest.approx(9.0)
    assert broken(tally) == {"the greatest regret, under that of crash": (1.0, pytest.approx(1 / 39, abs=0.0005))}
    assert tally.items == 1 + 3 + 3
    assert risk.own_best(evidence) == [(8.0, 9.0), (15.0, 15.0)]


def test_a_bound_over_its_plan_or_over_what_the_future_costs_is_seen() -> None:
    said = best(calm=(12.0, 10.0), crash=(24.0, 30.0))
    _, tally = objective(costing(written(case(least_regret=1.0), ("regret", "", 0, 1.0), record=said), [10.0], [20.0]))
    assert broken(tally) == {
        "the bound of a future by itself, over its plan calm": (2.0, pytest.approx(2 / 22, abs=0.0005)),
        "the bound of a future by itself, over what it costs calm": (2.0, pytest.approx(2 / 22, abs=0.0005)),
        "the bound of a future by itself, over what it costs crash": (4.0, pytest.approx(4 / 44, abs=0.005)),
    }


def financed(private: bool) -> Piece:
    return tables(financed=[{"project": "plant", "private": private, "market": "m", "rate_share_per_year": 0.1}])


def test_with_an_investor_a_plan_may_cost_less_than_the_bound_of_its_future() -> None:
    """An investor's start may pay over several futures only. Would fail if public projects were investors too."""
    said = best(calm=(12.0, 13.0), crash=(15.0, 15.0))
    for private, items in ((True, 5), (False, 7)):
        one = costing(
            written(case(financed(private), least_regret=1.0), ("regret", "", 0, 5.0), record=said), [10.0], [20.0]
        )
        _, tally = objective(one)
        assert (tally.items, tally.passed) == (items, private)


@pytest.mark.parametrize("record", [{}, {"risk": None}, {"risk": {"own_best": None}}, best(crash=(15.0, 15.0))])
def test_what_each_future_costs_by_itself_is_in_the_record(record: dict[str, Any]) -> None:
    evidence = costing(written(case(least_regret=1.0), ("regret", "", 0, 12.0), record=record), [10.0], [20.0])
    _, tally = objective(evidence)
    assert "the record says what each future costs by itself" in broken(tally)


# Chances


def chance(name: str, limit: float, probability: float, **columns: Any) -> Piece:
    return tables(chance=[{"chance": name, "limit_share": limit, "probability": probability, **columns}])


SHORT: tuple[Line, ...] = (
    ("short", "d/1", 0, 12.0, "calm"),
    ("short", "d/2", 1, 13.0, "calm"),
    ("short", "e/1", 1, 30.0, "calm"),
    ("short", "d/1", 0, 8.0, "crash"),
    ("short", "d/2", 1, 21.0, "crash"),
    ("short", "e/1", 0, 2.0, "crash"),
    ("short", "e/1", 1, 4.0, "crash"),
)
"""Of 200 t of d, 25 or 29; of 80 t of e, 30 or 6; 55 or 35 in all."""


def test_a_chance_counts_one_demand_or_a_group_or_all() -> None:
    """A tenth of 200, 80 and 280 t."""
    case_ = case(chance("one", 0.1, 0.0, demand="d"), chance("some", 0.1, 0.0, group="other"), chance("all", 0.1, 0.0))
    tally = risk.risk(written(case_, *SHORT))
    assert broken(tally) == {
        "calm goes short over the limit of one": (5.0, pytest.approx(5 / 45, abs=0.005)),
        "crash goes short over the limit of one": (9.0, pytest.approx(9 / 49, abs=0.005)),
        "calm goes short over the limit of some": (22.0, pytest.approx(22 / 38, abs=0.005)),
        "calm goes short over the limit of all": (27.0, pytest.approx(27 / 83, abs=0.005)),
        "crash goes short over the limit of all": (7.0, pytest.approx(7 / 63, abs=0.005)),
    }
    assert tally.items == 3 * 3 + 1


def test_a_demand_is_named_before_its_group() -> None:
    tally = risk.risk(written(case(chance("one", 0.1, 0.0, demand="d", group="other")), *SHORT))
    assert list(broken(tally)) == ["calm goes short over the limit of one", "crash goes short over the limit of one"]


def test_a_chance_is_missed_as_often_as_it_may_be() -> None:
    """Calm, of 60 %, may miss its limit where 40 % shall keep it, and not where half shall."""
    missed: tuple[Line, ...] = (("miss", "all/calm", 0, 1.0),)
    within = risk.risk(written(case(chance("all", 0.125, 0.4)), *SHORT, *missed))
    assert (broken(within), within.items) == ({}, 3)
    over = risk.risk(written(case(chance("all", 0.125, 0.5)), *SHORT, *missed))
    assert broken(over) == {"chance all is missed too often": (pytest.approx(0.1), pytest.approx(0.1 / 1.1, abs=0.005))}


def test_a_chance_is_told_as_it_is_kept() -> None:
    """Calm lacks 55 and crash 35 of 280 t; of what nobody wants nothing is short."""
    nobody = wanted("n", "air", 0.0, 5.0, group="nobody")
    case_ = case(nobody, chance("all", 0.15, 0.4), chance("none", 0.2, 0.3, group="nobody"))
    found = reckoned(risk, risk.table, written(case_, *SHORT, ("miss", "all/calm", 0, 1.0)))["risk"]
    assert found == {
        ("chance", "all", "calm"): told((55 / 280, 1.0), 0.15, "1", "no"),
        ("chance", "all", "crash"): told((35 / 280, 1.0), 0.15, "1", "yes"),
        ("chance", "all", ""): told((0.4, 1.0), 0.4, "1", "yes"),
        ("chance", "none", "calm"): told((0.0, 0.0), 0.2, "1", "yes"),
        ("chance", "none", "crash"): told((0.0, 0.0), 0.2, "1", "yes"),
        ("chance", "none", ""): told((1.0, 1.0), 0.3, "1", "yes"),
    }


def told(value: tuple[float, float], limit: float | None, unit: str, met: str) -> dict[str, Any]:
    most = (pytest.approx(math.nan, nan_ok=True), 0.0) if limit is None else (limit, limit)
    return {"value": pytest.approx(value), "limit": most, "unit": unit, "met": met}


# Tails of shortage


def test_a_tail_of_shortage_is_covered_and_under_its_cap() -> None:
    """Of d 25 t in the calm, 29 in the crash: the worst half 28.2. Its loss: 0.12 + 0.39 = 0.51 and 0.08 + 0.63 = 0.71
    million."""
    case_ = case(tail("t", 0.5, demand="d", cap=20.0), tail("m", 0.5, demand="d", measure="musd", cap=0.5))
    values: tuple[Line, ...] = (
        ("eta_short", "t", 0, 22.0),
        ("tail_short", "t/calm", 0, 1.0),
        ("tail_short", "t/crash", 0, 4.0),
        ("eta_short", "m", 0, 0.5),
        ("tail_short", "m/crash", 0, 0.2),
    )
    tally = risk.risk(written(case_, *SHORT, *values))
    assert broken(tally) == {
        "tail of shortage t of calm": (2.0, pytest.approx(2 / 48, abs=0.0005)),
        "tail of shortage t of crash": (3.0, pytest.approx(3 / 55, abs=0.0005)),
        "the plan's tail of shortage, under the mean of the worst t": (
            pytest.approx(28.2 - 26.4), pytest.approx(1.8 / 54.6, abs=0.0005),
        ),
        "tail of shortage t": (pytest.approx(8.2), pytest.approx(8.2 / 48.2, abs=0.005)),
        "tail of shortage m of calm": (pytest.approx(0.01), pytest.approx(0.01 / 1.01, abs=0.0005)),
        "tail of shortage m of crash": (pytest.approx(0.01), pytest.approx(0.01 / 1.41, abs=0.0005)),
        "the plan's tail of shortage, under the mean of the worst m": (
            pytest.approx(0.67 - 0.66), pytest.approx(0.01 / 1.33, abs=0.0005),
        ),
        "tail of shortage m": (pytest.approx(0.17), pytest.approx(0.17 / 1.17, abs=0.005)),
    }  # fmt: skip


def test_a_tail_of_shortage_is_told_in_its_unit() -> None:
    """Of e 30 t at 20 USD/kg in the calm; in the crash 2 t at 20 and 4 t at 50."""
    case_ = case(tail("t", 0.5, demand="e", cap=20.0), tail("m", 0.5, group="other", measure="musd"))
    found = reckoned(risk, risk.table, written(case_, *SHORT))["risk"]
    assert found == {
        ("shortage tail", "t", "calm"): told((30.0, 31.0), None, "t", ""),
        ("shortage tail", "t", "crash"): told((6.0, 7.0), None, "t", ""),
        ("shortage tail", "t", ""): told((30.0, 31.0), 20.0, "t", "yes"),
        ("shortage tail", "m", "calm"): told((0.6, 1.6), None, "million USD", ""),
        ("shortage tail", "m", "crash"): told((0.24, 1.24), None, "million USD", ""),
        ("shortage tail", "m", ""): told((0.6, 1.6), None, "million USD", ""),
    }


# Regrets


def test_regrets_are_told_over_the_bound_and_over_the_plan_of_each_future() -> None:
    """10 over 8 or 9; 20 over 15 or 19.5."""
    said = best(calm=(8.0, 9.0), crash=(15.0, 19.5))
    found = reckoned(risk, risk.table, costing(written(case(), record=said), [10.0], [20.0]))["risk"]
    assert found == {
        ("regret", "", "calm"): told((2.0, 10.0), None, "million USD", ""),
        ("regret", "", "crash"): told((5.0, 20.0), None, "million USD", ""),
        ("regret", "", ""): told((5.0, 20.0), None, "million USD", ""),
        ("regret at least", "", "calm"): told((1.0, 10.0), None, "million USD", ""),
        ("regret at least", "", "crash"): told((0.5, 20.0), None, "million USD", ""),
        ("regret at least", "", ""): told((1.0, 10.0), None, "million USD", ""),
    }
    assert reckoned(risk, risk.table, costing(written(case()), [10.0], [20.0]))["risk"] == {}


def test_the_greatest_regret_may_be_of_a_future_beside_one_without_any() -> None:
    said = best(calm=(10.0, 10.0), crash=(19.5, 19.5))
    found = reckoned(risk, risk.table, costing(written(case(), record=said), [10.0], [20.0]))["risk"]
    assert found["regret", "", ""]["value"] == pytest.approx((0.5, 20.0))
