"""`towards least|greatest KIND:ID GAP`, `towards farthest SHARE [KIND:ID …] …`: a decision or a distance, not cost.

The level of a decision is expected over the futures: t/year of size, or the probability of what has no size. The
distance from several plans is the least of the distances from each; a plan is the list of its decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from orefolio.errors import Fault, InputError
from orefolio.program.program import Label
from orefolio.program.risk.extended import Columns

from .decisions import decision, differing, level
from .turned import Aim, Turned, padded

SENSES = {"least": 1.0, "greatest": -1.0}
WHOLE = 1e-6  # gap of a count


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program with another objective."""
    way, *rest = words
    if way in SENSES and len(rest) == 2:
        amount = padded(level(turned.own, decision(turned.own, rest[0])), turned.width)
        return replace(turned, aim=Aim(amount, sense=SENSES[way], gap=float(rest[1])))
    if way == "farthest" and len(rest) > 1:
        return _farthest(turned, rest[1:], float(rest[0]))
    said = "least or greatest, KIND:ID and a gap, or farthest, a share and plans"
    raise InputError([Fault("towards", " ".join(map(str, words)), said)])


def _farthest(turned: Turned, plans: Sequence[Any], share: float) -> Turned:
    distances = []
    for plan in plans:
        turned, distance = differing(turned, plan, share)
        distances.append(distance)
    count = len(plans)
    old = sp.csr_matrix(-np.array([padded(distance, turned.width) for distance in distances]))
    label = Label("farthest", (), 0)
    column = Columns([label], np.zeros(1), np.array([np.inf]), np.zeros(1))
    amount = np.append(np.zeros(turned.width), 1.0)
    free, nought = np.full(count, -np.inf), np.zeros(count)
    turned = turned.with_rows("farthest", old, free, nought, column, np.ones((count, 1)))
    return replace(turned, aim=Aim(amount, sense=-1.0, gap=WHOLE))
