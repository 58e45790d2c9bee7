"""Signs of effects that were written down before any run was made, and how a run is held against them.

Cost is compared by its proved intervals: where they overlap no change is proved, which contradicts neither "not up" nor
"not down". Tonnes and shares are those of the plans; a difference under two per cent, or one between runs whose costs
are not proved to differ, is no change.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Protocol

from examples.runs import Example
from orefolio import api

NOISE = 0.02


class Measured(Protocol):
    """What signed runs are compared on; cost is million USD, proved bound and plan."""

    @property
    def cost(self) -> tuple[float, float]: ...


def expected(folder: Path) -> list[dict[str, str]]:
    """The rows of the expected_signs.csv of a folder."""
    with (folder / "expected_signs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(row: dict[str, str]) -> str:
    """What a row is called among the tests."""
    return f"{row['run']}, {row['measure']}"


def run_of(example: Example, name: str) -> api.Run:
    """A run of all futures by the name it has in expected_signs.csv; blank for the base."""
    if not name or name.startswith("overlay "):
        return example.solved(name.removeprefix("overlay "))
    lever, _, value = name.partition("=")
    return example.solved("", None, **{lever: float(value)})


def change(base: Measured, now: Measured, measure: str) -> str:
    """up, down, or same where no change is proved."""
    costs = (now.cost[0] > base.cost[1]) - (now.cost[1] < base.cost[0])
    if measure == "cost" or not costs:
        return ("down", "same", "up")[costs + 1]
    before, after = getattr(base, measure), getattr(now, measure)
    if abs(after - before) <= NOISE * max(abs(before), abs(after)):
        return "same"
    return "up" if after > before else "down"


def fits(found: str, expected: str) -> bool:
    """Whether a change is what was expected; no proved change contradicts no "not"."""
    return found != expected.removeprefix("not ") if expected.startswith("not ") else found == expected


def assert_every_run_is_signed(rows: list[dict[str, str]], runs: int, measures: tuple[str, ...]) -> None:
    """So many runs, each with one sign and its reason for each measure."""
    assert len({row["run"] for row in rows}) == runs
    assert len(rows) == runs * len(measures)
    assert {(row["run"], row["measure"]) for row in rows} == {(row["run"], one) for row in rows for one in measures}
    assert all(row["reason"] for row in rows)
