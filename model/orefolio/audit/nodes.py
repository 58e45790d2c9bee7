"""The plan itself: every value once, at a node of the tree, of a thing that the case has; decisions are whole."""

from __future__ import annotations

import math

from orefolio.case.case import Case

from .evidence import RISK, Evidence, Label
from .tally import Tally

BINARY = frozenset(
    {
        "start",
        "sign",
        "level_on",
        "dedicated",
        "kept_for",
        "run",
        "choose",
        "abandon",
        "close",
        "miss",
        "mothballed",
        "in_class",
        "tranche",
        "behind",
    }
)
WORDS: dict[str, tuple[str, ...]] = {
    "abandon": ("projects", ""),
    "able": ("processes",),
    "activity": ("processes", "classes"),
    "backed": ("projects", "instruments"),
    "behind": ("contracts", ""),
    "blend": ("places", "commodities", "classes", "classes"),
    "buy": ("contracts",),
    "carried": ("contracts",),
    "changeover": ("processes",),
    "choose": ("projects", "instruments"),
    "close": ("processes",),
    "collect": ("scrap",),
    "dedicated": ("processes",),
    "deliver": ("demands", "classes"),
    "discard": ("places", "commodities"),
    "downgrade": ("places", "commodities", "classes", "classes"),
    "ended": ("contracts", ""),
    "eta": (),
    "eta_short": ("shortage_tails",),
    "expire": ("stockpiles", "classes"),
    "feed": ("processes", "commodities", "classes", "classes"),
    "excused": ("contracts",),
    "gap": ("stockpiles",),
    "given_up": ("projects", ""),
    "in_class": ("size_classes+",),
    "headroom": ("",),
    "kept": ("projects", ""),
    "kept_for": ("processes", "classes"),
    "level_on": ("programmes+",),
    "makeup": ("contracts", ""),
    "miss": ("chance", "futures"),
    "mothballed": ("processes",),
    "over": ("", "elements", "", ""),
    "put": ("stockpiles", "classes"),
    "regret": (),
    "restart": ("processes",),
    "retrained": ("processes",),
    "rotate": ("stockpiles", "classes"),
    "run": ("processes",),
    "sell": ("outlets+",),
    "served_first": ("contracts",),
    "ship": ("lanes", "classes"),
    "short": ("loss_steps+",),
    "sign": ("contracts",),
    "size": ("projects",),
    "size_in_class": ("size_classes+",),
    "stands": ("processes",),
    "start": ("projects",),
    "stock": ("stockpiles", "classes"),
    "supported": ("projects", "instruments", ""),
    "sustained": ("suppliers",),
    "tail": ("futures",),
    "tail_short": ("shortage_tails", "futures"),
    "take": ("stockpiles", "classes"),
    "tranche": ("tranches+",),
    "unserved": ("demands",),
    "unused": ("contracts", ""),
    "volume": ("contracts",),
    "worst": (),
}
"""The words of each variable's index: tables that they are keys of; + where the words together are one key."""
START = 0, 0
"""Period and node of what is not of any time: risk."""
FREE = frozenset({"eta", "regret", "worst"})
"""Variables that may be negative."""


def plan(evidence: Evidence) -> Tally:
    """Labels, nodes, signs and whole decisions."""
    tally = Tally()
    for label in evidence.repeated:
        tally.holds(False, label, "stands twice")
    known: dict[tuple[str, str], bool] = {}
    for label, value in evidence.plan.items():
        name = label.variable, label.words
        if name not in known:
            known[name] = _named(evidence.case, label)
        whole = label.variable not in BINARY or value in (0.0, 1.0)
        placed = (label.period, label.node) == START if label.variable in RISK else bool(evidence.who(label))
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
    if label.variable not in FREE:
        tally.weigh(-value, abs(value), label, "is negative")


def _named(case: Case, label: Label) -> bool:
    tables = WORDS.get(label.variable)
    if tables is None:
        return False
    together = "/".join(tables)
    if together.endswith("+"):
        return case.has(together.removesuffix("+"), label.words)
    words = label.words.split("/") if label.words else []
    return len(words) == len(tables) and all(
        case.has(table, word) for table, word in zip(tables, words, strict=True) if table
    )
