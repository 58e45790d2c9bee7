"""Who finances a project, and what a state may offer an investor."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, flag, key, limit, number, reference, references, share, text

KINDS = ("none", "floor", "grant", "offtake")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A form of price support.

    none: the market alone. floor: the state pays what the market price lacks of a level, product by product. grant: the
    state pays a share of the capital. offtake: a fixed price, whatever the market pays; the state bears the difference
    either way. Levels and fixed prices are price_multiple x the Chinese price of the base year.
    """

    instrument: str = key("id")
    name: str = text("name as people say it")
    kind: str = choice(KINDS, "what the state offers")
    price_multiple: float = number("1", "floor or fixed price over the Chinese price of the base year", default=0.0)
    grant_share: float = share("share of the capital that a grant pays", default=0.0)
    years: float = limit("years", "length from completion; blank: to the horizon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Financed:
    """A project that an investor may finance: it starts only if it pays at the investor's own rate."""

    project: str = reference("projects", "project", part_of_key=True)
    private: bool = flag("an investor finances it; no: the state decides as for any other project")
    rate_share_per_year: float = number("1/year", "rate at which the investor discounts, real")
    market: str = reference("markets", "market in which it sells its products and buys its feed")
    instruments: tuple[str, ...] = references("instruments", "instruments on offer; blank: every one of the table")
    envelope: str = reference("envelopes", "envelope that pays for the support", optional=True)
