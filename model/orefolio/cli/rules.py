"""List the rules of a case, or bracket what the rule on Chinese content costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from orefolio.cli.changed import changed_case, changes
from orefolio.cli.output import Output, aligned, pass_output
from orefolio.cli.settings import options, settled

SCHEMA = "orefolio/rules/1"


@click.command()
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--list", "listed", is_flag=True, help="Only list the rules of the case, without a solve.")
@changes
@click.option(
    "--threshold",
    "thresholds",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
    multiple=True,
    help="Ask at this threshold; repeatable.",
)
@click.option("--deterministic", is_flag=True, help="Plan for the trunk's own continuation alone.")
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@options("abs_gap", "time_limit")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def rules(
    output: Output,
    /,
    case: Path,
    listed: bool,
    overlays: Sequence[str],
    levers: Sequence[str],
    thresholds: Sequence[float],
    deterministic: bool,
    grid: str | None,
    as_json: bool,
    **flags: str | None,
) -> None:
    """Bracket what the rule on Chinese content costs in the case in the folder CASE, between its two accountings.

    At thresholds of 0, 0.1 %, 1 %, 10 %, 25 %, that of the case, and off, under both readings of equipment: the cost
    where lots are kept apart, and by mass balance over the path. The truth lies between; the intervals are proved. The
    gap and the time limit hold for each solve.
    """
    from orefolio.analyses.rules import catalogue, cost_of_rule
    from orefolio.solve import Options

    loaded = changed_case(case, overlays, levers)
    entries = list(catalogue(loaded))
    if listed:
        if as_json:
            output.answer_json(SCHEMA, {"rules": entries})
        else:
            output.answer(_catalogue(entries))
        return
    trunk = [row.future for row in loaded.rows("futures") if row.onset is None]
    settings = settled(flags, loaded)
    found = cost_of_rule(
        loaded,
        thresholds,
        futures=trunk if deterministic else None,
        grid=grid,
        options=Options(abs_gap=settings.number("abs_gap"), time_limit=settings.number("time_limit")),
        say=output.note,
    )
    rows = [reading.row() for reading in found]
    if as_json:
        output.answer_json(SCHEMA, {"rules": entries, "readings": rows})
        return
    header = ("threshold", "equipment", "lots apart, million USD", "mass balance, million USD", "the rule costs")
    output.answer(aligned(header, [_line(row) for row in rows]))
    output.answer("Each interval is [proved bound, plan]. What keeping the rule costs lies in the last one.")


def _catalogue(entries: list[dict[str, Any]]) -> str:
    rows = []
    for entry in entries:
        dates = [f"{word} {entry[key]}" for word, key in (("from", "from_date"), ("to", "to_date")) if entry[key]]
        force = " ".join([f"{entry['in_force_share']:g}", *dates])
        uses = "; ".join(f"{table}: {' '.join(names)}" for table, names in entry["used_by"].items())
        share = f"{entry['threshold_share']:g} of {entry['basis']}" if entry["threshold_share"] else ""
        switch, counts, tags = "on" if entry["enabled"] else "off", " ".join(entry["counts"]), " ".join(entry["tags"])
        what = (entry["rule"], entry["kind"], switch, force, share, counts, tags)
        rows.append((*what, uses, entry["name"], entry["citation"]))
    header = ("rule", "kind", "switch", "in force", "threshold", "counts", "tags", "used by", "name", "citation")
    return aligned(header, rows)


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    threshold = "off" if row["threshold_share"] is None else f"{row['threshold_share']:.4g}"
    equipment = {True: "counts", False: "does not count", None: ""}[row["counts_equipment"]]
    spans = [_span(row[f"{name}_bound_musd"], row[f"{name}_musd"]) for name in ("segregated", "mass_balance")]
    extra = _span(row["rule_costs_at_least_musd"], row["rule_costs_at_most_musd"])
    return (threshold, equipment, *spans, "" if row["threshold_share"] is None else extra)


def _span(least: float, most: float) -> str:
    return f"[{least:,.1f}, {most:,.1f}]"
