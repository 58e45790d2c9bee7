"""The algebra: one file for each constraint family, and their table of contents.

Families that post come before families that read: each states its part of one future on the shared ledger.
"""

from __future__ import annotations

from collections.abc import Callable

from . import (
    balance,
    budgets,
    capacity,
    chinese_content,
    contracts,
    demand,
    diversification,
    environment,
    markets,
    programmes,
    projects,
    recycling,
    stockpiles,
    substitution,
    transport,
)
from .ledger import Future

FAMILIES: dict[str, Callable[[Future], None]] = {
    "projects": projects.state,
    "programmes": programmes.state,
    "capacity": capacity.state,
    "contracts": contracts.state,
    "transport": transport.state,
    "stockpiles": stockpiles.state,
    "recycling": recycling.state,
    "substitution": substitution.state,
    "chinese_content": chinese_content.state,
    "demand": demand.state,
    "markets": markets.state,
    "diversification": diversification.state,
    "environment": environment.state,
    "budgets": budgets.state,
    "balance": balance.state,
}
