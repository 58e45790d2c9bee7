"""The algebra: one file for each constraint family, and their table of contents.

Families that post come before families that read: each states its part of one future on the shared ledger. To add a
family, write one file with `state`, and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from .ledger import Future

ORDER = (
    "projects",
    "size_classes",
    "abandonment",
    "programmes",
    "capacity",
    "depletion",
    "closing",
    "skills",
    "contracts",
    "makeup",
    "tranches",
    "suppliers",
    "transport",
    "stockpiles",
    "recycling",
    "substitution",
    "chinese_content",
    "demand",
    "markets",
    "diversification",
    "import_caps",
    "environment",
    "support",
    "budgets",
    "ageing",
    "mass_balance",
    "balance",
)

FAMILIES: dict[str, Callable[[Future], None]] = {name: import_module(f"{__name__}.{name}").state for name in ORDER}
