"""`orefolio doctor CASE`: size, ranges by family, the worst rows in the case's words, what is near a refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from click.testing import CliRunner, Result

from orefolio import cli
from orefolio.program.program import Label, Program
from orefolio.program.ranges import extents, widest_row
from test_api import with_levers, written


def call(*words: object) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def told(*words: object) -> dict[str, Any]:
    done = call("doctor", *words, "--json")
    assert done.exit_code == 0, done.output
    record: dict[str, Any] = json.loads(done.stdout)
    return record


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return written(tmp_path / "case", with_levers())


def small() -> Program:
    """Two families: A has 2 and −8 in one row and 4 in another, B has 0.5 and 100."""
    return Program(
        matrix=sp.csr_matrix(np.array([[2.0, -8.0], [0.0, 4.0], [0.5, 100.0]])),
        row_lower=np.array([-np.inf, -7.0, 0.0]),
        row_upper=np.array([3.0, np.inf, 0.0]),
        column_lower=np.array([0.0, -np.inf]),
        column_upper=np.array([np.inf, 60.0]),
        integer=np.zeros(2, dtype=bool),
        cost=np.array([0.25, -5.0]),
        offset=0.0,
        rows=(Label("A", ("one",), 0), Label("A", ("two",), 0), Label("B", ("three",), 0)),
        columns=(Label("x", ("one",), 0), Label("x", ("two",), 0)),
    )


def test_ranges_are_of_sizes_by_family_without_zeros_and_infinities() -> None:
    found = {(e.kind, e.family): (e.count, e.smallest, e.largest, e.least, e.most) for e in extents(small())}
    assert found == {
        ("coefficient", "A"): (3, 2.0, 8.0, 0, 0),
        ("coefficient", "B"): (2, 0.5, 100.0, 2, 2),
        ("right side", "A"): (2, 3.0, 7.0, 0, 1),
        ("bound", "x"): (1, 60.0, 60.0, 1, 1),
        ("cost", "x"): (2, 0.25, 5.0, 0, 1),
    }


def test_the_widest_row_is_by_its_own_coefficients() -> None:
    widest = widest_row(small())
    assert widest is not None
    assert (widest.row, widest.smallest, widest.largest, widest.ratio) == (2, 0.5, 100.0, 200.0)


def test_a_case_is_told_with_size_ranges_and_worst_rows(case: Path) -> None:
    record = told(case)
    size = record["size"]
    assert size["product"] == size["rows"] * size["periods"] * size["futures"]
    assert size["futures"] == 2
    switched = next(entry for entry in record["ranges"] if entry["family"] == "OFF_volume_max")
    assert (switched["kind"], switched["smallest"], switched["largest"], switched["ratio"]) == (
        "coefficient", 1.0, 60.0, 60.0,
    )  # fmt: skip
    assert record["memory"]["needed_bytes"] > 0
    assert record["hints"] == []


def test_the_largest_switch_is_named_with_its_cell(case: Path) -> None:
    worst = {entry["what"]: entry for entry in told(case)["worst"]}
    line = (case / "contracts.csv").read_text(encoding="utf-8").splitlines()[2]
    column = line.index("60") + 1
    assert worst["largest switch"]["ratio"] == 60.0
    assert worst["largest switch"]["words"] == "sign of lynas switches up to 60 t"
    assert worst["largest switch"]["places"] == [f"contracts.csv:3:{column}"]
    assert worst["widest row"]["places"]


def test_what_is_near_a_refusal_is_said(tmp_path: Path) -> None:
    tables = with_levers()
    tables["contracts"][1]["volume_max_t_per_year"] = 900_000.0
    tables["settings"].append({"setting": "size_limit", "value": 500.0})
    hints = "\n".join(told(written(tmp_path / "case", tables))["hints"])
    assert "OFF_volume_max[lynas]@1: a decision switches 900,000 t, near the most, 1,000,000" in hints
    assert "is near the limit, 500" in hints


def test_the_page_has_the_same(case: Path) -> None:
    done = call("doctor", case)
    assert done.exit_code == 0
    for words in ("rows × periods × futures", "limit 20,000,000", "OFF_volume_max", "nothing is near a refusal"):
        assert words in done.stdout, words


def test_levers_and_grid_change_what_is_examined(case: Path) -> None:
    def loss(*words: object) -> float:
        entries = told(case, *words)["ranges"]
        return float(next(e["largest"] for e in entries if (e["kind"], e["family"]) == ("cost", "short")))

    assert loss("--set", "loss=100") == pytest.approx(2 * loss())
    assert call("doctor", case, "--grid", "none").exit_code == 2


def test_a_case_that_is_refused_is_refused_here_too(tmp_path: Path) -> None:
    tables = with_levers()
    tables["contracts"][1]["volume_max_t_per_year"] = 1e9
    done = call("doctor", written(tmp_path / "case", tables))
    assert done.exit_code == 2
    assert "contracts.csv:3:" in done.stderr


def test_a_grid_without_a_case_is_wrong_usage() -> None:
    done = call("doctor", "--grid", "yearly")
    assert done.exit_code == 2
    assert "need a case" in done.stderr


def test_a_program_without_coefficients_has_no_widest_row() -> None:
    empty = np.zeros(1)
    program = Program(
        matrix=sp.csr_matrix((0, 1)), row_lower=empty[:0], row_upper=empty[:0], column_lower=empty, column_upper=empty,
        integer=np.zeros(1, dtype=bool), cost=empty, offset=0.0, rows=(), columns=(Label("amount", ("0",), 0),),
    )  # fmt: skip
    assert widest_row(program) is None
