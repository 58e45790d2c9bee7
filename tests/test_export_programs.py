"""The program as LP and MPS: another reader finds the same numbers, and the same optimum as the run."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pyscipopt
import pytest
import scipy.sparse as sp

from orefolio import api
from orefolio.errors import InputError
from orefolio.exports import export, lp, mps
from orefolio.exports.program_of_run import limits, program_of
from orefolio.exports.solver_names import LONGEST, solver_names
from orefolio.program.program import Label, Program
from orefolio.solve import Session
from orefolio.tables.folder import RunFolder
from pencil import case_of, must, offtake, process, project, spot

SMALL = Path(__file__).parents[1] / "inputs" / "minerals-us"
FORMATS = {"lp": lp.lines, "mps": mps.lines}


def solved(study: api.Study, out: Path, **options: Any) -> RunFolder:
    run = api.solve(study, out=out, **options)
    assert run.folder is not None
    return RunFolder(run.folder)


@pytest.fixture(scope="module")
def pencil(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """10 t wanted a year for two years. Spot: 5 USD/kg. An offtake of 4 t a year at 3, signed or not.

    A plant turns ore at 1 into what is wanted at a cost of 1, 3 t a year, for capital of 7 thousand USD.
    Sign: 2 x 4 x 3 = 24. Build: 7 + 2 x 3 x 2 = 19 in place of 2 x 3 x 5 = 30. The rest: 2 x 3 x 5 = 30. Together 73.
    """
    case = case_of(
        offtake("磁石-a", "oxide", 3.0, 4, years=(2027, 2027)),
        spot("market", "oxide", 5.0),
        spot("mine", "ore", 1.0),
        process("plant", {"ore": 1.0}, {"oxide": 1.0}, cost=1.0),
        project("x-plant", "plant", 3, capital=7.0),
        must("motors", "oxide", 10),
        years=2,
    )
    return solved(api.Study(case), tmp_path_factory.mktemp("pencil"), abs_gap=0.0)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    out = tmp_path_factory.mktemp("small")
    return solved(api.load(SMALL), out, grid="yearly", deterministic=True, abs_gap=20.0, saving=False)


def read(path: Path) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    return highs


def optimum(path: Path, gap: float) -> tuple[float, float]:
    """What the solver finds and proves of a file."""
    highs = read(path)
    highs.setOptionValue("mip_abs_gap", gap)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    info = highs.getInfo()
    return info.objective_function_value, info.mip_dual_bound


@pytest.mark.parametrize("form", FORMATS)
def test_the_optimum_of_the_file_is_that_of_the_pencil(pencil: RunFolder, tmp_path: Path, form: str) -> None:
    assert pencil.record["objective"] == pytest.approx(0.073, abs=1e-9)
    assert optimum(export(pencil.path, form, tmp_path / f"out.{form}"), 0.0)[0] == pytest.approx(0.073, abs=1e-9)


@pytest.mark.parametrize("form", FORMATS)
def test_the_optimum_of_the_file_is_the_runs_within_the_gap(small: RunFolder, tmp_path: Path, form: str) -> None:
    plan, bound = optimum(export(small.path, form, tmp_path / f"out.{form}"), 20.0)
    assert bound <= small.record["objective"] + 1e-6
    assert small.record["bound"] <= plan + 1e-6


@pytest.mark.parametrize("form", FORMATS)
def test_the_solver_reads_every_number_as_it_was(small: RunFolder, tmp_path: Path, form: str) -> None:
    program = program_of(small)
    model = read(export(small.path, form, tmp_path / f"out.{form}")).getLp()
    place = {name: number for number, name in enumerate(model.col_names_)}
    order = [place[name] for name in solver_names(program.columns)]
    assert len(place) == len(order) == program.shape[1]
    for ours, theirs in (
        (program.cost, model.col_cost_),
        (program.column_lower, model.col_lower_),
        (program.column_upper, model.col_upper_),
    ):
        assert np.array_equal(ours, np.array(theirs)[order])
    whole = np.array([kind == highspy.HighsVarType.kInteger for kind in model.integrality_])
    assert np.array_equal(program.integer, whole[order])
    assert model.offset_ == program.offset
    sides = list(limits(program))
    assert model.row_names_ == [limit.name for limit in sides]
    at = [limit.row for limit in sides]
    matrix = model.a_matrix_
    held = sp.csc_matrix((matrix.value_, matrix.index_, matrix.start_), shape=(model.num_row_, model.num_col_))
    assert abs(held[:, order] - sp.csc_matrix(program.matrix[at])).nnz == 0
    assert np.array_equal(program.row_lower[at], np.array(model.row_lower_))
    assert np.array_equal(program.row_upper[at], np.array(model.row_upper_))


# ---- once more by SCIP, which has readers and a search of its own


def by_scip(path: Path, gap: float, whole: bool = True) -> tuple[float, float]:
    """What SCIP finds and proves of a file. whole: false lets every column be a fraction."""
    model = pyscipopt.Model()
    model.hideOutput()
    model.readProblem(str(path))
    for column in () if whole else model.getVars():
        model.chgVarType(column, "C")
    model.setParam("limits/absgap", gap)
    model.optimize()
    assert model.getStatus() in ("optimal", "gaplimit")
    return float(model.getObjVal()), float(model.getDualbound())


@pytest.mark.parametrize("form", FORMATS)
def test_scip_finds_the_optimum_of_the_pencil(pencil: RunFolder, tmp_path: Path, form: str) -> None:
    assert by_scip(export(pencil.path, form, tmp_path / f"out.{form}"), 0.0)[0] == pytest.approx(0.073, abs=1e-9)


@pytest.mark.parametrize("form", FORMATS)
def test_scip_finds_the_optimum_of_two_sides_and_odd_bounds(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"odd.{form}"
    path.write_text("\n".join([*FORMATS[form](two_sided()), ""]), encoding="ascii")
    assert by_scip(path, 0.0)[0] == pytest.approx(-2.5, abs=1e-8)  # SCIP takes the cost of 1e-9 for nought


@pytest.mark.parametrize("form", FORMATS)
def test_scip_proves_of_the_file_what_the_run_proves(tmp_path: Path, form: str) -> None:
    run = solved(api.load(SMALL), tmp_path, grid="yearly", deterministic=True, abs_gap=0.0, saving=False)
    plan, bound = by_scip(export(run.path, form, tmp_path / f"out.{form}"), 0.0)
    assert plan == pytest.approx(run.record["objective"], rel=1e-9)
    assert bound == pytest.approx(run.record["bound"], rel=1e-9)


@pytest.mark.long
@pytest.mark.parametrize("form", FORMATS)
def test_scip_finds_the_relaxation_of_japan_over_all_futures(tmp_path: Path, form: str) -> None:
    run = solved(api.load(SMALL.with_name("japan")), tmp_path, grid="yearly", abs_gap=100.0, saving=False)
    ours = Session(program_of(run)).relaxed().objective
    theirs, _ = by_scip(export(run.path, form, tmp_path / f"out.{form}"), 0.0, whole=False)
    assert theirs == pytest.approx(ours, rel=1e-9)
    assert theirs <= run.record["objective"]


def test_an_mps_file_read_by_hand_says_what_the_pencil_case_says(pencil: RunFolder, tmp_path: Path) -> None:
    part, within, rows = "", False, {}
    columns: dict[str, dict[str, float]] = defaultdict(dict)
    whole = set()
    for line in export(pencil.path, "mps", tmp_path / "out.mps").read_text(encoding="ascii").splitlines():
        if not line.startswith((" ", "*")):
            part = line.split()[0]
        elif part == "ROWS":
            sense, name = line.split()
            rows[name] = sense
        elif part == "COLUMNS" and "'MARKER'" in line:
            within = "INTORG" in line
        elif part == "COLUMNS":
            column, row, number = line.split()
            columns[column][row] = float(number)
            whole |= {column} if within else set()
    assert {row for entries in columns.values() for row in entries} <= set(rows)
    buys = {name: entries["cost"] for name, entries in columns.items() if name.startswith("buy(")}
    assert {name.partition("(")[2].partition(")")[0].split(",")[0]: cost for name, cost in buys.items()} == {
        "{78c1}{77f3}~a": pytest.approx(3e-3),
        "market": pytest.approx(5e-3),
        "mine": pytest.approx(1e-3),
    }
    assert {name.partition("(")[0] for name in whole} >= {"start", "sign"}


def two_sided() -> Program:
    """−3 to 4 on x − y, nothing asked of x + y, no entry in the last row; x free, y at 2, z yes or no, w below 5."""
    matrix = sp.csr_matrix(np.array([[1.0, -1.0, 0, 0], [1.0, 1.0, 0, 0], [0, 0, 0.1 + 0.2, 1e-7], [0, 0, 0, 0]]))
    return Program(
        matrix,
        row_lower=np.array([-3.0, -np.inf, -np.inf, -np.inf]),
        row_upper=np.array([4.0, np.inf, 1 / 3, 1.0]),
        column_lower=np.array([-np.inf, 2.0, 0.0, -np.inf]),
        column_upper=np.array([np.inf, 2.0, 1.0, 5.0]),
        integer=np.array([False, False, True, False]),
        cost=np.array([1.0, 0.0, -1.0, -1e-9]),
        offset=-0.5,
        rows=tuple(Label(f"R{number}", (), 0) for number in range(4)),
        columns=tuple(Label(name, (), 0) for name in "xyzw"),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_rows_of_two_sides_and_odd_bounds_are_kept(tmp_path: Path, form: str) -> None:
    """x = −1 since x − 2 >= −3; 0.3 z <= 1/3 allows z = 1; w = 5: −1 − 1 − 5e-9 − 0.5."""
    path = tmp_path / f"odd.{form}"
    path.write_text("\n".join([*FORMATS[form](two_sided()), ""]), encoding="ascii")
    model = read(path).getLp()
    assert model.row_names_ == ["R0()@0", "R0()@0.upper", "R2()@0", "R3()@0"]
    assert dict(zip(model.col_names_, zip(model.col_lower_, model.col_upper_, strict=True), strict=True)) == {
        "x()@0": (-np.inf, np.inf),
        "y()@0": (2.0, 2.0),
        "z()@0": (0.0, 1.0),
        "w()@0": (-np.inf, 5.0),
    }
    assert optimum(path, 0.0)[0] == pytest.approx(-2.5 - 5e-9, abs=1e-12)


def test_names_differ_and_hold_no_sign_that_readers_refuse() -> None:
    words = ["a-b", "a~b", "a b", "a{b", "磁石", "<script>", "=1+1", "x" * 300, "x" * 299 + "y", "(", ")", ","]
    names = solver_names(Label("buy", (word,), 0, 3) for word in words)
    assert len(set(names)) == len(words)
    assert names[0] == "buy(a~b)@3"
    assert names[4] == "buy({78c1}{77f3})@3"
    assert max(map(len, names)) == LONGEST
    assert all(name.isascii() and not set(name) & set(" -+*/^<>=[]:\\\"'") for name in names)


def test_a_case_that_was_changed_after_the_run_is_refused(pencil: RunFolder, tmp_path: Path) -> None:
    table = pencil.path / "case" / "loss_steps.csv"
    assert not table.exists()
    changed = pencil.path / "case" / "demands.csv"
    before = changed.read_text(encoding="utf-8")
    changed.write_text(before.replace(",10,", ",11,"), encoding="utf-8")
    try:
        with pytest.raises(InputError, match="another case than was solved"):
            export(pencil.path, "lp", tmp_path / "out.lp")
    finally:
        changed.write_text(before, encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


def test_the_greatest_regret_keeps_what_each_future_costs_by_itself(tmp_path: Path) -> None:
    """Nothing can be chosen, so each future costs what it costs by itself, 100, and the regret is 0."""
    rows = {"futures": [{"future": "same", "weight": 0.5}, {"future": "dear", "weight": 0.5, "onset": "2028-01-01"}]}
    case = case_of(spot("market", "oxide", 5.0), must("motors", "oxide", 10), rows, years=2, least_regret=1.0)
    run = solved(api.Study(case), tmp_path / "runs", abs_gap=0.0)
    assert run.record["objective"] == pytest.approx(0.0, abs=1e-9)
    assert optimum(export(run.path, "lp", tmp_path / "out.lp"), 0.0)[0] == pytest.approx(0.0, abs=1e-9)
