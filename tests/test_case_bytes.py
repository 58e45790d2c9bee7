"""The bytes of a file: what is no text is told at its line, its column and its offset."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from orefolio.case.files import decoded, read_text
from orefolio.errors import Fault, InputError

MARK = codecs.BOM_UTF8


def fault(content: bytes) -> Fault:
    with pytest.raises(InputError) as raised:
        decoded(content, "f")
    (one,) = raised.value.faults
    assert one.file == "f"
    return one


@pytest.mark.parametrize(
    ("content", "line", "column", "found"),
    [
        (b"\xff", 1, 1, "byte 0xFF at offset 0"),
        (b"ab\xffc", 1, 3, "byte 0xFF at offset 2"),
        (b"a\nb\xffc", 2, 2, "byte 0xFF at offset 3"),
        (b"\n\xff", 2, 1, "byte 0xFF at offset 1"),
        ("日本\n日".encode() + b"\x93", 2, 2, "byte 0x93 at offset 10"),
        (MARK + b"ab\xff", 1, 3, "byte 0xFF at offset 5"),
        (MARK + b"a\nb\xff", 2, 2, "byte 0xFF at offset 6"),
        (b"\0ab", 1, 1, "a NUL byte at offset 0"),
        (b"a\0b", 1, 2, "a NUL byte at offset 1"),
        (b"a\n\0", 2, 1, "a NUL byte at offset 2"),
        (MARK + b"\0a", 1, 1, "a NUL byte at offset 3"),
        (MARK + "é".encode() + b"\0", 1, 2, "a NUL byte at offset 5"),
        ("a".encode("utf-16"), 0, 0, "UTF-16 text"),
        (codecs.BOM_UTF16_BE, 0, 0, "UTF-16 text"),
        (MARK + b" \r\n", 0, 0, "an empty file"),
        (b"", 0, 0, "an empty file"),
    ],
)
def test_what_is_no_text_is_told_at_its_place(content: bytes, line: int, column: int, found: str) -> None:
    one = fault(content)
    assert (one.line, one.column, one.found) == (line, column, found)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decoded(MARK + b"ab\n", "f") == decoded(b"ab\n", "f") == "ab\n"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(40, "Too many levels of symbolic links"), "a link that leads back to itself"),
        (OSError(5, "Input/output error"), "the system's refusal ([Errno 5] Input/output error)"),
    ],
)
def test_what_the_system_refuses_is_told(
    error: OSError, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f.csv").write_bytes(b"1")

    def refuse(_: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError) as raised:
        read_text(tmp_path / "f.csv", tmp_path, 5)
    assert raised.value.faults[0].found == words


def test_a_file_may_be_as_large_as_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"12345")
    assert read_text(path, tmp_path, 5).text == "12345"
    with pytest.raises(InputError, match="5 bytes, expected at most 4 bytes"):
        read_text(path, tmp_path, 4)
