"""YAML without its traps: every value with its place; no tags, anchors or repeated keys; NO is text, 1e3 a number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from orefolio.errors import Fault, InputError

DEEPEST = 20
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
LEADING_ZERO = re.compile(r"[+-]?0\d+(\.\d*)?", re.ASCII)
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

NodeKind = Literal["map", "list", "text", "number", "flag", "nothing"]
WORDS: dict[NodeKind, str] = {
    "map": "a map",
    "list": "a list",
    "text": "a text",
    "number": "a number",
    "flag": "true or false",
    "nothing": "nothing",
}


@dataclass(frozen=True)
class Node:
    """A value and where it starts; line and column count from 1.

    `text` is what was written. `entries` are the values of a map, `keys` the places of its keys, `items` the values of
    a list. `number` is the value of a number.
    """

    kind: NodeKind
    line: int
    column: int
    text: str = ""
    number: float = 0.0
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        """As it is named in a message."""
        return f"{WORDS[self.kind]} {self.text!r}" if self.kind in ("text", "number") else WORDS[self.kind]


def parse_yaml(text: str, name: str) -> Node:
    """Parse a document of one map. name: of the file, for messages. Raises InputError with every fault found."""
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        builder.fault(line, column, f"the character U+{int(error.character):04X}", "text that YAML allows")
    except yaml.MarkedYAMLError as error:
        line, column = _mark_place(error.context_mark if error.problem_mark is None else error.problem_mark)
        builder.fault(line, column, f"what YAML does not allow ({error.problem or error.context})", "YAML")
    except (ValueError, OverflowError) as error:
        builder.fault(0, 0, f"what YAML does not allow ({error})", "YAML")
    except _TooDeepError:
        pass
    if builder.root is None and not builder.faults:
        builder.fault(0, 0, "no content", "a map of keys and values")
    if builder.faults or builder.root is None:
        raise InputError(builder.faults)
    if builder.root.kind != "map":
        root = builder.root
        raise InputError([Fault(name, str(root), "a map of keys and values", root.line, root.column)])
    return builder.root


def _mark_place(mark: Any) -> tuple[int, int]:
    return (0, 0) if mark is None else (mark.line + 1, mark.column + 1)


class _TooDeepError(Exception):
    pass


class _Builder:
    """Turns parser events into nodes. It keeps its own stack, so that depth cannot exhaust Python's."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self.documents = 0
        self._open: list[Node] = []
        self._key: list[str | None] = []

    def fault(self, line: int, column: int, found: str, expected: str, remedy: str = "") -> None:
        self.faults.append(Fault(self.name, found, expected, line, column, remedy))

    def take(self, event: yaml.Event) -> None:
        line, column = _mark_place(event.start_mark)
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.fault(line, column, "a second document", "one document in a file")
            case yaml.AliasEvent():
                self.fault(line, column, f"the alias *{event.anchor}", "the value itself", "Write it out")
                self._place(Node("nothing", line, column))
            case yaml.ScalarEvent():
                self._marked(event, line, column)
                self._scalar(event, line, column)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._marked(event, line, column)
                self._enter(Node("map" if isinstance(event, yaml.MappingStartEvent) else "list", line, column))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
                self._key.pop()

    def _marked(self, event: yaml.NodeEvent, line: int, column: int) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.fault(line, column, f"the tag {tag}", "a plain value", "Tags are refused: they can run code")
        if event.anchor is not None:
            self.fault(line, column, f"the anchor &{event.anchor}", "a plain value", "Write the value out where used")

    def _enter(self, node: Node) -> None:
        if len(self._open) >= DEEPEST:
            self.fault(node.line, node.column, f"a value {DEEPEST + 1} levels deep", f"at most {DEEPEST} levels")
            raise _TooDeepError
        self._place(node)
        self._open.append(node)
        self._key.append(None)

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> None:
        plain = event.style is None
        bad = UNPRINTABLE.search(event.value)
        if bad:
            self.fault(line, column, f"the character U+{ord(bad[0]):04X}", "text that can be printed")
            event.value = UNPRINTABLE.sub("?", event.value)
        if self._open and self._open[-1].kind == "map" and self._key[-1] is None:
            self._take_key(event.value, line, column)
            return
        if plain and LEADING_ZERO.fullmatch(event.value):
            remedy = f"Write {event.value.lstrip('+-0') or '0'}, or '{event.value}' in quotes where it is a text"
            self.fault(line, column, f"{event.value} with a leading zero", "a number or a text", remedy)
        self._place(_resolved(event.value, plain, line, column))

    def _take_key(self, key: str, line: int, column: int) -> None:
        first = self._open[-1].keys.get(key)
        if first is None:
            self._open[-1].keys[key] = (line, column)
        else:
            self.fault(line, column, f"the key {key!r} again", f"it once (it stands on line {first[0]} already)")
        self._key[-1] = key

    def _place(self, node: Node) -> None:
        """Put a finished or opened node where it belongs."""
        if not self._open:
            if self.root is None:
                self.root = node
            return
        parent = self._open[-1]
        if parent.kind == "list":
            parent.items.append(node)
        elif self._key[-1] is None:
            self.fault(node.line, node.column, f"{WORDS[node.kind]} as a key", "a text as a key")
            self._key[-1] = ""
        else:
            parent.entries.setdefault(self._key[-1], node)
            self._key[-1] = None


def _resolved(text: str, plain: bool, line: int, column: int) -> Node:
    if not plain:
        return Node("text", line, column, text)
    if text in ("", "~", "null"):
        return Node("nothing", line, column, text)
    if text in ("true", "false"):
        return Node("flag", line, column, text)
    if NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return Node("number", line, column, text, number=float(text))
    return Node("text", line, column, text)
