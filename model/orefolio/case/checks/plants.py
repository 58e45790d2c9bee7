"""Size classes, and what else a project or a plant may not be at once."""

from __future__ import annotations

from collections.abc import Iterator

from orefolio.errors import Fault

from ..case import Case
from .place import fault_at


def size_classes_fit_their_project(case: Case) -> Iterator[Fault]:
    """A class lies within the sizes of its project, whose start is a yes-or-no decision of no investor."""
    projects = {row.project: row for row in case.rows("projects")}
    private = {row.project for row in case.rows("financed") if row.private}
    for number, row in enumerate(case.rows("size_classes")):
        project = projects.get(row.project)
        if project is None:
            continue
        if not project.binary:
            found = f"a size class of {row.project!r}, whose start is no yes-or-no decision"
            yield fault_at(case, "size_classes", number, "project", found, "binary: yes in projects.csv")
        if row.project in private:
            found = f"a size class of {row.project!r}, which an investor finances"
            yield fault_at(case, "size_classes", number, "project", found, "a project that the state finances")
        if row.to_t_per_year <= 0:
            yield fault_at(case, "size_classes", number, "to_t_per_year", "0", "a positive size")
        if row.from_t_per_year > project.size_max_t_per_year or row.to_t_per_year < project.size_min_t_per_year:
            found = f"sizes from {row.from_t_per_year:g} to {row.to_t_per_year:g}"
            expected = f"sizes of {row.project!r}: {project.size_min_t_per_year:g} to {project.size_max_t_per_year:g}"
            yield fault_at(case, "size_classes", number, "from_t_per_year", found, expected)


def what_is_abandoned_stands_alone(case: Case) -> Iterator[Fault]:
    """A project that may be given up is a yes-or-no decision of the state that nothing else rests on."""
    rests = {
        "which has size classes": {row.project for row in case.rows("size_classes")},
        "which an investor finances": {row.project for row in case.rows("financed") if row.private},
        "which another project requires": {name for row in case.rows("projects") for name in row.requires},
        "whose start is no yes-or-no decision": {row.project for row in case.rows("projects") if not row.binary},
    }
    for number, row in enumerate(case.rows("projects")):
        for words, names in rests.items():
            if row.can_abandon and row.project in names:
                found = f"can_abandon for {row.project!r}, {words}"
                yield fault_at(case, "projects", number, "can_abandon", found, "no")


def projects_buy_the_equipment_of_their_process(case: Case) -> Iterator[Fault]:
    """A project and the process that it enlarges do not differ in whose equipment stands there."""
    processes = {row.process: row for row in case.rows("processes")}
    for number, row in enumerate(case.rows("projects")):
        process = processes.get(row.adds_to)
        if process and row.equipment_origin and row.equipment_origin != process.equipment_origin:
            found = f"equipment of {row.equipment_origin} for {row.adds_to!r}"
            expected = f"that of the process, {process.equipment_origin or 'which names none'}"
            yield fault_at(case, "projects", number, "equipment_origin", found, expected)
