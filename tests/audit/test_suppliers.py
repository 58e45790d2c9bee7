"""Suppliers and tranches, each limit at its edge, on a plan written by hand.

Half-years in 2027, the year 2028, and 2029 with 2030 as one block. `mine` sells 12 t a year, 20 from 2028 and 40 from
2030 on, on which rivals have claims of 4, 6 and 50; half of that reaches the market, and a quarter of this is left
while nobody keeps it. A licence lets half through.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit.findings import counted
from audit.written import Line, life_of, written
from orefolio.audit import suppliers
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from pencil import case_of, deal, must, offtake, spot, tables

GRID = {
    "only": ((datetime.date(2028, 1, 1), 6), (datetime.date(2029, 1, 1), 12), (datetime.date(2031, 1, 1), 24)),
}


def quota(name: str, commodity: str, **columns: Any) -> Any:
    terms = {"kind": "quota", "sign_from": 2027, "sign_to": 2028, **columns}
    return deal(name, commodity, 1.0, item={"t_per_t": 0.8}, **terms)


def case(**columns: Any) -> Case:
    return case_of(
        deal("bulk", "metal", 5.0, supplier="mine", kind="spot", item={"t_per_t": 0.5}),
        spot("more", "metal", 5.0, supplier="mine"),
        spot("slag", "slag", 5.0, supplier="mine"),
        offtake("keep", "metal", 9.0, 6.0, sustains=True, supplier="kept", last_delivery="2028-07-01",
                take_or_pay_share=0.75),
        offtake("due", "metal", 9.0, 8.0, supplier="mine", take_or_pay_share=0.8, licence="civil", **columns),
        quota("q", "metal", supplier="mine", licence="civil", first_delivery="2027-04-01", last_delivery="2030-01-01",
              qualification_years=0.25),
        quota("r", "metal"),
        quota("held", "metal", supplier="mine"),
        must("d", "metal", 1),
        tables(
            suppliers=[
                {"supplier": "mine", "availability_share": 0.5, "alone_share": 0.25},
                {"supplier": "kept", "availability_share": 0.8, "alone_share": 0.4},
            ],
            supplier_capacity=[
                {"supplier": "mine", "commodity": "metal", "from_year": year, "t_per_year": most,
                 "rivals_t_per_year": rivals}
                for year, most, rivals in ((2020, 12.0, 4.0), (2030, 40.0, 50.0), (2028, 20.0, 6.0))
            ] + [
                {"supplier": "kept", "commodity": "metal", "from_year": 2028, "t_per_year": 10.0},
            ],
            licences=[{"licence": "civil", "approval_share": 0.5}],
            tranches=[
                {"contract": "q", "tranche": 1, "right_share": 0.25, "held": True},
                {"contract": "q", "tranche": 2, "right_share": 0.2, "priority": True},
                {"contract": "q", "tranche": 3, "right_share": 0.1},
                {"contract": "held", "tranche": 1, "right_share": 0.05, "held": True},
                {"contract": "r", "tranche": 1, "right_share": 0.3},
                {"contract": "r", "tranche": 2, "right_share": 0.3},
            ],
        ),
        years=4,
        grids=GRID,
    )  # fmt: skip


def test_what_a_supplier_can_sell_is_the_mean_over_the_years_of_a_period() -> None:
    """Of 2029 and 2030: 20 and 40, and 14 and nothing where rivals claim more than there is."""
    life = life_of(written(case()))
    found = [suppliers._capacity(life, "mine", "metal", number) for number in range(4)]
    assert found == [(12.0, 8.0), (12.0, 8.0), (20.0, 14.0), (30.0, 7.0)]
    assert [suppliers._capacity(life, "kept", "metal", number) for number in (1, 2, 3)] == [(0, 0), (10, 10), (10, 10)]
    assert suppliers._capacity(life, "mine", "slag", 0) == (0.0, 0.0)


def test_what_is_sold_is_what_is_bought_and_made_up_of_goods_with_a_capacity() -> None:
    values = (("buy", "bulk", 0, 3.0), ("makeup", "due/2027", 0, 2.0), ("buy", "slag", 0, 7.0), ("buy", "bulk", 3, 1.0),
              ("served_first", "q", 1, 5.0), ("buy", "keep", 2, 4.0))  # fmt: skip
    life = life_of(written(case(), *values))
    sold = {("mine", "metal", 0): [1.5, 2.0], ("mine", "metal", 3): [0.5], ("kept", "metal", 2): [4.0]}
    assert suppliers._sold(life) == sold
    assert suppliers._sold(life, ("served_first",)) == {("mine", "metal", 1): [4.0]}


def told(*values: Line, **columns: Any) -> tuple[int, int]:
    return counted(suppliers.suppliers(written(case(**columns), *values)))


FIRST = ("served_first", "q", 3, 5.0)
"""4 t of metal in the block."""


@pytest.mark.parametrize(
    ("values", "items", "fails"),
    [
        ((("buy", "bulk", 0, 1.0),), 1, 0),
        ((("buy", "bulk", 0, 1.01),), 1, 1),
        ((("buy", "bulk", 0, 0.5), ("buy", "more", 0, 0.25)), 1, 0),
        ((("buy", "bulk", 0, 0.5), ("buy", "more", 0, 0.26)), 1, 1),
        ((("makeup", "bulk/2027", 0, 1.01),), 1, 1),
        ((("buy", "more", 2, 1.75),), 1, 0),
        ((("buy", "more", 2, 1.76),), 1, 1),
        ((("buy", "more", 3, 1.75),), 1, 0),
        ((("buy", "more", 3, 1.76),), 1, 1),
        ((("buy", "more", 3, 5.75), FIRST), 2, 0),
        ((("buy", "more", 3, 5.76), FIRST), 2, 1),
        ((("buy", "more", 3, 7.5), ("served_first", "q", 3, 8.0)), 2, 0),
        ((("buy", "more", 3, 7.51), ("served_first", "q", 3, 8.0)), 2, 1),
        ((("buy", "keep", 2, 8.0),), 1, 0),
        ((("buy", "keep", 2, 8.1),), 1, 1),
        ((("buy", "keep", 3, 6.4),), 1, 0),
        ((("buy", "keep", 3, 6.5),), 1, 1),
        ((("buy", "slag", 3, 999.0),), 0, 0),
    ],
)
def test_suppliers_sell_what_they_have_less_what_rivals_claim(values: tuple[Line, ...], items: int, fails: int) -> None:
    """In half a year 8 x 0.5 x 0.5 x 0.25 = 0.5 t; in 2028 14 x 0.5 x 0.25 = 1.75; in the block 7 x 2 x 0.5 x 0.25 =
    1.75, and with rivals moved 30 x 0.25 = 7.5. `kept` sells 10 x 0.8, and 0.4 of 16 once nobody keeps it."""
    assert told(*values) == (items, fails)


@pytest.mark.parametrize(
    ("value", "items", "fails"),
    [
        (("sustained", "kept", 2, 1.0), 1, 0),
        (("sustained", "kept", 2, 1.0 + 1e-6), 1, 0),
        (("sustained", "kept", 2, 1.00001), 1, 1),
        (("sustained", "kept", 3, 1.0), 1, 1),
        (("sustained", "mine", 0, 0.5), 1, 1),
        (("carried", "keep", 0, 6.0), 1, 0),
        (("carried", "keep", 0, 6.1), 1, 1),
        (("carried", "keep", 2, 3.0), 1, 0),
        (("carried", "keep", 2, 3.1), 1, 1),
        (("carried", "keep", 3, 0.1), 1, 1),
        (("carried", "due", 0, 0.1), 1, 1),
        (("excused", "due", 0, 0.6), 1, 0),
        (("excused", "due", 0, 0.61), 1, 1),
        (("excused", "due", 3, 2.4), 1, 0),
        (("excused", "due", 3, 2.41), 1, 1),
        (("excused", "keep", 0, 0.1), 1, 1),
    ],
)
def test_what_comes_of_a_kept_supplier_is_as_it_is_kept(value: Line, items: int, fails: int) -> None:
    """6 t a year, 3 in 2028. Of `due` 8 x 0.8 x 0.5 x 0.5 = 1.6 t a year would be due, and three quarters of that do
    not come: 0.6 in half a year, 2.4 in two."""
    assert told(value) == (items, fails)


def test_without_force_majeure_nothing_is_excused() -> None:
    assert told(("excused", "due", 0, 0.0), force_majeure=False) == (1, 0)
    assert told(("excused", "due", 0, 0.1), force_majeure=False) == (1, 1)


# Tranches


def bought(*values: Line) -> tuple[int, int]:
    return counted(suppliers.tranches(written(case(), *values)))


@pytest.mark.parametrize(
    ("values", "items", "fails"),
    [
        ((), 0, 0),
        ((("tranche", "r/1", 0, 1.0),), 2, 0),
        ((("tranche", "q/1", 0, 1.0),), 2, 1),
        ((("tranche", "q/2", 0, 1.0),), 2, 0),
        ((("tranche", "q/2", 3, 1.0),), 2, 1),
        ((("tranche", "r/1", 0, 0.6), ("tranche", "r/1", 2, 0.4)), 4, 0),
        ((("tranche", "r/1", 0, 0.6), ("tranche", "r/1", 2, 0.5)), 4, 2),
        ((("tranche", "r/1", 0, 1.0), ("tranche", "r/2", 0, 1.0)), 5, 0),
        ((("tranche", "r/1", 0, 1.0), ("tranche", "r/2", 2, 1.0)), 5, 0),
        ((("tranche", "r/1", 2, 1.0), ("tranche", "r/2", 0, 1.0)), 5, 1),
        ((("tranche", "r/2", 0, 1.0),), 3, 1),
        ((("tranche", "r/1", 0, 0.5), ("tranche", "r/2", 2, 0.6)), 5, 1),
        ((("tranche", "q/2", 0, 1.0), ("tranche", "q/3", 2, 1.0)), 5, 0),
        ((("tranche", "q/2", 0, 1.0), ("tranche", "r/2", 0, 1.0)), 5, 1),
        ((("tranche", "q/3", 0, 1.0),), 3, 1),
        ((("tranche", "q/3", 0, 1.0), ("tranche", "r/1", 0, 1.0)), 5, 1),
    ],
)
def test_tranches_are_bought_in_time_once_and_in_their_order(values: tuple[Line, ...], items: int, fails: int) -> None:
    assert bought(*values) == (items, fails)


OWNED = (("tranche", "q/2", 0, 1.0), ("tranche", "q/3", 2, 0.5))


def test_a_tranche_gives_a_right_to_a_share_of_what_there_is() -> None:
    """Of 12 x 0.5 x 0.5 = 3 t in half a year, from April on: half of it. The first, held: 0.25 x 3 x 0.5 of what
    reaches the market x 0.5; the second comes first: 0.2 x 3 x 0.5. Of 30 x 0.5 x 2 = 30 in the block, to the end of
    2029: 3.75 x 0.5, 6 x 0.5, and half of the third, 0.1 x 30 x 0.5 x 0.5 x 0.5."""
    life = life_of(written(case(), *OWNED))
    row = life.case.row("contracts", "q")
    rights = [suppliers._right(life, row, "metal", number, False) for number in (0, 3)]
    assert rights == [pytest.approx([0.1875, 0.3, 0.0]), pytest.approx([1.875, 3.0, 0.375])]
    assert suppliers._right(life, row, "metal", 3, True) == pytest.approx([3.0])
    nothing = life_of(written(case()))
    assert suppliers._right(nothing, row, "metal", 3, False) == pytest.approx([1.875])


def test_a_tranche_that_is_held_without_dates_gives_its_right_all_the_time() -> None:
    """0.05 of 6 t in half a year and of 60 in the block, half of which reaches the market."""
    life = life_of(written(case()))
    row = life.case.row("contracts", "held")
    rights = [suppliers._right(life, row, "metal", number, False) for number in (0, 3)]
    assert rights == [pytest.approx([0.15]), pytest.approx([1.5])]


@pytest.mark.parametrize(
    ("values", "items", "fails"),
    [
        ((("buy", "q", 0, 0.609375),), 6, 0),
        ((("buy", "q", 0, 0.61),), 6, 1),
        ((("buy", "q", 3, 6.5625),), 6, 0),
        ((("buy", "q", 3, 6.57),), 6, 1),
        ((("buy", "q", 0, 0.5), ("served_first", "q", 0, 0.375)), 8, 0),
        ((("buy", "q", 0, 0.5), ("served_first", "q", 0, 0.38)), 8, 1),
        ((("buy", "q", 0, 0.3), ("served_first", "q", 0, 0.31)), 8, 1),
        ((("buy", "q", 0, 0.3), ("served_first", "q", 0, 0.3)), 8, 0),
        ((("buy", "q", 3, 0.3), ("served_first", "q", 0, 0.3)), 8, 1),
        ((("buy", "r", 0, 0.1),), 6, 1),
        ((("buy", "bulk", 0, 99.0), ("served_first", "bulk", 0, 99.0)), 5, 0),
    ],
)
def test_what_is_taken_stays_within_the_rights(values: tuple[Line, ...], items: int, fails: int) -> None:
    """0.8 t of metal in a tonne: 0.4875 and 5.25 t are rights to 0.609375 and 6.5625."""
    assert bought(*OWNED, *values) == (items, fails)


def test_each_future_is_looked_at() -> None:
    tally = Tally()
    suppliers._rights(tally, life_of(written(case(), ("buy", "q", 0, 9.0))), case().row("contracts", "q"))
    assert counted(tally) == (1, 1)
    assert tally.findings[0].startswith("only right buy q/2027-01: off by")
