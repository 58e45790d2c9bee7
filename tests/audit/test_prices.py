"""Table prices names the rule that a limit comes from, and says what one more tonne let through would save, by hand.

Clean goods cost 40 USD/kg and tagged ones 20, so a tonne more of these saves 20,000 USD.
"""

from __future__ import annotations

from typing import Any

import pytest

from audit import runs
from audit.tampering import every_column
from orefolio.case.case import Case
from pencil import RULE, Piece, case_of, lane, must, spot, tables

COLUMNS = ["kind", "item", "place", "commodity", "class", "rule"]
SELLERS = (spot("clean", "metal", 40.0), spot("cheap", "metal", 20.0, class_="tagged"))


def act(kind: str = "content", **columns: Any) -> Piece:
    row = {"rule": "act", "kind": kind, "in_force_share": 1.0, **columns}
    return tables(rules=[row], classes=RULE["classes"])


def licence(**columns: Any) -> Piece:
    return tables(licences=[{"licence": "goods", "approval_share": 0.5, "needs_rule": True, **columns}])


def licensed(**columns: Any) -> Case:
    """A tonne for abroad; of tagged metal half is let through while the rule is in force."""
    return case_of(act(), licence(**columns), *SELLERS, must("abroad", "metal", 1.0, export_share=1.0, licence="goods"))


def refused() -> Case:
    """A user who takes no tagged metal in the half of the year in which the act is in force."""
    user = must("defence", "metal", 1.0, refuses_tagged=True, refusal_rule="act")
    return case_of(act("refusal", in_force_share=0.5), *SELLERS, user)


def capped() -> Case:
    """At most 0.4 t may be bought from China."""
    cap = tables(import_caps=[{"rule": "act", "commodity": "metal", "country": "CN", "t_per_year": 0.4}])
    sellers = (spot("clean", "metal", 40.0, country="AU"), spot("cheap", "metal", 20.0, country="CN"))
    return case_of(act("import_cap"), cap, *sellers, must("user", "metal", 1.0))


def banned() -> Case:
    """A lane of 1 t that is barred in half of the year."""
    there = spot("cheap", "metal", 20.0, place="port")
    way = lane("port", "home", "metal", lane="way", ban_rule="act", capacity_t_per_year=1.0)
    return case_of(act("export_ban", in_force_share=0.5), there, SELLERS[0], way, must("user", "metal", 1.0))


def bought() -> Case:
    """A seller of 1 t who needs the licence for whatever he sells."""
    seller = spot("cheap", "metal", 20.0, 1.0, class_="tagged", licence="goods")
    return case_of(act(), licence(), SELLERS[0], seller, must("user", "metal", 1.0))


def limits(texts: runs.Texts) -> dict[tuple[str, ...], float]:
    """What limits of rules are worth; every other row is a balance without a rule."""
    header, *rows = runs.split(texts.tables["prices"])
    assert header[: len(COLUMNS)] == COLUMNS
    assert all(row[1] == row[5] == "" for row in rows if row[0] == "balance")
    return {tuple(row[: len(COLUMNS)]): float(row[-1]) for row in rows if row[0] != "balance"}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (licensed, ("licensed demand", "abroad", "home", "metal", "", "act")),
        (refused, ("refusing demand", "defence", "home", "metal", "", "act")),
        (capped, ("import cap", "CN", "", "metal", "", "act")),
        (banned, ("lane", "way", "home", "metal", "free", "act")),
        (bought, ("licensed contract", "cheap", "home", "", "tagged", "act")),
    ],
)
def test_a_limit_bears_the_name_of_its_rule_and_its_worth(case: Any, words: tuple[str, ...]) -> None:
    """One tonne more at 20 instead of 40 USD/kg. Would fail with the sign of the dual, or of the other end's price."""
    texts = runs.solved(case())
    assert limits(texts) == {words: pytest.approx(20_000.0)}
    assert texts.report().passed


def test_a_licence_that_no_rule_asks_for_is_no_rules_limit() -> None:
    """It is asked for always: the limit stands, and no rule is behind it."""
    assert limits(runs.solved(licensed(needs_rule=False))) == {}


def test_what_is_let_through_whole_is_no_limit() -> None:
    assert limits(runs.solved(licensed(approval_share=1.0))) == {}


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize("case", [licensed, refused, capped, banned, bought])
def test_another_rule_or_limit_is_found(case: Any) -> None:
    texts = runs.solved(case())
    rows = runs.split(texts.tables["prices"])
    line = next(number for number, row in enumerate(rows) if number and row[0] != "balance")
    limit_alone = texts.with_table("prices", [rows[0], rows[line]])
    for change in every_column(limit_alone, seed=2, table="prices"):
        assert "table_prices" in {result.name for result in change.texts.report().failed}, change.what
    for column, text in ((5, ""), (0, "balance"), (-1, "-20000")):
        row = list(rows[line])
        row[column] = text
        changed = texts.with_table("prices", [*rows[:line], row, *rows[line + 1 :]])
        assert "table_prices" in {result.name for result in changed.report().failed}, row
