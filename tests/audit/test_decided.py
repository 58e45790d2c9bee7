"""What tables say is decided, for plans and tables that are written down by hand: dates, sizes, money, words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.written import FACTORS, at, mean, named, timed, written
from orefolio.audit.decided import commitments, lines
from orefolio.audit.evidence import Label
from orefolio.case.case import AfterShock, Case
from pencil import Piece, deal, event, future, must, offtake, process, project, spot, stockpile, tables

HEADERS = {
    "portfolio": "kind id name date branch futures probability size unit capital_musd public_musd cost_musd "
    "latest_date",
    "projects": "project name adds_to status committed branch futures size_t_per_year size_class lead_time_years "
    "equipment_origin technology_origin capital_musd public_musd public_share cost_musd latest_date",
    "contracts": "contract name kind status supplier country commodities signed branch futures volume_t_per_year "
    "first_delivery price_rule bought_expected_t paid_unused_expected_t made_up_expected_t prepayment_musd "
    "public_musd cost_musd",
    "programmes": "programme level name status decided branch futures increment_share lead_time_years up_front_musd "
    "annual_musd_per_year cost_musd latest_date",
    "abandonments": "project name started abandoned branch futures probability size_t_per_year cost_musd",
}
LINES = "process name from until branch futures probability material"
_, SECOND, _, LAST = FACTORS
CUT = event("cut", "programmes", "programme=c", "annual_musd", "set", 0.5)
DEAR = event("dear", "projects", "project=plant", "overrun_multiple", "set", 1.5)
"""The cut parts two futures within the third period; metal plants are dear from a month before it."""
EVERY = ("every future", "calm cut")


def parted(*pieces: Any, **settings: Any) -> Case:
    """A calm future of 0.7, and one with a cut of 0.3 that parts from it in June 2028."""
    return timed(
        CUT,
        DEAR,
        future("calm", 0.7, {"dear": "2027-12-01"}),
        future("cut", 0.3, {"dear": "2027-12-01", "cut": "2028-06-01"}, onset="2028-06-01"),
        *pieces,
        after_shock=AfterShock(fine_months=60),
        **settings,
    )


def findings(case: Case, *values: tuple[Any, ...], **said: list[tuple[Any, ...]]) -> list[str]:
    """What is found in tables with these rows."""
    given = {name: [HEADERS[name].split(), *map(list, rows)] for name, rows in said.items()}
    return commitments(written(case, *values, tables=given)).findings


def missing(*given: str) -> list[str]:
    """The findings where the tables that are given hold."""
    return [f"table {name} is missing" for name in HEADERS if name not in given]


SIZES = tables(
    size_classes=[
        {"project": "plant", "size_class": "s", "to_t_per_year": 3.0, "capital_musd": 0.9,
         "capital_usd_per_t_per_year": 2e5},
        {"project": "plant", "size_class": "m", "to_t_per_year": 4.0, "capital_usd_per_t_per_year": 9e5},
        {"project": "plant", "size_class": "l", "to_t_per_year": 6.0, "capital_musd": 1.2,
         "capital_usd_per_t_per_year": 4e5},
    ]
)  # fmt: skip


def works() -> Case:
    """A plant in size classes, a small one that is not begun as a whole, and one of a stockpile that is not begun."""
    return parted(
        process("line", {}, {"metal": 1}, equipment_origin="CN", technology_origin="DE"),
        stockpile("k", "metal"),
        named("Big plant", "projects", project(
            "plant", "line", 12.0, lead=1.5, capital=4000, capital_usd_per_t_per_year=5e5, ramp=(0.4, 1.0),
            fixed_usd_per_t_per_year=1e5, life_years=10.0, public_share=0.25,
        )),
        project(
            "small", "line", 5.0, lead=5.0, capital=9000, capital_usd_per_t_per_year=3e5, binary=False,
            public_share=0.5, equipment_origin="US",
        ),
        project("idle", "k", 5.0, lead=0.75, public_share=0.5),
        SIZES,
        residual_share=0.6,
    )  # fmt: skip


WORKS = (
    ("start", "plant", 2, 1.0),
    ("size", "plant", 2, 4.0),
    ("in_class", "plant/s", 2, 1e-6),
    ("in_class", "plant/l", 2, 1.0),
    ("size_in_class", "plant/l", 2, 4.0),
    ("kept", "plant/2028-01", 3, 4.0, "calm"),
    ("kept", "plant/2028-01", 3, 2.0, "cut"),
    ("size", "small", 3, 2.0, "cut"),
    ("size", "idle", 0, 1e-6),
)
PLANT = (
    8.8 * mean(1.0, 2.0) + 4.4 * mean(2.0, 2.5) + 0.4 * 0.9 * LAST
    - 0.85 * 0.6 * (0.5 + 4 / 12 + 0.5) * 1.5 * at(4.0) * (0.7 * 4 + 0.3 * 2)
)  # fmt: skip
"""13.2 over a year and a half, 0.9 years of 0.4 a year, less what is left of 4 t in calm and of 2 t after the cut."""
SMALL = 0.6 * mean(2.0, 7.0)
PROJECTS: list[tuple[Any, ...]] = [
    ("plant", "Big plant", "line", "committed", "2028-01", *EVERY, 4, "l", 1.5, "CN", "DE", 13.2, 3.3, 0.25, PLANT,
     "2029-01"),
    ("small", "small", "line", "committed", "2029-01", "cut", "cut", 2, "", 5, "US", "DE", 0.6, 0.3, 0.5, SMALL, ""),
    ("idle", "idle", "k", "not committed", "", "", "", 0, "", 0.75, "", "", 0, 0, 0.5, 0, ""),
]  # fmt: skip


def test_projects_have_dates_sizes_and_the_money_of_their_class() -> None:
    """(0.5 x 4 + 4 + 1.2 + 0.4 x 4) x 1.5 = 13.2, a quarter of it public; 0.3 x 2 = 0.6 for the small one, whose lump
    is not paid, in the future after the cut alone. The plant can be begun until 2029, the small one never: it takes
    longer than there is time."""
    portfolio = [
        ("project", "plant", "Big plant", "2028-01", *EVERY, 1, 4, "t/year", 13.2, 3.3, PLANT, "2029-01"),
        ("project", "small", "small", "2029-01", "cut", "cut", 0.3, 2, "t/year", 0.6, 0.3, SMALL, ""),
    ]
    assert findings(works(), *WORKS, portfolio=portfolio, projects=PROJECTS) == missing("portfolio", "projects")


@pytest.mark.parametrize("column", HEADERS["projects"].split())
def test_every_column_of_a_table_counts(column: str) -> None:
    place = HEADERS["projects"].split().index(column)
    row = list(PROJECTS[0])
    row[place] = row[place] + "x" if isinstance(row[place], str) else row[place] + 0.1
    assert len(findings(works(), *WORKS, projects=[tuple(row), *PROJECTS[1:]])) > len(missing("projects"))


def test_what_stands_at_no_node_of_the_tree_is_no_commitment() -> None:
    evidence = written(works())
    for variable, words in (("size", "plant"), ("abandon", "plant/2027-01")):
        stray = replace(evidence, plan={Label(variable, words, 0, 99): 2.0})
        assert commitments(stray).findings == missing()


SIGNED = {"prepayment_musd": 0.3, "prepayment_usd_per_t_per_year": 20000.0, "public_share": 0.25}


def deals() -> Case:
    """Two goods under one offtake; offtakes without volume, with a first day, of a plant; and what is not signed."""
    return parted(
        tables(suppliers=[{"supplier": "mine", "name": "The Mine", "country": "AU"}]),
        named("Offer", "contracts", offtake(
            "o", "metal", 40.0, 9.0, years=(2027, 2029), supplier="mine", qualification_years=0.5, term_years=2.0,
            **SIGNED,
        )),
        tables(contract_items=[{"contract": "o", "commodity": "ore", "price_rule": "fixed", "price_usd_per_kg": 10.0,
                                "t_per_t": 0.5}]),
        offtake("y", "metal", 30.0, 9.0, years=(2027, 2028), country="US"),
        offtake("z", "metal", 30.0, 9.0, years=(2027, 2028), prepayment_usd_per_t_per_year=20000.0,
                first_delivery="2028-07-01"),
        offtake("p", "metal", 30.0, 9.0, years=(2027, 2030), project="plant"),
        offtake("held", "metal", 30.0, 7.0),
        deal("q", "metal", 30, kind="quota", sign_from=2027, sign_to=2028),
        tables(tranches=[{"contract": "q", "tranche": 1, "right_share": 0.1}]),
        offtake("left", "metal", 30.0, 9.0, years=(2027, 2028)),
        process("line", {}, {"metal": 1}),
        project("plant", "line", 5.0, lead=1.0),
    )  # fmt: skip


DEALS = (
    ("sign", "o", 0, 1.0), ("volume", "o", 0, 0.5), ("sign", "o", 3, 1.0, "cut"), ("volume", "o", 3, 0.25, "cut"),
    ("buy", "o", 1, 3.0), ("unused", "o/2027", 1, 1.5), ("buy", "o", 3, 2.0, "calm"), ("buy", "o", 3, 4.0, "cut"),
    ("makeup", "o/2027", 3, 0.5, "calm"),
    ("sign", "y", 0, 1.0), ("sign", "z", 0, 1.0), ("volume", "z", 0, 1e-6), ("sign", "p", 0, 1.0),
    ("volume", "p", 0, 2.0), ("buy", "m", 3, 2.0, "calm"), ("buy", "m", 3, 5.0, "cut"), ("buy", "left", 1, 1e-6),
)  # fmt: skip
CALM, AFTER = 0.045 * (4.5 * SECOND + 2.0 * LAST), 0.045 * (4.5 * SECOND + 4.0 * LAST)
FIRST_SIGNED = 0.31 + 0.7 * CALM + 0.3 * AFTER * 0.5 / 0.75
THEN_SIGNED = 0.305 * at(2.0) + AFTER * 0.25 / 0.75


def test_contracts_share_what_is_bought_by_their_volumes() -> None:
    """Half a tonne is signed at first, and a quarter more after the cut: there two thirds of what is bought go with the
    first. A tonne costs 40 + 0.5 x 10. 3 + 0.7 x 2 + 0.3 x 4 = 5.6 t are expected, after the cut 0.3 x 7 = 2.1 t."""
    o, rule = ("The Mine", "AU", "metal ore"), "fixed 40 USD/kg; fixed 10 USD/kg"
    other, fixed = "offtake", "fixed 30 USD/kg"
    contracts = [
        ("o", "Offer", other, "signed", *o, "2027-01", *EVERY, 0.5, "2027-07", rule, 5.6, 1.5, 0.35, 0.31, 0.0775,
         FIRST_SIGNED),
        ("o", "Offer", other, "signed", *o, "2029-01", "cut", "cut", 0.25, "2029-07", rule, 2.1, 0.45, 0, 0.305,
         0.07625, THEN_SIGNED),
        ("y", "y", other, "signed", "y", "US", "metal", "2027-01", *EVERY, 0, "2027-01", fixed, 0, 0, 0, 0, 0, 0),
        ("z", "z", other, "signed", "z", "", "metal", "2027-01", *EVERY, 0, "2028-07", fixed, 0, 0, 0, 0, 0, 2e-8),
        ("p", "p", other, "signed", "p", "", "metal", "2027-01", *EVERY, 2, "", fixed, 0, 0, 0, 0, 0, 0),
        ("m", "m", "spot", "spot", "m", "", "metal", "", "", "", 0, "", "fixed 1 USD/kg", 2.9, 0, 0, 0, 0,
         0.001 * 2.9 * LAST),
        ("held", "held", other, "in force", "held", "", "metal", "", "", "", 7, "", fixed, 0, 0, 0, 0, 0, 0),
        ("q", "q", "quota", "by tranches", "q", "", "metal", "", "", "", 0, "", fixed, 0, 0, 0, 0, 0, 0),
        ("left", "left", other, "not signed", "left", "", "metal", "", "", "", 0, "", fixed, 0, 0, 0, 0, 0, 0),
    ]  # fmt: skip
    assert findings(deals(), *DEALS, contracts=contracts) == missing("contracts")


def test_signed_contracts_stand_in_the_portfolio_with_the_last_date_to_sign() -> None:
    unit = "t/year"
    portfolio = [
        ("contract", "o", "Offer", "2027-01", *EVERY, 1, 0.5, unit, 0.31, 0.0775, FIRST_SIGNED, "2029-01"),
        ("contract", "o", "Offer", "2029-01", "cut", "cut", 0.3, 0.25, unit, 0.305, 0.07625, THEN_SIGNED, "2029-01"),
        ("contract", "y", "y", "2027-01", *EVERY, 1, 0, unit, 0, 0, 0, "2028-01"),
        ("contract", "z", "z", "2027-01", *EVERY, 1, 0, unit, 0, 0, 2e-8, "2028-01"),
        ("contract", "p", "p", "2027-01", *EVERY, 1, 2, unit, 0, 0, 0, "2029-01"),
    ]
    assert findings(deals(), *DEALS, portfolio=portfolio) == missing("portfolio")


def test_tranches_stand_in_the_portfolio_with_their_right_and_payment() -> None:
    """0.4 after a year, a quarter of it public."""
    terms: dict[str, Any] = {"kind": "quota", "sign_from": 2027, "sign_to": 2028, "public_share": 0.25}
    case = parted(
        named("Quota", "contracts", deal("q", "metal", 30, **terms)),
        deal("r", "metal", 30, **terms),
        tables(tranches=[{"contract": name, "tranche": 2, "right_share": 0.1, "payment_musd": 0.4} for name in "qr"]),
    )
    numbers = ("2028-01", *EVERY, 1, 0.1, "share of output", 0.4, 0.1, 0.4 * at(1.0), "2028-01")
    portfolio = [
        ("tranche", "q/2", "Quota, tranche 2", *numbers),
        ("tranche", "r/2", "r, tranche 2", *numbers),
    ]
    plan = (("tranche", "q/2", 2, 1.0), ("tranche", "r/2", 2, 1.0))
    assert findings(case, *plan, portfolio=portfolio) == missing("portfolio")


def test_programmes_are_decided_at_a_date_and_cost_what_is_expected() -> None:
    """0.6 over two years from half a year on, then 1.5 years at 0.2 a year, after the cut at 0.5. Decided in 2029 it
    would take effect on the last day only. One without an envelope takes no public money: 0.3 after a quarter of a
    year, nothing yearly."""
    row = {"level": 2, "increment_share": 0.1, "up_front_musd": 0.6, "start_from": 2027, "start_to": 2030}
    slow = {**row, "lead_time_years": 2.0, "annual_musd": 0.2, "envelope": "state"}
    quick = {**row, "lead_time_years": 0.25, "level": 1, "up_front_musd": 0.3}
    case = parted(
        tables(
            programmes=[
                {"programme": "c", **slow},
                {"programme": "d", **quick, "name": "Quick"},
                {"programme": "e", **slow},
            ]
        )
    )
    cost = 0.3 * (mean(0.5, 1.5) + mean(1.5, 2.5)) + (0.7 * 0.2 + 0.3 * 0.5) * 1.5 * mean(2.5, 4.0)
    after = 0.3 * mean(2.0, 2.25)
    programmes = [
        ("c", 2, "c", "decided", "2027-07", *EVERY, 0.1, 2, 0.6, 0.2, cost, "2028-01"),
        ("d", 1, "Quick", "decided", "2029-01", "trunk", "calm", 0.1, 0.25, 0.3, 0, after, "2029-01"),
        ("e", 2, "e", "not decided", "", "", "", 0.1, 2, 0, 0, 0, ""),
    ]
    portfolio = [
        ("programme", "c/2", "c/2", "2027-07", *EVERY, 1, 2, "level", 0.6, 0.6, cost, "2028-01"),
        ("programme", "d/1", "Quick", "2029-01", "trunk", "calm", 0.7, 1, "level", 0.3, 0, after, "2029-01"),
    ]
    plan = (("level_on", "c/2", 1, 1.0), ("level_on", "d/1", 3, 1.0, "calm"), ("level_on", "e/2", 0, 1e-6))
    found = findings(case, *plan, portfolio=portfolio, programmes=programmes)
    assert found == missing("portfolio", "programmes")


def test_abandonments_say_what_is_given_up_and_what_that_saves() -> None:
    """Begun after half a year for 2.5 years: 0.2 are left of the year to 2.5, and 0.2 to 3; of 4 + 0.5 x 2 = 5, at a
    charge of 0.3. The others are given up with no size."""
    terms: dict[str, Any] = {
        "lead": 2.5, "can_abandon": True, "exit_share": 0.3, "capital_usd_per_t_per_year": 5e5,
    }  # fmt: skip
    case = parted(
        process("line", {}, {"metal": 1}),
        named("Old plant", "projects", project("old", "line", 9.0, capital=4000, **terms)),
        project("void", "line", 9.0, **terms),
        project("bare", "line", 9.0, **terms),
    )
    saved = 5.0 * (0.2 * mean(2.0, 2.5) + 0.2 * mean(2.5, 3.0) - 0.4 * 0.3 * at(2.0))
    abandonments = [
        ("old", "Old plant", "2027-07", "2029-01", "cut", "cut", 0.3, 2, -saved),
        ("void", "void", "2027-07", "2029-01", "cut", "cut", 0.3, 0, -saved / 5 * 0.5e-6),
        ("bare", "bare", "2027-07", "2029-01", "cut", "cut", 0.3, 0, 0),
    ]
    plan = (
        ("abandon", "old/2027-07", 3, 1.0, "cut"), ("given_up", "old/2027-07", 3, 2.0, "cut"),
        ("abandon", "void/2027-07", 3, 1.0, "cut"), ("given_up", "void/2027-07", 3, 1e-6, "cut"),
        ("abandon", "bare/2027-07", 3, 1.0, "cut"),
    )  # fmt: skip
    assert findings(case, *plan, abandonments=abandonments) == missing("abandonments")


def chain(*classes: str, more: tuple[Piece, ...] = (), **columns: Any) -> Case:
    """A line that makes each class of metal from ore of that class; demands refuse the tags a and b."""
    row = {"one_class_at_a_time": True, "capacity": 5.0, **columns}
    return parted(
        tables(classes=[{"class_": "free"}, *({"class_": name, "tags": " ".join(name)} for name in classes)]),
        *(spot(f"s{name}", "ore", 1.0, class_=name) for name in ("free", *classes)),
        *more,
        named("The line", "processes", process("line", {"ore": 1}, {"metal": 1}, **row)),
        must("one", "metal", 1, refuses_tags="a"),
        must("two", "metal", 1, refuses_tags="b"),
    )


def line_findings(case: Case, rows: list[tuple[Any, ...]], *values: tuple[Any, ...]) -> list[str]:
    return lines(written(case, *values, tables={"lines": [LINES.split(), *map(list, rows)]})).findings


WHOLE = ("2027-01", "2028-01", *EVERY, 1)
THEN = ("2028-01", "2029-01", *EVERY, 1)
AT_LAST = [("2029-01", "2031-01", "trunk", "calm", 0.7), ("2029-01", "2031-01", "cut", "cut", 0.3)]


def test_lines_are_kept_for_tagged_material_or_not_in_every_segment() -> None:
    """Two groups of classes: kept for the first where it is dedicated. The last segment is told for each future. A
    plant that runs several classes at a time stands before the line."""
    case = chain("a", more=(process("plant", {}, {"rock": 1}),))
    rows = [
        ("line", "The line", *WHOLE, "untagged"),
        ("line", "The line", *THEN, "tagged"),
        ("line", "The line", *AT_LAST[0], "tagged"),
        ("line", "The line", *AT_LAST[1], "untagged"),
    ]
    plan = (("dedicated", "line", 0, 1.0), ("dedicated", "line", 3, 1.0, "cut"))
    assert line_findings(case, rows, *plan) == []
    assert line_findings(case, rows[1:], *plan) == [
        "table lines lacks line/2027-01/2028-01/calm cut",
        "table lines lacks line/2027-01/2028-01/calm cut",
        "table lines line/2027-01/2028-01/calm cut/untagged is in the plan and not in the table",
    ]


def test_lines_with_several_tagged_classes_say_which() -> None:
    """Free, a, and ab with abc, which no demand tells apart."""
    case = chain("a", "ab", "abc")
    rows = [
        ("line", "The line", *WHOLE, "ab abc"),
        ("line", "The line", *THEN, "a"),
        ("line", "The line", *AT_LAST[0], "untagged"),
        ("line", "The line", *AT_LAST[1], "ab abc"),
    ]
    plan = (
        ("kept_for", "line/ab", 0, 1.0), ("kept_for", "line/a", 2, 1.0), ("kept_for", "line/free", 3, 1.0, "calm"),
        ("kept_for", "line/ab", 3, 1.0, "cut"),
    )  # fmt: skip
    assert line_findings(case, rows, *plan) == []


def test_what_is_kept_for_tagged_and_untagged_material_together_is_not_untagged() -> None:
    """No demand tells the tag c from none."""
    told = [("line", "The line", *each, "free c") for each in (WHOLE, THEN, *AT_LAST)]
    plan = (("dedicated", "line", 0, 1.0), ("dedicated", "line", 2, 1.0), ("dedicated", "line", 3, 1.0, "calm"))
    assert line_findings(chain("c", "a", "ac"), told, *plan, ("dedicated", "line", 3, 1.0, "cut")) == []


def test_what_has_no_choice_is_no_line() -> None:
    assert line_findings(chain("a", one_class_at_a_time=False), []) == []
    assert line_findings(chain(), []) == []
    assert line_findings(chain("a", capacity=0.0), []) == []


def test_a_line_chooses_from_the_segment_on_in_which_it_stands() -> None:
    """The first project can be complete in 2028: until then nothing is chosen, and after it in each segment."""
    case = chain("a", capacity=0.0, more=(project("more", "line", 5.0, lead=1.0),))
    told = [("line", "The line", *THEN, "tagged"), *(("line", "The line", *each, "tagged") for each in AT_LAST)]
    assert line_findings(case, told) == []
