"""What the objective rests on: each part of cost by the input that prices it, on cases small enough to reckon by hand.

The case is that of `test_tables.py`. Expected over its two futures, million USD: 2.6 for China (0.75 x 3.2 + 0.25 x
0.8), 3.3 for Australia (0.75 x 2.4 + 0.25 x 6.0), 0.5 prepaid, 1.5 for the shortage in the cut: 7.9 in all.
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from orefolio import api, cli
from orefolio.case.scenarios import plant
from orefolio.program.flatten import Flat, flatten, stated
from orefolio.tables import TABLES
from orefolio.tables.outcome.priced_by import PRICED, Pricing
from test_tables import case_of, hand_tables, pick, solved

REPOSITORY = Path(__file__).parents[1]


def basis(table: str, row: str, column: str, facts: str = "", low: float = 0.5, high: float = 2.0) -> dict[str, Any]:
    words = f"why {row}"
    return {"table": table, "row": row, "column": column, "facts": facts, "derivation": words,
            "low_multiple": low, "high_multiple": high}  # fmt: skip


def founded_tables() -> dict[str, list[dict[str, Any]]]:
    """The hand case with China's price and the loss on facts, and what Australia asks on assumptions."""
    tables = hand_tables()
    tables["basis"] = [
        basis("contract_items", "china/oxide", "price_usd_per_kg", facts="P001 P002"),
        basis("contract_items", "*", "price_usd_per_kg"),
        basis("contracts", "*", "*"),
        basis("loss_steps", "*", "*", facts="P003"),
    ]
    return tables


def market_tables() -> dict[str, list[dict[str, Any]]]:
    """China sells at the price of a market: 4 USD/kg for the form, 0.1 x 40 for Dy and 0.9 x 2 / 0.9 for Nd: 10."""
    tables = founded_tables()
    tables["markets"] = [{"market": "china"}]
    tables["prices"] = [{"market": "china", "commodity": "oxide", "fee_usd_per_kg": 4.0}]
    tables["element_prices"] = [
        {"market": "china", "element": "Dy", "chinese_usd_per_kg": 40.0},
        {"market": "china", "element": "Nd", "chinese_usd_per_kg": 2.0 / 0.9},
    ]
    tables["contract_items"][0] = {
        "contract": "china", "commodity": "oxide", "price_rule": "index", "market": "china",
    }  # fmt: skip
    tables["basis"] += [
        basis("element_prices", "*", "chinese_usd_per_kg", facts="P004"),
        basis("prices", "*", "fee_usd_per_kg"),
        basis("content", "*", "share", low=1.0, high=1.0),
    ]
    return tables


def rests(**wanted: Any) -> dict[tuple[str, str, str], float]:
    """Million USD by name, basis and row of the input."""
    rows = TABLES["support"](solved(case_of(**wanted))).frame.to_dict("records")
    return {(row["name"], row["basis"], row["row"]): row["cost_musd"] for row in rows}


def test_a_price_from_a_fact_and_a_price_that_is_assumed() -> None:
    # would fail if the futures were not weighted (6.4 for China over both), or if the prepayment went with the price
    assert rests(tables=founded_tables()) == pytest.approx(
        {
            ("purchases", "facts", "china/oxide"): 2.6,
            ("purchases", "assumption", "lynas/oxide"): 3.3,
            ("prepayments", "assumption", "lynas"): 0.5,
            ("shortage", "facts", "motors/1"): 1.5,
        }
    )


def test_the_parts_add_up_to_the_parts_of_cost_and_the_largest_stands_first() -> None:
    outcome = solved(case_of(founded_tables()))
    support, cost = TABLES["support"](outcome).frame, pick(TABLES["cost"](outcome).frame, future="expected")
    by_name = cost.groupby("name")["cost_musd"].sum().to_dict()
    assert support.groupby("name")["cost_musd"].sum().to_dict() == pytest.approx(by_name)
    assert support["share"].sum() == pytest.approx(1.0)
    assert support["cost_musd"].sum() == pytest.approx(7.9)
    first = support.iloc[0]
    assert (first["table"], first["row"], first["column"]) == ("contract_items", "lynas/oxide", "price_usd_per_kg")
    assert (first["share"], first["derivation"]) == (pytest.approx(3.3 / 7.9), "why *")
    assert support["facts"].tolist() == ["", "P001 P002", "P003", ""]


