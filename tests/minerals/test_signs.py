"""What turning a lever does to the plan of the five minerals: the sign was written down before any run."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.signs import expected
from minerals.runs import GAP, case, measured, solved

EXPECTED = expected(Path(__file__).parent)
SLACK = 0.02
"""Two plans within the gap of each other may differ so much in a volume."""
DAILY = ("trunk_licence_share", "reexport_under_ban", "clarksville_zinc", "stockpile_pace")


def _cases() -> list[object]:
    marks = {True: (), False: (pytest.mark.long,)}
    return [
        pytest.param(row, id=f"{row['run']} {row['measure']}", marks=marks[row["run"].split("=")[0] in DAILY])
        for row in EXPECTED
    ]


def test_every_sign_names_a_lever_and_says_why() -> None:
    levers = {row.lever: row for row in case().rows("levers")}
    assert len(EXPECTED) >= 30
    assert len({row["run"] for row in EXPECTED}) >= 20
    for row in EXPECTED:
        name, _, value = row["run"].partition("=")
        assert levers[name].low <= float(value) <= levers[name].high, row["run"]
        assert float(value) != levers[name].base
        assert row["sign"] in ("up", "down", "not up", "not down")
        assert row["reason"]


@pytest.mark.parametrize("row", _cases())
def test_a_lever_turns_the_plan_as_was_expected(row: dict[str, str]) -> None:
    """Costs are compared by their proved intervals; a volume may differ by what two plans within the gap may."""
    name, _, value = row["run"].partition("=")
    base, turned = measured(solved()), measured(solved(**{name: float(value)}))
    if row["measure"] == "cost":
        (low, high), (least, most) = base.cost, turned.cost
        holds = {"up": least > low, "down": most < high, "not up": least <= high, "not down": most >= low}
        apart = {"up": most > high, "down": least < low}
        assert holds[row["sign"]], (base.cost, turned.cost)
        assert apart.get(row["sign"], True), (base.cost, turned.cost)
        assert most - least <= GAP + 1e-6
    else:
        before, after = base.of(row["measure"]), turned.of(row["measure"])
        room = SLACK * max(abs(before), abs(after))
        holds = {"up": after > before + room, "down": after < before - room}
        holds |= {"not up": after <= before + room, "not down": after >= before - room}
        assert holds[row["sign"]], (before, after)
