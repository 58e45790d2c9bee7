"""Analyses of sensitivity, asked by a command or by a method of a case: who plans the points, and what is kept.

ANALYSES is the table of contents. To add an analysis, write one file with an `Analysis` and one line in the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orefolio.errors import Fault, InputError, MissingExtraError, OrefolioError, nearest

if TYPE_CHECKING:
    from orefolio.analyses.sweep.analysis import Analysis, Answer
    from orefolio.analyses.sweep.engine import Engine
    from orefolio.analyses.sweep.point import Point
    from orefolio.analyses.sweep.run import Standing, Swept
    from orefolio.api import Study
    from orefolio.case.case import Case
    from orefolio.case.overlay import Overlay

ANALYSES = {
    "points": "orefolio.analyses.sweep.points:ANALYSIS",
    "tornado": "orefolio.analyses.sensitivity.tornado:ANALYSIS",
    "breakeven": "orefolio.analyses.sensitivity.breakeven:ANALYSIS",
    "grid": "orefolio.analyses.sensitivity.grid:ANALYSIS",
    "screen": "orefolio.analyses.sensitivity.screen:ANALYSIS",
    "global": "orefolio.analyses.sensitivity.shares:ANALYSIS",
    "discover": "orefolio.analyses.sensitivity.discover:ANALYSIS",
    "frontier": "orefolio.analyses.sensitivity.frontier:ANALYSIS",
    "alternatives": "orefolio.analyses.sensitivity.alternatives:ANALYSIS",
    "stress": "orefolio.analyses.sensitivity.stress:ANALYSIS",
    "value": "orefolio.analyses.sensitivity.value:ANALYSIS",
    "rules": "orefolio.analyses.sensitivity.rules:ANALYSIS",
}

DRAWN = "figure.html"


@dataclass(frozen=True)
class Question:
    """What an analysis is asked of, and how its points are planned.

    case: as read; laid: the overlays over it; point: levers and options at all points; place: the folder that is
    written. resume: go on with the sweep that is there; redo: what failed or was altered too. warn: is told what needs
    attention; heard: how far a sweep is; stopped: where one was stopped.
    """

    case: Case
    laid: Sequence[Overlay]
    point: Point
    engine: Engine
    place: Path
    resume: bool = False
    redo: bool = False
    warn: Callable[[str], None] = lambda _: None
    heard: Callable[[Standing], None] = lambda _: None
    stopped: Callable[[Sequence[Point], Standing], None] = lambda *_: None


@dataclass
class Asked:
    """An analysis that has ended. swept: every sweep of it; kept: the files beside them."""

    answer: Answer
    swept: list[Swept] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)


def analysis_of(name: str) -> Analysis:
    """An analysis by its name. Raises InputError for one that there is not."""
    if name not in ANALYSES:
        known = f"It is one of {', '.join(ANALYSES)}"
        raise InputError([Fault("sensitivity", repr(name), "an analysis", remedy=nearest(name, ANALYSES) or known)])
    module, _, attribute = ANALYSES[name].partition(":")
    found: Analysis = getattr(import_module(module), attribute)
    return found


def engine_of(jobs: int = 1, scheduler: str | None = None, insecure: bool = False) -> Engine:
    """Who plans the points: a cluster, so many processes of this machine, or with 0 this process itself."""
    from orefolio.analyses.sweep.engine import InProcess
    from orefolio.analyses.sweep.local import LocalProcesses

    if scheduler is not None:
        from orefolio.scale.cluster import Cluster

        return Cluster(scheduler, insecure)
    return LocalProcesses(jobs) if jobs else InProcess()


def ask(question: Question, analysis: Analysis, words: Mapping[str, str | None]) -> Asked:
    """Run an analysis and keep what it leaves. words: by name, blank where they were not given.

    Raises what the analysis and the sweep raise.
    """
    from orefolio.analyses.sweep import analysis as form
    from orefolio.analyses.sweep.kept import keep

    swept: list[Swept] = []
    asked = form.Asked(
        question.case, tuple(question.laid), question.point, words, _sweeping(question, swept), question.warn
    )
    answer = analysis.run(asked)
    kept = keep(answer, question.place, question.point)
    return Asked(answer, swept, [*kept, *_drawn(answer, question)])


def _drawn(answer: Answer, question: Question) -> list[Path]:
    """The figure as a page, where plotly is there."""
    from orefolio.analyses.sweep.sealed import written_whole
    from orefolio.report.figure import page

    if answer.figure is None:
        return []
    try:
        written_whole(question.place / DRAWN, page(answer.figure).encode())
    except MissingExtraError as error:
        question.warn(str(error))
        return []
    return [question.place / DRAWN]


def _sweeping(question: Question, swept: list[Swept]) -> Any:
    """What sweeps points for an analysis, and tells how far it is."""
    from orefolio.analyses.sweep.engine import Work
    from orefolio.analyses.sweep.folder import follows
    from orefolio.analyses.sweep.planning import COLUMNS, MAKER, about, setup_of
    from orefolio.analyses.sweep.run import sweep

    base = {row.lever: question.case.stands_at(row.lever) for row in question.case.rows("levers")}
    for overlay in question.laid:
        base |= overlay.levers

    def sweeping(points: Sequence[Point], levers: Sequence[str], part: str = "", dives: bool = False) -> Swept:
        setup = setup_of(question.case, [overlay.path for overlay in question.laid], points)
        of = about(setup) | (follows(swept[-1].folder.path) if swept else {})
        last: list[Standing] = []

        def heard(standing: Standing) -> None:
            last[:] = [standing]
            question.heard(standing)

        try:
            done = sweep(
                Work(MAKER, setup), points, question.engine, question.place / part if part else question.place,
                about=of, columns=COLUMNS, stands={name: base[name] for name in levers},
                resume=question.resume, redo=question.redo, progress=heard,
            )  # fmt: skip
        except (KeyboardInterrupt, OrefolioError):
            if last:
                question.stopped(points, last[0])
            raise
        swept.append(replace(done, dives=dives))
        return swept[-1]

    return sweeping


def asked_of(study: Study, name: str, out: Path, jobs: int, given: Mapping[str, Any]) -> Answer:
    """Ask an analysis of a case as it stands. given: its words, options, and how its points are planned."""
    from orefolio.analyses.sweep.point import Point
    from orefolio.solve import Options

    rest = dict(given)
    who = {key: rest.pop(key) for key in ("scheduler", "insecure") if key in rest}
    warn, grid = rest.pop("warn", lambda _: None), rest.pop("grid", None)
    options = {each.name: rest.pop(each.name) for each in fields(Options) if each.name in rest}
    analysis = analysis_of(name)
    words = words_of(analysis, rest)
    point = Point(levers=dict(study.levers), grid=grid, options=options)
    case = study.origin or study.case
    place = folder_of(out, case, name, words, point)
    question = Question(case, study.laid, point, engine_of(jobs, **who), place, resume=True, warn=warn)
    return ask(question, analysis, words).answer


def words_of(analysis: Analysis, given: Mapping[str, object]) -> dict[str, str | None]:
    """The words of an analysis from what was given by name. Raises InputError for one too many or too few."""
    known = {each.name: None for each in analysis.arguments} | {each.name: each.default for each in analysis.options}
    faults = [
        Fault(name, "a word that the analysis does not take", "a word of it", remedy=nearest(name, known) or "")
        for name in given
        if name not in known
    ]
    faults += [Fault(each.name, "nothing", each.metavar) for each in analysis.arguments if each.name not in given]
    if faults:
        raise InputError(faults)
    return known | {name: None if value is None else str(value) for name, value in given.items()}


def folder_of(out: Path, case: Case, name: str, words: Mapping[str, str | None], point: Point) -> Path:
    """Where a method keeps an analysis: the same question has the same folder, and goes on there."""
    from orefolio.analyses.sweep.sealed import canonical
    from orefolio.tables.folder import slug

    asked = hashlib.sha256(canonical([dict(words), point.plain()]).encode()).hexdigest()[:8]
    return out / "sweeps" / f"{slug(case.name)}-{name}-{asked}"
