"""The register of facts: `seeds/` read into frozen records, every fault gathered and raised once.

A fact is a number, a date or a sentence that some source gives, with its range, unit, source and place in the source.
`seeds/README.md` says how the register is kept.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from orefolio.errors import Fault, InputError, OrefolioError, nearest

FACT_COLUMNS = (
    "id", "statement", "value", "low", "high", "unit", "source", "locator", "in_force_from", "in_force_to",
    "confidence", "used_by", "checklist", "conflict",
)  # fmt: skip
SOURCE_COLUMNS = ("key", "publisher", "title", "date", "kind", "note")
CONFLICT_COLUMNS = ("id", "topic", "what_each_says", "facts", "chosen", "why")
ARTICLE_KEYS = (
    "id", "file", "lines", "publisher", "title", "title_english", "date_printed", "date", "language", "argues",
)  # fmt: skip
CONFIDENCE = ("high", "medium", "low", "recalled")
CHECKLIST = ("", "agrees", "differs", "not in article", "new")
KINDS = ("statistics", "law", "company", "press", "blog", "article", "own")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Quantity = float | date | None
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `value`, `low`, `high` are in `unit`: days where it is `date`, nothing where it is `text`."""

    id: str
    subject: str
    statement: str
    value: Quantity
    low: Quantity
    high: Quantity
    unit: str
    source: tuple[str, ...]
    locator: str
    in_force_from: date | None
    in_force_to: date | None
    confidence: str
    used_by: tuple[str, ...]
    checklist: str
    conflict: str

    @property
    def number(self) -> float:
        """The value as a number, in `unit`; an OrefolioError for a date or a sentence."""
        if not isinstance(self.value, float):
            raise OrefolioError(f"fact {self.id} has no number: its unit is {self.unit}")
        return self.value

    @property
    def is_rule(self) -> bool:
        """Whether it states a rule or a licence."""
        return self.subject == "rules" or "rule" in self.used_by or "licences" in self.used_by


@dataclass(frozen=True, slots=True)
class Source:
    """Who published what, and when. `date` is as printed: a year, a month or a day, or empty."""

    key: str
    publisher: str
    title: str
    date: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the seed. `date_printed` is what it says; `date` is corrected; `lines` counts its lines."""

    id: str
    file: str
    lines: int
    publisher: str
    title: str
    title_english: str
    date_printed: str
    date: str
    language: str
    argues: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where sources disagree: what each says, which facts, what the project takes and why."""

    id: str
    topic: str
    what_each_says: str
    facts: tuple[str, ...]
    chosen: str
    why: str


class Facts(Mapping[str, Fact]):
    """The register: facts by id, with `sources` by key, `articles` and `conflicts` by id."""

    def __init__(
        self,
        facts: Mapping[str, Fact],
        sources: Mapping[str, Source],
        articles: Mapping[str, Article],
        conflicts: Mapping[str, Conflict],
    ) -> None:
        self._facts = dict(facts)
        self.sources = dict(sources)
        self.articles = dict(articles)
        self.conflicts = dict(conflicts)

    def __getitem__(self, key: str) -> Fact:
        return self._facts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def find(self, fact_id: str) -> Fact:
        """The fact of that id, whatever its letter case; an InputError with the nearest ids when there is none."""
        known = next((known for known in self._facts if known.casefold() == fact_id.casefold()), None)
        if known is None:
            near = self.near(fact_id)
            remedy = f"The nearest are {', '.join(near)}." if near else "`orefolio facts` lists them."
            raise InputError([Fault("seeds/facts", repr(fact_id), "the id of a fact", remedy=remedy)])
        return self._facts[known]

    def cited(self, word: str) -> tuple[Fact, ...]:
        """What a citation means: the fact of that id, else its lettered parts (P004: P004a and P004b), else nothing."""
        if word in self._facts:
            return (self._facts[word],)
        part = re.compile(rf"{re.escape(word)}[a-z]")
        return tuple(fact for known, fact in self._facts.items() if part.fullmatch(known))

    def near(self, fact_id: str) -> tuple[str, ...]:
        """Ids near to one that is unknown: its own parts (P004 has P004a and P004b), else the most alike."""
        import difflib

        folded = fact_id.casefold()
        parts = [known for known in self._facts if folded and known.casefold().startswith(folded)]
        by_folded = {known.casefold(): known for known in self._facts}
        alike = difflib.get_close_matches(folded, by_folded, n=5, cutoff=0.6)
        return tuple(parts[:10] or [by_folded[word] for word in alike])


