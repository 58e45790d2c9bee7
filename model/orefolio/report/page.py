"""One HTML file from a run folder and its analyses, or from several runs held against the first: no network needed."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orefolio.errors import Fault, InputError, MissingExtraError, OrefolioError

from .brief import Short, brief
from .comparison import compared
from .drawing import look, template
from .figure import FONT, INSTALL
from .reading import Read
from .section import Figure, Part, Section
from .sections import SECTIONS

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; "
    "form-action 'none'"
)
"""Only the two scripts of the page run, and nothing is fetched, whatever a name or a figure holds."""

NUMBER = re.compile(r"[+−-]?[\d,]*\.?\d+(e[+-]?\d+)?(\u00a0%)?", re.ASCII)
"""A cell that stands on the right of its column."""
MONTH = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """A section as the template takes it. figures: each with its place among the figures drawn, None where none is."""

    name: str
    question: str
    part: Part
    figures: Sequence[tuple[Figure, int | None]]


def page(runs: Sequence[Path]) -> str:
    """HTML of one run, or of several against the first. Raises InputError and MissingExtraError."""
    library = _library()
    reads = [Read.of(run) for run in runs]
    short: Sequence[Short] = ()
    if len(reads) == 1:
        read = reads[0]
        title = str(read.record["case"]["title"] or read.record["case"]["name"])
        parts = [(file.SECTION, _answered(file.SECTION, read)) for file in SECTIONS]
        short = brief(read)
    else:
        title = f"{len(reads)} runs, each against the first"
        parts = compared(reads)
    drawn: list[dict[str, Any]] = []
    shown = [Shown(section.name, section.question, part, _placed(part, drawn)) for section, part in parts]
    subtitle = f"{reads[0].path.name} · orefolio {reads[0].record['versions'].get('orefolio', '')}"
    if len(reads) > 1:
        subtitle = " · ".join(read.path.name for read in reads)
    return _written({"title": title, "subtitle": subtitle, "brief": short, "sections": shown}, drawn, library)


def _answered(section: Section, read: Read) -> Part:
    """What a section says of a run. Raises InputError where the run holds something that is no table of a run."""
    try:
        return section.answer(read)
    except OrefolioError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        found = f"what cannot be read ({type(error).__name__}: {error})"
        raise InputError([Fault(str(read.path), found, f"what the section {section.name!r} reads of a run")]) from error


def _placed(part: Part, drawn: list[dict[str, Any]]) -> list[tuple[Figure, int | None]]:
    """Put the figures of a section among those drawn."""
    look_of_all = template()
    placed: list[tuple[Figure, int | None]] = []
    for figure in part.figures:
        placed.append((figure, None if figure.drawn is None else len(drawn)))
        if figure.drawn is not None:
            drawn.append(look(figure.drawn, look_of_all))
    return placed


def _written(content: Mapping[str, Any], drawn: Sequence[Mapping[str, Any]], library: str) -> str:
    """The page through its template. library: the source of plotly.js, once for all figures."""
    import jinja2

    loader = jinja2.FileSystemLoader(HERE)
    room = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    room.tests["number_text"] = lambda cell: bool(cell and NUMBER.fullmatch(cell))
    room.tests["month_text"] = lambda cell: bool(cell and MONTH.fullmatch(cell))
    script = (HERE / "page.js").read_text(encoding="utf-8")
    html: str = room.get_template("page.html").render(
        **content,
        font=FONT,
        style=(HERE / "page.css").read_text(encoding="utf-8"),
        script=script,
        library=library,
        figures=in_script(drawn),
        policy=POLICY.format(scripts=" ".join(map(_hash, (library, script)))),
    )
    return html


def in_script(content: object) -> str:
    """JSON that stays inside its script element, whatever its texts hold. Raises ValueError for NaN and infinity."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _hash(script: str) -> str:
    """A script as a content-security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _library() -> str:
    """The source of plotly.js. Raises MissingExtraError where plotly or jinja2 is not there."""
    try:
        import jinja2  # noqa: F401
        import plotly.offline
    except ImportError as error:
        raise MissingExtraError(f"A report needs plotly and jinja2. Install with: {INSTALL}") from error
    source: str = plotly.offline.get_plotlyjs()
    return source.replace("\r\n", "\n").replace("</script", "<\\/script")
