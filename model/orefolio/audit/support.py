"""What table support says the objective rests on: parts of cost by the input that prices them, against the bills."""

from __future__ import annotations

import math

from orefolio.case.basis import BasisIndex
from orefolio.case.case import Case
from orefolio.case.columns import declared
from orefolio.case.schema import TABLES

from .costs import Bill, bills
from .evidence import Evidence
from .tally import Tally

COLUMNS = {
    "basis", "name", "table", "row", "column", "cost_musd", "share", "low_multiple", "high_multiple", "facts",
    "derivation",
}  # fmt: skip
OWNERS = frozenset(
    {
        "contracts", "contract_items", "tranches", "processes", "residues", "projects", "size_classes",
        "programmes", "lanes", "scrap", "stockpiles", "demands", "loss_steps", "outlets", "commodities",
        "diversification",
    }
)  # fmt: skip
"""Tables whose first word of a key names the thing that bears the cost."""


def support(evidence: Evidence) -> Tally:
    """Each name's parts sum to that part of cost, and none is larger than what its thing costs; what cells rest on."""
    tally = Tally()
    if "support" not in evidence.tables:
        tally.holds(False, "table support is missing")
        return tally
    table = evidence.tables["support"]
    tally.holds(set(table.columns) == COLUMNS, "table support has the columns", ", ".join(table.columns))
    names, cells = table.texts("name"), list(zip(*(table.texts(c) for c in ("table", "row", "column")), strict=True))
    _amounts(tally, evidence, names, cells)
    _bases(tally, evidence, cells)
    keys = list(zip(names, cells, strict=True))
    tally.holds(len(set(keys)) == len(keys), "table support names an input twice")
    return tally


def _amounts(tally: Tally, evidence: Evidence, names: object, cells: list[tuple[str, ...]]) -> None:
    """Sums by name, and by name and what bears the cost; shares of the whole."""
    table = evidence.tables["support"]
    whole: dict[str, float] = {}
    borne: dict[tuple[str, str], float] = {}
    for bill in bills(evidence):
        _add(bill, whole, borne)
    total = math.fsum(whole.values())
    said: dict[str, list[float]] = {}
    parts: dict[tuple[str, str, str], list[float]] = {}
    rows = zip(table.texts("name"), cells, table.numbers("cost_musd"), table.numbers("share"), strict=True)
    for name, cell, number, share in rows:
        musd = number or 0.0
        said.setdefault(name, []).append(musd)
        tally.agrees(share, musd / total if total else 0.0, 0.0, "table support share", cell)
        tally.holds(musd >= 0.0, "table support", name, cell, "is negative")
        if cell[0] in OWNERS:
            parts.setdefault((cell[0], name, cell[1].partition("/")[0]), []).append(musd)
    for (_, name, owner), amounts in parts.items():
        tally.most(amounts, borne.get((name, owner), 0.0), "table support", name, "of", owner)
    for name in whole.keys() | said.keys():
        tally.agrees(math.fsum(said.get(name, [])), whole.get(name, 0.0), 0.0, "table support, all of", name)


def _add(bill: Bill, whole: dict[str, float], borne: dict[tuple[str, str], float]) -> None:
    weight = bill.life.path.weight
    for (name, _), terms in bill.parts.items():
        whole[name] = whole.get(name, 0.0) + weight * math.fsum(map(abs, terms))
    for key, size in bill.borne.items():
        borne[key] = borne.get(key, 0.0) + weight * size


def _bases(tally: Tally, evidence: Evidence, cells: list[tuple[str, ...]]) -> None:
    """Every cell is one of the case; facts, derivation and range are those of its most specific basis."""
    table, index = evidence.tables["support"], BasisIndex(evidence.case)
    words = zip(*(table.texts(name) for name in ("basis", "facts", "derivation")), strict=True)
    ranges = zip(table.numbers("low_multiple"), table.numbers("high_multiple"), strict=True)
    for cell, said, (low, high) in zip(cells, words, ranges, strict=True):
        tally.holds(_is_cell(evidence.case, *cell), "table support", cell, "is no cell of the case")
        basis = index.find(*cell)
        if basis is None:
            fine = said == ("nothing", "", "") and low is None and high is None
            tally.holds(fine, "table support", cell, "rests on nothing")
            continue
        kind = "facts" if basis.facts else "assumption"
        fine = said == (kind, basis.facts, basis.derivation)
        tally.holds(fine, "table support", cell, "rests on", kind, basis.facts, basis.derivation)
        tally.agrees(low, basis.low_multiple, 0.0, "table support", cell, "low_multiple")
        tally.agrees(high, basis.high_multiple, 0.0, "table support", cell, "high_multiple")


def _is_cell(case: Case, table: str, row: str, column: str) -> bool:
    """Whether there is such a cell; a part of cost without a known price names none."""
    if not table:
        return not row and not column
    return table in TABLES and case.has(table, row) and column in declared(TABLES[table])
