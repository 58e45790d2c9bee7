"""Loops in a graph of names."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def loops(edges: Mapping[Name, set[Name]]) -> list[frozenset[Name]]:
    """The largest sets of names that all lead to each other, a name that leads to itself among them."""
    backwards: dict[Name, set[Name]] = {}
    for start, ends in edges.items():
        for end in ends:
            backwards.setdefault(end, set()).add(start)
    placed: set[Name] = set()
    found = []
    for root in reversed(_finished(edges)):
        if root not in placed:
            group = _reached(backwards, root, placed)
            placed |= group
            if len(group) > 1 or root in edges.get(root, ()):
                found.append(frozenset(group))
    return found


def _finished(edges: Mapping[Name, set[Name]]) -> list[Name]:
    """Names in the order in which a walk in depth leaves them."""
    seen: set[Name] = set()
    order: list[Name] = []
    for root in edges:
        walk: list[tuple[Name, bool]] = [(root, False)]
        while walk:
            name, left = walk.pop()
            if left:
                order.append(name)
            elif name not in seen:
                seen.add(name)
                walk.append((name, True))
                walk.extend((end, False) for end in edges.get(name, ()) if end not in seen)
    return order


def _reached(edges: Mapping[Name, set[Name]], root: Name, without: set[Name]) -> set[Name]:
    group = {root}
    waiting = [root]
    while waiting:
        fresh = edges.get(waiting.pop(), set()) - group - without
        group |= fresh
        waiting.extend(fresh)
    return group