def test_an_income_counts_without_its_sign() -> None:
    # a dividend of 0.25 a year over four years; would fail if it were taken off the other parts
    tables = founded_tables()
    tables["contracts"][1]["dividend_musd_per_year"] = 0.25
    support = TABLES["support"](solved(case_of(tables))).frame
    assert pick(support, name="dividends")["cost_musd"].tolist() == pytest.approx([1.0])
    assert support["cost_musd"].sum() == pytest.approx(7.9 + 1.0)


def test_a_price_is_shared_over_its_terms_and_a_term_rests_on_its_weakest_factor() -> None:
    # 2.6 for China: 4 of 10 for the form, assumed; 4 and 2 for the elements, on facts, since a share of content that
    # is 1 by definition counts only where nothing else is left
    found = rests(tables=market_tables())
    assert found["purchases", "assumption", "china/oxide"] == pytest.approx(0.4 * 2.6)
    assert found["purchases", "facts", "china/Dy"] == pytest.approx(0.4 * 2.6)
    assert found["purchases", "facts", "china/Nd"] == pytest.approx(0.2 * 2.6)


def test_an_assumed_factor_with_a_range_is_weaker_than_a_fact() -> None:
    tables = market_tables()
    tables["basis"][-1] = basis("content", "*/Dy", "share", low=0.9)
    found = rests(tables=tables)
    assert found["purchases", "assumption", "oxide/Dy"] == pytest.approx(0.4 * 2.6)
    # would fail if a cell that nothing covers passed for a fact
    assert found["purchases", "nothing", "oxide/Nd"] == pytest.approx(0.2 * 2.6)


def test_a_price_that_an_event_moves_rests_on_the_event() -> None:
    # the cut also doubles the loss: 0.25 x 12; before it, nothing is short
    tables = founded_tables()
    tables["events"].append(
        {"event": "stop", "part": 2, "table": "loss_steps", "where": "demand=motors", "column": "loss_usd_per_kg",
         "operation": "multiply", "value": 2.0}
    )  # fmt: skip
    tables["basis"].append(basis("events", "stop/2", "value"))
    found = rests(tables=tables)
    assert found["shortage", "assumption", "stop/2"] == pytest.approx(3.0)
    assert ("shortage", "facts", "motors/1") not in found


