"""Table prices: nodes, what can be there, and the rules of limits, on rows written by hand."""

from __future__ import annotations

import pytest

from audit.findings import counted
from audit.written import by_column, written
from orefolio.audit.duals import prices
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from pencil import RULE, case_of, event, future, lane, must, spot, tables

CASE = case_of(
    spot("m", "ore", 1),
    must("d", "ore", 1),
    event("dear", "contracts", "contract=m", "volume_max_t_per_year", "multiply", 0.5),
    future("a", 0.75),
    future("b", 0.25, {"dear": "2028-01-01"}, onset="2028-01-01"),
    years=2,
)
ROWS = {
    "kind": ["balance"] * 3,
    "item": [""] * 3,
    "rule": [""] * 3,
    "place": ["home"] * 3,
    "commodity": ["ore"] * 3,
    "class": ["free"] * 3,
    "node": ["1", "2", "3"],
    "period": ["2027-01", "2028-01", "2028-01"],
    "year": ["2027", "2028", "2028"],
    "branch": ["every future", "trunk", "b"],
    "probability": ["1", "0.75", "0.25"],
    "usd_per_t": ["5", "-0.5", "0"],
}
"""The futures part in 2028: a node that both pass, and one for each."""


def told(**columns: list[str]) -> Tally:
    return prices(written(CASE, tables={"prices": by_column({**ROWS, **columns})}))


def test_rows_at_nodes_of_the_tree_hold() -> None:
    """Columns, no row twice, four statements and the branch of each row."""
    tally = told()
    assert (counted(tally), tally.findings) == ((2 + 3 * 4 + 3, 0), [])


@pytest.mark.parametrize(
    ("column", "text", "fails"),
    [
        ("kind", "lane", 1),
        ("item", "d", 1),
        ("rule", "act", 1),
        ("place", "abroad", 1),
        ("commodity", "metal", 1),
        ("class", "tagged", 1),
        ("node", "2", 3),
        ("node", "4", 3),
        ("period", "2027-01", 3),
        ("year", "2027", 1),
        ("year", "", 1),
        ("branch", "trunk", 1),
        ("probability", "0.2500005", 1),
        ("probability", "0.2500001", 0),
        ("probability", "", 1),
        ("usd_per_t", "", 1),
        ("usd_per_t", "inf", 1),
        ("usd_per_t", "nan", 1),
        ("usd_per_t", "7", 0),
    ],
)
def test_each_cell_is_reckoned(column: str, text: str, fails: int) -> None:
    tally = told(**{column: [*ROWS[column][:2], text]})
    assert tally.failed == fails
    assert tally.items == (18 if column == "kind" else 17)


def test_a_column_more_is_told() -> None:
    assert told(more=["1"] * 3).failed == 1


RULES = case_of(
    tables(
        rules=[
            {"rule": "act", "in_force_share": 1.0},
            {"rule": "list", "kind": "refusal", "in_force_share": 0.5},
            {"rule": "quota", "kind": "import_cap", "in_force_share": 1.0},
            {"rule": "ban", "kind": "export_ban", "in_force_share": 0.5},
            {"rule": "old", "kind": "refusal"},
        ],
        classes=RULE["classes"],
        licences=[{"licence": "goods", "approval_share": 0.4, "needs_rule": True, "rule": "act"}],
        import_caps=[{"rule": "quota", "commodity": "ore", "country": "CN", "t_per_year": 1.0}],
    ),
    spot("m", "ore", 1, country="CN", class_="tagged", place="port", licence="goods"),
    lane("port", "home", "ore", lane="way", ban_rule="ban", licence="goods"),
    must("d", "ore", 1, export_share=1.0, licence="goods", refuses_tagged=True, refusal_rule="list"),
    must("e", "ore", 1, refuses_tagged=True, refusal_rule="old"),
)
LIMITS = {
    "licensed demand": ("d", "home", "ore", "", "act"),
    "refusing demand": ("d", "home", "ore", "", "list"),
    "import cap": ("CN", "", "ore", "", "quota"),
    "licensed contract": ("m", "port", "", "tagged", "act"),
    "lane": ("way", "home", "ore", "tagged", "act"),
}
"""Item, place, commodity, class, rule. The licence lets 0.4 of what is tagged over the lane, the ban 0.5."""
NAMES = ("item", "place", "commodity", "class", "rule")


def limit(kind: str, words: tuple[str, ...], price: str = "3", case: Case = RULES) -> Tally:
    here = {"node": "1", "period": "2027-01", "year": "2027", "branch": "every future", "probability": "1"}
    row = {"kind": kind, **dict(zip(NAMES, words, strict=True)), **here, "usd_per_t": price}
    return prices(written(case, tables={"prices": [list(row), list(row.values())]}))


