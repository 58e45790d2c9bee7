"""The audit passes what the model reports, finds each kind of fault, and rejects results that were tampered with."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from audit import runs
from orefolio import api, audit
from orefolio.audit import CHECKS, audit_folder
from orefolio.case.case import Case, row_key
from orefolio.cli import main
from orefolio.errors import InputError
from pencil import must

PENCIL = {"simple": runs.simple, "everything": runs.everything}


@pytest.mark.parametrize("name", PENCIL)
def test_what_the_model_reports_holds(name: str) -> None:
    texts = PENCIL[name]()
    assert [(r.name, r.tally.findings) for r in texts.report().failed] == []
    assert audit_folder(texts.folder).passed


def test_japans_trunk_holds() -> None:
    report = runs.japan().report()
    assert [(r.name, r.tally.findings) for r in report.failed] == []
    assert report.items > 30_000
    assert 0.0 < report.chinese_content < report.threshold


def test_the_large_case_uses_most_of_the_formulation() -> None:
    used = {row[0] for row in runs.split(runs.everything().plan)}
    assert {"take", "put", "sign", "start", "level_on", "dedicated", "collect", "kept", "tail"} <= used
    counted = {result.name for result in runs.everything().report().results if result.tally.items}
    tested_apart = {"import_caps", "makeup", "reserves", "risk", "suppliers", "tranches"}
    assert set(CHECKS) - counted <= {"adoption", "concentration", "files", "tagged_feed", *tested_apart}


def _cell(case: Case, table: str, key: str, column: str, value: Any) -> Case:
    rows = tuple(
        dataclasses.replace(row, **{column: value}) if row_key(table, row) == key else row for row in case.rows(table)
    )
    return dataclasses.replace(case, tables={**case.tables, table: rows})


FAULTS = [
    ("capacities", "processes", "plain", "capacity_t_per_year", 60.0),
    ("capacities", "projects", "more", "lead_time_years", 2.0),
    ("capacities", "projects", "more", "ramp", (0.1, 1.0)),
    ("balances", "recipes", "plain/oxide/in", "t_per_t", 0.5),
    ("balances", "lanes", "mine>home", "loss_share", 0.5),
    ("classes", "processes", "second", "equipment_origin", "CN"),
    ("residues", "residue_caps", "JP/water", "t_per_year", 10.0),
    ("collection", "scrap", "motors", "rate_share", 0.0),
    ("collection", "programmes", "collection/1", "increment_share", 0.1),
    ("projects", "projects", "more", "size_max_t_per_year", 8.0),
    ("projects", "projects", "more", "start_to", 2026),
    ("projects", "projects", "more", "size_min_t_per_year", 39.0),
    ("programmes", "programmes", "collection/1", "start_to", 2026),
    ("signing", "contracts", "signed", "sign_to", 2027),
    ("signing", "contracts", "signed", "volume_min_t_per_year", 24.0),
    ("signing", "contracts", "signed", "volume_max_t_per_year", 2.0),
    ("deliveries", "contracts", "signed", "qualification_years", 2.5),
    ("deliveries", "contracts", "china", "volume_max_t_per_year", 5.0),
    ("deliveries", "suppliers", "china", "availability_share", 0.2),
    ("take_or_pay", "contracts", "due", "take_or_pay_share", 1.0),
    ("stock", "stockpiles", "store", "decay_share_per_year", 0.3),
    ("stock", "stockpiles", "store", "initial_t", 11.0),
    ("stock_limits", "stockpiles", "store", "warehouse_t", 2.0),
    ("stock_limits", "stockpiles", "store", "pace_t_per_year", 0.1),
    ("stock_limits", "events", "cut/2", "value", 0.0),
    ("cover", "stockpiles", "store", "cover_days", 300.0),
    ("tagged_deliveries", "licences", "civil", "approval_share", 0.0),
    ("tagged_deliveries", "demands", "motors", "refuses_tagged", True),
    ("demands", "demands", "motors", "t_per_year", 200.0),
    ("demands", "loss_steps", "motors/1", "width_share", 0.01),
    ("demands", "demands", "motors", "value", "must"),
    ("outlets", "outlets", "home/residue_oxide/1", "t_per_year", 0.1),
    ("budgets", "envelopes", "state/2027-01-01", "amount_million", 0.01),
    ("objective", "settings", "discount_rate", "value", 0.06),
    ("objective", "settings", "risk_weight", "value", 0.5),
    ("table_cost", "loss_steps", "motors/1", "loss_usd_per_kg", 61.0),
    ("traced_origin", "suppliers", "signed", "country", "CN"),
]


@pytest.mark.parametrize(("check", "table", "key", "column", "value"), FAULTS)
def test_each_limit_is_felt(check: str, table: str, key: str, column: str, value: Any) -> None:
    """The plan of one case is no plan of a stricter one: the check that is named says so."""
    texts = runs.everything()
    assert texts.case.has(table, key)
    stricter = dataclasses.replace(texts, case=_cell(texts.case, table, key, column, value))
    assert check in {result.name for result in stricter.report().failed}


def test_a_line_that_mixes_is_found() -> None:
    texts = runs.everything()
    rows = [row for row in runs.split(texts.plan) if row[0] != "dedicated"]
    assert "lines" in {result.name for result in texts.with_plan(rows).report().failed}


def test_a_plan_of_another_shape_is_bad_input() -> None:
    texts = runs.simple()
    with pytest.raises(InputError, match=r"plan\.csv"):
        dataclasses.replace(texts, plan="variable,value\n").report()


def test_origin_is_traced_through_mixing() -> None:
    """Sixty tonnes from AU and forty from US in one place: every lot is three parts of the one and two of the other."""
    from pencil import case_of, process, spot, tables

    texts = runs.solved(
        case_of(
            spot("one", "oxide", 10.0, 60.0, country="AU"),
            spot("other", "oxide", 20.0, 100.0, country="US"),
            process("make", {"oxide": 1.0}, {"magnet": 1.0}, capacity=70.0),
            must("oxide users", "oxide", 30.0),
            must("magnet users", "magnet", 70.0),
            tables(
                elements=[{"element": "Dy"}],
                content=[{"commodity": name, "element": "Dy", "share": 0.5} for name in ("oxide", "magnet")],
            ),
        )
    )
    lots = {tuple(row[2:6]): row[6:] for row in texts.report().traced}
    for demand, tonnes in (("oxide users", 15.0), ("magnet users", 35.0)):
        for country, share in (("AU", 0.6), ("US", 0.4)):
            found = list(lots[demand, "free", "Dy", country])
            assert found == pytest.approx([share * tonnes, share])


def test_the_command_audits_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "run"
    shutil.copytree(runs.everything().folder, folder)
    assert main.main(["audit", str(folder)], standalone_mode=False) == 0
    assert "statements hold" in capsys.readouterr().out
    rows = runs.split(runs.everything().plan)
    rows[5][-1] = "17"
    (folder / "plan.csv").write_text(runs.joined(rows), encoding="utf-8")
    assert main.main(["audit", str(folder), "--json"], standalone_mode=False) == 5
    content = json.loads(capsys.readouterr().out)
    assert content["schema"] == "orefolio/audit/1"
    assert (content["passed"], content["exit_code"]) == (False, 5)
    assert main.main(["audit", str(tmp_path / "none")], standalone_mode=False) == 2


def test_every_solve_is_audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disagreement ends a solve with exit code 5, with the plan saved and the fault in its record."""
    case = runs.simple().case
    fine = api.solve(case, out=tmp_path)
    assert (fine.record["audit"]["passed"], fine.exit_code) == (True, 0)
    assert fine.folder is not None
    assert (fine.folder / "tables" / "traced.csv").is_file()

    def disagrees(*_: Any) -> audit.Report:
        rows = runs.split(runs.simple().plan)
        rows[1][-1] = "99"
        return runs.simple().with_plan(rows).report()

    monkeypatch.setattr(audit, "audit_texts", disagrees)
    wrong = api.solve(case, out=tmp_path)
    assert wrong.exit_code == 5
    assert wrong.folder is not None
    said = json.loads((wrong.folder / "run.json").read_text(encoding="utf-8"))["audit"]
    assert said["failed_checks"]
    assert said["findings"]
