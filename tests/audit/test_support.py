"""Table support against the bills and the basis of the case, on rows written by hand."""

from __future__ import annotations

import pytest

from audit.findings import counted
from audit.written import by_column, written
from orefolio.audit.costs import Bill
from orefolio.audit.evidence import Evidence
from orefolio.audit.life import lives
from orefolio.audit.support import support
from orefolio.audit.tally import Tally
from pencil import case_of, event, future, spot, tables, wanted

PRICE, LOSS = ("contract_items", "m/ore", "price_usd_per_kg"), ("loss_steps", "d/1", "loss_usd_per_kg")
CASE = case_of(
    spot("m", "ore", 1),
    spot("n", "ore", 1),
    wanted("d", "ore", 1, 2, 3),
    event("dear", "contracts", "contract=m", "volume_max_t_per_year", "multiply", 0.5),
    future("a", 0.75),
    future("b", 0.25, {"dear": "2028-01-01"}, onset="2028-01-01"),
    tables(
        basis=[
            {"table": "contract_items", "row": "m/*", "column": "price*", "facts": "F1 F2", "derivation": "as they say",
             "low_multiple": 0.5, "high_multiple": 1.5},
            {"table": "contract_items", "row": "*", "column": "*", "facts": "", "derivation": "a guess",
             "low_multiple": 0.25, "high_multiple": 0.75},
        ]
    ),
    years=2,
)  # fmt: skip
ROWS = {
    "basis": ["facts", "assumption", "assumption", "nothing", "nothing"],
    "name": ["purchases", "purchases", "purchases", "shortage", "shortage"],
    "table": ["contract_items", "contract_items", "contract_items", "loss_steps", ""],
    "row": ["m/ore", "m/ore", "n/ore", "d/1", ""],
    "column": ["price_usd_per_kg", "index_multiple", "price_usd_per_kg", "loss_usd_per_kg", ""],
    "cost_musd": ["3", "1.25", "0.75", "2", "1"],
    "share": ["0.375", "0.15625", "0.09375", "0.25", "0.125"],
    "low_multiple": ["0.5", "0.25", "0.25", "", ""],
    "high_multiple": ["1.5", "0.75", "0.75", "", ""],
    "facts": ["F1 F2", "", "", "", ""],
    "derivation": ["as they say", "a guess", "a guess", "", ""],
}
"""Purchases cost 4 without signs in the calm and 8 in the other future, of 0.75 and 0.25: 5, of which m bears 0.75 x 4
+ 0.25 x 5 = 4.25 and n 0.25 x 3; shortage costs 4 in the calm: 3. All together 8."""


def billed(found: Evidence, **more: float) -> Evidence:
    calm, crash = lives(found)
    found.kept["bills"] = [
        Bill(
            calm,
            {("purchases", 0): [2.0, -1.0], ("purchases", 1): [1.0], ("shortage", 0): [4.0]},
            borne={("purchases", "m"): 4.0, ("shortage", "d"): 4.0},
        ),
        Bill(crash, {("purchases", 0): [8.0]}, borne={("purchases", "m"): 5.0, ("purchases", "n"): 3.0}),
    ]
    if more:
        found.kept["bills"][0].parts.update({(name, 0): [musd] for name, musd in more.items()})
    return found


def told(**columns: list[str]) -> Tally:
    return support(billed(written(CASE, tables={"support": by_column({**ROWS, **columns})})))


def cell(column: str, line: int, text: str) -> Tally:
    return told(**{column: [*ROWS[column][:line], text, *ROWS[column][line + 1 :]]})


def test_parts_of_cost_by_their_inputs_hold() -> None:
    """The columns; share and sign of each row; three owners; two names; five cells, of which three have a basis in
    words and two numbers and two have none; and no input twice."""
    tally = told()
    assert (tally.items, tally.findings) == (1 + 2 * 5 + 3 + 2 + 5 + 3 * 3 + 2 + 1, [])


def test_a_run_without_the_table_fails_once() -> None:
    tally = support(written(CASE))
    assert (counted(tally), tally.findings) == ((1, 1), ["table support is missing"])


