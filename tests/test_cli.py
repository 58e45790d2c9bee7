"""The shell of the command line: what is imported, printed and returned, whatever the command does."""

from __future__ import annotations

import errno
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import orefolio
from orefolio import cli
from orefolio.cli import doctor as doctor_module
from orefolio.cli import new as new_module
from orefolio.cli.failures import guarded
from orefolio.cli.output import Output, aligned
from orefolio.cli.sensitivity import ANALYSES
from orefolio.cli.settings import KNOWN, chosen, options
from orefolio.errors import (
    Fault,
    FolderInUseError,
    InfeasibleError,
    InputError,
    MissingExtraError,
    OrefolioError,
    SolverError,
    SpaceError,
)

REPOSITORY = Path(__file__).parents[1]
CALL = [sys.executable, "-c", "from orefolio.cli import main; main()"]
SLOW_TO_IMPORT = ("pyomo", "pandas", "numpy", "scipy", "highspy", "plotly", "marimo")


def call(*words: str) -> Result:
    return CliRunner().invoke(cli.main, list(words))


def spawn(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model"), **changes}
    return subprocess.run([*CALL, *words], capture_output=True, text=True, env=environment, check=False, timeout=60)


def imports_of(*words: str) -> set[str]:
    """Top-level packages that a command line imports."""
    script = f"import sys\nfrom orefolio.cli import main\nmain({list(words)!r}, standalone_mode=False)\n"
    script += "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    return set(done.stderr.split())


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Make `orefolio probe` call a function of the test."""

    def add(body: Callable[[], object]) -> None:
        @click.command()
        @click.option("--json", "as_json", is_flag=True)
        def probe(as_json: bool) -> object:
            return body()

        monkeypatch.setitem(cli.COMMANDS, "probe", f"{__name__}:probe")
        monkeypatch.setattr(sys.modules[__name__], "probe", probe, raising=False)

    return add


def raising(error: BaseException) -> Callable[[], object]:
    def body() -> object:
        raise error

    return body


# ---- help


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["schema"], ["new", "--help"]])
def test_quick_commands_import_nothing_slow(words: list[str]) -> None:
    assert imports_of(*words) & set(SLOW_TO_IMPORT) == set()


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


EVERY = [*((name,) for name in cli.COMMANDS if name != "sensitivity"), *(("sensitivity", ".", a) for a in ANALYSES)]


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


# ---- exit codes


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OrefolioError("x"), 1),
        (InputError([Fault("case.yaml", "1", "2", 3, 4)]), 2),
        (InfeasibleError("x"), 4),
        (SolverError("x"), 5),
        (SpaceError("x"), 6),
        (FolderInUseError("x"), 7),
        (MissingExtraError("x"), 8),
        (OSError(errno.ENOSPC, "no space", "plan.csv"), 6),
        (MemoryError(), 6),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.BadParameter("x"), 2),
        (click.FileError("x"), 2),
        (ZeroDivisionError("x"), 1),
        (PermissionError(errno.EACCES, "denied"), 1),
        (RecursionError("x"), 1),
    ],
)
def test_each_error_has_its_exit_code(added: Callable[..., None], error: BaseException, code: int) -> None:
    added(raising(error))
    done = call("probe")
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (3, 3), (5, 5)])
def test_a_command_returns_its_exit_code(added: Callable[..., None], answer: int | None, code: int) -> None:
    added(lambda: answer)
    assert call("probe").exit_code == code


def test_a_traceback_is_shown_with_v_only(added: Callable[..., None]) -> None:
    added(raising(ZeroDivisionError("one over nothing")))
    assert "ZeroDivisionError: one over nothing" in call("probe").stderr
    assert "Traceback" in call("-v", "probe").stderr


def test_an_input_error_shows_every_fault(added: Callable[..., None]) -> None:
    added(raising(InputError([Fault("prices.csv", "'x'", "a number", 2, 3), Fault("case.yaml", "'y'", "a map")])))
    shown = call("probe").stderr
    assert "prices.csv:2:3: found 'x', expected a number" in shown
    assert "case.yaml: found 'y', expected a map" in shown


def test_brackets_of_a_message_stay(added: Callable[..., None]) -> None:
    added(raising(SolverError("row cover[JP,oxide]@0 [bold] is missing")))
    assert "row cover[JP,oxide]@0 [bold] is missing" in call("probe").stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["docter"], "Did you mean doctor?"),
        (["doctor", "--nothing"], "No such option"),
        (["--nothing"], "No such option"),
        (["-v", "-q", "doctor"], "exclude each other"),
        (["new"], "Missing argument"),
    ],
)
def test_wrong_usage_ends_with_2(words: list[str], message: str) -> None:
    done = call(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_no_command_shows_the_help_and_ends_with_2() -> None:
    done = call()
    assert done.exit_code == 2
    assert "Commands:" in done.stderr


def test_an_interrupt_ends_with_130() -> None:
    script = "import time\nfrom orefolio.cli.failures import guarded\nfrom orefolio.cli.output import Output\n"
    script += (
        "import sys\ndef wait():\n    print('ready', flush=True)\n    time.sleep(30)\nsys.exit(guarded(wait, Output()))"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGINT)
        _, complaint = child.communicate(timeout=20)
    assert (child.returncode, complaint) == (130, "error: interrupted\n")


# ---- output


def test_an_error_is_one_json_object_too(added: Callable[..., None]) -> None:
    added(raising(InputError([Fault("prices.csv", "'x'", "a number", 2, 3, "Use a point")])))
    done = call("probe", "--json")
    answer = json.loads(done.stdout)
    assert (answer["schema"], answer["exit_code"], answer["kind"]) == ("orefolio/error/1", 2, "InputError")
    assert answer["faults"] == [
        {"file": "prices.csv", "found": "'x'", "expected": "a number", "line": 2, "column": 3, "remedy": "Use a point"}
    ]
    assert done.stderr.startswith("error: prices.csv:2:3")


def test_a_usage_error_is_one_json_object_too() -> None:
    done = call("doctor", "--json", "--nothing")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["schema"] == "orefolio/error/1"


def test_a_word_after_two_dashes_is_no_option(tmp_path: Path) -> None:
    done = call("schema", "--", "--json")
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "words", [["doctor", "--json"], ["schema", "--json"], ["schema", "projects", "--json"], ["facts", "--json"]]
)
def test_json_is_exactly_one_object_on_stdout(words: list[str]) -> None:
    done = spawn(*words)
    assert done.returncode == 0
    name, _, version = json.loads(done.stdout)["schema"].rpartition("/")
    assert name == f"orefolio/{words[0]}"
    assert version.isdigit()


def test_a_failure_after_the_answer_adds_no_second_object(added: Callable[..., None]) -> None:
    def body() -> object:
        click.get_current_context().find_object(Output).answer_json("orefolio/probe/1", {"gap": float("inf")})
        raise SolverError("late")

    added(body)
    done = call("probe", "--json")
    assert done.exit_code == 5
    assert json.loads(done.stdout) == {"schema": "orefolio/probe/1", "gap": None}


def test_a_second_answer_is_an_error() -> None:
    output = Output()
    output.answer_json("orefolio/probe/1", {})
    with pytest.raises(RuntimeError, match="prints one"):
        output.answer_json("orefolio/probe/1", {})


def test_json_takes_what_results_hold(capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    content = {
        "share": np.float64(0.25),
        "counts": np.array([1, 2]),
        "nothing": np.nan,
        "yes": np.bool_(True),
        "place": Path("results") / "日本",
        "fault": Fault("f", "a", "b"),
        "names": {"b", "a"},
    }
    Output().answer_json("orefolio/probe/1", content)
    shown = capsys.readouterr().out
    assert shown.isascii()
    answer = json.loads(shown)
    assert (answer["share"], answer["counts"], answer["nothing"], answer["yes"]) == (0.25, [1, 2], None, True)
    assert (answer["place"], answer["names"], answer["fault"]["file"]) == ("results/日本", ["a", "b"], "f")


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ["note", "warning: care"]), (["-q"], ["warning: care"]), (["-v"], ["detail", "note", "warning: care"])],
)
def test_v_and_q_choose_how_much_is_said(added: Callable[..., None], words: list[str], expected: list[str]) -> None:
    def body() -> None:
        output = click.get_current_context().find_object(Output)
        output.detail("detail")
        output.note("note")
        output.warn("care")

    added(body)
    done = call(*words, "probe")
    assert (done.stdout, done.stderr.splitlines()) == ("", expected)


def test_no_colour_without_a_terminal_and_none_with_no_color() -> None:
    assert "\x1b" not in spawn("docter").stderr
    forced = spawn("docter", NO_COLOR="1", FORCE_COLOR="1").stderr
    assert "\x1b[31m" not in forced
    assert "\x1b[1;31m" not in forced


@pytest.mark.parametrize(
    "words",
    [
        ["schema"],
        ["schema", "--json"],
        ["facts"],
        ["facts", "--json"],
        ["doctor"],
        ["--help"],
        ["schema", "nothing", "--json"],
    ],
)
def test_a_reader_that_left_gets_no_traceback(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    done = subprocess.run(
        [*CALL, *words], stdout=writing, stderr=subprocess.PIPE, text=True, env=environment, check=False, timeout=60
    )
    os.close(writing)
    wrong = "nothing" in words
    assert done.returncode == (2 if wrong else 0)
    assert done.stderr.count("\n") == (1 if wrong else 0)
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


@pytest.mark.parametrize(("word", "heading"), [("schema", ["file", "required"]), ("facts", ["id", "statement"])])
def test_the_first_line_can_be_taken(word: str, heading: list[str]) -> None:
    line = shlex.join([*CALL, word])
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model"), "LC_ALL": "C"}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line} | head -1"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        timeout=60,
    )
    assert (done.stdout.split()[:2], done.stderr) == (heading, "")


def test_a_full_disk_ends_with_6(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    assert cli.main(["schema"], standalone_mode=False) == 6
    assert capsys.readouterr().err == "error: cannot write to the standard output: no space left on device\n"


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-"])
@pytest.mark.parametrize(("words", "code"), [(["schema"], 0), (["schema", "--json"], 0), (["docter", "--json"], 2)])
def test_closed_streams_change_no_exit_code(closed: str, words: list[str], code: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model"), "LC_ALL": "C"}
    line = ["bash", "-c", f"{shlex.join([*CALL, *words])} {closed}"]
    done = subprocess.run(line, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("locale", ["C", "de_DE.ISO-8859-1", "tr_TR.UTF-8", "nowhere"])
def test_output_is_the_same_in_any_locale(locale: str) -> None:
    done = spawn("schema", "projects", "--json", LC_ALL=locale)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == spawn("schema", "projects", "--json").stdout


def test_a_letter_that_a_terminal_lacks_is_escaped() -> None:
    done = spawn("new", "日本/日本", "--from", "中", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "\\u4e2d" in done.stderr


def test_columns_are_aligned_by_width_on_screen() -> None:
    assert aligned(("a", "b"), [("日本", 1), ("x", 22)]).splitlines() == ["a     b", "----  --", "日本  1", "x     22"]


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
    register = json.loads(spawn("facts", "--json", PYTHONPATH=str(tmp_path / "installed")).stdout)
    assert register["count"] == json.loads(spawn("facts", "--json").stdout)["count"] > 0
    done = spawn("new", str(tmp_path / "mine"), PYTHONPATH=str(tmp_path / "installed"))
    assert done.returncode == 0
    copied = {path.relative_to(tmp_path / "mine") for path in (tmp_path / "mine").rglob("*") if path.is_file()}
    original = REPOSITORY / "inputs" / "japan"
    assert copied == {path.relative_to(original) for path in original.rglob("*") if path.is_file()}


# ---- schema


def test_schema_lists_every_table_and_column() -> None:
    from orefolio.case.columns import declared
    from orefolio.case.schema import REQUIRED, TABLES

    answer = json.loads(call("schema", "--json").stdout)
    shown = {table["name"]: [column["name"] for column in table["columns"]] for table in answer["tables"]}
    assert shown == {name: list(declared(table)) for name, table in TABLES.items()}
    assert {table["name"] for table in answer["tables"] if table["required"]} == set(REQUIRED)
    page = call("schema").stdout
    assert all(f"\n{name}.csv " in page for name in TABLES)


def test_schema_shows_one_table() -> None:
    from orefolio.case.columns import declared
    from orefolio.case.schema import TABLES

    page = call("schema", "contracts").stdout
    for name, column in declared(TABLES["contracts"]).items():
        (line,) = [line for line in page.splitlines() if line.split(" ")[0].rstrip("*") == name]
        assert column.meaning in line
        assert column.unit in line


def test_schema_offers_the_nearest_table() -> None:
    done = call("schema", "contract")
    assert done.exit_code == 2
    assert "Did you mean contracts" in done.stderr


def test_guarded_reports_without_click() -> None:
    assert guarded(raising(FolderInUseError("taken")), Output()) == 7
