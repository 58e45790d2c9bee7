"""Table prices: nodes, and what can be there, on rows written by hand."""

from __future__ import annotations

import pytest

from audit.by_hand import counted, evidence
from orefolio.audit.duals import prices
from orefolio.audit.tally import Tally
from pencil import case_of, event, future, must, spot

CASE = case_of(
    spot("m", "ore", 1),
    must("d", "ore", 1),
    event("dear", "contracts", "contract=m", "volume_max_t_per_year", "multiply", 0.5),
    future("a", 0.75),
    future("b", 0.25, {"dear": "2028-01-01"}, onset="2028-01-01"),
    years=2,
)
ROWS = {
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
    return prices(evidence(CASE, tables={"prices": {**ROWS, **columns}}))


def test_rows_at_nodes_of_the_tree_hold() -> None:
    """Columns, no row twice, four statements and the branch of each row."""
    tally = told()
    assert (counted(tally), tally.findings) == ((2 + 3 * 4 + 3, 0), [])


@pytest.mark.parametrize(
    ("column", "text", "fails"),
    [
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
    assert tally.items == 17


def test_a_column_more_is_told() -> None:
    assert told(more=["1"] * 3).failed == 1
