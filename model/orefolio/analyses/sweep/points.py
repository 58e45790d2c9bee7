"""Plan the case at every point of a file: a column for each lever, a row for each point, blank as in the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import overload

from orefolio.case.case import Case
from orefolio.case.cells import CellError, plain_number
from orefolio.case.csv_text import Record, split_sheet
from orefolio.case.files import TABLE_BYTES, read_text
from orefolio.errors import Fault, InputError

from .analysis import Analysis, Answer, Argument, Asked
from .point import Point
from .run import LEVER, cell

MOST_POINTS = 100_000
CHECKED = 200  # points that are tried on the case before the first solve; the rest are when their turn comes
SHOWN = 40  # rows on the screen
LISTED = 1000  # rows in the JSON object; the table has all
SCREEN = (
    "status", "cost_musd", "abs_gap_musd", "tail_cost_musd", "short_t", "china_share", "projects", "contracts",
    "commitments_digest",
)  # fmt: skip


@dataclass(frozen=True)
class Points(Sequence[Point]):
    """The points of a file, made when they are asked for. rows: a value or None for each lever of `levers`."""

    levers: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]
    lines: tuple[int, ...]
    common: Point

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, number: int) -> Point: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Point]: ...
    def __getitem__(self, number: int | slice) -> Point | Sequence[Point]:
        if isinstance(number, slice):
            return [self[place] for place in range(*number.indices(len(self)))]
        turned = {name: v for name, v in zip(self.levers, self.rows[number], strict=True) if v is not None}
        return replace(self.common, levers={**self.common.levers, **turned})

    def __iter__(self) -> Iterator[Point]:
        return (self[number] for number in range(len(self)))


def read_points(path: Path, case: Case, common: Point) -> tuple[Points, tuple[str, ...]]:
    """The points of a CSV file, and what to warn of. Raises InputError with every fault of the file."""
    known = sorted(row.lever for row in case.rows("levers"))
    if not known:
        raise InputError([Fault("levers.csv", "no lever", "at least one to turn")])
    file = read_text(path, path.parent, TABLE_BYTES)
    sheet = split_sheet(file.text, file.name, known, ())
    faults = list(sheet.faults)
    rows = tuple(tuple(_values(record, sheet.header, file.name, faults)) for record in sheet.records)
    if not rows and not faults:
        faults.append(Fault(file.name, "a header only", "at least one point", 2))
    if len(rows) > MOST_POINTS:
        faults.append(Fault(file.name, f"{len(rows):,} points", f"at most {MOST_POINTS:,}"))
    if faults:
        raise InputError(faults)
    points = Points(sheet.header, rows, tuple(record.line for record in sheet.records), common)
    return points, tuple(map(str, sheet.warnings))


def _values(record: Record, header: Sequence[str], name: str, faults: list[Fault]) -> Iterator[float | None]:
    for position, text in enumerate(record.cells):
        try:
            yield plain_number(text.strip()) if text.strip() else None
        except CellError as error:
            at = record.column(position)
            faults.append(Fault(name, error.found, f"{error.expected} or a blank ({header[position]})", record.line, at,
                                error.remedy))  # fmt: skip
            yield None


def _run(asked: Asked) -> Answer:
    path = Path(str(asked.words["file"]))
    points, warnings = read_points(path, asked.case, asked.point)
    for warning in warnings:
        asked.warn(warning)
    faults = [
        Fault(str(path), refusal, "a point that the case allows", points.lines[number])
        for number, point in enumerate(islice(points, CHECKED))
        if (refusal := _refusal(asked, point))
    ]
    if faults:
        raise InputError(faults)
    swept = asked.sweep(points, points.levers)
    listed = list(islice(swept.rows(), LISTED))
    headings = ("point", *(LEVER + name for name in points.levers), *SCREEN)
    rows = [tuple(_shown(row, name) for name in headings) for row in listed[:SHOWN]]
    return Answer(swept, headings, rows, {"rows": listed})


def _refusal(asked: Asked, point: Point) -> str:
    """Why the case does not allow a point, or an empty text."""
    try:
        asked.case_at(point)
    except InputError as error:
        return str(error).replace("\n", "; ")
    return ""


def _shown(row: Mapping[str, object], name: str) -> str:
    value = row["state"] if name == "status" and row["state"] == "failed" else row[name]
    return f"{value:.6g}" if isinstance(value, float) else cell(value)


ANALYSIS = Analysis(_run, (Argument("file", "FILE.csv"),))
