"""What can be built, and what public programmes can do."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, flag, key, number, reference, references, share, text, whole, word, years


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Capacity that can be committed: of a process, a lane or a stockpile."""

    project: str = key("id")
    name: str = text("name as people say it")
    adds_to: str = reference("processes lanes stockpiles", "what it enlarges")
    size_min_t_per_year: float = number("t/year", "least size if started", default=0.0)
    size_max_t_per_year: float = number("t/year", "greatest size")
    capital_musd: float = number("million USD", "capital whatever the size", default=0.0)
    capital_usd_per_t_per_year: float = number("USD per t/year", "capital per tonne a year of capacity", default=0.0)
    overrun_multiple: float = number(
        "1", "capital over the estimate, for commitments made while it holds", default=1.0, timed=True
    )
    fixed_usd_per_t_per_year: float = number(
        "USD per t/year", "fixed yearly cost per tonne a year once complete", default=0.0
    )
    lead_time_years: float = number("years", "from commitment to the first output", timed=True)
    delay_years: float = number("years", "added to what is not complete while it holds", default=0.0, timed=True)
    ramp: tuple[float, ...] = years(
        "share of capacity in the first, second, … year; the last one stays", default=(1.0,)
    )
    start_from: int = whole("first year in which it can be committed")
    start_to: int = whole("last year in which it can be committed")
    open_share: float = number("1", "1 where it can be committed, 0 where not", high=1.0, default=1.0, timed=True)
    binary: bool = flag("a start is a yes-or-no decision", default=True)
    equipment_origin: str = text("country whose equipment it needs, two letters; blank: not told apart")
    life_years: float = number("years", "life for the residual value", low=0.1, default=20.0)
    public_share: float = share("share of capital that public money pays", default=0.0)
    envelope: str = reference("envelopes", "envelope that pays that share", optional=True)
    requires: tuple[str, ...] = references("projects", "projects that must be committed no later")
    can_abandon: bool = flag("it may be given up while capital is left to be paid")
    exit_share: float = number("1", "charge for giving it up, share of the capital that is left", default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeClass:
    """A range of sizes in which a project can be built, with capital of its own beside the project's."""

    project: str = reference("projects", "project", part_of_key=True)
    size_class: str = key("id of the class")
    from_t_per_year: float = number("t/year", "least size in the class", default=0.0)
    to_t_per_year: float = number("t/year", "greatest size in the class")
    capital_musd: float = number("million USD", "capital whatever the size in the class", default=0.0)
    capital_usd_per_t_per_year: float = number("USD per t/year", "capital per tonne a year of capacity", default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A limit over several projects: on their number or on their size."""

    group: str = key("id")
    name: str = text("what it stands for")
    sense: str = choice(("at_most", "at_least", "exactly"), "kind of limit")
    counts: str = choice(("starts", "size"), "what is counted")
    limit: float = number("starts or t/year", "the limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """A project in a group, with its weight."""

    group: str = reference("groups", "group", part_of_key=True)
    project: str = reference("projects", "project", part_of_key=True)
    coefficient: float = number("1", "weight", low=None, default=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of a staged public programme; a level needs the one before it."""

    programme: str = key("id of the programme")
    level: int = whole("1, 2, …", low=1, part_of_key=True)
    name: str = text("name as people say it")
    increment_share: float = number("1", "added to the collection rate or the adoption share", high=1.0)
    up_front_musd: float = number("million USD", "paid over the lead time", timed=True)
    annual_musd: float = number("million USD/year", "paid each year once in force", default=0.0, timed=True)
    lead_time_years: float = number("years", "from the decision to the first effect")
    ramp: tuple[float, ...] = years("share of the increment in the first, second, … year", default=(1.0,))
    start_from: int = whole("first year in which it can be decided")
    start_to: int = whole("last year in which it can be decided")
    envelope: str = reference("envelopes", "envelope that pays", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """A process that serves a group of demands with less or none of an element, as far as it is adopted."""

    process: str = reference("processes", "process", part_of_key=True)
    demand_group: str = word("group of demands it serves")
    initial_share: float = share(
        "share of the group's demand it may serve without any programme", default=0.0, timed=True
    )
    programme: str = text("programme whose levels raise the share")
