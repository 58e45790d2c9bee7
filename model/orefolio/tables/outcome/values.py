"""A plan as one frame for each variable, made array by array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from orefolio.program.program import Floats, Label, Labelled, Labels, Places

if TYPE_CHECKING:
    import pandas as pd


def frames(columns: Labelled, values: Floats) -> dict[str, pd.DataFrame]:
    """By variable: words of the index (`index_1`, …), period, node and value of every column. values: (columns,)."""
    import pandas as pd

    kinds, kind, node = _numbered(columns)
    names: dict[str, list[int]] = {}
    for number, label in enumerate(kinds):
        names.setdefault(label.name, []).append(number)
    variable = np.empty(len(kinds), dtype=np.int16)
    within = np.empty(len(kinds), dtype=np.int32)
    for place, numbers in enumerate(names.values()):
        variable[numbers], within[numbers] = place, np.arange(len(numbers))
    of_column = variable[kind]
    order = np.argsort(of_column, kind="stable")
    ends = np.cumsum(np.bincount(of_column, minlength=len(names)))
    found = {}
    for (name, numbers), begin, end in zip(names.items(), [0, *ends[:-1]], ends, strict=True):
        mine = order[begin:end]
        own = within[kind[mine]]
        of_kind = _words([kinds[number] for number in numbers])
        index = {word: pd.Categorical.from_codes(c.codes[own], dtype=c.dtype) for word, c in of_kind.items()}
        period = np.array([kinds[number].period for number in numbers], dtype=np.int32)[own]
        found[name] = pd.DataFrame({**index, "period": period, "node": node[mine], "value": values[mine]}, copy=False)
    return found


def _numbered(columns: Labelled) -> tuple[Sequence[Label], Places, Places]:
    """Kinds of labels, and for each column the number of its kind and its node."""
    if isinstance(columns, Labels):
        return columns.kinds, columns.kind, columns.node
    nodes = np.array([label.node for label in columns], dtype=np.int32)
    return columns, np.arange(len(columns), dtype=np.int32), nodes


def _words(labels: list[Label]) -> dict[str, pd.Categorical[str]]:
    """The words of an index, one for each of its places; blank where an index is shorter."""
    import pandas as pd

    most = max(len(label.index) for label in labels)
    return {
        f"index_{place + 1}": pd.Categorical(
            [label.index[place] if place < len(label.index) else "" for label in labels]
        )
        for place in range(most)
    }
