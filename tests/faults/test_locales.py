"""The whole of it under locales with a decimal comma, a dotless i or ASCII alone: the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from faults.cases import digests, environment, runs, small_case

LOCALES = Path(sys.prefix) / "locales"
MISSING = "the locale {name} is not there; run .ci/set-up test, which makes it in the environment"
COMMA = {"de_DE.UTF-8": ",", "tr_TR.UTF-8": ",", "C": ".", "POSIX": "."}

CHILD = """
import json, locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    sys.exit("no such locale")
if locale.localeconv()["decimal_point"] != sys.argv[1]:
    sys.exit("the locale is not active")
from pathlib import Path
from orefolio.cli import main
def call(*words):
    code = main(["-q", *map(str, words)], standalone_mode=False)
    if code:
        sys.exit(f"{words} ended with {code}")
def newest(out):
    return next(path for path in out.iterdir() if not path.name.startswith("."))
case, out = Path(sys.argv[2]), Path(sys.argv[3])
call("check", case)
call("solve", case, "--out", out / "one", "--abs-gap", "0")
call("solve", case, "--out", out / "two", "--abs-gap", "0", "--set", "loss=20", "--overlay", sys.argv[4])
one, two = newest(out / "one"), newest(out / "two")
call("show", one)
call("show", one, "supply")
call("compare", one, two)
call("audit", one)
call("audit", two)
"""
OVERLAY = "安い🧲ı"


def whole(folder: Path, name: str, **more: str) -> tuple[list[dict[str, str]], bytes]:
    """What every run file holds, and what stdout got, from one process under a locale."""
    case = small_case(folder / "事例🧲ı")
    (case / "overlays").mkdir()
    (case / "overlays" / f"{OVERLAY}.yaml").write_text("title: 安い\nlevers: {loss: 20}\n", encoding="utf-8")
    local = {"LOCPATH": str(LOCALES)} if LOCALES.is_dir() else {}
    variables = environment(LC_ALL=name, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONHASHSEED="random", **local)
    variables = {**variables, **more}
    for unset in ("PYTHONIOENCODING", "LANG", "LANGUAGE"):
        variables.pop(unset, None)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, COMMA[name], os.fspath(case), os.fspath(folder / "results"), OVERLAY],
        capture_output=True, env=variables, check=False, timeout=250,
    )  # fmt: skip
    complaint = done.stderr.decode("utf-8", "replace")
    if "no such locale" in complaint:
        pytest.fail(MISSING.format(name=name))
    assert done.returncode == 0, complaint[-3000:]
    assert "Traceback" not in complaint
    found = [digests(*runs(folder / "results" / part)) for part in ("one", "two")]
    for hashes in found:
        del hashes["run.json"]  # its warnings name the folder of the case
    return found, done.stdout


@cache
def reference(folder: Path) -> list[dict[str, str]]:
    return whole(folder / "reference", "C", PYTHONUTF8="1", PYTHONHASHSEED="0", TZ="UTC")[0]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    return reference(tmp_path_factory.mktemp("locales"))


@pytest.mark.verifies("fault")
@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "zone"),
    [("de_DE.UTF-8", "UTC"), ("tr_TR.UTF-8", "Asia/Tokyo"), ("C", "Asia/Tokyo"), ("POSIX", "UTC")],
)
def test_every_locale_gives_the_same_bytes(
    tmp_path: Path, expected: list[dict[str, str]], name: str, zone: str
) -> None:
    found, said = whole(tmp_path, name, TZ=zone)
    for ours, theirs in zip(found, expected, strict=True):
        assert {key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)} == set()
    if COMMA[name] == ",":
        assert "豪州の契約" in said.decode("utf-8")


@pytest.mark.verifies("fault")
def test_the_locales_of_the_tests_are_there() -> None:
    """Would fail if they were only names: a number is written with a comma, and the dotless i is another letter."""
    script = (
        "import locale\n"
        "try:\n    locale.setlocale(locale.LC_ALL, '')\n"
        "except locale.Error:\n    raise SystemExit('no such locale')\n"
        "print(locale.localeconv()['decimal_point'], locale.str(1.5))"
    )
    for name in ("de_DE.UTF-8", "tr_TR.UTF-8"):
        local = {"LOCPATH": str(LOCALES)} if LOCALES.is_dir() else {}
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env=environment(LC_ALL=name, **local),
            check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, MISSING.format(name=name)
        assert done.stdout == ", 1,5\n"
