"""Compare runs with the first: cost with what is proved, decisions gained, lost and moved, dependence, stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from orefolio.cli.output import Output, aligned, pass_output

SCHEMA = "orefolio/compare/1"
MOST = 15
YEARS = (2027, 2030, 2035, 2040)


@click.command()
@click.argument("runs", metavar="RUN RUN…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def compare(output: Output, runs: Sequence[Path], as_json: bool) -> None:
    """Compare run folders with the first of them.

    The best cost of a run lies between its proved bound and its plan. Where the intervals of two runs overlap, no
    change is proved, whatever the plans show.
    """
    if len(runs) < 2:
        raise click.UsageError("Name at least two run folders.")
    from orefolio import api

    found = api.compare(*(api.open_run(run) for run in runs))
    if as_json:
        output.answer_json(SCHEMA, found)
        return
    standing = [
        (f"{number}", run["run"], _musd(run["objective"]), _musd(run["bound"]), run["status"])
        for number, run in enumerate(found["runs"], 1)
    ]
    output.answer(aligned(("", "run", "cost, million USD", "proved bound", "status"), standing))
    for number, change in enumerate(found["changes"], 2):
        output.answer("\n" + "\n".join(_change(number, change)))


def _change(number: int, change: dict[str, Any]) -> Iterator[str]:
    cost = change["cost"]
    yield f"{number} against 1: {_verdict(cost)}"
    decisions = change["decisions"]
    for what in ("gained", "lost", "moved"):
        rows = decisions[what]
        for row in rows[:MOST]:
            ends = [_sizes(row[key]) for key in ("before", "after") if key in row]
            yield f"  {what:6}  {row['kind']:9}  {row['name']} ({row['where']}): {' → '.join(ends)}"
        if len(rows) > MOST:
            yield f"  {what:6}  {len(rows) - MOST} more"
    if not any(decisions.values()):
        yield "  no decision gained, lost or moved"
    for row in change["dependence"]:
        if row["year"] in YEARS and row["element"].endswith(" elements"):
            yield f"  China, {row['element']} {row['year']}: {row['before']:.1%} → {row['after']:.1%}"
    for row in change["shortage"]:
        if row["future"] in ("expected", "worst") and abs(row["short_t"]["after"] - row["short_t"]["before"]) > 0.5:
            tonnes = row["short_t"]
            yield f"  shortage, {row['future']}: {tonnes['before']:,.0f} → {tonnes['after']:,.0f} t"
    for row in change["stock"]:
        yield f"  stock, {row['stockpile']}: peak {row['before_peak_t']:,.0f} → {row['after_peak_t']:,.0f} t"


def _verdict(cost: dict[str, Any]) -> str:
    interval = f"between {_signed(cost['least_musd'])} and {_signed(cost['most_musd'])} million USD"
    if cost["verdict"] == "no change proved":
        return f"no change proved; the best cost differs by {interval}; what follows is of these two plans"
    return f"{cost['verdict']}, by {interval}"


def _sizes(entries: list[dict[str, Any]]) -> str:
    words = []
    for entry in entries:
        size = f"level {entry['size']:g}" if entry["unit"] == "level" else f"{entry['size']:,g} {entry['unit']}"
        words.append(f"{entry['date']} {size}" + (f" in {entry['branch']}" if "branch" in entry else ""))
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _musd(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _signed(value: float | None) -> str:
    return "unknown" if value is None else f"{value:+,.1f}"
