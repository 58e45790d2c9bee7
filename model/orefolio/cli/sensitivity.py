"""Plan a case again and again: sweeps over levers, on this machine or a cluster, that go on where they stopped.

What may be asked is the table of contents of `api/sensitivity.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.api.sensitivity import ANALYSES
from orefolio.cli.output import Output, aligned, pass_output
from orefolio.cli.settings import Settings, chosen, options, settled
from orefolio.errors import nearest

if TYPE_CHECKING:
    from orefolio.analyses.sweep.analysis import Analysis
    from orefolio.analyses.sweep.point import Point
    from orefolio.analyses.sweep.run import Standing, Swept
    from orefolio.api.sensitivity import Asked
    from orefolio.case.case import Case

SCHEMA = "orefolio/sensitivity/1"
MOST_JOBS = 256
QUIET_SECONDS = 5.0  # between two lines of progress
DISAGREES, PARTIAL = 5, 3


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
    what is missing. Exit code 0 where every point is proved or was wanted by dives alone, 3 where one failed or met a
    limit, 5 where the audit disagrees with one, 130 where it was interrupted.
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
WORD = "word_"  # before the name of an analysis's own word, which may be one of those
OWN = ("jobs", "scheduler", "insecure", "resume", "redo", "place", "overlays", "levers", "grid", "as_json")


def _command(name: str, analysis: Analysis, doc: str) -> click.Command:
    """The click command of an analysis: its own words and what every sweep takes."""

    @pass_output
    def called(output: Output, /, **given: Any) -> int:
        words = {word: given.pop(WORD + word) for word in names}
        return _answered(output, name, analysis, words, given)

    names = [*(argument.name for argument in analysis.arguments), *(option.name for option in analysis.options)]
    decorated: Callable[..., Any] = called
    for decorate in reversed(SHARED):
        decorated = decorate(decorated)
    for option in reversed(analysis.options):
        flag = f"--{option.name.replace('_', '-')}"
        decorated = click.option(flag, WORD + option.name, metavar=option.metavar, default=option.default,
                                 help=option.meaning, show_default=True)(decorated)  # fmt: skip
    for argument in reversed(analysis.arguments):
        decorated = click.argument(WORD + argument.name, metavar=argument.metavar)(decorated)
    return click.command(name, help=doc)(decorated)


def _answered(output: Output, name: str, analysis: Analysis, words: dict[str, Any], given: dict[str, Any]) -> int:
    """Run an analysis with what the command line gave, and tell its answer."""
    from orefolio.api.sensitivity import Question, ask, engine_of
    from orefolio.tables.folder import slug

    own = {key: given.pop(key) for key in OWN}
    if own["redo"] and not own["resume"]:
        raise click.UsageError("--redo goes with --resume.")
    engine = engine_of(own["jobs"], own["scheduler"], own["insecure"])
    chosen(given, {})
    case, laid = _case(own)
    settings = settled(given, case)
    for warning in settings.warnings:
        output.warn(warning)
    point = _point(case, own, settings)
    place = own["place"] or settings.folder("out") / "sweeps" / f"{slug(case.name)}-{name}"

    def stopped(points: Sequence[Point], standing: Standing) -> None:
        ended = f"{standing.ended:,} of {len(points):,} points have ended and are kept in {place}"
        output.warn(f"{ended}. The same command with --resume does the rest.")

    question = Question(case, laid, point, engine, place, own["resume"], own["redo"], output.warn,
                        Telling(output).heard, stopped)  # fmt: skip
    return _tell(output, name, ask(question, analysis, words), own["as_json"])


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


def _tell(output: Output, name: str, asked: Asked, as_json: bool) -> int:
    answer, swept, kept = asked.answer, asked.swept or [asked.answer.swept], asked.kept
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
    """The exit code of sweeps that have ended, and what to warn of.

    A point that its analysis wants by dives alone, and whose dives ended by themselves, has met no limit.
    """
    from orefolio.analyses.sweep.planning import DIVED

    failed = limited = disagrees = 0
    for one in swept:
        for row in one.rows():
            failed += row["state"] == "failed"
            as_wanted = one.dives and row["status"] == "feasible" and row["note"].startswith(DIVED)
            limited += row["status"] in ("feasible", "no_plan") and not as_wanted
            disagrees += str(row["audit"] or "").startswith("disagrees")
    words = []
    if failed:
        words.append(f"{failed:,} points have failed; the column failure says why, --resume --redo tries them again")
    if limited:
        words.append(f"{limited:,} points met a limit before the proof; another run may differ there")
    if disagrees:
        words.append(f"the audit disagrees with the plan of {disagrees:,} points; the column audit names the checks")
    return DISAGREES if disagrees else PARTIAL if failed or limited else 0, words
