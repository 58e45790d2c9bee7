"""The case of tests/test_api.py with a second lever and a sweep, whose cost at any place can be worked out by hand.

`loss` L is what a kilogram short costs (50; 20 to 90), `price` P is China's (10; 5 to 40), both USD/kg. China sells 80
of 100 t a year in 3.25 of the years to expect, and nothing in the three years of the cut, which has the weight 0.25.
Below 30 USD/kg for P the cost in million USD is

    with the contract   7.9 + 0.03 (L - 50) + 0.26 (P - 10)   40 t short in the cut: 0.25 x 3 x 0.04 = 0.03
    without it          2.6 + 0.14 L + 0.26 (P - 10)          20 t short where China sells, 100 t where not

so that the contract is signed from L = 34.5 on. 0.26 is 3.25 x 0.08.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from orefolio import cli
from test_api import with_levers, written

CONTRACT = "contract lynas"
NAME = "豪州の契約"


def tables() -> dict[str, list[dict[str, Any]]]:
    made = with_levers()
    made["levers"].append({"lever": "price", "name": "price in China", "base": 10.0, "low": 5.0, "high": 40.0,
                           "unit": "USD/kg", "source": "assumption: by hand"})  # fmt: skip
    made["lever_adjustments"].append({"lever": "price", "table": "contract_items", "where": "contract=china",
                                      "column": "price_usd_per_kg", "operation": "set"})  # fmt: skip
    made["sweeps"] = [
        {"sweep": "short", "name": "Loss", "lever": "loss", "from_value": 20.0, "to_value": 50.0, "steps": 3,
         "off_lever": "price", "off_value": 5.0, "asks": "What is a shortage worth?", "source": "assumption: by hand"},
        {"sweep": "china", "name": "China's price", "lever": "price", "from_value": 15.0, "to_value": 5.0, "steps": 2},
    ]  # fmt: skip
    return made


def write(place: Path) -> Path:
    return written(place / "case", tables())


def call(analysis: str, *words: object, case: str = "case") -> Result:
    given = ["sensitivity", case, analysis, "--jobs", "0", "--abs-gap", "0", *map(str, words)]
    return CliRunner().invoke(cli.main, given)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
