"""Japan's program counted twice: as it is built, and from the case's tables and tree by the formulas written here.

A formula speaks of rows of tables, classes that can be somewhere, calendar years and nodes; none of it asks a family.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest

from japan.reckoned import (
    calendar,
    classes,
    delivered,
    delivers,
    japan,
    joint,
    known,
    levels,
    made,
    moment,
    nodes_with,
    openings,
    rows,
    signings,
    spendings,
    spots,
    standing,
    stock_columns,
    tags,
)
from orefolio.case.scenarios import plant
from orefolio.program.build import build
from orefolio.program.flatten import Flat, flatten, stated
from orefolio.program.merge import Merged

GRIDS = ("yearly", "half_yearly", "quarterly")
INCOME = {"sales", "residual value", "closing stock", "dividends"}


@pytest.fixture(scope="module")
def trunk() -> Flat:
    """The managed truce, S00, on the case's own grid."""
    return flatten(stated(next(path for path in plant(japan()).paths if path.future == "S00")))


@pytest.fixture(scope="module")
def merged() -> Merged:
    """All futures, on yearly periods."""
    return build(japan(), "yearly")


def columns_of(flat: Flat) -> Counter[str]:
    return Counter(label.name for label in flat.columns)


def rows_of(flat: Flat) -> Counter[str]:
    return Counter(label.name for label in flat.rows)


# Columns and rows of S00


def test_stockpiles_of_the_trunk(trunk: Flat) -> None:
    columns, found, count = columns_of(trunk), rows_of(trunk), len(trunk.path.periods)
    held = {row.stockpile: len(classes(row.place, row.commodity)) for row in rows("stockpiles")}
    assert columns["stock"] == columns["put"] == found["STK"] == sum(held.values()) * count
    # no emergency is declared, so the state releases nothing
    assert columns["take"] == sum(held[row.stockpile] for row in rows("stockpiles") if row.owner == "private") * count
    rotating = [row for row in rows("stockpiles") if row.rotation_share_per_year > 0]
    assert columns["rotate"] == sum(held[row.stockpile] for row in rotating) * count
    covered = [row for row in rows("stockpiles") if row.cover_days > 0 and row.cover_penalty_usd_per_kg_year > 0]
    assert columns["gap"] == found["STK_cover"] == len(covered) * count
    # a limit of one column alone is a bound, no row
    assert (
        found["STK_warehouse"]
        == found["STK_pace"]
        == sum(held[row.stockpile] > 1 for row in rows("stockpiles")) * (count)
    )
    assert found["STK_rotation"] == sum(held[row.stockpile] > 1 for row in rotating) * count


def test_demands_of_the_trunk(trunk: Flat) -> None:
    columns, found, count = columns_of(trunk), rows_of(trunk), len(trunk.path.periods)
    losing = {row.demand for row in rows("demands") if row.value == "loss"}
    assert found["DEM"] == len(rows("demands")) * count
    assert columns["short"] == sum(row.demand in losing for row in rows("loss_steps")) * count
    assert columns["deliver"] == delivered() * count
    served = [row for row in rows("demands") if row.least_service_share > 0 and row.demand in losing]
    assert columns["unserved"] == found["DEM_least_service"] == len(served) * count
    # in the truce no rule stops tagged goods
    assert found["DEM_tagged"] == 0


def test_scrap_and_substitutes_of_the_trunk(trunk: Flat) -> None:
    columns, found, periods = columns_of(trunk), rows_of(trunk), trunk.path.periods
    assert columns["collect"] == found["REC"] == len(rows("scrap")) * len(periods)
    running = [row.process in standing(period.end) for row in rows("substitutions") for period in periods]
    assert found["SUB"] == sum(running)


def test_projects_of_the_trunk(trunk: Flat) -> None:
    columns, found = columns_of(trunk), rows_of(trunk)
    starts = {row.project: len(list(openings(row))) for row in rows("projects")}
    binary = [row for row in rows("projects") if row.binary]
    assert columns["size"] == sum(starts.values())
    assert columns["start"] == found["PRJ_size_max"] == sum(starts[row.project] for row in binary)
    assert found["PRJ_size_min"] == sum(starts[row.project] for row in binary if row.size_min_t_per_year > 0)
    assert found["PRJ_once"] == sum(starts[row.project] > 1 for row in binary)
    assert found["PRJ_group"] == len(rows("groups"))


