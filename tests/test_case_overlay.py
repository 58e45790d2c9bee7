"""Overlays and levers over a case, what its numbers rest on, and `orefolio check`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from orefolio.case.basis import basis_of, support
from orefolio.case.columns import declared
from orefolio.case.overlay import adjusted_case, find_overlay, levers_out_of_range, load_overlay, parse_lever
from orefolio.case.read import load_case
from orefolio.case.rows import titles
from orefolio.case.schema import TABLES
from orefolio.cli import main
from orefolio.errors import InputError
from test_case_sound import SOUND, write_case

OVERLAY = """\
# Dear and late.
title: Dear and late 高い
levers: {dear: 2}
adjustments:
  - {table: lanes, where: lane=sea, column: cost_usd_per_kg, operation: set, value: 3e-1, because: fuel}
  - {table: projects, column: lead_time_years, operation: add, value: 1}
"""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    folder = write_case(tmp_path / "case")
    (folder / "overlays").mkdir()
    (folder / "overlays" / "dear.yaml").write_text(OVERLAY, encoding="utf-8")
    return folder


def test_an_overlay_is_read_as_written(sound: Path) -> None:
    overlay = load_overlay("dear", sound)
    assert overlay.title == "Dear and late 高い"
    assert overlay.levers == {"dear": 2.0}
    first, second = overlay.adjustments
    assert (first.table, first.where, first.column, first.operation) == ("lanes", "lane=sea", "cost_usd_per_kg", "set")
    assert (first.value, first.because) == (0.3, "fuel")
    assert second.where == "*"


def test_overlays_first_then_levers_and_what_is_set_by_hand_wins(sound: Path) -> None:
    case = adjusted_case(load_case(sound), [load_overlay("dear", sound)], {"late": 0.5})
    assert case.row("lanes", "sea").cost_usd_per_kg == 0.3
    assert case.row("projects", "grow").lead_time_years == 1.5 + 1 + 0.5
    assert case.row("processes", "reduce").operating_usd_per_kg == 24
    assert case.turned == {"dear": 2.0, "late": 0.5}
    again = adjusted_case(load_case(sound), [load_overlay("dear", sound)], {"dear": 3.0})
    assert again.row("processes", "reduce").operating_usd_per_kg == 36


def test_an_overlay_is_looked_for_in_the_case_then_here(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dear.yaml").write_text("title: mine\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("title: other\n", encoding="utf-8")
    assert load_overlay("dear.yaml", sound).title == "Dear and late 高い"
    assert load_overlay("dear.yaml").title == "mine"
    assert load_overlay("other", sound).title == "other"
    assert find_overlay(sound / "overlays" / "dear.yaml", sound) == sound / "overlays" / "dear.yaml"


def test_an_unknown_overlay_offers_the_nearest(sound: Path) -> None:
    with pytest.raises(InputError, match=r"deer: found no such file.*Did you mean dear\?"):
        load_overlay("deer", sound)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("title:", "titel:", "2:1", "'titel'"),
        ("table: lanes", "table: lane", "5:5", "lanes"),
        ("lane=sea", "lane=see", "5:5", "lane=see"),
        ("cost_usd_per_kg", "cost_usd_per_t", "5:5", "cost_usd_per_kg"),
        ("operation: set", "operation: sett", "5:73", "'sett'"),
        ("3e-1", "3%", "5:85", "'3%'"),
        ("3e-1", "-3", "5:5", "at least 0"),
        ("dear: 2", "deer: 2", "3:10", "dear"),
        ("dear: 2", "dear: 2, dear: 3", "3:19", "'dear' again"),
        ("levers: {dear: 2}", "levers: [dear]", "3:9", "a map"),
    ],
)
def test_a_wrong_overlay_says_where(old: str, new: str, place: str, words: str, sound: Path) -> None:
    path = sound / "overlays" / "dear.yaml"
    assert old in OVERLAY
    path.write_text(OVERLAY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        adjusted_case(load_case(sound), [load_overlay("dear", sound)], {})
    texts = [str(fault) for fault in raised.value.faults]
    assert [text for text in texts if text.startswith(f"{path}:{place}: ") and words in text], texts


def test_levers_are_parsed_strictly(sound: Path) -> None:
    assert parse_lever("dear=2e0") == ("dear", 2.0)
    for text in ("dear", "=2", "dear=5%", "dear=nan", "dear=1_0"):
        with pytest.raises(InputError):
            parse_lever(text)
    with pytest.raises(InputError, match="dear"):
        adjusted_case(load_case(sound), [], {"deer": 2})


def test_a_lever_beyond_its_range_is_told_and_one_that_breaks_the_case_refused(sound: Path) -> None:
    case = adjusted_case(load_case(sound), [], {"dear": 9})
    assert levers_out_of_range(case) == ["dear is set to 9, outside its range 0.5 to 3"]
    with pytest.raises(InputError, match=r"licences\.csv:2:23: found approval_share 1\.5"):
        adjusted_case(load_case(sound), [], {"licence": 1.5})


# What numbers rest on


def test_the_most_specific_basis_wins(sound: Path) -> None:
    case = load_case(sound)
    exact = basis_of(case, "licences", "export", "approval_share")
    assert exact is not None
    assert exact.facts == "F1 F2"
    general = basis_of(case, "lanes", "sea", "cost_usd_per_kg")
    assert general is not None
    assert general.derivation == "a pencil case"
    assert basis_of(case, "places", "china", "name") is None


def test_shares_of_facts_assumptions_and_uncovered(tmp_path: Path) -> None:
    """prices.csv has 1, 0, 1, 40 of which only the fee of 40 is no default; content.csv adds 1 and 1.15."""
    basis = "table,row,column,facts,derivation,low_multiple,high_multiple\n"
    basis += "prices,*,*,F1,,1,1\ncontent,m*,share,,ours,1,1\ncontent,*,share,F2,,1,1\n"
    case = load_case(write_case(tmp_path, {"basis.csv": basis}))
    found = support(case)
    assert found.on_facts == 2
    assert found.on_assumptions == 1
    assert ("currencies", "JPY", "per_usd") in {(cell.table, cell.row, cell.column) for cell in found.uncovered}
    assert not {cell.table for cell in found.uncovered} & {"prices", "content", "levers", "basis"}
    assert found.share(found.on_facts) == pytest.approx(2 / found.total)


# The documentation of tables comes from the declarations


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.output


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_printed_schema_is_the_declared_one(table: str) -> None:
    code, text = run("schema", table)
    assert code == 0
    for name, column in declared(TABLES[table]).items():
        lines = [
            line
            for line in text.splitlines()
            if line.split()[:1] and line.split()[0].rstrip("*") in (name, name.removesuffix("_"))
        ]
        assert [line for line in lines if column.meaning in line and column.unit in line], name


def test_a_column_that_is_a_word_of_python_is_written_without_its_underscore() -> None:
    assert titles(TABLES["classes"]) == {"class": "class_", "tags": "tags"}


# The command


def test_check_reports_counts_futures_sources_and_basis(sound: Path) -> None:
    code, text = run("check", str(sound))
    assert code == 0
    for words in (
        "recipes",
        "S01",
        "0.25",
        "weights sum to 1",
        "grow slips 2 years or more",
        "contract spot > lane sea > process reduce",
    ):
        assert words in text


def test_check_prints_one_json_object(sound: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from orefolio.cli import main; main()",
            "check",
            str(sound),
            "--json",
            "--set",
            "dear=2",
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["schema"] == "orefolio/check/1"
    assert told["tables"]["places"] == 7
    assert told["outcomes"] == {"event embargo": 0.25, "grow slips 2 years or more": 0.25}
    assert told["levers"] == {"dear": 2.0}
    assert told["warnings"] == []


def test_check_ends_with_2_on_a_fault_and_with_4_without_a_source(tmp_path: Path) -> None:
    bad = write_case(tmp_path / "bad", {"currencies.csv": "currency,per_usd\nJPY,5%\n"})
    code, text = run("check", str(bad))
    assert code == 2
    assert "currencies.csv:2:5: found '5%'" in text
    assert "Traceback" not in text
    unmet = write_case(tmp_path / "unmet", {"demands.csv": SOUND["demands.csv"].replace("tools,japan", "tools,NO")})
    code, text = run("check", str(unmet))
    assert code == 4
    assert "tools" in text


def test_check_imports_no_solver_and_no_tables_library(sound: Path) -> None:
    program = (
        "import sys\nfrom orefolio.cli import main\n"
        f"code = main(['check', {str(sound)!r}], standalone_mode=False)\n"
        "heavy = {'pyomo', 'pandas', 'numpy', 'scipy', 'highspy'} & set(sys.modules)\n"
        "sys.exit(f'{code} {sorted(heavy)}' if code or heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
