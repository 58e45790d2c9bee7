"""The plan itself: every value once, at a node of the tree, of a thing that the case has; decisions are whole."""

from __future__ import annotations

import math

from orefolio.case.case import Case

from .evidence import RISK, Evidence, Label
from .tally import Tally

BINARY = frozenset({"start", "sign", "level_on", "dedicated", "run"})
WORDS: dict[str, tuple[str, ...]] = {
    "activity": ("processes", "classes"),
    "buy": ("contracts",),
    "changeover": ("processes",),
    "collect": ("scrap",),
    "dedicated": ("processes",),
    "deliver": ("demands", "classes"),
    "discard": ("places", "commodities"),
    "downgrade": ("places", "commodities", "classes", "classes"),
    "eta": (),
    "feed": ("processes", "commodities"),
    "gap": ("stockpiles",),
    "kept": ("projects", ""),
    "level_on": ("programmes+",),
    "over": ("", "elements", "", ""),
    "put": ("stockpiles", "classes"),
    "rotate": ("stockpiles", "classes"),
    "run": ("processes",),
    "sell": ("outlets+",),
    "ship": ("lanes", "classes"),
    "short": ("loss_steps+",),
    "sign": ("contracts",),
    "size": ("projects",),
    "start": ("projects",),
    "stock": ("stockpiles", "classes"),
    "tail": ("futures",),
    "take": ("stockpiles", "classes"),
    "unserved": ("demands",),
    "unused": ("contracts", ""),
    "volume": ("contracts",),
}
"""The words of each variable's index: tables that they are keys of; + where the words together are one key."""


def plan(evidence: Evidence) -> Tally:
    """Labels, nodes, signs and whole decisions."""
    tally = Tally()
    for label in evidence.repeated:
        tally.holds(False, label, "stands twice")
    known: dict[tuple[str, str], bool] = {}
    for label, value in evidence.plan.items():
        name = label[:2]
        if name not in known:
            known[name] = _named(evidence.case, label)
        whole = label.variable not in BINARY or value in (0.0, 1.0)
        placed = label.variable in RISK or bool(evidence.who(label))
        if known[name] and whole and placed and 0.0 <= value < math.inf:
            tally.items += 5
        else:
            _fault(tally, label, value, known[name], whole, placed)
    return tally


def _fault(tally: Tally, label: Label, value: float, named: bool, whole: bool, placed: bool) -> None:
    tally.holds(label.variable in WORDS, label, "is no variable of the formulation")
    tally.holds(placed, label, "stands at a node that no future passes through")
    tally.holds(named, label, "names what the case lacks")
    tally.holds(math.isfinite(value), label, "is no finite number")
    tally.holds(whole, label, "is neither 0 nor 1 but", value)
    if label.variable != "eta":
        tally.weigh(-value, abs(value), label, "is negative")


def _named(case: Case, label: Label) -> bool:
    tables = WORDS.get(label.variable, ())
    if len(tables) == 1 and tables[0].endswith("+"):
        return case.has(tables[0][:-1], label.words)
    words = label.words.split("/") if label.words else []
    return len(words) == len(tables) and all(
        case.has(table, word) for table, word in zip(tables, words, strict=True) if table
    )
