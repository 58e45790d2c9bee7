"""Laying futures over the tree: what they share, what they tell apart, and what that is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from orefolio.program.build import build
from orefolio.program.flatten import Flat, flatten, stated
from orefolio.program.program import Label, Program
from orefolio.solve import Options, solve
from pencil import (
    RULE,
    Piece,
    case_of,
    event,
    future,
    must,
    offtake,
    optimum,
    plan,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)
from program.shocks import CUT, DEAR, three_futures


def rich(*futures: Piece) -> Case:
    """A case with most families at work: classes, a line, a project, an offtake, stock, a licence."""
    begin = event("begin", "rules", "*", "in_force_share", "set", 1)
    return case_of(
        tables(rules=[{"rule": "content", "threshold_share": 0.001, "basis": "value"}], classes=RULE["classes"]),
        spot("market", "metal", 4, class_="tagged"),
        spot("clean", "metal", 9, most=4),
        offtake("o", "metal", 6, 7, years=(2027, 2029), take_or_pay_share=0.9, prepayment_musd=0.004),
        process(
            "press", {"metal": 1.1}, {"magnet": 1}, capacity=12, cost=1, one_class_at_a_time=True, changeover_musd=0.003
        ),
        process("mine", {}, {"metal": 1}, cost=5),
        project("pit", "mine", 8, lead=1, capital=25, fixed_usd_per_t_per_year=300),
        stockpile("k", "metal", 9, handling_usd_per_kg=0.2),
        wanted("abroad", "magnet", 4, 33, 71, export_share=1.0, licence="goods"),
        wanted("home", "magnet", 6, 29, 57),
        tables(
            licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}],
            draws=[{"future": "late", "project": "pit", "slip_years": 1, "strikes": "2029-01-01"}],
        ),
        CUT,
        DEAR,
        begin,
        *futures,
        years=4,
        discount=0.03,
        residual_share=0.8,
    )


FUTURES = (
    future("calm", 0.4),
    future("early", 0.35, {"begin": "2028-01-01", "dear": "2029-01-01"}, onset="2028-01-01"),
    future("late", 0.25, {"cut": "2029-01-01"}, onset="2029-01-01"),
)


def apart_with_equalities(case: Case) -> float:
    """The futures side by side, each with all of its own columns, and equalities where they know the same."""
    tree = plant(case)
    flats = [flatten(stated(path)) for path in tree.paths]
    first = np.cumsum([0, *(len(flat.columns) for flat in flats)])
    equalities, seen = [], {}
    for number, flat in enumerate(flats):
        for position, (label, commitment) in enumerate(zip(flat.columns, flat.commitment, strict=True)):
            until = flat.path.periods[label.period].start
            moment = until if commitment else flat.path.periods[label.period].end
            known = frozenset(name for name, start in flat.path.tokens if start < moment - 1e-9)
            key = (label, known)
            here = first[number] + position
            if key in seen:
                equalities.append((seen[key], here))
            seen[key] = here
    width = int(first[-1])
    links = sp.lil_matrix((len(equalities), width))
    for row, (one, other) in enumerate(equalities):
        links[row, one], links[row, other] = 1.0, -1.0
    rows = sp.csr_matrix(sp.vstack([sp.block_diag([flat.matrix for flat in flats]), links]))

    def joined(pick: Callable[[Flat], Any], link: float) -> Any:
        return np.concatenate([*(pick(flat) for flat in flats), np.full(len(equalities), link)])

    def columns(pick: Callable[[Flat], Any]) -> Any:
        return np.concatenate([pick(flat) for flat in flats])

    program = Program(
        rows,
        joined(lambda f: f.row_lower, 0.0),
        joined(lambda f: f.row_upper, 0.0),
        columns(lambda f: f.column_lower),
        columns(lambda f: f.column_upper),
        columns(lambda f: f.binary),
        columns(lambda f: f.path.weight * f.cost),
        sum(f.path.weight * f.offset for f in flats),
        tuple(Label(f"row {n}", (), 0) for n in range(rows.shape[0])),
        tuple(Label(f"column {n}", (), 0) for n in range(width)),
    )
    solution = solve(program, Options(abs_gap=0.0))
    assert solution.status == "optimal"
    return solution.objective * 1000


def test_merging_is_the_same_as_equalities_between_futures() -> None:
    """A case with most families at work, three futures and two dates: sharing columns and rows gives the optimum of
    futures that stand apart and are held equal while they know the same."""
    case = rich(*FUTURES)
    assert optimum(case) == pytest.approx(apart_with_equalities(case), rel=1e-7)


def test_what_is_known_later_is_worth_something() -> None:
    """Wait and see costs less than the plan that must hold before the futures part: the case tells them apart. Would
    fail if first decisions were made by future (the optimum looks better than it is)."""
    case = rich(*FUTURES)
    alone = {name: plan(case, futures=[name]).cost for name in ("calm", "early", "late")}
    assert 0.4 * alone["calm"] + 0.35 * alone["early"] + 0.25 * alone["late"] < optimum(case) - 0.1


def test_first_decisions_are_shared() -> None:
    """A plant for 600 that can be started in 2028 only, on the day on which in half of the futures the market at 500 a
    year closes (loss 990). The start rests on 2027, which knows nothing: 500 + 600 = 1100. Would fail if the branch
    could decide with its onset: 500 + 250 + 300 = 1050."""
    case = case_of(
        spot("market", "metal", 50),
        process("line", {}, {"metal": 1}),
        project("plant", "line", 10, capital=600, start_from=2028),
        wanted("d", "metal", 10, 99),
        CUT,
        future("calm", 0.5),
        future("cut", 0.5, {"cut": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    assert optimum(case) == pytest.approx(1100)


def test_operations_see_the_events_of_their_own_period() -> None:
    """In the same year buying and delivering follow the event: ore at 5, tripled in half of the futures, loss 9: 10 x
    5 / 2 + 10 x 9 / 2 = 70. Would fail if operations too rested on the year before: 10 x 9 or 10 x 10."""
    case = case_of(
        spot("market", "metal", 5),
        wanted("d", "metal", 10, 9),
        DEAR,
        future("calm", 0.5),
        future("dear", 0.5, {"dear": "2027-01-01"}, onset="2027-01-01"),
    )
    assert optimum(case) == pytest.approx(70)


def test_one_future_is_the_deterministic_program() -> None:
    """Keeping one of three futures is the case that has that one alone, row by row."""
    kept = build(rich(*FUTURES), futures=["early"]).program
    alone = build(
        rich(
            future("early", 1.0, {"begin": "2028-01-01", "dear": "2029-01-01"}, onset="2028-01-01"),
            tables(futures=[{"future": "late", "weight": 0.0}]),
        ),
        futures=["early"],
    ).program
    assert kept.columns == alone.columns
    assert kept.rows == alone.rows
    assert abs(kept.matrix - alone.matrix).max() == 0
    assert np.array_equal(kept.cost, alone.cost)


def test_a_future_split_in_two_halves_changes_nothing() -> None:
    """Two halves know the same for ever, so they share every column: the program is the same but for names."""
    whole = build(three_futures()).program
    events = {"cut": "2028-01-01"}
    halves = case_of(
        spot("market", "metal", 7, most=30),
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1, capital=40, capital_usd_per_t_per_year=900),
        stockpile("k", "metal", 13, initial_t=2, handling_usd_per_kg=0.25, decay_share_per_year=0.1),
        wanted("d", "metal", 10, 17, 59),
        CUT,
        future("calm", 0.5),
        future("early", 0.1, events, onset="2028-01-01"),
        future("twin", 0.2, events, onset="2028-01-01"),
        future("late", 0.2, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=3,
        discount=0.07,
    )
    split = build(halves).program
    assert split.columns == whole.columns
    assert abs(split.matrix - whole.matrix).max() == 0
    assert split.cost == pytest.approx(whole.cost)
    assert split.offset == pytest.approx(whole.offset)


def test_the_order_and_the_names_of_futures_change_nothing() -> None:
    case = rich(*FUTURES)
    turned = replace(
        case, tables={name: tuple(reversed(rows)) for name, rows in case.tables.items() if name not in ("markets",)}
    )
    assert optimum(turned) == pytest.approx(optimum(case), rel=1e-9)


def test_a_row_with_a_must_in_one_future_only_is_met_there() -> None:
    """Demand falls away in one future: the other buys its 10 t alone."""
    none = event("none", "demands", "*", "multiple", "set", 0)
    case = case_of(
        spot("market", "metal", 7),
        must("d", "metal", 10),
        none,
        future("all", 0.25),
        future("none", 0.75, {"none": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    assert optimum(case) == pytest.approx(70 + 0.25 * 70)


def test_a_commitment_may_cost_differently_in_branches_that_part_that_day() -> None:
    """A plant for 600 with 10 a year while it stands, to be started from 2028 on; on that day it shows in half of the
    futures that plants come a year late. 500 + 600 + (30 + 20 + 500) / 2 = 1375: what stands in 2028 is not known to
    the commitment. Would fail if the difference were refused as foreknowledge."""
    case = case_of(
        spot("market", "metal", 50),
        process("line", {}, {"metal": 1}),
        project("plant", "line", 10, capital=600, start_from=2028, fixed_usd_per_t_per_year=1000),
        wanted("d", "metal", 10, 99),
        future("calm", 0.5),
        future("late", 0.5, onset="2028-01-01"),
        tables(draws=[{"future": "late", "project": "plant", "slip_years": 1, "strikes": "2028-01-01"}]),
        years=4,
    )
    assert optimum(case) == pytest.approx(1375)
