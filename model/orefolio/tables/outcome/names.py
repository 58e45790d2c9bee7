"""The names of many labels as numbers, so that the columns of a variable are found without looking at each label."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orefolio.program.program import Integers, Labelled, Labels


@dataclass(frozen=True, eq=False)
class Names:
    """names: each once. of: (labels,) which of them each label has."""

    names: tuple[str, ...]
    of: Integers

    @classmethod
    def among(cls, labels: Labelled) -> Names:
        """The names of these labels, in the order in which they first appear."""
        numbers: dict[str, int] = {}
        kinds = labels.kinds if isinstance(labels, Labels) else labels
        found = [numbers.setdefault(kind.name, len(numbers)) for kind in kinds]
        of = np.array(found, dtype=np.int64)
        if isinstance(labels, Labels):
            of = of[labels.kind]
        _, first = np.unique(of, return_index=True)
        seen = of[np.sort(first)]
        rank = np.zeros(len(numbers), dtype=np.int64)
        rank[seen] = np.arange(len(seen))
        names = tuple(numbers)
        return cls(tuple(names[number] for number in seen.tolist()), rank[of])

    @cached_property
    def places(self) -> dict[str, Integers]:
        """The places of the labels of each name, ascending."""
        order = np.argsort(self.of, kind="stable")
        ends = np.cumsum(np.bincount(self.of, minlength=len(self.names)))[:-1]
        return dict(zip(self.names, np.split(order, ends), strict=True)) if self.names else {}

    def places_of(self, names: Collection[str]) -> Integers:
        """The places of the labels that have one of some names, ascending."""
        found = [places for name, places in self.places.items() if name in names]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
