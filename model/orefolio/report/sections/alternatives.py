"""Other plans of almost the same cost, and what they have in common."""

from __future__ import annotations

from ..analysed import part
from ..section import Section

SECTION = Section("alternatives", "How free is the choice?", lambda read: part(read, "alternatives"))
