"""Columns and rows by their names, for labels that are made when asked for and for plain ones."""

import numpy as np

from orefolio.program.program import Label, Labels
from orefolio.tables.outcome.names import Names

KINDS = (Label("unused", ("a",), 0), Label("stock", ("a",), 0), Label("buy", ("b",), 0), Label("stock", ("b",), 1))
LABELS = Labels(KINDS, np.array([2, 3, 1, 2, 3]), np.array([0, 0, 1, 1, 2]))


def test_names_stand_in_the_order_in_which_labels_first_have_them() -> None:
    # would fail if a kind that no label has were counted, or the order of kinds taken for that of labels
    for labels in (LABELS, tuple(LABELS)):
        names = Names.among(labels)
        assert names.names == ("buy", "stock")
        assert [names.names[number] for number in names.of] == [label.name for label in labels]


def test_places_are_all_those_of_a_name_and_ascend() -> None:
    names = Names.among(LABELS)
    assert {name: places.tolist() for name, places in names.places.items()} == {"buy": [0, 3], "stock": [1, 2, 4]}
    assert names.places_of({"stock", "buy"}).tolist() == [0, 1, 2, 3, 4]
    assert names.places_of({"stock", "nothing"}).tolist() == [1, 2, 4]
    assert names.places_of({"unused"}).size == 0


def test_no_labels_have_no_names() -> None:
    assert Names.among(()).places == {}
    assert Names.among(()).places_of({"stock"}).size == 0
