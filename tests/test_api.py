"""What people call: load, what if, solve, compare, on the hand case of the tables' tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orefolio import api
from orefolio.errors import InfeasibleError, InputError
from orefolio.program.formulation import formulation
from orefolio.tables.comparison import interval, verdict
from orefolio.tables.folder.case_files import case_files
from test_tables import case_of, hand_tables

JAPAN = Path(__file__).parents[1] / "inputs" / "japan"


def with_levers() -> dict[str, list[dict[str, Any]]]:
    tables = hand_tables()
    tables["levers"] = [
        {"lever": "loss", "name": "loss by shortage", "base": 50.0, "low": 20.0, "high": 90.0, "unit": "USD/kg",
         "source": "assumption: by hand"},
    ]  # fmt: skip
    tables["lever_adjustments"] = [
        {"lever": "loss", "table": "loss_steps", "where": "demand=motors", "column": "loss_usd_per_kg",
         "operation": "set"},
    ]  # fmt: skip
    return tables


def written(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Path:
    folder.mkdir(parents=True)
    for name, text in case_files(case_of(tables)).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def study(tmp_path: Path) -> api.Study:
    return api.load(written(tmp_path / "case", with_levers()))


def test_a_run_says_what_it_costs_and_what_is_proved(study: api.Study, tmp_path: Path) -> None:
    run = study.solve(out=tmp_path / "results", abs_gap=0.0)
    assert run.cost == pytest.approx(7.9)
    assert (run.status, run.exit_code) == ("optimal", 0)
    assert run.abs_gap == pytest.approx(0.0, abs=1e-6)
    assert run.folder is not None
    again = api.open_run(run.folder)
    assert again.cost == run.cost
    assert again.table("portfolio").to_dict("records") == run.table("portfolio").to_dict("records")


def test_the_rows_of_a_run_are_those_of_its_table_and_of_the_folder(study: api.Study, tmp_path: Path) -> None:
    run = study.solve(out=tmp_path / "results", abs_gap=0.0)
    assert run.folder is not None
    rows = run.rows("portfolio")
    assert len(rows) > 0
    assert rows == run.table("portfolio").to_dict("records")
    assert rows == api.open_run(run.folder).rows("portfolio")
    with pytest.raises(InputError, match="no such table"):
        run.rows("portfoli")


def test_the_record_tells_the_seconds_of_each_step_and_those_inside_the_solver(study: api.Study) -> None:
    changed = study.what_if(loss=60.0)
    assert changed.seconds >= study.seconds >= 0.0
    timing = changed.solve().record["timing"]
    assert list(timing["seconds"]) == ["read", "build", "solve", "committing nothing", "tables", "audit"]
    assert timing["wall_seconds"] == pytest.approx(sum(timing["seconds"].values()), abs=0.01)
    assert 0.0 <= timing["solver_seconds"] <= timing["wall_seconds"]


def test_the_saving_is_against_committing_nothing(study: api.Study) -> None:
    # committing nothing: 4 years x (80 x 10 + 20 x 50) when calm; 1.8 + 3 x 100 x 50 when cut
    run = study.solve(abs_gap=0.0)
    assert run.record["nothing_musd"] == pytest.approx(0.75 * 7.2 + 0.25 * (1.8 + 15.0))
    assert run.saving == pytest.approx(9.6 - 7.9)
    assert study.solve(saving=False).saving is None


def test_committing_nothing_may_leave_no_plan(tmp_path: Path) -> None:
    tables = hand_tables()
    tables["demands"][0] |= {"value": "must", "t_per_year": 60.0}
    tables["loss_steps"] = []
    run = api.load(written(tmp_path / "case", tables)).solve()
    assert run.saving is None
    assert run.record["saving_note"] == "committing nothing leaves no plan"


def test_what_if_turns_levers(study: api.Study) -> None:
    what = study.what_if(loss=20.0)
    run = what.solve(abs_gap=0.0)
    # a shortage is cheaper than the contract: 20 t short in every calm year, 100 t in each year of the cut
    assert run.cost == pytest.approx(0.75 * 4 * 1.2 + 0.25 * (1.2 + 3 * 2.0))
    assert run.record["levers"] == {"loss": 20.0}
    with pytest.raises(InputError, match="Did you mean loss"):
        study.what_if(los=1.0)


def test_the_record_holds_what_makes_it_repeatable(study: api.Study) -> None:
    one, two = (study.solve(abs_gap=0.0, seed=3).record for _ in range(2))
    keys = {"case", "status", "objective", "bound", "gap", "options", "seed", "threads", "versions", "grid", "futures"}
    assert keys <= set(one)
    assert one["case"]["hash"]
    assert one["seed"] == 3
    # would fail if anything but the clock differed between two runs of the same
    plain = [json.dumps({k: v for k, v in record.items() if k != "timing"}, sort_keys=True) for record in (one, two)]
    assert plain[0] == plain[1]


def test_the_trunk_alone(study: api.Study) -> None:
    run = study.solve(deterministic=True, abs_gap=0.0)
    assert run.cost == pytest.approx(6.1)
    assert [future["future"] for future in run.record["futures"]] == ["calm"]


def test_a_run_begins_with_the_decisions_of_another(study: api.Study, tmp_path: Path) -> None:
    first = study.solve(out=tmp_path, abs_gap=0.0)
    for warm in (first, first.folder):
        run = study.what_if(loss=45.0).solve(warm=warm, abs_gap=0.0)
        assert "warm plan" in run.record["method"]


def test_names_that_are_none_are_refused(study: api.Study) -> None:
    with pytest.raises(InputError, match="grid"):
        study.solve(grid="block")
    with pytest.raises(InputError, match="future"):
        study.solve(futures=("calmm",))
    with pytest.raises(InputError, match="no such table"):
        study.solve().table("nothing")


def test_a_case_without_a_plan(tmp_path: Path) -> None:
    tables = hand_tables()
    tables["demands"][0]["value"] = "must"
    tables["loss_steps"] = []
    with pytest.raises(InfeasibleError):
        api.load(written(tmp_path / "case", tables)).solve()


def test_compare_says_no_change_where_intervals_overlap(study: api.Study) -> None:
    base = study.solve(abs_gap=0.0)
    same = api.compare(base, study.solve(abs_gap=0.0))["changes"][0]
    assert same["cost"]["verdict"] == "no change proved"
    assert same["decisions"] == {"gained": [], "lost": [], "moved": []}
    cheaper = api.compare(base, study.what_if(loss=20.0).solve(abs_gap=0.0))["changes"][0]
    assert cheaper["cost"]["verdict"] == "cheaper"
    assert [row["id"] for row in cheaper["decisions"]["lost"]] == ["lynas"]
    worst = next(row for row in cheaper["shortage"] if row["future"] == "worst")
    assert worst["short_t"] == {"before": pytest.approx(120.0), "after": pytest.approx(320.0)}
    heavy = [row for row in cheaper["dependence"] if row["element"] == "heavy elements" and row["year"] == 2027]
    assert (heavy[0]["before"], heavy[0]["after"]) == pytest.approx((0.8, 1.0))


def test_intervals_of_cost() -> None:
    base, other = {"bound": 10.0, "objective": 12.0}, {"bound": 11.0, "objective": 13.0}
    assert interval(base, other) == (-1.0, 3.0)
    assert verdict(*interval(base, other)) == "no change proved"
    assert verdict(*interval(base, {"bound": 12.5, "objective": 13.0})) == "dearer"
    assert verdict(*interval(base, {"bound": 8.0, "objective": 9.0})) == "cheaper"
    assert verdict(*interval(base, {"bound": None, "objective": 9.0})) == "cheaper"
    assert verdict(None, None) == "no change proved"


def test_importing_the_api_and_loading_a_case_is_quick() -> None:
    script = f"import sys, orefolio.api\norefolio.api.load({str(JAPAN)!r})\n"
    script += "print(*{n.partition('.')[0] for n in sys.modules})"
    environment = {"PYTHONPATH": str(Path(__file__).parents[1] / "model")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert not {"pandas", "pyomo", "scipy", "highspy", "numpy"} & set(done.stdout.split())


def test_the_formulation_in_the_order_of_the_families() -> None:
    from orefolio.families import FAMILIES

    said = formulation()
    assert list(said) == [*FAMILIES, "risk"]
    assert all(text.partition(":")[0].isupper() for text in said.values())


def test_a_lever_turned_again_counts_from_the_case_as_written():
    """Twice demand asked after thrice is twice, not six times. Would fail if levers piled up: 6 x."""
    study = api.load(JAPAN)
    once = study.what_if(demand_all_multiple=2)
    assert study.what_if(demand_all_multiple=3).what_if(demand_all_multiple=2).case.tables == once.case.tables
    assert study.what_if(demand_all_multiple=3).case.with_levers({"demand_all_multiple": 2}).tables == once.case.tables
    assert once.case.row("demands", "traction").multiple == 2 * study.case.row("demands", "traction").multiple
    nothing = study.what_if(stockpile_pace=0)
    assert nothing.what_if(stockpile_pace=1).case.tables == study.case.tables
    with pytest.raises(InputError, match="turned back"):
        nothing.case.with_levers({"stockpile_pace": 1})


def test_a_run_that_was_not_written_can_be_begun_with_and_makes_its_tables(study: api.Study) -> None:
    first = study.solve(abs_gap=0.0)
    assert first.outcome is not None
    again = study.solve(abs_gap=0.0, warm=api.Run(first.record, outcome=first.outcome))
    assert again.cost == pytest.approx(7.9)
    bare = api.Run(first.record, outcome=first.outcome)
    assert bare.table("budgets").to_dict("records") == first.table("budgets").to_dict("records")
    with pytest.raises(InputError, match="a run without a plan"):
        api.Run(first.record).table("budgets")
    assert study.solve(abs_gap=0.0, warm=api.Run(first.record)).cost == pytest.approx(7.9)


def test_with_two_threads_a_run_warns_that_another_plan_may_come(study: api.Study) -> None:
    warnings = study.solve(abs_gap=0.0, threads=2).record["warnings"]
    assert any("more than one thread" in warning for warning in warnings)


def test_a_case_whose_futures_all_part_has_no_trunk_to_plan_alone() -> None:
    tables = hand_tables()
    tables["futures"][0]["onset"] = "2029-01-01"
    with pytest.raises(InputError, match="no future without an onset"):
        api.solve(case_of(tables), deterministic=True)
