"""Memory of this process as the kernel counts it, and the matrix that it is held beside."""

from __future__ import annotations

from pathlib import Path

STATUS = Path("/proc/self/status")
FORGET = Path("/proc/self/clear_refs")


def resident() -> int:
    """Bytes that are resident now. The peak counts anew from here."""
    FORGET.write_text("5", encoding="ascii")
    return _bytes("VmRSS:")


def peak() -> int:
    """The most bytes that were resident since."""
    return _bytes("VmHWM:")


def matrix_bytes(rows: int, nonzeros: int) -> int:
    """Bytes of a compressed sparse matrix: eight a value, four a column's number, four a row's start."""
    return 12 * nonzeros + 4 * (rows + 1)


def _bytes(name: str) -> int:
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(name))
    return 1024 * int(line.split()[1])
