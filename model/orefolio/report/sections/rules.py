"""What each rule, each source of supply and acting now are worth, and what the case's own questions say of rules."""

from __future__ import annotations

from dataclasses import replace

from ..analysed import kept, part
from ..reading import Read, number
from ..section import Part, Section
from ..words import capital, exact, percent


def answer(read: Read) -> Part:
    """What each rule costs, then everything that was valued."""
    found = part(read, "value", "rules")
    told = [f"{name}: {cost}." for name, cost in costs(read) or ()]
    return replace(found, sentences=told)


def costs(read: Read) -> list[tuple[str, str]] | None:
    """Each rule in force with what it costs in words, the dearest first; None where that was not asked."""
    names = {f"rule {row['rule']}: enabled 0": row["name"] or row["rule"] for row in read.case_rows("rules")}
    asked = [row for one in kept(read, "value") for row in one.rows("value") if row["how"] in names]
    if not asked and any(row["enabled"] == "yes" for row in read.case_rows("rules")):
        return None
    return [(capital(names[row["how"]]), _cost(row, float(read.record["objective"]))) for row in asked]


def _cost(row: dict[str, str], whole: float) -> str:
    """What a rule costs, as far as it is proved. whole: cost of the plan, million USD."""
    if row["failure"]:
        return f"what it costs is not known, {row['failure']}"
    if not row["worth_low_musd"]:
        return "what it costs is not known"
    low, high = number(row["worth_low_musd"]), number(row["worth_high_musd"])
    share = f" ({percent(high / whole)} of the plan's cost)" if whole > 0 and high > 0 else ""
    if low > 0:
        return f"costs {exact(low)} to {exact(high)} million USD{share}, proved"
    if high < 0:
        return f"saves {exact(-high)} to {exact(-low)} million USD, proved"
    return f"costs at most {exact(high)} million USD{share}; that it costs anything is not proved"


SECTION = Section("rules", "Which rule is expensive?", answer)
