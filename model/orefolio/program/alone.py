"""One future of a merged program by itself, with its own rows and columns as they were stated beside the others."""

from __future__ import annotations

from dataclasses import replace

from ..case.scenarios import Tree
from .flatten import Flat
from .merge import Merged, merge
from .support import with_support


def of_future(merged: Merged, number: int) -> Merged:
    """The program of one future, by its number, with the weight 1: whatever is planned, that future comes.

    Its own columns are those of the future in the merged program, in their order. Nothing stands in it that is asked
    over the futures together.
    """
    return certain(merged.tree, number, merged.flats[number])


def certain(tree: Tree, number: int, flat: Flat) -> Merged:
    """The same from a future's own program; its columns bear the nodes of the tree."""
    flat = replace(flat, path=replace(flat.path, weight=1.0))
    whole = (1.0,) * len(tree.probability)
    alone = Tree(tree.case, (flat.path,), (tree.node[number],), (tree.parent[number],), whole)
    return with_support(merge(alone, [flat]))
