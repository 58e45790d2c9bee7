"""Check a case: tables, references, units, and a source of supply for every demand. No solver is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orefolio.cli.output import Output, aligned, pass_output
from orefolio.errors import Fault, InfeasibleError

if TYPE_CHECKING:
    from orefolio.case.basis import Support
    from orefolio.case.case import Case

SCHEMA = "orefolio/check/1"


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--overlay", "overlays", multiple=True, metavar="FILE", help="Lay an overlay over the case; repeatable.")
@click.option("--set", "settings", multiple=True, metavar="LEVER=VALUE", help="Turn a lever; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def check(output: Output, folder: Path, overlays: Sequence[str], settings: Sequence[str], as_json: bool) -> None:
    """Check the case in the folder CASE: every fault as file:line:column, warnings, and what its numbers rest on.

    Exit code 2 where something is wrong, 4 where a demand that must be met has no source.
    """
    from orefolio.case.basis import support
    from orefolio.case.overlay import levers_out_of_range

    case, warnings, infeasible = _checked(folder, overlays, settings)
    report = Report(case, _slips(case), _sources(case), support(case))
    notes = [*map(str, warnings), *levers_out_of_range(case)]
    if as_json:
        output.answer_json(SCHEMA, report.record(notes, infeasible))
    else:
        output.answer(report.page())
        for note in notes:
            output.warn(note)
    if infeasible:
        raise InfeasibleError("\n".join(map(str, infeasible)))


def _checked(
    folder: Path, overlays: Sequence[str], settings: Sequence[str]
) -> tuple[Case, tuple[Fault, ...], tuple[Fault, ...]]:
    from orefolio.case.checks import infeasible_parts_of, warnings_of
    from orefolio.case.overlay import adjusted_case, load_overlay, parse_lever
    from orefolio.case.read import load_case_with_warnings

    loaded = load_case_with_warnings(folder)
    if not overlays and not settings:
        return loaded.case, loaded.warnings, loaded.infeasible
    levers = dict(parse_lever(text) for text in settings)
    case = adjusted_case(loaded.case, [load_overlay(name, folder) for name in overlays], levers)
    return case, warnings_of(case, adjusted=True), infeasible_parts_of(case)


@dataclass(frozen=True)
class Slip:
    """A project's weight of futures in which it slips two years or more, or an event's weight of futures."""

    name: str
    weight: float


@dataclass(frozen=True)
class Source:
    """How a demand is first reached: from when, and by what steps. No steps: it is not."""

    demand: str
    years: float
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What `check` tells of a sound case."""

    case: Case
    slips: tuple[Slip, ...]
    sources: tuple[Source, ...]
    support: Support

    def page(self) -> str:
        """The report as text."""
        case = self.case
        counts = [(name, len(rows)) for name, rows in case.tables.items() if rows]
        weights = {row.future: row.weight for row in case.rows("futures")}
        events = self.events()
        futures = [
            (row.future, f"{row.weight:.4g}", row.onset or "trunk", " ".join(events.get(row.future, ())), row.name)
            for row in case.rows("futures")
        ]
        reached = [
            (
                source.demand,
                f"{source.years:.2g}" if source.steps else "-",
                " > ".join(source.steps) if source.steps else "no source",
            )
            for source in self.sources
        ]
        parts = [
            f"{case.title} ({case.name}): {case.horizon_from} to {case.horizon_to}, grid {case.grid}",
            aligned(("table", "rows"), counts),
            aligned(("future", "weight", "onset", "events", "name"), futures),
            f"weights sum to {sum(weights.values()):.9g}",
        ]
        if self.slips:
            parts.append(aligned(("outcome", "weight"), [(slip.name, f"{slip.weight:.3f}") for slip in self.slips]))
        parts.append(aligned(("demand", "years until reached", "first source"), reached))
        parts.append(self._basis())
        return "\n\n".join(parts)

    def events(self) -> dict[str, list[str]]:
        """Events by future."""
        result: dict[str, list[str]] = {}
        for row in self.case.rows("future_events"):
            result.setdefault(row.future, []).append(row.event)
        return result

    def _basis(self) -> str:
        found = self.support
        kinds = (
            ("facts of the register", found.on_facts),
            ("assumptions of ours", found.on_assumptions),
            ("nothing yet", len(found.uncovered)),
        )
        rows = [(name, count, f"{found.share(count):.1%}") for name, count in kinds]
        return aligned(("numbers rest on", "count", "share"), rows)

    def record(self, warnings: Sequence[str], infeasible: Sequence[Fault]) -> dict[str, object]:
        """The report as one JSON object."""
        case, found = self.case, self.support
        events = self.events()
        return {
            "case": case.name,
            "title": case.title,
            "levers": dict(case.turned),
            "tables": {name: len(rows) for name, rows in case.tables.items() if rows},
            "futures": [
                {"future": row.future, "weight": row.weight, "onset": row.onset, "events": events.get(row.future, [])}
                for row in case.rows("futures")
            ],
            "outcomes": {slip.name: slip.weight for slip in self.slips},
            "sources": [
                {"demand": source.demand, "reached_after_years": source.years, "steps": source.steps}
                for source in self.sources
            ],
            "basis": {
                "facts": found.share(found.on_facts),
                "assumptions": found.share(found.on_assumptions),
                "uncovered": found.share(len(found.uncovered)),
                "numbers": found.total,
            },
            "warnings": list(warnings),
            "infeasible": [str(fault) for fault in infeasible],
        }


LONG_SLIP_YEARS = 2


def _slips(case: Case) -> tuple[Slip, ...]:
    """Weighted frequency of long slips by project, and of each event."""
    weights = {row.future: row.weight for row in case.rows("futures")}
    slipping: dict[str, set[str]] = {row.project: set() for row in case.rows("draws")}
    for row in case.rows("draws"):
        if row.slip_years >= LONG_SLIP_YEARS:
            slipping[row.project].add(row.future)
    happening: dict[str, set[str]] = {}
    for row in case.rows("future_events"):
        happening.setdefault(row.event, set()).add(row.future)
    long = f"slips {LONG_SLIP_YEARS} years or more"
    return (
        *(Slip(f"event {name}", sum(weights[f] for f in sorted(futures))) for name, futures in happening.items()),
        *(Slip(f"{name} {long}", sum(weights[f] for f in sorted(futures))) for name, futures in slipping.items()),
    )


def _sources(case: Case) -> tuple[Source, ...]:
    from orefolio.case.reach import demand_arrival, reach

    found = reach(case)
    result = []
    for demand in case.rows("demands"):
        first = demand_arrival(case, found, demand)
        if first is None:
            result.append(Source(demand.demand, float("inf"), ()))
        else:
            result.append(Source(demand.demand, first[1].years, found.chain(first[0])))
    return tuple(result)
