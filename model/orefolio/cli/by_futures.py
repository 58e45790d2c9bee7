"""The flags of a solve by its futures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from orefolio.api.decompose import Decompose

MOST_WORKERS = 1024
FLAGS: tuple[Callable[[Any], Any], ...] = (
    click.option("--decompose", is_flag=True, help="Solve each future by itself, in turns: for many futures."),
    click.option("--jobs", metavar="N", type=click.IntRange(0, MOST_WORKERS), default=2, show_default=True,
                 help="With --decompose: worker processes; 0: in this process."),
    click.option("--scheduler", metavar="ADDRESS",
                 help="With --decompose: send the futures to this scheduler of dask.distributed."),
    click.option("--insecure", is_flag=True, help="Allow plain TCP to a scheduler on another machine."),
    click.option("--folder", "place", metavar="FOLDER", type=click.Path(path_type=Path),
                 help="With --decompose or --rolling: keep rounds or paths here, not in the folder of runs."),
    click.option("--resume", is_flag=True, help="With --decompose or --rolling: go on from what is kept."),
)  # fmt: skip


def by_futures(function: Any) -> Any:
    """Give a command the flags of a solve by its futures."""
    for flag in reversed(FLAGS):
        function = flag(function)
    return function


def asked_decomposition(
    decompose: bool,
    warm: Path | None,
    jobs: int,
    scheduler: str | None,
    insecure: bool,
    place: Path | None,
    resume: bool,
    rolling: bool = False,
) -> Decompose | None:
    """What the flags ask for; None for a solve as one. Raises UsageError for flags that do not go together."""
    if not decompose:
        given: dict[str, str | Path | bool | None] = {"--scheduler": scheduler, "--insecure": insecure}
        kept: dict[str, str | Path | bool | None] = {"--folder": place, "--resume": resume}
        for flag, value in {**given, **({} if rolling else kept)}.items():
            if value:
                raise click.UsageError(f"{flag} goes with --decompose{' or --rolling' if flag in kept else ''}.")
        return None
    if warm is not None:
        raise click.UsageError("--warm does not go with --decompose; --resume goes on from what is kept.")
    from orefolio.api.decompose import Decompose

    return Decompose(jobs, scheduler, insecure, place, resume)
