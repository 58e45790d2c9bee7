"""Show the as-is years of a case and two cuts of supply beside the facts of the register, with their ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import click

from orefolio.cli.changed import changed_case, changes
from orefolio.cli.output import Output, aligned, pass_output

if TYPE_CHECKING:
    from orefolio.analyses.calibration import Calibration, Finding
    from orefolio.facts import Fact, Facts

SCHEMA = "orefolio/calibrate/1"
WIDTH = 118
HEADINGS = ("figure", "year", "model", "fact", "range", "unit", "inside", "fact id")
ABOUT = (
    "An as-is year is one calendar year of the trunk in which nothing new is decided: no project, no programme, no "
    "contract beyond those in force and the spot markets, nothing bought for stock. In years before {base} no export "
    "licence stands and no end use is refused. A cut refuses every export licence for Chinese material and closes "
    "traders in it from the first of January; its loss is value lost by shortage and penalties of least service, over "
    "the same year without it. Tonnes of elements are tonnes of oxide."
)


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@changes
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def calibrate(output: Output, folder: Path, overlays: Sequence[str], levers: Sequence[str], as_json: bool) -> None:
    """Hold the case in the folder CASE against its table calibration.csv.

    Each figure of the model stands beside a fact and its range. What lies outside is explained by a conflict of the
    register's sources, or is warned of; the exit code is 0 either way.
    """
    from orefolio.analyses.calibration import calibrate as calibrated
    from orefolio.facts import load_facts

    register = load_facts()
    result = calibrated(changed_case(folder, overlays, levers), register, output.detail)
    if as_json:
        output.answer_json(SCHEMA, _record(result, register))
    else:
        output.answer(_page(result, register))
    for finding in result.unexplained:
        told = f"{_told(finding.model)} {finding.unit} against {_span(finding)}"
        output.warn(f"{finding.group}, {finding.name}: {told}, and no conflict of sources explains it.")


def _page(result: Calibration, register: Facts) -> str:
    case = result.case
    parts = [f"{case.title} ({case.name}): calibration", fill(ABOUT.format(base=case.base_year), WIDTH)]
    parts.append(aligned(HEADINGS, _lines(result.findings)))
    if result.losses:
        parts.append(_losses(result))
    parts += [part for part in (_outside(result, register), _notes(result), _sources(result, register)) if part]
    parts.append(_sum(result))
    return "\n\n".join(parts)


def _lines(findings: Iterable[Finding]) -> Iterator[tuple[object, ...]]:
    group = ""
    for finding in findings:
        if finding.group != group:
            group = finding.group
            yield (group, *[""] * (len(HEADINGS) - 1))
        fact = (_told(finding.fact.number), _span(finding)) if finding.fact else ("-", "-")
        known = finding.fact.id if finding.fact else ""
        yield (f"  {finding.name}", finding.year, _told(finding.model), *fact, finding.unit, _verdict(finding), known)


def _verdict(finding: Finding) -> str:
    if finding.inside is None:
        return "no fact"
    return "yes" if finding.inside else f"no: {finding.conflict or 'warned'}"


def _told(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _span(finding: Finding) -> str:
    return f"{_told(finding.low)} to {_told(finding.high)}" if finding.low < finding.high else _told(finding.low)


def _losses(result: Calibration) -> str:
    unit, scale = result.loss_unit, result.loss_scale
    rows = [
        (
            f"{cut.months} months of {cut.year}",
            "locked" if cut.locked else "free",
            *(_told(musd * scale) for musd in (cut.without_musd, cut.in_cut_musd, cut.after_musd, cut.total_musd)),
            _told(cut.usual_short_t),
            _told(cut.short_t),
        )
        for cut in result.losses
    ]
    headings = ("cut", "stock", "without it", "added in it", "added after it", "year in all", "short t", "with cut t")
    return f"Losses of the year by cut, {unit}\n" + aligned(headings, rows)


def _outside(result: Calibration, register: Facts) -> str:
    named: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.conflict:
            named.setdefault(finding.conflict, []).append(finding)
    parts = []
    for key, findings in named.items():
        conflict = register.conflicts[key]
        what = "; ".join(finding.name for finding in findings)
        text = f"{key} {conflict.topic}. {conflict.what_each_says} Taken: {conflict.chosen} {conflict.why} ({what})"
        parts.append(fill(text, WIDTH, subsequent_indent="  "))
    return "Outside the range, and the conflict of sources that explains it\n" + "\n".join(parts) if parts else ""


def _notes(result: Calibration) -> str:
    noted = [finding for finding in result.findings if finding.note]
    lines = [fill(f"{f.group}, {f.name}: {f.note}", WIDTH, subsequent_indent="  ") for f in noted]
    return "Notes\n" + "\n".join(lines) if lines else ""


def _sources(result: Calibration, register: Facts) -> str:
    facts = {finding.fact.id: finding.fact for finding in result.findings if finding.fact}
    lines = [fill(f"{fact.id}: {_cited(fact, register)}", WIDTH, subsequent_indent="  ") for fact in facts.values()]
    return "Facts (`orefolio facts ID` shows one in full)\n" + "\n".join(lines) if lines else ""


def _cited(fact: Fact, register: Facts) -> str:
    titles = []
    for key in fact.source:
        source = register.sources[key]
        titles.append(", ".join(filter(None, (source.publisher, source.title, source.date))))
    return f"{fact.statement} {'; '.join(titles)}; confidence {fact.confidence}."


def _sum(result: Calibration) -> str:
    held = [finding for finding in result.findings if finding.inside is not None]
    inside = sum(finding.inside is True for finding in held)
    explained = len(held) - inside - len(result.unexplained)
    counts = f"{inside} inside the range, {explained} outside and explained, {len(result.unexplained)} unexplained"
    return f"{len(held)} figures beside a fact: {counts}; {len(result.findings) - len(held)} shown without a fact"


def _record(result: Calibration, register: Facts) -> dict[str, object]:
    """The page as one JSON object."""
    conflicts = sorted({finding.conflict for finding in result.findings} - {""})
    return {
        "case": result.case.name,
        "title": result.case.title,
        "levers": dict(result.case.turned),
        "figures": [_figure(finding) for finding in result.findings],
        "cuts": [
            {
                "year": cut.year,
                "months": cut.months,
                "stock": "locked" if cut.locked else "free",
                "unit": result.loss_unit,
                "without_cut": cut.without_musd * result.loss_scale,
                "added_in_cut": cut.in_cut_musd * result.loss_scale,
                "added_after_cut": cut.after_musd * result.loss_scale,
                "year_in_all": cut.total_musd * result.loss_scale,
                "short_t_without_cut": cut.usual_short_t,
                "short_t": cut.short_t,
            }
            for cut in result.losses
        ],
        "conflicts": {key: register.conflicts[key] for key in conflicts},
        "unexplained": [finding.target for finding in result.unexplained],
    }


def _figure(finding: Finding) -> dict[str, object]:
    fact = finding.fact
    return {
        "target": finding.target,
        "group": finding.group,
        "name": finding.name,
        "measure": finding.measure,
        "year": finding.year,
        "model": finding.model,
        "unit": finding.unit,
        "fact": fact.id if fact else None,
        "value": fact.number if fact else None,
        "low": finding.low if fact else None,
        "high": finding.high if fact else None,
        "inside": finding.inside,
        "conflict": finding.conflict or None,
        "source": list(fact.source) if fact else [],
        "note": finding.note,
    }
