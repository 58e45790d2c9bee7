"""What each importer gets and lacks: by hand, and as the audit reckons it."""

from __future__ import annotations

from pathlib import Path

import pytest

from allies.pair import CAPACITY, importer, laid
from orefolio.audit import audit_texts
from orefolio.case.read import load_case
from orefolio.program.build import build
from orefolio.solve import Options, Session
from orefolio.tables import TABLES
from orefolio.tables.folder import plan_text
from orefolio.tables.folder.cells import csv_of
from orefolio.tables.folder.record import Circumstances, record
from orefolio.tables.outcome import Outcome


def solved(folder: Path) -> Outcome:
    merged = build(load_case(folder))
    return Outcome(merged, Session(merged.program, Options(abs_gap=1e-6)).solve(), Options(abs_gap=1e-6))


def test_each_importer_has_its_own_rows(tmp_path: Path) -> None:
    """East has no dear source: of the 100 t at 20 it takes its 80 t, for what it lacks costs 500 USD/kg, and West 20 t.

    With 60 t to be had from Lynas and none from Caremag, East takes 60 t and lacks 20 t: 10 million USD; West buys 30 t
    at 60. Would fail if tonnes were told by supplier, or by the first importer of the case.
    """
    capacity = CAPACITY.replace("2026,100,10", "2026,100,40").replace("2026,10,0", "2026,10,10")
    both = laid(tmp_path, {"supplier_capacity.csv": capacity}, importer("east", "japan", 80.0, 50.0, None))
    table = TABLES["importers"](solved(both)).frame.set_index("importer")
    assert table.loc["JP", ["delivered_t", "short_t", "loss_musd"]].tolist() == pytest.approx([60.0, 20.0, 10.0])
    assert table.loc["US", ["delivered_t", "short_t", "loss_musd"]].tolist() == pytest.approx([30.0, 0.0, 0.0])
    assert table["year"].tolist() == [2027, 2027]


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [("", "", True), ("JP,2027,60,", "JP,2027,61,", False), ("US,2027,30,", "JP,2027,30,", False)],
)
def test_the_audit_reckons_the_rows_again(tmp_path: Path, before: str, after: str, holds: bool) -> None:
    capacity = CAPACITY.replace("2026,100,10", "2026,100,40").replace("2026,10,0", "2026,10,10")
    both = laid(tmp_path, {"supplier_capacity.csv": capacity}, importer("east", "japan", 80.0, 50.0, None))
    outcome = solved(both)
    content = record(outcome.merged, outcome.solution, outcome.options, None, Circumstances("only"))
    texts = {name: csv_of(table(outcome)) for name, table in TABLES.items()}
    assert before in texts["importers"]
    texts["importers"] = texts["importers"].replace(before, after)
    report = audit_texts(outcome.case, content, plan_text(outcome.merged, outcome.solution), texts)
    failed = report.summary()["failed_checks"]
    assert failed == ([] if holds else ["table_importers"])
