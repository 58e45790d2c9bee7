"""What must hold over the futures together."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, key, limit, number, reference, share, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A share of what is wanted that may go short, and how probable it is at least that no more does."""

    chance: str = key("id")
    demand: str = reference("demands", "the demand; blank: those of the group, or all", optional=True)
    group: str = text("group of demands that counts together")
    limit_share: float = share("most that goes short, share of what is wanted over the whole path")
    probability: float = share("least weight of the futures in which that holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortageTail:
    """The mean of the worst shortages over futures, priced or capped."""

    tail: str = key("id")
    demand: str = reference("demands", "the demand; blank: those of the group, or all", optional=True)
    group: str = text("group of demands that counts together")
    measure: str = choice(("t", "musd"), "tonnes, or million USD of loss, not discounted", default="t")
    level: float = number("1", "share of the futures that is not in the tail, below 1", low=0.0, high=1.0)
    weight_musd: float = number(
        "million USD", "what a unit of the measure in the tail adds to the objective", default=0.0
    )
    cap: float = limit("unit of the measure", "the most that the tail may be")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A way to depend on a country, on which the weights of the futures rest. A plan is in one regime of the menu."""

    regime: str = key("id")
    name: str = text("name as people say it")
    stage: str = text("stage at which the share is counted; blank: nothing is asked")
    element: str = reference("elements", "element whose tonnes are counted", optional=True)
    country: str = text("the country")
    max_share: float = share("largest share of a year's supply at the stage, in every future", default=1.0)
    from_year: int = whole("first year in which that is asked", default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeWeight:
    """The weight of a future in a regime."""

    regime: str = reference("regimes", "regime", part_of_key=True)
    future: str = reference("futures", "future", part_of_key=True)
    weight: float = number("1", "probability; those of a regime sum to 1", high=1.0)
