"""YAML as nodes with their places, and closed shapes taken out of them."""

from __future__ import annotations

import datetime

import pytest

from orefolio.case.yaml_shape import Shape
from orefolio.case.yaml_text import DEEPEST, Node, _mark_place, parse_yaml
from orefolio.errors import InputError


def node(text: str) -> Node:
    """The value of the key `v`."""
    return parse_yaml(f"v: {text}", "y").entries["v"]


def told(text: str) -> list[tuple[int, int, str]]:
    """Line, column and what was found, of every fault."""
    with pytest.raises(InputError) as raised:
        parse_yaml(text, "y")
    assert {fault.file for fault in raised.value.faults} == {"y"}
    return [(fault.line, fault.column, fault.found) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("NO", "text", 0.0),
        ("'7'", "text", 0.0),
        ("'true'", "text", 0.0),
        ("''", "text", 0.0),
        ("7", "number", 7.0),
        ("-1.5e3", "number", -1500.0),
        (".5", "number", 0.5),
        ("1e400", "text", 0.0),
        ("2027-01-01", "text", 0.0),
        ("true", "flag", 0.0),
        ("false", "flag", 0.0),
        ("True", "text", 0.0),
        ("~", "nothing", 0.0),
        ("null", "nothing", 0.0),
        ("", "nothing", 0.0),
        ("0", "number", 0.0),
        ("0.5", "number", 0.5),
        ("{}", "map", 0.0),
        ("[]", "list", 0.0),
    ],
)
def test_a_plain_word_is_what_it_looks_like(text: str, kind: str, number: float) -> None:
    found = node(text)
    assert (found.kind, found.number) == (kind, number)
    if found.kind not in ("map", "list"):
        assert found.text == text.strip("'")


def test_every_value_knows_its_place() -> None:
    root = parse_yaml("a:\n  b: [x, {c: y}]\n# words\nd: z\n", "y")
    inner = root.entries["a"].entries["b"]
    assert (root.line, root.column) == (1, 1)
    assert root.keys == {"a": (1, 1), "d": (4, 1)}
    assert [(item.line, item.column) for item in inner.items] == [(2, 7), (2, 10)]
    assert inner.items[1].entries["c"].text == "y"
    assert (root.entries["d"].line, root.entries["d"].column) == (4, 4)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a: 1\nb: 2\na: 3\n", [(3, 1, "the key 'a' again")]),
        ("a: &x 1\nb: *x\n", [(1, 4, "the anchor &x"), (2, 4, "the alias *x")]),
        ("a: !!str 1\n", [(1, 4, "the tag tag:yaml.org,2002:str")]),
        ("a: !t &x [1]\n", [(1, 4, "the tag !t"), (1, 4, "the anchor &x")]),
        ("a: 1\n---\nb: 2\n", [(2, 1, "a second document")]),
        ("a: 010\n", [(1, 4, "010 with a leading zero")]),
        ('a: "\\a"\n', [(1, 4, "the character U+0007")]),
        ("a: \x07\n", [(1, 4, "the character U+0007")]),
        ("a: 1\nb: xy\x07\n", [(2, 6, "the character U+0007")]),
        ("\na: \x07\n", [(2, 4, "the character U+0007")]),
        ("\n\x07\n", [(2, 1, "the character U+0007")]),
        ("? [1]\n: 2\n", [(1, 3, "a list as a key")]),
        ("? {a: 1}\n: 2\n", [(1, 3, "a map as a key")]),
        (
            "a: &x 1\nb: *x\nc: 1\nc: 2\n",
            [(1, 4, "the anchor &x"), (2, 4, "the alias *x"), (4, 1, "the key 'c' again")],
        ),
        ("? [1]\n: 2\nc: 1\nc: 2\n", [(1, 3, "a list as a key"), (4, 1, "the key 'c' again")]),
        ("- ? [1]\n  : {c: 1}\n  c: 1\n  c: 2\n", [(1, 5, "a list as a key"), (4, 3, "the key 'c' again")]),
        (
            '"\\a": 1\n"\\a": 2\n',
            [(1, 1, "the character U+0007"), (2, 1, "the character U+0007"), (2, 1, "the key '?' again")],
        ),
        ("", [(0, 0, "no content")]),
        ("# words only\n", [(0, 0, "no content")]),
        ("word\n", [(1, 1, "a text 'word'")]),
        ("\n- 1\n", [(2, 1, "a list")]),
        ("--- 7\n", [(1, 5, "a number '7'")]),
    ],
)
def test_what_yaml_may_do_and_a_case_may_not(text: str, faults: list[tuple[int, int, str]]) -> None:
    assert told(text) == faults


def test_the_text_that_yaml_itself_refuses_has_its_place() -> None:
    ((line, column, found),) = told("a: 1\nb: [1\nc: 2\n")
    assert (line, column) == (3, 2)
    assert found.startswith("what YAML does not allow (")
    ((line, column, found),) = told('a: "x\n')
    assert (line, column) == (2, 1)
    ((line, column, found),) = told("a:\n\tb: 1\n")
    assert (line, column) == (2, 1)
    assert "'\\t'" in found


