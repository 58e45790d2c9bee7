"""The source trace step by step: what opens a source, a process and a lane, how early, and what is never reached."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bare_case import Rows, bare_case, lines, told
from orefolio.case import reach as trace
from orefolio.case.checks import network

FREE = [{"class_": "free"}]
TWO = [{"class_": "free"}, {"class_": "tagged", "tags": "china-content"}]


def years(place: str = "x", commodity: str = "x", class_: str = "free", **tables: Any) -> float | None:
    """When material first gets to a node; None where it never does."""
    found = trace.reach(bare_case(**{"classes": FREE, **tables})).arrivals.get((place, commodity, class_))
    return None if found is None else found.years


def contract(**columns: Any) -> dict[str, Rows]:
    row = {"kind": "offtake", "class_": "free", "volume_max_t_per_year": 1.0, **columns}
    return {"contracts": [row], "contract_items": [{}]}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"kind": "spot"}, 0.0),
        ({"in_force": True, "sign_from": 2029}, 0.0),
        ({"sign_from": 2029}, 2.0),
        ({"sign_from": 2020}, 0.0),
        ({"sign_from": 2028, "qualification_years": 0.5}, 1.5),
        ({"sign_from": 2028, "first_delivery": "2029-07-01"}, 2.5),
        ({"sign_from": 2030, "first_delivery": "2029-07-01"}, 3.0),
        ({"sign_from": 2028, "last_delivery": "2028-01-01"}, None),
        ({"sign_from": 2028, "last_delivery": "2028-02-01"}, 1.0),
        ({"sign_from": 2031}, None),
        ({"sign_from": 2030, "qualification_years": 0.99}, 3.99),
        ({"kind": "spot", "volume_max_t_per_year": 0.0}, None),
        ({"kind": "spot", "volume_max_t_per_year": 0.5}, 0.0),
        ({"kind": "spot", "volume_max_t_per_year": math.inf}, 0.0),
    ],
)
def test_a_contract_delivers_from_when_it_can(columns: dict[str, Any], expected: float | None) -> None:
    assert years(**contract(**columns)) == (None if expected is None else pytest.approx(expected))


def changes(table: str, column: str) -> Rows:
    return [{"event": "e", "table": table, "column": column}]


def test_what_an_event_or_a_lever_may_open_counts_as_open() -> None:
    """An event on another column opens nothing."""
    shut = contract(kind="spot", volume_max_t_per_year=0.0)
    assert years(**shut, events=changes("contracts", "volume_max_t_per_year")) == 0.0
    assert years(**shut, events=changes("contracts", "dividend_musd_per_year")) is None
    assert years(**shut, events=changes("lanes", "volume_max_t_per_year")) is None
    assert years(**shut, lever_adjustments=[{"table": "contracts", "column": "volume_max_t_per_year"}]) == 0.0
    pile = [{"initial_class": "free", "initial_t": 0.0}]
    assert years(stockpiles=pile) is None
    assert years(stockpiles=pile, events=changes("stockpiles", "initial_t")) == 0.0
    assert years(stockpiles=[{"initial_class": "free", "initial_t": 0.5}]) == 0.0


def test_a_contract_without_its_row_delivers_nothing() -> None:
    assert years(contract_items=[{}]) is None


def test_scrap_is_free_by_its_untagged_share_or_where_recycled_is_free() -> None:
    def found(class_: str, share: float, **tables: Any) -> float | None:
        return years(class_=class_, classes=TWO, scrap=[{"tagged_share": share}], **tables)

    assert found("free", 0.0) == found("tagged", 0.0) == 0.0
    assert found("free", 0.99) == 0.0
    assert found("free", 1.0) is None
    assert found("tagged", 1.0) == 0.0
    assert found("free", 1.0, rules=[{}]) is None
    assert found("free", 1.0, rules=[{"recycled_is_free": True}]) == 0.0
    assert found("free", 1.0, rules=[{}, {"recycled_is_free": True}]) is None
    assert found("free", 1.0, rules=[{}], events=changes("rules", "recycled_is_free")) == 0.0


def line(capacity: float = 1.0, **columns: Any) -> dict[str, Rows]:
    """A process that needs two feeds, held in stock from the first day, and makes `y`."""
    recipes = [
        {"process": "p", "commodity": commodity, "direction": way}
        for commodity, way in (("a", "in"), ("b", "in"), ("y", "out"))
    ]
    piles = [{"commodity": name, "initial_t": 1.0, "initial_class": "free"} for name in ("a", "b")]
    process = {"process": "p", "capacity_t_per_year": capacity, **columns}
    return {"processes": [process], "recipes": recipes, "stockpiles": piles}


@pytest.mark.parametrize(
    ("capacity", "projects", "expected"),
    [
        (0.5, [], 0.0),
        (0.0, [], None),
        (0.0, [{"adds_to": "p", "start_from": 2028, "lead_time_years": 0.5}], 1.5),
        (0.0, [{"adds_to": "p", "start_from": 2020, "lead_time_years": 0.5}], 0.5),
        (0.0, [{"adds_to": "p", "start_from": 2030}, {"adds_to": "p", "start_from": 2028}], 2.0),
        (0.0, [{"adds_to": "p", "start_from": 2028}, {"adds_to": "p", "start_from": 2030}], 2.0),
        (0.0, [{"adds_to": "p", "size_max_t_per_year": 0.0}], None),
        (0.0, [{"adds_to": "p", "size_max_t_per_year": 0.5, "start_from": 2027}], 1.0),
        (0.0, [{"adds_to": "p", "open_share": 0.0}], None),
        (0.0, [{"adds_to": "p", "open_share": 0.5, "start_from": 2027}], 1.0),
        (0.0, [{"adds_to": "q"}], None),
        (0.5, [{"adds_to": "p", "start_from": 2030}], 0.0),
    ],
)
def test_a_process_runs_when_it_stands_or_a_project_builds_it(
    capacity: float, projects: Rows, expected: float | None
) -> None:
    assert years(commodity="y", **line(capacity), projects=projects) == expected


def test_what_is_shut_does_not_shut_what_comes_after_it() -> None:
    tables = line()
    tables["processes"] = [{"process": "shut", "capacity_t_per_year": 0.0}, *tables["processes"]]
    assert years(commodity="y", **tables) == 0.0
    lanes = [{**LANE, "lane": "shut", "capacity_t_per_year": 0.0}, {**LANE, "lane": "lost", "loss_share": 1.0}, LANE]
    assert years("z", lanes=lanes, stockpiles=PILE) == 0.0


def test_a_process_or_a_project_that_an_event_may_open_counts_as_open() -> None:
    shut = line(0.0)
    assert years(commodity="y", **shut, events=changes("processes", "capacity_t_per_year")) == 0.0
    project = [{"adds_to": "p", "open_share": 0.0, "start_from": 2028}]
    assert years(commodity="y", **shut, projects=project, events=changes("projects", "open_share")) == 2.0


def test_a_process_waits_for_the_last_of_its_feeds_and_a_mine_for_none() -> None:
    tables = line()
    tables["stockpiles"] = tables["stockpiles"][:1]
    late = contract(sign_from=2029)
    late["contract_items"] = [{"commodity": "b"}]
    assert years(commodity="y", **tables) is None
    assert years(commodity="y", **tables, **late) == 2.0
    mine = {"processes": [{"process": "p"}], "recipes": [{"process": "p", "commodity": "y", "direction": "out"}]}
    assert years(commodity="y", **mine) == 0.0
    repeated = {**mine, "recipes": [*mine["recipes"], {"process": "p", "commodity": "y", "direction": "in"}]}
    assert years(commodity="y", **repeated) is None
    assert years(commodity="y", processes=[], recipes=mine["recipes"]) is None


def test_a_feed_named_twice_is_waited_for_once() -> None:
    tables = line()
    tables["recipes"] = [*tables["recipes"], tables["recipes"][0]]
    assert years(commodity="y", **tables) == 0.0


LANE = {"lane": "l", "from_place": "x", "to_place": "z", "commodity": "x"}
PILE: Rows = [{"initial_t": 1.0, "initial_class": "free"}]


@pytest.mark.parametrize(
    ("columns", "tables", "expected"),
    [
        ({}, {}, 0.0),
        ({"capacity_t_per_year": 0.5}, {}, 0.0),
        ({"capacity_t_per_year": 0.0}, {}, None),
        ({"capacity_t_per_year": 0.0}, {"projects": [{"adds_to": "l", "start_from": 2028}]}, 2.0),
        ({"capacity_t_per_year": 0.0}, {"events": changes("lanes", "capacity_t_per_year")}, 0.0),
        ({"loss_share": 0.99}, {}, 0.0),
        ({"loss_share": 1.0}, {}, None),
    ],
)
def test_a_lane_carries_when_it_stands_and_does_not_lose_all(
    columns: dict[str, Any], tables: dict[str, Rows], expected: float | None
) -> None:
    assert years("z", lanes=[{**LANE, **columns}], stockpiles=PILE, **tables) == expected


def test_the_earliest_way_counts_and_the_latest_step_on_it() -> None:
    """By one lane from the first day on, by another from 2029 on; a step that opens early waits for what comes late."""
    slow = {**LANE, "lane": "slow", "capacity_t_per_year": 0.0}
    projects = [{"adds_to": "slow", "start_from": 2028}]
    found = trace.reach(bare_case(classes=FREE, lanes=[slow, LANE], stockpiles=PILE, projects=projects))
    assert found.arrivals["z", "x", "free"] == trace.Arrival(0.0, "lane l", (("x", "x", "free"),))
    assert years("z", lanes=[LANE], **contract(sign_from=2030)) == 3.0


def test_untagged_material_may_go_as_tagged_and_not_back() -> None:
    three = [*TWO, {"class_": "other", "tags": "china-stage"}]

    def found(held: str) -> set[str]:
        arrivals = trace.reach(
            bare_case(classes=three, stockpiles=[{"initial_t": 1.0, "initial_class": held}])
        ).arrivals
        assert {arrival.by for arrival in arrivals.values()} == {"stockpile x"}
        return {name for _, _, name in arrivals}

    assert found("free") == {"free", "tagged", "other"}
    assert found("tagged") == {"tagged"}
    three[2] = {"class_": "other"}
    assert found("other") == {"free", "tagged", "other"}


def test_what_chinese_technology_makes_bears_its_tag() -> None:
    classes = [*TWO, {"class_": "made", "tags": "china-technology"}]

    def found(classes: Rows = classes, rule: dict[str, Any] | None = None, **origins: str) -> set[str]:
        case = bare_case(classes=classes, rules=[{"enabled": False}, rule or {}], **line(**origins))
        return {name for _, commodity, name in trace.reach(case).arrivals if commodity == "y"}

    everything = {"free", "tagged", "made"}
    assert found(technology_origin="JP", equipment_origin="JP") == everything
    assert found(technology_origin="CN") == found(equipment_origin="CN") == {"made"}
    assert found(technology_origin="CN", rule={"counts_technology": False}) == everything
    assert found(equipment_origin="CN", rule={"counts_equipment": False}) == everything
    assert found(technology_origin="CN", rule={"enabled": False}) == everything
    assert found(TWO, technology_origin="CN") == {"free", "tagged"}


def test_a_demand_takes_the_earliest_of_the_classes_that_it_may() -> None:
    case = bare_case(
        classes=TWO,
        contracts=[
            {"contract": "early", "kind": "spot", "class_": "tagged"},
            {"contract": "late", "kind": "offtake", "sign_from": 2028, "class_": "free"},
        ],
        contract_items=[{"contract": "early"}, {"contract": "late"}],
        demands=[{"refuses_tagged": True}, {}, {"commodity": "none"}],
    )
    found = [trace.demand_arrival(case, trace.reach(case), demand) for demand in case.rows("demands")]
    assert found[0] == (("x", "x", "free"), trace.Arrival(1.0, "contract late"))
    assert found[1] == (("x", "x", "tagged"), trace.Arrival(0.0, "contract early"))
    assert found[2] is None
    assert trace.demand_classes(case, case.rows("demands")[0]) == ("free",)


def test_the_chain_to_a_node_starts_at_its_sources() -> None:
    tables = line()
    lane = {"lane": "home", "from_place": "x", "to_place": "z", "commodity": "y"}
    tables["stockpiles"] = [{**row, "stockpile": row["commodity"]} for row in tables["stockpiles"]]
    found = trace.reach(bare_case(classes=FREE, lanes=[lane], **tables))
    chain = found.chain(("z", "y", "free"))
    assert set(chain[:2]) == {"stockpile a", "stockpile b"}
    assert chain[2:] == ("process p", "lane home")


def test_each_step_of_a_chain_is_followed_once() -> None:
    """Sixty steps that each need the one before twice: followed anew each time they would be 2 ** 60."""
    nodes = [("x", str(number), "free") for number in range(61)]
    arrivals = {
        node: trace.Arrival(0.0, f"step {number}", (nodes[number - 1],) * 2) for number, node in enumerate(nodes)
    }
    arrivals[nodes[0]] = trace.Arrival(0.0, "source")
    assert trace.Reach(arrivals).chain(nodes[60]) == ("source", *(f"step {number}" for number in range(1, 61)))


def test_what_is_useful_leads_on_to_a_use() -> None:
    tables = line()
    tables.pop("stockpiles")
    lanes = [
        {"from_place": "x", "to_place": "z", "commodity": "y"},
        {"from_place": "z", "to_place": "w", "commodity": "y"},
    ]
    for table in ("demands", "outlets", "stockpiles"):
        case = bare_case(lanes=lanes, **tables, **{table: [{"place": "z", "commodity": "y"}]})
        assert trace.useful(case) == {("z", "y"), ("x", "y"), ("x", "a"), ("x", "b")}


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2027-01-01", 0.0), ("2028-01-01", 1.0), ("2027-07-01", 0.5), ("2026-10-01", -0.25), ("2027-01-32", None)],
)
def test_years_are_counted_in_months(day: str, expected: float | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="day"):
            trace.years_after(bare_case(), day)
    else:
        assert trace.years_after(bare_case(), day) == expected


def test_days_count_as_parts_of_a_month_from_the_day_on_which_the_horizon_starts() -> None:
    case = bare_case(start="2027-03-02")
    assert trace.years_after(case, "2027-03-02") == 0.0
    assert trace.years_after(case, case.horizon_to) == pytest.approx((46 - 1 / 31) / 12)
    assert trace.years_after(case, "2027-03-17") == pytest.approx(15 / 31 / 12)


# Checks of the network that follow the trace


def demand_case(**tables: Any) -> Any:
    return bare_case(**{"start": "2027-04-01", "classes": FREE, **tables})


def test_a_demand_that_must_be_met_is_reached_from_the_first_day_on() -> None:
    def found(value: str = "must", tonnes: float = 2.0, multiple: float = 1.0, **tables: Any) -> list[tuple[int, str]]:
        demand = {"demand": "d", "value": value, "t_per_year": tonnes, "multiple": multiple}
        check = network.demands_are_reached if value == "loss" else network.demands_must_be_met_are_reached
        return told(
            check, demand_case(demands=[{"demand": "none", "t_per_year": 0.0, "value": value}, demand], **tables)
        )

    never = [(3, "no source that reaches 'd' (x at x) in any period")]
    assert found() == found("loss") == never
    assert found(tonnes=0.0) == found(multiple=0.0) == []
    assert found(stockpiles=PILE) == found("loss", stockpiles=PILE) == []
    late = contract(sign_from=2028, qualification_years=0.75)
    assert found(**late) == [(3, "no source that reaches 'd' (x at x) from 2027-04 to 2029-01")]
    assert found("loss", **late) == []
    december = contract(sign_from=2027, qualification_years=8 / 12)
    assert found(**december) == [(3, "no source that reaches 'd' (x at x) from 2027-04 to 2027-12")]


def test_what_is_missing_is_told_in_tonnes_a_year() -> None:
    demands = [{"value": "must", "t_per_year": 3.0, "multiple": 2.0}, {"value": "loss", "t_per_year": 4.0}]
    case = demand_case(demands=demands)
    (must,) = network.demands_must_be_met_are_reached(case)
    (loss,) = network.demands_are_reached(case)
    assert must.remedy == "6 t a year are missing; allow a shortage (value: loss)"
    assert loss.remedy == "4 t a year are missing; All of it stays short"


def test_a_feed_has_a_way_to_its_process() -> None:
    tables = line()
    tables["stockpiles"] = tables["stockpiles"][:1]
    assert told(network.feeds_arrive, bare_case(classes=FREE, **tables)) == [
        (3, "no way for 'b' to 'x', where 'p' takes it in"),
    ]


def test_a_product_goes_somewhere_or_is_given_up() -> None:
    recipes = [{"process": "p", "commodity": name, "direction": "out"} for name in ("a", "b", "c")]
    case = bare_case(
        processes=[{"process": "p"}],
        recipes=[*recipes, {"process": "p", "commodity": "d", "direction": "in"}],
        commodities=[{"commodity": "a", "discardable": True}, {"commodity": "b", "discardable": False}],
        outlets=[{"commodity": "c"}],
    )
    assert lines(network.products_can_go, case) == [2, 3]
    assert [fault.remedy for fault in network.products_can_go(case)] == [
        "It is given up",
        "The process can never run",
    ]
