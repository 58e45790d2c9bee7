"""The futures of a case for an analysis: how probable they are, which one is named, and that cost alone counts."""

from __future__ import annotations

from orefolio.case.asked import futures_of
from orefolio.case.case import Case
from orefolio.errors import Fault, InputError, nearest

from ..objective import APART, TOGETHER
from ..sweep.analysis import Asked
from .words import flag


def weights_of(case: Case) -> dict[str, float]:
    """Probabilities of the futures that may come; they sum to 1."""
    weights = {row.future: float(row.weight) for row in case.rows("futures") if row.weight > 0}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def known_futures(asked: Asked, case: Case, option: str) -> tuple[str, ...]:
    """The futures that an option lists; without it the trunk's own continuation. Raises InputError."""
    given, known = asked.words[option], [row.future for row in case.rows("futures")]
    if given is None:
        return futures_of(case, None, deterministic=True) or ()
    names = tuple(dict.fromkeys(text.strip() for text in given.split(",") if text.strip()))
    faults = [
        Fault(
            flag(option),
            repr(name),
            "a future of the case",
            remedy=nearest(name, known) or f"It has {', '.join(known)}",
        )
        for name in names
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    return names


def refuse_other_objectives(case: Case, remedy: str) -> None:
    """Futures are held against each other by expected cost alone. Raises InputError where a case asks for more."""
    faults = [
        Fault(
            "settings.csv", f"{row.setting} {row.value:g}", "0, so that expected cost alone is minimised", remedy=remedy
        )
        for row in case.rows("settings")
        if row.setting in APART and row.value > 0
    ]
    faults += [
        Fault(f"{table}.csv", f"{n} row{'s' * (n > 1)}, asked over the futures together", "none", remedy=remedy)
        for table in TOGETHER
        if (n := len(case.rows(table)))
    ]
    if faults:
        raise InputError(faults)
