"""The case of tests/test_tables.py with three levers whose effects on the cost are known by hand.

Up from a loss of 34.545 USD/kg the contract with Australia is worth its prepayment. Between a loss of 45 and 90, and
a price in China of 5 to 15 USD/kg, nothing else changes in the plan, and the cost is linear: 40 t are short in each of
the three years of the cut, of weight 0.25, so 0.03 million for each USD/kg of loss; 80 t a year are bought in China in
the four calm years, one of them for sure, so 0.26 million for each USD/kg of price. Public money is more than enough.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from orefolio import cli
from test_api import with_levers

LOSS, PRICE = 0.25 * 3 * 0.040 * (90 - 45), (0.75 * 4 + 0.25) * 0.080 * (15 - 5)  # million USD over the ranges
TURNS = 3.8 / 0.11  # 110 t at 30 USD/kg and 0.5 million prepaid, against 110 t more that are short


def tables(**ends: tuple[float, float]) -> dict[str, list[dict[str, Any]]]:
    """ends: of the ranges that differ."""
    made = with_levers()
    source = "assumption: by hand"
    made["levers"] = [
        {"lever": "loss", "name": "loss by shortage", "base": 50.0, "low": 45.0, "high": 90.0, "unit": "USD/kg"},
        {"lever": "price", "name": "price in China", "base": 10.0, "low": 5.0, "high": 15.0, "unit": "USD/kg"},
        {"lever": "fund", "name": "public money", "base": 100.0, "low": 50.0, "high": 150.0, "unit": "million JPY"},
    ]  # fmt: skip
    made["levers"] = [
        {**row, "source": source, **dict(zip(("low", "high"), ends.get(row["lever"], (row["low"], row["high"])),
                                             strict=True))}
        for row in made["levers"]
    ]  # fmt: skip
    made["lever_adjustments"] += [
        {"lever": "price", "table": "contract_items", "where": "contract=china", "column": "price_usd_per_kg",
         "operation": "set"},
        {"lever": "fund", "table": "envelopes", "where": "envelope=money", "column": "amount_million",
         "operation": "set"},
    ]  # fmt: skip
    return made


def call(analysis: str, *words: object, case: str = "case") -> Result:
    """The command, in this process and to a proof."""
    given = ["sensitivity", case, analysis, "--jobs", "0", "--abs-gap", "0", *map(str, words)]
    return CliRunner().invoke(cli.main, given)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the lock and the page."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".html" and path.name != ".lock"
    }
