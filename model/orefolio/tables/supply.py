"""Where every element comes from, by source, country, stage, class, calendar year and future."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = (
    "future", "year", "kind", "source", "name", "country", "place", "stage", "commodity", "element", "class",
    "enters_chain", "t",
)  # fmt: skip
KINDS = {"contract": "contracts", "process": "processes", "scrap": "scrap"}


def table(outcome: Outcome) -> Sheet:
    """Tonnes of element, as oxide. Blocks of several years are split evenly over their calendar years.

    enters_chain: the material is new to the chain, so that summing over stages counts nothing twice.
    """
    case = outcome.case
    rows = []
    for lived, supply in zip(outcome.futures, outcome.supply, strict=True):
        future = lived.name
        for s, tonnes in sorted(supply.items()):
            name = case.row(KINDS[s.kind], s.source).name or s.source
            enters = "yes" if s.enters else "no"
            head = (future, s.year, s.kind, s.source, name, s.country, s.place)
            rows.append((*head, s.stage, s.commodity, s.element, s.class_, enters, tonnes))
    return Sheet.of(COLUMNS, rows)
