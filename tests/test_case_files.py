"""Files that are missing, too large, not text, or hostile: refused with their place, or read as they are."""

from __future__ import annotations

import os
import random
import time
import tracemalloc
from pathlib import Path

import pytest

from orefolio.case import files
from orefolio.case.read import load_case, load_case_with_warnings
from orefolio.errors import OrefolioError
from test_case_bad_input import assert_fault, faults
from test_case_sound import SOUND, write_case


def test_missing_folder_and_file_for_a_folder(tmp_path: Path) -> None:
    assert_fault(faults(tmp_path / "none"), tmp_path, "none", "nothing there", "the folder of a case")
    (tmp_path / "file").write_text("x")
    assert_fault(faults(tmp_path / "file"), tmp_path, "file", "a file", "the folder of a case")


@pytest.mark.parametrize(
    "name", ["case.yaml", "settings.csv", "places.csv", "commodities.csv", "classes.csv", "futures.csv"]
)
def test_missing_required_file(name: str, tmp_path: Path) -> None:
    assert_fault(faults(write_case(tmp_path, {name: None})), tmp_path, name, "no such file")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "  \r\n"])
@pytest.mark.parametrize("name", ["case.yaml", "places.csv", "lanes.csv"])
def test_empty_file(name: str, content: str, tmp_path: Path) -> None:
    assert_fault(faults(write_case(tmp_path, {name: content})), tmp_path, name, "an empty file")


def test_header_only(tmp_path: Path) -> None:
    found = faults(write_case(tmp_path, {"places.csv": "place,name,country\n"}))
    assert_fault(found, tmp_path, "places.csv:2:1", "a header only", "at least one row")
    assert not [fault for fault in found if "lanes.csv" in fault.file]


def test_wrong_encoding_names_the_byte(tmp_path: Path) -> None:
    text = SOUND["places.csv"].encode().replace("日本".encode(), "日本".encode("shift-jis"))
    offset = text.index(b"\x93")
    found = faults(write_case(tmp_path, {"places.csv": text}))
    assert_fault(found, tmp_path, "places.csv:3:13", f"byte 0x93 at offset {offset}", "UTF-8")


def test_nul_byte_and_utf_16(tmp_path: Path) -> None:
    text = SOUND["places.csv"].encode().replace(b"Norway", b"Nor\0way")
    assert_fault(
        faults(write_case(tmp_path, {"places.csv": text})), tmp_path, "places.csv:5:7", f"offset {text.index(0)}"
    )
    wide = SOUND["places.csv"].encode("utf-16")
    assert_fault(faults(write_case(tmp_path, {"places.csv": wide})), tmp_path, "places.csv", "UTF-16")


