"""Make one page of a run for a browser, without a network; of several runs, a comparison with the first.

A case is solved first, so that one command leads from its tables to the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from orefolio.cli.output import Output, pass_output
from orefolio.cli.settings import options
from orefolio.cli.solve import Telling, asked_options, asked_study

SCHEMA = "orefolio/report/1"
MOST_JOBS = 256


@click.command()
@click.argument("folders", metavar="RUN|CASE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--out", "place", metavar="PAGE", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The HTML file to write; one that ends in .pdf is printed by chromium.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="First ask the analyses that the run has not yet.")
@click.option("--jobs", metavar="N", type=click.IntRange(0, MOST_JOBS), default=1, show_default=True,
              help="Worker processes of these analyses, one solver thread each; 0: in this process.")  # fmt: skip
@click.option(
    "--seconds",
    metavar="S",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    help="Most seconds of the clock for each plan of these analyses.",
)
@click.option("--grid", metavar="NAME", help="Of a CASE: tell time by this grid of it.")
@options("abs_gap", "gap", "time_limit", "node_limit", "threads", "seed", "size_limit")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def report(
    output: Output,
    /,
    folders: Sequence[Path],
    place: Path,
    every: bool,
    jobs: int,
    seconds: float,
    grid: str | None,
    as_json: bool,
    **flags: str | None,
) -> None:
    """Write the page of the run folder RUN: what to do, what it costs, where it comes from, and what it rests on.

    Sections on analyses show what is in RUN/analyses; --all makes what is missing there, with words that keep it
    cheap, on the yearly grid where the case has one. Several runs give a page that holds each against the first. A
    folder CASE is solved first, as `orefolio solve CASE` does.
    """
    from orefolio.api import report as page
    from orefolio.cli.sensitivity import Telling as TellingPoints

    if every and len(folders) > 1:
        raise click.UsageError("--all goes with one run.")
    runs = [_run(output, folder, grid, flags) for folder in folders]
    made = page.analyse(runs[0], jobs, output.note, TellingPoints(output).heard, seconds).made if every else []
    written = page.report(runs, place)
    if as_json:
        content = {"page": written, "bytes": written.stat().st_size, "runs": list(runs), "analyses_made": made}
        output.answer_json(SCHEMA, content)
        return
    output.answer(f"PAGE      {written}")


def _run(output: Output, folder: Path, grid: str | None, flags: dict[str, str | None]) -> Path:
    """A run folder as it is; the run of a case, which is solved now into the folder of runs."""
    from orefolio import api

    if not (folder / "case.yaml").is_file():
        return folder
    study, settings = asked_study(output, folder, (), (), {**flags, "out": None})
    with Telling(output) as telling:
        run = api.solve(
            study, options=asked_options(settings), grid=grid, out=settings.folder("out"), progress=telling.heard,
            say=output.note, detail=output.detail,
        )  # fmt: skip
    assert run.folder is not None
    output.note(f"solved: {run.folder}")
    return run.folder
