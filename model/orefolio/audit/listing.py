"""What run.json lists: its tables with their rows and kinds of columns, the case, and how the run ended."""

from __future__ import annotations

from typing import Any

from .evidence import Evidence, Table
from .tally import Tally

TEXTS = frozenset(
    {
        "abandoned", "accounting", "adds_to", "basis", "branch", "class", "column", "committed", "commodities",
        "commodity", "contract", "country", "date", "decided", "demand", "derivation", "detail", "element",
        "enters_chain", "envelope", "equipment_origin", "facts", "family", "first_delivery", "from", "from_date",
        "future", "futures", "how", "id", "importer", "instrument", "item", "kind", "largest_country", "largest_in",
        "latest_date", "material", "met", "name", "onset", "owner", "part", "period", "place", "planned", "price_rule",
        "process", "programme", "project", "row", "rule", "sector", "signed", "size_class", "source", "stage",
        "started", "state", "status", "stockpile", "supplier", "table", "technology_origin", "to_date", "unit", "until",
        "variable", "what", "within",
    }
)  # fmt: skip
"""Columns that hold text in every table; the others hold numbers."""
NAMES = (
    "portfolio", "contracts", "projects", "programmes", "abandonments", "plants", "lines", "futures", "cost",
    "shortage", "importers", "stock", "releases", "dependence", "concentration", "budgets", "supply", "flows",
    "prices", "magnitudes", "support", "price_support", "risk", "traced", "content",
)  # fmt: skip
ENDINGS = {"optimal": "", "feasible": "A limit was reached", "interrupted": "The solve was interrupted"}
"""How a run with a plan ends, and how the warning begins that such an end bears."""


def listing(evidence: Evidence) -> Tally:
    """Every table is listed with the rows and columns that it has; the record names the case and a known ending."""
    tally, record = Tally(), evidence.record
    case = record.get("case") or {}
    for name, said in (("name", evidence.case.name), ("title", evidence.case.title)):
        tally.holds(case.get(name) == said, "the", name, "of the case is", said)
    status = str(record.get("status"))
    tally.holds(status in ENDINGS, "a plan and the status", status)
    warnings = [str(text) for text in record.get("warnings") or ()]
    for ending, words in ENDINGS.items():
        if words:
            warned = any(text.startswith(words) for text in warnings)
            tally.holds(warned == (status == ending), "the status", status, "and the warnings", *warnings)
    tally.holds(record.get("schema") == "orefolio/run/1", "the schema is", record.get("schema"))
    if evidence.written:
        listed = record.get("tables") or {}
        tally.holds(set(listed) == set(NAMES), "the record lists the tables", ", ".join(listed))
        for name, words in listed.items():
            _table(tally, name, words, evidence.tables[name])
    return tally


def _table(tally: Tally, name: str, words: Any, table: Table) -> None:
    tally.holds(words.get("rows") == table.rows, "table", name, f"has {table.rows} rows")
    kinds = {
        column: "number" if column not in TEXTS and any(texts) else "text" for column, texts in table.columns.items()
    }
    tally.holds(words.get("columns") == kinds, "table", name, "has columns of other kinds than are listed")
