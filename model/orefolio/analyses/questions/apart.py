"""`apart COUNT SHARE [KIND:ID …]`: the plan differs from a given one in so many decisions at least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .decisions import differing
from .turned import Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program with the distance and its limit. A decision counts as added from a share of its greatest size."""
    count, share, plan = words
    grown, distance = differing(turned, plan, float(share))
    return grown.with_row("apart", distance, float(count), np.inf)
