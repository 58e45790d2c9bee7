"""Open a page with the levers of a case: turn one, and see the plan as it stands and made anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orefolio.cli.changed import changes
from orefolio.cli.output import Output, pass_output
from orefolio.cli.settings import options
from orefolio.cli.solve import Telling, asked_options, asked_study

if TYPE_CHECKING:
    from orefolio.api import Run, Study
    from orefolio.app.desk import Desk
    from orefolio.app.server import Server

SCHEMA = "orefolio/app/1"
MOST_PORTS = 65535


@click.command()
@click.argument("folder", metavar="[CASE]", required=False, type=click.Path(path_type=Path))
@changes
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@click.option("--run", "begun", metavar="RUN", type=click.Path(path_type=Path), help="Start from a run of this case.")
@click.option("--port", type=click.IntRange(0, MOST_PORTS), default=0, help="Port of the page; 0 for a free one.")
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.")
@options("abs_gap", "gap", "time_limit", "node_limit", "threads", "seed", "size_limit")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with the address, once it can be opened.")
@pass_output
def app(
    output: Output,
    /,
    folder: Path | None,
    levers: Sequence[str],
    overlays: Sequence[str],
    grid: str | None,
    begun: Path | None,
    port: int,
    browser: bool,
    as_json: bool,
    **flags: str | None,
) -> None:
    """Show the case in the folder CASE as a page of what-ifs, on this machine alone, until Ctrl-C.

    It is solved first, on the grid and to the gap asked for, unless --run names a finished run: that run's levers,
    overlays and grid then stand, and without CASE the case that the run folder holds.
    """
    from orefolio.app.server import plotly_script

    if begun is not None and (grid or levers or overlays):
        raise click.UsageError("--run stands for itself: without --grid, --set and --overlay.")
    if folder is None and begun is None:
        raise click.UsageError("Name a case, or a finished run of one with --run.")
    plotly_script()
    if begun is not None:
        study, run = _begun(output, folder, begun)
    else:
        assert folder is not None
        study, run = _solved(output, folder, levers, overlays, grid, flags)
    if run.outcome is None:
        output.fail("there is no plan to start from")
        return
    _serve(output, study, run, port, browser, as_json)


def _begun(output: Output, folder: Path | None, begun: Path) -> tuple[Study, Run]:
    """The case as a finished run had it, and that run."""
    from orefolio import api
    from orefolio.app.desk import opened

    run = api.open_run(begun)
    study = api.load(folder or begun / "case")
    if folder is not None and (run.record["overlays"] or run.record["levers"]):
        study = study.what_if(*run.record["overlays"], **run.record["levers"])
    output.note("laying out the plan of the run")
    return study, opened(study, run)


def _solved(
    output: Output,
    folder: Path,
    levers: Sequence[str],
    overlays: Sequence[str],
    grid: str | None,
    flags: dict[str, str | None],
) -> tuple[Study, Run]:
    from orefolio import api

    study, settings = asked_study(output, folder, levers, overlays, flags)
    with Telling(output) as telling:
        run = api.solve(
            study, options=asked_options(settings), grid=grid, progress=telling.heard, say=output.note,
            detail=output.detail, saving=False,
        )  # fmt: skip
    return study, run


def _serve(output: Output, study: Study, run: Run, port: int, browser: bool, as_json: bool) -> None:
    import webbrowser

    from orefolio.app.desk import Desk

    output.note("keeping the program warm")
    desk = Desk(study, run)
    try:
        with _opened(desk, port) as server:
            if as_json:
                output.answer_json(SCHEMA, {"address": server.address, "case": study.case.name, "run": run.folder})
            else:
                output.answer(server.address)
            output.note("Ctrl-C ends it.")
            if browser:
                webbrowser.open(server.address)
            server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        output.note("ended")
    finally:
        desk.close()


def _opened(desk: Desk, port: int) -> Server:
    from orefolio.app.server import Server

    try:
        return Server(desk, port)
    except OSError as error:
        raise click.UsageError(f"Port {port} cannot be taken: {error.strerror}.") from error
