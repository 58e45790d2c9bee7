"""Both accountings of Chinese content at their edges, of plans and lots that are written by hand."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from audit.test_blending import chain, rules
from audit.written import Line, written
from orefolio.audit import accountings
from orefolio.audit.evidence import Evidence
from orefolio.audit.tracing import Traced
from orefolio.case.case import Case
from pencil import future, process, spot

APART, BALANCE = "lots kept apart", "mass balance"
Lots = Mapping[tuple[str, str, str, str], float]


def balance(case: Case, *lines: Line) -> tuple[float, str]:
    """The share by mass balance in the one future under the one rule, and whether it is within the threshold."""
    _, row = accountings.rows(written(case, *lines))
    assert row[2] == BALANCE
    return row[4], row[7]


def lots(case: Case, content: Lots, sold: Lots | None = None) -> Evidence:
    """A run whose lots hold so much."""
    run = written(case)
    run.kept["traced"] = Traced(content=dict(content), sold=dict(sold or {}))
    return run


def apart(
    case: Case, content: Lots, sold: Lots | None = None
) -> dict[tuple[str, str], tuple[float, float | None, str]]:
    """By future and rule: the worst lot, what declared shares add up to, and whether it is within the threshold."""
    found = accountings.rows(lots(case, content, sold))
    return {row[:2]: (row[4], row[5], row[7]) for row in found if row[2] == APART}


def lot(future_: str = "only", demand: str = "d", class_: str = "free") -> tuple[str, str, str, str]:
    return (future_, "2027-01", demand, class_)


FIRST: tuple[Line, ...] = (
    ("blend", "home/metal/tagged/free", 0, 40.0),
    ("feed", "press/metal/tagged/free", 0, 20.0),
    ("feed", "press/metal/free/tagged", 0, 70.0),
    ("blend", "home/metal/staged/free", 0, 5.0),
    ("deliver", "d/free", 0, 60.0),
    ("deliver", "d/tagged", 0, 70.0),
    ("deliver", "e/staged", 0, 10.0),
    ("sell", "home/magnet/1", 0, 15.0),
    ("stock", "k/free", 0, 20.0),
    ("stock", "k/tagged", 0, 90.0),
    ("stock", "m/free", 0, 5.0),
)
SECOND: tuple[Line, ...] = (
    ("blend", "home/magnet/tagged/free", 1, 2.0),
    ("feed", "press/metal/tagged/free", 1, 10.0),
    ("deliver", "d/free", 1, 30.0),
    ("stock", "k/staged", 1, 5.0),
    ("stock", "m/free", 1, 3.0),
)


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        ((*FIRST, *SECOND), 564 / 3430),
        (FIRST, 432 / 2350),
        ((*FIRST, ("deliver", "d/free", 1, 100.0)), 432 / 3000),
        (SECOND, 132 / 1080),
    ],
)
def test_the_balance_is_what_went_in_so_far_over_what_left_so_far_and_is_held(
    lines: tuple[Line, ...], share: float
) -> None:
    """Metal counts 10 and magnets 30; 0.72 of metal comes out again. First year: 60 t of metal lose the tag, 432, and
    neither those that gain one nor those that lose one of another rule. 60 t of magnets, 10 of metal and what is sold,
    15 of magnets, leave without it: 2350. Held: 20 of magnets and 5 of metal, 650; so 432 of 3000. Second: 2 t of
    magnets and 10 of metal, 132; 900 leave, and 180 are held: 564 of 2350 + 900 + 180. Without that year's lines
    nothing is held, and 432 of 2350 are the worst; with 100 t more out of the door, the first year is."""
    assert balance(chain(), *lines)[0] == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        ((), 0.0),
        ((("deliver", "e/free", 0, 5.0),), 0.0),
        ((("blend", "home/metal/tagged/free", 0, 40.0),), 1.0),
        ((("blend", "home/metal/tagged/free", 0, 40.0), ("deliver", "e/free", 0, 5.0)), 1.0),
        ((("blend", "home/metal/tagged/free", 0, 0.05), ("deliver", "e/free", 0, 0.09)), 0.4),
    ],
)
def test_the_balance_lies_between_nothing_and_all(lines: tuple[Line, ...], share: float) -> None:
    """288 went in where nothing or 50 came out; 0.05 x 7.2 of 0.9 are 0.4."""
    assert balance(chain(), *lines)[0] == pytest.approx(share)


def test_what_went_down_into_the_tag_is_taken_off_where_and_when_it_did() -> None:
    """10 of the 40 t of tagged metal at home went down into the tag: of 28 t that lose it there, 21 count; abroad and
    in the second year all 2 and 3 do. 26 x 7.2 of 60 x 30 are 0.104."""
    case = chain(spot("cn", "metal", 10.0, class_="tagged"))
    lines: tuple[Line, ...] = (
        ("buy", "cn", 0, 30.0),
        ("downgrade", "home/metal/free/tagged", 0, 6.0),
        ("downgrade", "home/metal/staged/tagged", 0, 4.0),
        ("feed", "press/metal/tagged/free", 0, 20.0),
        ("blend", "home/metal/tagged/free", 0, 8.0),
        ("blend", "abroad/metal/tagged/free", 0, 2.0),
        ("feed", "press/metal/tagged/free", 1, 3.0),
        ("stock", "k/free", 0, 60.0),
        ("deliver", "d/free", 1, 60.0),
    )
    assert balance(case, *lines)[0] == pytest.approx(0.104)


@pytest.mark.parametrize(
    ("threshold", "blended", "left", "fine"),
    [
        (0.2, 200.0, 1000.0, "yes"),
        (0.2, 200.0001, 1000.0, "yes"),
        (0.2, 200.0004, 1000.0, "no"),
        (0.2, 300.0, 1000.0, "no"),
        (0.0, 1.0, 2e9, "yes"),
        (0.0, 1.0, 1e9, "yes"),
        (0.0, 1.1, 1e9, "no"),
    ],
)
def test_the_balance_may_be_over_its_threshold_by_a_millionth_of_it(
    threshold: float, blended: float, left: float, fine: str
) -> None:
    """By mass. Half a millionth over 0.2 is within, two are not; of a threshold of nothing, a billionth of all is."""
    case = chain(ruled=rules({"threshold_share": threshold, "basis": "mass"}))
    share, within = balance(case, ("blend", "home/magnet/tagged/free", 0, blended), ("deliver", "d/free", 0, left))
    assert share == pytest.approx(blended / left, rel=1e-12)
    assert within == fine


@pytest.mark.parametrize(
    ("threshold", "content", "fine"),
    [
        (0.2, 0.199, "yes"),
        (0.2, 0.2, "no"),
        (0.2, 0.3, "no"),
        (0.0, 1e-9, "yes"),
        (0.0, 1.1e-9, "no"),
        (0.0, 0.0, "yes"),
    ],
)
def test_a_lot_stays_under_its_threshold_or_holds_nothing(threshold: float, content: float, fine: str) -> None:
    case = chain(ruled=rules({"threshold_share": threshold}), mass_balance=0.0)
    assert apart(case, {lot(): content}) == {("only", "r0"): (content, 0.0, fine)}


def test_the_worst_lot_is_of_the_future_and_lacks_the_tags_of_the_rule() -> None:
    """Tagged lots are no lots without the tag; those of a stage are, but not of the rule on stages."""
    case = chain(
        future("one", 0.5),
        future("two", 0.5),
        ruled=rules({}, {"tags": "china-stage"}, {"kind": "sourcing"}, {"enabled": False}),
        mass_balance=0.0,
    )
    content = {
        lot("one"): 0.1,
        lot("one", "e", "staged"): 0.15,
        lot("one", class_="tagged"): 0.9,
        lot("two", class_="tagged"): 0.7,
        lot("two"): 0.05,
    }
    sold = {
        lot("two", "home/magnet", "free"): 0.3,
        lot("two", "home/magnet", "staged"): 0.4,
        lot("two", "home/metal", "tagged"): 0.6,
    }
    assert apart(case, content, sold) == {
        ("one", "r0"): (0.15, 0.0, "yes"),
        ("one", "r1"): (0.9, 0.0, "no"),
        ("two", "r0"): (0.4, 0.0, "no"),
        ("two", "r1"): (0.7, 0.0, "no"),
    }


MELT = process("melt", {"ore": 1.0}, {"metal": 1.0}, de_minimis_share=0.05)
FINE = process("fine", {"metal": 1.0}, {"magnet": 1.0}, de_minimis_share=0.1)


@pytest.mark.parametrize(
    ("content", "sold", "declared"),
    [
        ([], [], 0.0),
        (["d"], [], 0.15),
        (["e"], [], 0.05),
        (["d", "e"], [], 0.15),
        (["e", "d"], [], 0.15),
        ([], ["home/metal"], 0.05),
        (["e"], ["home/magnet"], 0.15),
        ([], ["home/ore"], 0.0),
    ],
)
def test_declared_shares_add_up_along_the_chain_of_the_worst_lot(
    content: list[str], sold: list[str], declared: float
) -> None:
    """Metal 5 %; magnets, of such metal, 5 % by the press, and 15 % by the other line. Ore is made by nobody."""
    case = chain(MELT, FINE, mass_balance=0.0)
    found = apart(case, {lot(demand=name): 0.01 for name in content}, {lot(demand=name): 0.02 for name in sold})
    ((share, told, within),) = found.values()
    assert (share, within) == (0.02 if sold else 0.01 if content else 0.0, "yes")
    assert told == pytest.approx(declared)


def test_declared_shares_are_at_most_all_and_none_where_they_do_not_bind() -> None:
    """0.4 and 0.9 make more than all. By mass balance no declared share binds a plan."""
    much = (
        process("melt", {"ore": 1.0}, {"metal": 1.0}, de_minimis_share=0.4),
        process("fine", {"metal": 1.0}, {"magnet": 1.0}, de_minimis_share=0.9),
    )
    for setting, declared in ((0.0, 1.0), (1.0, None)):
        rows = accountings.rows(lots(chain(*much, mass_balance=setting), {lot(): 0.01}))
        assert [(row[2], row[3], row[5]) for row in rows] == [
            (APART, "no" if setting else "yes", declared),
            (BALANCE, "yes" if setting else "no", None),
        ]


def test_only_rules_on_content_in_use_are_told() -> None:
    found = {
        name: [row[1] for row in accountings.rows(written(chain(ruled=ruled)))]
        for name, ruled in {
            "off": rules({"enabled": False}),
            "stage": rules({"kind": "sourcing"}),
            "one": rules({"enabled": False}, {}, {"kind": "sourcing"}),
        }.items()
    }
    assert found == {"off": [], "stage": [], "one": ["r1", "r1"]}


def test_the_record_has_the_worst_of_the_futures_by_rule() -> None:
    rows: list[accountings.Row] = [
        ("one", "r0", APART, "yes", 0.3, 0.04, 0.2, "no"),
        ("one", "r0", BALANCE, "no", 0.1, None, 0.2, "yes"),
        ("one", "r1", APART, "no", 0.1, None, 0.4, "yes"),
        ("one", "r1", BALANCE, "yes", 0.5, None, 0.4, "no"),
        ("two", "r0", APART, "yes", 0.1, 0.06, 0.2, "yes"),
        ("two", "r0", BALANCE, "no", 0.15, None, 0.2, "yes"),
        ("two", "r1", APART, "no", 0.35, None, 0.4, "yes"),
        ("two", "r1", BALANCE, "yes", 0.2, None, 0.4, "yes"),
    ]
    assert accountings.told(rows) == [
        {
            "rule": "r0",
            "planned": APART,
            "threshold_share": 0.2,
            "lots_kept_apart": {"share": 0.3, "declared_share": 0.06, "within": False},
            "mass_balance": {"share": 0.15, "declared_share": None, "within": True},
        },
        {
            "rule": "r1",
            "planned": BALANCE,
            "threshold_share": 0.4,
            "lots_kept_apart": {"share": 0.35, "declared_share": None, "within": True},
            "mass_balance": {"share": 0.5, "declared_share": None, "within": False},
        },
    ]


ROWS = [
    ["only", "r0", APART, "no", 0.05, None, 0.2, "yes"],
    ["only", "r0", BALANCE, "yes", 1.0, None, 0.2, "no"],
]
ENTRY: dict[str, Any] = {
    "rule": "r0",
    "planned": BALANCE,
    "threshold_share": 0.2,
    "lots_kept_apart": {"share": 0.05, "declared_share": None, "within": True},
    "mass_balance": {"share": 1.0, "declared_share": None, "within": False},
}


def telling(entries: Any, rows: list[list[Any]] = ROWS) -> Evidence:
    """A run with a lot of 5 % whose balance is all Chinese, its table and what its record says."""
    told = {"content": [list(accountings.COLUMNS), *rows]}
    run = written(chain(), ("blend", "home/metal/tagged/free", 0, 4.0), tables=told, record={"content": entries})
    run.kept["traced"] = Traced(content={lot(): 0.05})
    return run


def edited(path: str, value: Any) -> dict[str, Any]:
    entry = copy.deepcopy(ENTRY)
    inner, _, name = path.rpartition("/")
    (entry[inner] if inner else entry)[name] = value
    return entry


def test_a_sound_table_and_record_are_counted_cell_by_cell() -> None:
    """The columns, 2 x 5 cells; one entry: its names, 3 words, and names and 3 words under either accounting."""
    tally = accountings.table(telling([ENTRY]))
    assert (tally.items, tally.findings) == (1 + 10 + 1 + 4 + 2 * 4, [])
    whole = accountings.table(telling([edited("mass_balance/share", 1)]))
    assert (whole.items, whole.findings) == (24, [])


@pytest.mark.parametrize(
    ("path", "value", "finding"),
    [
        ("rule", "r1", "r0 rule r1"),
        ("planned", APART, f"r0 planned {APART}"),
        ("threshold_share", 0.2000004, "r0 threshold_share 0.2000004 reported, 0.2 reckoned"),
        ("threshold_share", "0.2", "r0 threshold_share 0.2"),
        ("threshold_share", None, "r0 threshold_share None"),
        ("lots_kept_apart/share", 0.0500002, "r0 lots_kept_apart share 0.0500002 reported, 0.05 reckoned"),
        ("lots_kept_apart/declared_share", 0.0, "r0 lots_kept_apart declared_share 0.0"),
        ("lots_kept_apart/within", 1, "r0 lots_kept_apart within 1"),
        ("lots_kept_apart/within", False, "r0 lots_kept_apart within False"),
        ("mass_balance/share", True, "r0 mass_balance share True"),
        ("mass_balance/within", 0, "r0 mass_balance within 0"),
        ("mass_balance/more", 0, "r0 mass_balance"),
        ("more", 0, "r0"),
    ],
)
def test_each_word_of_the_record_is_compared(path: str, value: Any, finding: str) -> None:
    """A truth value is no number, and no number is a truth value."""
    tally = accountings.table(telling([edited(path, value)]))
    assert [text.split(":")[0] for text in tally.findings] == [f"the record on the content under {finding}"]


@pytest.mark.parametrize("entries", [None, 5, "r", {"rule": "r0"}, [], [ENTRY, ENTRY], (ENTRY,)])
def test_a_record_with_other_than_one_entry_a_rule_is_found(entries: Any) -> None:
    tally = accountings.table(telling(entries))
    assert tally.findings == ["the record tells the content under 1"]


@pytest.mark.parametrize("entry", [None, 5, "r", []])
def test_an_entry_without_words_lacks_all_of_them(entry: Any) -> None:
    """The names, 3 words, and 2 x 4 under the accountings; what should be blank is."""
    tally = accountings.table(telling([entry]))
    assert tally.failed == 1 + 3 + 2 * 3


def test_the_table_is_compared_where_there_is_one_or_the_run_is_written() -> None:
    unwritten = written(chain(), record={})
    assert accountings.table(unwritten).items == 0
    missing = accountings.table(replace(unwritten, written=True, kept={}))
    assert missing.findings == ["table content is missing", "the record tells the content under 1"]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [(0, 1, "r1"), (0, 3, "yes"), (0, 4, 0.06), (0, 5, 0.0), (1, 6, 0.3), (1, 7, "yes"), (1, 2, "mass")],
)
def test_each_cell_of_the_table_is_compared(row: int, column: int, value: Any) -> None:
    rows = [list(each) for each in ROWS]
    rows[row][column] = value
    assert not accountings.table(telling([ENTRY], rows)).passed
