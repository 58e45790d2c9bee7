"""`orefolio rules` on a pencil case written to disk: the list of rules, and the intervals of what keeping one costs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import call
from orefolio.case.adjust import Adjustment
from orefolio.tables.folder.case_files import case_files
from test_rules import chain

TONNES = 100_000.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The chain of test_rules.py for 100,000 t in place of one, so that costs are in million USD; lot by lot half as
    much may be blended in as the threshold would allow."""
    lines = [f"process={name}" for name in ("machine", "own")]
    case = chain(name="act 61", citation="articles 1 and 2").adjusted(
        [
            Adjustment("demands", "demand=abroad", "t_per_year", "set", TONNES),
            *(Adjustment("processes", line, "capacity_t_per_year", "set", TONNES) for line in lines),
            *(Adjustment("processes", line, "de_minimis_share", "set", 0.0005) for line in lines),
        ]
    )
    suppliers = tuple(replace(row, country="AU") for row in case.rows("suppliers"))
    case = replace(case, tables={**case.tables, "suppliers": suppliers})
    place = tmp_path / "case"
    place.mkdir()
    for name, text in case_files(case).items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_the_list_has_each_rule_with_its_threshold_and_what_uses_it(folder: Path) -> None:
    done = call("rules", str(folder), "--list")
    assert done.exit_code == 0, done.output
    header, _, content, listed = done.stdout.splitlines()
    assert header.split()[:4] == ["rule", "kind", "switch", "in"]
    for words in ("content", "0.001 of value", "licences: goods", "act 61", "articles 1 and 2", "china-technology"):
        assert words in content
    for words in ("listed", "refusal", "demands: abroad", "act 7, article 3"):
        assert words in listed
    answer = json.loads(call("rules", str(folder), "--list", "--json").stdout)
    assert [entry["rule"] for entry in answer["rules"]] == ["content", "listed"]
    assert "readings" not in answer


def test_each_reading_is_an_interval_and_its_cost_is_against_no_rule(folder: Path) -> None:
    """100,000 t of metal at 20 USD/kg are 2,000 million USD without a rule. At 20 % one fifth may be tagged by mass
    balance, 36 USD/kg, and one tenth lot by lot, 38; where equipment counts the clean line at 5 is needed besides. At
    0.1 %: 39.98 and 39.99."""
    words = ("rules", str(folder), "--threshold", "0.2", "--abs-gap", "0", "--deterministic")
    done = call(*words)
    assert done.exit_code == 0, done.output
    lines = [line.split("  ") for line in done.stdout.splitlines()[2:7]]
    shown = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert shown == [
        ["off", "[2,000.0, 2,000.0]", "[2,000.0, 2,000.0]"],
        ["0.001", "counts", "[4,499.0, 4,499.0]", "[4,498.0, 4,498.0]", "[2,498.0, 2,499.0]"],
        ["0.2", "counts", "[4,300.0, 4,300.0]", "[4,100.0, 4,100.0]", "[2,100.0, 2,300.0]"],
        ["0.001", "does not count", "[3,999.0, 3,999.0]", "[3,998.0, 3,998.0]", "[1,998.0, 1,999.0]"],
        ["0.2", "does not count", "[3,800.0, 3,800.0]", "[3,600.0, 3,600.0]", "[1,600.0, 1,800.0]"],
    ]
    answer = json.loads(call(*words, "--json").stdout)
    costs = [reading["segregated_musd"] for reading in answer["readings"]]
    assert costs == pytest.approx([2000, 4499, 4300, 3999, 3800])
