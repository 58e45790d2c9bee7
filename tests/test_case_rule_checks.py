"""Checks of rules, tags and classes, at the edge of what they refuse."""

from __future__ import annotations

from bare_case import Rows, lines, told
from orefolio.case.checks import rule, settings


def test_what_a_licence_stops_or_a_demand_refuses_is_borne_by_some_class() -> None:
    """A rule may reach a tag that no class bears."""
    found = told(
        rule.tags_are_borne,
        classes=[{"class_": "free", "tags": ""}, {"class_": "made", "tags": "china-technology"}],
        rules=[{"tags": "china-stage"}],
        licences=[{"tags": "china-technology"}, {"tags": "china-stage"}],
        demands=[{"refuses_tags": ""}, {"refuses_tags": "china-technology"}, {"refuses_tags": "china-content"}],
    )
    assert found == [
        (3, "the tag 'china-stage' that no class bears"),
        (4, "the tag 'china-content' that no class bears"),
    ]


def classes(*tags: str) -> Rows:
    return [{"class_": f"c{number}", "tags": several} for number, several in enumerate(tags)]


def test_any_two_classes_meet_in_one() -> None:
    """Above two that share nothing stands their union, or one class that every other above them holds."""
    assert lines(rule.classes_mix_into_one, classes=classes("", "a", "a b")) == []
    assert lines(rule.classes_mix_into_one, classes=classes("", "a", "b", "a b")) == []
    assert lines(rule.classes_mix_into_one, classes=classes("", "a", "b", "a b c", "a b c d")) == []
    assert told(rule.classes_mix_into_one, classes=classes("", "a", "b")) == [(4, "the classes 'c1' and 'c2'")]
    two_above = classes("a", "b", "a b c", "a b d", "a b c d")
    assert told(rule.classes_mix_into_one, classes=two_above) == [(3, "the classes 'c0' and 'c1'")]


def test_a_rule_ends_on_a_later_day_than_it_begins() -> None:
    days = [("2028-01-01", "2028-01-02"), ("2028-01-01", "2028-01-01"), ("2028-01-01", "2027-12-31")]
    days += [("2028-01-01", ""), ("", "2028-01-01"), ("", "")]
    rows: Rows = [{"from_date": first, "to_date": last} for first, last in days]
    assert lines(rule.dates_of_rules_run_forward, rules=rows) == [3, 4]


def test_only_rules_of_content_and_of_sourcing_have_a_threshold() -> None:
    kinds = [("content", 0.001), ("sourcing", 0.001), ("export_ban", 0.001), ("export_ban", 0.0), ("price_floor", 1.0)]
    rows: Rows = [{"kind": kind, "threshold_share": share} for kind, share in kinds]
    assert lines(rule.a_rule_of_content_has_a_threshold, rules=rows) == [4, 6]


def test_a_case_has_one_objective() -> None:
    """A weight of nought asks for nothing; each objective beside the first is told on its own line."""
    rows: Rows = [
        {"setting": "risk_weight", "value": 0.5},
        {"setting": "worst_case", "value": 0.0},
        {"setting": "least_regret", "value": 1.0},
    ]
    assert told(settings.one_objective_is_asked_for, settings=rows) == [(4, "least_regret beside risk_weight")]
    assert lines(settings.one_objective_is_asked_for, settings=rows[:2]) == []