@pytest.mark.parametrize("sign", ["\\U00110000", "\\UFFFFFFFF"])
def test_a_sign_beyond_all_signs_is_refused_without_a_place(sign: str) -> None:
    ((line, column, found),) = told(f'a: "{sign}"\n')
    assert (line, column) == (0, 0)
    assert found.startswith("what YAML does not allow (")


def test_where_yaml_gives_no_place_there_is_none() -> None:
    assert _mark_place(None) == (0, 0)


def test_a_leading_zero_is_shown_without() -> None:
    for text, shown in (("010", "Write 10,"), ("00", "Write 0,"), ("-07.5", "Write 7.5,")):
        with pytest.raises(InputError) as raised:
            node(text)
        assert raised.value.faults[0].remedy.startswith(shown)
    assert node("'010'").text == "010"
    assert node("0").kind == "number"


def test_levels_are_counted_and_all_of_them_allowed_but_no_more() -> None:
    def nested(levels: int) -> str:
        return "v: " + "[" * (levels - 1) + "]" * (levels - 1)

    assert parse_yaml(nested(DEEPEST), "y").entries["v"].kind == "list"
    assert len(told(nested(DEEPEST + 5))) == 1
    assert told(nested(DEEPEST + 1)) == [(1, 3 + DEEPEST, f"a value {DEEPEST + 1} levels deep")]


def test_the_first_of_two_values_is_kept() -> None:
    with pytest.raises(InputError) as raised:
        parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\n", "y")
    assert [fault.expected for fault in raised.value.faults] == [
        "it once (it stands on line 1 already)",
        "it once (it stands on line 3 already)",
    ]


# Shapes


def faults(shape: Shape) -> list[tuple[int, int, str, str]]:
    return [(fault.line, fault.column, fault.found, fault.expected) for fault in shape.faults]


def test_a_map_has_the_keys_it_needs_and_no_others() -> None:
    shape = Shape("y")
    root = parse_yaml("one: 1\nthre: 3\n", "y")
    assert list(shape.entries(root, ("one", "two", "three"), ("one", "two"))) == ["one"]
    assert faults(shape) == [(2, 1, "the key 'thre'", "a known key"), (1, 1, "no key 'two'", "it in this map")]
    assert shape.faults[0].remedy == "Did you mean three?"


def test_what_is_missing_is_nothing_and_no_second_fault() -> None:
    shape = Shape("y")
    assert shape.entries(None, ("a",), ("a",)) == {}
    assert shape.named(None) == {}
    assert shape.items(None, "x") == []
    assert shape.text(None) == ""
    assert shape.number(None, 3.0, 5.0, "t") == 3.0
    assert shape.whole(None, 3, 5, "t") == 3
    assert shape.date(None) == datetime.date.min
    assert shape.faults == []


def test_what_is_of_another_kind_is_told_and_stood_in_for() -> None:
    shape = Shape("y")
    assert shape.entries(node("[1]"), ("a",), ()) == {}
    assert shape.named(node("[1]")) == {}
    assert shape.items(node("{a: 1}"), "words") == []
    assert shape.text(node("7")) == ""
    assert shape.text(node("' '")) == ""
    assert shape.number(node("[1]"), 3.0, 5.0, "t") == 3.0
    assert shape.number(node("x"), 3.0, 5.0, "t") == 3.0
    assert shape.date(node("2027-02-30")) == datetime.date.min
    expected = ["a map with a", "a map of names", "a list of words", "a text", "a text"]
    assert [fault.expected for fault in shape.faults] == [
        *expected,
        "a number (t)",
        "a number (t)",
        "a date, YYYY-MM-DD",
    ]
    assert [fault.found for fault in shape.faults[5:7]] == ["a list", "'x'"]
    assert {(fault.line, fault.column) for fault in shape.faults} == {(1, 4)}
    assert [fault.remedy for fault in shape.faults[3:5]] == ["Write it in quotes: '7'", ""]


def test_numbers_reach_from_the_least_to_the_most() -> None:
    shape = Shape("y")
    assert [shape.number(node(text), 3, 5, "t") for text in ("3", "5", "'4'")] == [3, 5, 4]
    assert shape.faults == []
    assert [shape.number(node(text), 3, 5, "t") for text in ("2.9", "5.1")] == [3, 3]
    assert [fault.expected for fault in shape.faults] == ["a number from 3 to 5 (t)"] * 2


def test_whole_numbers_are_whole() -> None:
    shape = Shape("y")
    assert shape.whole(node("4"), 3, 5, "t") == 4
    assert shape.faults == []
    shape.whole(node("4.5"), 3, 5, "t")
    assert faults(shape) == [(1, 4, "4.5", "a whole number (t)")]


def test_names_and_dates_are_taken_as_written() -> None:
    shape = Shape("y")
    assert {key: value.text for key, value in shape.named(node("{b: x, a: y}")).items()} == {"b": "x", "a": "y"}
    assert [item.text for item in shape.items(node("[x, y]"), "words")] == ["x", "y"]
    assert shape.date(node("2027-03-04")) == datetime.date(2027, 3, 4)
    assert shape.text(node("NO")) == "NO"
    assert shape.faults == []
