"""Tags: what rules reach, tolerate and free, which rules ask for a licence, and what a licence stops."""

from __future__ import annotations

import pytest

from bare_case import Rows, bare_case
from orefolio.case import tags
from orefolio.case.case import Case

CLASSES: Rows = [
    {"class_": "all", "tags": "china-content china-technology china-stage"},
    {"class_": "b", "tags": "china-stage"},
    {"class_": "a", "tags": "china-stage"},
    {"class_": "free", "tags": ""},
]
CONTENT = frozenset({"china-content", "china-technology"})
STAGE = frozenset({"china-stage"})


def case_of(*rules: dict[str, object], **tables: Rows) -> Case:
    named = [{"rule": f"r{number}", "kind": "content", "enabled": True, **rule} for number, rule in enumerate(rules)]
    return bare_case(classes=CLASSES, rules=named, **tables)


def test_the_class_of_a_union_is_the_one_with_the_fewest_tags_that_has_them_all() -> None:
    """Of two with as many the first by name."""
    known = tags.class_tags(case_of())
    assert tags.joined(known, frozenset()) == "free"
    assert tags.joined(known, STAGE) == "a"
    assert tags.joined(known, frozenset({"china-content"})) == "all"
    assert tags.joined({"free": frozenset()}, STAGE) is None


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"threshold_share": 0.001}], CONTENT),
        ([{"threshold_share": 0.0}], frozenset()),
        ([{"threshold_share": 0.5, "tags": "china-stage"}], STAGE),
        ([{"threshold_share": 0.001}, {"threshold_share": 0.0, "tags": "china-content"}], CONTENT - {"china-content"}),
        ([{"threshold_share": 0.001}, {"threshold_share": 0.0, "enabled": False}], CONTENT),
        ([{"threshold_share": 0.001, "enabled": False}], CONTENT),
        ([{"threshold_share": 0.0, "enabled": False}], frozenset()),
        ([{"threshold_share": 0.001}, {"threshold_share": 0.002, "tags": "china-content"}], CONTENT),
    ],
)
def test_a_tag_is_tolerated_where_a_rule_has_a_threshold_and_no_enabled_one_lacks_it(
    rules: list[dict[str, object]], expected: frozenset[str]
) -> None:
    assert tags.tolerated(case_of(*rules)) == expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"recycled_is_free": True}], CONTENT),
        (
            [{"recycled_is_free": True}, {"recycled_is_free": False, "tags": "china-content"}],
            CONTENT - {"china-content"},
        ),
        ([{"recycled_is_free": True}, {"recycled_is_free": False, "enabled": False}], CONTENT),
        ([{"recycled_is_free": False}], frozenset()),
    ],
)
def test_recycling_frees_the_tags_that_no_enabled_rule_holds(
    rules: list[dict[str, object]], expected: frozenset[str]
) -> None:
    assert tags.freed_by_recycling(case_of(*rules)) == expected


@pytest.mark.parametrize(
    ("licence", "rules", "stops"),
    [
        ({"needs_rule": False}, (), CONTENT | STAGE),
        ({"needs_rule": False, "rule": "r1"}, (), CONTENT | STAGE),
        ({"needs_rule": True}, ("r0",), CONTENT),
        ({"needs_rule": True, "rule": "r1"}, ("r1",), STAGE),
        ({"needs_rule": True, "tags": "china-technology"}, ("r0",), frozenset({"china-technology"})),
    ],
)
def test_a_licence_is_asked_for_under_its_rules_and_stops_what_they_reach(
    licence: dict[str, object], rules: tuple[str, ...], stops: frozenset[str]
) -> None:
    """r0 is of content, r1 of sourcing. Without a rule it stops every tag that some class bears."""
    case = case_of({}, {"kind": "sourcing"}, licences=[{"licence": "goods", **licence}])
    (row,) = case.rows("licences")
    assert tags.licence_rules(case, row) == rules
    assert tags.licence_tags(case, row) == stops


def test_a_demand_refuses_the_tags_that_it_names_or_every_one() -> None:
    case = case_of(
        demands=[{"demand": "one", "refuses_tags": "china-stage"}, {"demand": "all", "refuses_tagged": True}]
    )
    one, every = case.rows("demands")
    assert tags.refused_tags(case, one) == STAGE
    assert tags.refused_tags(case, every) == CONTENT | STAGE


@pytest.mark.parametrize(
    ("process", "rule", "expected"),
    [
        ({"technology_origin": "CN"}, {}, {"china-technology"}),
        ({"equipment_origin": "CN"}, {}, {"china-technology"}),
        ({"technology_origin": "CN"}, {"counts_technology": False}, set()),
        ({"equipment_origin": "CN"}, {"counts_equipment": False}, set()),
        ({"technology_origin": "CN", "equipment_origin": "JP"}, {"counts_equipment": False}, {"china-technology"}),
        ({"technology_origin": "CN"}, {"enabled": False}, set()),
        ({"technology_origin": "CN"}, {"kind": "sourcing"}, set()),
        ({"technology_origin": "JP", "equipment_origin": "JP"}, {}, set()),
        ({"place": "tianjin"}, {}, {"china-stage"}),
        ({"place": "nowhere"}, {}, set()),
        ({"place": "tianjin", "technology_origin": "CN"}, {}, {"china-stage", "china-technology"}),
    ],
)
def test_a_process_adds_the_tags_of_its_technology_its_equipment_and_its_place(
    process: dict[str, object], rule: dict[str, object], expected: set[str]
) -> None:
    """One enabled rule of content that counts them is enough; where no class bears a tag, none is added."""
    places = [{"place": "home", "country": "JP"}, {"place": "tianjin", "country": "CN"}]
    plain = {"process": "p", "place": "home", "technology_origin": "", "equipment_origin": ""}
    counts = {"counts_technology": True, "counts_equipment": True}
    none = {"counts_technology": False, "counts_equipment": False}
    case = case_of({**counts, **rule}, none, places=places, processes=[{**plain, **process}])
    assert tags.process_tags(case, case.rows("processes")[0]) == expected
    bare = bare_case(rules=[{"rule": "r", **counts}], places=places, processes=[{**plain, **process}])
    assert tags.process_tags(bare, bare.rows("processes")[0]) == frozenset()
