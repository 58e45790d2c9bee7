"""The benchmark compares like with like: its peers state one program, and its case is what it says it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orefolio.case.case import Case
from orefolio.case.checks import faults_of
from orefolio.case.scenarios import plant
from orefolio.case.together import Together, alike
from orefolio.program.build import build
from orefolio.program.flatten import stated
from orefolio.solve import Options, solve
from orefolio.tables.outcome.values import frames

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import SECTIONS, DisagreementError
from benchmarks.linopy_peer import state as in_linopy
from benchmarks.one_way import told
from benchmarks.pyomo_peer import state as in_pyomo
from benchmarks.pyomo_peer import to_highs
from benchmarks.road import agree
from benchmarks.synthetic import SIZES, Size, synthetic

TINY = Size(futures=2, periods=6, sites=1, elements=2, sectors=1)


@pytest.fixture(scope="module")
def case() -> Case:
    return synthetic(TINY)


def test_the_peers_state_the_same_program_with_the_same_optimum(case: Case) -> None:
    """Would fail if a peer left out a row, a cost or a number of a future, or the product did."""
    merged = build(case)
    rows, columns, _ = merged.program.shape
    ours = solve(merged.program, Options(abs_gap=0.0))
    linopy, pyomo = in_linopy(case).to_highspy(), to_highs(in_pyomo(case))
    figures: dict[str, Any] = {"linopy": told(linopy, "integer"), "pyomo": told(pyomo, "integer")}
    assert (rows, columns) == (figures["pyomo"]["rows"], figures["pyomo"]["columns"])
    assert merged.program.matrix.nnz == figures["pyomo"]["nonzeros"]
    assert ours.objective - merged.program.offset == pytest.approx(figures["pyomo"]["optimum"], rel=1e-6)
    agree({way: {"program": each} for way, each in figures.items()})


def test_a_peer_that_leaves_out_a_number_is_told(case: Case) -> None:
    figures = told(to_highs(in_pyomo(case)), "no")
    other = {**figures, "costs, sum": figures["costs, sum"] * (1 + 1e-5)}
    with pytest.raises(DisagreementError, match="costs, sum"):
        agree({"one": {"program": figures}, "other": {"program": other}})


def test_the_case_is_sound_and_its_plan_is_worth_comparing(case: Case) -> None:
    """Would fail if a check of the product found a fault, or if the optimum committed nothing or bought nothing."""
    assert list(faults_of(case)) == []
    program = build(case).program
    solution = solve(program, Options(abs_gap=0.0))
    assert solution.status == "optimal"
    plan = frames(program.columns, solution.values)
    assert plan["start"]["value"].sum() + plan["sign"]["value"].sum() >= 1
    assert all(plan[name]["value"].sum() > 1 for name in ("activity", "ship", "buy", "deliver", "stock"))
    assert plan["short"]["value"].sum() > 1


def test_the_same_seed_gives_the_same_case_and_another_gives_other_numbers() -> None:
    assert synthetic(TINY).tables == synthetic(TINY).tables
    assert synthetic(TINY, seed=2).tables != synthetic(TINY).tables


@pytest.mark.parametrize("size", [Size(6, 8, 2, 2), Size(9, 20, 2, 3)])
def test_futures_differ_in_numbers_alone_so_that_they_are_stated_together(size: Size) -> None:
    """Stating them together raises as soon as they differ in which columns or rows there are."""
    tree = plant(synthetic(size))
    (group,) = alike(tree.paths)
    future = stated(Together(group))
    assert len(group) == size.futures
    assert future.every_column


def test_decisions_are_shared_and_everything_else_stands_in_each_future() -> None:
    size = Size(3, 6, 2, 2)
    merged = build(synthetic(size))
    shared = np.bincount(np.concatenate(merged.column_of), minlength=len(merged.program.columns)) == size.futures
    own = {"eta", "tail"}
    names = {
        label.name for label, yes in zip(merged.program.columns, shared, strict=True) if yes and label.name not in own
    }
    assert names == {"start", "size", "sign", "volume"}
    lines = size.sites * (2 + size.elements)
    assert shared.sum() == 2 * lines + 2 * 3 * size.elements


@pytest.mark.parametrize(("name", "columns"), [("7 k", 7e3), ("28 k", 28e3)])
def test_a_size_has_the_columns_that_its_name_says(name: str, columns: float) -> None:
    rows, found, nonzeros = build(synthetic(SIZES[name])).program.shape
    assert found == pytest.approx(columns, rel=0.1)
    assert 4.0 < nonzeros / found < 5.0
    assert rows < found


def test_a_plan_as_frames_keeps_every_column_with_its_labels() -> None:
    """Would fail if words, periods, nodes or values were put beside another column's."""
    program = build(synthetic(TINY)).program
    values = np.arange(len(program.columns), dtype=float)
    found = {
        (name, tuple(word for word in row[:-3] if word), row[-3], row[-2]): row[-1]
        for name, frame in frames(program.columns, values).items()
        for row in frame.itertuples(index=False, name=None)
    }
    assert found == {
        (label.name, label.index, label.period, label.node): float(number)
        for number, label in enumerate(program.columns)
    }


def test_every_section_has_its_file() -> None:
    folder = Path(__file__).parents[1] / "benchmarks"
    assert SECTIONS
    assert all((folder / f"{name}.py").is_file() for name in SECTIONS)
