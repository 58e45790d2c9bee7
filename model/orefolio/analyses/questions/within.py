"""`within MUSD`: the case's own objective is at most at a value, million USD."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .turned import Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program with the limit on its cost."""
    (value,) = words
    program = turned.merged.program
    return turned.with_row("within", program.cost, -np.inf, float(value) - program.offset)
