"""Projects that investors finance: under which instrument each starts, what it is worth to them and costs the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome
    from .outcome.future import Entry, Lived

COLUMNS = (
    "project", "instrument", "started", "branch", "futures", "probability", "size_t_per_year", "npv_musd",
    "npv_least_musd", "outlay_musd", "outlay_largest_musd", "largest_in",
)  # fmt: skip


def table(outcome: Outcome) -> Sheet:
    """A row for each start. npv: at the start and at the investor's rate; outlay: discounted as all costs are.

    Both in expectation over the futures of the start, and in the future where the worth is least or the outlay largest.
    """
    sizes = {(entry.index, entry.period.label, who): entry.value for entry, who in outcome.decisions("backed")}
    rows: list[tuple[Any, ...]] = []
    for entry, who in outcome.decisions("choose"):
        found = [outcome.futures[number] for number in who]
        chance = outcome.chance(who)
        worths = [_sum(lived, "npv", entry) for lived in found]
        outlays = [_sum(lived, "outlay", entry) for lived in found]
        dearest = max(range(len(found)), key=lambda place: outlays[place])
        rows.append(
            (
                *entry.index, entry.period.label, outcome.branch(who), " ".join(outcome.ids(who)), chance,
                sizes.get((entry.index, entry.period.label, who), 0.0),
                sum(lived.weight * musd for lived, musd in zip(found, worths, strict=True)) / chance, min(worths),
                sum(lived.weight * musd for lived, musd in zip(found, outlays, strict=True)) / chance,
                outlays[dearest], found[dearest].name,
            )
        )  # fmt: skip
    return Sheet.of(COLUMNS, rows)


def _sum(lived: Lived, account: str, entry: Entry) -> float:
    """What a start comes to in an account in one future, million USD."""
    carried = lived.flat.accounts[account]
    key = (*entry.index, entry.period.number)
    return float((carried.matrix[carried.keys.index(key)] @ lived.values)[0]) if key in carried.keys else 0.0
