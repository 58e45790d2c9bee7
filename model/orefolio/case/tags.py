"""Tags: which of them a rule reaches, a demand refuses, a licence stops, a small share may lose, a process adds.

A class is a set of tags; any number of classes may be told apart. The tolerance of a rule is its threshold: a tag that
an enabled rule without a threshold reaches is never lost, whatever the share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from .case import Case

CONTENT = "china-content"
TECHNOLOGY = "china-technology"
STAGE = "china-stage"
CHINA = "CN"
KNOWN_TAGS = (CONTENT, TECHNOLOGY, STAGE)

Tags = frozenset[str]

ABOUT: dict[str, Tags] = {"content": frozenset({CONTENT, TECHNOLOGY}), "sourcing": frozenset({STAGE})}
"""The tags that rules of a kind are about."""


def class_tags(case: Case) -> dict[str, Tags]:
    """The tags of each class."""
    return {row.class_: frozenset(row.tags.split()) for row in case.rows("classes")}


@lru_cache(maxsize=8)
def used_tags(case: Case) -> Tags:
    """The tags that some class bears."""
    return frozenset(tag for tags in class_tags(case).values() for tag in tags)


def joined(tags: Mapping[str, Tags], union: Tags) -> str | None:
    """The class with the fewest tags that has all of these; None where there is none."""
    able = [name for name in tags if union <= tags[name]]
    return min(able, key=lambda name: (len(tags[name]), name), default=None)


def rule_tags(rule: Any) -> Tags:
    """The tags that a rule reaches: those that it names, else those that rules of its kind are about."""
    return frozenset(rule.tags.split()) or ABOUT.get(rule.kind, frozenset())


def tolerated(case: Case) -> Tags:
    """The tags that a small share of feed may lose: some rule has a threshold for them and no enabled one lacks it."""
    strict = _reached(rule for rule in case.rows("rules") if rule.enabled and rule.threshold_share <= 0)
    return _reached(rule for rule in case.rows("rules") if rule.threshold_share > 0) - strict


def freed_by_recycling(case: Case) -> Tags:
    """The tags that recycled material loses: a rule frees it and no other enabled rule holds on to it."""
    held = _reached(rule for rule in case.rows("rules") if rule.enabled and not rule.recycled_is_free)
    return _reached(rule for rule in case.rows("rules") if rule.recycled_is_free) - held


def _reached(rules: Iterable[Any]) -> Tags:
    return frozenset(tag for rule in rules for tag in rule_tags(rule))


def refused_tags(case: Case, demand: Any) -> Tags:
    """The tags of which a demand takes nothing, while it refuses."""
    return used_tags(case) if demand.refuses_tagged else frozenset(demand.refuses_tags.split())


def licence_rules(case: Case, licence: Any) -> tuple[str, ...]:
    """The rules while which a licence is asked for: its own, or all of Chinese content; none where it always is."""
    if not licence.needs_rule:
        return ()
    return (licence.rule,) if licence.rule else tuple(r.rule for r in case.rows("rules") if r.kind == "content")


def licence_tags(case: Case, licence: Any) -> Tags:
    """The tags that a licence stops: those that it names, else those of its rules, else every one."""
    named = frozenset(licence.tags.split())
    return named or _reached(case.row("rules", name) for name in licence_rules(case, licence)) or used_tags(case)


def process_tags(case: Case, process: Any) -> Tags:
    """The tags that whatever a process makes bears: by the technology and equipment that count, and by its place."""
    rules = [rule for rule in case.rows("rules") if rule.enabled and rule.kind == "content"]
    technology = process.technology_origin == CHINA and any(rule.counts_technology for rule in rules)
    equipment = process.equipment_origin == CHINA and any(rule.counts_equipment for rule in rules)
    own = {TECHNOLOGY} if technology or equipment else set()
    if case.has("places", process.place) and case.row("places", process.place).country == CHINA:
        own.add(STAGE)
    return used_tags(case) & own
