"""Solve a case: contracts, plants, programmes and stock for every future, with the gap that is proved."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.api.progress import worded
from orefolio.cli.by_futures import asked_decomposition, by_futures
from orefolio.cli.changed import changes
from orefolio.cli.output import Output, pass_output
from orefolio.cli.rolling import along_futures, refuse_beside_rolling, roll
from orefolio.cli.settings import Settings, chosen, options, settled

if TYPE_CHECKING:
    from orefolio.api import Run, Study
    from orefolio.solve import Options, Progress

SCHEMA = "orefolio/solve/1"
UNSAID = {"out", "size_limit"}
QUIET_SECONDS = 5.0  # between two lines about the bound alone


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@changes
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@click.option(
    "--futures",
    "drawn",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Plan for the futures of this folder, written by `orefolio futures`, in place of the case's own.",
)
@click.option("--deterministic", is_flag=True, help="Solve the trunk's own continuation alone.")
@click.option("--warm", metavar="RUN", type=click.Path(path_type=Path), help="Begin with the decisions of another run.")
@by_futures
@along_futures
@options("abs_gap", "gap", "time_limit", "node_limit", "threads", "seed", "size_limit", "out")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def solve(
    output: Output,
    /,
    folder: Path,
    levers: Sequence[str],
    overlays: Sequence[str],
    grid: str | None,
    drawn: Path | None,
    deterministic: bool,
    warm: Path | None,
    decompose: bool,
    jobs: int,
    scheduler: str | None,
    insecure: bool,
    place: Path | None,
    resume: bool,
    rolling: bool,
    paths: int,
    fan: int,
    as_json: bool,
    **flags: str | None,
) -> int:
    """Solve the case in the folder CASE, write a run folder and show the plan on one screen.

    Exit code 0 where the plan is proved to the asked gap, 3 where a limit came first, 4 where there is no plan, 5 where
    the audit disagrees with it, 130 where it was interrupted; the best plan is saved in each case. With --rolling no
    run folder is written, but tables of what planning anew costs along sampled futures.
    """
    from orefolio import api

    how = asked_decomposition(decompose, warm, jobs, scheduler, insecure, place, resume, rolling)
    refuse_beside_rolling(rolling, decompose, warm, drawn, deterministic)
    study, settings = asked_study(output, folder, levers, overlays, flags, drawn)
    asked = asked_options(settings)
    if rolling:
        return roll(output, study, asked, grid, paths, fan, place, settings.folder("out"), resume, as_json)
    with Telling(output) as telling:
        run = api.solve(
            study,
            options=asked,
            grid=grid,
            deterministic=deterministic,
            out=settings.folder("out"),
            warm=warm,
            progress=telling.heard,
            say=output.note,
            detail=output.detail,
            settings=_recorded(settings, grid, deterministic, levers, warm, drawn, decompose),
            decompose=how,
        )
    _answer(output, run, as_json)
    _tell_audit(output, run)
    return run.exit_code


def asked_study(
    output: Output,
    folder: Path,
    levers: Sequence[str],
    overlays: Sequence[str],
    flags: dict[str, str | None],
    futures: Path | None = None,
) -> tuple[Study, Settings]:
    """The case under overlays and levers, and the settings that hold for it; warnings of both are told.

    futures: a folder of futures in place of the case's own.
    """
    chosen(flags, {})
    from orefolio import api
    from orefolio.case.overlay import parse_levers

    study = api.load(folder)
    if futures is not None:
        study = study.with_futures(futures)
    settings = settled(flags, study.case)
    if overlays or levers:
        study = study.what_if(*overlays, **parse_levers(levers))
    for warning in (*settings.warnings, *study.warnings):
        output.warn(warning)
    return study, settings


def asked_options(settings: Settings) -> Options:
    """What a command asks of the solver, of all settings but the folder."""
    from orefolio.solve import Options

    nodes = settings.chosen["node_limit"].value
    return Options(
        abs_gap=settings.number("abs_gap"),
        gap=settings.optional_number("gap"),
        time_limit=settings.number("time_limit"),
        node_limit=None if nodes is None else settings.whole("node_limit"),
        threads=settings.whole("threads"),
        seed=settings.whole("seed"),
        size_limit=settings.optional_number("size_limit"),
    )


def _recorded(
    settings: Settings,
    grid: str | None,
    deterministic: bool,
    levers: Sequence[str],
    warm: Path | None,
    futures: Path | None,
    decompose: bool,
) -> dict[str, Any]:
    """Every setting with who set it, but those that change no number."""
    record: dict[str, Any] = {name: item for name, item in settings.record().items() if name not in UNSAID}
    record["grid"] = {"value": grid, "origin": "flag" if grid else "case"}
    record["deterministic"] = {"value": deterministic, "origin": "flag" if deterministic else "default"}
    record["set"] = {"value": list(levers), "origin": "flag" if levers else "default"}
    record["futures"] = {
        "value": None if futures is None else futures.name,
        "origin": "case" if futures is None else "flag",
    }
    record["warm"] = {"value": None if warm is None else warm.name, "origin": "flag" if warm else "default"}
    if decompose:
        record["decompose"] = {"value": True, "origin": "flag"}
    return record


class Telling:
    """Tells each better plan on stderr, and the bound: now and then, or on a line of its own that a terminal renews."""

    def __init__(self, output: Output) -> None:
        self.say: Callable[[str], None] = output.note
        self.status = None
        if not output.quiet and output.console.is_terminal:
            self.status = output.console.status("stating the futures")
        self.best = math.inf
        self.told = -math.inf

    def __enter__(self) -> Telling:
        if self.status is not None:
            self.status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is not None:
            self.status.stop()

    def heard(self, progress: Progress) -> None:
        """Take one report of the solver."""
        better = progress.objective < self.best - 1e-9
        line = worded(progress)
        if self.status is not None:
            self.status.update(line.strip())
        if better or (self.status is None and progress.seconds - self.told >= QUIET_SECONDS):
            self.best, self.told = min(self.best, progress.objective), progress.seconds
            self.say(line)


def _answer(output: Output, run: Run, as_json: bool) -> None:
    if as_json:
        record = run.record
        names = ("status", "objective", "bound", "abs_gap", "gap", "audit", "saving_musd", "nothing_musd", "warnings")
        content = {name: record[name] for name in names}
        content["wall_seconds"] = record["timing"]["wall_seconds"]
        output.answer_json(SCHEMA, {**content, "run_dir": run.folder, "exit_code": run.exit_code})
        return
    if run.folder is None:
        output.answer(f"No plan was found before the limit; the proved bound is {run.bound:,.1f} million USD.")
        return
    from orefolio.cli.screen import screen

    output.answer(screen(run))


def _tell_audit(output: Output, run: Run) -> None:
    """What the independent audit says of the plan."""
    audit = run.record["audit"]
    if not audit:
        return
    if audit["passed"]:
        output.note(f"audit: {audit['checks']} checks, {audit['items']:,} statements, all hold")
        return
    failed = ", ".join(audit["failed_checks"])
    output.fail("\n".join([f"the audit disagrees with the plan: {failed}", *audit["findings"]]))
