"""Closed shapes of YAML: which keys a map has and what each holds; everything wrong is gathered with its place."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from orefolio.errors import Fault, nearest

from .cells import CellError, day_of, plain_number
from .yaml_text import Node


class Shape:
    """Takes values out of nodes. What does not fit becomes a fault, and a stand-in of the right type is returned."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []

    def fault(self, node: Node, found: str, expected: str, remedy: str = "") -> None:
        """Note a fault at a node."""
        self.faults.append(Fault(self.name, found, expected, node.line, node.column, remedy))

    def entries(self, node: Node | None, known: Sequence[str], needed: Sequence[str]) -> dict[str, Node]:
        """The entries of a map whose keys are all known and which has all that are needed."""
        if node is None:
            return {}
        if node.kind != "map":
            self.fault(node, str(node), f"a map with {', '.join(needed or known)}")
            return {}
        for key, (line, column) in node.keys.items():
            if key not in known:
                remedy = nearest(key, known) or f"Known: {', '.join(known)}"
                self.faults.append(Fault(self.name, f"the key {key!r}", "a known key", line, column, remedy))
        for key in needed:
            if key not in node.entries:
                self.fault(node, f"no key {key!r}", "it in this map")
        return {key: value for key, value in node.entries.items() if key in known}

    def named(self, node: Node | None) -> dict[str, Node]:
        """The entries of a map whose keys are names of the writer's own."""
        if node is not None and node.kind != "map":
            self.fault(node, str(node), "a map of names")
        return dict(node.entries) if node is not None and node.kind == "map" else {}

    def items(self, node: Node | None, expected: str) -> list[Node]:
        """The values of a list."""
        if node is not None and node.kind != "list":
            self.fault(node, str(node), f"a list of {expected}")
        return list(node.items) if node is not None and node.kind == "list" else []

    def text(self, node: Node | None) -> str:
        """A text that is not blank."""
        if node is None:
            return ""
        if node.kind == "text" and node.text.strip():
            return node.text
        remedy = f"Write it in quotes: '{node.text}'" if node.kind in ("number", "flag") else ""
        self.fault(node, str(node), "a text", remedy)
        return ""

    def number(self, node: Node | None, low: float, high: float, unit: str) -> float:
        """A number from low to high."""
        if node is None:
            return low
        try:
            if node.kind not in ("number", "text"):
                raise CellError(str(node), f"a number ({unit})")
            value = plain_number(node.text, f"a number ({unit})")
        except CellError as error:
            self.fault(node, error.found, error.expected, error.remedy)
            return low
        if not low <= value <= high:
            self.fault(node, node.text, f"a number from {low:g} to {high:g} ({unit})")
            return low
        return value

    def whole(self, node: Node | None, low: int, high: int, unit: str) -> int:
        """A whole number from low to high."""
        value = self.number(node, low, high, unit)
        if node is not None and value != int(value):
            self.fault(node, node.text, f"a whole number ({unit})")
        return int(value)

    def date(self, node: Node | None) -> datetime.date:
        """A calendar date."""
        if node is None:
            return datetime.date.min
        day = day_of(node.text)
        if day is not None:
            return day
        self.fault(node, str(node), "a date, YYYY-MM-DD")
        return datetime.date.min
