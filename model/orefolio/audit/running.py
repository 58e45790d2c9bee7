"""What running a process costs its owner, per tonne of output, million USD of its time."""

from __future__ import annotations

from typing import Any

from orefolio.case.scenarios import Path

from . import timing

KG_A_TONNE = 1e-3
MUSD = 1e-6


def operating(path: Path, process: Any, number: int) -> float:
    """Operating cost in a period, or the multiple of the Chinese full cost less the capital that a project pays."""
    multiple = path.series("processes", process.process, "cost_multiple")[number]
    if multiple > 0:
        return float(max(0.0, multiple * process.chinese_full_cost_usd_per_kg - process.capital_charge_usd_per_kg))
    return path.series("processes", process.process, "operating_usd_per_kg")[number]


def residues(path: Path) -> dict[str, float]:
    """Treatment and custody of what each process leaves behind, million USD per tonne of its output."""
    left: dict[str, float] = {}
    for row in path.case.rows("residues"):
        kind = path.case.row("residue_kinds", row.residue)
        mean = timing.discount(path, 0.0, kind.custody_years)
        custody = kind.custody_usd_per_t_per_year * kind.custody_years * mean
        left[row.process] = left.get(row.process, 0.0) + row.t_per_t * (kind.treatment_usd_per_t + custody) * MUSD
    return left
