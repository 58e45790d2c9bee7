"""Levers over their ranges: points at places of the unit cube, and figures with what is proved of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orefolio.analyses.sweep.analysis import Asked
from orefolio.analyses.sweep.points import MOST_POINTS
from orefolio.analyses.sweep.run import Swept
from orefolio.case.columns import declared
from orefolio.case.schema import TABLES
from orefolio.errors import Fault, InputError, nearest

Floats = NDArray[np.float64]

SWITCH = "0 or 1"  # the unit of a lever that has two positions
COST = "cost_musd"
FIGURES = {
    COST: ("cost", "million USD"),
    "expected_cost_musd": ("expected cost", "million USD"),
    "tail_cost_musd": ("cost of the worst futures", "million USD"),
    "short_t": ("shortage", "t"),
    "short_musd": ("loss by shortage", "million USD"),
    "china_share": ("China's share", "share"),
    "china_heavy_share": ("China's share of heavy elements", "share"),
    "projects": ("projects", "number"),
    "contracts": ("contracts", "number"),
    "programme_levels": ("levels of programmes", "number"),
}
"""The numbers of a sweep's table that can be asked for: in words, and their unit. Only the cost has a proved bound."""
NAMED = 10  # points that a sentence names


@dataclass(frozen=True)
class Ranges:
    """Levers between their low and high ends. low, high, switches: (levers,), the last true for two positions."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    low: Floats
    high: Floats
    switches: NDArray[np.bool_]

    def positions(self, unit: Floats) -> Floats:
        """Places of the unit cube as shares of each range, (points, levers): a switch stands at 0 or 1."""
        return np.where(self.switches, np.where(unit >= 0.5, 1.0, 0.0), unit)

    def turned(self, unit: Floats) -> Floats:
        """What the levers stand at, in their units, (points, levers)."""
        return self.low + self.positions(unit) * (self.high - self.low)


@dataclass(frozen=True)
class Sampled:
    """A sample that has been planned. values: (points, levers); of: (points,) row of `rows` of each.

    Places that came to the same levers are planned once.
    """

    ranges: Ranges
    values: Floats
    of: NDArray[np.intp]
    swept: Swept
    rows: Sequence[Mapping[str, object]]

    def interval(self, figure: str) -> tuple[Floats, Floats]:
        """From where to where a figure is known to lie, (points,) each; NaN where there is no plan.

        The cost lies between bound and plan. Any other figure is the plan's own, and both ends are alike.
        """
        ends = np.array([interval(row, figure) for row in self.rows], dtype=np.float64).reshape(-1, 2)
        return ends[self.of, 0], ends[self.of, 1]


def interval(row: Mapping[str, object], figure: str) -> tuple[float, float]:
    """The ends of a figure in a row of a sweep, NaN where the row has none."""
    ends = [row[name] for name in (("bound_musd", COST) if figure == COST else (figure, figure))]
    low, high = (float(end) if isinstance(end, int | float) else np.nan for end in ends)
    return (low, high) if np.isfinite(low) and np.isfinite(high) else (np.nan, np.nan)


def without(rows: Iterable[Mapping[str, object]], figure: str) -> list[str]:
    """A sentence that names the points without a figure, with the reason; nothing where all have it."""
    missing: dict[str, list[int]] = {}
    for row in rows:
        if np.isnan(interval(row, figure)[0]):
            reason = "failed" if row["state"] == "failed" else str(row["status"])
            if reason in ("optimal", "feasible"):
                reason = f"no {figure} or no bound"
            missing.setdefault(reason, []).append(int(str(row["point"])))
    if not missing:
        return []
    return [f"Left out: {'; '.join(_named(reason, numbers) for reason, numbers in missing.items())}."]


def _named(reason: str, numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - NAMED:,} more" if len(numbers) > NAMED else ""
    points = ", ".join(f"{number:,}" for number in numbers[:NAMED])
    return f"{reason} at {'point' if len(numbers) == 1 else 'points'} {points}{more}"


def ranges_of(asked: Asked, names: Sequence[str]) -> Ranges:
    """The ranges of levers. Raises InputError with every lever that is not known, has no range, or is set already."""
    rows = {row.lever: row for row in asked.case.rows("levers")}
    faults = []
    for name in names:
        if name not in rows:
            remedy = nearest(name, rows) or f"The case has {', '.join(sorted(rows)) or 'none'}"
            faults.append(Fault("--levers", repr(name), "a lever of the case", remedy=remedy))
        elif not rows[name].low < rows[name].high:
            faults.append(Fault("--levers", f"{name} without a range", "a lever whose low is below its high"))
        elif name in asked.point.levers:
            remedy = "Leave one of the two out"
            faults.append(Fault("--levers", f"{name}, which --set holds", "a lever to turn", remedy=remedy))
    faults += [Fault("--levers", f"{name} twice", "each lever once") for name in dict.fromkeys(names)
               if names.count(name) > 1]  # fmt: skip
    if not names:
        faults.append(Fault("--levers", "no lever", "at least one to turn"))
    if faults:
        raise InputError(faults)
    ends = np.array([(rows[name].low, rows[name].high) for name in names], dtype=np.float64)
    switches = np.array([rows[name].unit == SWITCH or _turns_flags(asked, name) for name in names])
    units = tuple(rows[name].unit for name in names)
    return Ranges(tuple(names), units, ends[:, 0], ends[:, 1], switches)


def _turns_flags(asked: Asked, lever: str) -> bool:
    turned = [row for row in asked.case.rows("lever_adjustments") if row.lever == lever]
    kinds = {declared(TABLES[row.table])[row.column].kind for row in turned if row.column != "class"}
    return kinds == {"flag"}


def levers_of(asked: Asked) -> list[str]:
    """Every lever of the words `--levers A,B`; without them all that have a range and that nothing holds."""
    text = asked.words["levers"]
    if text is not None:
        return [name.strip() for name in str(text).split(",") if name.strip()]
    held = {*asked.point.levers, *(name for overlay in asked.laid for name in overlay.levers)}
    return [row.lever for row in asked.case.rows("levers") if row.low < row.high and row.lever not in held]


def known_figure(name: str, place: str) -> str:
    """A name of FIGURES. Raises InputError with the nearest ones."""
    if name not in FIGURES:
        remedy = nearest(name, FIGURES) or f"It is one of {', '.join(FIGURES)}"
        raise InputError([Fault(place, repr(name), "a figure of the table", remedy=remedy)])
    return name


def affordable(points: int) -> None:
    """Raises InputError where a sweep does not take so many points."""
    if points > MOST_POINTS:
        raise InputError([Fault("the sample", f"{points:,} points", f"at most {MOST_POINTS:,}")])


def planned(asked: Asked, ranges: Ranges, unit: Floats) -> Sampled:
    """Plan the case at places of the unit cube, (points, levers).

    Raises InputError before anything is planned where the case refuses an end of a lever.
    """
    _allowed(asked, ranges)
    values = ranges.turned(unit)
    places: dict[tuple[float, ...], int] = {}
    of = np.array([places.setdefault(tuple(row), len(places)) for row in values.tolist()], dtype=np.intp)
    points = [
        replace(asked.point, levers={**asked.point.levers, **dict(zip(ranges.names, place, strict=True))})
        for place in places
    ]
    swept = asked.sweep(points, ranges.names)
    return Sampled(ranges, values, of, swept, rows_of(swept))


def rows_of(swept: Swept) -> list[dict[str, object]]:
    """The rows of a sweep without what is long."""
    kept = {"point", "state", "status", "bound_musd", *FIGURES}
    return [{name: value for name, value in row.items() if name in kept} for row in swept.rows()]


def _allowed(asked: Asked, ranges: Ranges) -> None:
    """Raises InputError where the case refuses an end of a lever with the others as they are."""
    faults = []
    for name, *ends in zip(ranges.names, ranges.low.tolist(), ranges.high.tolist(), strict=True):
        for end in ends:
            try:
                asked.case_at(replace(asked.point, levers={**asked.point.levers, name: end}))
            except InputError as error:
                said = str(error).replace("\n", "; ")
                remedy = "Name the levers to turn with --levers"
                faults.append(Fault(f"{name}={end:g}", said, "a range that the case allows", remedy=remedy))
    if faults:
        raise InputError(faults)


def number_or_blank(value: float) -> float | None:
    """A number for a table; None for NaN and infinity."""
    return float(value) if np.isfinite(value) else None


def digits(value: float | None) -> str:
    """A number for the screen."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
