"""Names that every reader of LP and MPS takes, made of our labels: `buy[a,b]@3` is written `buy(a,b)@3`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from orefolio.program.program import Label

REFUSED = re.compile(r"[^A-Za-z0-9_.]")
LONGEST = 255
KEPT = 230
"""Letters of a name that is too long, before a digest of all of it."""


def solver_names(labels: Iterable[Label]) -> list[str]:
    """A name for each label, all different: a hyphen is written ~, another refused sign by its number, {78c1}."""
    return [_name(label) for label in labels]


def _name(label: Label) -> str:
    name = f"{_word(label.name)}({','.join(map(_word, label.index))})@{label.node}"
    if len(name) <= LONGEST:
        return name
    return f"{name[:KEPT]}~{hashlib.sha256(name.encode()).hexdigest()[: LONGEST - KEPT - 1]}"


def _word(text: str) -> str:
    return REFUSED.sub(lambda sign: "~" if sign[0] == "-" else f"{{{ord(sign[0]):x}}}", text)
