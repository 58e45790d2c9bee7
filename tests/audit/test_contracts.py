"""What is signed, delivered, due, made up and capped: each limit met exactly, then broken by a known amount.

Periods of 0.5, 0.5, 2 and 1 years: the years 2027, 2028-2029 and 2030.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from audit.findings import checked, found
from audit.written import LABELS, UNEVEN
from orefolio.audit import contracts
from orefolio.case.case import Case
from pencil import Piece, case_of, deal, event, future, process, project, spot, tables

YEARS = ("2027", "2028-2029", "2030")


def contract(name: str = "o", **columns: Any) -> Piece:
    """An offtake of at most 10 t/year that may be signed in any year."""
    terms: dict[str, Any] = {"kind": "offtake", "volume_max_t_per_year": 10.0, "sign_from": 2027, "sign_to": 2030}
    return deal(name, "ore", 5.0, **{**terms, **columns})


def case(*pieces: Piece) -> Case:
    return case_of(*pieces, **UNEVEN)


def more_in(values: dict[str, Any], name: str, number: int, amount: float) -> dict[str, Any]:
    """The same plan with so much more of a variable in one period."""
    return {**values, name: [value + amount * (place == number) for place, value in enumerate(values[name])]}


SIGNED = {"sign o": [1, 0, 1, 0], "volume o": [6, 0, 4, 0]}


def test_tranches_of_volume_are_signed_in_time_and_size() -> None:
    """Three statements for each of two tranches, and one for the 10 t of both."""
    assert checked(contracts.signing, case(contract(volume_min_t_per_year=4.0)), SIGNED) == (7, [])
    other = {"sign p": [1], "volume p": [10]}
    two = case(contract(volume_min_t_per_year=4.0), contract("p"))
    assert checked(contracts.signing, two, {**SIGNED, **other}) == (11, [])


@pytest.mark.parametrize(
    ("changed", "findings"),
    [
        ({"volume o": [6, 0, 4.5, 0]}, ["only all volume of o: off by 0.5"]),
        (
            {"volume o": [11.5]},
            [
                "only greatest volume of o/2027-01: off by 1.5",
                "only least volume of o/2028-01: off by 4",
                "only all volume of o: off by 1.5",
            ],
        ),
        ({"volume o": [6, 0, 3.5, 0]}, ["only least volume of o/2028-01: off by 0.5"]),
        ({"sign o": [1]}, ["only greatest volume of o/2028-01: off by 4"]),
        ({"sign o": [1, 1, 0, 0], "volume o": [6, 4]}, ["only o/2027-07 is signed outside its window"]),
    ],
)
def test_what_is_signed_out_of_time_or_size_is_seen(changed: dict[str, Any], findings: list[str]) -> None:
    assert found(contracts.signing, case(contract(volume_min_t_per_year=4.0)), {**SIGNED, **changed}) == findings


def test_without_a_greatest_volume_nothing_is_contracted_that_is_not_signed() -> None:
    endless = case(contract(volume_max_t_per_year=math.inf))
    assert found(contracts.signing, endless, SIGNED) == []
    assert found(contracts.signing, endless, {"volume o": [6]}) == ["only greatest volume of o/2027-01: off by 6"]


def on_project(**columns: Any) -> Case:
    return case(
        process("line", {}, {"ore": 1.0}), project("plant", "line", 40.0, **columns), contract("o", project="plant")
    )


def test_a_contract_on_a_project_is_signed_with_its_start() -> None:
    started = {"start plant": [1, 0, 1, 0]}
    assert checked(contracts.signing, on_project(), {**SIGNED, **started}) == (9, [])
    late = {"start plant": [0, 0, 1, 0]}
    assert found(contracts.signing, on_project(), {**SIGNED, **late}) == [
        "only signed without its project o/2027-01: off by 1"
    ]
    assert found(contracts.signing, on_project(binary=False), SIGNED) == []


def test_a_contract_ends_with_the_project_that_is_given_up() -> None:
    """6 t of 2027 end, 4 t of 2028 do not."""
    values = {**SIGNED, "start plant": [1, 0, 1, 0], "abandon plant/2027-01": [0, 0, 1], "ended o/2027-01": [0, 0, 6]}
    assert checked(contracts.signing, on_project(), values) == (10, [])
    part = {**values, "ended o/2027-01": [0, 0, 4.5]}
    assert found(contracts.signing, on_project(), part) == ["only ended with its project o/2027-01: off by 1.5"]
    other = {**values, "ended o/2028-01": [0, 0, 0, 3]}
    assert found(contracts.signing, on_project(), other) == ["only ended with its project o/2028-01: off by 3"]


def half_from_2028(*names: str, column: str = "availability_share", share: float = 0.5) -> tuple[Piece, ...]:
    """Suppliers of which half is available from 2028 on."""
    parts = [event(f"half {name}", "suppliers", f"supplier={name}", column, "set", share) for name in names]
    return *parts, future("only", 1.0, {f"half {name}": "2028-01-01" for name in names})


def test_deliveries_stay_within_what_is_signed_and_comes() -> None:
    """6 t/year from the first day and 4 more from 2028 on, of which half comes then: 3, 3, 10 and 5 t."""
    values = {**SIGNED, "buy o": [3, 3, 10, 5]}
    signed = case(contract(), *half_from_2028("o"))
    assert checked(contracts.deliveries, signed, values) == (4, [])
    for number, label in enumerate(LABELS):
        findings = found(contracts.deliveries, signed, more_in(values, "buy o", number, 0.5))
        assert findings == [f"only delivery o/{label}: off by 0.5"]
    assert found(contracts.deliveries, signed, {"buy o": [1.5]}) == ["only delivery o/2027-01: off by 1.5"]


def test_deliveries_stay_within_what_is_left_of_a_supplier() -> None:
    """A quarter of 10 t/year from 2028 on, where nobody keeps it; all of it where the contract does."""
    values = {"buy o": [5, 5, 5, 2.5]}
    alone = half_from_2028("o", column="alone_share", share=0.25)
    assert checked(contracts.deliveries, case(contract(in_force=True), *alone), values) == (4, [])
    more = more_in(values, "buy o", 2, 1.5)
    assert found(contracts.deliveries, case(contract(in_force=True), *alone), more) == [
        "only delivery o/2028-01: off by 1.5"
    ]
    assert found(contracts.deliveries, case(contract(in_force=True, sustains=True), *alone), more) == []


def test_a_market_without_a_greatest_volume_sells_whatever_comes() -> None:
    """As long as something of it comes, also where its supplier has closed; nothing after its last delivery."""
    most = {"buy m": [900, 900, 900, 900]}
    assert checked(contracts.deliveries, case(spot("m", "ore", 5.0), *half_from_2028("m")), most) == (4, [])
    closed = half_from_2028("m", column="alone_share", share=0.0)
    assert found(contracts.deliveries, case(spot("m", "ore", 5.0), *closed), most) == []
    gone = case(spot("m", "ore", 5.0), *half_from_2028("m", share=0.0))
    assert found(contracts.deliveries, gone, {"buy m": [900, 900, 1.5]}) == ["only delivery m/2028-01: off by 1.5"]
    ended = case(spot("m", "ore", 5.0, last_delivery="2028-01-01"))
    assert found(contracts.deliveries, ended, {"buy m": [900, 900, 2.5]}) == ["only delivery m/2028-01: off by 2.5"]


def test_what_a_quota_by_tranches_delivers_is_not_looked_at_here() -> None:
    quota = tables(tranches=[{"contract": "q", "tranche": 1, "right_share": 0.1}])
    two = case(contract("q"), quota, contract(in_force=True))
    assert checked(contracts.deliveries, two, {"buy q": [9], "buy o": [5.5]}) == (
        1, ["only delivery o/2027-01: off by 0.5"]
    )  # fmt: skip


def paying(*more: Piece, **columns: Any) -> Case:
    return case(*more, contract(**{"in_force": True, "take_or_pay_share": 0.6, **columns}))


PAID = {"buy o": [2, 1, 9, 6], "unused o/2027": [0, 3], "unused o/2028-2029": [0, 0, 3]}
"""0.6 of 10 t/year are due: 6, 12 and 6 t."""


def test_what_is_due_is_taken_or_paid_for() -> None:
    other = spot("free", "ore", 5.0, 9.0)
    assert checked(contracts.take_or_pay, paying(other), PAID) == (2 + 3, [])
    for number, year in ((0, 0), (1, 0), (2, 1), (3, 2)):
        findings = found(contracts.take_or_pay, paying(), more_in(PAID, "buy o", number, -0.5))
        assert findings == [f"only take-or-pay o/{YEARS[year]}: off by 0.5"]
    less = {**PAID, "unused o/2027": [0, 2.25]}
    assert found(contracts.take_or_pay, paying(), less) == ["only take-or-pay o/2027: off by 0.75"]


def test_what_cannot_come_is_due_without_a_clause_for_it() -> None:
    """From 2028 on half comes: 6 and 3 t are due with a clause on force majeure, 12 and 6 without. Where a quarter is
    left of the supplier, 3 and 1.5 t."""
    half = half_from_2028("o")
    come = {"buy o": [6, 0, 6, 3]}
    assert found(contracts.take_or_pay, paying(*half), come) == []
    assert found(contracts.take_or_pay, paying(*half), {"buy o": [6, 0, 5.5, 3]}) == [
        "only take-or-pay o/2028-2029: off by 0.5"
    ]
    assert found(contracts.take_or_pay, paying(*half, force_majeure=False), come) == [
        "only take-or-pay o/2028-2029: off by 6",
        "only take-or-pay o/2030: off by 3",
    ]
    left = half_from_2028("o", column="alone_share", share=0.25)
    assert found(contracts.take_or_pay, paying(*left), {"buy o": [6, 0, 3, 1.5]}) == []
    assert found(contracts.take_or_pay, paying(*left), {"buy o": [6, 0, 2.5, 1]}) == [
        "only take-or-pay o/2028-2029: off by 0.5",
        "only take-or-pay o/2030: off by 0.5",
    ]


@pytest.mark.parametrize(
    ("name", "numbers", "columns"),
    [
        ("o/2027", [3], {}),
        ("o/2035", [0, 3], {}),
        ("o/2027", [0, 3], {"take_or_pay_share": 0.0}),
        ("o/2027", [0, 3], {"kind": "spot"}),
    ],
)
def test_nothing_is_paid_for_that_is_not_due(name: str, numbers: list[float], columns: dict[str, Any]) -> None:
    """In another period than the last of its year, in no year, without take-or-pay, in a spot market."""
    values = {"buy o": [6, 6, 12, 6], f"unused {name}": numbers}
    assert checked(contracts.take_or_pay, paying(**columns), values) == (
        1 + (0 if columns else 3), [f"only {name} is paid for and nothing is due"],
    )  # fmt: skip


@pytest.mark.parametrize("years", [0.5, 1.0])
def test_no_more_is_paid_for_than_is_missing_where_it_is_made_up(years: float) -> None:
    made_up = paying(makeup_years=years)
    behind = {**PAID, "behind o/2027": [0, 1], "behind o/2028-2029": [0, 0, 1], "behind o/2030": [0, 0, 0, 1]}
    assert checked(contracts.take_or_pay, made_up, behind) == (2 + 3 + 3 + 3, [])
    ahead = {**PAID, "unused o/2027": [0, 3.5]}
    assert found(contracts.take_or_pay, made_up, ahead) == ["only paid for and not missing o/2027: off by 0.5"]
    spare = {"buy o": [6, 0, 13.5, 5.75], "unused o/2028-2029": [0, 0, 0.75], "unused o/2030": [0, 0, 0, 0.5]}
    assert found(contracts.take_or_pay, made_up, spare) == [
        "only paid for and not missing o/2028-2029: off by 0.75",
        "only paid for and not missing o/2030: off by 0.25",
    ]
    assert found(contracts.take_or_pay, paying(), {**spare, **ahead, "buy o": [2, 1, 13.5, 5.75]}) == []


def test_nobody_is_behind_who_took_more_than_is_due() -> None:
    values = {"buy o": [6, 0, 13.5, 6], "behind o/2028-2029": [0, 0, 1], "behind o/2030": [0, 0, 0, 1]}
    assert found(contracts.take_or_pay, paying(makeup_years=1.0), values) == [
        "only behind and nothing is missing o/2028-2029: off by 1.5"
    ]


def test_make_up_comes_after_its_year_and_before_it_expires() -> None:
    """What 2027 left may come at 1 <= t < 1 + the years that it lasts: the periods begin at 0, 0.5, 1 and 3."""
    for years, late in ((1.0, True), (2.0, True), (2.5, False)):
        one = paying(makeup_years=years)
        values = {**PAID, "makeup o/2027": [0, 0, 3]}
        assert checked(contracts.makeup, one, values) == (3, [])
        findings = found(contracts.makeup, one, {**PAID, "makeup o/2027": [0, 0, 0, 3]})
        assert findings == ["only o/2027 2030-01 has expired"] * late
        findings = found(contracts.makeup, one, {**PAID, "makeup o/2027": [0, 3]})
        assert findings == ["only o/2027 2027-07 has expired"]


def test_no_more_is_made_up_than_was_paid_for() -> None:
    made_up = paying(makeup_years=3.0)
    values = {**PAID, "makeup o/2027": [0, 0, 2, 1], "makeup o/2028-2029": [0, 0, 0, 3]}
    assert checked(contracts.makeup, made_up, values) == (3 + 2 + 2, [])
    more = {**values, "makeup o/2027": [0, 0, 2, 1.5]}
    assert found(contracts.makeup, made_up, more) == ["only make-up o/2027: off by 0.5"]


def test_make_up_comes_no_faster_than_the_contract_and_its_supplier() -> None:
    """8 t/year: in two years half of 16 t; in 2030 half of 8, of both years together. Of a supplier of which a quarter
    is left 4 and 2 t."""
    paid = {"unused o/2027": [0, 30], "unused o/2028-2029": [0, 0, 30]}
    values = {**paid, "makeup o/2027": [0, 0, 8, 1], "makeup o/2028-2029": [0, 0, 0, 3]}
    terms = {"makeup_years": 3.0, "volume_max_t_per_year": 8.0}
    assert found(contracts.makeup, paying(*half_from_2028("o"), **terms), values) == []
    more = {**values, "makeup o/2027": [0, 0, 8.5, 1.25]}
    assert found(contracts.makeup, paying(*half_from_2028("o"), **terms), more) == [
        "only pace of make-up o/2028-01: off by 0.5",
        "only pace of make-up o/2030-01: off by 0.25",
    ]
    left = half_from_2028("o", column="alone_share", share=0.25)
    assert found(contracts.makeup, paying(*left, **terms), values) == [
        "only pace of make-up o/2028-01: off by 4",
        "only pace of make-up o/2030-01: off by 2",
    ]


def capped(**rule: Any) -> Case:
    """5 t/year of ore from China, 3 from 2030 on; half a tonne of it is in each tonne of a mixture."""
    mixed = deal("mix", "ore", 5.0, item={"t_per_t": 0.5}, kind="spot", supplier="second")
    mixed["contract_items"].append({"contract": "mix", "commodity": "dust", "t_per_t": 9.0, "price_rule": "fixed"})
    less = event("less", "import_caps", "rule=cap", "t_per_year", "set", 3.0)
    return case(
        spot("plain", "ore", 5.0, country="CN", supplier="first"),
        mixed,
        spot("free", "ore", 5.0, country="AU"),
        tables(
            suppliers=[{"supplier": "first", "country": "CN"}, {"supplier": "second", "country": "CN"}],
            rules=[{"rule": "cap", "kind": "cap", "in_force_share": 1.0, **rule}],
            import_caps=[{"rule": "cap", "commodity": "ore", "country": "CN", "t_per_year": 5.0}],
        ),
        less,
        future("only", 1.0, {"less": "2030-01-01"}),
    )


BOUGHT = {"buy plain": [1.5, 2, 6, 1], "buy mix": [2, 1, 4, 2], "buy free": [90, 90, 90, 90],
          "makeup plain/2027": [0, 0, 2, 1]}  # fmt: skip
"""2.5, 2.5, 10 and 3 t of ore from China, what is made up included."""


def test_what_comes_from_a_country_stays_within_its_cap() -> None:
    assert checked(contracts.import_caps, capped(), BOUGHT) == (4, [])
    for name, amount in (("buy plain", 0.5), ("buy mix", 1.0), ("makeup plain/2027", 0.5)):
        for number, label in enumerate(LABELS):
            findings = found(contracts.import_caps, capped(), more_in(BOUGHT, name, number, amount))
            assert findings == [f"only import cap cap/ore/CN/{label}: off by 0.5"]


def test_a_cap_holds_in_periods_in_which_its_rule_is_in_force_throughout() -> None:
    """From April 2027 or July 2028 on, in half of the time, switched off, or but for a rounding error always."""
    much = {**BOUGHT, "buy plain": [9, 9, 90, 9]}
    for rule, held in (
        ({"from_date": "2027-04-01"}, 3),
        ({"from_date": "2028-07-01"}, 1),
        ({"in_force_share": 0.5}, 0),
        ({"enabled": False}, 0),
        ({"in_force_share": 1.0 - 1e-9}, 4),
    ):
        items, findings = checked(contracts.import_caps, capped(**rule), much)
        assert (items, len(findings)) == (held, held)
