"""What stands, is owed and is kept in a future, by hand, in periods of 0.5, 0.5, 2 and 1 years."""

from __future__ import annotations

import math
from typing import Any

import pytest

from audit.written import UNEVEN, life_of, stated
from orefolio.audit.life import Life, before, goods_of, lives
from orefolio.case.case import Case
from pencil import Piece, case_of, deal, event, future, lane, offtake, process, project, spot, tables


def contract(name: str, **columns: Any) -> Piece:
    """An offtake of at most 10 t/year."""
    return deal(name, "ore", 5.0, kind="offtake", volume_max_t_per_year=columns.pop("most", 10.0), **columns)


def with_contract(*more: Any, **columns: Any) -> Life:
    return life_of(stated(case_of(contract("o", **columns), *more, **UNEVEN), {}))


def row_of(life: Life, name: str = "o") -> Any:
    return life.case.row("contracts", name)


PROJECT = (
    process("line", {}, {"ore": 1.0}, capacity=7.0),
    project("more", "line", 40.0, lead=0.25, ramp=(0.5, 1.0)),
)
"""Complete a quarter of a year after its start; half of it runs in its first year."""


def test_a_moment_lies_before_another_by_more_than_rounding() -> None:
    assert [before(0.0, end) for end in (-1.0, 0.0, 1e-9, 2e-9, 1.0)] == [False, False, False, True, True]


def test_calendar_years_of_each_period() -> None:
    life = life_of(stated(case_of(spot("m", "ore", 1.0), **UNEVEN), {}))
    assert life.years == [[(2027, 1.0)], [(2027, 1.0)], [(2028, 0.5), (2029, 0.5)], [(2030, 1.0)]]
    assert life.name == "only"


def test_rates_of_a_recipe_go_by_its_yield() -> None:
    """2 t of which 0.8 is not lost take 2.5 t; 0.9 t of which half is kept give 0.45 t, and 0.225 t from 2030 on."""
    line = process("line", {"rock": 2.0}, {"ore": 0.9}, yields={"rock": 0.8, "ore": 0.5})
    worse = event("worse", "recipes", "direction=out", "yield_share", "multiply", 0.5)
    life = life_of(stated(case_of(line, worse, future("only", 1.0, {"worse": "2030-01-01"}), **UNEVEN), {}))
    taken, given = life.case.rows("recipes")
    for _ in range(2):
        assert life.rates(taken) == [2.5] * 4
        assert life.rates(given) == [0.45, 0.45, 0.45, 0.225]


def projects() -> Case:
    return case_of(
        *PROJECT,
        project("again", "line", 40.0, lead=0.25, ramp=(0.5, 1.0)),
        lane("mine", "home", "ore", capacity_t_per_year=5.0),
        project("road", "mine>home", 9.0),
        **UNEVEN,
    )


def test_what_projects_add_stands_by_its_lead_time_and_ramp() -> None:
    """Of what is begun at 0, 0.25, 0.5, 0.9375 and 1 stand; at 1: 0.625 of 8 t and all of it, of which 3 are given up;
    a lane has no ramp."""
    values = {"size more": [4], "size again": [0, 0, 8], "given_up again/2028-01": [0, 0, 0, 3], "size road": [0, 0, 6]}
    life = life_of(stated(projects(), values))
    assert life.installed == {
        ("line", 0): [1.0],
        ("line", 1): [2.0],
        ("line", 2): [3.75, 5.0, -1.875],
        ("line", 3): [4.0, 8.0, -3.0],
        ("mine>home", 2): [6.0],
        ("mine>home", 3): [6.0],
    }
    assert life.added("line", 1) == [2.0]
    assert life.added("mine>home", 1) == []


def test_what_projects_add_wears() -> None:
    """exp(-t) is left t years after completion in 2028: (1 - exp(-2)) / 2 over two years, exp(-2) - exp(-3) then."""
    line = process("line", {}, {"ore": 1.0}, capacity=7.0, wear_share_per_year=1.0 - math.exp(-1.0))
    case = case_of(line, project("more", "line", 40.0), **UNEVEN)
    shares = (1.0 - math.exp(-2.0)) / 2.0, math.exp(-2.0) - math.exp(-3.0)
    life = life_of(stated(case, {"size more": [0, 0, 8.0], "given_up more/2028-01": [0, 0, 0, 3.0]}))
    assert set(life.installed) == {("line", 2), ("line", 3)}
    for number, share in zip((2, 3), shares, strict=True):
        assert life.added("line", number) == pytest.approx([8.0 * share, -3.0 * share])
    early = life_of(stated(case, {"size more": [8.0]}))
    assert early.added("line", 0) == pytest.approx([8.0 * (1.0 - math.exp(-0.5)) / 0.5])


