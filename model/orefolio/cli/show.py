"""Show a run again: the plan on one screen, or one of its tables."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from orefolio.cli.output import Output, aligned, pass_output

SCHEMA = "orefolio/show/1"
MOST_ROWS = 200


@click.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("table", metavar="[TABLE]", required=False)
@click.option("--all", "every", is_flag=True, help=f"Print every row of a table, not the first {MOST_ROWS}.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def show(output: Output, run: Path, table: str | None, every: bool, as_json: bool) -> None:
    """Show the plan of the run folder RUN, or its TABLE. Reads the run folder only."""
    from orefolio import api

    ended = api.open_run(run)
    if table is None:
        if as_json:
            output.answer_json(SCHEMA, {"run_dir": run, "run": dict(ended.record)})
            return
        from orefolio.cli.screen import screen

        tables = textwrap.wrap(" ".join(ended.record["tables"]), 88)
        output.answer(
            "\n".join([screen(ended), f"TABLES    {tables[0]}", *(f"          {line}" for line in tables[1:])])
        )
        return
    frame = ended.table(table)
    if as_json:
        rows = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
        output.answer_json(SCHEMA, {"run_dir": run, "table": table, "rows": rows})
        return
    shown = frame if every else frame.head(MOST_ROWS)
    cells = [[_cell(value) for value in row] for row in shown.itertuples(index=False)]
    output.answer(aligned([str(name) for name in frame.columns], cells))
    if len(shown) < len(frame):
        output.note(f"{len(frame) - len(shown)} more rows; --all prints them")


def _cell(value: object) -> str:
    if value != value:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else " ".join(str(value).split())
