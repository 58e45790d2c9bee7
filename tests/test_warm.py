"""What-ifs on the warm program: each is what a solve from nothing gives, and refused or built anew where it must be."""

from __future__ import annotations

import math
import random
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path

import highspy
import numpy as np
import pytest

from orefolio import api
from orefolio.analyses.warm import StoppedError, Warm
from orefolio.case.scenarios import plant
from orefolio.case.several import PartedError
from orefolio.case.variants import variants
from orefolio.errors import InputError
from orefolio.program.build import build
from orefolio.program.learned import learned, line
from orefolio.program.program import Program
from orefolio.solve import Options, Session, fixed
from orefolio.tables.outcome import Outcome

MINERALS = Path(__file__).parents[1] / "inputs" / "minerals-us"
STRAIGHT = ("price_ga", "price_ge", "price_sb", "price_w", "price_c", "anode_duty")
CROOKED = ("trunk_licence_share", "growth_multiple")
SEED = 7


@cache
def study() -> api.Study:
    return api.load(MINERALS)


@cache
def trunk() -> api.Run:
    return study().solve(deterministic=True, abs_gap=1.0, saving=False)


@cache
def warm() -> Warm:
    return study().warm(trunk())


def built(levers: dict[str, float]) -> Program:
    case = study().what_if(**levers).case
    return build(case, futures=[path.future for path in warm().merged.tree.paths]).program


def kept(program: Program) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The trunk's plan in another program of it, by label: nought where the plan has no such column."""
    base = warm().merged.program
    known = dict(zip(base.columns, warm().values.tolist(), strict=True))
    return np.array([known.get(label, 0.0) for label in program.columns])


def drawn(count: int) -> list[dict[str, float]]:
    """Levers turned alone, each to somewhere within its range."""
    dice = random.Random(SEED)
    rows = study().case.rows("levers")
    return [{row.lever: dice.uniform(row.low, row.high)} for row in (dice.choice(rows) for _ in range(count))]


def assert_like_a_cold_solve(levers: dict[str, float]) -> None:
    """The fixed plan costs what it costs from nothing, and a plan made anew has the bound that one from nothing has."""
    program = built(levers)
    cold = fixed(program, kept(program))
    assert warm().fixed(levers).status == cold.status
    assert warm().fixed(levers).objective == pytest.approx(cold.objective, rel=1e-9)
    again, relaxation = warm().replanned(levers), Session(program, Options()).relaxed()
    assert again.bound == pytest.approx(relaxation.objective, rel=1e-9)
    assert again.objective == pytest.approx(program.objective(again.values), rel=1e-9)
    assert again.objective >= again.bound - 1e-6


@pytest.mark.parametrize("levers", drawn(8), ids=str)
def test_a_what_if_is_what_a_solve_from_nothing_gives(levers: dict[str, float]) -> None:
    assert_like_a_cold_solve(levers)


@pytest.mark.long
def test_two_hundred_what_ifs_are_what_solves_from_nothing_give() -> None:
    for levers in drawn(200):
        assert_like_a_cold_solve(levers)


@pytest.mark.parametrize("lever", STRAIGHT)
def test_a_map_gives_the_program_that_families_state(lever: str) -> None:
    """At a value it was not learnt from, every number."""
    assert warm().learn(lever)
    row = study().case.row("levers", lever)
    value = row.low + 0.83 * (row.high - row.low)
    mapped, stated = warm().program({lever: value}), built({lever: value})
    assert mapped.rows == stated.rows
    assert np.array_equal(mapped.matrix.indices, stated.matrix.indices)
    for name in ("row_lower", "row_upper", "column_lower", "column_upper", "cost"):
        assert getattr(mapped, name) == pytest.approx(getattr(stated, name), rel=1e-12, abs=1e-12), name
    assert mapped.matrix.data == pytest.approx(stated.matrix.data, rel=1e-12)
    assert mapped.offset == pytest.approx(stated.offset, rel=1e-12)


