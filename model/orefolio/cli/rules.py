"""List the rules of a case, or bracket what the rule on Chinese content costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from orefolio.cli.changed import changed_case, changes
from orefolio.cli.output import Output, aligned, pass_output

SCHEMA = "orefolio/rules/1"


@click.command()
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--list", "listed", is_flag=True, help="Only list the rules of the case, without a solve.")
@changes
@click.option("--threshold", "thresholds", type=click.FloatRange(0, 1), multiple=True, help="Content, share; repeat.")
@click.option("--deterministic", is_flag=True, help="The trunk's own continuation alone.")
@click.option("--grid", help="Another grid of the case.")
@click.option("--abs-gap", type=float, default=5.0, show_default=True, help="Million USD to which each solve proves.")
@click.option("--time-limit", type=float, default=300.0, show_default=True, help="Seconds for each solve.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def rules(
    output: Output,
    case: Path,
    listed: bool,
    overlays: Sequence[str],
    levers: Sequence[str],
    thresholds: Sequence[float],
    deterministic: bool,
    grid: str | None,
    abs_gap: float,
    time_limit: float,
    as_json: bool,
) -> None:
    """What the rule on Chinese content costs in CASE, between its two accountings.

    At thresholds of 0, 0.1 %, 1 %, 10 %, 25 %, that of the case, and off, under both readings of equipment: the cost
    where lots are kept apart, and by mass balance over the path. The truth lies between; the intervals are proved.
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
    found = cost_of_rule(
        loaded,
        thresholds,
        futures=trunk if deterministic else None,
        grid=grid,
        options=Options(abs_gap=abs_gap, time_limit=time_limit),
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
