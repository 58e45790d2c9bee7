r"""CAPS: while a rule is in force, no more of a commodity is bought from the sellers of a country than its cap.

$$\sum_{j \to z,c} bought_{j,n} \le cap_{z,c,n}\,h_n$$

There is a row in each period in which the rule is in force throughout; nothing where it is switched off.

| symbol | code | unit | meaning |
|---|---|---|---|
| *cap* | `import_caps.t_per_year` | t/year | most that is bought of commodity c from country z |
"""

from __future__ import annotations

from .algebra import linear
from .ledger import Future
from .reach import in_force

WHOLE = 1.0 - 1e-9


def state(future: Future) -> None:
    """State the caps of what is bought from a country."""
    rows = {}
    for cap in future.case.rows("import_caps"):
        force = in_force(future.path, cap.rule)
        most = future.path.series("import_caps", f"{cap.rule}/{cap.commodity}/{cap.country}", "t_per_year")
        for period in future.path.periods:
            bought = future.ledger.read("bought", (cap.country, cap.commodity, period.number))
            if bought and force[period.number] >= WHOLE:
                key = (cap.rule, cap.commodity, cap.country, period.number)
                rows[key] = linear(bought) <= most[period.number] * period.years
    future.rows("CAPS", rows)
