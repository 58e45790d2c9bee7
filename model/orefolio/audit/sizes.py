"""What table magnitudes and the record say of the program's size: counts that must fit each other and the plan."""

from __future__ import annotations

from .evidence import Evidence
from .nodes import BINARY
from .tally import Tally

COLUMNS = {"what", "family", "count", "nonzeros", "smallest", "largest"}
PAIRS = {"matrix": "side", "side": "matrix", "cost": "bound", "bound": "cost"}
Sizes = dict[tuple[str, str], tuple[float, float]]
"""(what, family) to count and numbers that are not zero."""


def sizes(evidence: Evidence) -> Tally:
    """Counts by family sum to the program of the record; what the plan uses is there; no range is upside down."""
    tally = Tally()
    if "magnitudes" not in evidence.tables:
        tally.holds(False, "table magnitudes is missing")
        return tally
    found = _read(tally, evidence)
    for (what, family), (count, _) in found.items():
        other = found.get((PAIRS.get(what, ""), family), (None, None))[0]
        tally.holds(count == other, "table magnitudes", what, family, "counts otherwise than", PAIRS.get(what, ""))
    program = evidence.record.get("program") or {}
    sums = {
        "rows": sum(count for (what, _), (count, _) in found.items() if what == "matrix"),
        "columns": sum(count for (what, _), (count, _) in found.items() if what == "cost"),
        "binaries": sum(count for (what, family), (count, _) in found.items() if what == "cost" and family in BINARY),
    }
    for name, total in sums.items():
        tally.holds(program.get(name) == total, "the program of the record has", name, f"{total:.0f}")
    nonzeros = sum(several for (what, _), (_, several) in found.items() if what == "matrix")
    tally.most([nonzeros], float(program.get("nonzeros") or 0.0), "numbers of the matrix that are not zero")
    used: dict[str, int] = {}
    for label in evidence.plan:
        used[label.variable] = used.get(label.variable, 0) + 1
    counts = {family: count for (what, family), (count, _) in found.items() if what == "cost"}
    for variable, number in used.items():
        tally.holds(
            number <= counts.get(variable, 0.0), "table magnitudes", variable, "is used more often than it is there"
        )
    return tally


def _read(tally: Tally, evidence: Evidence) -> Sizes:
    table = evidence.tables["magnitudes"]
    tally.holds(set(table.columns) == COLUMNS, "table magnitudes has the columns", ", ".join(table.columns))
    cells = zip(*(table.numbers(name) for name in ("count", "nonzeros", "smallest", "largest")), strict=True)
    found: Sizes = {}
    for what, family, numbers in zip(table.texts("what"), table.texts("family"), cells, strict=True):
        count, several, smallest, largest = numbers
        place = ("table magnitudes", what, family)
        tally.holds((what, family) not in found and what in PAIRS, *place, "stands there once")
        if count is None or several is None:
            tally.holds(False, *place, "has no count")
            continue
        found[what, family] = (count, several)
        most = {"cost": count, "side": 2 * count, "bound": 2 * count}.get(what)
        tally.holds(count >= 1 and several >= 0 and (most is None or several <= most), *place, "counts too many")
        if smallest is None or largest is None:
            tally.holds(smallest is largest and several == 0, *place, "has no range")
        else:
            tally.holds(several > 0 and 0.0 < smallest <= largest, *place, "has a range upside down")
    return found
