"""The case of Japan and the United States together: no tonne is there twice, and nothing of a part is lost."""

from __future__ import annotations

import pytest

from examples.runs import INPUTS
from orefolio.analyses.cooperation import parties
from orefolio.case.case import Case, row_key
from orefolio.case.read import load_case_with_warnings

FOR_ONE_IMPORTER = ("china", "myanmar", "traders")
"""Sellers whose quantities in a case are those for its importer: two importers buy from two shares."""


@pytest.fixture(scope="module")
def joint() -> Case:
    loaded = load_case_with_warnings(INPUTS / "allies")
    assert loaded.infeasible == ()
    return loaded.case


@pytest.fixture(scope="module")
def alone() -> dict[str, Case]:
    return {name: load_case_with_warnings(INPUTS / name).case for name in ("japan", "us")}


def in_force(case: Case, supplier: str, commodity: str, year: int) -> tuple[float, float]:
    """Capacity and rivals' claims of the line in force in a year."""
    rows = [
        row
        for row in case.rows("supplier_capacity")
        if (row.supplier, row.commodity) == (supplier, commodity) and row.from_year <= year
    ]
    last = max(rows, key=lambda row: row.from_year, default=None)
    return (0.0, 0.0) if last is None else (last.t_per_year, last.rivals_t_per_year)


def test_what_both_may_buy_is_what_each_case_leaves_its_own_importer(joint: Case, alone: dict[str, Case]) -> None:
    """A shared seller has no more for both than the two cases leave to their importers, nor than it can make."""
    sold = [{(row.supplier, row.commodity) for row in case.rows("supplier_capacity")} for case in alone.values()]
    apart = {row.commodity for row in joint.rows("commodities") if row.commodity.endswith("_us")}
    shared = {(seller, good) for seller, good in sold[0] & sold[1] if f"{good}_us" not in apart}
    assert ("lynas", "ndpr_oxide") in shared
    assert ("caremag", "dy_oxide") in shared
    for seller, good in sorted(shared):
        for year in range(2026, 2041):
            capacity, claims = in_force(joint, seller, good, year)
            each = [in_force(case, seller, good, year) for case in alone.values()]
            left = sum(max(0.0, made - claimed) for made, claimed in each)
            most = sum(made for made, _ in each) if seller in FOR_ONE_IMPORTER else max(made for made, _ in each)
            assert capacity == pytest.approx(most), (seller, good, year)
            assert capacity - claims == pytest.approx(min(left, most), rel=1e-4), (seller, good, year)


def test_a_plant_that_either_could_pay_for_is_built_once(joint: Case) -> None:
    """Each has a project of its own that enlarges the same plant; a group lets one start."""
    members: dict[str, set[str]] = {}
    for row in joint.rows("group_members"):
        members.setdefault(row.group, set()).add(row.project)
    limit = {row.group: (row.sense, row.counts, row.limit) for row in joint.rows("groups")}
    adds_to: dict[str, set[str]] = {}
    for row in joint.rows("projects"):
        adds_to.setdefault(row.adds_to, set()).add(row.project)
    both = {plant: projects for plant, projects in adds_to.items() if len(projects) > 1}
    assert set(both) == {"mine_malaysia_clay", "sep_malaysia_other", "sep_malaysia_cn"}
    for projects in both.values():
        assert any(
            projects <= several and limit[group] == ("at_most", "starts", 1) for group, several in members.items()
        )
    assert {"x_us_refinery", "x_us_refinery_other", "x_us_refinery_cn"} <= members["one_us_refinery"]


def test_every_row_of_a_part_is_there(joint: Case, alone: dict[str, Case]) -> None:
    """Under its own name or, for the United States, under the name that keeps it apart."""
    for table, column in (("demands", "demand"), ("contracts", "contract"), ("projects", "project")):
        found = {getattr(row, column) for row in joint.rows(table)}
        for name, case in alone.items():
            own = {getattr(row, column) for row in case.rows(table)}
            assert {row if name == "japan" or f"{row}_us" not in found else f"{row}_us" for row in own} <= found
        assert len(found) >= sum(len(case.rows(table)) for case in alone.values())


def test_stocks_stay_apart_until_the_lever_opens_the_lanes(joint: Case) -> None:
    closed = [row.capacity_t_per_year for row in joint.rows("lanes") if row.lane.startswith("allies_")]
    opened = joint.with_levers({"shared_stocks": 5000.0})
    assert closed
    assert set(closed) == {0.0}
    assert {row.capacity_t_per_year for row in opened.rows("lanes") if row.lane.startswith("allies_")} == {5000.0}


def test_levers_of_a_part_turn_what_they_turned_there(joint: Case, alone: dict[str, Case]) -> None:
    """Each lever of Japan's case, turned to its high end, gives its rows the same numbers in both cases."""
    japan = alone["japan"]
    for lever in japan.rows("levers"):
        there, here = japan.with_levers({lever.lever: lever.high}), joint.with_levers({lever.lever: lever.high})
        for table in {row.table for row in japan.rows("lever_adjustments") if row.lever == lever.lever} - {"events"}:
            for row in there.rows(table):
                key = row_key(table, row)
                if joint.row(table, key) == japan.row(table, key):
                    assert here.row(table, key) == row, (lever.lever, table, key)


def test_who_plans_together_does_not_withdraw(joint: Case) -> None:
    left = {
        row.where.partition("=")[2]: row.value
        for row in joint.rows("events")
        if row.event == "alliance_withdraws" and row.table == "suppliers"
    }
    assert left == {"US": 1.0, "AU": 1.0, "JP": 1.0, "CA": 0.0}


def test_the_players_are_importers_and_sellers() -> None:
    found = parties(INPUTS / "allies")
    assert found.players == ("japan", "us", "lynas", "caremag")
    assert [found.name(player) for player in found.players] == [
        "Japan",
        "United States",
        "Lynas with Australia",
        "Caremag with France",
    ]
