"""MASS: by mass balance the rule's content is counted where it leaves the chain, over the whole path.

Metal costs 40 free and 20 tagged; a customer abroad takes no tagged magnets. Lot by lot a thousandth may be blended in.
"""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.case.case import Case
from pencil import RULE, Piece, case_of, event, future, lane, must, optimum, plan, process, spot, stockpile, tables

REFUSED = tables(licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}])
METAL = (spot("clean", "metal", 40), spot("cheap", "metal", 20, class_="tagged"))


def rule(threshold: float = 0.001, **columns: Any) -> Piece:
    row = {"rule": "content", "in_force_share": 1.0, "threshold_share": threshold, "basis": "value", **columns}
    return tables(rules=[row], classes=RULE["classes"])


def values(**worth: float) -> Piece:
    prices = [{"market": "china", "commodity": name, "fee_usd_per_kg": value} for name, value in worth.items()]
    return tables(markets=[{"market": "china"}], prices=prices)


def press(share: float, **columns: Any) -> Piece:
    return process("press", {"metal": 1}, {"magnet": 1}, capacity=9, de_minimis_share=share, **columns)


def abroad(t: float = 1.0, **columns: Any) -> Piece:
    return must("abroad", "magnet", t, export_share=1.0, licence="goods", **columns)


def chain(*more: Piece, share: float = 0.001, threshold: float = 0.001, balance: float = 1.0, **settings: Any) -> Case:
    pieces = (rule(threshold), *METAL, values(metal=10, magnet=10), REFUSED, press(share), *more)
    return case_of(*pieces, mass_balance=balance, **settings)


def test_the_two_accountings_of_one_lot() -> None:
    """Lots apart without any tolerance 40; a thousandth blended in 39.98, lot by lot as by mass balance; the rule off
    20. Would fail if the balance let all through, or none."""
    assert optimum(chain(abroad(), share=0.0, balance=0.0)) == pytest.approx(40, abs=1e-9)
    assert optimum(chain(abroad(), balance=0.0)) == pytest.approx(39.98, abs=1e-9)
    assert optimum(chain(abroad())) == pytest.approx(39.98, abs=1e-9)
    off = case_of(rule(enabled=False), *METAL, values(metal=10, magnet=10), REFUSED, press(0.0), abroad())
    assert optimum(off) == pytest.approx(20, abs=1e-9)


def test_what_is_not_used_in_one_year_is_used_in_the_next() -> None:
    """Cheap metal from the second year on, at 10 %: lot by lot 40 + 38; by mass balance a fifth of the second year may
    be tagged: 40 + 36. Turned round, cheap in the first year alone: nothing is borrowed, 38 + 40 in both. Would fail if
    each year stood alone, or the balance looked ahead."""
    later = event("later", "contract_items", "contract=cheap", "price_usd_per_kg", "set", 99)

    def two_years(start: str, balance: float) -> float:
        none = future("only", 1, {"later": (start, 12)})
        return optimum(chain(abroad(), later, none, share=0.1, threshold=0.1, balance=balance, years=2))

    assert two_years("2027-01-01", 0.0) == pytest.approx(78)
    assert two_years("2027-01-01", 1.0) == pytest.approx(76)
    assert two_years("2028-01-01", 0.0) == pytest.approx(78)
    assert two_years("2028-01-01", 1.0) == pytest.approx(78)


def test_goods_without_the_tag_for_anyone_make_room() -> None:
    """A buyer of ten magnets at home who takes no tagged ones either; abroad wants one. Eleven free magnets leave room
    for 1.1 tagged at 10 %: 9.9 x 40 + 1.1 x 20 = 418. Would fail if only exports made room: 438."""
    strict = must("strict", "magnet", 8, refuses_tagged=True)
    assert optimum(chain(abroad(), strict, share=0.1, threshold=0.1)) == pytest.approx(0.9 * 9 * 40 + 0.1 * 9 * 20)


def test_the_tagged_go_where_they_are_taken() -> None:
    """Home takes anything, 8 t at 20. Kept free at 40 they would make room for 0.8 t more abroad, worth 16: no. So
    160 + 39.98 with a thousandth. Would fail if tagged deliveries made room: 160 + 39.82."""
    assert optimum(chain(abroad(), must("home", "magnet", 8))) == pytest.approx(160 + 39.98)


def test_what_lies_in_stock_and_what_is_sold_counts() -> None:
    """Ten free magnets lie in stock, worth 10 each: at 10 % they make room for 1 t, all of what abroad takes: 20. They
    may not be released. Would fail without closing stock: 38; or if the room stayed when stock is rotted: 20."""
    store = stockpile("k", "magnet", initial_t=10, owner="public")
    assert optimum(chain(abroad(), store, share=0.1, threshold=0.1)) == pytest.approx(20)
    rotten = stockpile("k", "magnet", initial_t=10, owner="public", decay_share_per_year=1.0)
    assert optimum(chain(abroad(), rotten, share=0.1, threshold=0.1)) == pytest.approx(38)


def test_room_that_was_used_is_not_given_up_with_the_stock() -> None:
    """In 2027 the stock of 1 t makes room for 0.1 t besides 0.1 of the magnet: 0.2 x 20 + 0.8 x 40 = 36. In 2028 the
    stock is gone, and the room with it: used 0.2, room 0.2 of two magnets: 40. In all 76; without the stock 38 + 38.
    Would fail if room of stock that is gone stayed: 74."""
    gone = stockpile("k", "magnet", initial_t=1, owner="public", carries=False)
    assert optimum(chain(abroad(), gone, share=0.1, threshold=0.1, years=2)) == pytest.approx(76)