def by_subject(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Facts grouped by subject (the name of their file), in the order given."""
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(fact.subject, []).append(fact)
    return groups


def seeds_folder() -> Path:
    """Folder of the register: the copy inside an installed package, else the `seeds` of the repository."""
    packaged = Path(__file__).parent / "_seeds"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "seeds"


def load_facts(folder: Path | None = None) -> Facts:
    """Read the register. Raises one InputError with every fault: file, line and the number of the cell.

    It refuses unknown columns, duplicate ids, bad numbers and days, ranges that miss their value, facts in use
    without a range, and references to sources, facts or conflicts that are not there.
    """
    reading = Reading(folder or seeds_folder())
    sources = reading.table("sources.csv", SOURCE_COLUMNS, reading.source)
    conflicts = reading.table("conflicts.csv", CONFLICT_COLUMNS, reading.conflict)
    articles = reading.articles("articles.yaml")
    facts: dict[str, Fact] = {}
    reading.sources, reading.conflicts = sources, conflicts
    paths = sorted((reading.folder / "facts").glob("*.csv"))
    if not paths:
        reading.fault("facts", "no CSV file", "one file per subject")
    for path in paths:
        facts |= reading.table(f"facts/{path.name}", FACT_COLUMNS, reading.fact)
    reading.check_citations(conflicts, facts)
    if reading.faults:
        raise InputError(reading.faults)
    return Facts(facts, sources, articles, conflicts)


class Reading:
    """One reading of the register: where it is, what was wrong so far, and the cell that is being read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.places: dict[tuple[tuple[str, ...], str], str] = {}
        self.sources: Mapping[str, Source] = {}
        self.conflicts: Mapping[str, Conflict] = {}
        self.name = ""
        self.line = 0
        self.columns: tuple[str, ...] = ()

    def fault(self, name: str, found: str, expected: str, line: int = 0, column: int = 0, remedy: str = "") -> None:
        """Keep one fault; `name` is the file within the register."""
        self.faults.append(Fault(f"seeds/{name}", found, expected, line, column, remedy))

    def cell_fault(self, column: str, found: str, expected: str, remedy: str = "") -> None:
        """Keep one fault of a cell of the row being read."""
        self.fault(self.name, found, expected, self.line, self.columns.index(column) + 1, remedy)

    def table(self, name: str, columns: tuple[str, ...], make: Callable[[dict[str, str]], Record]) -> dict[str, Record]:
        """Records of one CSV file by the id in its first column, which no other file of these columns may hold."""
        records: dict[str, Record] = {}
        self.name, self.columns = name, columns
        for line, cells in self.rows(name, columns):
            self.line, key = line, cells[columns[0]]
            if not key:
                self.cell_fault(columns[0], "an empty id", "an id")
            elif (columns, key) in self.places:
                first = self.places[columns, key]
                self.cell_fault(columns[0], f"{key!r} again", f"each id once; the first is at {first}")
            else:
                self.places[columns, key] = f"seeds/{name}:{self.line}"
                records[key] = make(cells)
        return records

    def rows(self, name: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        """Line number and cells of each row; a file or row of another shape is a fault and is passed over."""
        path = self.folder / name
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.reader(stream, strict=True)
                header = next(reader, [])
                if tuple(header) != columns:
                    self.fault(name, f"the columns {', '.join(header) or 'none'}", ", ".join(columns), 1)
                    return
                for cells in reader:
                    if len(cells) == len(columns):
                        yield reader.line_num, {key: cell.strip() for key, cell in zip(columns, cells, strict=True)}
                    elif cells:
                        self.fault(name, f"{len(cells)} cells", f"{len(columns)}", reader.line_num)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.fault(name, f"a file that cannot be read ({error})", "a CSV file in UTF-8")

    def source(self, cells: dict[str, str]) -> Source:
        """One row of sources.csv."""
        self.one_of("kind", cells["kind"], KINDS)
        return Source(**cells)

    def conflict(self, cells: dict[str, str]) -> Conflict:
        """One row of conflicts.csv; the facts it cites are looked up when all are read."""
        return Conflict(
            id=cells["id"],
            topic=cells["topic"],
            what_each_says=cells["what_each_says"],
            facts=tuple(cells["facts"].split()),
            chosen=cells["chosen"],
            why=cells["why"],
        )

    def fact(self, cells: dict[str, str]) -> Fact:
        """One row of a file of facts."""
        value, low, high = (self.quantity(column, cells) for column in ("value", "low", "high"))
        fact = Fact(
            id=cells["id"],
            subject=Path(self.name).stem,
            statement=cells["statement"],
            value=value,
            low=low,
            high=high,
            unit=cells["unit"],
            source=tuple(cells["source"].split()),
            locator=cells["locator"],
            in_force_from=self.day("in_force_from", cells["in_force_from"]),
            in_force_to=self.day("in_force_to", cells["in_force_to"]),
            confidence=self.one_of("confidence", cells["confidence"], CONFIDENCE),
            used_by=tuple(cells["used_by"].split()),
            checklist=self.one_of("checklist", cells["checklist"], CHECKLIST),
            conflict=cells["conflict"],
        )
        self.check_shape(fact, cells)
        self.check_range(fact, cells)
        self.check_references(fact)
        return fact

    def quantity(self, column: str, cells: dict[str, str]) -> Quantity:
        """A number, or a day where the unit is `date`; None where the cell is empty."""
        text = cells[column]
        if not text:
            return None
        if cells["unit"] == "date":
            return self.day(column, text)
        if cells["unit"] == "text":
            self.cell_fault(column, repr(text), "an empty cell where the unit is text")
            return None
        if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            self.cell_fault(column, repr(text), "a plain number", "Split a fact that holds two; units go in `unit`.")
            return None
        return float(text)

    def day(self, column: str, text: str) -> date | None:
        """A day as YYYY-MM-DD; None where the cell is empty."""
        try:
            if text and not DAY.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.cell_fault(column, repr(text), "a day as YYYY-MM-DD")
            return None

    def one_of(self, column: str, word: str, known: tuple[str, ...]) -> str:
        """The word, with a fault when it is not among those known."""
        if word not in known:
            self.cell_fault(column, repr(word), f"one of {', '.join(filter(None, known))}", nearest(word, known))
        return word

    def check_shape(self, fact: Fact, cells: dict[str, str]) -> None:
        """What every fact has: a sentence, a unit, a source; a value unless it is a sentence only."""
        for column in ("statement", "unit", "source", "used_by"):
            if not cells[column]:
                self.cell_fault(column, "an empty cell", f"a {column}")
        if not cells["value"] and fact.unit not in ("text", ""):
            self.cell_fault("value", "an empty cell", "a value", "A claim without a value has the unit text.")
        if fact.in_force_from and fact.in_force_to and fact.in_force_from > fact.in_force_to:
            self.cell_fault("in_force_to", cells["in_force_to"], f"a day from {cells['in_force_from']} on")

    def check_range(self, fact: Fact, cells: dict[str, str]) -> None:
        """Low <= value <= high where they are given, and both given where a model uses the number."""
        value, used = fact.value, fact.used_by != ("none",)
        if value is None:
            return
        for column, end, sign in (("low", fact.low, 1), ("high", fact.high, -1)):
            if end is None:
                if used and not cells[column] and fact.unit != "date":
                    self.cell_fault(column, "an empty cell", "an end of the range, as the fact is in use")
            elif sign * _order(end) > sign * _order(value):
                side = "at most" if column == "low" else "at least"
                self.cell_fault(column, cells[column], f"{side} the value {cells['value']}")

    def check_references(self, fact: Fact) -> None:
        """Sources and the conflict that a fact names have to be there."""
        for key in fact.source:
            if key not in self.sources:
                self.cell_fault("source", repr(key), "a key of sources.csv", nearest(key, self.sources))
        if fact.conflict and fact.conflict not in self.conflicts:
            remedy = nearest(fact.conflict, self.conflicts)
            self.cell_fault("conflict", repr(fact.conflict), "an id of conflicts.csv", remedy)

    def check_citations(self, conflicts: Mapping[str, Conflict], facts: Mapping[str, Fact]) -> None:
        """Facts that a conflict cites have to be there."""
        for conflict in conflicts.values():
            for fact_id in conflict.facts:
                if fact_id not in facts:
                    found = f"{fact_id!r} in {conflict.id}"
                    line = int(self.places[CONFLICT_COLUMNS, conflict.id].rpartition(":")[2])
                    self.fault("conflicts.csv", found, "the id of a fact", line, 4, nearest(fact_id, facts))

    def articles(self, name: str) -> dict[str, Article]:
        """Articles by id."""
        import yaml

        try:
            content = yaml.safe_load((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            mark = getattr(error, "problem_mark", None)
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            self.fault(name, "a file that cannot be read", "a YAML list of articles", line, column)
            return {}
        entries = content if isinstance(content, list) else [content]
        return {article.id: article for article in (self.article(name, entry) for entry in entries) if article}

    def article(self, name: str, entry: Any) -> Article | None:
        """One article; None, with a fault, when its keys or their types are others."""
        if not isinstance(entry, dict) or set(entry) != set(ARTICLE_KEYS):
            found = ", ".join(map(str, entry)) if isinstance(entry, dict) else repr(entry)
            self.fault(name, f"an article with {found}", ", ".join(ARTICLE_KEYS))
            return None
        wrong = [key for key in ARTICLE_KEYS if not isinstance(entry[key], int if key == "lines" else str)]
        for key in wrong:
            self.fault(name, f"{key} {entry[key]!r}", "text" if key != "lines" else "a number of lines")
        return None if wrong else Article(**entry)


def _order(quantity: float | date) -> float:
    """A number that puts days and numbers in order."""
    return float(quantity.toordinal()) if isinstance(quantity, date) else quantity
