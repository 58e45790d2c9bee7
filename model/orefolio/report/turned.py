"""The levers of a case as the tornado of a run found them: how far each moves the cost, and what it flips."""

from __future__ import annotations

from dataclasses import dataclass

from .analysed import kept
from .reading import Read, Rows, number
from .words import exact, percent

PROVED, FOUND, NOTHING = "proved", "in the plans found", "no"
"""Whether turning a lever flips a decision: by a break-even, between plans that the gap leaves open, or not."""


@dataclass(frozen=True)
class Turned:
    """A lever. rank: 1 for the widest; ends: its rows of the tornado, low and high; flips: PROVED, FOUND or NOTHING."""

    lever: str
    rank: int
    ends: Rows
    flips: str

    @property
    def name(self) -> str:
        """As people say it."""
        return self.ends[0]["name"] or self.lever

    def told(self) -> list[str]:
        """At each end where there is a plan, what the cost changes by against base, with what is proved of it."""
        return [f"at {float(row['value']):.6g}: {change(row)}" for row in self.ends if row["value"] != row["base"]]


def turned(read: Read) -> list[Turned]:
    """The widest first; none without a tornado. Raises InputError."""
    ends: dict[str, Rows] = {}
    for one in kept(read, "tornado")[:1]:
        for row in one.rows("tornado"):
            ends.setdefault(row["lever"], []).append(row)
    proved = {row["lever"] for one in kept(read, "breakeven") for row in one.rows("flips") if row["answer"] == "flips"}
    return [Turned(lever, int(rows[0]["rank"]), rows, _flips(lever in proved, rows)) for lever, rows in ends.items()]


def flips_first(levers: list[Turned]) -> list[Turned]:
    """Those first that flip a decision, the proved before the others; then the widest first."""
    order = (PROVED, FOUND, NOTHING)
    return sorted(levers, key=lambda one: (order.index(one.flips), one.rank))


def _flips(proved: bool, rows: Rows) -> str:
    if proved:
        return PROVED
    return FOUND if any(number(row.get("decisions_flipped")) > 0 for row in rows) else NOTHING


def change(row: dict[str, str]) -> str:
    """What the cost at an end of a lever changes by against base, million USD, or why that is not known."""
    if row["failure"]:
        return f"not known ({row['failure'].partition(':')[0]})"
    if not row["difference_low_musd"]:
        return "not known"
    low, high = (number(row[f"difference_{end}_musd"]) for end in ("low", "high"))
    told = f"{_signed(low)} to {_signed(high)} million USD"
    cost = number(row["cost_musd"]) - number(row["difference_musd"])
    share = f" ({percent(number(row['difference_musd']) / cost)})" if cost > 0 else ""
    return told + share if row["proved"] == "yes" else f"{told}, not proved"


def _signed(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 100 else exact(value)
    return ("+" if value > 0 else "") + text.replace("-", "−")