def test_contracts_of_the_trunk(trunk: Flat) -> None:
    columns, found, periods = columns_of(trunk), rows_of(trunk), trunk.path.periods
    years = {row.contract: len(signings(row)) for row in rows("contracts")}
    assert columns["sign"] == columns["volume"] == found["OFF_volume_max"] == sum(years.values())
    least = [row.contract for row in rows("contracts") if row.volume_min_t_per_year > 0]
    assert found["OFF_volume_min"] == sum(years[name] for name in least)
    assert found["OFF_total"] == sum(count > 1 for count in years.values())
    approved = {"": 1.0} | {row.licence: 1.0 if row.needs_rule else row.approval_share for row in rows("licences")}
    bought = [
        row for row in rows("contracts") for period in periods
        if delivers(row, period) and approved[row.licence] > 0
        and japan().row("suppliers", row.supplier).availability_share > 0
    ]  # fmt: skip
    assert columns["buy"] == len(bought)
    assert found["OFF_delivery"] == sum(row.kind != "spot" and not row.in_force for row in bought)
    paying = [row for row in rows("contracts") if row.take_or_pay_share > 0 and row.kind != "spot"]
    due = [any(delivers(row, period) for period in year) for row in paying for year in calendar(periods).values()]
    assert columns["unused"] == found["OFF_take_or_pay"] == sum(due)


def test_programmes_of_the_trunk(trunk: Flat) -> None:
    columns, found = columns_of(trunk), rows_of(trunk)
    assert columns["level_on"] == sum(len(years) for years in levels().values())
    assert found["PRG_once"] == sum(len(years) > 1 for years in levels().values())
    assert found["PRG_order"] == sum(len(years) for (_, level), years in levels().items() if level > 1)


def test_envelopes_of_the_trunk(trunk: Flat) -> None:
    spent = list(spendings())
    spans = [(row.envelope, moment(row.from_date), moment(row.to_date)) for row in rows("envelopes")]
    touched = [
        any(name == envelope and start < closes and end > opens for name, start, end in spent)
        for envelope, opens, closes in spans
    ]
    assert rows_of(trunk)["BUD"] == sum(touched)


def test_processes_of_the_trunk(trunk: Flat) -> None:
    columns, found, periods = columns_of(trunk), rows_of(trunk), trunk.path.periods
    running = {
        (row.process, period.number): len(made(row, spots(standing(period.end))))
        for row in rows("processes")
        for period in periods
        if row.process in standing(period.end)
    }
    assert columns["activity"] == sum(running.values())
    assert found["CAP"] == sum(count > 0 for count in running.values())
    slow = {row.process for row in rows("processes") if math.isfinite(row.ramp_up_share_per_year)}
    assert found["CAP_ramp_up"] == sum(count > 0 for (name, _), count in running.items() if name in slow)


def test_material_of_the_trunk(trunk: Flat) -> None:
    columns, periods = columns_of(trunk), trunk.path.periods
    there = {period.number: standing(period.end) for period in periods}
    sold = [classes(row.place, row.commodity, now) for row in rows("outlets") for now in there.values()]
    assert columns["sell"] == sum(bool(names) for names in sold)
    sent = [classes(row.from_place, row.commodity, now) for row in rows("lanes") for now in there.values()]
    assert columns["ship"] == sum(map(len, sent))
    # one step down for each pair of a class and one with more tags
    pairs = [pair for pair in itertools.permutations(tags(), 2) if tags()[pair[0]] <= tags()[pair[1]]]
    assert columns["downgrade"] == sum(
        (place, commodity, weaker) in spots(now)
        for now in there.values()
        for place, commodity, name in spots(now)
        for own, weaker in pairs
        if own == name
    )
    given_up = {row.commodity for row in rows("commodities") if row.discardable} & joint()
    assert columns["discard"] == sum(
        len({(place, commodity) for place, commodity, _ in spots(now) if commodity in given_up})
        for now in there.values()
    )


# The tree


