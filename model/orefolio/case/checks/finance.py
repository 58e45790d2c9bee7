"""Projects that investors finance, and what is on offer to them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from orefolio.errors import Fault

from ..case import Case
from .place import fault_at


def instruments_have_what_they_need(case: Case) -> Iterator[Fault]:
    """A floor and a fixed price have a level, a grant has a share; what an instrument does not use is not given."""
    uses = {"none": "", "floor": "price_multiple", "offtake": "price_multiple", "grant": "grant_share"}
    for number, row in enumerate(case.rows("instruments")):
        for column in ("price_multiple", "grant_share"):
            given = getattr(row, column) > 0
            if column == uses[row.kind] and not given:
                yield fault_at(case, "instruments", number, column, f"{row.kind} without {column}", "more than 0")
            elif given and column != uses[row.kind]:
                found = f"{column} of {row.instrument!r}, which is of the kind {row.kind}"
                yield fault_at(case, "instruments", number, column, found, "0 or a blank")
        if row.kind in ("none", "grant") and math.isfinite(row.years):
            found = f"a length of {row.instrument!r}, which is of the kind {row.kind}"
            yield fault_at(case, "instruments", number, "years", found, "a blank")


def financed_projects_can_be_financed(case: Case) -> Iterator[Fault]:
    """An investor decides yes or no on the capacity of a process that sells something, and has something to choose."""
    projects = {row.project: row for row in case.rows("projects")}
    processes = {row.process for row in case.rows("processes")}
    prices = {(row.market, row.commodity) for row in case.rows("prices")}
    sold = {(row.process, row.commodity) for row in case.rows("recipes") if row.direction == "out"}
    classed = {row.project for row in case.rows("size_classes")}
    for number, row in enumerate(case.rows("financed")):
        project = projects.get(row.project)
        if project is None:
            continue
        if row.project in classed:
            found = f"{row.project!r}, whose capital depends on its class of size"
            yield fault_at(case, "financed", number, "project", found, "a project without size classes")
        if not case.rows("instruments"):
            found = f"nothing on offer to {row.project!r}"
            yield fault_at(case, "financed", number, "instruments", found, "rows in instruments.csv", "none is one")
        if project.can_abandon:
            found = f"{row.project!r}, which can be given up while it is built"
            yield fault_at(case, "financed", number, "project", found, "a project with can_abandon no")
        if not project.binary:
            found = f"{row.project!r}, whose start is no yes-or-no decision"
            yield fault_at(case, "financed", number, "project", found, "a project with binary yes")
        if project.adds_to not in processes:
            found = f"{row.project!r}, which adds to {project.adds_to!r}"
            yield fault_at(case, "financed", number, "project", found, "a project that adds to a process")
        elif not any((row.market, commodity) in prices for process, commodity in sold if process == project.adds_to):
            found = f"no price of what {project.adds_to!r} makes in the market {row.market!r}"
            yield fault_at(case, "financed", number, "market", found, "a row in prices.csv")


def grants_leave_something(case: Case) -> Iterator[Fault]:
    """The public share of a project and a grant together pay no more than the capital."""
    projects = {row.project: row for row in case.rows("projects")}
    for number, row in enumerate(case.rows("financed")):
        offered = [o for o in case.rows("instruments") if not row.instruments or o.instrument in row.instruments]
        share = projects[row.project].public_share if row.private and row.project in projects else 0.0
        for instrument in offered:
            if share + instrument.grant_share > 1.0 + 1e-9:
                found = f"a public share of {share:g} and a grant of {instrument.grant_share:g}"
                yield fault_at(case, "financed", number, "instruments", found, "at most 1 together")
