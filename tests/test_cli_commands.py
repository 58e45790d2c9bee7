"""What the commands that solve nothing say: help, settings, doctor, new, schema."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import orefolio
from command_line import REPOSITORY, call, spawn
from orefolio import cli
from orefolio.api import examples as new_module
from orefolio.cli import doctor as doctor_module
from orefolio.cli.sensitivity import ANALYSES
from orefolio.cli.settings import KNOWN, chosen, options
from orefolio.errors import (
    InputError,
    OrefolioError,
)

SLOW_TO_IMPORT = ("pyomo", "pandas", "numpy", "scipy", "highspy", "plotly", "marimo")


def imports_of(*words: str) -> set[str]:
    """Top-level packages that a command line imports."""
    script = f"import sys\nfrom orefolio.cli import main\nmain({list(words)!r}, standalone_mode=False)\n"
    script += "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    return set(done.stderr.split())


# ---- help


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["schema"], ["new", "--help"]])
def test_quick_commands_import_nothing_slow(words: list[str]) -> None:
    assert imports_of(*words) & set(SLOW_TO_IMPORT) == set()


def test_a_check_imports_no_numbers_and_a_solve_no_modelling_language(tmp_path: Path) -> None:
    japan, small = REPOSITORY / "inputs" / "japan", REPOSITORY / "inputs" / "minerals-us"
    assert imports_of("check", str(japan), "--out", str(tmp_path)) & set(SLOW_TO_IMPORT) == set()
    solving = imports_of("solve", str(small), "--abs-gap", "50", "--out", str(tmp_path))
    assert {"highspy", "numpy"} <= solving
    assert "pyomo" not in solving


def test_help_imports_no_command() -> None:
    script = "import sys\nfrom orefolio.cli import COMMANDS, main\nmain(['--help'], standalone_mode=False)\n"
    script += "print([c for c in COMMANDS if f'orefolio.cli.{c}' in sys.modules], file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr.strip() == "[]"


def test_help_gives_every_command_a_summary() -> None:
    shown = call("--help").output
    for name, place in cli.COMMANDS.items():
        assert f"  {name} " in shown
        assert len(cli.summary(place).split()) >= 3


OF_SEVERAL = {"sensitivity": tuple(ANALYSES), "futures": ("generate", "reduce", "test")}
EVERY = [
    *((name,) for name in cli.COMMANDS if name not in OF_SEVERAL),
    *((name, ".", part) for name, parts in OF_SEVERAL.items() for part in parts),
]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_help_and_json(words: tuple[str, ...]) -> None:
    done = call(*words, "--help")
    assert done.exit_code == 0
    assert "--json" in done.stdout


def test_version_is_the_package_version() -> None:
    assert call("--version").stdout == f"orefolio, version {orefolio.__version__}\n"


def test_public_names_come_when_asked_for() -> None:
    assert orefolio.OrefolioError is OrefolioError
    assert "OrefolioError" in dir(orefolio)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        orefolio.nothing  # noqa: B018


# ---- settings


def test_settings_take_the_first_that_speaks() -> None:
    flags = {"abs_gap": "1", "time_limit": None, "threads": None, "seed": None}
    case = {"abs_gap": 3, "time_limit": 30, "threads": 3}
    environment = {"OREFOLIO_ABS_GAP": "2", "OREFOLIO_TIME_LIMIT": "20"}
    settings = chosen(flags, case, environment)
    assert settings.record() == {
        "abs_gap": {"value": 1.0, "origin": "flag"},
        "time_limit": {"value": 20.0, "origin": "environment"},
        "threads": {"value": 3, "origin": "case"},
        "seed": {"value": 0, "origin": "default"},
    }
    assert settings.warnings == ()


def test_defaults_are_those_decided() -> None:
    settings = chosen(dict.fromkeys(KNOWN), {}, {})
    assert (settings.number("abs_gap"), settings.number("time_limit"), settings.whole("threads")) == (5.0, 300.0, 1)
    assert settings.optional_number("gap") is None
    assert settings.folder("out") == Path("results")


def test_wrong_settings_are_told_together() -> None:
    flags = {"abs_gap": "-1", "gap": "5%", "threads": None, "seed": None, "time_limit": None, "out": " "}
    with pytest.raises(InputError) as caught:
        chosen(flags, {"seed": 2.5}, {"OREFOLIO_THREADS": "0", "OREFOLIO_TIME_LIMIT": "1_000"})
    assert [fault.file for fault in caught.value.faults] == [
        "--abs-gap",
        "--gap",
        "OREFOLIO_THREADS",
        "case.yaml, seed",
        "OREFOLIO_TIME_LIMIT",
        "--out",
    ]


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "１", "0x1", "", "1,5", " 1", "--1"])
def test_a_number_is_read_strictly(text: str) -> None:
    with pytest.raises(InputError):
        chosen({"abs_gap": text}, {}, {})


def test_a_variable_that_is_no_setting_is_told() -> None:
    (warning,) = chosen({"seed": None}, {}, {"OREFOLIO_THREAD": "2", "PATH": "x"}).warnings
    assert warning == "the environment's OREFOLIO_THREAD is no setting. Did you mean threads?"


def test_flags_are_made_from_the_settings() -> None:
    @click.command()
    @options("abs_gap", "out")
    def probe(abs_gap: str | None, out: str | None) -> None:
        click.echo(f"{abs_gap} {out}")

    runner = CliRunner()
    assert runner.invoke(probe, ["--abs-gap", "2"]).stdout == "2 None\n"
    shown = " ".join(runner.invoke(probe, ["--help"]).stdout.split())
    assert "[OREFOLIO_ABS_GAP; default 5.0]" in shown


# ---- doctor


def test_doctor_names_versions_and_extras() -> None:
    answer = json.loads(call("doctor", "--json").stdout)
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert answer["ok"] is True
    assert answer["orefolio"] == orefolio.__version__
    assert answer["python"] == ".".join(map(str, sys.version_info[:3]))
    assert len(answer["core"]) == len(project["dependencies"])
    assert {extra["name"] for extra in answer["extras"]} == set(project["optional-dependencies"]) - {"dev"}
    assert all(extra["install"] == f"pip install 'orefolio[{extra['name']}]'" for extra in answer["extras"])


def test_doctor_says_what_is_missing_or_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["click>=8.2", "pytest>=900.1", "no-such-package>=1", "nor-this[x]>=2; extra == 'store'"]
    monkeypatch.setattr(doctor_module, "requirements", lambda: lines)
    done = call("doctor")
    assert done.exit_code == 8
    assert "missing or too old: no-such-package, pytest" in done.stderr
    assert "nor-this missing" in done.stdout
    assert "pip install 'orefolio[store]'" in done.stdout


# ---- new


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of examples with one case, `japan`."""
    case = tmp_path / "examples" / "japan"
    (case / "overlays").mkdir(parents=True)
    (case / "case.yaml").write_text("name: japan\n")
    (case / "overlays" / "public.yaml").write_text("{}\n")
    (case / ".hidden").write_text("")
    monkeypatch.setattr(new_module, "examples", lambda: tmp_path / "examples")
    return case


