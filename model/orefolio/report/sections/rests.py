"""What a plan rests on: every input with its source, date and quality, and the run with its hashes and versions."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from orefolio.case.basis import OUTSIDE, BasisIndex, numeric_cells
from orefolio.case.case import Case
from orefolio.case.read import read_case
from orefolio.case.schema import TABLES
from orefolio.case.schema.assumptions import Basis
from orefolio.facts import Fact, Facts, load_facts
from orefolio.tables.folder.durable import MANIFEST
from orefolio.tables.folder.sealed import sealed_text

from ..drawing import BLUE, axis, layout
from ..reading import Read
from ..section import Figure, Part, Section, Table
from ..turned import NOTHING, PROVED, Turned, flips_first, turned
from ..words import amount, count, named, percent

QUALITY = {"high": "high confidence", "medium": "medium confidence", "low": "low confidence",
           "recalled": "recalled, not read",
           "assumed": "our own assumption", "none": "no source yet"}  # fmt: skip
"""The words for what a number rests on, the best first; of several facts the worst counts."""
RANKED = tuple(QUALITY)
FACT_HEADINGS = (
    "fact", "statement", "value", "low", "high", "unit", "publisher", "title", "date", "place", "confidence",
)  # fmt: skip
INPUT_HEADINGS = ("input", "column", "how many", "value", "rests on", "quality", "how it follows", "range",
                  "lever", "flips a decision")  # fmt: skip
LEVER_HEADINGS = ("rank", "flips a decision", "assumption", "base", "low", "high", "unit",
                  "cost against base at its ends", "source")  # fmt: skip
SHOWN = 10
"""Assumptions in the table that is open."""
PRINTED = ("publisher", "title", "date")
Rests = dict[Basis | None, list[tuple[str, str, float]]]


def answer(read: Read) -> Part:
    """How many inputs rest on what; facts with their sources; levers; the run itself."""
    case, facts = _case(read), load_facts()
    rests = _rests(case)
    cited = _cited(case, facts)
    levers = flips_first(turned(read))
    assumed = _levers(case, levers)
    shown = assumed[0].rows[:SHOWN] if assumed and levers else []
    first = [Table(f"{one.caption}; the first {len(shown)} of {len(one.rows)}", one.headings, shown)
             for one in assumed if shown]  # fmt: skip
    return Part(
        [*_sentences(read, case, rests, cited, facts), *_flipping(levers), *_run_sentences(read)],
        [_figure(rests, facts)],
        first,
        [*assumed, _inputs(case, rests, facts, levers), _facts(cited, facts), *_run_tables(read)],
    )


def _case(read: Read) -> Case:
    """The case as solved, once every file of it is known to be as it was written."""
    for name in ("case.yaml", *(f"{table}.csv" for table in TABLES)):
        sealed_text(read.path, f"case/{name}")
    case, _ = read_case(read.path / "case")
    return case


def _rests(case: Case) -> Rests:
    """The numeric inputs that rest on each row of the basis: table and key, column, value; None for no row."""
    index = BasisIndex(case)
    found: Rests = {row: [] for row in case.rows("basis") if row.table not in OUTSIDE}
    for cell in numeric_cells(case):
        basis = index.find(cell.table, cell.row, cell.column)
        value = getattr(case.rows(cell.table)[cell.number], cell.column)
        numbers = value if isinstance(value, tuple) else (value,)
        found.setdefault(basis, []).append((f"{cell.table} {cell.row}", cell.column, float(numbers[0] or 0.0)))
    return {basis: cells for basis, cells in found.items() if cells}


def _cited(case: Case, facts: Facts) -> list[Fact]:
    """Every fact that an input or a lever cites, once."""
    words = [word for row in case.rows("basis") for word in row.facts.split()]
    words += [word for row in case.rows("levers") for word in row.source.replace(",", " ").split()]
    return list(dict.fromkeys(fact for word in words for fact in facts.cited(word)))


def _quality(basis: Basis | None, facts: Facts) -> str:
    if basis is None:
        return "none"
    found = [fact.confidence for word in basis.facts.split() for fact in facts.cited(word)]
    return max(found, key=RANKED.index) if found else "assumed"


def _sentences(read: Read, case: Case, rests: Rests, cited: list[Fact], facts: Facts) -> Iterator[str]:
    tally = _tally(rests, facts)
    whole = sum(tally.values())
    if not whole:
        yield "The case has no number that is not a default."
        return
    sourced = whole - tally["assumed"] - tally["none"]
    keys = {key for fact in cited for key in fact.source}
    yield (
        f"Of {whole:,} numbers that the case gives, {percent(sourced / whole)} rest on {count(len(cited), 'fact')} of "
        f"{count(len(keys), 'source')} in the register, {percent(tally['assumed'] / whole)} on assumptions of our own, "
        f"each with its derivation, and {percent(tally['none'] / whole) if tally['none'] else 'none'} on nothing yet."
    )
    weak = tally["low"] + tally["recalled"]
    if weak:
        yield f"Take most care with {count(weak, 'number')} whose weakest fact is of low confidence or only recalled."
    days = sorted(facts.sources[key].date for key in keys if key in facts.sources and facts.sources[key].date)
    if days:
        yield f"The oldest source was published {days[0]}, the newest {days[-1]}."
    turned = read.record["levers"]
    if turned or read.record["overlays"]:
        words = [f"{name} = {value:g}" for name, value in turned.items()] + [
            str(name) for name in read.record["overlays"]
        ]
        yield f"The case was changed for this run: {named(words, 20)}."


def _tally(rests: Rests, facts: Facts) -> Counter[str]:
    """How many inputs are of each quality."""
    tally: Counter[str] = Counter()
    for basis, cells in rests.items():
        tally[_quality(basis, facts)] += len(cells)
    return tally


def _figure(rests: Rests, facts: Facts) -> Figure:
    tally = _tally(rests, facts)
    if not tally:
        return Figure("There is no input whose source could be drawn.")
    names = [QUALITY[name] for name in RANKED]
    values = [tally[name] for name in RANKED]
    bar: dict[str, Any] = {
        "type": "bar", "orientation": "h", "x": values, "y": names, "marker": {"color": BLUE},
        "text": [f"{value:,}" for value in values], "textposition": "auto", "hoverinfo": "y+x",
    }  # fmt: skip
    look = layout(
        len(names),
        xaxis=axis("numbers of the case", tickformat=","),
        yaxis={"automargin": True, "autorange": "reversed"},
    )
    told = "The numbers of the case by the quality of what they rest on."
    rows = [[name, f"{value:,}"] for name, value in zip(names, values, strict=True)]
    return Figure(told, {"data": [bar], "layout": look}, Table(told, ("quality", "numbers"), rows))


def _inputs(case: Case, rests: Rests, facts: Facts, levers: list[Turned]) -> Table:
    """A row for each row of the basis: those first whose lever flips a decision, then the weakest quality."""
    turning, last = _turning(case, levers), len(levers)
    places = {basis: min((turning.get((name, column), last) for name, column, _ in cells), default=last)
              for basis, cells in rests.items()}  # fmt: skip
    flipping = sum(one.flips != NOTHING for one in levers)
    rows: list[list[str | None]] = []
    for basis, cells in sorted(
        rests.items(), key=lambda item: (min(places[item[0]], flipping), -RANKED.index(_quality(item[0], facts)))
    ):
        lever = levers[places[basis]] if places[basis] < last else None
        values = sorted(value for _, _, value in cells)
        spread = amount(values[0]) if values[0] == values[-1] else f"{amount(values[0])} to {amount(values[-1])}"
        names = list(dict.fromkeys(name for name, _, _ in cells))
        columns = list(dict.fromkeys(column for _, column, _ in cells))
        wide = "" if basis is None else f"× {basis.low_multiple:g} to {basis.high_multiple:g}"
        rows.append([
            named(names, 2), named(columns, 3), str(len(cells)), spread, basis.facts if basis else "",
            QUALITY[_quality(basis, facts)], basis.derivation if basis else "", wide,
            *((lever.name, lever.flips) if lever else ("", "")),
        ])  # fmt: skip
    order = "those whose change flips a decision first, then the weakest" if levers else "the weakest first"
    return Table(f"Inputs and what they rest on, {order}", INPUT_HEADINGS, rows)


def _facts(cited: list[Fact], facts: Facts) -> Table:
    rows: list[list[str | None]] = []
    for fact in cited:
        sources = [facts.sources[key] for key in fact.source if key in facts.sources]
        rows.append([
            fact.id, fact.statement, _said(fact.value), _said(fact.low), _said(fact.high), fact.unit,
            *("; ".join(dict.fromkeys(getattr(source, name) for source in sources)) for name in PRINTED),
            fact.locator, fact.confidence,
        ])  # fmt: skip
    return Table("Facts and their sources", FACT_HEADINGS, rows)


def _said(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _levers(case: Case, levers: list[Turned]) -> list[Table]:
    """Every lever: those first that flip a decision, then those that move the cost most, where a tornado was kept."""
    rows = {row.lever: row for row in case.rows("levers")}
    found = {one.lever: one for one in levers if one.lever in rows}
    cells = []
    for name in [*found, *(name for name in rows if name not in found)]:
        row, one = rows[name], found.get(name)
        known = [str(one.rank), one.flips, "; ".join(one.told())] if one else ["", "", ""]
        ends = [row.name or name, f"{row.base:g}", f"{row.low:g}", f"{row.high:g}",
                row.unit if row.unit != "1" else ""]  # fmt: skip
        cells.append([*known[:2], *ends, known[2], row.source])
    if not cells:
        return []
    order = ": those whose change flips a decision first, then those that move the cost most" if found else ""
    return [Table(f"Assumptions that a lever turns{order}", LEVER_HEADINGS, cells)]


def _flipping(levers: list[Turned]) -> Iterator[str]:
    """Which assumptions flip a decision."""
    if not levers:
        return
    flipping = [one for one in levers if one.flips != NOTHING]
    proved = [one.name for one in levers if one.flips == PROVED]
    told = f"; by a break-even it is proved of {named(proved)}" if proved else "; no break-even proves one of them"
    most = f", first {named([one.name for one in flipping[:3]])}" if flipping else ""
    yield (
        f"Of {count(len(levers), 'assumption')} that a lever turns, {len(flipping)} flip a decision at an end of their "
        f"range, by the plans found{most}{told}."
    )


def _turning(case: Case, levers: list[Turned]) -> dict[tuple[str, str], int]:
    """Table with row, and column, of each cell that levers turn to the place of the first of them among all."""
    place = {one.lever: number for number, one in enumerate(levers)}
    found: dict[tuple[str, str], int] = {}
    for row in case.rows("lever_adjustments"):
        if row.lever in place:
            for key in case.selected(row.table, row.where):
                cell = (f"{row.table} {key}", row.column)
                found[cell] = min(found.get(cell, len(levers)), place[row.lever])
    return found


def _run_sentences(read: Read) -> Iterator[str]:
    record = read.record
    began = str(record["timing"].get("started_utc", ""))[:16].replace("T", " ")
    yield (
        f"Solved on {began} UTC by orefolio {record['versions'].get('orefolio', '')} from the case "
        f"{record['case']['name']} (SHA-256 {record['case']['hash'][:12]}…) on the grid {record['grid']}, with "
        f"{count(len(record['futures']), 'future')}; how it ended: {record['status']}."
    )
    for warning in record["warnings"]:
        yield f"Warning of the run: {warning}"


def _run_tables(read: Read) -> list[Table]:
    record = read.record
    program, timing = record["program"], record["timing"]
    rows = [
        ["folder", read.path.name], ["case, SHA-256", record["case"]["hash"]], ["status", record["status"]],
        ["program", f"{program['rows']:,} rows, {program['columns']:,} columns, {program['binaries']:,} yes or no"],
        ["method", record["method"]], ["wall time, s", f"{timing['wall_seconds']:,.1f}"],
        ["manifest, SHA-256", hashlib.sha256((read.path / MANIFEST).read_bytes()).hexdigest()],
        *([f"version of {name}", version] for name, version in record["versions"].items()),
        *([f"option {name}", f"{option['value']} ({option['origin']})"] for name, option in record["options"].items()),
    ]  # fmt: skip
    audit = record["audit"]
    if audit:
        rows += [["audit", f"{audit['checks']} checks, {audit['items']:,} statements, {audit['failed_items']:,} fail"],
                 ["largest deviation in the audit", f"{audit['largest_violation']:.1g}"]]  # fmt: skip
    return [Table("The run", ("what", ""), [[what, str(value)] for what, value in rows])]


SECTION = Section("rests", "What does it rest on?", answer)
