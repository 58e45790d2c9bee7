"""Check a case: tables, references, units, and a source of supply for every demand. No solver is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orefolio.cli.changed import changes
from orefolio.cli.output import Output, aligned, pass_output
from orefolio.cli.settings import chosen, options
from orefolio.errors import Fault, InfeasibleError

if TYPE_CHECKING:
    from orefolio.case.basis import Support
    from orefolio.case.case import Case

SCHEMA = "orefolio/check/1"
BASES = {"facts": "facts of the register", "assumption": "assumptions of ours", "nothing": "nothing yet"}
MOST_ASSUMPTIONS = 5


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@changes
@options("out")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def check(
    output: Output, folder: Path, overlays: Sequence[str], levers: Sequence[str], out: str | None, as_json: bool
) -> None:
    """Check the case in the folder CASE: every fault as file:line:column, warnings, and what its numbers rest on.

    What the objective rests on is read from the newest run of the same case in the folder of runs. Exit code 2 where
    something is wrong, 4 where a demand that must be met has no source.
    """
    from orefolio.case.basis import support
    from orefolio.case.overlay import levers_out_of_range

    runs = chosen({"out": out}, {}).folder("out")
    case, warnings, infeasible = _checked(folder, overlays, levers)
    objective = _objective(case, runs)
    report = Report(case, _slips(case), _sources(case), support(case), objective, _way(folder, overlays, levers, out))
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
    folder: Path, overlays: Sequence[str], levers: Sequence[str]
) -> tuple[Case, tuple[Fault, ...], tuple[Fault, ...]]:
    from orefolio.case.checks import infeasible_parts_of, warnings_of
    from orefolio.case.overlay import adjusted_case, load_overlay, parse_levers
    from orefolio.case.read import load_case_with_warnings

    loaded = load_case_with_warnings(folder)
    if not overlays and not levers:
        return loaded.case, loaded.warnings, loaded.infeasible
    case = adjusted_case(loaded.case, [load_overlay(name, folder) for name in overlays], parse_levers(levers))
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
class Part:
    """Million USD of the objective, without their sign, of one name of cost that rest on one input of the case."""

    basis: str
    name: str
    cell: str
    musd: float
    derivation: str


@dataclass(frozen=True)
class Objective:
    """What the objective of a run rests on."""

    run: Path
    futures: int
    parts: tuple[Part, ...]

    def musd(self, basis: str, name: str | None = None) -> float:
        """Million USD that rest on a basis, of one name of cost or of all."""
        return sum(part.musd for part in self.parts if part.basis == basis and name in (None, part.name))

    @property
    def shares(self) -> dict[str, float]:
        """Share of the objective by basis."""
        total = sum(part.musd for part in self.parts)
        return {basis: self.musd(basis) / total if total else 0.0 for basis in BASES}

    def assumptions(self) -> list[tuple[str, float, str]]:
        """The assumptions that carry most: input, million USD over all names of cost, derivation."""
        carried: dict[tuple[str, str], float] = {}
        for part in self.parts:
            if part.basis == "assumption":
                carried[part.cell, part.derivation] = carried.get((part.cell, part.derivation), 0.0) + part.musd
        largest = sorted(carried.items(), key=lambda item: -item[1])[:MOST_ASSUMPTIONS]
        return [(cell, musd, derivation) for (cell, derivation), musd in largest]

    def page(self) -> str:
        """The objective as text: by basis, by name of cost, and the largest assumptions."""
        shares = self.shares
        total = [(words, f"{self.musd(basis):,.1f}", f"{shares[basis]:.1%}") for basis, words in BASES.items()]
        names = dict.fromkeys(part.name for part in self.parts)
        by_name = [(name, *(f"{self.musd(basis, name):,.1f}" for basis in BASES)) for name in names]
        largest = [(cell, f"{musd:,.1f}", derivation) for cell, musd, derivation in self.assumptions()]
        plural = "" if self.futures == 1 else "s"
        pages = [
            aligned(("objective rests on", "million USD", "share"), total),
            f"read from {self.run}, {self.futures} future{plural}; costs and incomes count without their sign",
            aligned(("million USD by name", *BASES), by_name),
        ]
        if largest:
            pages.append(aligned(("largest assumptions", "million USD", "how it follows"), largest))
        return "\n\n".join(pages)

    def record(self) -> dict[str, object]:
        """The objective as a part of the JSON object."""
        largest = [
            {"input": cell, "musd": musd, "derivation": derivation} for cell, musd, derivation in self.assumptions()
        ]
        musd = {basis: self.musd(basis) for basis in BASES}
        return {"run_dir": self.run, "futures": self.futures, "musd": musd, "shares": self.shares, "largest": largest}


def _objective(case: Case, runs: Path) -> Objective | None:
    """What the newest run of a case says; None where there is none, and then nothing heavy is imported."""
    try:
        if next(runs.glob("*/run.json"), None) is None:
            return None
    except OSError:
        return None
    from orefolio.tables.folder import newest_run

    run = newest_run(runs, case, "support")
    if run is None:
        return None
    parts = tuple(
        Part(
            row["basis"],
            row["name"],
            f"{row['table']} {row['row']} {row['column']}",
            float(row["cost_musd"]),
            row["derivation"],
        )
        for row in run.rows("support")
    )
    return Objective(run.path, len(run.record["futures"]), parts)


def _way(folder: Path, overlays: Sequence[str], levers: Sequence[str], out: str | None) -> str:
    """The command that makes a run of the same case."""
    words = ["orefolio solve", str(folder)]
    words += [f"--overlay {name}" for name in overlays] + [f"--set {text}" for text in levers]
    return " ".join([*words, *([] if out is None else [f"--out {out}"])])


@dataclass(frozen=True)
class Report:
    """What `check` tells of a sound case. way: the command that makes a run of it."""

    case: Case
    slips: tuple[Slip, ...]
    sources: tuple[Source, ...]
    support: Support
    objective: Objective | None
    way: str

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
        no_run = f"there is no run of this case to tell what its objective rests on; this makes one: {self.way}"
        parts.append(self.objective.page() if self.objective else no_run)
        return "\n\n".join(parts)

    def events(self) -> dict[str, list[str]]:
        """Events by future."""
        result: dict[str, list[str]] = {}
        for row in self.case.rows("future_events"):
            result.setdefault(row.future, []).append(row.event)
        return result

    def _basis(self) -> str:
        found = self.support
        counts = (found.on_facts, found.on_assumptions, len(found.uncovered))
        rows = [
            (words, count, f"{found.share(count):.1%}") for words, count in zip(BASES.values(), counts, strict=True)
        ]
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
            "objective_basis": self.objective.record() if self.objective else {"run_dir": None, "command": self.way},
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
