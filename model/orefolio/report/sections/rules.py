"""What each rule, and knowing more, is worth."""

from __future__ import annotations

from ..analysed import part
from ..section import Section

SECTION = Section("rules", "Which rule is expensive?", lambda read: part(read, "value", "rules"))
