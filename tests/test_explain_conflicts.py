"""Small cases without a plan, of every family: the conflict names the rows that a person would name, none is spared.

And each way out that is about single cells, done to the case as it is told, gives it a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from orefolio.analyses.explain import Reason, Way, explain
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case, row_key
from orefolio.errors import InfeasibleError
from orefolio.program.build import build
from orefolio.solve import find_conflict
from pencil import (
    RULE,
    Piece,
    case_of,
    event,
    future,
    lane,
    must,
    offtake,
    plan,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)  # fmt: skip
from test_conflict import needs_each
from test_explain import group, money, on_disk

ROUNDING = 1e-5  # a share by which a told amount, shown in six digits, may fall short
PLACE = {"places.csv", "commodities.csv"}  # where a balance stands: it is no limit that anyone sets

TOLD = (
    (r"raise the span of envelope .* by ([\d.,]+) (bn|million) yen", "amount_million", 1),
    (r"raise the limit of group .* by ([\d.,]+) ", "limit", 1),
    (r"lower the limit of group .* by ([\d.,]+) ", "limit", -1),
    (r"serve demand \S+ ([\d.,]+) t less", "t_per_year", -1),
    (r"have contract \S+ sell ([\d.,]+) t more", "volume_max_t_per_year", 1),
    (r"have supplier \S+ sell ([\d.,]+) t more", "t_per_year", 1),
    (r"let process \S+ make ([\d.,]+) t more", "capacity_t_per_year", 1),
    (r"let lane \S+ carry ([\d.,]+) t more", "capacity_t_per_year", 1),
    (r"give stockpile \S+ room for ([\d.,]+) t more", "warehouse_t", 1),
    (r"let stockpile \S+ take in ([\d.,]+) t more", "pace_t_per_year", 1),
    (r"let \S+ have ([\d.,]+) t more of residue", "t_per_year", 1),
    (r"have step \S+ of the outlet .* take ([\d.,]+) t more", "t_per_year", 1),
)
"""What a way out tells, the column that it speaks of, and the way in which it is changed."""


def makes(capacity: float = 0.0, **columns: object) -> Piece:
    return process("p", {}, {"x": 1}, capacity=capacity, **columns)


def two_plants(*pieces: Piece, **columns: object) -> tuple[Piece, ...]:
    return makes(), wanted("d", "x", 1, 1.0), project("a", "p", 10, **columns), project("b", "p", 10), *pieces


def capped(commodity: str, *t_per_year: float) -> Piece:
    lines = [
        {"supplier": "s", "commodity": commodity, "from_year": 2027 + n, "t_per_year": t}
        for n, t in enumerate(t_per_year)
    ]
    return tables(supplier_capacity=lines)


def residue(cap: float) -> Piece:
    return tables(
        residue_kinds=[{"residue": "mud", "treatment_usd_per_t": 1.0}],
        residues=[{"process": "p", "residue": "mud", "t_per_t": 2.0}],
        residue_caps=[{"country": "JP", "residue": "mud", "t_per_year": cap}],
    )


def halved(table: str, row: str) -> tuple[Piece, ...]:
    return (
        event("cut", table, row, "availability_share", "set", 0.5),
        future("calm", 0.5),
        future("bad", 0.5, {"cut": "2028-01-01"}, onset="2028-01-01"),
    )  # fmt: skip


TAGGED = spot("c", "x", 1, 9, class_="tagged", country="CN")
PLANT = {"capital": 20_000, "public_share": 1.0, "envelope": "money"}
LATER = spot("c", "x", 1, 9, first_delivery="2027-01-01", last_delivery="2028-01-01")
ONE_OF_TWO_SIZES = (
    makes(), must("d", "x", 6), project("a", "p", 4, size_min_t_per_year=4),
    project("b", "p", 9, size_min_t_per_year=9), group("land", "at_most", 8, "a", "b", counts="size"),
)  # fmt: skip

CASES: dict[str, tuple[Sequence[Piece], int, set[str]]] = {
    "a budget under a forced project": (
        (makes(), wanted("d", "x", 7, 1.0), project("a", "p", 10, **PLANT), group("g", "at_least", 1, "a"),
         money(1200)), 1, {"groups.csv:2", "envelopes.csv:2"}),
    "a budget under two forced projects": (
        (makes(), wanted("d", "x", 7, 1.0), project("a", "p", 10, **PLANT), project("b", "p", 10, **PLANT),
         group("g", "at_least", 2, "a", "b"), money(4500)),
        1, {"groups.csv:2", "envelopes.csv:2"}),
    "a demand over one market": ((must("d", "x", 7), spot("c", "x", 1, 5)), 1, {"demands.csv:2", "contracts.csv:2"}),
    "a demand over two markets": (
        (must("d", "x", 7), spot("c", "x", 1, 3), spot("b", "x", 2, 2)),
        1, {"demands.csv:2", "contracts.csv:2", "contracts.csv:3"}),
    "two demands over one market": (
        (must("d", "x", 4), must("e", "x", 5), spot("c", "x", 1, 7)),
        1, {"demands.csv:2", "demands.csv:3", "contracts.csv:2"}),
    "a demand that outgrows its market": (
        (must("d", "x", 4, growth_share_per_year=0.5), spot("c", "x", 1, 8)),
        3, {"demands.csv:2", "contracts.csv:2"}),
    "a market that closes": ((must("d", "x", 7), LATER), 2, {"demands.csv:2"}),
    "a demand without any source": ((must("d", "x", 7),), 1, {"demands.csv:2"}),
    "an offtake that is too small": (
        (must("d", "x", 7), offtake("c", "x", 1, 5, years=(2027, 2027), term_years=9)),
        1, {"demands.csv:2", "contracts.csv:2"}),
    "a plant that comes too late": (
        (makes(), must("d", "x", 7), project("a", "p", 10, lead=2)), 3, {"demands.csv:2"}),
    "a plant that is too small": (
        (makes(), must("d", "x", 7), project("a", "p", 5)), 1, {"demands.csv:2", "projects.csv:2", "processes.csv:2"}),
    "groups that contradict": (
        two_plants(group("all", "at_least", 2, "a", "b"), group("few", "at_most", 1, "a", "b")),
        1, {"groups.csv:2", "groups.csv:3"}),
    "exactly two of one, once": (
        two_plants(group("two", "exactly", 2, "a")), 2, {"groups.csv:2", "projects.csv:2"}),
    "exactly two where one window is closed": (
        (makes(), wanted("d", "x", 1, 1.0), project("a", "p", 10), project("b", "p", 10, lead=5),
         group("two", "exactly", 2, "a", "b")),
        2, {"groups.csv:2", "projects.csv:2"}),
    "a plant that needs one that is excluded": (
        two_plants(group("want", "at_least", 1, "a"), group("never", "at_most", 0, "b"), requires=("b",)),
        1, {"groups.csv:2", "groups.csv:3", "projects.csv:2", "projects.csv:3"}),
    "a plant that needs one that comes too late": (
        (makes(), wanted("d", "x", 1, 1.0), project("a", "p", 10, start_to=2027, requires=("b",)),
         project("b", "p", 10, lead=5), group("want", "at_least", 1, "a")),
        2, {"groups.csv:2", "projects.csv:2", "projects.csv:3"}),
    "land under the least size": (
        two_plants(group("want", "at_least", 1, "a"), group("land", "at_most", 3, "a", counts="size"),
                   size_min_t_per_year=5),
        1, {"groups.csv:2", "groups.csv:3", "projects.csv:2"}),
    "indivisible sizes": (
        ONE_OF_TWO_SIZES, 1, {"groups.csv:2", "demands.csv:2", "projects.csv:2", "projects.csv:3", "processes.csv:2"}),
    "indivisible weights": (
        (makes(), wanted("d", "x", 1, 1.0), project("a", "p", 10), project("b", "p", 10),
         tables(groups=[{"group": "g", "sense": "exactly", "counts": "starts", "limit": 10}],
                group_members=[{"group": "g", "project": "a", "coefficient": 4},
                               {"group": "g", "project": "b", "coefficient": 7}])),
        1, {"groups.csv:2"}),
    "a process that is too small": ((must("d", "x", 7), makes(5)), 1, {"demands.csv:2", "processes.csv:2"}),
    "a process that is halved in one future": (
        (must("d", "x", 7), makes(9), *halved("processes", "process=p")), 2, {"demands.csv:2", "processes.csv:2"}),
    "a supplier that is halved in one future": (
        (must("d", "x", 7), spot("c", "x", 1, 9), *halved("suppliers", "supplier=c")),
        2, {"demands.csv:2", "contracts.csv:2"}),
    "a line that cannot restart at once": (
        (must("d", "x", 7), makes(10, ramp_up_share_per_year=0.3)), 1, {"demands.csv:2", "processes.csv:2"}),
    "a lane that is too narrow": (
        (must("d", "x", 7), spot("c", "x", 1, 9, place="port"), lane("port", "home", "x", capacity_t_per_year=4)),
        1, {"demands.csv:2", "lanes.csv:2"}),
    "a cap on residue": ((must("d", "x", 7), makes(10), residue(10)), 1, {"demands.csv:2", "residue_caps.csv:2"}),
    "a cap on residue beside a small market": (
        (must("d", "x", 7), makes(10), residue(10), spot("c", "x", 9, 1)),
        1, {"demands.csv:2", "residue_caps.csv:2", "contracts.csv:2"}),
    "a supplier of two contracts": (
        (must("d", "x", 7), spot("b", "x", 1, 9, supplier="s"), spot("c", "x", 2, 9, supplier="s"),
         tables(suppliers=[{"supplier": "s", "country": "CN"}]), capped("x", 5)),
        1, {"demands.csv:2", "supplier_capacity.csv:2"}),
    "defence that refuses every source": (
        (RULE, must("d", "x", 7, refuses_tagged=True), TAGGED), 1, {"demands.csv:2"}),
    "defence beside a small free source": (
        (RULE, must("d", "x", 7, refuses_tagged=True), TAGGED, spot("b", "x", 9, 3, country="AU")),
        1, {"demands.csv:2", "contracts.csv:3"}),
    "a stock that is too small": (
        (must("d", "x", 7), stockpile("k", "x", initial_t=5)), 1, {"demands.csv:2", "stockpiles.csv:2"}),
    "a stock that fills too slowly": (
        (must("d", "x", 7), LATER, spot("more", "x", 1, 9, last_delivery="2028-01-01"),
         stockpile("k", "x", pace_t_per_year=3)),
        2, {"demands.csv:2", "stockpiles.csv:2"}),
    "a stock without room": (
        (must("d", "x", 7), LATER, spot("more", "x", 1, 9, last_delivery="2028-01-01"), stockpile("k", "x", 3)),
        2, {"demands.csv:2", "stockpiles.csv:2"}),
}  # fmt: skip


def reason_of(case: Case) -> Reason:
    found = explain(case, seconds=60)
    assert found.state == "no plan"
    assert found.reason is not None
    return found.reason


def limits_named(reason: Reason) -> set[str]:
    """`file:line` of the rows that the conflict names, without those of balances."""
    return {place for cause in reason.causes for place in cause.places if place.split(":")[0] not in PLACE}


def done_as_told(case: Case, way: Way) -> Case | None:
    """The case after a way out; None where one of its steps is about no single cell."""
    most: dict[tuple[str, str, str], float] = {}
    for step in way.steps:
        told = told_in(case, step.text, *row_at(case, step.places[0]))
        if told is None:
            return None
        cell, change = told
        most[cell] = max(most.get(cell, change), change, key=abs)
    return case.adjusted(
        Adjustment(table, selector_of(case, table, key), column, "add", change)
        for (table, key, column), change in most.items()
    )


def told_in(case: Case, text: str, table: str, key: str) -> tuple[tuple[str, str, str], float] | None:
    """The cell that a step speaks of, and by how much it changes, a little more than was rounded away."""
    for pattern, column, sign in TOLD:
        found = re.match(pattern, text)
        if found is None:
            continue
        before = float(getattr(case.row(table, key), column))
        amount = float(found[1].replace(",", "")) * (1000 if found[0].endswith("bn yen") else 1)
        if cell := re.search(rf": {column} ([\d.,]+), not ", text):
            amount = float(cell[1].replace(",", "")) - before
        more = 0.0 if table == "groups" else ROUNDING * max(1.0, before)
        return (table, key, column), max(-before, sign * (amount + more))
    return None


def row_at(case: Case, place: str) -> tuple[str, str]:
    file, line = place.split(":")
    table = file.removesuffix(".csv")
    return table, row_key(table, case.rows(table)[case.lines[table].index(int(line))])


def selector_of(case: Case, table: str, key: str) -> str:
    row = case.row(table, key)
    names = {"envelopes": ("envelope", "from_date"), "residue_caps": ("country", "residue"),
             "supplier_capacity": ("supplier", "commodity", "from_year"), "groups": ("group",), "demands": ("demand",),
             "contracts": ("contract",), "processes": ("process",), "lanes": ("lane",), "stockpiles": ("stockpile",),
             "outlets": ("place", "commodity", "step")}[table]  # fmt: skip
    return "; ".join(f"{name}={getattr(row, name)}" for name in names)


def has_one(case: Case) -> bool:
    return explain(case, seconds=60).state == "plan"


@pytest.mark.long
@pytest.mark.verifies("property")
@pytest.mark.parametrize("name", CASES)
def test_the_conflict_is_named_and_a_way_out_done_as_told_gives_a_plan(
    name: str, tmp_path: Path, tried: Callable[..., None]
) -> None:
    pieces, years, rows = CASES[name]
    case = on_disk(tmp_path / "case", *pieces, years=years)
    reason = reason_of(case)
    assert limits_named(reason) == rows, [str(cause) for cause in reason.causes]
    assert reason.irreducible
    needed = 0
    try:
        program = build(case).program
    except InfeasibleError:  # a row without any column: it is the whole conflict
        assert len(rows) == 1
    else:
        needed = len(needs_each(program, find_conflict(program)))
        assert needed >= 1
    assert reason.ways, "no way out"
    cases = [changed for way in reason.ways if (changed := done_as_told(case, way)) is not None]
    assert cases, [str(step) for way in reason.ways for step in way.steps]
    for changed, way in zip(cases, reason.ways, strict=False):
        assert has_one(changed), [str(step) for step in way.steps]
    tried("property", needed + len(cases))


SOFT: dict[str, Sequence[Piece]] = {
    "take-or-pay without an outlet": (must("d", "x", 5), offtake("c", "x", 1, 7, take_or_pay_share=1.0)),
    "a least contract over all demand": (
        must("d", "x", 5), offtake("c", "x", 1, 9, years=(2027, 2027), term_years=9, volume_min_t_per_year=7,
                                   take_or_pay_share=1.0)),
    "a share that one country must exceed": (
        must("d", "x", 5), spot("c", "x", 1, 9, country="CN"),
        tables(elements=[{"element": "Dy"}], content=[{"commodity": "x", "element": "Dy", "share": 1.0}],
               diversification=[{"stage": "product", "element": "Dy", "country": "CN", "max_share": 0.5,
                                 "from_year": 2027, "penalty_usd_per_kg": 3.0}])),
    "a cover that cannot be reached": (
        must("d", "x", 5), spot("c", "x", 1, 5),
        stockpile("k", "x", 100, cover_days=365, cover_demand_t_per_year=50, cover_penalty_usd_per_kg_year=2.0)),
    "a least service without a source": (
        wanted("d", "x", 5, 9.0, least_service_share=0.5, least_service_usd_per_kg=7.0),),
}  # fmt: skip


@pytest.mark.verifies("property")
@pytest.mark.parametrize("name", SOFT)
def test_what_may_be_paid_for_leaves_a_plan(name: str) -> None:
    case = case_of(*SOFT[name])
    assert has_one(case)
    assert plan(case).cost > cost_without_charges(case) + 1


def cost_without_charges(case: Case) -> float:
    """The cost of the same plan without the charges of what is soft."""
    charges = {"take-or-pay", "concentration penalty", "cover penalty", "least service"}
    return sum(amount for name, amount in plan(case).costs().items() if name not in charges)
