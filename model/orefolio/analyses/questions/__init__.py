"""Questions that are put to a program once it is built: limits on it, and other objectives than the case's own.

A question is a name and its words, as plain JSON; several are asked together, in their order. Each is one file with
`asked(turned, words)`, and QUESTIONS is the table of contents. A plan that is found is one of the case's own program:
whatever is added stands behind that, and is taken off again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from orefolio.errors import Fault, InputError, nearest
from orefolio.program.merge import Merged

from . import apart, as_committed, forced, least, most, planned_for, relaxed, towards, wait, within
from .turned import Turned

Question = Sequence[Any]
QUESTIONS: dict[str, Callable[[Turned, Question], Turned]] = {
    "most": most.asked,
    "least": least.asked,
    "forced": forced.asked,
    "within": within.asked,
    "towards": towards.asked,
    "apart": apart.asked,
    "relaxed": relaxed.asked,
    "planned_for": planned_for.asked,
    "wait": wait.asked,
    "as_committed": as_committed.asked,
}


def turned_by(merged: Merged, questions: Sequence[Question]) -> Turned:
    """The program under questions. Raises InputError for a name or words that are none."""
    turned = Turned(merged, merged)
    for name, *words in questions:
        if name not in QUESTIONS:
            remedy = nearest(str(name), QUESTIONS) or f"It is one of {', '.join(QUESTIONS)}"
            raise InputError([Fault("question", repr(name), "a question", remedy=remedy)])
        turned = QUESTIONS[name](turned, words)
    return turned
