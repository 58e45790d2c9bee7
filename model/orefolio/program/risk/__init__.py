r"""RSK: what is minimised where futures differ, as rows over the named totals of the merged futures.

With a weight on the tail, in million USD:

$$tail_\omega \ge cost_\omega - \eta, \quad tail_\omega \ge 0, \qquad
  \min\; (1-\lambda)\,\mathbb E[cost] + \lambda\Big(\eta + \tfrac{1}{1-\beta}\sum_\omega \pi_\omega\,tail_\omega\Big)$$

or the greatest cost over futures:

$$\min\; worst, \qquad worst \ge cost_\omega$$

or the greatest regret, cost over the proved bound of what a future costs by itself:

$$\min\; regret, \qquad regret \ge cost_\omega - best_\omega$$

Chances and tails of shortage over a whole path, in tonnes or million USD:

$$\sum short_\omega \le limit\,D_\omega + (1 - limit)\,D_\omega\,miss_\omega, \qquad
  \sum_\omega \pi_\omega\,miss_\omega \le 1 - p$$
$$\eta + \tfrac{1}{1-\beta}\sum_\omega \pi_\omega\max(0, short_\omega - \eta) \le cap, \qquad
  \text{objective} + \mu\,(\ldots)$$

In a regime, the share of a country in what is supplied at a stage:

$$supply_{z,n \in y} \le share\,\sum_{z'} supply_{z',n \in y}$$

Each part has its own file and says more: `tail`, `worst`, `regret`, `chance`, `shortage_tail`, `regimes`, `held`.
None of it stands where the case does not ask for it.

| symbol | code | unit | meaning |
|---|---|---|---|
| η | `eta` | million USD | value at risk |
| *tail* | `tail` | million USD | cost over it, by future |
| *worst* | `worst` | million USD | the greatest cost over futures |
| *regret* | `regret` | million USD | the greatest regret over futures |
| *miss* | `miss` | 1 | whether a limit is missed in a future |
| λ, β | `settings.risk_weight`, `settings.risk_level` | 1 | weight of the tail, its level |
"""

from __future__ import annotations

from ..merge import Merged
from . import chance, held, regimes, regret, shortage_tail, tail, worst


def with_risk(merged: Merged) -> Merged:
    """The program with the objective that the case asks for."""
    merged = regret.with_regret(worst.with_worst(tail.with_tail(merged)))
    merged = chance.with_chances(shortage_tail.with_shortage_tails(merged))
    return held.with_held(regimes.with_regime(merged))
