"""A folder of CSV files with datapackage.json, which says what each column holds (Frictionless data package, v1)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from orefolio import __version__
from orefolio.tables.folder import RunFolder

from .fields import Field
from .read_run import Table, tables_of
from .text import csv_text

ENDING = ""
DESCRIBED = "datapackage.json"
TYPES = {"text": "string", "whole": "integer", "number": "number"}
GUARD = "An apostrophe stands before a text that a spreadsheet would run."


def write(run: RunFolder, place: Path) -> None:
    """Write the tables of a run into a new folder, and what describes them. Raises InputError."""
    place.mkdir()
    (place / "tables").mkdir()
    resources = [_resource(table, place) for table in tables_of(run)]
    case = run.record["case"]
    content = {
        "profile": "tabular-data-package",
        "name": f"orefolio-{case['hash'][:8]}",
        "title": case["title"],
        "description": f"Tables of a run of the case {case['name']} by orefolio {__version__}. {GUARD}",
        "created": run.record["timing"]["started_utc"],
        "resources": resources,
    }
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (place / DESCRIBED).write_text(text, encoding="utf-8", newline="")


def _resource(table: Table, place: Path) -> dict[str, Any]:
    """Write a table's file; what describes it."""
    path = f"tables/{table.name}.csv"
    content = csv_text(list(table.fields), (row.values() for row in table.rows)).encode()
    (place / path).write_bytes(content)
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "header": True},
        "schema": {
            "fields": [_field(name, field) for name, field in table.fields.items()],
            "missingValues": [""],
        },
    }


def _field(name: str, field: Field) -> dict[str, str]:
    """What describes a column; `unit` is a word of ours beside those of the standard."""
    said = {"name": name, "type": TYPES[field.kind], "description": field.meaning}
    return {**said, "unit": field.unit} if field.unit else said
