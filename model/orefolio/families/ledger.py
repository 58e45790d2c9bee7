"""What families share while one future is stated: columns and rows, the path, and a ledger to post to and read from.

Supply families post (what arrives where, what it costs, what public money it takes); balance and policy families read.
No family names another. Posting to an account after it was first read is an error.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..case.case import Case
from ..case.scenarios import Path
from ..case.several import plain
from .algebra import Column, Key, Relation, Term

Bounds = tuple[float | None, float | None]

MUSD_PER_T = 1e-3
"""Million USD per tonne for one USD per kilogram."""


def _no_terms() -> dict[Key, list[Term]]:
    return defaultdict(list)


@dataclass
class Ledger:
    """Accounts of terms (coefficient, variable), by account name and key. Costs are discounted million USD."""

    accounts: dict[str, dict[Key, list[Term]]] = field(default_factory=lambda: defaultdict(_no_terms))
    closed: set[str] = field(default_factory=set)
    constants: dict[Key, float] = field(default_factory=dict)
    charges: dict[tuple[str, int], float] = field(default_factory=dict)

    def post(self, account: str, key: Key, coefficient: float, variable: Any) -> None:
        """Add a term to an account. Raises RuntimeError when the account has been read already."""
        if account in self.closed:
            raise RuntimeError(f"{account} was read before this was posted to it: {key}")
        if coefficient != 0.0:
            self.accounts[account][key].append((coefficient, variable))

    def read(self, account: str, key: Key) -> list[Term]:
        """The terms of a key, and the end of posting to this account."""
        self.closed.add(account)
        return self.accounts.get(account, {}).get(key, [])

    def keys(self, account: str) -> Iterable[Key]:
        """The keys of an account, in the order in which they were first posted, and the end of posting to it."""
        self.closed.add(account)
        return self.accounts.get(account, {}).keys()

    def so_far(self, account: str, key: Key) -> list[Term]:
        """The terms of a key that are posted by now; later posts are allowed, and the reader does without them."""
        return self.accounts.get(account, {}).get(key, [])

    def cost(self, name: str, period: int, musd: float, variable: Any) -> None:
        """Post discounted million USD per unit of a variable under a name, paid in a period."""
        self.post("cost", (name, period), musd, variable)

    def cost_always(self, name: str, period: int, musd: float) -> None:
        """Post a discounted cost that no decision changes."""
        self.constants[name, period] = self.constants.get((name, period), 0.0) + musd

    def charge(self, process: str, period: int, musd_per_t: float) -> None:
        """Add to what a tonne of a process costs its owner, million USD of its time. Raises RuntimeError once read."""
        if "charges" in self.closed:
            raise RuntimeError(f"charges were read before this was added to them: {process} in period {period}")
        self.charges[process, period] = self.charges.get((process, period), 0.0) + musd_per_t

    def charged(self, process: str, period: int) -> float:
        """What a tonne of a process costs its owner, and the end of adding to it."""
        self.closed.add("charges")
        return self.charges.get((process, period), 0.0)


@dataclass
class Future:
    """One future being stated: every column and every row ends its index with the number of its period."""

    path: Path
    columns_of: dict[str, dict[Key, Column]] = field(default_factory=dict)
    rows_of: dict[str, Mapping[Key, Relation]] = field(default_factory=dict)
    every_column: list[Column] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    commitments: set[str] = field(default_factory=set)
    spending: list[tuple[str, float, float, float, Any]] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """The case that the path belongs to."""
        return self.path.case

    def columns(
        self, name: str, bounds: Mapping[Key, Bounds], *, binary: bool = False, commitment: bool = False
    ) -> dict[Key, Column]:
        """Make the columns of a variable: index → (lower, upper). Commitments rest on what the parent node knew."""
        if name in self.columns_of:
            raise RuntimeError(f"{name} is stated twice")
        made = self.columns_of[name] = {}
        for place, (key, (lower, upper)) in enumerate(bounds.items(), len(self.every_column)):
            least, most = -math.inf if lower is None else lower, math.inf if upper is None else upper
            made[key] = Column(name, key, place, least, most, binary)
        self.every_column += made.values()
        if commitment:
            self.commitments.add(name)
        return made

    def rows(self, name: str, entries: Mapping[Key, Relation]) -> None:
        """Make the rows of a family: index → relation."""
        if name in self.rows_of:
            raise RuntimeError(f"{name} is stated twice")
        self.rows_of[name] = entries

    def in_range(self, name: str, amount: Any, on: Any, limits: Mapping[Key, tuple[float, float]]) -> None:
        """Rows that hold an amount between a least and a most where a binary is on, and at nought where it is off."""
        self.rows(f"{name}_max", {key: amount[key] <= most * on[key] for key, (_, most) in limits.items()})
        self.rows(
            f"{name}_min", {key: amount[key] >= least * on[key] for key, (least, _) in limits.items() if least > 0}
        )

    def spend(self, envelope: str, musd: float, start: float, end: float, variable: Any) -> None:
        """Post public money, undiscounted million USD per unit of a variable, spent evenly between two years."""
        if envelope and musd:
            self.spending.append((envelope, musd, start, end, variable))

    @cached_property
    def prices(self) -> Prices:
        """Prices of commodities in this future."""
        return Prices(self.path)


@dataclass
class Prices:
    """Market prices of commodities: realised share of the value of their content, and a fee, in USD/kg."""

    path: Path
    known: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    @cached_property
    def content(self) -> dict[str, list[tuple[str, float]]]:
        """Elements and tonnes per tonne of each commodity."""
        result: dict[str, list[tuple[str, float]]] = {}
        for row in self.path.case.rows("content"):
            result.setdefault(row.commodity, []).append((row.element, row.share))
        return result

    @cached_property
    def reference_market(self) -> str:
        """The market of reference values: the first of the table, China's."""
        markets = self.path.case.rows("markets")
        return str(markets[0].market) if markets else ""

    def series(self, market: str, commodity: str) -> list[float]:
        """The price in each period, USD/kg."""
        if (market, commodity) not in self.known:
            self.known[market, commodity] = self._series(market, commodity)
        return self.known[market, commodity]

    def _series(self, market: str, commodity: str) -> list[float]:
        key = f"{market}/{commodity}"
        case, path = self.path.case, self.path
        periods = len(path.periods)
        if not case.has("prices", key):
            return [0.0] * periods
        shares = path.series("prices", key, "realisation_share")
        total = path.series("prices", key, "fee_usd_per_kg")
        for element, content in self.content.get(commodity, []):
            cell = f"{market}/{element}"
            base = path.series("element_prices", cell, "chinese_usd_per_kg")
            multiple = path.series("element_prices", cell, "multiple")
            total = [t + s * content * b * m for t, s, b, m in zip(total, shares, base, multiple, strict=True)]
        return total

    def reference(self, commodity: str) -> float:
        """The fixed reference value of a commodity, USD/kg: the Chinese price of the base year."""
        key = f"{self.reference_market}/{commodity}"
        case = self.path.case
        if not case.has("prices", key):
            return 0.0
        row = case.row("prices", key)
        value = plain(row.fee_usd_per_kg)
        for element, content in self.content.get(commodity, []):
            price = case.row("element_prices", f"{self.reference_market}/{element}")
            value += row.realisation_share * content * price.chinese_usd_per_kg
        return value
