"""Value price support: what each instrument is worth to an investor and costs the state, and the least floor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.changed import changes
from orefolio.cli.output import Output, aligned, pass_output

if TYPE_CHECKING:
    from orefolio.analyses.value import Valued

SCHEMA = "orefolio/value/1"


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--support", is_flag=True, help="Price floors, grants and offtakes for projects that investors finance.")
@changes
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@click.option("--crash", metavar="EVENT", help="Event that stands for a price crash; the first that lowers prices.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def value(
    output: Output,
    /,
    folder: Path,
    support: bool,
    levers: Sequence[str],
    overlays: Sequence[str],
    grid: str | None,
    crash: str | None,
    as_json: bool,
) -> None:
    """Tell what something in the case in the folder CASE is worth, without solving it.

    With --support: for each project of table financed the net present value to its investor under each instrument, in
    expectation, in the worst future and in a price crash that begins when the project is complete; what the state pays;
    and the least price floor that brings it on line.
    """
    if not support:
        raise click.UsageError("Say what is to be valued: --support.")
    from orefolio import api
    from orefolio.analyses.value import valued
    from orefolio.case.overlay import parse_lever

    study = api.load(folder)
    if overlays or levers:
        study = study.what_if(*overlays, **dict(parse_lever(text) for text in levers))
    for warning in study.warnings:
        output.warn(warning)
    if grid is not None and grid not in study.case.grids:
        raise click.UsageError(f"The case has no grid {grid!r}; it has {', '.join(study.case.grids)}.")
    found = valued(study.case, grid, crash)
    if as_json:
        output.answer_json(SCHEMA, {"case": study.case.name, "projects": [_plain(one) for one in found]})
    else:
        crash = f" The crash is the event {found[0].crash}." if found and found[0].crash else ""
        heading = "Million USD: NPV at the start and at the investor's rate, what the state pays at the case's."
        output.answer("\n\n".join([heading + crash, *map(_block, found)]))


def _block(one: Valued) -> str:
    who = "an investor finances it" if one.private else "as if an investor financed it"
    lines = [f"{one.project}: {one.name}, {one.size:,.0f} t/year from {one.started}, {who}"]
    columns = ["instrument", "NPV", "at worst", "in", "in a crash", "state pays", "at most", "in", "in a crash"]
    rows = [
        [
            each.instrument,
            *(_money(each.npv), _money(each.npv_least), each.least_in, _money(each.crash_npv)),
            *(_money(each.outlay), _money(each.outlay_largest), each.largest_in, _money(each.crash_outlay)),
        ]
        for each in one.offered
    ]
    return "\n".join([*lines, aligned(columns, rows), _floor(one)])


def _money(musd: float | None) -> str:
    return "" if musd is None else f"{musd:,.1f}"


def _floor(one: Valued) -> str:
    """The sentence about the least floor, with its proof."""
    multiple = one.floor.multiple
    if multiple is None:
        return "No price floor brings it on line."
    if multiple == 0.0:
        return "It comes on line without a price floor."
    proof = f"NPV there {abs(one.floor.at):.6f}, a millionth lower {one.floor.below:.6f} million USD"
    return f"The least floor that brings it on line is {multiple:.4f} x the Chinese price of the base year ({proof})."


def _plain(one: Valued) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(one), "floor": {**asdict(one.floor), "proved": one.floor.proved}}
