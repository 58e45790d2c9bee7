"""The case that a command was given, with what its flags `--overlay` and `--set` lay over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from orefolio.case.case import Case

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def changes(command: Decorated) -> Decorated:
    """Give a command the two flags; it gets the names of overlays as `overlays` and LEVER=VALUE as `levers`."""
    lever = click.option("--set", "levers", multiple=True, metavar="LEVER=VALUE", help="Turn a lever; repeatable.")
    overlay = click.option(
        "--overlay", "overlays", multiple=True, metavar="FILE", help="Lay an overlay over the case; repeatable."
    )
    return overlay(lever(command))


def changed_case(folder: Path, overlays: Sequence[str], levers: Sequence[str]) -> Case:
    """The case in a folder as changed; raises InputError with every fault of the folder, an overlay or a lever."""
    from orefolio.case.overlay import adjusted_case, load_overlay, parse_levers
    from orefolio.case.read import load_case

    case = load_case(folder)
    if not overlays and not levers:
        return case
    return adjusted_case(case, [load_overlay(name, folder) for name in overlays], parse_levers(levers))
