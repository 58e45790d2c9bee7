"""The price rule of a contract in words."""

from __future__ import annotations

from typing import Any

from orefolio.case.case import Case


def price_rule(case: Case, contract: str) -> str:
    """The price rules of a contract's goods, each wording once: `outside price, floor 2 × China; fixed 9 USD/kg`."""
    items = [row for row in case.rows("contract_items") if row.contract == contract]
    return "; ".join(dict.fromkeys(_words(item) for item in items))


def _words(item: Any) -> str:
    if item.price_rule == "fixed":
        return f"fixed {item.price_usd_per_kg:g} USD/kg"
    if item.price_rule == "cost_plus":
        return f"cost {item.cost_multiple:g} × China's"
    index = f"{item.market or 'no'} price" + (f" × {item.index_multiple:g}" if item.index_multiple != 1 else "")
    if item.price_rule == "index":
        return index
    floors = [f"{item.floor_usd_per_kg:g} USD/kg"] if item.floor_usd_per_kg else []
    floors += [f"{item.floor_multiple:g} × China"] if item.floor_multiple else []
    return f"{index}, floor {' or '.join(floors) or '0'}"
