"""The network: lanes lead somewhere else, what is used can be had, what is made can go, and demands have sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orefolio.errors import Fault

from ..case import Case
from ..reach import demand_arrival, reach, useful
from .place import fault_at


def lanes_lead_elsewhere(case: Case) -> Iterator[Fault]:
    """A lane from a place to itself only loses material."""
    for number, lane in enumerate(case.rows("lanes")):
        if lane.from_place == lane.to_place:
            found = f"a lane from {lane.from_place!r} to itself"
            yield fault_at(case, "lanes", number, "to_place", found, "two places")


def lanes_deliver(case: Case) -> Iterator[Fault]:
    """A lane on which all is lost leads nowhere."""
    for number, lane in enumerate(case.rows("lanes")):
        if lane.loss_share >= 1:
            yield fault_at(case, "lanes", number, "loss_share", f"a loss of {lane.loss_share:g}", "less than 1")


def stocks_can_leave(case: Case) -> Iterator[Fault]:
    """Stock that nothing at its place takes and no lane carries away is of no use."""
    places = {row.process: row.place for row in case.rows("processes")}
    taken = {(places[row.process], row.commodity) for row in case.rows("recipes") if row.direction == "in"}
    taken |= {(row.place, row.commodity) for table in ("demands", "outlets") for row in case.rows(table)}
    taken |= {(row.from_place, row.commodity) for row in case.rows("lanes")}
    for number, row in enumerate(case.rows("stockpiles")):
        if (row.place, row.commodity) not in taken:
            found = f"{row.commodity!r} held at {row.place!r}, where nothing takes it and from where no lane carries it"
            yield fault_at(case, "stockpiles", number, "place", found, "a use of it there, or a lane", "It stays there")


def commodities_are_used(case: Case) -> Iterator[Fault]:
    """A commodity that no row of the network names is perhaps a slip."""
    tables = ("recipes", "lanes", "contract_items", "stockpiles", "scrap", "demands", "outlets")
    used = {row.commodity for table in tables for row in case.rows(table)}
    for number, row in enumerate(case.rows("commodities")):
        if row.commodity not in used:
            found = f"the commodity {row.commodity!r}, which nothing uses"
            yield fault_at(case, "commodities", number, "commodity", found, "a use, or no row")


def feeds_are_supplied(case: Case) -> Iterator[Fault]:
    """What a recipe takes in is bought, made, collected or held somewhere in the case."""
    supplied = {row.commodity for table in ("contract_items", "stockpiles", "scrap") for row in case.rows(table)}
    supplied |= {row.commodity for row in case.rows("recipes") if row.direction == "out"}
    for number, row in enumerate(case.rows("recipes")):
        if row.direction == "in" and row.commodity not in supplied:
            found = f"{row.commodity!r} taken in by {row.process!r} and supplied by nothing"
            expected = "a contract, a process, scrap or a stockpile that supplies it"
            yield fault_at(case, "recipes", number, "commodity", found, expected)


def feeds_arrive(case: Case) -> Iterator[Fault]:
    """A process whose feed cannot get to its place can never run."""
    arrivals = {(place, commodity) for place, commodity, _ in reach(case).arrivals}
    places = {row.process: row.place for row in case.rows("processes")}
    for number, row in enumerate(case.rows("recipes")):
        place = places[row.process]
        if row.direction == "in" and (place, row.commodity) not in arrivals:
            found = f"no way for {row.commodity!r} to {place!r}, where {row.process!r} takes it in"
            yield fault_at(case, "recipes", number, "commodity", found, "a source and lanes", "The process never runs")


def products_can_go(case: Case) -> Iterator[Fault]:
    """What a process makes can be delivered, sold, stored, sent on or given up."""
    onward = useful(case)
    places = {row.process: row.place for row in case.rows("processes")}
    discardable = {row.commodity for row in case.rows("commodities") if row.discardable}
    for number, row in enumerate(case.rows("recipes")):
        if row.direction == "out" and (places[row.process], row.commodity) not in onward:
            ending = "It is given up" if row.commodity in discardable else "The process can never run"
            found = f"{row.commodity!r} made by {row.process!r} without an outlet"
            yield fault_at(case, "recipes", number, "commodity", found, "a demand, an outlet or a stockpile", ending)


def demands_must_be_met_are_reached(case: Case) -> Iterator[Fault]:
    """A demand that must be met has a source from the first period on."""
    yield from _unreached(case, "must")


def demands_are_reached(case: Case) -> Iterator[Fault]:
    """A demand without any source stays short: allowed where shortage is."""
    yield from _unreached(case, "loss")


def _unreached(case: Case, value: str) -> Iterator[Fault]:
    found = reach(case)
    for number, demand in enumerate(case.rows("demands")):
        if demand.value != value or demand.t_per_year * demand.multiple == 0:
            continue
        what = f"{demand.demand!r} ({demand.commodity} at {demand.place})"
        arrival = demand_arrival(case, found, demand)
        if arrival is None:
            yield _short(case, number, demand, f"no source that reaches {what} in any period", value)
        elif value == "must" and arrival[1].years > 0:
            month = case.horizon_from.year * 12 + case.horizon_from.month - 1 + round(arrival[1].years * 12)
            until = f"{month // 12}-{month % 12 + 1:02d}"
            start = case.horizon_from.strftime("%Y-%m")
            yield _short(case, number, demand, f"no source that reaches {what} from {start} to {until}", value)


def _short(case: Case, number: int, demand: Any, text: str, value: str) -> Fault:
    tonnes = demand.t_per_year * demand.multiple
    expected = "a contract, stock, scrap or mine with recipes and lanes up to it"
    ending = "allow a shortage (value: loss)" if value == "must" else "All of it stays short"
    return fault_at(case, "demands", number, "demand", text, expected, f"{tonnes:g} t a year are missing; {ending}")
