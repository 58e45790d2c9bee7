"""What traced origin says of lots: their Chinese content against the thresholds of rules, and table traced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.test_tracing import AU, CN, DY, WANTED
from audit.written import Line, written
from orefolio.audit import tracing
from orefolio.case.case import Case
from pencil import RULE, TAGGED, case_of, must, process, spot, tables

MARKET = {"markets": [{"market": "china"}]}
PRICES = [{"market": "china", "element": name, "chinese_usd_per_kg": value} for name, value in
          (("Dy", 200.0), ("Nd", 50.0), ("Sm", 30.0))]  # fmt: skip


def priced(commodity: str, prices: list[dict[str, Any]] = PRICES, **rule: Any) -> Case:
    """A lot of 10 t: a quarter of it Chinese, which is all of what brings neodymium."""
    return case_of(
        tables(
            rules=[{"rule": "content", "in_force_share": 1.0, "threshold_share": 0.1, "basis": "value", **rule}],
            elements=[{"element": "Dy"}, {"element": "Nd"}],
            content=[
                {"commodity": "lump", "element": "Dy", "share": 0.2},
                {"commodity": "lump", "element": "Nd", "share": 0.5},
                {"commodity": "dyo", "element": "Dy", "share": 0.8},
                {"commodity": "ndo", "element": "Nd", "share": 0.8},
            ],
            prices=[{"market": "china", "commodity": commodity, "fee_usd_per_kg": 65.0}],
            element_prices=prices,
            classes=RULE["classes"],
            **MARKET,
        ),
        spot("au", "dyo", 1, country="AU"),
        spot("cn", "ndo", 1, country="CN"),
        spot("kr", "lump", 1, country="KR"),
        process("mix", {"dyo": 0.4, "ndo": 0.6}, {"lump": 1.0}, capacity=99.0),
        must("d", "lump", 1),
    )  # fmt: skip


LUMPS: tuple[Line, ...] = (
    ("buy", "au", 0, 1.0), ("buy", "cn", 0, 1.5), ("buy", "kr", 0, 7.5), ("activity", "mix/free", 0, 2.5),
    ("deliver", "d/free", 0, 10.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (priced("dyo"), 0.25 * 25 / 65),
        (priced("lump"), 0.25 * 25 / 130),
        (priced("lump", basis="mass"), 0.25 * 0.5),
        (priced("dyo", [{**PRICES[0]}, {**PRICES[1], "market": "abroad"}]), 0.25 * 0.5 / 40.5),
    ],
)
def test_chinese_content_is_a_share_of_the_value_of_the_lot(case: Case, expected: float) -> None:
    """A quarter of the neodymium. A tonne holds 0.2 x 200 of Dy and 0.5 x 50 of Nd: of the 65 of its elements; of its
    own price, 65 and a fee of 65; of its mass; an element without a price counts as 1."""
    run = written(case, *LUMPS)
    assert tracing.traced(run).content == {("only", "2027-01", "d", "free"): pytest.approx(expected)}


def test_a_lot_that_is_worth_nothing_has_no_chinese_content() -> None:
    run = written(case_of(RULE, AU, WANTED), ("buy", "au", 0, 4.0), ("deliver", "d/free", 0, 4.0))
    assert tracing.traced(run).content == {("only", "2027-01", "d", "free"): 0.0}
    assert tracing.greatest(run) == (0.0, 0.001)


def ruled(*rules: dict[str, Any], **settings: Any) -> Case:
    """Rules of 0.25 unless they say otherwise, and a class for each of their tags."""
    classes = [{"class_": "free"}, {"class_": "tagged", "tags": TAGGED}, {"class_": "staged", "tags": "china-stage"}]
    stated = [
        {"rule": f"r{place}", "in_force_share": 1.0, "threshold_share": 0.25, **row} for place, row in enumerate(rules)
    ]
    return case_of(tables(rules=stated, classes=classes), DY, AU, CN, WANTED, must("e", "oxide", 1), **settings)


def bought(case: Case, chinese: float, class_: str = "free") -> Any:
    """4 t with so much Chinese oxide, delivered in a class."""
    lines: list[Line] = [("buy", "au", 0, 4.0 - chinese), ("buy", "cn", 0, chinese), ("deliver", f"d/{class_}", 0, 4.0)]
    return written(case, *lines, *([("downgrade", f"home/oxide/free/{class_}", 0, 4.0)] if class_ != "free" else []))


@pytest.mark.parametrize(
    ("case", "chinese", "class_", "bounds"),
    [
        (ruled({}), 0.9, "free", True),
        (ruled({}), 1.0, "free", False),
        (ruled({}), 2.0, "tagged", None),
        (ruled({}), 2.0, "staged", False),
        (ruled({}, {"kind": "sourcing"}), 2.0, "tagged", False),
        (ruled({}, {"kind": "sourcing", "threshold_share": 0.75}), 2.0, "tagged", True),
        (ruled({"threshold_share": 0.75}, {}), 2.0, "free", False),
        (ruled({}, {"threshold_share": 0.75}), 2.0, "free", False),
        (ruled({"threshold_share": 0.0}), 0.0, "free", None),
        (ruled({"enabled": False}), 2.0, "free", None),
        (ruled({}, mass_balance=1.0), 2.0, "free", None),
        (ruled({}, mass_balance=0.0), 2.0, "free", False),
    ],
)
def test_a_lot_without_the_tag_of_a_rule_stays_under_its_threshold(
    case: Case, chinese: float, class_: str, bounds: bool | None
) -> None:
    """A quarter is reached by 1 of 4 t. bounds: whether the lot keeps to what bounds it, None where nothing does."""
    tally = tracing.origin(bought(case, chinese, class_))
    assert (tally.items, tally.failed) == (1 + (bounds is not None), int(bounds is False))
    if bounds is False:
        lot = f"only/2027-01/d/{class_}"
        assert tally.findings == [f"Chinese content of the untagged lot {lot} is {chinese / 4:.4g}"]


def test_tracing_is_counted_once_and_not_changed_by_a_check() -> None:
    run = bought(ruled({}), 2.0)
    assert [tracing.origin(run).items for _ in range(2)] == [2, 2]
    assert tracing.traced(run).tally.items == 1
    assert tracing.traced(run) is tracing.traced(run)


def test_the_greatest_content_is_of_lots_without_tags_and_the_threshold_the_least_in_use() -> None:
    lines: tuple[Line, ...] = (
        ("buy", "au", 0, 3.0), ("buy", "cn", 0, 1.0), ("downgrade", "home/oxide/free/tagged", 0, 1.0),
        ("deliver", "d/free", 0, 1.5), ("deliver", "e/free", 0, 1.5), ("deliver", "e/tagged", 0, 1.0),
    )  # fmt: skip
    assert tracing.greatest(written(ruled({}, {"threshold_share": 0.5}), *lines)) == (0.25, 0.25)
    later: tuple[Line, ...] = (("buy", "cn", 1, 4.0), ("deliver", "d/free", 1, 4.0), ("buy", "au", 2, 4.0))
    several = written(ruled({}, years=3), *lines, *later, ("deliver", "d/free", 2, 4.0))
    assert tracing.greatest(several) == (1.0, 0.25)
    off = ruled({"enabled": False, "threshold_share": 0.1}, {"threshold_share": 0.5}, {"threshold_share": 0.0})
    assert tracing.greatest(written(off, *lines)) == (0.25, 0.5)
    assert tracing.greatest(written(ruled())) == (0.0, 1.0)
    assert tracing.greatest(bought(ruled({}), 2.0, "tagged")) == (0.0, 0.25)


def test_rows_are_in_order_with_the_share_of_each_country_and_without_grams() -> None:
    """6 t of Dy of which a third is Chinese; 1e-6 t are 2e-6 t of oxide."""
    lines: tuple[Line, ...] = (("buy", "au", 0, 8.0), ("buy", "cn", 0, 4.0), ("deliver", "e/free", 0, 12.0))
    rows = tracing.rows(written(ruled({}), *lines))
    assert [row[:6] for row in rows] == [("only", 2027, "e", "free", "Dy", country) for country in ("AU", "CN")]
    assert [row[6] for row in rows] == pytest.approx([4.0, 2.0])
    assert [row[7] for row in rows] == pytest.approx([2 / 3, 1 / 3])
    for tonnes, count in ((2e-6, 0), (2.1e-6, 1)):
        assert len(tracing.rows(written(ruled({}), ("buy", "au", 0, 5.0), ("deliver", "d/free", 0, tonnes)))) == count


def test_the_table_is_compared_where_there_is_one_or_the_run_is_written() -> None:
    lines: tuple[Line, ...] = (("buy", "au", 0, 8.0), ("deliver", "d/free", 0, 8.0))
    unwritten = written(ruled({}), *lines)
    assert tracing.table(unwritten).items == 0
    assert tracing.table(replace(unwritten, written=True)).findings == ["table traced is missing"]
    mixed: tuple[Line, ...] = (*lines, ("buy", "cn", 0, 2.0), ("deliver", "e/free", 0, 2.0))
    rows = [
        ["only", 2027, name, "free", "Dy", country, 0.5 * tonnes * share, share]
        for name, tonnes in (("d", 8.0), ("e", 2.0))
        for country, share in (("AU", 0.8), ("CN", 0.2))
    ]
    tally = tracing.table(written(ruled({}), *mixed, tables={"traced": [list(tracing.COLUMNS), *rows]}))
    assert (tally.items, tally.findings) == (1 + 4 * 2, [])
    rows[3] = [*rows[3][:6], 0.21, 0.2]
    wrong = tracing.table(written(ruled({}), *mixed, tables={"traced": [list(tracing.COLUMNS), *rows]}))
    assert wrong.failed == 1


def test_a_sale_is_of_the_most_tagged_class_that_comes_to_its_place() -> None:
    """In 2027 all that bears the tag at home is Chinese, in 2028 a quarter of the free oxide, which is all there is.
    Nothing comes abroad then, and a gram is no sale."""
    case = case_of(
        RULE,
        DY,
        AU,
        CN,
        spot("ct", "oxide", 1, country="CN", class_="tagged"),
        spot("far", "oxide", 1, country="AU", place="abroad"),
        WANTED,
        years=3,
    )
    lines: list[Line] = [("buy", "ct", 0, 2.0), ("buy", "far", 0, 5.0)]
    for period in range(3):
        lines += [("buy", "au", period, 3.0), ("buy", "cn", period, 1.0), ("sell", "abroad/oxide/1", period, 5.0)]
    lines += [("sell", "home/oxide/1", period, tonnes) for period, tonnes in enumerate((2.0, 3.0, 1e-6))]
    assert tracing.traced(written(case, *lines)).sold == {
        ("only", "2027-01", "home/oxide", "tagged"): pytest.approx(1.0),
        ("only", "2027-01", "abroad/oxide", "free"): 0.0,
        ("only", "2028-01", "home/oxide", "free"): pytest.approx(0.25),
    }
