"""Show the tables of a case and their columns: unit, range, default, meaning."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from orefolio.cli.output import Output, aligned, pass_output
from orefolio.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from orefolio.case.columns import Column

SCHEMA = "orefolio/schema/1"


@click.command()
@click.argument("table", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def schema(output: Output, table: str | None, as_json: bool) -> None:
    """Show every table of a case, or the columns of one TABLE."""
    from orefolio.case.schema import TABLES

    if table is not None and table not in TABLES:
        raise InputError([Fault("TABLE", repr(table), "the name of a table", remedy=nearest(table, TABLES))])
    shown = list(TABLES) if table is None else [table]
    if as_json:
        output.answer_json(SCHEMA, {"tables": [_record(name) for name in shown]})
    elif table is None:
        output.answer(_contents(shown))
    else:
        output.answer(_page(table))


def _contents(names: list[str]) -> str:
    rows = [(f"{name}.csv", "yes" if required(name) else "", len(_columns(name)), meaning(name)) for name in names]
    advice = "`orefolio schema TABLE` shows the columns of one table."
    return aligned(("file", "required", "columns", "a row is"), rows) + "\n\n" + advice


HEADINGS = ("column", "kind", "unit", "range", "default", "meaning")
LEGEND = "* together these name a row. `-` under default: the column and every cell must be filled."


def described(name: str) -> list[tuple[str, ...]]:
    """The columns of a table in words, under HEADINGS."""
    return [
        (
            title + ("*" if column.part_of_key else ""),
            _kind(column),
            column.unit,
            _range(column),
            _default(column),
            column.meaning,
        )
        for title, column in _columns(name).items()
    ]


def _page(name: str) -> str:
    heading = f"{name}.csv: {meaning(name)}"
    return "\n".join((heading, "", aligned(HEADINGS, described(name)), "", LEGEND))


def _record(name: str) -> dict[str, object]:
    columns = [
        {
            "name": title,
            "kind": column.kind,
            "unit": column.unit,
            "meaning": column.meaning,
            "low": column.low,
            "high": column.high,
            "choices": column.choices,
            "refers_to": column.table.split(),
            "part_of_key": column.part_of_key,
            "optional": column.optional,
            "default": column.default if column.optional else None,
        }
        for title, column in _columns(name).items()
    ]
    return {"name": name, "required": required(name), "meaning": meaning(name), "columns": columns}


def _columns(name: str) -> dict[str, Column]:
    """The columns of a table by their headings in its file."""
    from orefolio.case.columns import declared
    from orefolio.case.rows import titles
    from orefolio.case.schema import TABLES

    columns = declared(TABLES[name])
    return {title: columns[field] for title, field in titles(TABLES[name]).items()}


def required(name: str) -> bool:
    """Whether a case without this table is none."""
    from orefolio.case.schema import REQUIRED

    return name in REQUIRED


def meaning(name: str) -> str:
    """What a row of a table is."""
    from orefolio.case.schema import TABLES

    return (TABLES[name].__doc__ or "").strip().partition("\n")[0]


def _kind(column: Column) -> str:
    if column.choices:
        return " or ".join(column.choices)
    if column.table:
        return f"{'ids' if column.kind == 'references' else 'id'} of {' or '.join(column.table.split())}"
    return column.kind


def _range(column: Column) -> str:
    if column.low is None and column.high is None:
        return ""
    if column.high is None:
        return f"from {column.low:g}"
    return f"up to {column.high:g}" if column.low is None else f"{column.low:g} to {column.high:g}"


def _default(column: Column) -> str:
    default = column.default
    if not column.optional:
        return "-"
    if default is None or default in ("", ()):
        return "blank"
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, tuple):
        return " ".join(f"{item:g}" for item in default)
    if isinstance(default, float):
        return f"{default:g}" if math.isfinite(default) else "no limit"
    return str(default)
