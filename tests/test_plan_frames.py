"""A plan as data frames by variable: the same from labels that are made when asked for and from a tuple of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orefolio.program.build import build
from orefolio.program.program import Label
from orefolio.tables.outcome.values import frames
from program.shocks import three_futures

LABELS = (Label("x", ("a",), 0, 1), Label("y", ("a", "b"), 1, 2), Label("x", ("b",), 1, 3), Label("y", ("c",), 0, 1))


def test_each_variable_has_a_frame_with_a_row_for_each_of_its_columns() -> None:
    found = frames(LABELS, np.array([1.0, 2.0, 3.0, 4.0]))
    assert found["x"].to_dict("list") == {"index_1": ["a", "b"], "period": [0, 1], "node": [1, 3], "value": [1.0, 3.0]}
    assert found["y"]["index_2"].tolist() == ["b", ""]
    assert found["y"]["value"].tolist() == [2.0, 4.0]


def test_a_merged_program_gives_what_a_tuple_of_its_labels_gives() -> None:
    columns = build(three_futures()).program.columns
    values = np.arange(len(columns), dtype=float)
    one, other = frames(columns, values), frames(tuple(columns), values)
    assert list(one) == list(other)
    for name, frame in one.items():
        plain = {column: frame[column].tolist() for column in frame}
        assert plain == {column: other[name][column].tolist() for column in other[name]}, name
    assert pd.concat(one.values())["value"].sum() == pytest.approx(values.sum())
