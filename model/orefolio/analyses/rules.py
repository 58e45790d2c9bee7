"""What the rule on Chinese content costs: both accountings, several thresholds, both readings of equipment.

Lots kept apart are the dearer way to keep the rule, and the plan of that program is one that keeps it. The mass balance
over a path is the cheaper way, and no plan that keeps the rule costs less than its bound. What the rule really costs
lies between the two, each taken against the rule switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.case.schema.assumptions import Setting
from orefolio.case.tags import rule_tags
from orefolio.errors import Fault, InfeasibleError, InputError
from orefolio.program.build import build
from orefolio.solve import Options, solve

THRESHOLDS = (0.0, 0.001, 0.01, 0.1, 0.25)
"""Content from which the rule may apply, shares; that of the case is looked at too."""
CONTENT = "kind=content"
ACCOUNTINGS = ("segregated", "mass_balance")


@dataclass(frozen=True)
class Solved:
    """What a solve proved, million USD: no plan costs less than bound, and one costs objective."""

    status: str
    objective: float
    bound: float


@dataclass(frozen=True)
class Reading:
    """The rule at one threshold under one reading of equipment; costs in million USD.

    least, most: between which the cost of keeping the rule to the letter lies. extra_least, extra_most: the same over
    the cost without the rule. threshold None: the rule is off.
    """

    threshold: float | None
    counts_equipment: bool | None
    segregated: Solved
    mass_balance: Solved
    extra_least: float = 0.0
    extra_most: float = 0.0

    @property
    def least(self) -> float:
        """No plan that keeps the rule costs less, in either accounting."""
        return self.mass_balance.bound

    @property
    def most(self) -> float:
        """A plan that keeps the rule costs this."""
        return self.segregated.objective

    def row(self) -> dict[str, Any]:
        """One row of the table of the analysis."""
        return {
            "threshold_share": self.threshold,
            "counts_equipment": self.counts_equipment,
            **{f"{name}_musd": getattr(self, name).objective for name in ACCOUNTINGS},
            **{f"{name}_bound_musd": getattr(self, name).bound for name in ACCOUNTINGS},
            **{f"{name}_status": getattr(self, name).status for name in ACCOUNTINGS},
            "rule_costs_at_least_musd": self.extra_least,
            "rule_costs_at_most_musd": self.extra_most,
        }


def cost_of_rule(
    case: Case,
    thresholds: Sequence[float] = (),
    *,
    futures: Iterable[str] | None = None,
    grid: str | None = None,
    options: Options | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Reading]:
    """The rule at several thresholds and under both readings of equipment, the rule switched off first.

    Raises InputError where the case has no such rule with a threshold, InfeasibleError or SolverError where a solve
    ends without a plan.
    """
    base = _threshold(case)
    kept = None if futures is None else tuple(futures)

    def solved(changed: Case, name: str) -> Solved:
        say(name)
        solution = solve(build(changed, grid, kept).program, options or Options())
        if not solution.has_plan:
            raise InfeasibleError(f"There is no plan where {name} ({solution.status}).")
        return Solved(solution.status, solution.objective, solution.bound)

    off = solved(without_rule(case), "the rule is off")
    found = [Reading(None, None, off, off)]
    for equipment in (True, False):
        for threshold in sorted({*(thresholds or THRESHOLDS), base}):
            read = changed_rule(case, base, threshold, equipment)
            name = f"threshold {threshold:.4g}, equipment {'counts' if equipment else 'does not count'}"
            apart = solved(accounted(read, "segregated"), f"{name}, lots kept apart")
            whole = solved(accounted(read, "mass_balance"), f"{name}, mass balance") if threshold > 0 else apart
            extra = (max(0.0, whole.bound - off.objective), max(0.0, apart.objective - off.bound))
            found.append(Reading(threshold, equipment, apart, whole, *extra))
    return found


def _threshold(case: Case) -> float:
    given = [row.threshold_share for row in case.rows("rules") if row.kind == "content" and row.threshold_share > 0]
    if not given:
        raise InputError([Fault("rules.csv", "no rule on content with a threshold", "one, to ask what it costs")])
    return float(min(given))


def without_rule(case: Case) -> Case:
    """The case with the rule on Chinese content switched off."""
    return case.adjusted([Adjustment("rules", CONTENT, "enabled", "set", 0, "the rule is off")])


def changed_rule(case: Case, base: float, threshold: float, equipment: bool) -> Case:
    """The case at another threshold, its de-minimis shares in proportion, and one reading of equipment."""
    return case.adjusted(
        [
            Adjustment("rules", CONTENT, "enabled", "set", 1, "the rule is on"),
            Adjustment("rules", CONTENT, "threshold_share", "set", threshold, "another threshold"),
            Adjustment("rules", CONTENT, "counts_equipment", "set", float(equipment), "a reading of equipment"),
            Adjustment("processes", "*", "de_minimis_share", "multiply", threshold / base, "in proportion"),
        ]
    )


def accounted(case: Case, accounting: str) -> Case:
    """The case under one of the accountings."""
    other = [row for row in case.rows("settings") if row.setting != "mass_balance"]
    setting = Setting(setting="mass_balance", value=float(accounting == "mass_balance"))
    return replace(case, tables={**case.tables, "settings": (*other, setting)})


def catalogue(case: Case) -> Iterator[dict[str, Any]]:
    """Every rule of the case: what it is, where it stands, when it is in force, its parameters, its switch."""
    for row in case.rows("rules"):
        users = {
            "licences": [each.licence for each in case.rows("licences") if each.rule == row.rule],
            "demands": [each.demand for each in case.rows("demands") if each.refusal_rule == row.rule],
            "lanes": [each.lane for each in case.rows("lanes") if each.ban_rule == row.rule],
            "price floors": [each.contract for each in case.rows("contract_items") if each.floor_rule == row.rule],
            "import caps": [each.commodity for each in case.rows("import_caps") if each.rule == row.rule],
        }
        limbs = {"technology": row.counts_technology, "equipment": row.counts_equipment}
        yield {
            "rule": row.rule,
            "kind": row.kind,
            "name": row.name,
            "citation": row.citation,
            "enabled": row.enabled,
            "in_force_share": row.in_force_share,
            "from_date": row.from_date,
            "to_date": row.to_date,
            "tags": sorted(rule_tags(row)),
            "threshold_share": row.threshold_share,
            "basis": row.basis,
            "counts": [name for name, counts in limbs.items() if counts and row.kind == "content"],
            "used_by": {table: names for table, names in users.items() if names},
        }
