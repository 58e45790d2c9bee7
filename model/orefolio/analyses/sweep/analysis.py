"""What an analysis of sensitivity is: the words that it takes from a command line, and what it does with a case.

A new one is one file with an `Analysis` and one line in ANALYSES of the command `sensitivity`. The first line of the
file's docstring is its line in the help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from orefolio.case.case import Case
from orefolio.case.overlay import Overlay, adjusted_case, further_adjusted
from orefolio.markup import block, paragraph, table

from .point import Point
from .run import Swept


@dataclass(frozen=True)
class Argument:
    """A word that has to be given. name: under which `run` finds its text."""

    name: str
    metavar: str


@dataclass(frozen=True)
class Option:
    """A flag `--name VALUE` that may be given; its text is `default` where it is not."""

    name: str
    metavar: str
    meaning: str
    default: str | None = None


class Sweeping(Protocol):
    """Sweeps points on the engine that was asked for. levers: shown in the table. part: names a further sweep.

    dives: whether dives alone are what the analysis wants of these points.
    """

    def __call__(self, points: Sequence[Point], levers: Sequence[str], part: str = "", dives: bool = False) -> Swept:
        """Raises what `sweep` raises."""
        ...


@dataclass(frozen=True)
class Asked:
    """What an analysis works with.

    case: as read; laid: the overlays over it; point: the levers and options of the command line; words: by name; warn:
    tells what needs attention.
    """

    case: Case
    laid: tuple[Overlay, ...]
    point: Point
    words: Mapping[str, str | None]
    sweep: Sweeping
    warn: Callable[[str], None]

    def case_at(self, point: Point) -> Case:
        """The case at a point without overlays of its own. Raises InputError where the case does not allow it."""
        return further_adjusted(adjusted_case(self.case, self.laid, point.levers), point.adjustments)


@dataclass(frozen=True)
class Table:
    """A table of an analysis; headings carry units. It is kept as NAME.csv beside the points."""

    headings: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Answer:
    """What is shown: sentences, then headings and rows for people; content for --json beside what every sweep says.

    tables: kept by name in the folder of the sweep. figure: what plotly draws, as plain `data` and `layout`; kept there
    as figure.json and, where plotly is there, as figure.html.
    """

    swept: Swept
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]
    content: Mapping[str, Any]
    sentences: Sequence[str] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    figure: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return "\n".join(self.sentences) or "<answer without a sentence>"

    def _repr_html_(self) -> str:
        """The sentences and the rows, for a notebook."""
        rows = table(self.headings, self.rows) if isinstance(self.rows, Sequence) else ""
        return block(*map(paragraph, self.sentences), rows)


@dataclass(frozen=True)
class Analysis:
    """An analysis. run raises InputError for words that are wrong."""

    run: Callable[[Asked], Answer]
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
