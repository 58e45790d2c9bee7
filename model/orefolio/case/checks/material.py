"""Recipes: one main product, yields that are yields, and no element out of nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from orefolio.errors import Fault

from ..case import Case
from ..schema.network import STAGES
from .place import fault_at

CHAIN = {stage: number for number, stage in enumerate(STAGES) if stage not in ("scrap", "other")}
SLACK = 1e-6
MOST_CONTENT = 1.3
"""A tonne of metal is at most about 1.2 tonnes of its oxide."""

Recipes = dict[str, tuple[list[tuple[int, Any]], list[tuple[int, Any]]]]


def recipes_have_one_main_product(case: Case) -> Iterator[Fault]:
    """Activity is tonnes of the main product, so exactly one commodity comes out at 1 t per t."""
    recipes = recipes_of(case)
    stages = {row.commodity: row.stage for row in case.rows("commodities")}
    for number, process in enumerate(case.rows("processes")):
        _, out = recipes[process.process]
        main = [row.commodity for _, row in out if row.t_per_t == 1]
        if len(main) != 1:
            products = f"the main products {', '.join(main)}" if main else "no main product"
            found = f"{process.process!r} with {products}"
            expected = "one commodity in recipes.csv that comes out at t_per_t 1"
            yield fault_at(case, "processes", number, "process", found, expected)
            continue
        (product,) = main
        stage = stages.get(product, process.stage)
        if stage != process.stage:
            found = f"the stage {process.stage}"
            yield fault_at(case, "processes", number, "stage", found, f"{stage}, the stage of {product}")


def yields_are_shares(case: Case) -> Iterator[Fault]:
    """A yield is above 0 and at most 1."""
    for number, row in enumerate(case.rows("recipes")):
        if not 0 < row.yield_share <= 1:
            found = f"a yield of {row.yield_share:g}"
            yield fault_at(case, "recipes", number, "yield_share", found, "above 0 and at most 1")


def recipes_take_something(case: Case) -> Iterator[Fault]:
    """A tonnage of 0 in a recipe says nothing."""
    for number, row in enumerate(case.rows("recipes")):
        if row.t_per_t == 0:
            yield fault_at(case, "recipes", number, "t_per_t", "0", "a positive tonnage, or no row")


def elements_are_conserved(case: Case) -> Iterator[Fault]:
    """What comes out of a process holds no more of an element than what goes in."""
    content = contents(case)
    for process, (taken, given) in recipes_of(case).items():
        if not taken:
            continue
        enters: dict[str, float] = defaultdict(float)
        leaves: dict[str, float] = defaultdict(float)
        for _, row in taken:
            for element, share in content[row.commodity].items():
                enters[element] += row.t_per_t / (row.yield_share or math.inf) * share
        for _, row in given:
            for element, share in content[row.commodity].items():
                leaves[element] += row.t_per_t * row.yield_share * share
        for element, amount in leaves.items():
            surplus = amount - enters[element]
            if surplus > SLACK * amount:
                number = given[0][0]
                found = f"{amount:.6g} t of {element} out of {process!r} per tonne of activity"
                expected = f"at most the {enters[element]:.6g} t that go in"
                remedy = f"The surplus is {surplus:.3g} t: correct recipes.csv or content.csv"
                yield fault_at(case, "recipes", number, "t_per_t", found, expected, remedy)


def contents_fit_into_a_tonne(case: Case) -> Iterator[Fault]:
    """A tonne of a commodity cannot hold much more than a tonne, counted as oxide."""
    for commodity, elements in contents(case).items():
        total = math.fsum(elements.values())
        if total > MOST_CONTENT:
            number = next(i for i, row in enumerate(case.rows("content")) if row.commodity == commodity)
            found = f"{total:.6g} t of oxide in a tonne of {commodity!r}"
            yield fault_at(case, "content", number, "share", found, f"at most {MOST_CONTENT:g}")


def chains_run_forward(case: Case) -> Iterator[Fault]:
    """No process makes oxide of metal, unless what goes in is scrap."""
    stages = {row.commodity: row.stage for row in case.rows("commodities")}
    recipes = recipes_of(case)
    for number, process in enumerate(case.rows("processes")):
        taken, _ = recipes[process.process]
        for _, row in taken:
            before = stages.get(row.commodity, "")
            if before in CHAIN and process.stage in CHAIN and CHAIN[before] > CHAIN[process.stage]:
                found = f"{process.process!r}, which makes {process.stage} of {before} ({row.commodity})"
                remedy = "Where old material comes back, give it the stage scrap"
                yield fault_at(case, "processes", number, "stage", found, f"a stage not before {before}", remedy)


def contents(case: Case) -> dict[str, dict[str, float]]:
    """Tonnes of each element, as oxide, in a tonne of each commodity."""
    result: dict[str, dict[str, float]] = {row.commodity: {} for row in case.rows("commodities")}
    for row in case.rows("content"):
        result[row.commodity][row.element] = row.share
    return result


def recipes_of(case: Case) -> Recipes:
    """What each process takes in and gives out: row numbers and rows of recipes.csv."""
    recipes: Recipes = {row.process: ([], []) for row in case.rows("processes")}
    for number, row in enumerate(case.rows("recipes")):
        recipes[row.process][row.direction == "out"].append((number, row))
    return recipes
