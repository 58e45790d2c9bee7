"""`python -m benchmarks [--large] [-o FOLDER]`: run the sections, print each as a table, keep each as CSV."""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from . import SECTIONS, DisagreementError, Options, Rows


def main() -> int:
    """Run what was asked for; 1 where the peers do not agree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", default=list(SECTIONS), help="which; all where none is named")
    parser.add_argument("--large", action="store_true", help="also 1.7 million columns: minutes, 3 GB")
    parser.add_argument("--runs", type=int, default=3, help="runs of each at small sizes, of which the median is told")
    parser.add_argument("-o", "--out", type=Path, default=Path("results/benchmarks"), help="folder of the CSV files")
    asked = parser.parse_args()
    for name in asked.sections:
        if name not in SECTIONS:
            parser.error(f"there is no section {name!r}: {', '.join(SECTIONS)}")
        with tempfile.TemporaryDirectory() as scratch:
            options = Options(asked.large, asked.runs, Path(scratch))
            try:
                rows = import_module(f"{__package__}.{name}").section(options)
            except DisagreementError as error:
                sys.stderr.write(f"{error}\n")
                return 1
        sys.stdout.write(f"{SECTIONS[name]}\n\n{_table(rows)}\n")
        _keep(rows, asked.out / f"{name}.csv")
    return 0


def _table(rows: Rows) -> str:
    cells = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + "\n" for row in cells
    )


def _cell(value: str | float | None) -> str:
    return (
        "–" if value is None else value if isinstance(value, str) else f"{value:,.4g}" if value < 1000 else f"{value:,}"
    )


def _keep(rows: Rows, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
