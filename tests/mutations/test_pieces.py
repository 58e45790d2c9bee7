"""Each piece of code that a mutation rewrites stands in its function, and only once: none has gone with the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def pieces() -> Iterator[tuple[str, str]]:
    """Function and piece of every `rewritten(…)` in this folder that gives both as words."""
    for file in sorted(Path(__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rewritten":
                place, old, _ = node.args
                if isinstance(place, ast.Constant) and isinstance(old, ast.Constant):
                    yield str(place.value), str(old.value)


def source(place: str) -> str:
    """The code of `module:function` or `module:Class.method` under orefolio."""
    module, _, path = place.partition(":")
    found: Any = importlib.import_module(f"orefolio.{module}")
    for part in path.split("."):
        found = inspect.getattr_static(found, part)
    return textwrap.dedent(inspect.getsource(getattr(found, "func", found)))


def test_every_piece_that_is_rewritten_stands_once_in_its_function() -> None:
    found = list(pieces())
    assert len(found) > 300
    assert [(place, old) for place, old in found if source(place).count(old) != 1] == []
