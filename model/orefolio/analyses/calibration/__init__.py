"""Calibration: the as-is years of a case and two cuts, beside the facts of the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from orefolio.case.case import Case
from orefolio.case.schema.network import STAGES
from orefolio.errors import Fault, InputError, nearest
from orefolio.facts import Fact, Facts

from .measures import MEASURES, Kind
from .years import CutLoss, Years

__all__ = ["Calibration", "CutLoss", "Finding", "calibrate"]

SAME_UNIT: dict[Kind, dict[str, float]] = {
    "t": dict.fromkeys(("t", "t/y", "t REO/y"), 1.0),
    "%": {"%": 1.0, "share": 0.01},
}
"""Units of facts that a measure can be told in, and what one unit of the measure is in them."""
PLAIN_UNIT: dict[Kind, str] = {"t": "t", "%": "%", "musd": "USD bn"}
"""Unit of a measure that stands beside no fact."""
BILLION_MUSD = 1e-3
ROUNDING = 1e-6


@dataclass(frozen=True)
class Finding:
    """One target: the model's value in `unit`, beside the fact's value and range where there is a fact.

    inside: whether the model's value lies in the range; None without a fact. conflict: id of the conflict of the
    register that explains a value outside; empty where none does.
    """

    target: str
    group: str
    name: str
    measure: str
    year: int
    model: float
    unit: str
    fact: Fact | None
    low: float
    high: float
    inside: bool | None
    conflict: str
    note: str

    @property
    def explained(self) -> bool:
        """Whether nothing is left to explain: no fact, inside, or outside by a stated conflict."""
        return self.inside is not False or bool(self.conflict)


@dataclass(frozen=True)
class Calibration:
    """Every target of a case in the order of its table, and the losses by cut that they rest on."""

    case: Case
    findings: tuple[Finding, ...]
    losses: tuple[CutLoss, ...]

    @property
    def loss_unit(self) -> str:
        """The unit in which losses are told: that of the first loss beside a fact."""
        units = [found.unit for found in self.findings if MEASURES[found.measure][0] == "musd" and found.fact]
        return units[0] if units else PLAIN_UNIT["musd"]

    @property
    def loss_scale(self) -> float:
        """One million USD in that unit."""
        return _scale(self.case, "musd", self.loss_unit) or BILLION_MUSD

    @property
    def unexplained(self) -> tuple[Finding, ...]:
        """Targets outside their range that no conflict explains."""
        return tuple(finding for finding in self.findings if not finding.explained)


def calibrate(case: Case, facts: Facts, say: Callable[[str], None] | None = None) -> Calibration:
    """Measure every target of the case's table `calibration`. say: hears the name of each target before it is measured.

    Raises InputError where the case has no target, or one names what the case or the register does not have, and
    InfeasibleError where an as-is year has no plan.
    """
    targets = case.rows("calibration")
    faults = list(_faults(case, facts))
    if not targets:
        expected = "targets to calibrate against; `orefolio schema calibration` shows the columns"
        faults.append(Fault("calibration.csv", "no row", expected))
    if faults:
        raise InputError(faults)
    years = Years(case)
    findings = []
    for target in targets:
        if say:
            say(target.name)
        findings.append(_finding(years, target, facts))
    cuts = dict.fromkeys((t.year, t.cut_months, t.stock == "locked") for t in targets if t.cut_months)
    return Calibration(case, tuple(findings), tuple(years.cut_loss(*cut) for cut in cuts))


def _finding(years: Years, target: Any, facts: Facts) -> Finding:
    kind, measured = MEASURES[target.measure]
    fact = facts[target.fact] if target.fact else None
    unit = fact.unit if fact else PLAIN_UNIT[kind]
    model = measured(years, target) * (_scale(years.case, kind, unit) or 0.0)
    low, high = _range(fact) if fact else (0.0, 0.0)
    room = ROUNDING * max(1.0, abs(low), abs(high))
    inside = low - room <= model <= high + room if fact else None
    explains = target.explained_low - room <= model <= target.explained_high + room
    conflict = target.conflict if inside is False and explains else ""
    return Finding(
        target.target, target.group, target.name, target.measure, target.year,
        model, unit, fact, low, high, inside, conflict, target.note,
    )  # fmt: skip


def _range(fact: Fact) -> tuple[float, float]:
    low = fact.low if isinstance(fact.low, float) else fact.number
    high = fact.high if isinstance(fact.high, float) else fact.number
    return low, high


def _scale(case: Case, kind: Kind, unit: str) -> float | None:
    """One unit of a measure in the unit of a fact; None where the two do not fit."""
    if kind != "musd":
        return SAME_UNIT[kind].get(unit)
    currency, _, size = unit.partition(" ")
    if size != "bn":
        return None
    if case.has("currencies", currency):
        return float(case.row("currencies", currency).per_usd) * BILLION_MUSD
    return BILLION_MUSD if currency == "USD" else None


def _faults(case: Case, facts: Facts) -> Iterator[Fault]:
    suppliers = {row.supplier for row in case.rows("suppliers")} | {row.country for row in case.rows("suppliers")}
    for target in case.rows("calibration"):
        place = case.where("calibration", target.target)
        if target.fact and target.fact not in facts:
            yield Fault(place, f"the fact {target.fact!r}", "an id of the register", remedy=nearest(target.fact, facts))
        elif target.fact:
            yield from _misfits(case, place, target, facts[target.fact])
        if target.conflict and target.conflict not in facts.conflicts:
            yield Fault(place, f"the conflict {target.conflict!r}", "an id of the register's conflicts")
        if target.origin and target.origin not in suppliers:
            yield Fault(place, f"the origin {target.origin!r}", "a supplier or the country of one",
                        remedy=nearest(target.origin, suppliers))  # fmt: skip
        for stage in target.stages.split():
            if stage not in STAGES:
                yield Fault(place, f"the stage {stage!r}", f"one of {', '.join(STAGES)}")
        if target.measure.startswith("loss") != bool(target.cut_months):
            yield Fault(
                place, f"cut_months {target.cut_months} for {target.measure}", "months of a cut for a loss only"
            )
        if (target.measure == "kept") != bool(target.other_year):
            yield Fault(place, f"other_year {target.other_year} for {target.measure}", "a year for kept only")


def _misfits(case: Case, place: str, target: Any, fact: Fact) -> Iterator[Fault]:
    kind = MEASURES[target.measure][0]
    if not isinstance(fact.value, float) or _scale(case, kind, fact.unit) is None:
        found = f"the fact {fact.id} in {fact.unit!r}"
        yield Fault(place, found, f"a fact with a number that {target.measure} can be told in")
