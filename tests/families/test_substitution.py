"""SUB: a substitute serves no more of a group's demand than has been adopted."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import case_of, event, future, must, optimum, process, spot, tables


def case(share: float, *more: Any, **columns: Any) -> Any:
    """Two demands of 10 and 6 t in one group and one of 4 t outside it; the substitute needs no ore at 20."""
    return case_of(
        spot("m", "ore", 20),
        process("plain", {"ore": 1}, {"service": 1}, capacity=99),
        process("thrifty", {}, {"service": 1}, capacity=99, cost=5),
        must("cars", "service", 10, group="drives"),
        must("fans", "service", 6, group="drives"),
        must("tools", "service", 4),
        tables(substitutions=[{"process": "thrifty", "demand_group": "drives", "initial_share": share}]),
        *more,
        **columns,
    )


def test_a_substitute_is_capped_by_its_share_of_the_group() -> None:
    """A quarter of 16 t at 5, 16 t of 20 at 20: 340. Would fail if the share were of one demand (10 or 6), of all (20:
    325), or of capacity (25 t: 100)."""
    assert optimum(case(0.25)) == pytest.approx(340)


def test_without_adoption_a_substitute_does_not_run() -> None:
    """No share and no programme: 400. Would fail if a share of nought meant no limit: 100."""
    assert optimum(case(0.0)) == pytest.approx(400)


def test_the_group_demand_is_data_that_events_change() -> None:
    """Demand of the group doubles in mid-year: a quarter of 24 t on the mean: 8 + 16 halves. In half-years: 2 x 5 + 8
    x 20 and 4 x 5 + 14 x 20: 470. Would fail if the cap stayed that of the base year (2 + 2 t: 500)."""
    rise = event("rise", "demands", "group=drives", "multiple", "multiply", 2)
    happens = future("only", 1, {"rise": "2027-07-01"})
    assert optimum(case(0.25, rise, happens, months=6)) == pytest.approx(470)


def test_a_process_that_is_no_substitute_has_no_cap() -> None:
    """The plain process serves all 20 t: there is one row, for the substitute. Would fail if the family capped
    others."""
    free = case_of(
        process("thrifty", {}, {"service": 1}, capacity=99, cost=5), must("cars", "service", 10, group="drives")
    )
    assert optimum(free) == pytest.approx(50)


def test_a_programme_adds_to_the_share() -> None:
    """A quarter of 16 t, and from 2028 another quarter for 10: 4 t at 5 and 12 at 20, then 8 and 8: 260 + 200 + 10 =
    470. Would fail if the programme were forgotten (520), raised the share by a quarter of itself (5 t: 515), or stood
    alone (4 t)."""
    level = {"programme": "thrift", "level": 1, "increment_share": 0.25, "up_front_musd": 0.01, "lead_time_years": 1.0}
    row = {"process": "thrifty", "demand_group": "drives", "initial_share": 0.25, "programme": "thrift"}
    raised = case_of(
        spot("m", "ore", 20),
        process("plain", {"ore": 1}, {"service": 1}, capacity=99),
        process("thrifty", {}, {"service": 1}, capacity=99, cost=5),
        must("cars", "service", 16, group="drives"),
        tables(substitutions=[row], programmes=[{**level, "start_from": 2027, "start_to": 2027}]),
        years=2,
    )
    assert optimum(raised) == pytest.approx(470)
