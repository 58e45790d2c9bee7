"""The benchmark of what-ifs and of memory: answers that differ are told, and peaks count what they say they count."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks import DisagreementError, MissingError, memory, what_ifs
from benchmarks.apart import told_by
from benchmarks.resident import matrix_bytes, peak, resident
from benchmarks.synthetic import Size, synthetic
from orefolio import api
from orefolio.analyses.warm import Warm
from orefolio.program.build import build
from orefolio.program.program import Program
from orefolio.solve import Solution

INPUTS = Path(__file__).parents[1] / "inputs"
MINERALS = str(INPUTS / "minerals-us")


@pytest.fixture(scope="module")
def program() -> Program:
    return build(synthetic(Size(futures=2, periods=6, sites=1, elements=2, sectors=1))).program


@cache
def built_minerals() -> Warm:
    """Critical minerals of the United States, kept warm at a plan of the trunk."""
    study = api.load(MINERALS)
    return study.warm(study.solve(deterministic=True, abs_gap=1.0, saving=False))


def test_a_what_if_answers_the_same_warm_and_from_nothing_and_says_what_moved() -> None:
    """A price moves what is paid; `turned` raises where the answers differ."""
    row = what_ifs.turned(built_minerals(), "price_ga", 1)
    assert "cost" in str(row["moves"])
    assert isinstance(row["fixed_s"], float)
    assert row["learn_s"] is not None
    assert row["gap_musd"] == pytest.approx(row["cold_gap_musd"], abs=1.0)


def test_a_lever_without_a_map_has_no_time_of_one() -> None:
    row = what_ifs.turned(built_minerals(), "growth_multiple", 1)
    assert (row["learn_s"], row["map_s"]) == (None, None)


def test_the_levers_of_what_ifs_are_in_the_case_and_are_turned_half_of_the_way() -> None:
    """Of 10 between 1 and 15, 12.5; of 1 between 0 and 1, which stands at its upper end, 0.5."""
    case = api.load(INPUTS / "japan").case
    what_ifs.present(case, what_ifs.LEVERS)
    with pytest.raises(MissingError, match="japan has no lever no_such"):
        what_ifs.present(case, (*what_ifs.LEVERS, "no_such"))
    assert what_ifs.value(case, "us_cost_multiple") == 12.5
    assert what_ifs.value(case, "rule_enabled") == 0.5


def test_answers_that_differ_warm_and_from_nothing_are_told() -> None:
    """Plans fixed must cost the same; of plans made anew, the one optimum must lie between each bound and each plan."""

    def answer(objective: float, bound: float) -> Solution:
        return Solution("optimal", objective, bound, values=np.ones(1))

    what_ifs.same_plan("a", answer(100.0, 100.0), answer(100.0 + 1e-6, 100.0))
    with pytest.raises(DisagreementError, match="a, plan fixed"):
        what_ifs.same_plan("a", answer(100.0, 100.0), answer(100.1, 100.0))
    with pytest.raises(DisagreementError, match="infeasible"):
        what_ifs.same_plan("a", answer(100.0, 100.0), Solution("infeasible"))
    what_ifs.same_plan("a", Solution("infeasible"), Solution("infeasible"))
    what_ifs.overlapping("a", answer(100.0, 90.0), answer(105.0, 99.0))
    with pytest.raises(DisagreementError, match="a, made anew"):
        what_ifs.overlapping("a", answer(100.0, 90.0), answer(105.0, 101.0))


def test_what_moved_between_two_programs_is_named(program: Program) -> None:
    doubled = replace(program, matrix=2 * program.matrix, cost=program.cost + 1)
    assert what_ifs.moved(program, program) == []
    assert what_ifs.moved(program, doubled) == ["coefficients", "cost"]
    assert what_ifs.moved(program, replace(program, row_upper=program.row_upper + 1)) == ["row_upper"]
    assert what_ifs.moved(program, build(synthetic(Size(2, 6, 2, 2))).program) == ["structure"]


def test_a_peak_counts_what_is_no_longer_there_and_only_since_it_was_forgotten() -> None:
    """80 MB held for a moment."""
    size = 80_000_000
    before = resident()
    held = np.ones(size // 8)
    del held
    assert peak() - before > 0.9 * size
    resident()
    assert peak() - before < 0.5 * size


def test_the_bytes_of_a_matrix_are_those_of_its_arrays(program: Program) -> None:
    matrix = program.matrix
    taken = matrix.data.nbytes + matrix.indices.astype(np.int32).nbytes + matrix.indptr.astype(np.int32).nbytes
    assert matrix_bytes(program.shape[0], program.shape[2]) == taken


def test_peaks_of_a_case_rise_by_step_and_hold_more_than_its_matrix() -> None:
    found = told_by(memory.peaks, MINERALS, 50.0)
    peaks = [found["peaks"][step] for step in ("build", "solve", "tables")]
    assert peaks == sorted(peaks)
    assert peaks[0] > matrix_bytes(found["rows"], found["nonzeros"])


def test_peaks_are_told_in_megabytes_and_as_multiples_of_the_matrix() -> None:
    """12 × 1,000,000 + 4 × 500,000 bytes are 14 MB; 28, 42 and 56 are two, three and four times as many."""
    peaks = {"build": 28_000_000, "solve": 42_000_000, "tables": 56_000_000}
    found = {"rows": 499_999, "columns": 7, "nonzeros": 1_000_000, "resident": 90_000_000, "peaks": peaks}
    assert memory.row("a case", found) == {
        "case": "a case",
        "columns": 7,
        "nonzeros": 1_000_000,
        "matrix_mb": 14.0,
        "resident_before_mb": 90.0,
        **{f"peak_{step}_mb": megabytes for step, megabytes in zip(peaks, (28.0, 42.0, 56.0), strict=True)},
        **{f"peak_{step}_of_matrix": times for step, times in zip(peaks, (2.0, 3.0, 4.0), strict=True)},
    }
