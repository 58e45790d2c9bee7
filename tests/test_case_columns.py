"""What a declaration of a column says: its kind, its limits, and whether it may be left out."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import pytest

from orefolio.case import columns
from orefolio.case.columns import Column

BARE: dict[str, Any] = {
    "unit": "",
    "low": None,
    "high": None,
    "table": "",
    "choices": (),
    "optional": False,
    "default": None,
    "part_of_key": False,
    "timed": False,
}
DECLARED: list[tuple[Callable[[], Any], dict[str, Any]]] = [
    (lambda: columns.key("m"), {"kind": "key", "part_of_key": True}),
    (lambda: columns.word("m"), {"kind": "text"}),
    (lambda: columns.text("m"), {"kind": "text", "optional": True, "default": ""}),
    (lambda: columns.reference("places", "m"), {"kind": "reference", "table": "places", "default": ""}),
    (
        lambda: columns.reference("places", "m", part_of_key=True, optional=True),
        {"kind": "reference", "table": "places", "default": "", "part_of_key": True, "optional": True},
    ),
    (
        lambda: columns.references("places", "m"),
        {"kind": "references", "table": "places", "optional": True, "default": ()},
    ),
    (lambda: columns.choice(("a", "b"), "m"), {"kind": "choice", "choices": ("a", "b")}),
    (
        lambda: columns.choice(("a", "b"), "m", default="a", part_of_key=True),
        {"kind": "choice", "choices": ("a", "b"), "optional": True, "default": "a", "part_of_key": True},
    ),
    (lambda: columns.number("t", "m"), {"kind": "number", "unit": "t", "low": 0.0}),
    (
        lambda: columns.number("t", "m", low=None, high=3.0, default=0.0, timed=True),
        {"kind": "number", "unit": "t", "high": 3.0, "optional": True, "default": 0.0, "timed": True},
    ),
    (lambda: columns.share("m"), {"kind": "number", "unit": "1", "low": 0.0, "high": 1.0}),
    (
        lambda: columns.share("m", default=0.5, timed=True),
        {"kind": "number", "unit": "1", "low": 0.0, "high": 1.0, "optional": True, "default": 0.5, "timed": True},
    ),
    (
        lambda: columns.limit("t", "m"),
        {"kind": "number", "unit": "t", "low": 0.0, "optional": True, "default": math.inf},
    ),
    (
        lambda: columns.limit("t", "m", timed=True),
        {"kind": "number", "unit": "t", "low": 0.0, "optional": True, "default": math.inf, "timed": True},
    ),
    (lambda: columns.whole("m"), {"kind": "whole", "low": 0}),
    (
        lambda: columns.whole("m", low=1, part_of_key=True, default=2),
        {"kind": "whole", "low": 1, "part_of_key": True, "optional": True, "default": 2},
    ),
    (lambda: columns.flag("m"), {"kind": "flag", "optional": True, "default": False}),
    (lambda: columns.flag("m", default=True), {"kind": "flag", "optional": True, "default": True}),
    (lambda: columns.date("m"), {"kind": "date"}),
    (lambda: columns.date("m", optional=True), {"kind": "date", "optional": True}),
    (lambda: columns.years("m"), {"kind": "years", "low": 0.0, "high": 1.0}),
    (
        lambda: columns.years("m", default=(1.0,)),
        {"kind": "years", "low": 0.0, "high": 1.0, "optional": True, "default": (1.0,)},
    ),
]


@pytest.mark.parametrize(("declare", "expected"), DECLARED)
def test_a_declaration_says_what_a_cell_may_be(declare: Callable[[], Any], expected: dict[str, Any]) -> None:
    field = declare()
    column = field.metadata["column"]
    assert isinstance(column, Column)
    said = {name.name: getattr(column, name.name) for name in dataclasses.fields(Column)}
    assert said == {"meaning": "m", **BARE, **expected}
    missing = dataclasses.MISSING
    assert field.default == (expected.get("default") if expected.get("optional") else missing)
