"""Points that are proved less far than they are."""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.analyses.sweep import planning


def a_gap_of(musd: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every point has a bound that lies so far under its cost."""
    real = planning._row

    def gapped(*given: Any) -> dict[str, Any]:
        row = real(*given)
        return {**row, "bound_musd": row["cost_musd"] - musd}

    monkeypatch.setattr(planning, "_row", gapped)
