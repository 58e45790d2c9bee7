r"""ENV: every process pays for what it leaves behind, and a country may cap it.

$$\sum_{p \in z}\sum_q w_{p,k}\,activity_{p,q,n \in y} \le cap_{z,k}\,h_y$$

Long-lived residue is charged for the whole of its custody: treatment, and the present value of yearly custody.

| symbol | code | unit | meaning |
|---|---|---|---|
| w | `residues.t_per_t` | t/t | residue per tonne of activity |
| cap | `residue_caps.t_per_year` | t/year | most that a country allows |
"""

from __future__ import annotations

import math
from typing import Any

from ..case.several import plain
from .algebra import Term, linear
from .ledger import Future


def state(future: Future) -> None:
    """State residues: their cost and their caps."""
    charges = {kind.residue: charge_musd_per_t(future, kind.residue) for kind in future.case.rows("residue_kinds")}
    for row in future.case.rows("residues"):
        for period in future.path.periods:
            future.ledger.charge(row.process, period.number, row.t_per_t * charges[row.residue])
    outputs: dict[str, list[Any]] = {}
    for key in future.ledger.keys("output"):
        outputs.setdefault(key[0], []).append(key)
    for row in future.case.rows("residues"):
        charge, country = charges[row.residue], _country(future, row.process)
        for key in outputs.get(row.process, ()):
            period = future.path.periods[key[2]]
            factor = future.path.discount(period.start, period.end)
            for coefficient, column in future.ledger.read("output", key):
                future.ledger.cost("residues", key[2], row.t_per_t * charge * coefficient * factor, column)
                future.ledger.post("residue", (row.residue, country, key[2]), row.t_per_t, column)
    _caps(future)


def _country(future: Future, process: str) -> str:
    return str(future.case.row("places", future.case.row("processes", process).place).country)


def charge_musd_per_t(future: Future, residue: str) -> float:
    """Treatment and the present value of custody of a tonne, million USD at the time it arises."""
    kind = future.case.row("residue_kinds", residue)
    custody = kind.custody_usd_per_t_per_year * kind.custody_years * future.path.discount(0.0, kind.custody_years)
    return plain((kind.treatment_usd_per_t + custody) * 1e-6)


def _caps(future: Future) -> None:
    rows = {}
    for cap in future.case.rows("residue_caps"):
        if not math.isfinite(cap.t_per_year):
            continue
        limit = future.path.series("residue_caps", f"{cap.country}/{cap.residue}", "t_per_year")
        for span in future.path.spans:
            terms: list[Term] = []
            for period in span.periods:
                terms += future.ledger.read("residue", (cap.residue, cap.country, period.number))
            most = sum(limit[period.number] * period.years for period in span.periods)
            if terms:
                rows[cap.country, cap.residue, span.label, span.periods[-1].number] = linear(terms) <= most
    future.rows("ENV", rows)
