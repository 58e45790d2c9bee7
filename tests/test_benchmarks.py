"""The benchmark compares like with like: its peers state one program, and its case is what it says it is."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest

from benchmarks import SECTIONS, DisagreementError, MissingError, gaps, growth, road, start_up
from benchmarks import Options as Asked
from benchmarks.__main__ import main
from benchmarks.gaps import Point
from benchmarks.linopy_peer import state as in_linopy
from benchmarks.machine import machine, processor
from benchmarks.many_futures import with_futures
from benchmarks.one_way import told
from benchmarks.pyomo_peer import state as in_pyomo
from benchmarks.pyomo_peer import to_highs
from benchmarks.road import agree
from benchmarks.synthetic import SIZES, Size, synthetic
from orefolio import api
from orefolio.case.case import Case
from orefolio.case.checks import faults_of
from orefolio.case.read import load_case
from orefolio.case.scenarios import plant
from orefolio.case.together import Together, alike
from orefolio.program.build import build
from orefolio.program.flatten import stated
from orefolio.program.program import Program
from orefolio.solve import Options, solve
from orefolio.tables.outcome.values import frames

TINY = Size(futures=2, periods=6, sites=1, elements=2, sectors=1)
INPUTS = Path(__file__).parents[1] / "inputs"
MINERALS = str(INPUTS / "minerals-us")


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


def test_pyomo_runs_at_every_size_but_the_largest_and_shares_of_its_time_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seconds = {"ours": 2.0, "linopy": 8.0, "pyomo": 40.0, "floor": 0.5}

    def run(way: str, *_: object) -> dict[str, Any]:
        program = {"rows": 9, "columns": 20, "nonzeros": 100}
        return {"seconds": seconds[way], "before_solver": 1, "peak": 2, "program": program}

    monkeypatch.setattr(road, "_run", run)
    rows = road.section(Asked(large=True, runs=1, scratch=tmp_path))
    of_ours = {row["size"]: (row["of_linopy"], row["of_pyomo"]) for row in rows if row["way"] == "ours"}
    assert of_ours == {"7 k": (0.25, 0.05), "28 k": (0.25, 0.05), "263 k": (0.25, 0.05), "1.7 M": (0.25, None)}
    assert [row["size"] for row in rows if row["way"] == "pyomo"] == ["7 k", "28 k", "263 k"]
    assert {row["peak_of_matrix"] for row in rows} == {0.0}


@pytest.fixture(scope="module")
def program(case: Case) -> Program:
    return build(case).program


@pytest.mark.parametrize("way", gaps.WAYS)
def test_a_search_is_followed_to_its_proof_and_says_nothing_on_the_console(
    way: str, program: Program, capfd: pytest.CaptureFixture[str]
) -> None:
    """Would fail if plan and bound were confused, if a point were missed, or if the optimum were not within them."""
    points = gaps.WAYS[way](program, 30.0)
    assert capfd.readouterr() == ("", "")
    optimum = solve(program, Options(abs_gap=0.0)).objective
    for before, after in pairwise(points):
        assert before.seconds <= after.seconds
        assert after.plan <= before.plan
        assert after.bound >= before.bound
    end = points[-1]
    assert end.bound - 1e-6 <= optimum <= end.plan + 1e-6
    assert end.plan - end.bound <= 1e-4 * end.plan + 1e-6


@pytest.mark.parametrize("way", gaps.WAYS)
def test_a_search_without_time_has_neither_plan_nor_bound(way: str, program: Program) -> None:
    """Would fail if what the solver holds before its first run, a bound of 0, counted as proved."""
    end = gaps.WAYS[way](program, 0.0)[-1]
    assert (end.plan, end.bound) == (math.inf, -math.inf)


def test_our_search_stops_where_the_solver_alone_stops_by_default() -> None:
    assert highspy.Highs().getOptionValue("mip_rel_gap")[1] == gaps.SHARE


def test_what_was_known_at_each_second_is_told() -> None:
    """At 1 a bound alone; at 2 a plan of 14 over 10; at 5, 13 over 12.5. What came at 7 is later than was asked for."""
    points = [
        Point(0.0, math.inf, -math.inf),
        Point(0.5, math.inf, 10.0),
        Point(1.5, 14.0, 10.0),
        Point(4.0, 13.0, 12.5),
        Point(7.0, 13.0, 13.0),
    ]
    rows = gaps.rows("a case", "a way", points, 6.0)
    assert [tuple(row.values()) for row in rows] == [
        ("a case", "a way", 1, None, 10.0, None),
        ("a case", "a way", 2, 14.0, 10.0, 4.0),
        ("a case", "a way", 5, 13.0, 12.5, 0.5),
    ]


def test_a_bound_above_a_plan_is_told() -> None:
    """A plan of 14 and a bound of 15 cannot both be right, whoever found them."""
    with pytest.raises(DisagreementError, match=r"ours proves 15\.0 million USD, other has a plan of 14\.0"):
        gaps.consistent({"ours": Point(1.0, 20.0, 15.0), "other": Point(1.0, 14.0, 10.0)})
    with pytest.raises(DisagreementError, match="other proves"):
        gaps.consistent({"ours": Point(1.0, math.inf, 10.0), "other": Point(1.0, 11.0, 11.5)})
    gaps.consistent({"ours": Point(1.0, math.inf, 10.0), "other": Point(1.0, 14.0, -math.inf)})
    gaps.consistent({"ours": Point(1.0, 14.0, 14.0), "other": Point(1.0, 14.0, 14.0 + 1e-9)})


def test_both_searches_are_handed_the_program_of_the_case() -> None:
    found = {way: gaps.traced(MINERALS, way, 0.0) for way in gaps.WAYS}
    agree(found)
    rows, columns, nonzeros = api.built(api.load(MINERALS)).program.shape
    for each in found.values():
        assert [each["program"][name] for name in ("rows", "columns", "nonzeros")] == [rows, columns, nonzeros]


def test_a_power_law_has_its_own_exponent() -> None:
    """Seconds 3 size^1.7, exactly."""
    sizes = (1, 2, 5, 11)
    assert growth.exponent(sizes, [3 * size**1.7 for size in sizes]) == pytest.approx(1.7)


def test_growth_is_told_by_size_and_then_by_its_exponents() -> None:
    """The road grows with the root of the sites, the search with their square; nothing else is grown."""

    def measure(size: Size) -> growth.Measured:
        assert replace(size, sites=growth.BASE.sites) == growth.BASE
        columns = 10 * size.sites
        return {"columns": columns, "nonzeros": 7, "road": 0.3 * size.sites**0.5, "solve": 2 * size.sites**2}

    *points, last = growth.along("sites", (1, 4, 9), measure)
    assert [(row["sites"], row["columns"], row["road_cpu_s"], row["solve_cpu_s"]) for row in points] == [
        (1, 10, 0.3, 2),
        (4, 40, 0.6, 32),
        (9, 90, 0.9, 162),
    ]
    assert (last["dimension"], last["exponent_road"], last["exponent_solve"]) == ("sites", 0.5, 2.0)
    assert all(list(row) == list(last) for row in points)


def test_a_size_is_measured_on_the_program_of_that_size(program: Program) -> None:
    found = growth.measured(TINY, 1)
    assert (found["columns"], found["nonzeros"]) == program.shape[1:]
    assert found["road"] > 0
    assert found["solve"] > 0


def test_the_processor_is_the_first_that_the_kernel_names() -> None:
    assert processor("processor\t: 0\nmodel name\t: Quick 3: fast\n\nmodel name\t: other\n") == "Quick 3: fast"
    assert processor("") is None
    found = {row["what"]: row["value"] for row in machine()}
    assert list(found) == ["processor", "cores", "Python", "highspy", "numpy", "scipy", "pyomo", "linopy"]
    assert found["numpy"] == np.__version__


def ran(monkeypatch: pytest.MonkeyPatch, folder: Path, section: Callable[[Asked], Any], *options: str) -> int:
    """What the benchmark ends with when start_up, alone, is another section."""
    monkeypatch.setattr(start_up, "section", section)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "start_up", "-o", str(folder), *options])
    return main()


def test_tables_are_printed_as_markdown_after_the_machine_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"case": "us", "loss": -65000.5, "gap": None}, {"case": "japan", "loss": 0.25, "gap": 3}]
    assert ran(monkeypatch, tmp_path, lambda _: rows, "--markdown") == 0
    said = capsys.readouterr().out
    assert said.index("| Python | ") < said.index("| us |")
    assert "| case | loss | gap |\n| --- | ---: | ---: |\n| us | -65,000.5 | – |\n| japan | 0.25 | 3 |\n" in said
    with (tmp_path / "machine.csv").open(encoding="utf-8", newline="") as stream:
        assert "highspy" in [row["what"] for row in csv.DictReader(stream)]
    with (tmp_path / "start_up.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [["case", "loss", "gap"], ["us", "-65000.5", ""], ["japan", "0.25", "3"]]


@pytest.mark.parametrize("error", [DisagreementError, MissingError])
def test_a_section_that_cannot_be_believed_ends_the_benchmark(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def section(_: Asked) -> None:
        raise error("they differ")

    assert ran(monkeypatch, tmp_path, section) == 1
    assert capsys.readouterr().err == "they differ\n"
    assert not (tmp_path / "start_up.csv").exists()


def test_forty_futures_are_those_of_the_case_at_several_dates() -> None:
    """Weights still sum to 1, and those of a shock to what the case gives it; what comes before a shock stays put."""
    case = load_case(INPUTS / "japan")
    many = with_futures(case, 40)
    shock = [row for row in many.rows("futures") if row.future.startswith("S03")]
    assert len(many.rows("futures")) == 40
    assert sum(row.weight for row in many.rows("futures")) == pytest.approx(1.0)
    assert sum(row.weight for row in shock) == pytest.approx(case.row("futures", "S03").weight)
    assert [row.onset for row in shock] == ["2027-07-01", "2028-07-01", "2029-07-01", "2030-07-01"]
    starts = {row.start for row in many.rows("future_events") if (row.future, row.event) == ("S04_2", "full_embargo")}
    before = {row.start for row in many.rows("future_events") if (row.future, row.event) == ("S04_2", "seabed_success")}
    assert (starts, before) == ({"2031-01-01"}, {"2028-07-01"})
    assert list(faults_of(many)) == []
