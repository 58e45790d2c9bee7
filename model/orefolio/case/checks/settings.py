"""Settings of the case as a whole: which there are, and what values they take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from orefolio.errors import Fault, nearest

from ..case import Case
from .place import fault_at, fault_of_table


@dataclass(frozen=True)
class Range:
    """What a setting may be: from low to high; `open_low` and `open_high` leave out the end itself."""

    low: float
    high: float
    open_low: bool = False
    open_high: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value is in the range."""
        above = value > self.low if self.open_low else value >= self.low
        return above and (value < self.high if self.open_high else value <= self.high)

    def __str__(self) -> str:
        low = f"above {self.low:g}" if self.open_low else f"at least {self.low:g}"
        if math.isinf(self.high):
            return low
        return f"{low} and {'below' if self.open_high else 'at most'} {self.high:g}"


WIDEST = 1e6
"""Over which a discount factor at the end of the horizon leaves figures that a solver cannot hold together."""

KNOWN = {
    "discount_rate": Range(-1.0, 1.0, open_low=True),
    "risk_weight": Range(0.0, 1.0),
    "risk_level": Range(0.0, 1.0, open_high=True),
    "least_regret": Range(0.0, 1.0),
    "worst_case": Range(0.0, 1.0),
    "residual_share": Range(0.0, 1.0),
    "emergency_declared": Range(0.0, 1.0),
    "mass_balance": Range(0.0, 1.0),
    "public_funds_cost": Range(0.0, math.inf),
    "size_limit": Range(0.0, math.inf),
}
OBJECTIVES = ("risk_weight", "worst_case", "least_regret")
NEEDED = ("discount_rate",)


def settings_are_there(case: Case) -> Iterator[Fault]:
    """Settings without a natural default are given."""
    given = {row.setting for row in case.rows("settings")}
    for name in NEEDED:
        if name not in given:
            yield fault_of_table(case, "settings", "setting", f"no setting {name!r}", "it in the table")


def settings_are_in_range(case: Case) -> Iterator[Fault]:
    """Rates, weights and levels that mean something."""
    for number, row in enumerate(case.rows("settings")):
        if row.setting in KNOWN and not KNOWN[row.setting].holds(row.value):
            found = f"{row.setting} {row.value:g}"
            yield fault_at(case, "settings", number, "value", found, str(KNOWN[row.setting]))
        elif row.setting == "discount_rate":
            years = case.horizon_to.year - case.horizon_from.year
            factor = (1 + row.value) ** -years
            if not 1 / WIDEST <= factor <= WIDEST:
                found = f"discount_rate {row.value:g}, a factor of {factor:g} after {years} years"
                yield fault_at(case, "settings", number, "value", found, f"a factor from {1 / WIDEST:g} to {WIDEST:g}")


def one_objective_is_asked_for(case: Case) -> Iterator[Fault]:
    """A weight on the tail, the worst case and the least regret are objectives of their own."""
    asked = [number for number, row in enumerate(case.rows("settings")) if row.setting in OBJECTIVES and row.value > 0]
    for number in asked[1:]:
        found = f"{case.rows('settings')[number].setting} beside {case.rows('settings')[asked[0]].setting}"
        yield fault_at(case, "settings", number, "value", found, "0: a case has one objective")


def settings_are_known(case: Case) -> Iterator[Fault]:
    """A setting that nothing reads is perhaps a slip."""
    for number, row in enumerate(case.rows("settings")):
        if row.setting not in KNOWN:
            remedy = nearest(row.setting, KNOWN) or f"Known: {', '.join(KNOWN)}"
            yield fault_at(case, "settings", number, "setting", f"the setting {row.setting!r}", "a known one", remedy)