def test_what_processes_lose_is_not_counted() -> None:
    """Half of the metal is lost in the press: 2 t make a magnet worth 20. Of 1 t blended in, worth 10, 5 come out; at
    10 % there is room for 2: 0.4 t: 80 - 0.4 x 20 = 72. Would fail if what is lost were counted: 76."""
    loses = process("press", {"metal": 1}, {"magnet": 1}, capacity=9, yields={"metal": 0.5})
    case = case_of(rule(0.1), *METAL, values(metal=10, magnet=20), REFUSED, loses, abroad(), mass_balance=1.0)
    assert optimum(case) == pytest.approx(72)


def test_the_balance_may_be_of_mass() -> None:
    """Metal worth 10 and magnets worth 40: by value 0.4 t of a tonne at 10 %, 32; by mass 0.1 t, 38. Home takes 8 t of
    anything at 20. Would fail if goods that go down into tagged ones gave room back: 20 abroad."""
    pieces = (*METAL, values(metal=10, magnet=40), REFUSED, press(0.0), abroad(), must("home", "magnet", 8))
    assert optimum(case_of(rule(0.1), *pieces, mass_balance=1.0)) == pytest.approx(160 + 32)
    assert optimum(case_of(rule(0.1, basis="mass"), *pieces, mass_balance=1.0)) == pytest.approx(160 + 38)


def test_a_plant_that_separates_may_blend() -> None:
    """Lot by lot a plant that separates takes no tagged feed, 40; by mass balance it does: 38."""
    separates = process("press", {"metal": 1}, {"magnet": 1}, capacity=9, de_minimis_share=0.1, separates=True)
    pieces = (rule(0.1), *METAL, values(metal=10, magnet=10), REFUSED, separates, abroad())
    assert optimum(case_of(*pieces)) == pytest.approx(40)
    assert optimum(case_of(*pieces, mass_balance=1.0)) == pytest.approx(38)


def test_a_service_without_a_price_is_worth_what_it_is_made_of() -> None:
    """Abroad wants a motor that has no price, of one magnet worth 10: room as for the magnet, 38. Would fail if it were
    worth nothing: 40."""
    motor = process("wind", {"magnet": 1}, {"motor": 1}, capacity=9)
    case = chain(motor, must("abroad", "motor", 1, export_share=1.0, licence="goods"), share=0.1, threshold=0.1)
    assert optimum(case) == pytest.approx(38)


@pytest.mark.parametrize("balance", [0.0, 1.0])
def test_technology_is_the_same_in_both(balance: float) -> None:
    """Free metal at nothing through a line with Chinese technology at 1 or a clean one at 7, far away; half may be
    blended. What the technology made is tagged in both: 7. Would fail if its output could be blended away: 4."""
    case = case_of(
        rule(0.5),
        values(metal=10, magnet=10),
        REFUSED,
        spot("clean", "metal", 0, place="there"),
        process("cheap", {"metal": 1}, {"magnet": 1}, capacity=9, cost=1, technology_origin="CN", place="there"),
        process("dear", {"metal": 1}, {"magnet": 1}, capacity=9, cost=7, place="there"),
        lane("there", "home", "magnet"),
        abroad(),
        mass_balance=balance,
    )
    assert optimum(case) == pytest.approx(7)


@pytest.mark.parametrize(("balance", "expected"), [(0.0, 33.0), (1.0, 33.0)])
def test_what_technology_made_goes_into_the_next_process_in_both(balance: float, expected: float) -> None:
    """Metal of a line with Chinese technology costs 12, of a clean one 40; a quarter of a magnet's value may be of it:
    0.25 x 12 + 0.75 x 40 = 33 in both. Would fail if the balance were stricter than lots kept apart: 40."""
    case = case_of(
        rule(0.25),
        values(metal=10, magnet=10),
        REFUSED,
        spot("ore", "ore", 0),
        process("cheap", {"ore": 1}, {"metal": 1}, capacity=9, cost=12, technology_origin="CN"),
        process("dear", {"ore": 1}, {"metal": 1}, capacity=9, cost=40),
        press(0.25),
        abroad(),
        mass_balance=balance,
    )
    assert optimum(case) == pytest.approx(expected)


def test_each_path_keeps_its_own_balance() -> None:
    """Room of 2027 is shared; in 2028 one future wants 3 magnets and one none. By then 0.1 of the first year stands
    unused where cheap metal comes in 2028 only: 40 + 0.5 x (3 x 40 - 0.4 x 20): 96. Would fail if the futures shared
    their room: with 0.25 more or less."""
    later = event("later", "contract_items", "contract=cheap", "price_usd_per_kg", "set", 99)
    more = event("more", "demands", "demand=abroad", "multiple", "set", 3)
    none = event("none", "demands", "demand=abroad", "multiple", "set", 0)
    case = chain(
        abroad(),
        later,
        more,
        none,
        future("trunk", 0.5, {"later": ("2027-01-01", 12), "more": "2028-01-01"}),
        future("none", 0.5, {"later": ("2027-01-01", 12), "none": "2028-01-01"}, onset="2028-01-01"),
        share=0.1,
        threshold=0.1,
        years=2,
    )
    assert optimum(case) == pytest.approx(40 + 0.5 * (120 - 0.4 * 20))


def test_nothing_is_stated_where_lots_are_kept_apart() -> None:
    """No column of the balance where it is not asked for, or where no rule has a threshold."""
    names = {name for name, _, _ in plan(chain(abroad(), balance=0.0)).columns["only"]}
    assert not names & {"blend", "headroom"}
    none = {name for name, _, _ in plan(chain(abroad(), threshold=0.0, share=0.0)).columns["only"]}
    assert not none & {"blend", "headroom"}