def test_levels_of_a_programme_raise_by_their_lead_time_and_ramp() -> None:
    """0.2 of which 0.25, 0.5, 0.9375 and 1 stand; 0.4, ready at 2, of which a quarter stands and then all of it, half
    decided."""
    levels = [
        {"programme": "p", "level": level, "increment_share": share, "up_front_musd": 0.0, "lead_time_years": lead,
         "start_from": 2027, "start_to": 2030, "ramp": ramp}
        for level, share, lead, ramp in ((1, 0.2, 0.25, (0.5, 1.0)), (2, 0.4, 1.0, (0.5, 1.0)))
    ]  # fmt: skip
    case = case_of(spot("m", "ore", 1.0), tables(programmes=levels), **UNEVEN)
    life = life_of(stated(case, {"level_on p/1": [1], "level_on p/2": [0, 0, 0.5]}))
    assert {key: pytest.approx(value) for key, value in life.raised.items()} == {
        ("p", 0): [0.05],
        ("p", 1): [0.1],
        ("p", 2): [0.1875, 0.05],
        ("p", 3): [0.2, 0.2],
    }


def test_values_are_found_by_their_first_word() -> None:
    life = life_of(stated(projects(), {"size more": [4, 0, 2], "size road": [0, 0, 6]}))
    for _ in range(2):
        assert {name: [item.value for item in items] for name, items in life.by_thing("size").items()} == {
            "more": [4.0, 2.0],
            "road": [6.0],
        }
        assert life.by_thing("start") == {}


def test_output_of_a_process_has_a_term_for_each_class() -> None:
    life = life_of(stated(projects(), {"activity line/free": [4, 1], "activity line/tagged": [2]}))
    assert life.activity == {("line", 0): [4.0, 2.0], ("line", 1): [1.0]}


def test_the_most_that_can_stand_is_remembered() -> None:
    """7 t, and 40 t more of each of two projects, of which 0.25, 0.5, 0.9375 and 1 stand."""
    life = life_of(stated(projects(), {}))
    for _ in range(2):
        assert life.greatest(life.case.row("processes", "line")) == [27.0, 47.0, 82.0, 87.0]


@pytest.mark.parametrize(
    ("columns", "number", "shares"),
    [
        ({}, 0, [0.5, 1.0, 0.375, 0.0]),
        ({"first_delivery": "2027-07-01"}, 0, [0.0, 1.0, 0.5, 0.0]),
        ({"last_delivery": "2028-07-01"}, 0, [0.5, 1.0, 0.25, 0.0]),
        ({}, 2, [0.0, 0.0, 0.75, 0.0]),
        ({"term_years": math.inf}, 2, [0.0, 0.0, 0.875, 1.0]),
    ],
)
def test_a_contract_delivers_from_the_end_of_its_qualification_for_its_term(
    columns: dict[str, Any], number: int, shares: list[float]
) -> None:
    """A quarter of a year and then one and a half: from 0.25 to 1.75, or from 1.25 to 2.75."""
    life = with_contract(**{"qualification_years": 0.25, "term_years": 1.5, **columns})
    assert life.cover(row_of(life), number) == shares


@pytest.mark.parametrize(
    ("columns", "number", "shares"),
    [
        ({}, 0, [0.25, 0.5, 0.3125, 0.0]),
        ({"qualification_years": 0.5}, 0, [0.0, 0.5, 0.4375, 0.0]),
        ({"first_delivery": "2027-07-01"}, 0, [0.0, 0.5, 0.4375, 0.0]),
        ({"last_delivery": "2028-07-01"}, 0, [0.25, 0.5, 0.1875, 0.0]),
        ({}, 2, [0.0, 0.0, 0.5, 0.0]),
        ({"term_years": 2.0}, 2, [0.0, 0.0, 0.625, 0.25]),
    ],
)
def test_a_contract_on_a_project_follows_its_ramp(columns: dict[str, Any], number: int, shares: list[float]) -> None:
    """From its completion, at 0.25 or 1.25, half of it runs for a year: one and a half years of it, unless more is
    given. In the third period 0.25 years at half and 0.5 or 0.75 or 0.25 whole, or a year at half and a half whole."""
    life = with_contract(*PROJECT, project="more", **{"term_years": 1.5, **columns})
    assert life.cover(row_of(life), number) == shares