@pytest.mark.parametrize("lever", ["price_ga", "capital_envelope", "holding_cost"])
def test_what_each_future_costs_is_as_stated_also_by_a_map(lever: str) -> None:
    """The parts of cost add up to that of the plan, and each is what the case built anew says."""
    row = study().case.row("levers", lever)
    levers = {lever: row.low + 0.83 * (row.high - row.low)}
    solution = warm().fixed(levers)
    case = study().what_if(**levers).case
    anew = build(case, futures=[path.future for path in warm().merged.tree.paths])
    mapped, stated = (Outcome(merged, solution) for merged in (warm().merged_at(levers), anew))
    assert warm().learn(lever)
    mapped.verify()
    assert mapped.case.tables == case.tables
    for one, other in zip(mapped.futures, stated.futures, strict=True):
        assert one.costs == pytest.approx(other.costs, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("lever", CROOKED)
def test_a_lever_on_which_the_structure_hangs_has_no_map(lever: str) -> None:
    assert not warm().learn(lever)


def test_a_number_that_moves_in_a_curve_has_no_map() -> None:
    """Growth by the year is a power; what it moves is not on a line through three of its values."""
    case = study().case
    cases = [case, *(study().what_if(growth_multiple=value).case for value in (1.1, 1.3))]
    assert learned([plant(each) for each in cases], [1.0, 1.1, 1.3]) is None


def test_where_there_are_other_decisions_each_is_as_its_counterpart_and_the_others_are_not_taken() -> None:
    """Where nothing is licensed, nothing licensed can be bought: columns go, the rest of the plan stays."""
    levers = {"trunk_licence_share": 0.0}
    program = built(levers)
    base = warm().merged.program
    assert program.columns != base.columns
    assert_like_a_cold_solve(levers)
    taken = {base.columns[place] for place in np.flatnonzero(base.integer & (warm().values > 0.5))}
    assert warm().left_out(levers) == len(taken - set(program.columns))
    assert warm().left_out({"price_ga": 480.0}) is None
    assert warm().replanned(levers).objective <= warm().fixed(levers).objective + 1e-6


def test_a_build_that_is_told_to_stop_ends_between_two_futures() -> None:
    again = study().warm(trunk())
    again.stop.set()
    with pytest.raises(StoppedError):
        again.program({"trunk_licence_share": 0.0})
    with pytest.raises(StoppedError):
        again.learn("price_ga")
    again.stop.clear()
    assert again.learn("price_ga")


def test_rows_that_come_with_a_lever_leave_no_map() -> None:
    """With a weight on the tail there are its rows; without it there are none."""
    cases = [study().what_if(risk_weight=weight).case for weight in (0.0, 0.1, 0.2)]
    assert learned([plant(case) for case in cases], [0.0, 0.1, 0.2]) is None


def test_a_case_whose_lever_is_turned_already_is_moved_from_where_that_lever_counts() -> None:
    """Turned again, a lever counts from the case as written, whether or not it was turned before."""
    turned = study().what_if(price_ga=500.0)
    again = turned.warm(turned.solve(deterministic=True, abs_gap=1.0, saving=False))
    assert again.learn("price_ga")
    assert again.program({"price_ga": 480.0}).cost == pytest.approx(
        built({"price_ga": 480.0}).cost, rel=1e-12, abs=1e-12
    )
    assert again.fixed({}).objective == pytest.approx(again.fixed({"price_ga": 500.0}).objective, rel=1e-9)


def test_several_levers_at_once_are_built_anew_and_held_to_the_same() -> None:
    assert_like_a_cold_solve({"price_ga": 480.0, "anode_duty": 1.2})


def test_a_value_beyond_the_range_is_refused_as_the_case_refuses_it() -> None:
    with pytest.raises(InputError):
        warm().fixed({"price_ga": -1.0})


def test_a_run_that_was_only_read_cannot_be_kept_warm(tmp_path: Path) -> None:
    run = study().solve(deterministic=True, abs_gap=50.0, saving=False, out=tmp_path)
    assert run.folder is not None
    with pytest.raises(InputError, match="one that was solved just now"):
        study().warm(api.open_run(run.folder))


def answers(kept: Warm, asked: list[dict[str, float]]) -> dict[str, tuple[bytes, ...]]:
    """Plans and what limits are worth, to the bit, of what-ifs asked in an order."""
    found = {}
    for levers in asked:
        fixed, again = kept.fixed(levers), kept.replanned(levers)
        found[str(levers)] = (fixed.values.tobytes(), fixed.duals.tobytes(), again.values.tobytes())
    return found


def test_an_answer_hangs_on_lever_and_value_alone_not_on_what_was_asked_before() -> None:
    """Costs, sides and coefficients, and a program built anew; would fail if a start were the end of the last run."""
    asked = [{"price_ga": 480.0}, {"anode_duty": 1.2}, {"anode_duty": 1.9}, {"growth_multiple": 1.2}]
    forth, back = (answers(study().warm(trunk()), order) for order in (asked, asked[::-1]))
    assert forth == back


def test_a_start_that_is_no_help_is_left_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the basis of slack no plan comes within the steps allowed; the answer is that from nothing all the same."""
    program, values = warm().merged.program, warm().values
    wanted = fixed(program, values).objective
    began: list[bool] = []
    session = Session(program)
    cold = session.engine.run_cold
    monkeypatch.setattr(session.engine, "run_cold", lambda *asked: began.append(True) or cold(*asked))
    assert session.fixed(values, slack(program)).objective == pytest.approx(wanted, rel=1e-9)
    assert began == [True]
    assert session.fixed(values, session.engine.basis).objective == pytest.approx(wanted, rel=1e-9)
    assert began == [True]  # a start that is the answer's own takes no steps


def slack(program: Program) -> highspy.HighsBasis:
    """The basis of no column: every row is its own."""
    basis = highspy.HighsBasis()
    rows, columns = program.shape[:2]
    basis.col_status = [highspy.HighsBasisStatus.kLower] * columns
    basis.row_status = [highspy.HighsBasisStatus.kBasic] * rows
    basis.valid = True
    return basis


def test_a_plan_that_is_near_enough_to_the_bound_is_kept_and_else_dives_look_for_a_better_one() -> None:
    """A plan that costs less than the bound there is not, so that asked for one the session must look."""
    session = Session(warm().merged.program, Options(abs_gap=1.0))
    bound = session.relaxed().objective
    start = session.engine.basis
    kept, searched = (session.replanned(warm().values, start, start, enough) for enough in (math.inf, -1.0))
    assert "dive" not in kept.method
    assert kept.objective == pytest.approx(fixed(warm().merged.program, warm().values).objective, rel=1e-9)
    assert "dive" in searched.method
    assert bound - 1e-6 <= searched.objective <= kept.objective + 1e-6


def test_stopping_keeps_the_best_plan_so_far() -> None:
    """The event ends the plan made anew; afterwards the warm program answers as before."""
    before = warm().fixed({}).objective
    warm().program({"price_ga": 480.0})  # stated before: the event would end that too
    warm().stop.set()
    ended = warm().replanned({"price_ga": 480.0})
    warm().stop.clear()
    assert ended.status == "interrupted"
    assert warm().fixed({}).objective == pytest.approx(before, rel=1e-12)


def test_a_program_whose_run_was_stopped_midway_is_run_again_to_its_end() -> None:
    """Would fail if the solver went on believing that it is to stop."""
    stop, calls = threading.Event(), []
    session = Session(warm().merged.program, Options(), stop)

    def stopping(_: object) -> None:
        calls.append(1)
        if len(calls) == 5:
            stop.set()

    session.engine._highs.cbSimplexInterrupt.subscribe(stopping)
    assert session.relaxed().status == "interrupted"
    assert len(calls) >= 5
    stop.clear()
    assert session.relaxed().objective == pytest.approx(Session(warm().merged.program, Options()).relaxed().objective)


def together(*turned: dict[str, float]) -> None:
    """The case as written and under levers, stated as one."""
    variants([plant(study().what_if(**levers).case if levers else study().case) for levers in ({}, *turned)])


def test_levers_that_change_when_things_happen_are_refused() -> None:
    """Months of an event change how a branch tells time."""
    with pytest.raises(PartedError):
        together({"embargo_months": 24.0})


def test_cases_of_other_rows_or_futures_are_refused() -> None:
    case = study().case
    fewer = replace(case, tables={**case.tables, "prices": case.rows("prices")[1:]})
    with pytest.raises(PartedError):
        variants([plant(case), plant(fewer)])
    with pytest.raises(PartedError):
        variants([plant(case), plant(case, "yearly")])


def test_numbers_move_on_a_line_through_three_or_have_no_map() -> None:
    numbers = [np.array([1.0, 2.0]), np.array([1.0, np.inf]), np.array([1.0, 3.0])]
    assert line(numbers, [0.0, 1.0, 2.0]) is None
    assert line([np.array([0.0]), np.array([1.0]), np.array([4.0])], [0.0, 1.0, 2.0]) is None
    found = line([np.array([0.0, 7.0]), np.array([1.0, 7.0]), np.array([2.0, 7.0])], [0.0, 1.0, 2.0])
    assert found is not None
    assert found.moved(np.array([0.0, 7.0]), 0.5).tolist() == [0.5, 7.0]
