"""Hedge progressively over the futures of a case, with mpi-sppy on MPI ranks; every bound is checked against ours."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.changed import changes
from orefolio.cli.output import Output, pass_output
from orefolio.cli.settings import options
from orefolio.cli.solve import asked_options, asked_study

if TYPE_CHECKING:
    from orefolio.solve import Options

SCHEMA = "orefolio/hedge/1"
PROVED, LIMITED, DISAGREES = 0, 3, 5
UNIT = "million USD"


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@changes
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@click.option("--ranks", type=int, default=3, show_default=True, help="MPI ranks: a third each for hub and bounds.")
@click.option("--launcher", metavar="WORDS", help="What starts the ranks, such as 'srun -n {ranks}'. [mpiexec]")
@click.option("--iterations", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
@click.option("--rho", type=click.FloatRange(0, min_open=True), default=0.1, show_default=True, help="Penalty factor.")
@options("abs_gap", "gap", "time_limit", "out")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def hedge(
    output: Output,
    /,
    folder: Path,
    levers: Sequence[str],
    overlays: Sequence[str],
    grid: str | None,
    ranks: int,
    launcher: str | None,
    iterations: int,
    rho: float,
    as_json: bool,
    **flags: str | None,
) -> int:
    """Hedge progressively over the futures of the case in the folder CASE, on MPI ranks.

    Bound and cost are proved by our own solver on what mpi-sppy found, not taken from it. The folder with its log, its
    answer and its plan is written to --out, which every rank must reach. Exit code 0 where bound and plan meet the
    asked gap, 3 where a limit came first, 5 where mpi-sppy's bounds and ours contradict each other.
    """
    study, settings = asked_study(output, folder, levers, overlays, {**flags, **UNASKED})
    asked = asked_options(settings)
    from orefolio.case.asked import grid_of
    from orefolio.case.overlay import parse_levers
    from orefolio.scale.launch import LAUNCHER, checked_ranks, command, launched

    checked_ranks(ranks, len(study.case.rows("futures")))
    task = {
        "case": str(folder.resolve()),
        "overlays": [str(overlay.path.resolve()) for overlay in study.laid],
        "levers": parse_levers(levers),
        "grid": grid_of(study.case, grid),
        "rho": rho,
        "hedging": {
            "iterations": iterations,
            "abs_gap": asked.abs_gap,
            "gap": asked.gap,
            "seconds": asked.time_limit,
        },
        "options": asdict(asked),
    }
    place = _place(settings.folder("out"), study.case.name)
    words = command(launcher or LAUNCHER, ranks, place)
    output.note(
        f"hedging over {len(study.case.rows('futures'))} futures on {ranks} ranks; their log is {place}/mpi.log"
    )
    answer = launched(words, place, task)
    content = judged(answer, asked)
    _answer(output, {**content, "folder": place}, as_json)
    for sentence in content["disagreements"]:
        output.fail(f"mpi-sppy and the check disagree: {sentence}")
    return int(content["exit_code"])


UNASKED = {"node_limit": None, "threads": None, "seed": None, "size_limit": None}
"""Settings of a solve that mean nothing here."""


def _place(out: Path, name: str) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"hedge-{name}-", dir=out.resolve()))


def judged(answer: dict[str, Any], asked: Options) -> dict[str, Any]:
    """The answer of the ranks with its gap, status and exit code."""
    objective, bound = answer["objective"], answer["bound"]
    both = objective is not None and bound is not None
    gap = max(0.0, objective - bound) if both else None
    reached = both and asked.reached(objective, bound)
    status = "optimal" if reached else "no_plan" if objective is None else "feasible"
    code = PROVED if reached else LIMITED
    if answer["disagreements"]:
        status, code = "unknown", DISAGREES
    share = gap / abs(objective) if gap is not None and objective else None
    return {"status": status, **answer, "abs_gap": gap, "gap": share, "exit_code": code}


def _answer(output: Output, content: dict[str, Any], as_json: bool) -> None:
    if as_json:
        output.answer_json(SCHEMA, content)
        return
    said = content["reported"]
    output.answer(
        "\n".join(
            (
                f"{content['status']} after {content['iterations']} iterations, {content['wall_seconds']:.1f} seconds",
                f"cost   {_amount(content['objective'])}   mpi-sppy says {_amount(said['inner'])}",
                f"bound  {_amount(content['bound'])}   mpi-sppy says {_amount(said['outer'])}",
                f"gap    {_amount(content['abs_gap'])}",
            )
        )
    )


def _amount(value: float | None) -> str:
    return "none" if value is None or not math.isfinite(value) else f"{value:,.3f} {UNIT}"
