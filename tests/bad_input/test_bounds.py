"""What attacks by size cost: every one ends in a message within 5 s of processor time and 500 MB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from test_case_sound import SOUND, write_case

SECONDS, BYTES = 5.0, 500_000_000
SCRIPT = (
    "import os, sys\nhole = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT)\nos.dup2(hole, 1)\nos.dup2(hole, 2)\n"
)
SCRIPT += "from orefolio.cli import main\nmain()"
WATCH = """
import json, os, sys
_, status, used = os.wait4(os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:]), 0)
with open(sys.argv[1], "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024], file)
"""
"""Starts a program and notes its end, from a small process: the most that a large one held is told of its child."""
P, Y = "places.csv", "case.yaml"


def rows(name: str, count: int, line: Callable[[int], str]) -> str:
    return SOUND[name] + "".join(map(line, range(count)))


ATTACKS: dict[str, Callable[[], dict[str, str]]] = {
    "file over the limit": lambda: {P: rows(P, 2_000_000, lambda n: f"p{n},,JP\n")},
    "files over the limit together": lambda: {
        name: rows(name, 1, lambda _: "x" * 4_900_000 + "\n") for name in (P, "lanes.csv", "demands.csv")
    },
    "a line for every letter": lambda: {P: "place,name,country\n" + "x\n" * 2_490_000},
    "blank lines": lambda: {P: SOUND[P].replace("NO,", "\n" * 4_900_000 + "NO,")},
    "rows to the limit": lambda: {P: rows(P, 29_900, lambda n: f"p{n},,JP\n") + "x\n"},
    "wrong names to the limit": lambda: {
        "lanes.csv": rows("lanes.csv", 29_000, lambda n: f"l{n},pl{n},japan,oxide,1,,\n")
    },
    "the same key over and over": lambda: {P: rows(P, 29_000, lambda _: "NA,,JP\n")},
    "envelopes to the limit": lambda: {
        "envelopes.csv": rows("envelopes.csv", 29_000, lambda n: f"e{n},2027-01-01,,2028-01-01,1,JPY\n")
        + "e7,2027-06-01,,2029-01-01,1,JPY\n"
    },
    "events times rows": lambda: {
        "events.csv": rows("events.csv", 20_000, lambda n: f"e{n},1,places,place=p{n},x,set,1,\n"),
        P: rows(P, 20_000, lambda n: f"p{n},,JP\n"),
    },
    "a chain of thousands": lambda: {
        "processes.csv": rows("processes.csv", 3000, lambda n: f"p{n},,japan,metal,1,1,0.00001,no,JP,JP\n"),
        "recipes.csv": rows("recipes.csv", 3000, lambda n: f"p{n},oxide,in,1.2,0.95\np{n},metal,out,1,1\n"),
    },
    "thousands of futures": lambda: {"futures.csv": rows("futures.csv", 20_000, lambda n: f"f{n},x,0.00001,,\n")},
    "one cell": lambda: {P: SOUND[P].replace("Norway", "x" * 4_900_000)},
    "a million columns": lambda: {P: "place,name,country" + ",x" * 1_000_000 + "\n"},
    "alias bomb": lambda: {
        Y: "a: &a [" + "x," * 9 + "x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(2000))
    },
    "depth 3000": lambda: {Y: SOUND[Y].replace("[JP]", "[" * 3000 + "]" * 3000)},
    "depth by maps": lambda: {Y: "a: " + "{a: " * 3000},
    "flat YAML to the limit": lambda: {Y: "a: [" + "1," * 49_900 + "1]"},
    "keys to the limit": lambda: {Y: "a: 1\n" * 19_900},
    "grids to the limit": lambda: {
        Y: SOUND[Y].replace(
            "  half", "".join(f"  g{n}: [{{until: 2031-01-01, months: 1}}]\n" for n in range(1900)) + "  half"
        )
    },
}


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", list(ATTACKS))
def test_an_attack_by_size_costs_little(name: str, tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case", ATTACKS[name]())
    said, used = tmp_path / "said", tmp_path / "used"
    words = [sys.executable, "-c", SCRIPT, str(said), "check", str(folder), "--out", str(tmp_path / "none")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "model")}
    subprocess.run([sys.executable, "-c", WATCH, str(used), *words], env=environment, check=True)
    code, seconds, size = json.loads(used.read_text(encoding="utf-8"))
    text = said.read_text(encoding="utf-8")
    assert code == 2, text[:2000]
    assert ": found " in text
    assert "Traceback" not in text
    assert seconds < SECONDS
    assert size < BYTES