@pytest.mark.parametrize(
    ("column", "line", "text", "fails"),
    [
        ("basis", 0, "assumption", 1),
        ("basis", 3, "facts", 1),
        ("name", 3, "purchases", 3),
        ("name", 3, "other", 3),
        ("table", 3, "contracts", 1),
        ("table", 4, "no such table", 1),
        ("row", 4, "x", 1),
        ("column", 4, "x", 1),
        ("row", 3, "d/7", 1),
        ("column", 3, "no such column", 1),
        ("column", 2, "no such column", 1),
        ("cost_musd", 0, "3.1", 3),
        ("cost_musd", 4, "1.0001", 2),
        ("cost_musd", 4, "", 2),
        ("cost_musd", 4, "-1", 3),
        ("share", 0, "0.3751", 1),
        ("share", 0, "0.3750003", 0),
        ("share", 0, "0.3750005", 1),
        ("share", 4, "0.1250002", 1),
        ("low_multiple", 0, "0.6", 1),
        ("low_multiple", 1, "0.2500005", 1),
        ("low_multiple", 3, "1", 1),
        ("low_multiple", 0, "", 1),
        ("high_multiple", 0, "1.6", 1),
        ("high_multiple", 1, "0.7500009", 1),
        ("high_multiple", 3, "1", 1),
        ("facts", 0, "F1", 1),
        ("facts", 3, "F1", 1),
        ("derivation", 1, "another", 1),
        ("derivation", 3, "another", 1),
    ],
)
def test_each_cell_is_reckoned(column: str, line: int, text: str, fails: int) -> None:
    tally = cell(column, line, text)
    assert tally.failed == fails, tally.findings


def test_no_input_bears_more_than_its_thing_costs() -> None:
    """4.25 for m: what is shifted to it from n is told, and what is shifted within m is not."""
    assert told(cost_musd=["3.25", "1", "0.75", "2", "1"], share=["0.40625", "0.125", *ROWS["share"][2:]]).failed == 0
    more = told(cost_musd=["3.5", "1.25", "0.25", "2", "1"], share=["0.4375", "0.15625", "0.03125", "0.25", "0.125"])
    assert [text.split(":")[0] for text in more.findings] == ["table support purchases of m"]


def test_an_input_that_bears_nothing_costs_nothing() -> None:
    """0.5 of a loss that the case bears elsewhere, at a contract that costs nothing there."""
    wrong = told(table=[*ROWS["table"][:4], "contracts"], row=[*ROWS["row"][:4], "m"],
                 column=[*ROWS["column"][:4], "prepayment_musd"])  # fmt: skip
    assert [text.split(":")[0] for text in wrong.findings] == ["table support shortage of m"]


def test_a_part_of_cost_that_no_input_bears_is_told() -> None:
    found = billed(written(CASE, tables={"support": by_column(ROWS)}), sales=0.4)
    assert "table support, all of sales 0 reported, 0.3 reckoned" in " ".join(support(found).findings)


def test_a_part_of_cost_is_told_to_its_own_size() -> None:
    """0.3 USD of sales."""
    found = billed(written(CASE, tables={"support": by_column(ROWS)}), sales=0.4e-6)
    assert [text[:31] for text in support(found).findings] == ["table support, all of sales 0 r"]


def test_rows_of_one_table_bear_no_more_than_their_thing_together() -> None:
    """2 and 1.5 in two steps of d, whose shortage costs 3."""
    last = {"table": "loss_steps", "row": "d/2", "column": "loss_usd_per_kg", "cost_musd": "1.5"}
    wrong = told(**{name: [*ROWS[name][:4], text] for name, text in last.items()})
    assert "table support shortage of d: off by 0.5" in " ".join(wrong.findings)


def test_an_input_named_twice_is_told() -> None:
    twice = {column: [*cells, cells[4]] for column, cells in ROWS.items()}
    twice["cost_musd"][4:] = ["0.5", "0.5"]
    twice["share"][4:] = ["0.0625", "0.0625"]
    assert told(**twice).findings == ["table support names an input twice"]


def test_a_run_that_costs_nothing_has_shares_of_nothing() -> None:
    found = written(CASE, tables={"support": by_column({column: [cells[4]] for column, cells in ROWS.items()})})
    found.tables["support"].columns["cost_musd"][:] = ["0"]  # type: ignore[index]
    found.tables["support"].columns["share"][:] = ["0"]  # type: ignore[index]
    found.kept["bills"] = [Bill(life) for life in lives(found)]
    assert support(found).findings == []
    empty = written(CASE, tables={"support": [list(ROWS)]})
    empty.kept["bills"] = [Bill(life) for life in lives(empty)]
    assert support(empty).findings == []


def test_a_column_more_is_told() -> None:
    assert told(more=["1"] * 5).failed == 1
