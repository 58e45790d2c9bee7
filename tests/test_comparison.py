"""What changes between two runs, of tables given row by row: decisions, stock, futures that one alone has."""

from __future__ import annotations

from typing import Any

import pytest

from command_line import call
from orefolio import api
from orefolio.cli.compare import MOST
from orefolio.tables.comparison import compared
from test_screen import Rows, Told, choice

FIGURES = {"short_t": 0.0, "short_musd": 0.0, "cost_musd": 1.0}


def run(portfolio: Rows, stock: Rows, *futures: str) -> Told:
    record: dict[str, Any] = dict.fromkeys(("abs_gap", "gap", "saving_musd", "grid", "levers", "overlays"))
    record |= {"status": "optimal", "objective": 1.0, "bound": 1.0, "trunk": "calm", "case": {"name": "hand"}}
    dependence = [{"future": "expected", "stage": "all stages", "country": "CN", "element": "Dy", "year": 2027,
                   "share": 0.5}]  # fmt: skip
    told = {
        "portfolio": [{"unit": "t/year", **row} for row in portfolio],
        "futures": [{"future": name, **FIGURES} for name in futures],
        "stock": stock,
        "dependence": dependence,
    }
    return Told(record, told=told)


def moment(stockpile: str, until: str, tonnes: float, future: str = "calm") -> dict[str, Any]:
    return {"future": future, "stockpile": stockpile, "until": until, "stock_t": tonnes}


def test_a_decision_made_once_more_is_moved_and_peaks_are_summed_over_classes() -> None:
    """The reserve held 10, then 10 free and 15 tagged: a peak of 25, and 40 after; other futures do not count."""
    before = [moment("reserve", "2027", 10), moment("reserve", "2028", 10), moment("reserve", "2028", 15)]
    after = [moment("reserve", "2027", 40), moment("reserve", "2027", 90, "cut")]
    once, again = [choice("project", "p")], [choice("project", "p"), choice("project", "p", date="2029-01")]
    (change,) = compared([run(once, before, "calm"), run(again, after, "calm", "cut")])["changes"]
    (moved,) = change["decisions"]["moved"]
    assert [entry["date"] for entry in moved["after"]] == ["2027-01", "2029-01"]
    assert change["stock"] == [{"stockpile": "reserve", "before_peak_t": 25.0, "after_peak_t": 40.0}]
    assert [row["future"] for row in change["shortage"]] == ["calm"]
    assert change["dependence"] == []


def test_of_many_gained_decisions_the_rest_are_counted() -> None:
    many = [choice("project", f"p{number}") for number in range(MOST + 3)]
    (change,) = compared([run(many[:1], [moment("k", "2027", 0.0)], "calm"),
                          run(many, [moment("k", "2027", 0.0)], "calm")])["changes"]  # fmt: skip
    assert len(change["decisions"]["gained"]) == MOST + 2
    assert (change["decisions"]["lost"], change["stock"]) == ([], [])


def test_the_page_cuts_many_decisions_and_shows_the_peak_of_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [choice("project", f"p{number}") for number in range(MOST + 3)]
    runs = {"a": run(many[:1], [moment("k", "2027", 0.0)], "calm"), "b": run(many, [moment("k", "2027", 30.0)], "calm")}
    monkeypatch.setattr(api, "open_run", lambda place: runs[str(place)])
    lines = call("compare", "a", "b").stdout.splitlines()
    assert sum("gained" in line for line in lines) == MOST + 1
    assert "  gained  2 more" in lines
    assert "  stock, k: peak 0 → 30 t" in lines