@pytest.mark.parametrize("kind", LIMITS)
def test_a_limit_of_a_rule_in_force_holds(kind: str) -> None:
    """Columns, no row twice, five statements and the branch."""
    tally = limit(kind, LIMITS[kind])
    assert (counted(tally), tally.findings) == ((2 + 5 + 1, 0), [])
    assert limit(kind, LIMITS[kind], "-3").failed == 1


@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("text", ["", "none", "old"])
def test_each_word_of_a_limit_is_reckoned(kind: str, place: int, text: str) -> None:
    words = list(LIMITS[kind])
    if words[place] == text:
        return
    words[place] = text
    assert limit(kind, tuple(words)).failed == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("refusing demand", ("e", "home", "ore", "", "old")),
        ("lane", ("way", "home", "ore", "tagged", "ban")),
        ("lane", ("way", "home", "ore", "free", "ban")),
        ("", ("d", "home", "ore", "", "act")),
        ("import cap", ("AU", "", "ore", "", "quota")),
    ],
)
def test_what_limits_nothing_there_is_no_limit(kind: str, words: tuple[str, ...]) -> None:
    """A rule that is not in force; a ban that leaves more than the licence; a class that cannot be there."""
    assert limit(kind, words).failed == 1


@pytest.mark.parametrize(
    ("price", "fails"),
    [("0", 0), ("-0.0001", 0), ("-0.00011", 1), ("", 2), ("nan", 2), ("inf", 1), ("-inf", 2)],
)
def test_a_limit_is_worth_a_number_that_is_not_below_nothing(price: str, fails: int) -> None:
    """But for what is rounded in a table."""
    assert limit("import cap", LIMITS["import cap"], price).failed == fails


TWO_RULES = case_of(
    tables(
        rules=[
            {"rule": "act", "in_force_share": 1.0},
            {"rule": "past"},
            {"rule": "quota", "kind": "import_cap"},
            *({"rule": name, "kind": "export_ban", "in_force_share": share}
              for name, share in (("light", 0.5), ("even", 0.6), ("hard", 0.7), ("gone", 0.0))),
        ],
        classes=RULE["classes"],
        licences=[
            {"licence": "goods", "approval_share": 0.4, "needs_rule": True},
            {"licence": "all", "approval_share": 1.0, "needs_rule": True},
        ],
        import_caps=[{"rule": "quota", "commodity": "ore", "country": "CN", "t_per_year": 1.0}],
    ),
    spot("m", "ore", 1, country="CN", class_="tagged", place="port", licence="goods"),
    spot("n", "ore", 1, country="AU", place="port", licence="all"),
    *(lane("port", "home", "ore", lane=f"{ban or 'no'} ban, {licence or 'none'}", ban_rule=ban, licence=licence)
      for ban in ("", "light", "even", "hard", "gone") for licence in ("", "goods", "all")),
    must("d", "ore", 1, export_share=1.0, licence="goods"),
    must("e", "ore", 1, export_share=1.0, licence="all"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("lane_", "class_", "rules"),
    [
        ("no ban, none", "tagged", ""),
        ("no ban, goods", "tagged", "act"),
        ("no ban, goods", "free", ""),
        ("no ban, all", "tagged", ""),
        ("light ban, none", "tagged", "light"),
        ("light ban, goods", "tagged", "act"),
        ("light ban, goods", "free", "light"),
        ("even ban, goods", "tagged", "even act"),
        ("hard ban, goods", "tagged", "hard"),
        ("hard ban, all", "tagged", "hard"),
        ("gone ban, none", "tagged", ""),
        ("gone ban, goods", "tagged", "act"),
        ("gone ban, goods", "free", ""),
        ("gone ban, all", "tagged", ""),
    ],
)
def test_a_lane_names_the_ban_or_the_licence_whichever_leaves_less(lane_: str, class_: str, rules: str) -> None:
    """The licence leaves 0.4 of tagged material, the bans 0.5, 0.4 and 0.3 of all, or all of it. What limits nothing is
    no limit, whatever it names."""
    for said in ("act", "light", "even act", "hard", "gone", "gone act", "act past"):
        tally = limit("lane", (lane_, "home", "ore", class_, said), case=TWO_RULES)
        assert tally.failed == int(said != rules), said


@pytest.mark.parametrize(
    ("kind", "words", "fails"),
    [
        ("licensed demand", ("d", "home", "ore", "", "act"), 0),
        ("licensed demand", ("d", "home", "ore", "", "act past"), 1),
        ("licensed demand", ("e", "home", "ore", "", "act"), 1),
        ("licensed contract", ("m", "port", "", "tagged", "act"), 0),
        ("licensed contract", ("n", "port", "", "free", "act"), 1),
        ("import cap", ("CN", "", "ore", "", "quota"), 1),
    ],
)
def test_a_licence_that_lets_all_through_and_a_rule_not_in_force_limit_nothing(
    kind: str, words: tuple[str, ...], fails: int
) -> None:
    assert limit(kind, words, case=TWO_RULES).failed == fails
