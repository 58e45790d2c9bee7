"""Make one page of a run for a browser, without a network; of several runs, a comparison with the first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from orefolio.cli.output import Output, pass_output

SCHEMA = "orefolio/report/1"
MOST_JOBS = 256


@click.command()
@click.argument("runs", metavar="RUN…", nargs=-1, required=True, type=click.Path(path_type=Path))
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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def report(
    output: Output, runs: Sequence[Path], place: Path, every: bool, jobs: int, seconds: float, as_json: bool
) -> None:
    """Write the page of the run folder RUN: what to do, what it costs, where it comes from, and what it rests on.

    Sections on analyses show what is in RUN/analyses; --all makes what is missing there, with words that keep it
    cheap, on the yearly grid where the case has one. Several runs give a page that holds each against the first.
    """
    from orefolio.api import report as page
    from orefolio.cli.sensitivity import Telling

    made = []
    if every:
        if len(runs) > 1:
            raise click.UsageError("--all goes with one run.")
        made = page.analyse(runs[0], jobs, output.note, Telling(output).heard, seconds).made
    written = page.report(runs, place)
    if as_json:
        content = {"page": written, "bytes": written.stat().st_size, "runs": list(runs), "analyses_made": made}
        output.answer_json(SCHEMA, content)
        return
    output.answer(f"PAGE      {written}")
