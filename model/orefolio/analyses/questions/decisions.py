r"""The decisions of a program: what can be committed to, in which columns; and how far plans are apart in them.

$$\sum_{d \in P} gone_d + \sum_{d \notin P} added_d \ge k, \qquad gone_d \le 1 - on_{d,m}, \qquad
  added_d \le \sum_m on_{d,m}, \qquad added_d \le \sum_m \frac{size_{d,m}}{\sigma\,\bar s_d}, \qquad
  added_d \le \sum_{n} \frac{taken_{d,n}}{\sigma\,\bar s_d}$$

*on* are the yes-or-no columns of a decision at any node of the tree. A size below the share σ of the greatest one
does not count as another decision. Nor does a contract under which nothing is taken: signing may cost nothing, so that
plans that do the same could be told apart by paper alone. Over all nodes of the tree the share σ of a year's greatest
volume has to be taken, and P has only the contracts that its plan uses (`used`). Projects, tranches and levels of
programmes commit money when they are decided, and count whatever becomes of them.

| symbol | code | unit | meaning |
|---|---|---|---|
| *on* | `start`, `sign`, `tranche`, `level_on` | 1 | committed at a node (binary) |
| *size* | `size`, `volume` | t/year | capacity or volume committed |
| *taken* | `buy`, `makeup` | t | what a contract delivers at a node |
| *gone*, *added* | `gone`, `added` | 1 | in the given plan and not in this one, and the reverse (binary) |
| P | – | – | decisions of a given plan |
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from orefolio.errors import Fault, InputError, nearest
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Label
from orefolio.program.risk.extended import Columns

from .turned import Turned, on_columns

ON = {"start": "project", "sign": "contract", "tranche": "tranche", "level_on": "programme"}
SIZE = {"size": "project", "volume": "contract"}
TAKEN = ("buy", "makeup")
COMMITMENTS = "; "  # between those of a row of a sweep


@dataclass
class Decision:
    """What can be committed to. on, sizes, taken: its columns; most: greatest size at one node, t/year, 0 without."""

    on: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    most: float = 0.0


def decisions(merged: Merged) -> dict[str, Decision]:
    """KIND:ID to decision, in the order of names."""
    found: dict[str, Decision] = {}
    for number, label in enumerate(merged.program.columns):
        for names, part in ((ON, "on"), (SIZE, "sizes")):
            if label.name in names:
                one = found.setdefault(f"{names[label.name]}:{'/'.join(label.index)}", Decision())
                getattr(one, part).append(number)
                if part == "sizes":
                    one.most = max(one.most, float(merged.program.column_upper[number]))
    for number, label in enumerate(merged.program.columns):
        if label.name in TAKEN and (contract := f"contract:{label.index[0]}") in found:
            found[contract].taken.append(number)
    return dict(sorted(found.items()))


def decision(merged: Merged, name: str) -> Decision:
    """One of them. Raises InputError for a name that is none."""
    known = decisions(merged)
    if name not in known:
        remedy = (
            nearest(name, known) or "They are KIND:ID of projects, contracts, tranches and programmes that are open"
        )
        raise InputError([Fault("decision", repr(name), "a decision of the case", remedy=remedy)])
    return known[name]


def decided(row: Mapping[str, object]) -> frozenset[str]:
    """KIND:ID of the commitments of a row of a sweep, made in any future."""
    return _named(row, "commitments")


def used(row: Mapping[str, object]) -> frozenset[str]:
    """The same without the contracts under which nothing is taken in any future."""
    return decided(row) - _named(row, "unused")


def _named(row: Mapping[str, object], column: str) -> frozenset[str]:
    words = str(row[column] or "").split(COMMITMENTS)
    return frozenset(":".join(text.split(" ")[:2]) for text in words if text)


def level(merged: Merged, one: Decision) -> Floats:
    """What is committed to, expected over the futures, by column: t/year, or the probability where it has no size."""
    places = one.sizes or one.on
    chance = np.zeros(merged.program.shape[1])
    for flat, place in zip(merged.flats, merged.column_of, strict=True):
        chance[place] += flat.path.weight
    return on_columns(merged.program.shape[1], places, chance[places])


def differing(turned: Turned, plan: Collection[str], share: float) -> tuple[Turned, Floats]:
    """With the rows of the distance from a plan, and that distance by column, (columns,). plan: KIND:ID."""
    known = {name: one for name, one in decisions(turned.own).items() if one.on}
    rows: list[tuple[int, list[int], list[float], float]] = []
    labels = []
    for number, (name, one) in enumerate(known.items()):
        labels.append(Label("gone" if name in plan else "added", (name,), 0))
        if name in plan:
            rows += [(number, [place], [1.0], 1.0) for place in one.on]
        else:
            rows.append((number, one.on, [-1.0] * len(one.on), 0.0))
            if one.sizes and one.most > 0:
                for places in (one.sizes, one.taken) if name.startswith("contract:") else (one.sizes,):
                    rows.append((number, places, [-1.0 / (share * one.most)] * len(places), 0.0))
    width, count = turned.width, len(known)
    old = [sp.csr_matrix(on_columns(width, places, values).reshape(1, -1)) for _, places, values, _ in rows]
    new = np.zeros((len(rows), count))
    new[np.arange(len(rows)), [number for number, *_ in rows]] = 1.0
    columns = Columns(labels, np.zeros(count), np.ones(count), np.zeros(count), integer=True)
    upper = np.array([limit for *_, limit in rows])
    below = sp.csr_matrix(sp.vstack(old)) if old else sp.csr_matrix((0, width))
    grown = turned.with_rows("differs", below, np.full(len(rows), -np.inf), upper, columns, new)
    return grown, np.append(np.zeros(width), np.ones(count))
