"""`orefolio solve --decompose` on the hand case: the same optimum, flags that go together, and those that do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orefolio import cli
from orefolio.errors import MissingExtraError
from orefolio.scale.decomposition import machines
from test_api import with_levers, written


def call(*words: object) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return written(tmp_path / "case", with_levers())


@pytest.mark.parametrize("workers", [0, 2])
def test_the_optimum_is_that_of_the_solve_as_one(case: Path, tmp_path: Path, workers: int) -> None:
    """7.9 million USD, by hand in the case's own test."""
    words = ("solve", case, "--out", tmp_path / "runs", "--abs-gap", "0", "--decompose", "--jobs", workers, "--json")
    done = call(*words)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["status"] == "optimal"
    assert found["objective"] == pytest.approx(json.loads(call(*words[:6], "--json").stdout)["objective"])
    assert found["audit"]["passed"]


def test_a_time_limit_ends_with_what_there_is(case: Path, tmp_path: Path) -> None:
    done = call("solve", case, "--out", tmp_path / "runs", "--decompose", "--jobs", "0", "--time-limit", "0")
    assert done.exit_code == 3
    assert "No plan was found before the limit" in done.stdout


def test_rounds_are_gone_on_from_only_when_asked_for(case: Path, tmp_path: Path) -> None:
    """The first call stops at a limit of time of nought, which keeps its folder; nothing was done, so nothing is in
    the way. A folder of another case is refused."""
    words = ("solve", case, "--out", tmp_path / "runs", "--decompose", "--jobs", "0", "--folder", tmp_path / "it")
    assert call(*words, "--time-limit", "0").exit_code == 3
    assert (tmp_path / "it" / "head.json").exists()
    refused = call(*words, "--set", "loss=20")
    assert refused.exit_code == 2
    assert "another solve (its program)" in refused.stderr
    assert call(*words, "--resume").exit_code == 0
    assert not (tmp_path / "it").exists()


@pytest.mark.parametrize("words", [("--scheduler", "127.0.0.1:1"), ("--insecure",), ("--folder", "x"), ("--resume",)])
def test_flags_of_a_decomposed_solve_need_it(case: Path, words: tuple[str, ...]) -> None:
    done = call("solve", case, *words)
    assert done.exit_code == 2
    assert f"{words[0]} goes with --decompose" in done.stderr


def test_a_plan_to_begin_with_does_not_go_with_it(case: Path) -> None:
    done = call("solve", case, "--decompose", "--warm", "some-run")
    assert done.exit_code == 2
    assert "--warm does not go with --decompose" in done.stderr


def test_a_scheduler_that_is_not_safe_or_not_there_is_told(case: Path, tmp_path: Path) -> None:
    words = ("solve", case, "--out", tmp_path / "runs", "--decompose", "--scheduler")
    unsafe = call(*words, "tcp://192.0.2.1:8786")
    assert (unsafe.exit_code, "plain TCP to 192.0.2.1" in unsafe.stderr) == (2, True)


def test_a_worker_of_a_cluster_asks_for_a_part_that_it_lacks() -> None:
    answer, fault = machines.attend_here("a solve", 0, b"", None)
    assert (answer, fault) == (None, "")


def test_without_dask_the_way_to_it_is_told(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise MissingExtraError("--scheduler needs dask.distributed. Install with: pip install 'orefolio[cluster]'")

    monkeypatch.setattr("orefolio.scale.decomposition.machines.Cluster", missing)
    done = call("solve", case, "--out", tmp_path / "runs", "--decompose", "--scheduler", "tcp://127.0.0.1:8786")
    assert done.exit_code == MissingExtraError.exit_code
    assert "orefolio[cluster]" in done.stderr
