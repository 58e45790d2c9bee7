"""`orefolio solve --rolling`, and the same from a notebook: what it writes and tells."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from command_line import REPOSITORY, call
from orefolio import api
from orefolio.analyses.sweep.lock import locked

from .hazardous import drawable

CASE = REPOSITORY / "inputs" / "minerals-us"
QUICK = ("--rolling", "--grid", "yearly", "--fan", "2", "--seed", "4", "--node-limit", "0")
POLICIES = ["rolling", "fixed", "foresight"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rolling") / "kept"
    done = call("solve", str(CASE), *QUICK, "--paths", "1", "--folder", str(place), "--json")
    assert done.exit_code in (0, 3), done.output
    (place / "answer.json").write_text(done.stdout)
    return place


def rows(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_no_policy_is_cheaper_than_foresight(kept: Path) -> None:
    answer = json.loads((kept / "answer.json").read_text())
    assert answer["schema"] == "orefolio/rolling/1"
    cost = {name: answer["policies"][name]["cost_musd"]["mean"] for name in POLICIES}
    bound = {name: answer["policies"][name]["bound_musd"] for name in POLICIES}
    assert all(cost["foresight"] <= cost[name] for name in POLICIES)
    assert all(bound["foresight"] <= bound[name] <= cost[name] + 1e-6 for name in POLICIES)
    assert answer["rolling_over_foresight"]["mean"] == pytest.approx(cost["rolling"] - cost["foresight"])
    assert answer["rolling_over_foresight"]["low"] is None


def test_the_tables_have_a_row_for_each_policy_year_and_decision(kept: Path) -> None:
    costs = rows(kept / "rolling.csv")
    assert [row["policy"] for row in costs] == POLICIES
    assert [row["year"] for row in rows(kept / "rolling_steps.csv")] == [str(year) for year in range(2027, 2040)]
    decisions = rows(kept / "rolling_decisions.csv")
    for row in costs:
        assert sum(one["policy"] == row["policy"] for one in decisions) == int(row["commitments"])
    begun = {f"{d['variable']} {d['index']} {d['year']}" for d in decisions if d["policy"] == "rolling"}
    assert {word for word in costs[0]["begun"].split("; ") if word} <= begun


def test_a_folder_that_is_there_is_gone_on_with_or_refused(kept: Path) -> None:
    before = (kept / "rolling.csv").read_bytes()
    words = ("solve", str(CASE), *QUICK, "--paths", "1", "--folder", str(kept))
    refused = call(*words)
    assert refused.exit_code == 2
    assert "--resume" in refused.stderr
    again = call(*words, "--resume")
    assert "more than perfect foresight" in again.stdout.replace("million USD more than", "more than")
    assert (kept / "rolling.csv").read_bytes() == before


def test_a_folder_at_work_is_not_shared(kept: Path) -> None:
    with locked(kept, "paths", "a rolling comparison"):
        taken = call("solve", str(CASE), *QUICK, "--paths", "1", "--folder", str(kept), "--resume")
    assert taken.exit_code == 7
    assert "a rolling comparison at work" in taken.stderr


def test_a_study_rolls_as_the_command_does(kept: Path) -> None:
    found = api.load(CASE).rolling(
        paths=1, fan=2, grid="yearly", seed=4, node_limit=0, time_limit=300.0, folder=kept, resume=True
    )
    answer = json.loads((kept / "answer.json").read_text())
    assert found.cost("rolling").mean == pytest.approx(answer["policies"]["rolling"]["cost_musd"]["mean"], rel=1e-12)
    assert found.folder == kept


@pytest.mark.parametrize(
    "flags",
    [("--rolling", "--decompose"), ("--rolling", "--deterministic"), ("--rolling", "--warm", "x"), ("--resume",)],
)
def test_flags_that_do_not_go_together_are_refused(flags: tuple[str, ...]) -> None:
    done = call("solve", str(CASE), *flags)
    assert done.exit_code == 2
    assert "go" in done.stderr


def test_a_case_without_hazards_is_told_what_it_lacks() -> None:
    with pytest.raises(api.InputError, match="no hazards"):
        api.Study(drawable()).rolling(paths=1)
