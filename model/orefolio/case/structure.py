"""case.yaml: what a case is as a whole. Its numbers stand in the tables beside it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orefolio.errors import InputError, nearest

from .case import AfterShock
from .files import YAML_BYTES, read_text
from .schema_steps import STEPS, is_newer
from .yaml_shape import Shape
from .yaml_text import Node, parse_yaml

FILE = "case.yaml"
SCHEMA = "orefolio-case/1"
NEEDED = ("schema", "name", "title", "importer", "base_year", "horizon", "grid", "grids")
OPTIONAL = ("after_shock", "reaction_years", "parts", "apart", "partners", "turned")
BIGGEST = 1e12
PART = re.compile(r"[^\W_][\w-]*")
MOST_PERIODS = 1000
MOST_GRIDS = 20

Grids = dict[str, tuple[tuple[datetime.date, int], ...]]


@dataclass(frozen=True)
class Partner:
    """Sellers that bargain as one with the importers of a case made of parts."""

    name: str
    suppliers: tuple[str, ...]


@dataclass(frozen=True)
class Structure:
    """The content of case.yaml.

    schema: that its tables are written in. parts: names of the cases beside this one that it is made of. places: line
    and column of each entry. apart: by part and table, ids kept apart from those of other parts. partners: sellers that
    bargain. turned: where levers stand in tables that are no longer as written; None where they are.
    """

    name: str
    title: str
    importer: tuple[str, ...]
    base_year: int
    horizon_from: datetime.date
    horizon_to: datetime.date
    grid: str
    grids: Grids
    after_shock: AfterShock
    reaction_years: float
    schema: str = SCHEMA
    parts: tuple[str, ...] = ()
    apart: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    partners: Mapping[str, Partner] = field(default_factory=dict)
    turned: Mapping[str, float] | None = None
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def read_structure(folder: Path) -> Structure:
    """Read case.yaml of a folder. Raises InputError with every fault."""
    file = read_text(folder / FILE, folder, YAML_BYTES)
    shape = Shape(file.name)
    entries = shape.entries(parse_yaml(file.text, file.name), NEEDED + OPTIONAL, NEEDED)
    _check_schema(shape, entries.get("schema"))
    start, end = _horizon(shape, entries.get("horizon"))
    grids = _grids(shape, entries.get("grids"), start, end)
    structure = Structure(
        name=shape.text(entries.get("name")),
        title=shape.text(entries.get("title")),
        importer=_importer(shape, entries.get("importer")),
        base_year=shape.whole(entries.get("base_year"), 1900, 2200, "year"),
        horizon_from=start,
        horizon_to=end,
        grid=_grid(shape, entries.get("grid"), grids),
        grids=grids,
        after_shock=_after_shock(shape, entries.get("after_shock")),
        reaction_years=shape.number(entries.get("reaction_years"), 0, 100, "years")
        if "reaction_years" in entries
        else 2.0,
        schema=entries["schema"].text if "schema" in entries else SCHEMA,
        parts=_parts(shape, entries.get("parts")),
        apart=_apart(shape, entries.get("apart")),
        partners=_partners(shape, entries.get("partners")),
        turned=_turned(shape, entries.get("turned")),
        places={key: (node.line, node.column) for key, node in entries.items()},
    )
    if structure.base_year > end.year > datetime.MINYEAR:
        node = entries["base_year"]
        shape.fault(node, node.text, f"a year not after the horizon, which ends on {end}")
    if shape.faults:
        raise InputError(shape.faults)
    return structure


def _check_schema(shape: Shape, node: Node | None) -> None:
    if node is None or node.text == SCHEMA or node.text in STEPS:
        return
    remedy = f"This version of orefolio reads {' and '.join([*STEPS, SCHEMA])}"
    if is_newer(node.text, SCHEMA):
        remedy = "The case was written for a newer orefolio: pip install --upgrade orefolio"
    shape.fault(node, str(node), SCHEMA, remedy)


def _horizon(shape: Shape, node: Node | None) -> tuple[datetime.date, datetime.date]:
    """First and last day; twice the earliest of dates where they are wrong, so that no grid is held against them."""
    sound = len(shape.faults)
    horizon = shape.entries(node, ("from", "to"), ("from", "to"))
    start, end = shape.date(horizon.get("from")), shape.date(horizon.get("to"))
    if len(horizon) == len(("from", "to")) and len(shape.faults) == sound:
        _check_horizon(shape, horizon, start, end)
    if len(shape.faults) > sound:
        return datetime.date.min, datetime.date.min
    return start, end


def _check_horizon(shape: Shape, horizon: dict[str, Node], start: datetime.date, end: datetime.date) -> None:
    for key, date in (("from", start), ("to", end)):
        if date.day != 1:
            shape.fault(horizon[key], date.isoformat(), "the first day of a month")
    if end <= start:
        shape.fault(horizon["to"], f"the end {end}", f"a date after the start {start}")
    elif end.year - start.year > 100:
        shape.fault(horizon["to"], f"a horizon of {end.year - start.year} years", "at most 100 years")


def _importer(shape: Shape, node: Node | None) -> tuple[str, ...]:
    items = shape.items(node, "countries, two letters each")
    countries = tuple(shape.text(item) for item in items)
    if node is not None and node.kind == "list" and not items:
        shape.fault(node, "no country", "at least one country")
    for position, item in enumerate(items):
        if countries[position] and countries[position] in countries[:position]:
            shape.fault(item, f"{countries[position]!r} twice", "each country once")
    return countries


def _parts(shape: Shape, node: Node | None) -> tuple[str, ...]:
    items = shape.items(node, "names of cases beside this one")
    names = tuple(shape.text(item) for item in items)
    if node is not None and node.kind == "list" and not items:
        shape.fault(node, "no part", "at least one part")
    for item, name in zip(items, names, strict=True):
        if name and not PART.fullmatch(name):
            shape.fault(item, f"the part {name!r}", "a plain name of a folder beside this one, no path")
        elif name and item is not items[names.index(name)]:
            shape.fault(item, f"{name!r} twice", "each part once")
    return names


def _apart(shape: Shape, node: Node | None) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        part: {table: _texts(shape, ids, "ids, * and ? match") for table, ids in shape.named(tables).items()}
        for part, tables in shape.named(node).items()
    }


def _partners(shape: Shape, node: Node | None) -> dict[str, Partner]:
    found = {}
    for key, entry in shape.named(node).items():
        said = shape.entries(entry, ("name", "suppliers"), ("name", "suppliers"))
        suppliers = _texts(shape, said.get("suppliers"), "ids of suppliers")
        found[key] = Partner(shape.text(said.get("name")), suppliers)
    return found


def _turned(shape: Shape, node: Node | None) -> dict[str, float] | None:
    if node is None:
        return None
    return {key: shape.number(value, -BIGGEST, BIGGEST, "see the lever") for key, value in shape.named(node).items()}


def _texts(shape: Shape, node: Node | None, expected: str) -> tuple[str, ...]:
    return tuple(shape.text(item) for item in shape.items(node, expected))


def _grid(shape: Shape, node: Node | None, grids: Grids) -> str:
    grid = shape.text(node)
    if node is not None and grid and grid not in grids:
        shape.fault(node, f"the grid {grid!r}", "a grid of this file", nearest(grid, grids))
    return grid


def _grids(shape: Shape, node: Node | None, start: datetime.date, end: datetime.date) -> Grids:
    named = shape.named(node)
    if node is not None and len(named) > MOST_GRIDS:
        shape.fault(node, f"{len(named):,} grids", f"at most {MOST_GRIDS}")
        return {}
    return {name: _spans(shape, name, spans, start, end) for name, spans in named.items()}


def _spans(
    shape: Shape, name: str, node: Node, start: datetime.date, end: datetime.date
) -> tuple[tuple[datetime.date, int], ...]:
    """The spans of a grid: each ends after the one before, holds whole periods, and the last reaches the horizon."""
    spans: list[tuple[datetime.date, int]] = []
    before = start
    periods = 0
    sound = len(shape.faults)
    for item in shape.items(node, "spans: {until: date, months: number}"):
        entries = shape.entries(item, ("until", "months"), ("until", "months"))
        until = shape.date(entries.get("until"))
        months = shape.whole(entries.get("months"), 1, 1200, "months")
        if len(shape.faults) > sound or start == datetime.date.min:
            continue
        length = (until.year - before.year) * 12 + until.month - before.month
        if until <= before:
            shape.fault(entries["until"], str(until), f"a date after {before}, where this span starts")
        elif until.day != 1:
            shape.fault(entries["until"], str(until), "the first day of a month")
        elif until > end:
            shape.fault(entries["until"], str(until), f"at most the end of the horizon, {end}")
        elif length % months:
            shape.fault(entries["months"], f"{months} months", f"a divisor of the span's {length} months")
        periods += length // months
        before = until
        spans.append((until, months))
    if len(shape.faults) == sound and start != datetime.date.min:
        if before < end:
            shape.fault(node, f"the grid {name!r} to {before}", f"spans that reach the end of the horizon, {end}")
        elif periods > MOST_PERIODS:
            shape.fault(node, f"{periods} periods in the grid {name!r}", f"at most {MOST_PERIODS}")
    return tuple(spans)


def _after_shock(shape: Shape, node: Node | None) -> AfterShock:
    if node is None:
        return AfterShock()
    keys = ("fine_months", "single_years", "block_years")
    entries = shape.entries(node, keys, keys)
    return AfterShock(
        fine_months=shape.whole(entries.get("fine_months"), 0, 1200, "months"),
        single_years=shape.whole(entries.get("single_years"), 0, 100, "years"),
        block_years=shape.whole(entries.get("block_years"), 1, 100, "years"),
    )
