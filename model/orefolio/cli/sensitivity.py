"""Plan a case again and again: sweeps over levers, on this machine or a cluster, that go on where they stopped.

ANALYSES is the table of contents. To add an analysis, write one file with an `Analysis` and one line in the table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.output import Output, aligned, pass_output
from orefolio.cli.settings import Settings, chosen, options
from orefolio.errors import nearest

if TYPE_CHECKING:
    from orefolio.analyses.sweep.analysis import Analysis, Answer, Sweeping
    from orefolio.analyses.sweep.engine import Engine
    from orefolio.analyses.sweep.point import Point
    from orefolio.analyses.sweep.run import Standing, Swept
    from orefolio.case.case import Case

ANALYSES = {
    "points": "orefolio.analyses.sweep.points:ANALYSIS",
}

SCHEMA = "orefolio/sensitivity/1"
MOST_JOBS = 256
QUIET_SECONDS = 5.0  # between two lines of progress
DISAGREES, PARTIAL = 5, 3
DRAWN = "figure.html"


class Analyses(click.Group):
    """A click group whose commands are made from the analyses of the table, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(ANALYSES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of one analysis; None for a name that the table does not hold."""
        if cmd_name not in ANALYSES:
            return None
        module, _, attribute = ANALYSES[cmd_name].partition(":")
        imported = import_module(module)
        return _command(cmd_name, getattr(imported, attribute), imported.__doc__ or "")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest names for one that is not known."""
        if args[0] not in ANALYSES and not args[0].startswith("-"):
            known = f"It is one of {', '.join(ANALYSES)}."
            ctx.fail(f"There is no analysis {args[0]!r}. {nearest(args[0], ANALYSES) or known}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the analyses without importing them."""
        from orefolio.cli import summary

        with formatter.section("Analyses"):
            formatter.write_dl([(name, summary(place)) for name, place in ANALYSES.items()])


@click.command(cls=Analyses)
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@click.pass_context
def sensitivity(context: click.Context, folder: Path) -> None:
    """Plan the case in the folder CASE at many points, and say what comes of it.

    Points that have ended are on disk; after Ctrl-C, a crash or a lost cluster, the same command with --resume does
    what is missing. Exit code 0 where every point is proved, 3 where one failed or met a limit, 5 where the audit
    disagrees with one, 130 where it was interrupted.
    """
    context.meta["orefolio.case"] = folder


SHARED: tuple[Callable[[Any], Any], ...] = (
    click.option("--jobs", metavar="N", type=click.IntRange(0, MOST_JOBS), default=1, show_default=True,
                 help="Worker processes, one solver thread each; 0: in this process."),
    click.option("--scheduler", metavar="ADDRESS", help="Send the points to this scheduler of dask.distributed."),
    click.option("--insecure", is_flag=True, help="Allow plain TCP to a scheduler on another machine."),
    click.option("--resume", is_flag=True, help="Go on with the sweep in the folder: do only what is missing."),
    click.option("--redo", is_flag=True, help="With --resume: do failed and altered points again too."),
    click.option("--folder", "place", metavar="FOLDER", type=click.Path(path_type=Path),
                 help="Folder of the sweep; without it, sweeps/CASE-ANALYSIS in the folder of runs."),
    click.option("--overlay", "overlays", multiple=True, metavar="FILE",
                 help="Lay an overlay over the case; repeatable."),
    click.option("--set", "levers", multiple=True, metavar="LEVER=VALUE",
                 help="Turn a lever at all points; repeatable."),
    click.option("--grid", metavar="NAME", help="Tell time by this grid of the case."),
    options("abs_gap", "gap", "time_limit", "node_limit", "seed", "out"),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
)  # fmt: skip
OWN = ("jobs", "scheduler", "insecure", "resume", "redo", "place", "overlays", "levers", "grid", "as_json")


def _command(name: str, analysis: Analysis, doc: str) -> click.Command:
    """The click command of an analysis: its own words and what every sweep takes."""

    @pass_output
    def called(output: Output, /, **given: Any) -> int:
        words = {word: given.pop(word) for word in names}
        return _answered(output, name, analysis, words, given)

    names = [*(argument.name for argument in analysis.arguments), *(option.name for option in analysis.options)]
    decorated: Callable[..., Any] = called
    for decorate in reversed(SHARED):
        decorated = decorate(decorated)
    for option in reversed(analysis.options):
        flag = f"--{option.name.replace('_', '-')}"
        decorated = click.option(flag, option.name, metavar=option.metavar, default=option.default,
                                 help=option.meaning, show_default=True)(decorated)  # fmt: skip
    for argument in reversed(analysis.arguments):
        decorated = click.argument(argument.name, metavar=argument.metavar)(decorated)
    return click.command(name, help=doc)(decorated)


def _answered(output: Output, name: str, analysis: Analysis, words: dict[str, Any], given: dict[str, Any]) -> int:
    """Run an analysis with what the command line gave, and tell its answer."""
    from orefolio.analyses.sweep.analysis import Asked

    own = {key: given.pop(key) for key in OWN}
    if own["redo"] and not own["resume"]:
        raise click.UsageError("--redo goes with --resume.")
    engine = _engine(own)
    chosen(given, {})
    case, laid = _case(own)
    settings = chosen(given, {row.setting: f"{row.value:.15g}" for row in case.rows("settings")})
    for warning in settings.warnings:
        output.warn(warning)
    point = _point(case, own, settings)
    place = own["place"] or settings.folder("out") / "sweeps" / f"{_slug(case.name)}-{name}"
    swept: list[Swept] = []
    sweeping = _sweeping(output, case, own, engine, place, laid, swept)
    asked = Asked(case, laid, point, words, sweeping, output.warn)
    answer = analysis.run(asked)
    return _tell(output, name, answer, swept, _kept(output, answer, place), own["as_json"])


def _kept(output: Output, answer: Answer, place: Path) -> list[Path]:
    """The tables and the figure of an analysis, which is also drawn where plotly is there."""
    from orefolio.analyses.sweep.kept import keep
    from orefolio.analyses.sweep.sealed import written_whole
    from orefolio.errors import MissingExtraError
    from orefolio.report.figure import page

    paths = keep(answer, place)
    if answer.figure is not None:
        try:
            written_whole(place / DRAWN, page(answer.figure).encode())
            paths.append(place / DRAWN)
        except MissingExtraError as error:
            output.warn(str(error))
    return paths


def _engine(own: Mapping[str, Any]) -> Engine:
    from orefolio.analyses.sweep.engine import InProcess
    from orefolio.analyses.sweep.local import LocalProcesses

    if own["scheduler"] is not None:
        from orefolio.scale.cluster import Cluster

        return Cluster(own["scheduler"], own["insecure"])
    return LocalProcesses(own["jobs"]) if own["jobs"] else InProcess()


def _case(own: Mapping[str, Any]) -> tuple[Case, tuple[Any, ...]]:
    from orefolio.case.overlay import load_overlay
    from orefolio.case.read import load_case_with_warnings
    from orefolio.errors import Fault, InputError

    case = load_case_with_warnings(click.get_current_context().meta["orefolio.case"]).case
    if own["grid"] is not None and own["grid"] not in case.grids:
        remedy = nearest(own["grid"], case.grids) or f"The case has {', '.join(case.grids)}"
        raise InputError([Fault("--grid", repr(own["grid"]), "a grid of the case", remedy=remedy)])
    return case, tuple(load_overlay(name, case.folder) for name in own["overlays"])


def _point(case: Case, own: Mapping[str, Any], settings: Settings) -> Point:
    from orefolio.analyses.sweep.point import Point
    from orefolio.case.overlay import adjusted_case, parse_lever

    levers = dict(parse_lever(text) for text in own["levers"])
    adjusted_case(case, [], levers)
    asked = {name: item.value for name, item in settings.chosen.items() if name != "out"}
    return Point(levers=levers, grid=own["grid"], options=asked)


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)[:60] or "case"


def _sweeping(
    output: Output, case: Case, own: Mapping[str, Any], engine: Engine, place: Path, laid: Sequence[Any],
    kept: list[Swept],
) -> Sweeping:  # fmt: skip
    """What sweeps points for an analysis, tells how far it is, and says how to go on where it is stopped."""
    from orefolio.analyses.sweep.engine import Work
    from orefolio.analyses.sweep.planning import COLUMNS, MAKER, about, setup_of
    from orefolio.analyses.sweep.run import sweep
    from orefolio.errors import OrefolioError

    base = {row.lever: float(row.base) for row in case.rows("levers")}
    for overlay in laid:
        base |= overlay.levers

    def sweeping(points: Sequence[Point], levers: Sequence[str], part: str = "") -> Swept:
        setup = setup_of(case, own["overlays"], points)
        telling = Telling(output)
        try:
            swept = sweep(
                Work(MAKER, setup), points, engine, place / part if part else place, about=about(setup),
                columns=COLUMNS, stands={name: base[name] for name in levers}, resume=own["resume"],
                redo=own["redo"], progress=telling.heard,
            )  # fmt: skip
        except (KeyboardInterrupt, OrefolioError):
            if telling.standing is not None:
                ended = f"{telling.standing.ended:,} of {len(points):,} points have ended and are kept in {place}"
                output.warn(f"{ended}. The same command with --resume does the rest.")
            raise
        kept.append(swept)
        return swept

    return sweeping


class Telling:
    """Tells on stderr how far a sweep is, now and then and at its end."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.standing: Standing | None = None
        self.told = 0.0

    def heard(self, standing: Standing) -> None:
        """Take one report."""
        self.standing = standing
        now = time.monotonic()
        if now - self.told >= QUIET_SECONDS or standing.ended == standing.points:
            self.told = now
            self.output.note(report(standing))


def report(standing: Standing) -> str:
    """How far a sweep is, in words."""
    kept = f", {standing.kept:,} of them before" if standing.kept else ""
    text = f"{standing.ended:,} of {standing.points:,} points{kept}; {standing.failed:,} failed"
    if standing.ended < standing.points and standing.seconds_left != float("inf"):
        text += f"; about {_duration(standing.seconds_left)} left"
    return text


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _tell(
    output: Output, name: str, answer: Answer, swept: Sequence[Swept], kept: Sequence[Path], as_json: bool
) -> int:
    code, words = judged(swept)
    last = answer.swept
    table = last.folder.path / "table.csv"
    if as_json:
        standing = last.standing
        content = {
            "analysis": name,
            "exit_code": code,
            "folder": last.folder.path,
            "table": table,
            "key": last.folder.key,
            "points": standing.points,
            "done": standing.done,
            "failed": standing.failed,
            "planned": last.redone,
            "seconds": round(standing.seconds, 3),
            "kept": list(kept),
            "sentences": list(answer.sentences),
        }
        output.answer_json(SCHEMA, {**content, **answer.content})
    else:
        rows = list(answer.rows)
        more = last.standing.points - len(rows)
        lines = [*answer.sentences, aligned(answer.headings, rows)]
        lines += [f"and {more:,} more in the table"] if more > 0 and not answer.tables else []
        output.answer("\n".join([*lines, f"TABLE     {table}", *(f"KEPT      {path}" for path in kept)]))
    for word in words:
        output.warn(word)
    return code


def judged(swept: Sequence[Swept]) -> tuple[int, list[str]]:
    """The exit code of sweeps that have ended, and what to warn of."""
    failed = limited = disagrees = 0
    for one in swept:
        for row in one.rows():
            failed += row["state"] == "failed"
            limited += row["status"] in ("feasible", "no_plan")
            disagrees += str(row["audit"] or "").startswith("disagrees")
    words = []
    if failed:
        words.append(f"{failed:,} points have failed; the column failure says why, --resume --redo tries them again")
    if limited:
        words.append(f"{limited:,} points met a limit before the proof; another run may differ there")
    if disagrees:
        words.append(f"the audit disagrees with the plan of {disagrees:,} points; the column audit names the checks")
    return DISAGREES if disagrees else PARTIAL if failed or limited else 0, words
