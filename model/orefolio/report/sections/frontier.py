"""What less dependence costs."""

from __future__ import annotations

from ..analysed import part
from ..section import Section

SECTION = Section("frontier", "What is the price of security?", lambda read: part(read, "frontier"))
