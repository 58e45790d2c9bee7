"""Wrong overlays, levers and settings: refused with exit code 2, at their place, without a file written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from told import call, content

from test_case_sound import SOUND, write_case

GOOD = (
    "title: t\nadjustments:\n  - {table: lanes, where: lane=sea, column: cost_usd_per_kg, operation: set, value: 0.3}\n"
)


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def adjusting(table: str, column: str, operation: str, value: object, times: int = 1) -> str:
    part = f"  - {{table: {table}, column: {column}, operation: {operation}, value: {value}}}\n"
    return "title: t\nadjustments:\n" + part * times


OVERLAYS: dict[str, tuple[str | bytes, str]] = {
    "unknown table": (changed("lanes", "lane"), "3:5: found the table 'lane'"),
    "unknown operation": (changed("set", "power"), "3:73: found 'power'"),
    "text column": (changed("cost_usd_per_kg", "licence"), "holds numbers"),
    "id column": (changed("cost_usd_per_kg", "lane"), "holds numbers"),
    "blank selector": (changed("lane=sea", '""'), "3:27: found a text ''"),
    "selector of nothing": (changed("lane=sea", '";"'), "found the selector"),
    "selector without a sign": (changed("lane=sea", "sea"), "found the selector 'sea'"),
    "selector with a comma": (changed("lane=sea", '"lane=sea, commodity=oxide"'), "which no row has"),
    "selector in capitals": (changed("lane=sea", "lane=SEA"), "which no row has"),
    "selector of Python": (changed("lane=sea", "__class__=*"), "the column '__class__'"),
    "selector of many stars": (changed("lane=sea", f'"lane={"*a" * 200}"'), "which no row has"),
    "text value": (changed("0.3", "abc"), "3:85: found 'abc'"),
    "value nan": (changed("0.3", ".nan"), "3:85: found '.nan'"),
    "value true": (changed("0.3", "true"), "3:85: found true or false"),
    "value too large": (changed("0.3", "1e13"), "1e+12"),
    "value too small": (changed("0.3", "1e-12"), "1e-09"),
    "value out of range": (changed("0.3", "-1"), "makes cost_usd_per_kg -1"),
    "unknown part": (changed("value: 0.3", "value: 0.3, x: 1"), "3:90: found the key 'x'"),
    "missing part": (changed("column: cost_usd_per_kg, ", ""), "no key 'column'"),
    "no title": (changed("title: t\n", ""), "no key 'title'"),
    "schema of a case": (changed("title: t", "title: t\nschema: orefolio-case/1"), "2:9"),
    "multiply on a blank": (adjusting("lanes", "capacity_t_per_year", "multiply", 2), "on a blank capacity_t_per_year"),
    "add on a blank": (adjusting("lanes", "capacity_t_per_year", "add", 5), "on a blank capacity_t_per_year"),
    "no limit by nothing": (adjusting("lanes", "capacity_t_per_year", "multiply", 0), "nan"),
    "half a year": (adjusting("projects", "start_from", "set", 2027.5), "a whole number"),
    "a little later": (adjusting("projects", "start_from", "add", 0.4), "a whole number"),
    "half a yes": (adjusting("rules", "enabled", "multiply", 0.5), "0 for no or 1 for yes"),
    "less than yes": (adjusting("rules", "enabled", "add", -0.6), "0 for no or 1 for yes"),
    "products that grow": (adjusting("lanes", "cost_usd_per_kg", "multiply", "1e12", 3), "at most 1e+12"),
    "products that vanish": (adjusting("lanes", "cost_usd_per_kg", "multiply", "1e-9", 3), "at least 1e-09"),
    "products without end": (adjusting("lanes", "cost_usd_per_kg", "multiply", "1e12", 40), "at most 1e+12"),
    "levers themselves": (adjusting("levers", "base", "set", 2), "says what others change"),
    "the basis": (adjusting("basis", "low_multiple", "set", 2), "says what others change"),
    "weights": (adjusting("futures", "weight", "multiply", 0.5), "sum to 0.5"),
    "steps that meet": (adjusting("loss_steps", "step", "set", 1), "each once"),
    "discount below -1": (adjusting("settings", "value", "set", -2), "above -1"),
    "empty": ("", "an empty file"),
    "list": ("- a", "1:1: found a list"),
    "no text": (b"\x89PNG", "1:1: found byte 0x89"),
    "too large": ("title: " + "x" * 200_000, "at most 100,000 bytes"),
    "alias bomb": ("title: t\na: &a [x,x]\nb: &b [*a,*a]\n", "2:4: found the anchor &a"),
    "depth 3000": ("title: t\nlevers: " + "[" * 3000, "levels"),
    "tag": ("title: !!python/name:os.system x\n", "1:8: found the tag"),
    "adjustments of no list": ("title: t\nadjustments: {a: 1}\n", "2:14: found a map"),
    "levers of no map": ("title: t\nlevers: [dear]\n", "2:9: found a list"),
    "unknown lever": ("title: t\nlevers: {deer: 1}\n", "2:10: found the lever 'deer'"),
    "lever in words": ("title: t\nlevers: {dear: two}\n", "2:16: found 'two'"),
}
SETS = (
    "dear",
    "dear=",
    "=1",
    "dear=x",
    "dear=nan",
    "dear=inf",
    "dear=1e400",
    "dear=5%",
    "dear=2=3",
    "dear=2,5",
    "deer=2",
    "",
    "licence=2",
    "licence=1e-300",
    "self=1",
    "dear=２",
    "DEAR=2",
    "dear=1_0",
    "dear=0x1",
    "\x1b[31m=2",
    "dear=-1e13",
)
ENVIRONMENT = (
    ("OUT", ""),
    ("GAP", "x"),
    ("GAP", "-1"),
    ("GAP", "nan"),
    ("GAP", "2"),
    ("SEED", "1.5"),
    ("SEED", "9" * 5000),
    ("THREADS", "0"),
    ("THREADS", "１"),
    ("THREADS", "2147483647"),
    ("TIME_LIMIT", "1e400"),
    ("TIME_LIMIT", "-1"),
    ("TIME_LIMIT", " 5"),
    ("NODE_LIMIT", "1e3"),
    ("ABS_GAP", "5%"),
)


def overlaid(folder: Path, text: str | bytes) -> Path:
    write_case(folder)
    (folder / "overlays").mkdir()
    (folder / "overlays" / "x.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", list(OVERLAYS))
def test_a_wrong_overlay_is_refused(name: str, tmp_path: Path) -> None:
    text, words = OVERLAYS[name]
    folder = overlaid(tmp_path / "case", text)
    before = content(tmp_path)
    result = call("check", folder, "--overlay", "x", "--out", tmp_path / "none")
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert "the program failed" not in result.stderr
    assert content(tmp_path) == before


@pytest.mark.verifies("bad input")
def test_a_name_that_is_no_overlay_is_refused(tmp_path: Path, tried) -> None:
    folder = overlaid(tmp_path / "case", GOOD)
    os.mkfifo(folder / "overlays" / "pipe.yaml")
    names = ("", ".", "..", "/", "y", "*", "[x]", "a" * 5000, "\x1b[31m", "pipe", "/dev/null")
    for name in names:
        result = call("check", folder, "--overlay", name, "--out", tmp_path / "none")
        assert result.exit_code == 2, (name, result.output)
        assert ": found " in result.stderr
    twice = call("check", folder, "--overlay", "x", "--overlay", "x.yaml", "--out", tmp_path / "none")
    assert (twice.exit_code, "the overlay twice" in twice.stderr) == (2, True)
    tried("bad input", len(names) + 1)


@pytest.mark.verifies("bad input")
def test_a_wrong_lever_is_refused(tmp_path: Path, tried) -> None:
    folder = write_case(tmp_path / "case")
    for text in SETS:
        result = call("check", folder, "--set", text, "--out", tmp_path / "none")
        assert result.exit_code == 2, (text, result.output)
        assert ": found " in result.stderr
    for second in ("dear=2", "dear=3"):
        result = call("check", folder, "--set", "dear=2", "--set", second, "--out", tmp_path / "none")
        assert (result.exit_code, "twice" in result.stderr) == (2, True)
    tried("bad input", len(SETS) + 2)


def test_a_lever_may_have_any_name(tmp_path: Path) -> None:
    """Would fail if a lever's name were taken for an argument of the program."""
    from orefolio import api

    for name in ("self", "overlays", "class"):
        changes = {
            file: SOUND[file].replace("dear,", f"{name},", 1) for file in ("levers.csv", "lever_adjustments.csv")
        }
        study = api.load(write_case(tmp_path / name, changes)).what_if(**{name: 2.0})
        assert study.case.row("processes", "reduce").operating_usd_per_kg == 24


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(("name", "value"), ENVIRONMENT)
def test_a_wrong_setting_of_the_environment_is_refused(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"OREFOLIO_{name}", value)
    monkeypatch.chdir(tmp_path)
    result = call("solve", write_case(tmp_path / "case"))
    assert result.exit_code == 2, result.output
    assert f"OREFOLIO_{name}: found " in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["case"]