def test_links_stay_in_the_case(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(SOUND["places.csv"], encoding="utf-8")
    folder = write_case(tmp_path / "case", {"places.csv": None})
    (folder / "places.csv").symlink_to(outside)
    assert_fault(faults(folder), folder, "places.csv", "a link that leaves the case folder")
    (folder / "places.csv").unlink()
    (folder / "places.csv").symlink_to(folder / "places.csv")
    assert_fault(faults(folder), folder, "places.csv", "leads back to itself")


def test_a_link_within_the_case_and_a_linked_case_are_read(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case")
    (folder / "places.csv").rename(folder / "README-places")
    (folder / "places.csv").symlink_to("README-places")
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    assert len(load_case(tmp_path / "link").rows("places")) == 7


def test_a_pipe_or_a_folder_for_a_table(tmp_path: Path) -> None:
    folder = write_case(tmp_path, {"places.csv": None, "lanes.csv": None})
    os.mkfifo(folder / "places.csv")
    (folder / "lanes.csv").mkdir()
    found = faults(folder)
    assert_fault(found, folder, "places.csv", "a pipe")
    assert_fault(found, folder, "lanes.csv", "a folder")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_case(tmp_path)
    plain = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "places.csv":
            raise PermissionError(13, "Permission denied")
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert_fault(faults(folder), folder, "places.csv", "no permission")


def test_a_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orefolio.case.read.TABLE_BYTES", 100)
    found = faults(write_case(tmp_path))
    assert_fault(found, tmp_path, "places.csv", f"{len(SOUND['places.csv'].encode())} bytes", "at most 100 bytes")
    assert files.TABLE_BYTES == 5_000_000


def test_files_that_are_too_large_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orefolio.case.read.CASE_BYTES", 400)
    found = faults(write_case(tmp_path))
    assert_fault(found, tmp_path, "content.csv", "so much with the tables before it", "at most 400 bytes")


def test_unknown_extra_files_are_warned_of(tmp_path: Path) -> None:
    folder = write_case(tmp_path, {"lane.csv": "x", "README.md": "x", "notes.txt": "x"})
    (folder / "overlays").mkdir()
    texts = [str(warning) for warning in load_case_with_warnings(folder).warnings]
    assert len(texts) == 2
    assert texts[0].startswith(f"{folder / 'lane.csv'}: ")
    assert "lanes.csv" in texts[0]
    assert texts[1].startswith(f"{folder / 'notes.txt'}: ")


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_delimiters_are_named(sign: str, word: str, tmp_path: Path) -> None:
    text = SOUND["lanes.csv"].replace(",", sign).replace("0.2", "0,2")
    found = faults(write_case(tmp_path, {"lanes.csv": text}))
    assert_fault(found, tmp_path, "lanes.csv:1:5", word, "commas")
    assert len(found) == 1


def test_blank_lines_inside_are_warned_of_and_those_at_the_end_are_not(tmp_path: Path) -> None:
    text = SOUND["places.csv"].replace("NO,", "\n,,\nNO,") + "\n\n,,\n"
    loaded = load_case_with_warnings(write_case(tmp_path, {"places.csv": text}))
    assert [(w.line, w.found) for w in loaded.warnings] == [(5, "a blank line"), (6, "a blank line")]
    assert loaded.case.lines["places"] == (2, 3, 4, 7, 8, 9, 10)


def test_a_hostile_file_costs_little(tmp_path: Path) -> None:
    folder = write_case(tmp_path, {"places.csv": "place,name,country\n" + "x\n" * 2_000_000})
    tracemalloc.start()
    found = faults(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) < 1100
    assert peak < 400_000_000


def test_yaml_bombs_end_early(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50))
    found = faults(write_case(tmp_path, {"case.yaml": bomb}))
    assert_fault(found, tmp_path, "case.yaml:1:4", "&a")
    assert_fault(found, tmp_path, "case.yaml:2:10", "*a")


def refusal(folder: Path) -> OrefolioError | None:
    try:
        load_case_with_warnings(folder)
    except OrefolioError as error:
        return error
    return None


@pytest.mark.parametrize("seed", range(4))
def test_any_byte_flipped_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    """Never another exception, whatever byte stands anywhere."""
    chance = random.Random(seed)
    folder = write_case(tmp_path)
    names = sorted(SOUND)
    refused = 0
    for _ in range(60):
        name = chance.choice(names)
        plain = SOUND[name].encode()
        content = bytearray(plain)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        (folder / name).write_bytes(content)
        error = refusal(folder)
        refused += error is not None
        if error is not None:
            assert error.exit_code == 2
            assert str(error).encode()
        (folder / name).write_bytes(plain)
    assert refused > 20


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("place,name,country," + "x," * 100_000 + "\n", "a line of"),
        ("place,name,country," + ",".join(f"x{n}" for n in range(1000)) + "\n", "1003 columns"),
    ],
)
def test_a_header_without_end(content: str, words: str, tmp_path: Path) -> None:
    assert_fault(faults(write_case(tmp_path, {"places.csv": content})), tmp_path, "places.csv:1:1", words)


def test_thousands_of_wrong_names_are_told_quickly(tmp_path: Path) -> None:
    places = SOUND["places.csv"] + "".join(f"place_{number},,JP\n" for number in range(5000))
    lanes = SOUND["lanes.csv"] + "".join(f"l{n},plaice_{n},japan,oxide,1,,\n" for n in range(5000))
    start = time.perf_counter()
    found = faults(write_case(tmp_path, {"places.csv": places, "lanes.csv": lanes}))
    assert_fault(found, tmp_path, "lanes.csv:3:4", "plaice_0", "place_0")
    assert time.perf_counter() - start < 20
