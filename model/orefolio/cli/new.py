"""Make a case of one's own: a copy of a commented example, or what a workbook holds."""

from __future__ import annotations

from pathlib import Path

import click

from orefolio.cli.output import Output, pass_output

SCHEMA = "orefolio/new/1"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--from", "example", default="japan", show_default=True, help="Example to copy, or a workbook, .xlsx.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def new(output: Output, folder: Path, example: str, as_json: bool) -> None:
    """Copy an example case, or the case in a workbook, to DIR, which must be new or empty.

    `orefolio export CASE --format xlsx` makes such a workbook.
    """
    from orefolio.api.examples import CASE_FILE, copied_into

    copied = copied_into(folder, example)
    if as_json:
        output.answer_json(SCHEMA, {"folder": folder, "from": example, "files": copied})
        return
    lines = [f"{folder} now holds a copy of the case {example}:", *(f"  {name}" for name in copied), ""]
    lines += ["Next:", f"  edit {folder / CASE_FILE} and the tables beside it", f"  orefolio check {folder}"]
    output.answer("\n".join([*lines, f"  orefolio solve {folder}"]))
