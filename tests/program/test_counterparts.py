"""Where rows and columns of a program stand in another: checked against labels, periods and futures by name."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from orefolio.case.case import AfterShock, Case
from orefolio.program.build import build
from orefolio.program.counterparts import Counterparts
from orefolio.program.merge import ABSENT, Merged
from orefolio.program.program import Label, Places
from orefolio.solve import Options, Session
from orefolio.solve.basis import basis_from
from pencil import case_of, future, process, project, spot, stockpile, wanted
from program.shocks import CUT, DEAR, three_futures


def shocked(late: str = "2029-01-01", loss: float = 59, more: bool = False) -> Case:
    """Futures tell time by half-years from their shock on; with `more`, a second stockpile."""
    return case_of(
        spot("market", "metal", 7, most=30),
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1, capital=40),
        stockpile("k", "metal", 13, initial_t=2),
        *([stockpile("other", "metal", 5)] if more else []),
        wanted("d", "metal", 10, 17, loss),
        CUT,
        DEAR,
        future("calm", 0.5),
        future("early", 0.3, {"cut": "2028-01-01"}, onset="2028-01-01"),
        future("late", 0.2, {"dear": late}, onset=late),
        years=4,
        after_shock=AfterShock(fine_months=6, single_years=1),
    )


def owners(merged: Merged, which: str) -> list[set[tuple[str, tuple[str, ...], float, str]]]:
    """For each merged column or row: name, index, start of its period, future of every future that has it."""
    numbers = merged.column_of if which == "columns" else merged.row_of
    found: list[set[tuple[str, tuple[str, ...], float, str]]] = [set() for _ in getattr(merged.program, which)]
    for flat, places in zip(merged.flats, numbers, strict=True):
        labels: Iterable[Label] = getattr(flat, which)
        for label, place in zip(labels, places.tolist(), strict=True):
            start = flat.path.periods[label.period].start
            found[place].add((label.name, label.index, start, flat.path.future))
    return found


def agree(base: Merged, other: Merged, which: str, places: Places) -> tuple[int, int]:
    """How many have a counterpart and how many none; each counterpart has the name, a future, and holds the start."""
    ours, theirs = owners(base, which), owners(other, which)
    with_one = 0
    for number, place in enumerate(places.tolist()):
        if place == ABSENT:
            continue
        with_one += 1
        alike = [
            (mine, its)
            for mine in ours[place]
            for its in theirs[number]
            if mine[0] == its[0] and mine[1] == its[1] and mine[3] == its[3] and mine[2] <= its[2] + 1e-9
        ]
        assert alike, (other.program.columns if which == "columns" else other.program.rows)[number]
    return with_one, len(places) - with_one


def test_a_program_is_its_own_counterpart() -> None:
    merged = build(three_futures())
    columns, rows = Counterparts(merged).of(merged)
    assert columns.tolist() == list(range(merged.program.shape[1]))
    assert rows.tolist() == list(range(merged.program.shape[0]))


@pytest.mark.parametrize("late", ["2030-01-01", "2028-07-01"])
def test_a_shock_at_another_date_leaves_every_name_its_counterpart_of_the_same_future(late: str) -> None:
    base, other = build(shocked()), build(shocked(late))
    assert base.program.columns != other.program.columns
    columns, rows = Counterparts(base).of(other)
    for which, places in (("columns", columns), ("rows", rows)):
        with_one, without = agree(base, other, which, places)
        assert with_one > 4 * without


def test_what_only_the_other_has_is_absent() -> None:
    base, other = build(shocked()), build(shocked(more=True))
    columns, rows = Counterparts(base).of(other)
    for labels, places in ((other.program.columns, columns), (other.program.rows, rows)):
        new = [number for number, label in enumerate(labels) if "other" in label.index]
        assert new
        assert np.flatnonzero(places == ABSENT).tolist() == new


def test_a_future_that_the_base_has_not_is_absent_where_it_goes_its_own_way() -> None:
    base, other = build(shocked(), futures=["calm", "early"]), build(shocked())
    columns, _ = Counterparts(base).of(other)
    alone = [{future for *_, future in who} == {"late"} for who in owners(other, "columns")]
    assert [place == ABSENT for place in columns.tolist()] == alone


@pytest.mark.parametrize("turned", [{"late": "2029-07-01"}, {"more": True}, {"loss": 31.0}])
def test_a_relaxation_from_the_counterparts_basis_is_the_one_from_nothing(turned: dict[str, object]) -> None:
    """Too large or too small a basis is mended; would fail if what is missing stood at a bound that is infinite."""
    base, other = build(shocked()), build(shocked(**turned))  # type: ignore[arg-type]
    session = Session(base.program, Options())
    session.relaxed()
    columns, rows = Counterparts(base).of(other)
    again = Session(other.program, Options())
    warm = again.relaxed(basis_from(session.engine.basis, other.program, columns, rows))
    assert warm.objective == pytest.approx(Session(other.program, Options()).relaxed().objective, rel=1e-9)
