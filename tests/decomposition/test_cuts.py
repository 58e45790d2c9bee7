"""One future at a given point: its cost, the plane under it, and the plane that takes a point away; by hand."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from decomposition.two_futures import BEST, INF, parts, split
from orefolio.errors import SolverError
from orefolio.program.program import Label, Program
from orefolio.scale.decomposition.crew import Here
from orefolio.scale.decomposition.exact import exact
from orefolio.scale.decomposition.master import Master
from orefolio.scale.decomposition.message import (
    Answer,
    Request,
    packed_answer,
    packed_part,
    packed_request,
    unpacked_answer,
    unpacked_part,
    unpacked_request,
)
from orefolio.scale.decomposition.method import Method
from orefolio.scale.decomposition.subproblem import Subproblem
from orefolio.solve import Options
from orefolio.solve.cutting import Cutting
from orefolio.solve.standing import Standing

EXACT = Options(abs_gap=0.0)


def cut(part: int, capacity: float) -> Answer:
    return Subproblem(parts()[part]).answer(Request(part, "cut", np.array([capacity]), 60.0))


def test_a_cut_is_the_future_s_cost_and_what_a_tonne_of_capacity_saves_it() -> None:
    """In a, 4 t of capacity leave 6 t at 3: 18, and a tonne saves 3, so the plane is 30 − 3 x."""
    answer = cut(0, 4.0)
    assert (answer.outcome, answer.value) == ("optimal", pytest.approx(18))
    assert (answer.constant, answer.slopes.tolist()) == (pytest.approx(30), [pytest.approx(-3)])


def test_a_future_without_a_plan_says_which_points_have_none() -> None:
    """b lacks 25 t at 5 t of capacity and can buy 20: 0 ≥ 10 − x; so 10 t is the first that will do."""
    answer = cut(1, 5.0)
    assert answer.outcome == "infeasible"
    assert answer.constant + answer.slopes[0] * 5 > 0
    assert answer.slopes.tolist() == [-1]
    assert answer.constant == pytest.approx(10)


def test_cuts_hold_at_every_other_point() -> None:
    """Cost of a is 3 max(0, 10 − x), of b 2 max(0, 30 − x) from 10 on."""
    costs = (lambda x: 3 * max(0.0, 10 - x), lambda x: 2 * max(0.0, 30 - x))
    for part, cost in enumerate(costs):
        for at in (10.0, 12.5, 29.0, 30.0, 60.0):
            answer = cut(part, at)
            for x in (10.0, 11.0, 20.0, 31.0, 100.0):
                assert answer.constant + answer.slopes[0] * x <= cost(x) + 1e-9


def test_a_future_decides_in_whole_where_a_plan_is_asked_for() -> None:
    """With 15 t of capacity b lacks 15 t: relaxed three quarters of 20 t at 40, whole all of it."""
    sub = Subproblem(parts(integer=True)[1])
    assert sub.answer(Request(1, "cut", np.array([15.0]), 60.0)).value == pytest.approx(30)
    answer = sub.answer(Request(1, "plan", np.array([15.0]), 60.0))
    assert (answer.value, answer.values.tolist()) == (pytest.approx(40), [1.0])
    assert sub.answer(Request(1, "plan", np.array([5.0]), 60.0)).outcome == "infeasible"


def test_the_master_proves_nothing_before_every_future_was_asked() -> None:
    pieces = split()
    master = Master(pieces, EXACT, threading.Event())
    assert (master.run(60.0), master.bound) == ("optimal", -np.inf)
    master.learn([cut(0, 0.0), cut(1, 20.0)])
    assert master.run(60.0) == "optimal"
    # a: 30 − 3 x, b: 60 − 2 x; both fall faster than capacity costs, without an end: the bound is where b's is at 100
    assert master.point.tolist() == [100.0]
    assert master.bound == pytest.approx(100 + 0.4 * (30 - 300) + 0.6 * (60 - 200))
    assert master.refuted_by([cut(0, 50.0)])
    assert not master.refuted_by([cut(0, 0.0)])


@pytest.mark.parametrize("integer", [False, True])
def test_rounds_end_at_the_optimum_of_the_whole(integer: bool) -> None:
    """30 t of capacity are best, and nothing is then bought, so whole decisions change nothing."""
    pieces, standing, crew = split(integer), Standing(EXACT), Here()
    crew.take(pieces.parts)
    assert Method(pieces, EXACT, crew, standing, threading.Event(), None).run() == "optimal"
    assert standing.objective == pytest.approx(BEST)
    assert standing.bound == pytest.approx(BEST)
    assert standing.values is not None
    assert standing.values.tolist() == pytest.approx([30, 0, 0])


def test_a_future_that_earns_more_than_was_taken_for_granted_is_believed() -> None:
    """A part that costs minus ten million: nothing may be proved from the ten times smaller loss taken for granted."""
    pieces = split()
    master = Master(pieces, EXACT, threading.Event())
    huge = Answer(0, "optimal", -1e7, -1e7, np.zeros(1))
    master.learn([huge, cut(1, 20.0)])
    assert master.run(60.0) == "optimal"
    assert master.bound == pytest.approx(100 - 0.4e7 + 0.6 * (60 - 200))


def test_what_goes_to_a_worker_comes_back_alike() -> None:
    part = parts()[1]
    back = unpacked_part(packed_part(part))
    assert (back.number, back.future, back.weight) == (1, "b", 0.6)
    assert back.program.matrix.toarray().tolist() == [[1, 1]]
    assert back.program.column_upper.tolist() == [20, 100]
    request = Request(1, "plan", np.array([2.5]), 9.0, 0.25)
    again = unpacked_request(packed_request(request))
    assert (again.part, again.deed, again.links.tolist(), again.seconds, again.allowed) == (1, "plan", [2.5], 9.0, 0.25)
    answer = Answer(1, "optimal", 2.0, 3.0, np.array([4.0]), np.array([5.0]))
    same = unpacked_answer(packed_answer(answer))
    assert vars(same) | {"slopes": [4.0], "values": [5.0]} == vars(answer) | {"slopes": [4.0], "values": [5.0]}
    assert (same.slopes.tolist(), same.values.tolist()) == ([4.0], [5.0])


@pytest.mark.parametrize(("most", "expected"), [(2000.0, [1.0, 1000.0]), (900.0, None)])
def test_a_point_a_hair_from_its_rows_is_moved_onto_them(most: float, expected: list[float] | None) -> None:
    """An open line takes 1,000 t, no more and no less; the solver left the decision at 0.99999 and so 999.99 t."""
    rows = np.array([[1000.0, -1.0, 0.0]])
    master = Program(
        sp.csr_matrix(rows), np.zeros(1), np.zeros(1), np.array([0.0, 0.0, -1e6]), np.array([1.0, most, INF]),
        np.array([True, False, False]), np.array([0.0, 1.0, 1.0]), 0.0, (Label("line", (), 0),),
        (Label("open", (), 0), Label("amount", (), 0), Label("cost", (), 0)),
    )  # fmt: skip
    found = exact(master, np.array([0.99999, 999.99]), np.array([1.0]), 60.0)
    assert (None if found is None else found.tolist()) == expected


def test_rows_come_and_go_and_a_basis_of_before_still_fits() -> None:
    """Least 2 a + 3 b with a + b ≥ 4: a = 4, cost 8. With a ≤ 1 as a row: a = 1, b = 3, cost 11. Without it 8 again."""
    engine = Cutting(
        Program(
            sp.csr_matrix(np.ones((1, 2))), np.array([4.0]), np.array([INF]), np.zeros(2), np.full(2, 10.0),
            np.zeros(2, dtype=bool), np.array([2.0, 3.0]), 0.0, (Label("want", (), 0),),
            (Label("a", (), 0), Label("b", (), 0)),
        )
    )  # fmt: skip
    assert (engine.run(60.0), engine.objective) == ("optimal", 8)
    basis = engine.basis
    cut_off = sp.csr_matrix(np.array([[-1.0, 0.0]])), np.array([-1.0]), np.array([INF])
    engine.append(*cut_off, [Label("cut", (), 0)])
    engine.basis = basis
    assert (engine.run(60.0), engine.objective) == ("optimal", 11)
    assert engine.duals().tolist() == [3, 1]
    engine.drop(np.array([1]))
    assert (engine.run(60.0), engine.objective) == ("optimal", 8)
    with pytest.raises(SolverError, match="do not fit"):
        engine.append(*cut_off, [])
    with pytest.raises(SolverError, match="no number"):
        engine.append(cut_off[0], np.array([np.nan]), cut_off[2], [Label("cut", (), 0)])


def test_a_future_that_no_point_helps_ends_it() -> None:
    """b wants 30 t, can buy 20, and capacity is none of its business: there is no plan at all."""
    hopeless = replace(parts()[1].program, matrix=sp.csr_matrix(np.array([[1.0, 0.0]])))
    pieces = split()
    pieces = replace(pieces, parts=(pieces.parts[0], replace(pieces.parts[1], program=hopeless)))
    crew, standing = Here(), Standing(EXACT)
    crew.take(pieces.parts)
    assert Method(pieces, EXACT, crew, standing, threading.Event(), None).run() == "infeasible"