def test_every_cost_that_a_family_posts_has_its_price_told() -> None:
    posted = set()
    for path in (REPOSITORY / "model" / "orefolio" / "families").glob("*.py"):
        posted |= set(re.findall(r'ledger\.cost(?:_always)?\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
    assert len(posted) > 20
    assert posted == set(PRICED)


# The prices of a whole case

PER_KG = 1e-3
FLOWS = {
    "purchases", "take-or-pay", "processing", "transport", "tariffs", "collection", "shortage", "least service",
    "sales", "discards", "stock handling",
}  # fmt: skip


def expected_ratio(flat: Flat, name: str, number: int) -> float | None:
    """Million USD of a unit of a column over the sum of its terms, by the formulation; None where it is not one."""
    path = flat.path
    period = path.periods[number]
    factor = path.discount(period.start, period.end)
    if name in FLOWS:
        return PER_KG * factor
    if name == "residues":
        return 1e-6 * factor
    if name == "stockholding":
        return PER_KG * factor * period.years / 2
    if name == "cover penalty":
        return PER_KG * factor * period.years
    if name == "closing stock":
        return PER_KG * path.discount(period.end)
    return None


@pytest.fixture(scope="module")
def dear() -> Flat:
    """A future of Japan in which an event moves prices, stated on yearly periods."""
    case = api.load(REPOSITORY / "inputs" / "japan").case
    moving = {row.event for row in case.rows("events") if row.table == "element_prices"}
    future = next(row.future for row in case.rows("future_events") if row.event in moving)
    path = next(path for path in plant(case, "yearly").paths if path.future == future)
    return flatten(stated(path))


def test_the_terms_of_a_price_are_the_price_that_the_program_pays(dear: Flat) -> None:
    # would fail if a term were left out, an event forgotten, or a floor taken where the index is above it
    pricing = Pricing(dear.path)
    entries = dear.totals.tocoo()
    told: dict[str, int] = {}
    for row, column, musd in zip(entries.row, entries.col, entries.data, strict=True):
        (name, number), label = dear.total_names[row], dear.columns[column]
        ratio = expected_ratio(dear, name, number)
        if ratio is not None:
            size = sum(term.size for term in PRICED[name](pricing, label, number))
            assert abs(musd) == pytest.approx(size * ratio, rel=1e-6), (name, label)
            told[name] = told.get(name, 0) + 1
    assert set(told) >= {"purchases", "processing", "transport", "shortage", "sales", "stockholding", "residues"}


def test_every_price_of_a_whole_case_has_a_cell(dear: Flat) -> None:
    pricing = Pricing(dear.path)
    entries = dear.totals.tocoo()
    assert {name for name, _ in dear.total_names} <= set(PRICED)
    for row, column in zip(entries.row, entries.col, strict=True):
        (name, number), label = dear.total_names[row], dear.columns[column]
        terms = PRICED[name](pricing, label, number)
        assert terms, (name, label)
        assert np.isfinite([term.size for term in terms]).all()
        for cell in (cell for term in terms for cell in term.inputs):
            assert hasattr(dear.path.case.row(cell.table, cell.row), cell.column)


# The command


def checked(*words: object) -> Result:
    return CliRunner().invoke(cli.main, ["check", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from test_api import written

    return written(tmp_path / "case", founded_tables())


def test_check_says_how_to_learn_what_the_objective_rests_on(folder: Path, tmp_path: Path) -> None:
    done = checked(folder, "--out", tmp_path / "runs")
    assert done.exit_code == 0
    assert f"orefolio solve {folder} --out {tmp_path / 'runs'}" in done.output
    told = json.loads(checked(folder, "--out", tmp_path / "runs", "--json").stdout)
    assert told["objective_basis"] == {
        "run_dir": None,
        "command": f"orefolio solve {folder} --out {tmp_path / 'runs'}",
    }


def test_check_prints_the_share_of_the_objective_that_rests_on_assumptions(folder: Path, tmp_path: Path) -> None:
    run = api.load(folder).solve(out=tmp_path / "runs", abs_gap=0.0)
    done = checked(folder, "--out", tmp_path / "runs")
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    # 4.1 of 7.9 on facts, 3.8 on assumptions
    assert "facts of the register 4.1 51.9%" in lines
    assert "assumptions of ours 3.8 48.1%" in lines
    assert "purchases 2.6 3.3 0.0" in lines
    assert "contract_items lynas/oxide price_usd_per_kg 3.3 why *" in lines
    assert f"read from {run.folder}, 2 futures" in done.output
    told = json.loads(checked(folder, "--out", tmp_path / "runs", "--json").stdout)["objective_basis"]
    assert told["shares"] == pytest.approx({"facts": 4.1 / 7.9, "assumption": 3.8 / 7.9, "nothing": 0.0})
    assert [entry["input"] for entry in told["largest"]] == [
        "contract_items lynas/oxide price_usd_per_kg",
        "contracts lynas prepayment_musd",
    ]


def test_check_reads_runs_of_exactly_this_case_and_of_them_the_newest(folder: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    api.load(folder).solve(out=runs, abs_gap=0.0)
    time.sleep(1.1)  # a run tells its beginning in whole seconds
    second = api.load(folder).solve(out=runs, abs_gap=0.0)
    assert second.folder is not None
    (runs / "broken").mkdir()
    (runs / "broken" / "run.json").write_text("{", encoding="utf-8")
    told = json.loads(checked(folder, "--out", runs, "--json").stdout)["objective_basis"]
    assert told["run_dir"] == str(second.folder)
    demands = folder / "demands.csv"
    demands.write_text(demands.read_text(encoding="utf-8").replace(",100,", ",101,"), encoding="utf-8")
    changed = json.loads(checked(folder, "--out", runs, "--json").stdout)["objective_basis"]
    assert changed["run_dir"] is None
