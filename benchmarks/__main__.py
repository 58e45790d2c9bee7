"""`python -m benchmarks [--large] [--markdown] [-o FOLDER]`: run sections, print each as a table, keep it as CSV."""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from . import SECTIONS, DisagreementError, MissingError, Options, Rows
from .machine import machine


def main() -> int:
    """Run what was asked for; 1 where the peers do not agree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", default=list(SECTIONS), help="which; all where none is named")
    parser.add_argument("--large", action="store_true", help="also 1.7 million columns: minutes, 3 GB")
    parser.add_argument("--runs", type=int, default=3, help="runs of each at small sizes, of which the median is told")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each search whose gap is told against time")
    parser.add_argument("--markdown", action="store_true", help="print tables as Markdown")
    parser.add_argument("-o", "--out", type=Path, default=Path("results/benchmarks"), help="folder of the CSV files")
    asked = parser.parse_args()
    written = _markdown if asked.markdown else _table
    for name in asked.sections:
        if name not in SECTIONS:
            parser.error(f"there is no section {name!r}: {', '.join(SECTIONS)}")
    if asked.seconds < 1:
        parser.error(f"--seconds is {asked.seconds:g}, expected 1 or more")
    _tell("Measured on, and with", machine(), written, asked.out / "machine.csv")
    for name in asked.sections:
        with tempfile.TemporaryDirectory() as scratch:
            options = Options(asked.large, asked.runs, Path(scratch), asked.seconds)
            try:
                rows = import_module(f"{__package__}.{name}").section(options)
            except (DisagreementError, MissingError) as error:
                sys.stderr.write(f"{error}\n")
                return 1
        _tell(SECTIONS[name], rows, written, asked.out / f"{name}.csv")
    return 0


def _tell(title: str, rows: Rows, written: Callable[[Rows], str], file: Path) -> None:
    sys.stdout.write(f"{title}\n\n{written(rows)}\n")
    sys.stdout.flush()
    _keep(rows, file)


def _table(rows: Rows) -> str:
    cells = _cells(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + "\n" for row in cells
    )


def _markdown(rows: Rows) -> str:
    head, *cells = _cells(rows)
    numbers = [all(not isinstance(row[name], str) for row in rows) for name in rows[0]]
    rule = ["---:" if number else "---" for number in numbers]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *cells))


def _cells(rows: Rows) -> list[list[str]]:
    """The header, and the cells of each row as they are printed."""
    return [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]


def _cell(value: str | float | None) -> str:
    if value is None or isinstance(value, str):
        return value or "–"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,}"


def _keep(rows: Rows, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
