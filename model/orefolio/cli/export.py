"""Write a run for other programs, or a case as a workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from orefolio.cli.output import Output, pass_output

SCHEMA = "orefolio/export/1"


@click.command()
@click.argument("source", metavar="RUN|CASE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    metavar="NAME",
    required=True,
    help="csv, parquet, datapackage: a folder. xlsx, iamc, lp, mps: a file. Of a CASE: xlsx.",
)
@click.option(
    "-o",
    "place",
    metavar="PLACE",
    type=click.Path(path_type=Path),
    help="Where to write; nothing may stand there yet. By default here, under the name of the run.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def export(output: Output, source: Path, form: str, place: Path | None, as_json: bool) -> None:
    """Write the tables or the program of the run folder RUN in a format that other programs read.

    Of a CASE, `--format xlsx` is a workbook with drop-downs; `orefolio new DIR --from BOOK.xlsx` reads it back.
    """
    from orefolio.exports import export

    written = export(source, form, place)
    if as_json:
        output.answer_json(SCHEMA, {"source": source, "format": form, "place": written})
    else:
        output.answer(str(written))
