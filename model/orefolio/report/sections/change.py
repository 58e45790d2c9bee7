"""Which inputs move the cost, and where a decision flips."""

from __future__ import annotations

from ..analysed import part
from ..section import Section

SECTION = Section("change", "What would change our mind?", lambda read: part(read, "tornado", "breakeven", "discover"))
