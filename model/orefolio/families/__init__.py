"""The algebra: one file for each constraint family, and their table of contents.

Families that post come before families that read: each states its part of one future on the shared ledger.
"""

from __future__ import annotations

from collections.abc import Callable

from . import (
    abandonment,
    ageing,
    balance,
    budgets,
    capacity,
    chinese_content,
    closing,
    contracts,
    demand,
    depletion,
    diversification,
    environment,
    import_caps,
    makeup,
    markets,
    mass_balance,
    programmes,
    projects,
    recycling,
    size_classes,
    skills,
    stockpiles,
    substitution,
    suppliers,
    support,
    tranches,
    transport,
)
from .ledger import Future

FAMILIES: dict[str, Callable[[Future], None]] = {
    "projects": projects.state,
    "size_classes": size_classes.state,
    "abandonment": abandonment.state,
    "programmes": programmes.state,
    "capacity": capacity.state,
    "depletion": depletion.state,
    "closing": closing.state,
    "skills": skills.state,
    "contracts": contracts.state,
    "makeup": makeup.state,
    "tranches": tranches.state,
    "suppliers": suppliers.state,
    "transport": transport.state,
    "stockpiles": stockpiles.state,
    "recycling": recycling.state,
    "substitution": substitution.state,
    "chinese_content": chinese_content.state,
    "demand": demand.state,
    "markets": markets.state,
    "diversification": diversification.state,
    "import_caps": import_caps.state,
    "environment": environment.state,
    "support": support.state,
    "budgets": budgets.state,
    "ageing": ageing.state,
    "mass_balance": mass_balance.state,
    "balance": balance.state,
}
