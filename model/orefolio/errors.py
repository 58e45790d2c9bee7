"""Errors that the program raises on purpose: one base class, each with the exit code it ends a command with."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an input file: where it stands, what was found, what was expected, and the ways out."""

    file: str
    found: str
    expected: str
    line: int = 0
    column: int = 0
    remedy: str = ""

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        text = f"{place}: found {_cut(self.found)}, expected {_cut(self.expected)}"
        return f"{text}. {self.remedy}" if self.remedy else text


def _cut(words: str, most: int = 400) -> str:
    """A long text without its middle: what a huge cell holds helps nobody."""
    return words if len(words) <= most else f"{words[: most // 2]} … {words[-most // 4 :]}"


class OrefolioError(Exception):
    """Base of every error raised on purpose. `exit_code` is what a command ends with."""

    exit_code = 1


class InputError(OrefolioError):
    """A case, register or setting is wrong. Carries every fault that was found, not only the first."""

    exit_code = 2
    shown = 20

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[: self.shown]]
        rest = len(self.faults) - len(lines)
        super().__init__("\n".join(lines + ([f"and {rest} more"] if rest else [])))


class InfeasibleError(OrefolioError):
    """The case has no plan, or no finite best plan."""

    exit_code = 4


class SolverError(OrefolioError):
    """The solver refused its input or ended in a state that is not known."""

    exit_code = 5


class SpaceError(OrefolioError):
    """Disk space or memory ran out, or a folder cannot be written."""

    exit_code = 6


class FolderInUseError(OrefolioError):
    """Another run holds the lock of the folder."""

    exit_code = 7


class MissingExtraError(OrefolioError):
    """An optional dependency is missing; the message has the install command."""

    exit_code = 8


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known names, or an empty string when nothing is near."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else ""
