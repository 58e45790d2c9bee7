"""What tables say in words beside their numbers: names, branches, price rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .compare import Key
from .evidence import Evidence

UNITS = {"project": "t/year", "contract": "t/year", "tranche": "share of output", "programme": "level"}


def of_row(evidence: Evidence, table: str, column: str, *places: int) -> Callable[[Key], str]:
    """A column of the case's row that the words at some places of a key name; a name left blank is the first word."""

    def says(key: Key) -> str:
        row = evidence.case.row(table, "/".join(key[place] for place in places))
        text = str(getattr(row, column) or "")
        return text or (key[places[0]] if column == "name" else "")

    known: dict[Key, str] = {}

    def kept(key: Key) -> str:
        short = tuple(key[place] for place in places)
        if short not in known:
            known[short] = says(key)
        return known[short]

    return kept


def branch(evidence: Evidence, who: Iterable[int]) -> str:
    """Words for a set of futures: every future, the trunk, or their ids."""
    numbers = list(who)
    if len(numbers) == len(evidence.walks):
        return "every future"
    if any(evidence.walks[number].path.onset is None for number in numbers):
        return "trunk"
    return " ".join(evidence.walks[number].path.future for number in numbers)


def branch_of(evidence: Evidence, place: int) -> Callable[[Key], str]:
    """The branch of the futures whose ids stand at a place of a key; blank where none stands there."""
    numbers = {walk.path.future: number for number, walk in enumerate(evidence.walks)}

    def says(key: Key) -> str:
        return branch(evidence, [numbers[name] for name in key[place].split()]) if key[place] else ""

    return says


def price_rule(items: Iterable[Any]) -> str:
    """The price rules of a contract's goods, each wording once."""
    return "; ".join(dict.fromkeys(map(_rule, items)))


def _rule(item: Any) -> str:
    market = f"{item.market or 'no'} price"
    if item.index_multiple != 1:
        market += f" × {item.index_multiple:g}"
    floors = []
    if item.floor_usd_per_kg:
        floors.append(f"{item.floor_usd_per_kg:g} USD/kg")
    if item.floor_multiple:
        floors.append(f"{item.floor_multiple:g} × China")
    rules = {
        "fixed": f"fixed {item.price_usd_per_kg:g} USD/kg",
        "cost_plus": f"cost {item.cost_multiple:g} × China's",
        "index": market,
    }
    return rules.get(item.price_rule, f"{market}, floor {' or '.join(floors) or '0'}")
