"""Labels, nodes, signs and whole decisions of a plan: what may stand in it and what may not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from audit.written import stated
from orefolio.audit import nodes
from orefolio.audit.evidence import Evidence, Label
from orefolio.audit.tally import Tally
from pencil import case_of, future, process, project, spot, tables


def evidence() -> Evidence:
    """A project, its line and a class of size; one future, which knows node 1 and then node 2."""
    case = case_of(
        spot("m", "ore", 5.0),
        process("line", {}, {"ore": 1.0}),
        project("plant", "line", 9.0),
        tables(
            size_classes=[{"project": "plant", "size_class": "small", "to_t_per_year": 9.0}],
            elements=[{"element": "Dy"}],
        ),
        future("only", 1.0),
        years=2,
    )
    return stated(case, {})


def told(*lines: tuple[Label, float], **columns: Any) -> Tally:
    return nodes.plan(replace(evidence(), plan=dict(lines), **columns))


SOUND = [
    (Label("buy", "m", 0, 1), 3.5),
    (Label("buy", "m", 1, 2), 0.0),
    (Label("activity", "line/free", 1, 2), 2.5),
    (Label("start", "plant", 0, 0), 1.0),
    (Label("start", "plant", 1, 1), 0.0),
    (Label("in_class", "plant/small", 1, 1), 1.0),
    (Label("kept", "plant/2027-01", 1, 2), 4.5),
    (Label("over", "separation/Dy/CN/2027", 0, 1), 4.5),
    (Label("eta", "", 0, 0), 2.5),
    (Label("tail", "only", 0, 0), 2.5),
]


def test_what_names_things_of_the_case_at_nodes_of_the_tree_may_stand() -> None:
    tally = told(*SOUND)
    assert (tally.items, tally.findings) == (5 * len(SOUND), [])


@pytest.mark.parametrize(
    ("label", "value", "findings"),
    [
        (Label("bought", "m", 0, 1), 3.5, ["is no variable of the formulation", "names what the case lacks"]),
        (Label("bought", "", 0, 1), 3.5, ["is no variable of the formulation", "names what the case lacks"]),
        (Label("buy", "n", 0, 1), 3.5, ["names what the case lacks"]),
        (Label("buy", "m/free", 0, 1), 3.5, ["names what the case lacks"]),
        (Label("buy", "", 0, 1), 3.5, ["names what the case lacks"]),
        (Label("activity", "line/tagged", 0, 1), 3.5, ["names what the case lacks"]),
        (Label("activity", "plant/free", 0, 1), 3.5, ["names what the case lacks"]),
        (Label("in_class", "plant/large", 0, 0), 1.0, ["names what the case lacks"]),
        (Label("eta", "m", 0, 0), 3.5, ["names what the case lacks"]),
        (Label("kept", "plant", 0, 1), 3.5, ["names what the case lacks"]),
        (Label("buy", "m", 0, 2), 3.5, ["stands at a node that no future passes through"]),
        (Label("start", "plant", 0, 1), 1.0, ["stands at a node that no future passes through"]),
        (Label("buy", "m", 7, 1), 3.5, ["stands at a node that no future passes through"]),
        (Label("tail", "only", 0, 1), 3.5, ["stands at a node that no future passes through"]),
        (Label("tail", "only", 1, 0), 3.5, ["stands at a node that no future passes through"]),
        (Label("start", "plant", 0, 0), 0.5, ["is neither 0 nor 1 but 0.5"]),
        (Label("start", "plant", 0, 0), 2.0, ["is neither 0 nor 1 but 2.0"]),
        (Label("buy", "m", 0, 1), -3.5, ["is negative: off by 3.5"]),
        (Label("buy", "m", 0, 1), math.inf, ["is no finite number"]),
        (Label("eta", "", 0, 0), -3.5, []),
        (Label("eta", "", 0, 0), math.inf, ["is no finite number"]),
    ],
)
def test_what_may_not_stand_is_said_in_words(label: Label, value: float, findings: list[str]) -> None:
    tally = told(*SOUND[1:2], (label, value))
    words = "/".join(map(str, label))
    assert [text.partition(", which is")[0] for text in tally.findings] == [f"{words} {text}" for text in findings]
    assert tally.items == 5 + 5 + (label.variable != "eta")


def test_a_number_that_is_none_is_said() -> None:
    assert told((Label("buy", "m", 0, 1), math.nan)).failed == 2


def test_a_line_that_stands_twice_is_said() -> None:
    label = SOUND[0][0]
    tally = told(*SOUND[:1], repeated=(label,))
    assert (tally.items, tally.findings) == (6, ["buy/m/0/1 stands twice"])


def test_a_variable_that_the_case_lacks_is_looked_up_once_and_told_each_time() -> None:
    tally = told((Label("buy", "n", 0, 1), 1.0), (Label("buy", "n", 1, 2), 1.0))
    assert tally.findings == ["buy/n/0/1 names what the case lacks", "buy/n/1/2 names what the case lacks"]
