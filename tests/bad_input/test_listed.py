"""Every entry of the list of bad inputs once: refused at its place, warned of on its line, or read as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from listed import LISTED
from told import Entry, assert_refused, assert_told, bad, call, content, written

from orefolio.case.read import load_case
from test_case_sound import SOUND, write_case

P = "places.csv"

WARNED = {
    "unknown extra file": bad("lane.csv", "no table|lanes.csv", change=lambda f: (f / "lane.csv").write_text("x")),
    "blank lines inside": bad("places.csv:5:1", "a blank line", (P, "NO,Nor", "\nNO,Nor")),
    "item produced without outlet": bad(
        "recipes.csv:3:8",
        "'dust'|without an outlet",
        ("commodities.csv", "oxide,dys", "dust,dust,other,0,yes\noxide,dys"),
        ("recipes.csv", "reduce,metal", "reduce,dust,out,0.001,1\nreduce,metal"),
    ),
    "a demand no source can reach, where shortage is allowed": bad(
        "demands.csv:2:1", "no source that reaches 'motors'|30 t a year", ("demands.csv", "motors,japan", "motors,NO")
    ),
}
NAMES = {
    "`=cmd|'/c calc'!A1`": "=cmd|'/c calc'!A1",
    "`+1`": "+1",
    "`-1`": "-1",
    "`@SUM`": "@SUM",
    "TAB first": "\tfirst",
    "`<script>` and `</script>`": "<script>alert(1)</script>",
    "CJK names": "豪州の契約",
    "emoji": "🧲",
}
IDS = {"Namibia `NA`": "NA", "Norway `NO`": "NO", "id `007`": "007", "`1e5`": "1e5", "`true`": "true"}


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("words", list(LISTED))
def test_a_listed_input_is_refused_at_its_place(words: str, tmp_path: Path) -> None:
    assert_refused(written(tmp_path / "case", LISTED[words]), LISTED[words])


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("words", list(WARNED))
def test_a_listed_input_is_warned_of_on_its_line(words: str, tmp_path: Path) -> None:
    entry = WARNED[words]
    folder = written(tmp_path / "case", entry)
    before = content(tmp_path)
    result = call("check", folder, "--out", tmp_path / "none")
    assert_told(result, folder, Entry(entry.edits, entry.place, entry.says, 0), "warning")
    assert content(tmp_path) == before


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("words", ["BOM", "CRLF"])
def test_a_listed_form_of_a_file_is_read_with_equal_results(words: str, tmp_path: Path) -> None:
    plain = load_case(write_case(tmp_path / "plain"))
    mark, end = ("\ufeff", "\n") if words == "BOM" else ("", "\r\n")
    changes = {name: (mark + text.replace("\n", end)).encode() for name, text in SOUND.items()}
    folder = write_case(tmp_path / "other", changes)
    result = call("check", folder, "--out", tmp_path / "none")
    assert (result.exit_code, result.stderr) == (0, "")
    assert load_case(folder).tables == plain.tables
    assert load_case(folder).lines == plain.lines


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("words", list(NAMES))
def test_a_listed_name_is_read_and_shown_as_it_is(words: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "case", bad("", "", ("futures.csv", "embargo", NAMES[words])))
    result = call("check", folder, "--out", tmp_path / "none")
    assert (result.exit_code, result.stderr) == (0, "")
    assert load_case(folder).row("futures", "S01").name == NAMES[words]
    assert NAMES[words].strip() in result.stdout


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("words", list(IDS))
def test_a_listed_id_stays_text(words: str, tmp_path: Path) -> None:
    identity = IDS[words]
    edits = [
        ("stockpiles.csv", "japan,oxide", f"{identity},oxide"),
        ("lanes.csv", "sea,china", f"x,{identity},japan,oxide,0,,\nsea,china"),
    ]
    folder = written(tmp_path / "case", bad("", "", *edits))
    assert call("check", folder, "--out", tmp_path / "none").exit_code == 0
    assert load_case(folder).row("stockpiles", "store").place == identity


@pytest.mark.verifies("bad input")
def test_no_stays_a_country_in_yaml(tmp_path: Path) -> None:
    folder = written(tmp_path / "case", bad("", "", ("case.yaml", "[JP]", "[NO, JP]")))
    assert load_case(folder).importer == ("NO", "JP")


@pytest.mark.verifies("bad input")
def test_a_lead_time_of_a_fraction_of_a_period_is_read_as_years(tmp_path: Path) -> None:
    """Capacity comes for the share of the period that is left, so no fraction is wrong."""
    folder = written(tmp_path / "case", bad("", "", ("projects.csv", "30,1.5", "30,0.37")))
    assert call("check", folder, "--out", tmp_path / "none").exit_code == 0
    assert load_case(folder).row("projects", "grow").lead_time_years == 0.37


@pytest.mark.verifies("bad input")
def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read anything, so the refusal of the system is put in its place."""
    folder = write_case(tmp_path / "case")
    plain = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == P:
            raise PermissionError(13, "Permission denied")
        return plain(path)

    if os.geteuid() == 0:
        monkeypatch.setattr(Path, "read_bytes", read_bytes)
    else:
        (folder / P).chmod(0)
    result = call("check", folder, "--out", tmp_path / "none")
    assert_told(result, folder, bad(P, "no permission to read it"), "error")


@pytest.mark.verifies("bad input")
def test_all_faults_are_told_at_once_twenty_shown_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"c{number},{number}%\n" for number in range(1, 31))
    changes = {"currencies.csv": "currency,per_usd\n" + rows, P: SOUND[P].replace("name", "Name")}
    folder = write_case(tmp_path / "case", {**changes, "case.yaml": SOUND["case.yaml"].replace("grid: y", "grid: z")})
    lines = call("check", folder, "--out", tmp_path / "none").stderr.splitlines()
    assert len(lines) == 21
    assert {"case.yaml:7:7", "places.csv:1:7", "currencies.csv:2:4"} <= {
        ":".join(line.removeprefix("error: ").split(": ")[0].split("/")[-1].split(":")) for line in lines
    }
    # 30 percents, the grid and the column, JPY that envelopes name is then not known to be missing
    assert lines[-1] == "and 12 more"


@pytest.mark.verifies("bad input")
def test_the_list_is_whole() -> None:
    assert len(LISTED) == 71
