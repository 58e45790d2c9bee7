"""Any byte flipped, put in or taken out of any file of a case or overlay ends in a documented exit code."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from told import DOCUMENTED, call, content

from test_case_sound import SOUND, write_case

JAPAN = Path(__file__).parents[2] / "inputs" / "japan"
OVERLAY = """\
title: dear
levers: {dear: 2}
adjustments:
  - {table: lanes, column: cost_usd_per_kg, operation: set, value: 3e-1}
"""


def broken(plain: bytes, chance: random.Random) -> bytes:
    """One byte flipped, another put in, or one taken out."""
    place = chance.randrange(len(plain))
    match chance.randrange(3):
        case 0:
            return plain[:place] + bytes([plain[place] ^ 1 << chance.randrange(8)]) + plain[place + 1 :]
        case 1:
            return plain[:place] + bytes([chance.randrange(256)]) + plain[place:]
    return plain[:place] + plain[place + 1 :]


def break_bytes(folder: Path, names: list[Path], times: int, chance: random.Random, *words: str) -> dict[int, int]:
    """Exit codes and how often each came."""
    codes: dict[int, int] = {}
    before = content(folder)
    for number in range(times):
        path = chance.choice(names)
        plain = path.read_bytes()
        path.write_bytes(broken(plain, chance))
        with_change = content(folder) if number % 50 == 0 else None
        result = call("check", folder, "--out", folder / "none", *words)
        text = result.stdout + result.stderr
        assert result.exit_code in DOCUMENTED, (path.name, path.read_bytes()[:200], text)
        assert "Traceback" not in text
        assert result.exit_code == 0 or ": found " in text
        if with_change is not None:
            assert content(folder) == with_change
        path.write_bytes(plain)
        codes[result.exit_code] = codes.get(result.exit_code, 0) + 1
    assert content(folder) == before
    return codes


@pytest.mark.verifies("bad input")
def test_any_byte_of_a_small_case_ends_in_a_documented_code(tmp_path: Path, tried) -> None:
    folder = write_case(tmp_path / "case")
    codes = break_bytes(folder, [folder / name for name in sorted(SOUND)], 300, random.Random(7))
    # would fail if nothing were refused, or all
    assert codes[2] > 60
    assert codes[0] > 30
    tried("bad input", 300)


@pytest.mark.verifies("bad input")
def test_any_byte_of_an_overlay_ends_in_a_documented_code(tmp_path: Path, tried) -> None:
    folder = write_case(tmp_path / "case")
    (folder / "overlays").mkdir()
    path = folder / "overlays" / "x.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    codes = break_bytes(folder, [path], 60, random.Random(8), "--overlay", "x")
    assert codes[2] > 20
    tried("bad input", 60)


JAPAN_BYTES = 600
"""As many as a few minutes allow: each is a check of the whole case."""


@pytest.mark.long
@pytest.mark.verifies("bad input")
def test_any_byte_of_japan_ends_in_a_documented_code(tmp_path: Path, tried) -> None:
    folder = tmp_path / "japan"
    shutil.copytree(JAPAN, folder)
    names = sorted(path for path in folder.glob("*.*") if path.suffix in (".csv", ".yaml"))
    codes = break_bytes(folder, names, JAPAN_BYTES, random.Random(9))
    assert codes[2] > JAPAN_BYTES / 6
    tried("bad input", JAPAN_BYTES)
