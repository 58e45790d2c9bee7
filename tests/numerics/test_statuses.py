"""Every status that the solver knows, through the whole command: the exit code, the words, and nothing written."""

from __future__ import annotations

from pathlib import Path

import highspy
import pytest
from click.testing import CliRunner, Result

from orefolio import cli
from orefolio.errors import SolverError
from orefolio.program.program import Program
from orefolio.solve import Options, solve
from orefolio.solve import session as session_module
from orefolio.solve.background import Background
from small_programs import facilities, knapsack
from test_api import with_levers, written

STATUSES = [*highspy.HighsModelStatus.__members__, "from_a_later_version"]
ENDS = {
    "kOptimal": 0,
    "kInfeasible": 4,
    "kUnbounded": 4,
    "kTimeLimit": 3,
    "kIterationLimit": 3,
    "kSolutionLimit": 3,
    "kMemoryLimit": 3,
    "kObjectiveTarget": 3,
    "kInterrupt": 130,
    "kHighsInterrupt": 130,
}
"""Exit code of a command whose every run ends so; any other status is no knowledge: 5."""
WORDS = {
    0: "Expected cost 7.9 million USD",
    3: "No plan was found before the limit",
    4: "The case has no",
    5: "state that cannot be trusted",
    130: "",
}
BELIEVED_IN_A_SEARCH = {name for name, code in ENDS.items() if code in (0, 3, 130)}
"""Ends of the search that leave plan and bound standing."""


def answered(name: str) -> object:
    """The status by its name, or what a version to come might answer."""
    return highspy.HighsModelStatus.__members__.get(name, name)


def called(folder: Path, out: Path) -> Result:
    words = ["solve", str(folder), "--out", str(out), "--abs-gap", "0"]
    return CliRunner().invoke(cli.main, words)


def runs_in(out: Path) -> list[Path]:
    return list(out.glob("*/*"))


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("name", STATUSES)
def test_a_command_ends_as_the_status_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path / "case", with_levers())
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: answered(name))
    monkeypatch.setattr(highspy.Highs, "modelStatusToString", lambda *_: name)
    done = called(folder, tmp_path / "results")
    code = ENDS.get(name, 5)
    assert done.exit_code == code, done.output
    assert WORDS[code] in done.output
    assert "Traceback" not in done.output
    assert (runs_in(tmp_path / "results") == []) == (code != 0)


@pytest.mark.long
@pytest.mark.verifies("fault")
@pytest.mark.parametrize("name", STATUSES)
def test_a_search_that_ends_so_keeps_its_plan_or_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search is handed to the solver at once, and only its runs with whole decisions answer so. There is a plan
    by then: a status that denies it, or says nothing, is not believed."""
    tables = with_levers()
    tables["contracts"][1]["volume_max_t_per_year"] = 240.0  # a quarter of a signature is enough for the relaxation
    folder = written(tmp_path / "case", tables)
    true = highspy.Highs.getModelStatus
    answers = []

    def status(highs: highspy.Highs) -> object:
        if not any(int(kind) for kind in highs.getLp().integrality_):
            return true(highs)
        answers.append(name)
        return answered(name)

    monkeypatch.setattr(session_module, "OWN_NODES", 0)
    monkeypatch.setattr(highspy.Highs, "getModelStatus", status)
    done = called(folder, tmp_path / "results")
    assert answers
    believed = name in BELIEVED_IN_A_SEARCH
    assert done.exit_code == (0 if believed else 5), done.output
    assert (runs_in(tmp_path / "results") == []) != believed
    assert believed or WORDS[5] in done.output


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("program", [knapsack(), facilities()])
@pytest.mark.parametrize("name", ["kOptimal", "kInfeasible", "kUnbounded", "kObjectiveBound"])
def test_a_certain_end_with_a_warning_is_no_knowledge(
    name: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The solver never warns with these: a warning there means that something else went wrong."""
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: answered(name))
    ended = Background.ended

    def warned(run: Background, seconds: float | None = None) -> bool:
        done = ended(run, seconds)
        run.status = highspy.HighsStatus.kWarning
        return done

    monkeypatch.setattr(Background, "ended", warned)
    assert solve(program, Options(abs_gap=0.0)).status == "unknown"


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("status", [highspy.HighsStatus.kError, None])
def test_a_run_that_failed_ends_the_command(
    status: highspy.HighsStatus | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old solution stays readable after it: it must not be read."""
    ended = Background.ended

    def failed(run: Background, seconds: float | None = None) -> bool:
        done = ended(run, seconds)
        run.status = status
        return done

    monkeypatch.setattr(Background, "ended", failed)
    done = called(written(tmp_path / "case", with_levers()), tmp_path / "results")
    assert done.exit_code == SolverError.exit_code
    assert "The solver's run failed" in done.stderr
    assert runs_in(tmp_path / "results") == []