def test_what_is_in_force_owes_its_greatest_volume_between_its_dates() -> None:
    """From 0.25 to 2.5: half of the first period, the second, three quarters of the third."""
    dates = {"first_delivery": "2027-04-01", "last_delivery": "2029-07-01"}
    either: tuple[dict[str, Any], ...] = ({"in_force": True}, {"kind": "spot"})
    for terms in either:
        columns: dict[str, Any] = {"kind": "offtake", **terms, **dates}
        life = life_of(stated(case_of(deal("o", "ore", 5.0, volume_max_t_per_year=8.0, **columns), **UNEVEN), {}))
        assert life.owed(row_of(life)) == [[4.0], [8.0], [6.0], []]
    whole = with_contract(in_force=True)
    assert whole.owed(row_of(whole)) == [[10.0]] * 4
    unsigned = with_contract()
    assert unsigned.owed(row_of(unsigned)) == [[], [], [], []]


def test_what_is_signed_is_owed_while_it_delivers() -> None:
    case = case_of(contract("o", qualification_years=0.25, term_years=1.5), contract("p"), **UNEVEN)
    life = life_of(stated(case, {"volume o": [6.0, 0, 4.0], "volume p": [0, 0, 0, 2.0]}))
    assert life.owed(row_of(life)) == [[3.0], [6.0], [2.25, 3.0], []]
    assert {name: [item.value for item in items] for name, items in life.volumes.items()} == {
        "o": [6.0, 4.0], "p": [2.0],
    }  # fmt: skip


def test_a_contract_ends_with_its_project() -> None:
    case = case_of(*PROJECT, contract("o", project="more"), **UNEVEN)
    values = {"volume o": [6.0, 0, 4.0], "abandon more/2027-01": [0, 0, 1]}
    life = life_of(stated(case, values))
    assert [life.given_up("more", number) for number in range(4)] == [True, False, False, False]
    assert life.owed(row_of(life)) == [[], [], [4.0 * 0.625], [4.0]]
    half = life_of(stated(case, {**values, "abandon more/2027-01": [0, 0, 0.5]}))
    assert not half.given_up("more", 0)
    assert not life.given_up("other", 0)


def test_tranches_of_each_quota() -> None:
    rows = [
        {"contract": name, "tranche": tranche, "right_share": 0.1} for name, tranche in (("o", 1), ("o", 2), ("p", 1))
    ]
    life = with_contract(contract("p"), tables(tranches=rows))
    assert {name: [row.tranche for row in found] for name, found in life.by_tranches.items()} == {"o": [1, 2], "p": [1]}


def test_commitments_are_made_at_the_start_of_a_year_and_until_the_reaction_to_a_shock_ends() -> None:
    life = life_of(stated(case_of(spot("m", "ore", 1.0), **UNEVEN), {}))
    assert [life.may_decide(number) for number in range(4)] == [True, False, True, True]
    shock = event("cut", "suppliers", "supplier=m", "availability_share", "set", 0.5)
    two = (future("calm", 0.5), future("cut", 0.5, {"cut": "2028-01-01"}, onset="2028-01-01"))
    case = case_of(spot("m", "ore", 1.0), shock, *two, years=4, reaction_years=0.5)
    assert [life_of(stated(case, {}), 1).may_decide(number) for number in range(4)] == [True, True, False, False]


WINDOW = {"sign_from": 2027, "sign_to": 2030}


@pytest.mark.parametrize(
    ("columns", "may"),
    [
        ({}, [True, False, True, True]),
        ({"sign_from": 2028, "sign_to": 2029}, [False, False, True, False]),
        ({"kind": "spot"}, [False] * 4),
        ({"in_force": True}, [False] * 4),
        ({"qualification_years": 1.0}, [True, False, True, False]),
        ({"qualification_years": 0.9}, [True, False, True, True]),
        ({"qualification_years": 3.0}, [True, False, False, False]),
        ({"first_delivery": "2031-01-01"}, [False] * 4),
        ({"first_delivery": "2030-07-01"}, [True, False, True, True]),
        ({"last_delivery": "2028-01-01"}, [True, False, False, False]),
        ({"term_years": 0.0}, [False] * 4),
        ({"term_years": 0.5}, [True, False, True, True]),
    ],
)
def test_a_contract_is_signed_in_its_window_and_where_it_still_delivers(
    columns: dict[str, Any], may: list[bool]
) -> None:
    terms: dict[str, Any] = {"kind": "offtake", **WINDOW, **columns}
    life = life_of(stated(case_of(deal("o", "ore", 5.0, **terms), **UNEVEN), {}))
    assert [life.may_sign(row_of(life), number) for number in range(4)] == may


def test_a_contract_on_a_project_is_signed_where_the_project_may_start() -> None:
    """A lead of a year is too long from 2030 on; its own window does not count."""
    line = process("line", {}, {"ore": 1.0})
    life = with_contract(line, project("plant", "line", 9.0, lead=1.0), project="plant")
    assert [life.may_sign(row_of(life), number) for number in range(4)] == [True, False, True, False]


