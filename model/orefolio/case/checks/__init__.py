"""What must hold in a case."""

from __future__ import annotations

from collections.abc import Iterator

from orefolio.errors import Fault

from ..case import Case


def faults_of(case: Case) -> Iterator[Fault]:
    """Everything wrong."""
    yield from ()


def warnings_of(case: Case) -> Iterator[Fault]:
    """Everything that deserves attention."""
    yield from ()
