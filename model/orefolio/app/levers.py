"""The levers of the page: which stand first, where each starts, how it can be turned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orefolio.case.case import Case
from orefolio.errors import Fault, InputError, nearest

MOST_MAIN = 12
MOST_STEPS = 20  # of a slider from one end to the other
ROUND = (1.0, 2.0, 5.0)  # steps that people count in, times a power of ten
SWITCH = "0 or 1"


@dataclass(frozen=True)
class Levers:
    """The levers of a case. starts: where each stands before the page turns it."""

    case: Case
    starts: Mapping[str, float]

    def main(self) -> list[str]:
        """Those that stand first: of the case's sweeps, then of its levers, in the order of the tables."""
        swept = [row.lever for row in self.case.rows("sweeps")]
        return list(dict.fromkeys([*swept, *(row.lever for row in self.case.rows("levers"))]))[:MOST_MAIN]

    def rows(self) -> list[dict[str, Any]]:
        """Each lever as the page shows it, the main ones first."""
        main = self.main()
        others = [row.lever for row in self.case.rows("levers") if row.lever not in main]
        return [self._row(name, name in main) for name in (*main, *others)]

    def _row(self, name: str, main: bool) -> dict[str, Any]:
        row = self.case.row("levers", name)
        low, high = self._range(name)
        return {
            "lever": name,
            "name": row.name or name,
            "start": self.starts[name],
            "low": low,
            "high": high,
            "marks": self.marks(name),
            "unit": row.unit,
            "source": row.source,
            "switch": row.unit == SWITCH,
            "main": main,
        }

    def _range(self, name: str) -> tuple[float, float]:
        """Its range, widened where it stands outside of it from the start."""
        row = self.case.row("levers", name)
        return min(row.low, self.starts[name]), max(row.high, self.starts[name])

    def marks(self, name: str) -> list[float]:
        """The values at which its slider rests: round ones, the ends of its range, and where it starts."""
        low, high = self._range(name)
        ends = {low, high, self.starts[name]}
        if low == high or self.case.row("levers", name).unit == SWITCH:
            return sorted(ends)
        power = 10.0 ** math.floor(math.log10((high - low) / MOST_STEPS))
        step = next(
            step for step in (*(power * each for each in ROUND), 10 * power) if (high - low) / step <= MOST_STEPS
        )
        first, last = math.ceil(low / step), math.floor(high / step)
        return sorted(ends | {float(f"{number * step:.12g}") for number in range(first, last + 1)})

    def turned(self, asked: Mapping[str, Any]) -> dict[str, float]:
        """Those of the levers asked for that are not where they start, by name. Raises InputError."""
        faults, turned = [], {}
        for name, value in sorted(asked.items()):
            if name not in self.starts:
                faults.append(Fault(name, "no such lever", "a lever of the case", remedy=nearest(name, self.starts)))
                continue
            low, high = self._range(name)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not low <= value <= high:
                faults.append(Fault(name, repr(value), f"a number from {low:g} to {high:g}"))
            elif value != self.starts[name]:
                turned[name] = float(value)
        if faults:
            raise InputError(faults)
        return turned


def levers_of(case: Case, turned: Mapping[str, float]) -> Levers:
    """The levers of a case. turned: those that were turned before the page is opened."""
    return Levers(case, {row.lever: turned.get(row.lever, case.stands_at(row.lever)) for row in case.rows("levers")})
