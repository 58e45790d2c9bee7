"""Checks of the network that need no trace, each at its edge."""

from __future__ import annotations

from typing import Any

from bare_case import Rows, bare_case, lines
from orefolio.case.checks import network


def recipe(process: str, commodity: str, direction: str) -> dict[str, Any]:
    return {"process": process, "commodity": commodity, "direction": direction}


def goods(*names: str) -> Rows:
    return [{"commodity": name} for name in names]


def test_a_lane_leads_elsewhere_and_delivers_something() -> None:
    lanes = [
        {"from_place": "a", "to_place": "b", "loss_share": 0.99},
        {"from_place": "a", "to_place": "a", "loss_share": 1.0},
    ]
    assert lines(network.lanes_lead_elsewhere, lanes=lanes) == [3]
    assert lines(network.lanes_deliver, lanes=lanes) == [3]


def test_stock_has_a_use_or_a_way_out() -> None:
    def found(**tables: Rows) -> list[int]:
        piles = [{"place": "here", "commodity": "a"}]
        processes = [{"process": "p", "place": "here"}, {"process": "q", "place": "there"}]
        return lines(network.stocks_can_leave, stockpiles=piles, processes=processes, **tables)

    assert found() == [2]
    assert found(recipes=[recipe("p", "a", "in")]) == []
    assert found(recipes=[recipe("p", "a", "out")]) == [2]
    assert found(recipes=[recipe("q", "a", "in")]) == [2]
    assert found(demands=[{"place": "here", "commodity": "a"}]) == []
    assert found(outlets=[{"place": "here", "commodity": "a"}]) == []
    assert found(lanes=[{"from_place": "here", "to_place": "x", "commodity": "a"}]) == []
    assert found(lanes=[{"from_place": "x", "to_place": "here", "commodity": "a"}]) == [2]


def test_a_commodity_has_a_use() -> None:
    assert lines(network.commodities_are_used, commodities=goods("a", "b"), scrap=goods("a")) == [3]


def test_a_feed_is_supplied_by_something() -> None:
    feeds = [recipe("p", name, "in") for name in ("bought", "held", "old", "made", "none")]
    case = bare_case(
        recipes=[*feeds, recipe("q", "made", "out")],
        contract_items=goods("bought"),
        stockpiles=goods("held"),
        scrap=goods("old"),
    )
    assert lines(network.feeds_are_supplied, case) == [6]