@pytest.mark.parametrize(
    ("columns", "end"),
    [
        ({}, 2.75),
        ({"first_delivery": "2028-07-01"}, 3.0),
        ({"last_delivery": "2028-07-01"}, 1.5),
        ({"project": "more", "qualification_years": 0.0}, 2.75),
        ({"project": "more", "qualification_years": 0.5}, 3.0),
        ({"project": "more", "qualification_years": 0.5, "term_years": math.inf}, math.inf),
    ],
)
def test_a_contract_signed_in_2028_ends_after_its_term(columns: dict[str, Any], end: float) -> None:
    """One and a half years after a quarter of qualification, or after the project is complete at 1.25."""
    life = with_contract(*PROJECT, **{"qualification_years": 0.25, "term_years": 1.5, **columns})
    assert life.ends(row_of(life), 2) == end


def kept(values: dict[str, list[float]], *more: Any, **columns: Any) -> list[bool]:
    """Whether a supplier is kept in each period by a contract that sustains it."""
    case = case_of(contract("o", **{"sustains": True, "term_years": 2.0, **columns}), *more, **UNEVEN)
    life = life_of(stated(case, values))
    stands = [life.stands("o", number) for number in range(4)]
    found = [life.is_kept("o", number) for number in range(4)]
    assert stands == [1.0 if each else 0.25 for each in found]
    return found


QUOTA = tables(suppliers=[{"supplier": "other"}], tranches=[{"contract": "o", "tranche": 1, "right_share": 0.1}])
HELD = tables(tranches=[{"contract": "o", "tranche": 1, "right_share": 0.1, "held": True}])
ALONE = (
    event("alone", "suppliers", "supplier=o", "alone_share", "set", 0.25),
    future("only", 1.0, {"alone": "2027-01-01"}),
)


@pytest.mark.parametrize(
    ("values", "more", "columns", "found"),
    [
        ({}, (), {}, [False, False, False, False]),
        ({"sign o": [1]}, (), {}, [True, True, True, False]),
        ({"sign o": [1]}, (), {"term_years": 1.0}, [True, True, False, False]),
        ({"sign o": [0, 0, 1]}, (), {}, [False, False, True, False]),
        ({"sign o": [0, 0, 1]}, (), {"term_years": 2.5}, [False, False, True, True]),
        ({"sign o": [0.5]}, (), {}, [False, False, False, False]),
        ({"sign o": [1]}, (), {"sustains": False}, [False, False, False, False]),
        ({"tranche o/1": [0, 0, 1]}, (QUOTA,), {}, [False, False, True, False]),
        ({}, (HELD,), {}, [True, True, True, True]),
        ({}, (QUOTA,), {}, [False, False, False, False]),
        ({}, (), {"in_force": True}, [True, True, True, True]),
        ({}, (), {"in_force": True, "last_delivery": "2028-01-01"}, [True, True, False, False]),
    ],
)
def test_a_supplier_is_kept_while_a_contract_that_sustains_it_is_in_force(
    values: dict[str, list[float]], more: Any, columns: dict[str, Any], found: list[bool]
) -> None:
    assert kept(values, *more, *ALONE, **columns) == found


def test_a_contract_keeps_its_own_supplier_alone() -> None:
    shy = tables(suppliers=[{"supplier": "shy", "alone_share": 0.5}])
    life = life_of(stated(case_of(contract("o", sustains=True), shy, **UNEVEN), {"sign o": [1]}))
    assert (life.is_kept("o", 0), life.is_kept("shy", 0), life.stands("shy", 0)) == (True, False, 0.5)


def test_supplier_and_licence_both_let_a_share_come() -> None:
    """Half is available from 2028 on, 0.6 is approved."""
    half = event("half", "suppliers", "supplier=o", "availability_share", "set", 0.5)
    licence = tables(licences=[{"licence": "civil", "approval_share": 0.6}])
    life = with_contract(half, licence, future("only", 1.0, {"half": "2028-01-01"}), licence="civil")
    assert life.deliverable(row_of(life)) == [0.6, 0.6, 0.3, 0.3]


def test_futures_and_goods_are_made_once() -> None:
    evidence = stated(case_of(offtake("o", "ore", 1.0, 5.0), future("a", 0.5), future("b", 0.5), years=1), {})
    first = list(lives(evidence))
    assert [life.name for life in first] == ["a", "b"]
    assert list(lives(evidence)) == first
    assert goods_of(evidence) is goods_of(evidence) is first[0].goods
    assert goods_of(evidence).case is evidence.case
