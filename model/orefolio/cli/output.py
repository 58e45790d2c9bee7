"""What a command prints: results to stdout, everything else to stderr, one JSON object where it is asked for."""

from __future__ import annotations

import json
import logging
import math
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, TextIO

import click

from orefolio.errors import SpaceError

if TYPE_CHECKING:
    from rich.console import Console

COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Signs that a terminal obeys: control signs but tab and line feed, line separators, and marks of direction."""


class Output:
    """Where a command prints. `as_json`: the caller asked for one JSON object; `verbose`: tracebacks and details."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.verbose = False
        self.quiet = False
        self.answered = False
        _fill_closed()
        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot show a letter gets its escape instead of an exception.
            with suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]

    def listen(self, verbose: bool, quiet: bool) -> None:
        """Set how much is said, also by the program's loggers."""
        self.verbose, self.quiet = verbose, quiet
        level = logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING
        logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
        logging.getLogger("orefolio").setLevel(level)

    @cached_property
    def console(self) -> Console:
        """Rich console on stderr. It honours NO_COLOR and is plain where stderr is no terminal."""
        from rich.console import Console

        return Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)

    def answer(self, text: str) -> None:
        """Print a result on stdout. A reader that left early is no error."""
        self._write(text)

    def answer_json(self, schema: str, content: Mapping[str, object]) -> None:
        """Print the command's one JSON object on stdout. schema: name and version, such as `orefolio/run/1`."""
        if self.answered:
            raise RuntimeError(f"a second JSON object ({schema}) was about to be printed; a command prints one")
        self.answered = True
        self._write(json.dumps(_plain({"schema": schema, **content}), indent=2, allow_nan=False))

    def detail(self, text: str) -> None:
        """Say on stderr what only a reader with -v wants to know."""
        if self.verbose:
            self._say(text, "dim")

    def note(self, text: str) -> None:
        """Say on stderr how the work goes on."""
        if not self.quiet:
            self._say(text)

    def warn(self, text: str) -> None:
        """Say on stderr what needs attention though the work goes on."""
        self._say(f"warning: {text}", "yellow")

    def fail(self, text: str) -> None:
        """Say on stderr why the command ends."""
        self._say(f"error: {text}", "bold red")

    def finish(self) -> None:
        """Send what is still held back to its reader, who may have left."""
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                try:
                    stream.flush()
                except (OSError, ValueError):
                    _discard(stream)

    def _write(self, text: str) -> None:
        try:
            click.echo(_harmless(text))
        except BrokenPipeError:
            _discard(sys.stdout)
        except OSError as error:
            _discard(sys.stdout)
            raise SpaceError(f"cannot write to the standard output: {error.strerror or error}") from error

    def _say(self, text: str, style: str = "") -> None:
        try:
            self.console.print(_harmless(text), style=style)
        except OSError:
            # Nobody can be told that there is nobody to tell.
            _discard(sys.stderr)


def _harmless(text: str) -> str:
    """Text whose control signs, and those that turn the writing round, are shown as their escapes."""
    return COMMANDING.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


pass_output = click.make_pass_decorator(Output, ensure=True)


def aligned(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A plain table: columns padded to their widest cell, two blanks between them, wide letters counted as two."""
    from rich.cells import cell_len, set_cell_size

    cells = [[str(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(set_cell_size, row, widths)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _plain(value: object) -> object:
    """Only what JSON has: no NaN and no infinity (null), no objects."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _fill_closed() -> None:
    """Open what is closed of the three standard streams on nothing: a file opened later must not take its number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)


def _discard(stream: TextIO | None) -> None:
    """Send what is still written to a stream nowhere, so that Python's own last flush stays quiet too."""
    if stream is None:
        return
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
