"""How often events strike, how long they last, how projects slip: what futures are generated from."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, date, limit, number, reference, references, share, text

COMES = ("hazard", "date", "parting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """How an event of events.csv comes into a generated future: once at most."""

    event: str = reference("events", "event", part_of_key=True)
    comes: str = choice(
        COMES,
        "hazard: at a random time; date: on its first day or never; parting: when the future parts from the trunk",
        default="hazard",
    )
    hazard_per_year: float = number("1/year", "chance a year while it has not come", default=0.0)
    later_from: str | None = date("from when on another hazard holds; blank: the same for ever", optional=True)
    later_per_year: float = number("1/year", "chance a year from then on", default=0.0)
    chance: float = share("chance that it comes, where it comes by no hazard", default=1.0)
    otherwise: str = reference("events", "event that comes on that date where this one does not", optional=True)
    first: str | None = date("first day on which it may come; blank: the horizon's first", optional=True)
    last: str | None = date("day from which it comes no more; blank: the horizon's end", optional=True)
    low_months: float = limit("months", "least length; blank, with the other two: to the horizon")
    mode_months: float = limit("months", "likeliest length")
    high_months: float = limit("months", "greatest length")
    group: str = text("events of one group never last at the same time: the later one waits")
    needs: tuple[str, ...] = references("events", "it lasts only from when one of these is on; it waits for one")
    brings: tuple[str, ...] = references("events", "events that come and go with it")
    factor: str = text("common cause; events of one cause are correlated")
    loading: float = number("1", "correlation with the cause, of normal scores", low=-1.0, high=1.0, default=0.0)
    low_strength: float = number("1", "least strength", low=None, default=1.0)
    mode_strength: float = number("1", "likeliest strength", low=None, default=1.0)
    high_strength: float = number("1", "greatest strength", low=None, default=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """How likely a project slips, by how much, and what it then costs. It shows when a future parts from the trunk."""

    project: str = reference("projects", "project", part_of_key=True)
    chance: float = share("chance that it slips")
    low_years: float = number("years", "least slip")
    mode_years: float = number("years", "likeliest slip")
    high_years: float = number("years", "greatest slip")
    loading: float = number(
        "1", "correlation with the cause that all slips share, of normal scores", low=-1.0, high=1.0, default=0.0
    )
    low_overrun: float = number("1", "least multiple of the capital where it slips", default=1.0)
    mode_overrun: float = number("1", "likeliest multiple", default=1.0)
    high_overrun: float = number("1", "greatest multiple", default=1.0)
