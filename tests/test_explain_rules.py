"""A conflict names the rules behind its limits: the rule's name, where it stands, and its row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.explain import explain
from pencil import RULE, Piece, lane, must, spot, tables
from test_explain import on_disk

TAGGED = spot("cheap", "metal", 20.0, country="CN", class_="tagged")
ACT = {"rule": "act", "name": "act 7", "citation": "gazette 9, article 3", "in_force_share": 1.0}


def act(kind: str, **columns: Any) -> Piece:
    return tables(rules=[{**ACT, "kind": kind, **columns}], classes=RULE["classes"])


def causes(folder: Path, *pieces: Piece) -> list[str]:
    found = explain(on_disk(folder / "case", *pieces))
    assert found.reason is not None
    return [str(cause) for cause in found.reason.causes]


def licensed(kind: str = "content", **columns: Any) -> tuple[Piece, ...]:
    licence = tables(licences=[{"licence": "goods", "approval_share": 0.25, "needs_rule": True}])
    return act(kind, **columns), licence, TAGGED, must("abroad", "metal", 8.0, export_share=1.0, licence="goods")


def refusing(share: float) -> tuple[Piece, ...]:
    user = must("defence", "metal", 8.0, refuses_tagged=True, refusal_rule="act")
    return act("refusal", in_force_share=share), TAGGED, user


CAPPED = (
    act("import_cap"),
    tables(import_caps=[{"rule": "act", "commodity": "metal", "country": "CN", "t_per_year": 2.0}]),
    spot("far", "metal", 20.0, country="CN", class_="tagged"),
    must("user", "metal", 8.0),
)
BANNED = (
    act("export_ban"),
    spot("there", "metal", 20.0, place="port", country="AU"),
    lane("port", "home", "metal", ban_rule="act"),
    must("user", "metal", 8.0),
)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (licensed(), "takes at most 2 t of material that needs its licence in 2027, by {act} (demands.csv:2,"),
        (refusing(0.75), "demand defence refuses all but 2 t of some tags in 2027, by {act} (demands.csv:2,"),
        (refusing(1.0), "demand defence needs 8 t in 2027, and takes nothing of some tags by {act} (demands.csv:2,"),
        (CAPPED, "at most 2 t of metal is bought from CN in 2027, by {act} (rules.csv:2,"),
        (BANNED, "goes out in 2027 than comes in, and lanes to it are barred by {act} ("),
    ],
)  # fmt: skip
def test_a_limit_of_a_conflict_names_its_rule(pieces: tuple[Piece, ...], expected: str, tmp_path: Path) -> None:
    said = "\n".join(causes(tmp_path, *pieces))
    assert expected.format(act="rule act 7 [gazette 9, article 3]") in said
    assert "rules.csv:2" in said


def test_a_rule_without_a_name_is_told_by_its_id(tmp_path: Path) -> None:
    said = "\n".join(causes(tmp_path, *licensed(name="", citation="")))
    assert "needs its licence in 2027, by rule act (" in said


def test_a_limit_that_is_no_rules_names_none(tmp_path: Path) -> None:
    """The seller has 2 of 8 t, while a rule is in force that has nothing to do with it."""
    small = spot("small", "metal", 20.0, 2.0, country="AU")
    said = causes(tmp_path, act("refusal"), small, must("user", "metal", 8.0))
    assert said
    assert not any("rule" in cause for cause in said)
