"""What the audit reads: the resolved case of a run, its plan, its tables and its record, and each future under it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import repeat
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from orefolio.case.case import Case
from orefolio.case.read import read_case
from orefolio.case.scenarios import Path, Tree, plant
from orefolio.errors import Fault, InputError

from .files import hash_of_case, plain_bytes, unchanged
from .tally import Tally

COMMITMENTS = frozenset(
    {
        "start",
        "size",
        "sign",
        "volume",
        "level_on",
        "dedicated",
        "kept_for",
        "tranche",
        "ended",
        "choose",
        "backed",
        "in_class",
        "size_in_class",
        "abandon",
        "given_up",
        "close",
    }
)
RISK = frozenset({"eta", "eta_short", "miss", "regret", "tail", "tail_short", "worst"})
PLAN_COLUMNS = ["variable", "index", "period", "node", "value"]
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Table:
    """A table of the run as text: its columns by name."""

    columns: Mapping[str, Sequence[str]]
    rows: int
    known: dict[str, Sequence[float | None]] = field(default_factory=dict, repr=False)

    def texts(self, name: str) -> Sequence[str]:
        """A column as text, blank where the table lacks it."""
        return self.columns.get(name) or [""] * self.rows

    def numbers(self, name: str) -> Sequence[float | None]:
        """A column as numbers: None where a cell is blank, not a number where it holds none."""
        if name not in self.known:
            texts = self.texts(name)
            try:
                self.known[name] = list(map(float, texts))
            except ValueError:
                self.known[name] = [_number(text) for text in texts]
        return self.known[name]


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return math.nan


class Label(NamedTuple):
    """A line of plan.csv without its value. words: of the index, joined by /."""

    variable: str
    words: str
    period: int
    node: int


class Item(NamedTuple):
    """A value of the plan as one future sees it. number: of the period."""

    words: tuple[str, ...]
    number: int
    value: float

    @property
    def name(self) -> str:
        """The whole index: of a row of the case, its name there."""
        return "/".join(self.words)


@dataclass(frozen=True)
class Walk:
    """One future under the plan."""

    path: Path
    items: Mapping[str, list[Item]]

    @cached_property
    def by_key(self) -> dict[str, dict[tuple[object, ...], float]]:
        """Variable to (index words …, number of the period) to value."""
        return {name: {(*item.words, item.number): item.value for item in found} for name, found in self.items.items()}

    def of(self, variable: str) -> list[Item]:
        """The values of a variable that are not zero."""
        return list(self.items.get(variable, ()))

    def value(self, variable: str, *key: object) -> float:
        """One value, 0 where the plan says nothing. key: the words of the index, then the number of the period."""
        return self.by_key.get(variable, {}).get(key, 0.0)

    def summed(self, variable: str, words: int) -> dict[tuple[object, ...], list[float]]:
        """Values by the first words of their index and the number of the period."""
        found: dict[tuple[object, ...], list[float]] = {}
        for item in self.items.get(variable, ()):
            found.setdefault((*item.words[:words], item.number), []).append(item.value)
        return found


@dataclass(frozen=True, eq=False)
class Evidence:
    """A run as it was reported. repeated: labels that plan.csv gives twice.

    written: whether it was read from a run folder; a run that is not written yet has no table that the audit makes.
    files: its files against its manifest.
    """

    case: Case
    tree: Tree
    record: Mapping[str, Any]
    plan: Mapping[Label, float]
    tables: Mapping[str, Table]
    repeated: tuple[Label, ...] = ()
    written: bool = False
    files: Tally = field(default_factory=Tally)
    kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def walks(self) -> tuple[Walk, ...]:
        """Every future under the plan, in the order of the case."""
        here: dict[tuple[bool, int, int], list[tuple[str, Item]]] = {}
        for label, value in self.plan.items():
            if label.variable not in RISK:
                words = tuple(label.words.split("/"))
                place = (label.variable in COMMITMENTS, label.period, label.node)
                here.setdefault(place, []).append((label.variable, Item(words, label.period, value)))
        walks = []
        for path, nodes, parents in zip(self.tree.paths, self.tree.node, self.tree.parent, strict=True):
            items: dict[str, list[Item]] = {}
            for number, (node, parent) in enumerate(zip(nodes, parents, strict=True)):
                for place in ((False, number, node), (True, number, parent)):
                    for variable, item in here.get(place, ()):
                        items.setdefault(variable, []).append(item)
            walks.append(Walk(path, items))
        return tuple(walks)

    @cached_property
    def trunk(self) -> int:
        """The number of the trunk's own continuation, or of the first future where each one parts."""
        return next((number for number, walk in enumerate(self.walks) if walk.path.onset is None), 0)

    @cached_property
    def passing(self) -> dict[tuple[bool, int, int], tuple[int, ...]]:
        """The futures that share a node: (whether it is for commitments, period, node) to their numbers."""
        found: dict[tuple[bool, int, int], list[int]] = {}
        for future, (nodes, parents) in enumerate(zip(self.tree.node, self.tree.parent, strict=True)):
            for number, (node, parent) in enumerate(zip(nodes, parents, strict=True)):
                found.setdefault((False, number, node), []).append(future)
                found.setdefault((True, number, parent), []).append(future)
        return {place: tuple(futures) for place, futures in found.items()}

    def who(self, label: Label) -> tuple[int, ...]:
        """The numbers of the futures that a line of the plan holds for."""
        return self.passing.get((label.variable in COMMITMENTS, label.period, label.node), ())


