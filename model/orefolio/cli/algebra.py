"""Print the formulation as it is built: every constraint family with its equation, and its size in a case."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.output import Output, aligned, pass_output

if TYPE_CHECKING:
    from orefolio.program.merge import Merged

SCHEMA = "orefolio/algebra/1"


@click.command()
@click.argument("folder", metavar="[CASE]", required=False, type=click.Path(path_type=Path))
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def algebra(output: Output, folder: Path | None, grid: str | None, as_json: bool) -> None:
    """Print the families in the order in which they are stated; with CASE also its rows and columns by family."""
    from orefolio import api
    from orefolio.program.formulation import formulation

    families = formulation()
    merged = None
    if folder is not None:
        merged = api.built(api.load(folder), grid, output.detail)
    if as_json:
        output.answer_json(SCHEMA, {"families": families, "size": None if merged is None else _size(merged)})
        return
    output.answer("\n\n\n".join(text.strip() for text in families.values()))
    if merged is not None:
        size = _size(merged)
        rows = aligned(("family of rows", "rows"), size["rows"].items())
        columns = aligned(("variable", "columns", "yes or no"), size["columns"])
        output.answer(f"\n\n{rows}\n\n{columns}\n\n{size['total']}")


def _size(merged: Merged) -> dict[str, Any]:
    program = merged.program
    rows = Counter(label.name for label in program.rows)
    columns = Counter(label.name for label in program.columns)
    whole = Counter(label.name for label, yes in zip(program.columns, program.integer, strict=True) if yes)
    count = program.shape
    return {
        "rows": dict(rows),
        "columns": [(name, number, whole[name]) for name, number in columns.items()],
        "total": f"{count[0]:,} rows, {count[1]:,} columns ({int(program.integer.sum()):,} yes or no), "
        f"{count[2]:,} numbers, {len(merged.flats)} futures",
    }
