"""Loops in a graph: held against a definition that is written out."""

from __future__ import annotations

import itertools
import random

import pytest

from orefolio.case.cycles import loops


def by_definition(edges: dict[str, set[str]]) -> set[frozenset[str]]:
    """Names that lead to each other by any number of steps: the transitive closure, and those alike in it."""
    names = {*edges, *itertools.chain.from_iterable(edges.values())}
    leads = {name: set(edges.get(name, ())) for name in names}
    for middle, start in itertools.product(names, names):
        if middle in leads[start]:
            leads[start] |= leads[middle]
    groups = {frozenset(other for other in leads[name] if name in leads[other]) for name in names}
    return groups - {frozenset()}


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({}, []),
        ({"a": {"b"}, "b": {"c"}}, []),
        ({"a": {"a"}}, ["a"]),
        ({"a": {"b"}, "b": {"a", "c"}, "c": {"c"}}, ["ab", "c"]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": {"d"}}, ["abc"]),
        ({"a": {"b", "c"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, ["ab", "cd"]),
    ],
)
def test_names_that_lead_to_each_other_are_a_loop(edges: dict[str, set[str]], found: list[str]) -> None:
    assert sorted(loops(edges), key=sorted) == [frozenset(names) for names in found]


def test_loops_are_those_of_the_definition() -> None:
    """Two hundred graphs drawn at random, from few edges to many."""
    chance = random.Random(7)
    seen = 0
    for _ in range(200):
        names = "abcdefgh"[: chance.randint(2, 8)]
        edges: dict[str, set[str]] = {}
        for _ in range(chance.randint(0, 2 * len(names))):
            edges.setdefault(chance.choice(names), set()).add(chance.choice(names))
        found = loops(edges)
        assert len(found) == len(set(found))
        assert set(found) == by_definition(edges)
        seen += len(found) > 1
    assert seen > 20
