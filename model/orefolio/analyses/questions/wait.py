"""`wait YEARS`: nothing is committed to before so many years have passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from orefolio.case.changes import before
from orefolio.errors import Fault, InputError

from .decisions import ON, SIZE
from .turned import Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program without its early projects, contracts, tranches and levels."""
    (years,) = words
    if not isinstance(years, int | float) or not 0 <= years < np.inf:
        raise InputError([Fault("wait", repr(years), "years, 0 or more")])
    program = turned.merged.program
    upper = program.column_upper.copy()
    for flat, place in zip(turned.own.flats, turned.own.column_of, strict=True):
        early = [
            number
            for number, label in enumerate(flat.columns)
            if (label.name in ON or label.name in SIZE) and before(flat.path.periods[label.period].start, years)
        ]
        upper[place[early]] = program.column_lower[place[early]]
    return replace(turned, merged=replace(turned.merged, program=replace(program, column_upper=upper)))
