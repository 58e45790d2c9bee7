"""The page of two runs: what moved, and which limit is worth more.

With a loss of 90 USD/kg instead of 50 the contract stays, and 0.25 x 3 x 40 t short cost 1.2 million USD more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio.report.page import page

from .parsed import Parsed, parsed


@pytest.fixture(scope="module")
def shown(run: Path, dearer: Path) -> Parsed:
    return parsed(page([run, dearer]))


def test_cost_is_proved_to_differ_by_what_the_pencil_says(shown: Parsed) -> None:
    assert "Run 2 is dearer than run 1 by between 1.2 and 1.2 million USD." in shown.texts["cost"]
    assert [row[2] for row in shown.tables["The runs"][1:]] == ["7.9", "9.1"]
    assert shown.tables["The runs"][2][-1] == "loss = 90"
    parts = {row[0]: row[1:] for row in shown.tables["Expected cost by part, million USD"][1:]}
    assert parts["shortage"] == ["1.5", "2.7"]
    assert parts["purchases"] == ["5.9", "5.9"]


def test_what_stays_is_said_to_stay(shown: Parsed) -> None:
    assert "gained 0, lost 0, moved 0" in shown.texts["decisions"]
    assert "30 t are short in expectation, 30 t in run 1" in shown.texts["survival"]


def test_goods_that_are_worth_more_are_named(shown: Parsed) -> None:
    (caption,) = (name for name in shown.tables if name.startswith("What one more tonne is worth"))
    rows = {row[0]: row[1:] for row in shown.tables[caption][1:]}
    # in the cut a tonne is worth the loss, 50,000 or 90,000 USD; in the calm years what Australia asks, 30,000
    before, after = (float(cell.replace(",", "")) for cell in rows["oxide (free) in 日本"])
    assert after > before


def test_several_runs_make_a_page_of_their_own(shown: Parsed) -> None:
    assert shown.sections == ["cost", "decisions", "exposure", "survival", "timing", "limits"]
    assert shown.headings[0] == (1, "2 runs, each against the first")
