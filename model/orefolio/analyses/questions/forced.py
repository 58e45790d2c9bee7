"""`forced KIND:ID in SHARE` or `forced KIND:ID out`: a decision is made at one node at least, or at none.

It counts as made from a share of its greatest size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from orefolio.errors import Fault, InputError

from .decisions import Decision, decision
from .turned import Turned, on_columns


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program with the decision made or not."""
    name, how, *rest = words
    one = decision(turned.own, name)
    if how == "out" and not rest:
        return _out(turned, one)
    if how == "in" and len(rest) == 1:
        return _in(turned, one, float(rest[0]))
    raise InputError([Fault("forced", " ".join(map(str, words)), "KIND:ID out, or KIND:ID in SHARE")])


def _out(turned: Turned, one: Decision) -> Turned:
    program = turned.merged.program
    upper = program.column_upper.copy()
    upper[[*one.on, *one.sizes]] = 0.0
    return replace(turned, merged=replace(turned.merged, program=replace(program, column_upper=upper)))


def _in(turned: Turned, one: Decision, share: float) -> Turned:
    if one.on:
        turned = turned.with_row("forced", on_columns(turned.width, one.on, 1.0), 1.0, np.inf)
    if one.most > 0:
        sizes = on_columns(turned.width, one.sizes, 1.0 / one.most)
        turned = turned.with_row("forced", sizes, share, np.inf)
    return turned