def test_new_copies_a_case_and_says_what_is_next(example: Path, tmp_path: Path) -> None:
    target = tmp_path / "far" / "mine"
    done = call("new", str(target))
    assert done.exit_code == 0
    assert {path.relative_to(target).as_posix() for path in target.rglob("*")} == {
        "case.yaml",
        "overlays",
        "overlays/public.yaml",
    }
    assert f"orefolio check {target}" in done.stdout
    assert "overlays/public.yaml" in done.stdout
    assert [path.name for path in target.parent.iterdir()] == ["mine"]


def test_new_fills_an_empty_folder(example: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    answer = json.loads(call("new", str(tmp_path / "mine"), "--json").stdout)
    assert answer["files"] == ["case.yaml", "overlays/public.yaml"]


def test_new_leaves_what_stands_there(example: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for place in ("mine", "file", "link", "file/deeper"):
        done = call("new", str(tmp_path / place))
        assert (done.exit_code, done.stdout) == (2, "")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("name", ["japam", "../examples/japan", "/etc", ""])
def test_new_knows_its_examples_only(example: Path, tmp_path: Path, name: str) -> None:
    done = call("new", str(tmp_path / "mine"), "--from", name)
    assert done.exit_code == 2
    assert "japan" in done.stderr
    assert not (tmp_path / "mine").exists()


def test_a_copy_that_fails_leaves_nothing(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(source: Path, target: Path, **_: object) -> None:
        target.mkdir()
        (target / "case.yaml").write_text("half")
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(new_module.shutil, "copytree", half)
    done = call("new", str(tmp_path / "mine"))
    assert done.exit_code == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["examples"]


def test_the_wheel_carries_cases_and_register(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=REPOSITORY, capture_output=True, check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "installed")
    assert any(name.startswith("orefolio/_seeds/") for name in names)
    assert {f"orefolio/report/atlas/{name}" for name in ("countries.json", "LICENCE.txt")} <= set(names)
    register = json.loads(spawn("facts", "--json", PYTHONPATH=str(tmp_path / "installed")).stdout)
    assert register["count"] == json.loads(spawn("facts", "--json").stdout)["count"] > 0
    done = spawn("new", str(tmp_path / "mine"), PYTHONPATH=str(tmp_path / "installed"))
    assert done.returncode == 0
    copied = {path.relative_to(tmp_path / "mine") for path in (tmp_path / "mine").rglob("*") if path.is_file()}
    original = REPOSITORY / "inputs" / "japan"
    assert copied == {path.relative_to(original) for path in original.rglob("*") if path.is_file()}


# ---- schema


def test_schema_lists_every_table_and_column() -> None:
    from orefolio.case.rows import titles
    from orefolio.case.schema import REQUIRED, TABLES

    answer = json.loads(call("schema", "--json").stdout)
    shown = {table["name"]: [column["name"] for column in table["columns"]] for table in answer["tables"]}
    assert shown == {name: list(titles(table)) for name, table in TABLES.items()}
    assert "class" in shown["contracts"], "as the heading of the file, not as the field that Python allows"
    assert {table["name"] for table in answer["tables"] if table["required"]} == set(REQUIRED)
    page = call("schema").stdout
    assert all(f"\n{name}.csv " in page for name in TABLES)


def test_schema_shows_one_table() -> None:
    from orefolio.case.columns import declared
    from orefolio.case.schema import TABLES

    page = call("schema", "contracts").stdout
    for name, column in declared(TABLES["contracts"]).items():
        (line,) = [line for line in page.splitlines() if line.split(" ")[0].rstrip("*") == name.removesuffix("_")]
        assert column.meaning in line
        assert column.unit in line


def test_schema_offers_the_nearest_table() -> None:
    done = call("schema", "contract")
    assert done.exit_code == 2
    assert "Did you mean contracts" in done.stderr


def test_doctor_reads_its_needs_from_the_source_where_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    stated = json.loads(call("doctor", "--json").stdout)

    def missing(_: str) -> None:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "requires", missing)
    answer = json.loads(call("doctor", "--json").stdout)
    assert [need["package"] for need in answer["core"]] == [need["package"] for need in stated["core"]]


def test_a_command_that_there_is_not_is_refused_with_the_nearest() -> None:
    done = call("solv")
    assert done.exit_code == 2
    assert "There is no command 'solv'. Did you mean solve?" in done.stderr
    assert cli.summary("no_such_package:command") == ""
    context = click.Context(cli.main)
    assert cli.main.list_commands(context) == list(cli.COMMANDS)
    assert cli.main.get_command(context, "solv") is None


def test_a_setting_of_another_kind_is_no_number() -> None:
    settings = chosen(dict.fromkeys(KNOWN), {}, {})
    with pytest.raises(TypeError, match=r"setting out is .* no number"):
        settings.number("out")
    with pytest.raises(TypeError, match=r"setting abs_gap is 5\.0, no whole number"):
        settings.whole("abs_gap")
