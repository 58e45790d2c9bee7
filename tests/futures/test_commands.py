"""`orefolio futures`: what each command writes and tells."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from command_line import REPOSITORY, call
from orefolio import api

CASE = REPOSITORY / "inputs" / "minerals-us"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("futures") / "many"
    done = call(
        "futures", str(CASE), "generate", "--count", "12", "--seed", "3", "--until", "2029-01-01", "-o", str(place)
    )
    assert done.exit_code == 0, done.output
    return place


def test_generating_tells_how_probable_each_event_is(tmp_path: Path) -> None:
    words = ("futures", str(CASE), "generate", "--count", "16", "--method", "random", "--every", "12")
    done = call(*words, "-o", str(tmp_path / "many"), "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert answer["schema"] == "orefolio/futures/generate/1"
    assert set(answer["events"]) == {row.event for row in api.load(CASE).case.rows("hazards")}
    assert all(0 <= share <= 1 for share in answer["events"].values())
    made = json.loads((tmp_path / "many" / "futures.json").read_text())
    assert (made["count"], made["method"], made["every_months"]) == (16, "random", 12)


def test_reducing_tells_how_far_the_kept_futures_are(many: Path, tmp_path: Path) -> None:
    words = ("futures", str(CASE), "reduce", str(many), "--to", "5", "--stages", "2028-01-01=4")
    answer = json.loads(call(*words, "-o", str(tmp_path / "few"), "--json").stdout)
    assert answer["futures"] == 5
    assert 0 < answer["distance"] <= answer["distance_of_one"]
    assert answer["stages"][0]["histories"] <= 4
    assert answer["of"]["seed"] == 3
    shown = call("futures", str(CASE), "reduce", str(many), "--to", "4", "-o", str(tmp_path / "fewer"))
    assert "all time" in shown.stdout
    assert len(api.load(CASE).with_futures(tmp_path / "fewer").case.rows("futures")) == 4


def test_a_plan_for_a_folder_of_futures_is_tested_on_fresh_ones(many: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    call("futures", str(CASE), "reduce", str(many), "--to", "3", "-o", str(few))
    words = ("--futures", str(few), "--grid", "yearly", "--node-limit", "0", "--out", str(tmp_path / "runs"))
    solved = json.loads(call("solve", str(CASE), *words, "--json").stdout)
    run = solved["run_dir"]
    said = ("--fresh", "4", "--seed", "9", "--until", "2029-01-01", "--replications", "2", "--size", "2")
    done = call("futures", str(CASE), "test", run, *said, "--node-limit", "0", "--json")
    answer = json.loads(done.stdout)
    cost, bound = answer["estimate"]["cost"], answer["estimate"]["bound"]
    assert done.exit_code == 0
    assert bound["low"] <= bound["mean"] <= cost["mean"] <= cost["high"]
    assert len(answer["gap"]["replications"]) == 2
    assert answer["gap"]["most"] >= answer["gap"]["mean"]
    assert "another state" not in done.stderr


def test_one_replication_has_no_spread() -> None:
    done = call("futures", str(CASE), "test", "nothing", "--replications", "1")
    assert done.exit_code == 2
    assert "two or more" in done.stderr


def test_wrong_hazards_are_told_by_file_line_and_column(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(CASE, case)
    place = case / "hazards.csv"
    lines = place.read_text().splitlines()
    lines[1] = lines[1].replace("licensing_tightens,hazard,0.08", "licensing_loosens,hazard,-0.08")
    lines[2] = lines[2].replace(",2,4,8,", ",2,9,8,")
    place.write_text("\n".join(lines) + "\n")
    done = call("futures", str(case), "generate", "-o", str(tmp_path / "many"))
    assert done.exit_code == 2
    assert f"{place}:2:" in done.stderr
    assert not (tmp_path / "many").exists()
    place.write_text("\n".join([lines[0], lines[2], *lines[3:]]) + "\n")
    told = call("futures", str(case), "generate", "-o", str(tmp_path / "many")).stderr
    assert f"{place}:2:" in told
    assert "at most high_months, which is 8" in told


def test_levers_and_futures_of_a_folder_go_together(many: Path) -> None:
    study = api.load(CASE).with_futures(many).what_if(demand_all_multiple=1.2)
    assert study.case.row("demands", "ga_chips").multiple == pytest.approx(1.2)
    assert len(study.case.rows("futures")) == len(api.load(CASE).with_futures(many).case.rows("futures"))
    with pytest.raises(api.InputError, match="the case as written"):
        study.with_futures(many)
