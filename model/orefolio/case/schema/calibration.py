"""What the as-is years of a case are compared with."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, key, limit, number, references, text, whole, word

MEASURES = (
    "share",
    "share_imported",
    "delivered",
    "used",
    "goods",
    "kept",
    "sold_on",
    "committed",
    "capacity",
    "offered",
    "cast",
    "need",
    "collected",
    "recycled",
    "recycled_share",
    "loss",
    "loss_of_year",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure of an as-is year beside a fact of the register, whose value and range it is held against.

    An as-is year is one calendar year of the trunk without any new decision. share: from an origin, of what contracts
    deliver and is not sold on, %; share_imported: with what is sold on. delivered: by contracts, t of oxide; used: less
    what is sold on. goods: delivered, t of goods. kept: delivered, % of another year. sold_on: to outlets, t of oxide.
    committed: signed volume, % of the seller's capacity. capacity: of sellers, t of oxide. offered: signed or for
    signing in some year, t of oxide. cast: alloy that magnet lines take in, t. need: oxide that serves all demand,
    swarf returned, t. collected: old goods, % of those that come to their end. recycled: oxide from swarf and old
    goods, t; recycled_share: % of need. loss: by a cut of supply of Chinese content, over the same year without it, in
    the months of the cut; loss_of_year: with what follows in the year.
    """

    target: str = key("id")
    group: str = word("heading under which it is shown")
    name: str = word("name as people say it")
    measure: str = choice(MEASURES, "what is measured")
    elements: tuple[str, ...] = references("elements", "elements that are counted; blank: all")
    stages: str = text("stages of the chain that are counted, separated by blanks; blank: all")
    origin: str = text("seller that is counted, or two letters of its country; blank: every one")
    year: int = whole("as-is year")
    other_year: int = whole("year that kept is a share of", default=0)
    cut_months: int = whole("length of the cut", default=0)
    stock: str = choice(("locked", "free"), "whether stock may be released", default="locked")
    fact: str = text("fact of the register; blank: shown without one")
    conflict: str = text("conflict of the register that explains a value outside the fact's range")
    explained_low: float = number("unit of the fact", "least value that the conflict explains", default=0.0)
    explained_high: float = limit("unit of the fact", "greatest value that the conflict explains")
    note: str = text("what a reader should know of the comparison")
