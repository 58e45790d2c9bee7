"""Balances of a plan written by hand: what comes in goes out, and each flow is felt."""

from __future__ import annotations

import pytest

from audit.written import Line, written
from orefolio.audit import balances
from orefolio.case.case import Case
from pencil import RULE, TAGGED, case_of, lane, must, process, spot, stockpile, tables


def case() -> Case:
    motors = {
        "scrap": "motors", "place": "home", "commodity": "oxide", "weibull_shape": 3.0, "weibull_scale_years": 8.0,
        "rate_share": 0.1, "tagged_share": 0.2, "collection_usd_per_kg": 1.0,
    }  # fmt: skip
    return case_of(
        RULE,
        spot("dig", "oxide", 1, place="mine"),
        spot("pack", "oxide", 1, item={"t_per_t": 0.5}),
        lane("mine", "home", "oxide", loss_share=0.25),
        tables(scrap=[motors]),
        stockpile("k", "oxide"),
        process("press", {"oxide": 1.25}, {"magnet": 1.0}, capacity=9.0, yields={"oxide": 0.8, "magnet": 0.9}),
        must("d", "oxide", 1),
        must("e", "magnet", 1),
        years=2,
    )


PLAN: tuple[Line, ...] = (
    ("buy", "dig", 1, 40.0),
    ("ship", "mine>home/free", 1, 40.0),
    ("makeup", "pack/2027", 1, 20.0),
    ("collect", "motors", 1, 25.0),
    ("downgrade", "home/oxide/free/tagged", 1, 15.0),
    ("blend", "home/oxide/tagged/free", 1, 3.0),
    ("put", "k/free", 1, 4.0),
    ("take", "k/free", 1, 2.0),
    ("rotate", "k/free", 1, 1.0),
    ("activity", "press/free", 1, 8.0),
    ("feed", "press/oxide/tagged/free", 1, 2.5),
    ("deliver", "d/free", 1, 30.0),
    ("sell", "home/oxide/1", 1, 5.0),
    ("discard", "home/oxide", 1, 2.0),
    ("deliver", "d/tagged", 1, 14.5),
    ("deliver", "e/free", 1, 7.2),
)


def test_what_comes_in_goes_out_by_place_commodity_and_class() -> None:
    """Free oxide at home: 0.75 x 40 + 0.5 x 20 + 0.8 x 25 - 15 + 3 - 4 + 2 + 1 - 8 x 1.25 / 0.8 + 2.5 = 37, of which 30
    are delivered and 7 sold or thrown away. Tagged: 0.2 x 25 + 15 - 3 - 2.5 = 14.5. Magnets: 8 x 0.9. The mine
    is the fourth balance."""
    tally = balances.balances(written(case(), *PLAN))
    assert (tally.items, tally.findings) == (4, [])
    assert tally.largest < 1e-12


@pytest.mark.parametrize("line", PLAN)
def test_each_flow_is_felt(line: Line) -> None:
    lines = [(*each[:3], each[3] * 1.1) if each is line else each for each in PLAN]
    assert not balances.balances(written(case(), *lines)).passed
    assert not balances.balances(written(case(), *(each for each in PLAN if each is not line))).passed


def test_only_one_class_is_sold_and_only_what_is_there() -> None:
    """2 t are left of each of two classes, and 4 sold: no class gives them all; of nothing nothing can be sold."""
    both: tuple[Line, ...] = (
        ("buy", "pack", 0, 8.0), ("downgrade", "home/oxide/free/tagged", 0, 2.0), ("sell", "home/oxide/1", 0, 4.0),
    )  # fmt: skip
    tally = balances.balances(written(case(), *both))
    assert (tally.items, tally.failed) == (2, 2)
    tally = balances.balances(written(case(), ("sell", "home/oxide/1", 0, 4.0)))
    assert (tally.items, tally.failed) == (1, 1)
    tally = balances.balances(written(case(), ("buy", "pack", 0, 8.0), ("sell", "home/oxide/1", 0, 4.0)))
    assert (tally.items, tally.failed) == (1, 0)


def test_a_class_is_given_up_towards_more_tags_only() -> None:
    """Another class bears the tags of the tagged one."""
    classes = [{"class_": "free"}, *({"class_": name, "tags": TAGGED} for name in ("tagged", "again"))]
    several = case_of(tables(rules=RULE["rules"], classes=classes), must("d", "oxide", 1))
    for change, fine in (("free/tagged", 1), ("tagged/again", 1), ("tagged/free", 0)):
        tally = balances.classes(written(several, ("downgrade", f"home/oxide/{change}", 0, 3.0)))
        assert (tally.items, tally.failed) == (1, 1 - fine)
        assert tally.findings == ([] if fine else [f"only home/oxide/{change} loses tags"])


def test_what_has_a_tag_by_its_making_bears_it() -> None:
    """A line with Chinese technology makes no free magnets, but for a rounding error; any line may make tagged ones."""
    own = process("own", {"oxide": 1.0}, {"magnet": 1.0}, capacity=9.0, technology_origin="CN")
    other = process("other", {"oxide": 1.0}, {"magnet": 1.0}, capacity=9.0)
    ruled = case_of(RULE, own, other, must("d", "magnet", 1))
    tried = {
        ("own/tagged", 3.0): 0, ("own/free", 3.0): 1, ("own/free", 1e-6): 0, ("own/free", 1.1e-6): 1,
        ("other/free", 3.0): 0, ("other/tagged", 3.0): 0,
    }  # fmt: skip
    for (words, value), failed in tried.items():
        tally = balances.classes(written(ruled, ("activity", words, 0, value)))
        assert (tally.items, tally.failed) == (1, failed)
