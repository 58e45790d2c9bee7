"""The lines on security in docs/security.md, each held by a test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from orefolio.case.files import YAML_BYTES
from orefolio.case.overlay import load_overlay
from orefolio.case.yaml_text import parse_yaml
from orefolio.cli import main
from orefolio.cli.output import Output
from orefolio.errors import InputError
from orefolio.tables.folder import folder_name
from orefolio.tables.folder.cells import csv_of, guarded, table_of, unguarded
from orefolio.tables.outcome.sheet import Sheet
from test_case_sound import SOUND, write_case

MODEL = Path(__file__).parents[2] / "model" / "orefolio"
FORMULAS = ("=cmd|'/c calc'!A1", "+1+1", "-x", "@SUM(A1)", "\tfirst", "\rfirst", "\nfirst")
FORBIDDEN = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
CALLS = {
    ("yaml", "load"),
    ("yaml", "load_all"),
    ("yaml", "unsafe_load"),
    ("yaml", "full_load"),
    ("os", "system"),
    ("os", "popen"),
}
COMMANDS = ("\x1b[31m", "\x9b31m", "\x07", "\u202e", "\u2066", "\u2028", "\x08", "\r")


@pytest.mark.verifies("security")
@pytest.mark.parametrize(
    "text", ["a: !!python/name:os.system x", "a: !!str x", "a: &x 1", "a: *x", "a: 1\na: 2", "a: " + "[" * 3000]
)
def test_yaml_takes_no_tags_no_aliases_no_second_key_and_no_depth(text: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_yaml(text, "x.yaml")
    assert raised.value.faults[0].line > 0


@pytest.mark.verifies("security")
def test_yaml_over_its_size_is_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("title: " + "x" * YAML_BYTES)
    with pytest.raises(InputError, match="at most 100,000 bytes"):
        load_overlay(tmp_path / "x.yaml")


@pytest.mark.verifies("security")
@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe_and_reads_back(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text
    written = csv_of(Sheet.of(("name", "t"), [(text, 1.0), ("plain", -2.0)]))
    assert "'" + text in written
    assert table_of(written, {"name": "text", "t": "number"})["name"].tolist() == [text, "plain"]


@pytest.mark.verifies("security")
@pytest.mark.parametrize("name", ["../../etc/x", "/etc/x", "a\\b", "..", ".", "a\nb", "con:", "\x1b[31m", "x" * 500])
def test_a_name_becomes_a_slug_before_it_names_a_folder(name: str) -> None:
    found = folder_name("2027-01-01T00:00:00+00:00", name, "0123456789abcdef")
    assert found.startswith("20270101T000000Z-")
    assert not set(found) & set("/\\.:\n\x1b")
    assert len(found.encode()) < 255


@pytest.mark.verifies("security")
def test_paths_of_a_case_stay_inside_it(tmp_path: Path) -> None:
    """Tables, case.yaml, an overlay, its folder, and an overlay by a way out of the folder."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text("title: out\n")
    (outside / "places.csv").write_text(SOUND["places.csv"], encoding="utf-8")
    folder = write_case(tmp_path / "case", {"places.csv": None})
    (folder / "places.csv").symlink_to(outside / "places.csv")
    (folder / "overlays").symlink_to(outside)
    result = CliRunner().invoke(main, ["check", str(folder), "--out", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "places.csv: found a link that leaves the case folder" in result.stderr
    with pytest.raises(InputError, match="a link that leaves the case folder"):
        load_overlay("x", folder)
    (folder / "overlays").unlink()
    (folder / "overlays").mkdir()
    with pytest.raises(InputError, match="no such file"):
        load_overlay("../../outside/x", folder)


@pytest.mark.verifies("security")
def test_nothing_in_the_model_unpickles_evaluates_or_calls_a_shell() -> None:
    found = []
    for path in sorted(MODEL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import():
                    wrong = any(name.name.partition(".")[0] in MODULES for name in node.names)
                case ast.ImportFrom():
                    wrong = (node.module or "").partition(".")[0] in MODULES
                case ast.Call(func=ast.Name(id=name)):
                    wrong = name in FORBIDDEN
                case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="load"), keywords=words):
                    wrong = "allow_pickle=False" not in map(ast.unparse, words)
                case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)):
                    wrong = (module, name) in CALLS or name == "read_pickle"
                case ast.keyword(arg="shell" | "allow_pickle", value=ast.Constant(value=True)):
                    wrong = True
                case _:
                    wrong = False
            if wrong:
                found.append(f"{path.name}:{getattr(node, 'lineno', 0)}")
    assert found == []


@pytest.mark.verifies("security")
@pytest.mark.parametrize("sign", COMMANDS)
def test_no_sign_of_a_name_commands_the_terminal(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output()
    output.answer(f"a{sign}b")
    output.warn(f"a{sign}b")
    output.fail(f"a{sign}b")
    shown = capsys.readouterr()
    assert sign not in shown.out + shown.err
    assert "\\" in shown.out
    assert shown.err.count("\\") == 2


@pytest.mark.verifies("security")
@pytest.mark.parametrize("name", ["[red]x[/red]", "[link=http://a]x[/link]", ":x:", ":warning:", "[/]"])
def test_a_name_with_markup_is_shown_as_it_is(name: str, tmp_path: Path) -> None:
    folder = write_case(tmp_path, {"futures.csv": SOUND["futures.csv"].replace("calm", name)})
    result = CliRunner().invoke(main, ["check", str(folder), "--out", str(tmp_path / "none")])
    assert result.exit_code == 0
    assert name in result.stdout
    missing = CliRunner().invoke(main, ["check", name])
    assert Path(name).name in missing.stderr


@pytest.mark.verifies("security")
def test_a_path_with_an_escape_is_shown_escaped(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(tmp_path / "\x1b[31mred")])
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "\\x1b[31mred" in result.stderr