@pytest.mark.parametrize("grid", GRIDS)
def test_nodes_and_their_probabilities(grid: str) -> None:
    tree = plant(japan(), grid)
    places: dict[tuple[float, frozenset[tuple[str, str]]], float] = {}
    for path in tree.paths:
        for period in path.periods:
            place = (period.start, known(path.future, period.end))
            places[place] = places.get(place, 0.0) + path.weight
    assert len(tree.probability) == 1 + len(places)
    assert sorted(tree.probability[1:]) == pytest.approx(sorted(places.values()))
    assert tree.probability[0] == pytest.approx(1.0)
    children: dict[int, set[int]] = {}
    for nodes, parents in zip(tree.node, tree.parent, strict=True):
        for node, parent in zip(nodes, parents, strict=True):
            children.setdefault(parent, set()).add(node)
    for parent, below in children.items():
        assert sum(tree.probability[node] for node in below) == pytest.approx(tree.probability[parent])
    assert sum(tree.probability[node] for node in {nodes[-1] for nodes in tree.node}) == pytest.approx(1.0)


# The merged program


def test_the_merged_program_has_what_each_node_has_once(merged: Merged) -> None:
    tree = merged.tree
    columns = Counter(label.name for label in merged.program.columns)
    found = Counter(label.name for label in merged.program.rows)
    nodes = len(tree.probability) - 1
    losing = {row.demand for row in rows("demands") if row.value == "loss"}
    served = [row for row in rows("demands") if row.least_service_share > 0 and row.demand in losing]
    held = {row.stockpile: len(classes(row.place, row.commodity)) for row in rows("stockpiles")}
    assert columns["stock"] == columns["put"] == found["STK"] == stock_columns() * nodes
    assert found["DEM"] == len(rows("demands")) * nodes
    assert columns["short"] == sum(row.demand in losing for row in rows("loss_steps")) * nodes
    assert columns["deliver"] == delivered() * nodes
    assert columns["unserved"] == found["DEM_least_service"] == len(served) * nodes
    assert columns["collect"] == found["REC"] == len(rows("scrap")) * nodes
    assert found["STK_warehouse"] == found["STK_pace"] == sum(count > 1 for count in held.values()) * nodes
    # the state's stock is taken in the nodes of a declared emergency, the makers' in all
    owned = {owner: sum(held[row.stockpile] for row in rows("stockpiles") if row.owner == owner)
             for owner in ("public", "private")}  # fmt: skip
    declared = nodes_with(tree, "settings", "value")
    assert 0 < len(declared) < nodes
    assert columns["take"] == owned["private"] * nodes + owned["public"] * len(declared)
    # where the rule is in force, goods that leave Japan under a licence stop what is tagged
    stopped = [row for row in rows("demands") if row.export_share > 0 and row.licence and not row.refuses_tagged]
    approved = {row.licence: row.approval_share for row in rows("licences") if row.needs_rule}
    assert all(approved[row.licence] < 1 and len(classes(row.place, row.commodity)) > 1 for row in stopped)
    assert found["DEM_tagged"] == len(stopped) * len(nodes_with(tree, "rules", "in_force_share"))


def test_a_column_is_shared_by_the_futures_that_pass_through_its_node(merged: Merged) -> None:
    shared = Counter(place for places in merged.column_of for place in places.tolist())
    passing = Counter(node for nodes in merged.tree.node for node in nodes)
    passing[0] = len(merged.tree.paths)
    labels = merged.program.columns
    assert {n: shared[n] for n in range(len(labels))} == {n: passing[label.node] for n, label in enumerate(labels)}
    assert set(shared.values()) >= {1, len(merged.tree.paths)}


def test_every_cost_is_a_cost_and_only_incomes_are_incomes(merged: Merged) -> None:
    seen = set()
    for flat in merged.flats:
        least, most = flat.totals.min(axis=1).toarray().ravel(), flat.totals.max(axis=1).toarray().ravel()
        for (name, _), low, high in zip(flat.total_names, least, most, strict=True):
            seen.add(name)
            assert high <= 0 if name in INCOME else low >= 0, (name, low, high)
        assert np.all(flat.constants >= 0)
    assert seen >= {"sales", "residual value", "closing stock", "purchases", "processing", "capital", "shortage"}
