"""RSK: the smallest greatest regret, against what each future would cost by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit import runs
from orefolio import api
from orefolio.analyses.objective import own_best
from orefolio.program.build import build
from orefolio.program.risk.regret import with_own_best
from orefolio.solve import Options, Session, solve
from program.test_risk_worst import case, costs, plant, solved


def test_what_each_future_costs_by_itself() -> None:
    """With a plant for 180 known in time: 100 from the market in a, 180 in b and c. Would fail if weights counted."""
    merged = build(case(*plant(180), least_regret=1.0))
    found = own_best(Session(merged.program, Options(abs_gap=0.0)), merged, "only")
    assert [1000 * bound for bound, _ in found] == pytest.approx([100, 180, 180])
    assert [1000 * cost for _, cost in found] == pytest.approx([100, 180, 180])


@pytest.mark.parametrize(
    ("capital", "least", "each"),
    [
        (180, 80, {"a": 180, "b": 180, "c": 180}),
        (300, 50, {"a": 100, "b": 200, "c": 350}),
        (400, 0, {"a": 100, "b": 200, "c": 350}),
    ],
)
def test_the_smallest_greatest_regret(capital: float, least: float, each: dict[str, float]) -> None:
    """For 180 the plant costs a 80 too much, none costs c 170 too much: it is built, where the mean (155) does not.
    For 300 it costs a 200 too much and none c 50: it is not built, where the worst case (350) would. For 400 none
    would build it."""
    run = solved(case(*plant(capital), least_regret=1.0))
    assert 1000 * run.cost == pytest.approx(least, abs=1e-6)
    assert costs(run) == pytest.approx(each)


def test_the_program_counts_from_each_own_best() -> None:
    """The plant for 180: 80 over a's own 100. Would fail if the mean stood beside it or a best counted twice."""
    merged = with_own_best(build(case(*plant(180), least_regret=1.0)), [(0.1, 0.1), (0.18, 0.18), (0.18, 0.18)])
    assert 1000 * solve(merged.program, Options(abs_gap=0.0)).objective == pytest.approx(80)


def test_the_mean_and_the_worst_case_choose_otherwise() -> None:
    """The contrast to both: not built for 180 by the mean, built for 300 by the worst case."""
    assert costs(solved(case(*plant(180))))["a"] == pytest.approx(100)
    assert costs(solved(case(*plant(300), worst_case=1.0)))["a"] == pytest.approx(300)


def test_the_interval_of_regret_is_told() -> None:
    """Bounds and plans of the futures agree where they are proved to the end; the table says both sides."""
    run = solved(case(*plant(180), least_regret=1.0))
    table = {(row.part, row.future): row.value for row in run.table("risk").itertuples()}
    assert table["regret", ""] * 1000 == pytest.approx(80)
    assert table["regret at least", ""] * 1000 == pytest.approx(80)
    assert table["regret", "b"] * 1000 == pytest.approx(0, abs=1e-6)
    assert [entry["bound_musd"] * 1000 for entry in run.record["risk"]["own_best"]] == pytest.approx([100, 180, 180])


def test_chances_and_weights_do_not_count_alone() -> None:
    """Nothing is added without the setting."""
    assert build(case(least_regret=0.0)).program.columns == build(case()).program.columns


@pytest.mark.parametrize("change", [-0.09, 0.09])
def test_the_audit_sees_another_regret(change: float) -> None:
    texts = runs.solved(case(*plant(180), least_regret=1.0), abs_gap=0.0)
    assert [(result.name, result.tally.findings) for result in texts.report().failed] == []
    best = [dict(entry) for entry in texts.record["risk"]["own_best"]]
    best[0]["bound_musd"] += change
    record: Any = {**texts.record, "risk": {**texts.record["risk"], "own_best": best}}
    failed = {result.name for result in replace(texts, record=record).report().failed}
    assert "objective" in failed or "table_risk" in failed


def test_a_future_without_a_plan_has_no_regret() -> None:
    from orefolio.errors import InfeasibleError
    from pencil import case_of, must, spot

    with pytest.raises(InfeasibleError):
        api.solve(case_of(spot("m", "ore", 10, 5), must("x", "ore", 10), least_regret=1.0))
