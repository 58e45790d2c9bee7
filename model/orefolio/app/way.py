"""The way of a plan's material from mine to use, drawn as the report draws it, from a plan that was not written."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from orefolio.report.chain import Chain
from orefolio.report.reading import Read
from orefolio.report.sections.origin import legend, way
from orefolio.tables import TABLES
from orefolio.tables.folder import RunFolder
from orefolio.tables.folder.case_files import case_files
from orefolio.tables.folder.cells import unguarded
from orefolio.tables.outcome import Outcome

EXPECTED = "expected"
"""In place of the futures, over which a mean was taken before anything is worded."""


@dataclass(frozen=True)
class Unwritten(RunFolder):
    """A run that stands in no folder."""

    @cached_property
    def record(self) -> dict[str, Any]:
        """What it says of futures."""
        return {"futures": [{"future": EXPECTED, "weight": 1.0}]}


def read_of(outcome: Outcome) -> Read:
    """A plan as the report reads it: its flows, expected over the futures, and its case."""
    weights = {lived.name: lived.weight for lived in outcome.futures}
    flows: dict[tuple[str, ...], float] = {}
    for row in TABLES["flows"](outcome).records():
        key = row["variable"], row["item"], row["detail"], str(row["year"])
        flows[key] = flows.get(key, 0.0) + weights[row["future"]] * row["t"]
    names = ("variable", "item", "detail", "year", "t", "future")
    rows = [dict(zip(names, (*key, repr(t), EXPECTED), strict=True)) for key, t in flows.items()]
    tables = {"flows": rows}
    for name, text in case_files(outcome.case).items():
        if name.endswith(".csv"):
            found = csv.DictReader(io.StringIO(text))
            tables[f"case/{name[:-4]}"] = [{key: unguarded(cell or "") for key, cell in row.items()} for row in found]
    return Read(Unwritten(Path()), tables)


def drawn(outcome: Outcome) -> dict[str, Any] | None:
    """The diagram: `data` and `layout` as plotly has them, and what its colours mean; None where nothing flows."""
    read = read_of(outcome)
    flows = list(Chain(read).flows())
    if not flows:
        return None
    figure, _ = way(read, flows, sorted({flow.year for flow in flows}))
    return {**figure, "told": f"{legend(read)}."}
