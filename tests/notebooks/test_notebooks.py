"""Every notebook runs from a clean start, as an app, as a script and in a kernel, and what it tells holds."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import nbclient
import nbformat
import pytest

REPOSITORY = Path(__file__).parents[2]
NOTEBOOKS = REPOSITORY / "notebooks"
MARIMO = ("allies", "first_look", "many_futures", "risk", "what_ifs", "your_own_mine")
SECONDS = 3000
ROUNDING = 1e-6


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"notebook_{name}", NOTEBOOKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@cache
def facts(name: str) -> dict[str, Any]:
    """What a notebook tells at its end, run as an app in this process."""
    outputs, defined = module(name).app.run()
    assert len(outputs) > 5
    found: dict[str, Any] = defined["facts"]
    return found


def script(name: str) -> str:
    """What a notebook prints as a script, from a clean start in another folder."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model"), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, str(NOTEBOOKS / f"{name}.py")], capture_output=True, text=True, timeout=SECONDS, check=False,
        env=environment, encoding="utf-8", cwd=REPOSITORY.anchor,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_notebooks_are_those_that_are_run_here() -> None:
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.py")) == sorted(MARIMO)
    assert [path.name for path in NOTEBOOKS.glob("*.ipynb")] == ["first_look.ipynb"]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.*")), ids=lambda path: str(path.name))
def test_a_notebook_names_no_place_of_a_machine_and_is_kept_without_outputs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not any(place in text for place in ("/home/", "/tmp", "/root", "C:\\", "inputs/"))
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        assert [(cell["outputs"], cell["execution_count"]) for cell in cells] == [([], None)] * len(cells)


def test_marimo_has_nothing_to_say_against_a_notebook() -> None:
    paths = [str(NOTEBOOKS / f"{name}.py") for name in MARIMO]
    done = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", *paths], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_mine_more_to_choose_costs_nothing() -> None:
    """A choice more leaves the best cost where it is, or below: its proof cannot lie above the plan without it."""
    told = facts("your_own_mine")
    assert told["with_mine"][0] <= told["base"][1] + ROUNDING
    assert told["base"][0] <= told["base"][1] + ROUNDING
    assert told["rows_of_the_mine"] > 0


@pytest.mark.long
@pytest.mark.parametrize("name", MARIMO)
def test_a_notebook_is_a_script_that_prints_what_it_tells(name: str) -> None:
    said = script(name)
    assert len(said.splitlines()) >= 3
    assert "nan" not in said


@pytest.mark.long
def test_the_first_look_is_proved_and_its_saving_is_no_loss() -> None:
    told = facts("first_look")
    assert 0 <= told["gap_musd"] <= 100 + ROUNDING
    assert told["bound_musd"] <= told["cost_musd"] <= told["dearest_future_musd"]
    assert told["saving_musd"] >= -told["gap_musd"]
    assert told["decisions"] > 0


@pytest.mark.long
def test_what_loosens_a_limit_or_cuts_a_cost_is_never_proved_dearer() -> None:
    told = facts("what_ifs")
    _, cost = told["base"]
    for name in ("us_cost", "threshold", "seabed", "recycling"):
        assert told[name][0] <= cost + ROUNDING, name


@pytest.mark.long
def test_a_longer_embargo_and_no_stock_to_buy_are_never_proved_cheaper() -> None:
    told = facts("what_ifs")
    bound, _ = told["base"]
    for name in ("embargo", "stock"):
        assert told[name][1] >= bound - ROUNDING, name


@pytest.mark.long
def test_the_joint_plan_can_do_what_both_do_apart() -> None:
    told = facts("allies")
    assert told["joint_bound_musd"] <= told["alone_cost_musd"] + ROUNDING


@pytest.mark.long
def test_caution_costs_on_average_and_pays_in_the_tail() -> None:
    """The careful plan minimises (1 - w) mean + w tail, so by that sum the neutral plan cannot be proved better."""
    told = facts("risk")
    weight = told["weight"]
    means, tails = told["expected_musd"], told["tail_musd"]
    neutral = (1 - weight) * means["least expected cost"] + weight * tails["least expected cost"]
    assert told["careful"][0] <= neutral * (1 + ROUNDING)
    assert told["neutral"][0] <= means["careful"] * (1 + ROUNDING)


@pytest.mark.long
def test_futures_solved_by_themselves_are_proved_by_a_bound_that_no_round_lowers() -> None:
    """Reduced to 20; the last bound is that of the run, and an interval has its mean inside."""
    told = facts("many_futures")
    bounds, (bound, cost) = told["bounds"], told["plan"]
    assert told["futures"] == 20
    assert bounds == sorted(bounds)
    assert bounds[-1] <= bound <= cost
    assert told["gap"] == pytest.approx((cost - bound) / cost)
    assert told["gap"] <= 0.003
    assert told["audited"]
    low, mean, high = told["fresh"]
    assert low <= mean <= high
    distance, of_one = told["distance"]
    assert 0 < distance <= of_one


def test_the_times_of_the_notebook_are_those_of_the_page() -> None:
    """The table of whole commands in docs/decomposition.md: futures, CPU seconds of the solve and of all."""
    page = (REPOSITORY / "docs" / "decomposition.md").read_text(encoding="utf-8")
    _, _, table = page.partition("| futures | stating, merging |")
    rows = [line.strip("| ").split(" | ") for line in table.split("\n\n")[0].splitlines()[2:]]
    times = module("many_futures").recorded()
    assert len(rows) == len(times) == 3
    for cells in rows:
        assert times[int(cells[0])] == (float(cells[2]), float(cells[5]))


@pytest.mark.long
def test_the_jupyter_notebook_runs_from_a_clean_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "model"))
    notebook = nbformat.read(NOTEBOOKS / "first_look.ipynb", as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    kinds = [
        {kind for output in cell.outputs for kind in output.get("data", {})}
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    assert all("text/html" in kind for place, kind in enumerate(kinds) if place in (0, 1, 5, 6))
    assert sum("application/vnd.plotly.v1+json" in kind for kind in kinds) == 2
