"""The independent audit: reads a run's case, plan, tables and record, and reckons everything again.

Written from the formulation, not from the model's code: it imports the reading of cases and the tree of futures and no
family, no program, no solver. CHECKS is the table of contents; a check is a sentence and a function from the evidence
to a count.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from orefolio.case.case import Case
from orefolio.collector import collector_at_rest
from orefolio.errors import InputError

from . import (
    accountings,
    balances,
    blending,
    capacities,
    commitments,
    content,
    contracts,
    decided,
    demands,
    duals,
    files,
    importers,
    listing,
    money,
    nodes,
    origins,
    plants,
    price_support,
    reported,
    risk,
    sizes,
    stocks,
    suppliers,
    support,
    tracing,
)
from .evidence import Evidence, evidence_of, read_evidence
from .tally import TOLERANCE, Tally

__all__ = [
    "CHECKS", "MADE", "Check", "Report", "Result", "audit_folder", "audit_into", "audit_texts", "audited",
]  # fmt: skip

MADE = {"traced": tracing.COLUMNS, "content": accountings.COLUMNS}
"""Tables of a run that the audit makes, with their columns."""


class Check(NamedTuple):
    """What is checked, in a sentence, and the function that counts it."""

    sentence: str
    function: Callable[[Evidence], Tally]


CHECKS: dict[str, Check] = {
    "files": Check("Every file stands as the run wrote it.", lambda evidence: evidence.files),
    "listing": Check("The record lists the tables as they are.", listing.listing),
    "plan": Check("Every value stands once, at a node of the tree, and decisions are whole.", nodes.plan),
    "balances": Check("At every place what comes in goes out, by commodity and class.", balances.balances),
    "classes": Check("Material gains tags and never loses one.", balances.classes),
    "capacities": Check("Processes run within what stands by then: lead times, delays, ramps.", capacities.capacities),
    "states": Check("Plants stand, are mothballed or closed, and run where they stand.", plants.states),
    "skills": Check("Plants run what their people have not forgotten.", plants.skills),
    "reserves": Check("A mine gives no more than its reserve, on every path.", plants.reserves),
    "lanes": Check("Lanes carry what they can, and tagged material what licences let through.", capacities.lanes),
    "residues": Check("Residue stays under each country's cap.", capacities.residues),
    "adoption": Check("Substitutes serve no more than has been adopted.", capacities.adoption),
    "collection": Check("No more scrap is collected than arises and is reached.", capacities.collection),
    "projects": Check("Projects start once, in time, in size, with what they require.", commitments.projects),
    "programmes": Check("Programmes are decided once, in time, level by level.", commitments.programmes),
    "signing": Check("Contracts are signed in time, in size, with their project.", contracts.signing),
    "deliveries": Check("Contracts deliver what is signed and what the supplier can.", contracts.deliveries),
    "suppliers": Check(
        "Suppliers sell what they have and rivals leave, while somebody keeps them.", suppliers.suppliers
    ),
    "tranches": Check("Tranches come in their order, and no more is taken than they give.", suppliers.tranches),
    "take_or_pay": Check("What is due in any case is taken or paid for, every year.", contracts.take_or_pay),
    "makeup": Check("What is made up was paid for, and has not expired.", contracts.makeup),
    "stock": Check("Stock follows from what was there, added and taken, by class.", stocks.recursion),
    "stock_ages": Check("Stock leaves before it is too old, oldest first, or is lost.", stocks.ages),
    "stock_limits": Check("Stock keeps to room, pace, rotation and release in emergencies.", stocks.limits),
    "cover": Check("Stock reaches the wanted cover, or the gap is paid for.", stocks.cover),
    "lines": Check("A line runs one class at a time wherever it matters.", content.lines),
    "mass_balance": Check("Blended content stays within the threshold over every path.", blending.mass_balance),
    "import_caps": Check("No more is bought from a country than a rule in force allows.", contracts.import_caps),
    "tagged_feed": Check("Tagged feed in untagged output stays within its share.", content.little_feed),
    "tagged_deliveries": Check("No demand gets tagged material that it refuses or may not export.", content.deliveries),
    "demands": Check("Deliveries and shortage make up demand.", demands.demands),
    "outlets": Check("Sales stay within the steps of their market.", demands.outlets),
    "concentration": Check("A country's supply beyond the largest share is paid for.", demands.concentration),
    "price_support": Check("Investors start what pays at their own rate.", price_support.price_support),
    "budgets": Check("Public money stays within every envelope, on every path.", money.budgets),
    "objective": Check("Costs discount and add up to the objective; the tail by sorting.", money.objective),
    "risk": Check("Chances hold, and tails of shortage, by sorting.", risk.risk),
    "table_risk": Check("Table risk says what is asked over the futures together.", risk.table),
    "table_cost": Check("Table cost says what each part costs, every year.", reported.cost),
    "table_support": Check("Table support shares the cost over inputs of the case.", support.support),
    "table_futures": Check("Table futures says what each future costs, lacks and releases.", reported.futures),
    "table_shortage": Check("Table shortage says what is not served.", reported.shortage),
    "table_importers": Check("Table importers says what each importer gets and lacks.", importers.importers),
    "table_stock": Check("Tables stock and releases say what lies and leaves.", reported.stock),
    "table_flows": Check("Table flows says what moves.", reported.flows),
    "table_budgets": Check("Table budgets says what is spent and left.", reported.budgets),
    "table_prices": Check("Table prices stands at nodes of the tree, and names the rules of limits.", duals.prices),
    "table_magnitudes": Check("Table magnitudes counts what the plan and the record do.", sizes.sizes),
    "table_origin": Check("Tables supply, dependence and concentration say who supplies.", origins.direct),
    "table_decisions": Check("Tables of commitments say what is decided and costs.", decided.commitments),
    "table_price_support": Check("Table price_support says what support is worth and costs.", price_support.table),
    "table_plants": Check("Table plants says in which state plants are and what is left of them.", plants.table),
    "table_lines": Check("Table lines says what each line is kept for.", decided.lines),
    "traced_origin": Check("Every untagged lot, traced back, stays under the threshold.", tracing.origin),
    "table_traced": Check("Table traced says where each lot comes from.", tracing.table),
    "table_content": Check("Table content says the Chinese content under both accountings.", accountings.table),
}


OF_TABLES = "table_"
"""How the names of checks begin that hold a table against the plan."""


@dataclass(frozen=True)
class Result:
    """The end of one check."""

    name: str
    sentence: str
    tally: Tally


@dataclass(frozen=True)
class Report:
    """The end of an audit. chinese_content: the greatest of an untagged lot; threshold: of the rule; shares.

    traced: the rows of table traced, the origin of every delivered lot. content: those of table content.
    """

    results: tuple[Result, ...]
    chinese_content: float
    threshold: float
    traced: tuple[tuple[Any, ...], ...]
    content: tuple[accountings.Row, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(result.tally.passed for result in self.results)

    @property
    def items(self) -> int:
        """How many statements were looked at."""
        return sum(result.tally.items for result in self.results)

    @property
    def failed(self) -> tuple[Result, ...]:
        """The checks that do not hold."""
        return tuple(result for result in self.results if not result.tally.passed)

    def summary(self) -> dict[str, Any]:
        """What run.json says of the audit."""
        return {
            "passed": self.passed,
            "checks": len(self.results),
            "items": self.items,
            "failed_checks": [result.name for result in self.failed],
            "findings": [f"{result.name}: {text}" for result in self.failed for text in result.tally.findings[:5]],
            "failed_items": sum(result.tally.failed for result in self.results),
            "largest_violation": _finite(max((result.tally.largest for result in self.results), default=0.0)),
            "tolerance": TOLERANCE,
            "chinese_content_share": _finite(self.chinese_content),
            "threshold_share": _finite(self.threshold),
        }


def audited(evidence: Evidence) -> Report:
    """The audit of a run. A check that cannot be carried out on what is reported does not hold."""
    results = tuple(_checked(name, evidence) for name in CHECKS)
    try:
        content, threshold = tracing.greatest(evidence)
        traced, both = tuple(tracing.rows(evidence)), tuple(accountings.rows(evidence))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, StopIteration):
        content, threshold, traced, both = math.nan, math.nan, (), ()
    return Report(results, content, threshold, traced, both)


def _checked(name: str, evidence: Evidence) -> Result:
    try:
        tally = CHECKS[name].function(evidence)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, StopIteration) as error:
        tally = Tally(1, 1, math.inf, [f"what is reported cannot be reckoned: {type(error).__name__} {error}"])
    return Result(name, CHECKS[name].sentence, tally)


def audit_plan(case: Case, record: Mapping[str, Any], plan: str) -> tuple[str, ...]:
    """The checks that do not hold of a plan of which no tables are made; those of tables are left out.

    plan: the text of its CSV file.
    """
    with collector_at_rest():
        evidence = evidence_of(case, record, plan, {})
        return tuple(
            name for name in CHECKS if not name.startswith(OF_TABLES) and not _checked(name, evidence).tally.passed
        )


def audit_folder(folder: str | Path) -> Report:
    """The audit of a run folder. Raises InputError where it was no complete run from the first.

    Where its files were changed after it was written and cannot be read any more, the files are all that is audited.
    """
    with collector_at_rest():
        try:
            return audited(read_evidence(Path(folder)))
        except InputError as error:
            checked = files.unchanged(Path(folder))
            if checked.passed:
                raise
            checked.findings.append(f"the run cannot be read any more: {error}")
            return Report((Result("files", CHECKS["files"].sentence, checked),), math.nan, math.nan, ())


def audit_texts(case: Case, record: Mapping[str, Any], plan: str, tables: Mapping[str, str]) -> Report:
    """The audit of a run that is not written yet. plan, tables: the texts of their CSV files."""
    with collector_at_rest():
        return audited(evidence_of(case, record, plan, tables))


def audit_into(
    record: dict[str, Any], case: Case, plan: str, tables: Mapping[str, str]
) -> dict[str, tuple[tuple[Any, ...], ...]]:
    """Audit a run that is not written yet and say so in its record; the rows of the tables in MADE."""
    report = audit_texts(case, record, plan, tables)
    record["audit"] = report.summary()
    record["content"] = accountings.told(report.content)
    return {"traced": report.traced, "content": report.content}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
