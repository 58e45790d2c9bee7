"""Which rules of the case a row, or the upper bound of a column, comes from, in the period that it holds in.

A licence that is asked for only while a rule is in force comes from that rule. A price floor is a price and no limit,
and where a rule bars everything there is no column that a limit could be on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..case import tags as labels
from ..case.scenarios import Path
from ..families.reach import approval, in_force, reach_of
from .program import Label


@dataclass(frozen=True, eq=False)
class Causes:
    """The rules of one future."""

    path: Path
    _force: dict[str, list[float]] = field(default_factory=dict)
    _approved: dict[str, list[float]] = field(default_factory=dict)

    def of(self, label: Label) -> tuple[str, ...]:
        """The rules that a row or an upper bound comes from; none where no rule has to do with it."""
        case, number = self.path.case, label.period
        if label.name == "CAPS":
            return (label.index[0],)
        if label.name == "DEM_refused":
            rule = case.row("demands", label.index[0]).refusal_rule
            return (rule,) if rule else ()
        if label.name == "DEM_tagged":
            return self._licensed(case.row("demands", label.index[0]).licence, number)
        if label.name in ("buy", "OFF_delivery"):
            return self._licensed(case.row("contracts", label.index[0]).licence, number)
        if label.name == "ship":
            return self._lane(case.row("lanes", label.index[0]), label.index[1], number)
        return ()

    def barring(self, demand: Any, number: int) -> tuple[str, ...]:
        """The rule by which a demand takes nothing of some class that is there, throughout a period."""
        reach = reach_of(self.path.case)
        there = reach.at(demand.place, demand.commodity)
        if not demand.refusal_rule or not any(reach.refused(demand, class_) for class_ in there):
            return ()
        return (demand.refusal_rule,) if self._in_force(demand.refusal_rule, number) >= 1.0 else ()

    def closing(self, place: str, commodity: str, number: int) -> tuple[str, ...]:
        """The rules by which nothing of a commodity comes to a place over some lane throughout a period."""
        lanes = [r for r in self.path.case.rows("lanes") if (r.to_place, r.commodity) == (place, commodity)]
        banned = dict.fromkeys(row.ban_rule for row in lanes if row.ban_rule)
        return tuple(rule for rule in banned if self._in_force(rule, number) >= 1.0)

    def _licensed(self, licence: str, number: int) -> tuple[str, ...]:
        """The rules while which a licence is asked for, where it lets less than all through."""
        if not licence or self._approval(licence, number) >= 1.0:
            return ()
        rules = labels.licence_rules(self.path.case, self.path.case.row("licences", licence))
        return tuple(rule for rule in rules if self._in_force(rule, number) > 0.0)

    def _lane(self, lane: Any, class_: str, number: int) -> tuple[str, ...]:
        """The ban of a lane or the rules of its licence, whichever leaves less."""
        left = 1.0 - self._in_force(lane.ban_rule, number) if lane.ban_rule else 1.0
        stopped = reach_of(self.path.case).stopped(lane.licence, class_)
        approved = self._approval(lane.licence, number) if stopped else 1.0
        ban = (lane.ban_rule,) if left < 1.0 and left <= approved else ()
        return (*ban, *(self._licensed(lane.licence, number) if approved <= left else ()))

    def _in_force(self, rule: str, number: int) -> float:
        if rule not in self._force:
            self._force[rule] = in_force(self.path, rule)
        return self._force[rule][number]

    def _approval(self, licence: str, number: int) -> float:
        if licence not in self._approved:
            self._approved[licence] = approval(self.path, licence)
        return self._approved[licence][number]