def read_evidence(folder: FilePath) -> Evidence:
    """The evidence of a run folder. Raises InputError where it is no complete run or cannot be read."""
    place = folder / "run.json"
    if not place.is_file() or not (folder / "manifest.json").is_file():
        raise InputError([Fault(str(folder), "no complete run", "a run folder with run.json and manifest.json")])
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
        plan = _text(folder / "plan.csv", folder)
        tables = {name: _text(folder / "tables" / f"{name}.csv", folder) for name in record["tables"]}
        digest = record["case"]["hash"]
    except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError([Fault(str(folder), f"a file that cannot be read ({error})", "the files of a run")]) from error
    case, _ = read_case(folder / "case")
    checked = unchanged(folder)
    checked.holds(digest == hash_of_case(folder / "case"), "case", "is not the one whose hash run.json gives")
    return replace(evidence_of(case, record, plan, tables), written=True, files=checked)


def evidence_of(case: Case, record: Mapping[str, Any], plan: str, tables: Mapping[str, str]) -> Evidence:
    """The evidence from the texts of a run. tables: name to CSV. Raises InputError where they cannot be understood."""
    try:
        futures = [str(entry["future"]) for entry in record["futures"]]
        tree = plant(case, str(record["grid"]), futures)
        values, repeated = _plan(plan)
        read = {name: _table(text) for name, text in tables.items()}
        if [path.future for path in tree.paths] != futures:
            raise ValueError("futures that the case lacks or tells in another order")
    except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
        raise InputError([Fault("run.json, plan.csv", f"{error}", "the record and the plan of a run")]) from error
    return Evidence(case, tree, record, values, read, repeated)


def _text(path: FilePath, folder: FilePath) -> str:
    packed = path.with_name(path.name + ".gz")
    data = gzip.decompress(plain_bytes(packed, folder)) if packed.is_file() else plain_bytes(path, folder)
    return data.decode("utf-8")


def _table(text: str) -> Table:
    columns = _plain_columns(text) if '"' not in text and "\r" not in text else None
    if columns is None:
        lines = csv.reader(io.StringIO(text))
        header = next(lines, [])
        rows = list(lines)
        cells = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in header]
        columns = dict(zip(header, cells, strict=True))
    if ",'" in text or "\n'" in text or "\"'" in text:
        columns = {name: [_unguarded(cell) for cell in column] for name, column in columns.items()}
    return Table(columns, len(next(iter(columns.values()), [])))


def _plain_columns(text: str) -> dict[str, list[str]] | None:
    """The columns of a CSV text without quotes, cut at once; None where a row is longer or shorter than the header."""
    lines = text.removesuffix("\n").split("\n")
    header = lines[0].split(",")
    if set(map(str.count, lines, repeat(","))) != {len(header) - 1} or len(set(header)) != len(header):
        return None
    cells = ",".join(lines).split(",")
    return {name: cells[place + len(header) :: len(header)] for place, name in enumerate(header)}


def _unguarded(text: str) -> str:
    """A text cell without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNS) else text


def _plan(text: str) -> tuple[dict[Label, float], tuple[Label, ...]]:
    rows = csv.reader(io.StringIO(text))
    if next(rows, []) != PLAN_COLUMNS:
        raise ValueError(f"plan.csv without the columns {', '.join(PLAN_COLUMNS)}")
    columns = list(zip(*rows, strict=True)) or [()] * len(PLAN_COLUMNS)
    variables, indices, periods, nodes, values = columns
    labels = list(map(Label, variables, indices, map(int, periods), map(int, nodes)))
    plan = dict(zip(labels, map(float, values), strict=True))
    repeated = [] if len(plan) == len(labels) else _repeated(labels)
    return plan, tuple(repeated)


def _repeated(labels: Iterable[Label]) -> list[Label]:
    seen: set[Label] = set()
    return [label for label in labels if label in seen or seen.add(label)]  # type: ignore[func-returns-value]
