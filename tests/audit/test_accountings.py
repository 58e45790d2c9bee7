"""Table content: the Chinese content of a plan under both accountings, by hand, and where it is told.

Metal and magnets are of one element alone. Clean metal costs 40 USD/kg and Chinese metal 20; the customer abroad takes
no tagged magnets.
"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from audit import runs
from audit.tampering import every_column
from orefolio import api
from orefolio.case.case import Case
from orefolio.cli import main
from orefolio.cli.screen import screen
from pencil import RULE, Piece, case_of, event, future, lane, must, process, spot, stockpile, tables

COLUMNS = ["future", "rule", "accounting", "planned", "share", "declared_share", "threshold_share", "within"]
APART, BALANCE = "lots kept apart", "mass balance"


def rule(threshold: float, **columns: Any) -> Piece:
    row = {"rule": "act", "in_force_share": 1.0, "threshold_share": threshold, "basis": "value", **columns}
    return tables(rules=[row], classes=RULE["classes"])


def goods(**fees: float) -> Piece:
    """Goods of neodymium alone, worth 10 USD/kg and a fee."""
    return tables(
        elements=[{"element": "Nd"}],
        content=[{"commodity": name, "element": "Nd", "share": 1.0} for name in fees],
        markets=[{"market": "china"}],
        element_prices=[{"market": "china", "element": "Nd", "chinese_usd_per_kg": 10.0}],
        prices=[{"market": "china", "commodity": name, "fee_usd_per_kg": fee} for name, fee in fees.items()],
    )


def chain(threshold: float, *more: Piece, most: float = 9.0, dear: str = "2027-01-01", **settings: Any) -> Case:
    """Two years; Chinese metal is dear in the first, or in another one."""
    return case_of(
        rule(threshold),
        goods(metal=0.0, magnet=10.0),
        tables(licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}]),
        spot("clean", "metal", 40.0, country="AU"),
        spot("cheap", "metal", 20.0, most, country="CN", class_="tagged"),
        process("press", {"metal": 1.0}, {"magnet": 1.0}, capacity=9.0, de_minimis_share=threshold / 2),
        must("abroad", "magnet", 1.0, export_share=1.0, licence="goods"),
        event("dear", "contract_items", "contract=cheap", "price_usd_per_kg", "set", 99.0),
        future("only", 1.0, {"dear": (dear, 12)}),
        *more,
        years=2,
        **settings,
    )


@cache
def apart() -> runs.Texts:
    return runs.solved(chain(0.2, most=0.1))


@cache
def balanced() -> runs.Texts:
    return runs.solved(chain(0.1, mass_balance=1.0))


def content(texts: runs.Texts) -> dict[str, list[str]]:
    """Accounting to the other cells of its one row."""
    header, *rows = runs.split(texts.tables["content"])
    assert header == COLUMNS
    assert all(row[:2] == ["only", "act"] for row in rows)
    return {row[2]: row[3:] for row in rows}


def test_a_plan_of_lots_kept_apart_in_both_accountings() -> None:
    """In 2028 there are 0.1 t of Chinese metal, worth 10, in a tonne of magnets worth 20: 5 % of the lot. The shares
    of the press allow 10 %. Over both years 1 of 40 is Chinese by value: 2.5 %. Would fail if the fee of the magnet did
    not count, or each year stood alone in the balance."""
    assert content(apart()) == {
        APART: ["yes", "0.05", "0.1", "0.2", "yes"],
        BALANCE: ["no", "0.025", "", "0.2", "yes"],
    }


def test_a_plan_by_mass_balance_in_both_accountings() -> None:
    """Two tonnes of magnets worth 20 leave room for 4 at 10 %, which is 0.4 t of metal worth 10, all in 2028: 4 of 20
    is 20 % of that lot and 10 % over the path. No declared share binds such a plan. Would fail if either were told for
    the other, or the rule were told as kept lot by lot."""
    assert content(balanced()) == {
        APART: ["no", "0.2", "", "0.1", "no"],
        BALANCE: ["yes", "0.1", "", "0.1", "yes"],
    }


def test_what_lies_in_stock_without_the_tag_is_in_the_balance() -> None:
    """Ten tonnes of magnets, worth 200, lie in stock throughout: 1 of 240 by the end of 2028."""
    store = stockpile("store", "magnet", 10.0, initial_t=10.0, owner="public")
    share = float(content(runs.solved(chain(0.2, store, most=0.1)))[BALANCE][1])
    assert share == pytest.approx(1 / 240)


def test_the_balance_is_told_at_the_end_of_its_worst_year() -> None:
    """Cheap in 2027 alone: 1 of 20 by then, 1 of 40 by the end of 2028. Would fail if the last year were told."""
    texts = runs.solved(chain(0.2, most=0.1, dear="2028-01-01"))
    assert content(texts)[BALANCE][1] == "0.05"


def test_what_is_sold_without_the_tag_is_a_lot_too() -> None:
    """Ore from a pit in China whose class bears no tag is sold: all of it is Chinese. Would fail if only what demands
    get were looked at."""
    texts = runs.solved(
        case_of(
            rule(0.1),
            goods(ore=0.0),
            tables(
                places=[{"place": "pit", "country": "CN"}],
                outlets=[{"place": "home", "commodity": "ore", "step": 1, "t_per_year": 3.0, "price_usd_per_kg": 9.0}],
            ),
            process("dig", {}, {"ore": 1.0}, capacity=2.0, cost=1.0, place="pit"),
            lane("pit", "home", "ore"),
        )
    )
    assert content(texts)[APART] == ["yes", "1", "0", "0.1", "no"]
    assert content(texts)[BALANCE] == ["no", "0", "", "0.1", "yes"]


@pytest.mark.parametrize("columns", [{"enabled": False}, {"kind": "sourcing"}])
def test_a_case_without_a_rule_in_use_has_no_rows_and_no_line(columns: dict[str, Any]) -> None:
    case = case_of(rule(0.1, **columns), goods(metal=0.0), spot("clean", "metal", 40.0), must("d", "metal", 1.0))
    texts = runs.solved(case)
    assert runs.split(texts.tables["content"]) == [COLUMNS]
    assert texts.record["content"] == []
    assert "CHINESE" not in screen(api.open_run(texts.folder))


def test_the_record_has_the_greatest_of_the_futures() -> None:
    told = {"rule": "act", "planned": APART, "threshold_share": 0.2}
    told |= {"lots_kept_apart": {"share": pytest.approx(0.05), "declared_share": pytest.approx(0.1), "within": True}}
    told |= {"mass_balance": {"share": pytest.approx(0.025), "declared_share": None, "within": True}}
    assert apart().record["content"] == [told]


def test_the_screen_says_both_and_by_which_the_plan_was_made() -> None:
    lines = screen(api.open_run(apart().folder)).splitlines()
    assert "CHINESE % worst untagged lot 5, by mass balance 2.5, limit 20; plan: lots kept apart" in lines
    lines = screen(api.open_run(balanced().folder)).splitlines()
    assert "CHINESE % worst untagged lot 20 (over), by mass balance 10, limit 10; plan: mass balance" in lines


def test_the_command_shows_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["show", str(apart().folder), "content", "--json"], standalone_mode=False) in (0, None)
    told = json.loads(capsys.readouterr().out)["rows"]
    assert {row["accounting"]: row["share"] for row in told} == pytest.approx({APART: 0.05, BALANCE: 0.025})


def test_both_plans_pass_their_audit() -> None:
    for texts in (apart(), balanced()):
        assert [(result.name, result.tally.findings) for result in texts.report().failed] == []


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize("texts", [apart, balanced])
def test_a_change_in_any_column_is_rejected(texts: Any) -> None:
    tried = list(every_column(texts(), seed=4, table="content"))
    assert len(tried) == len(COLUMNS)
    for change in tried:
        assert "table_content" in {result.name for result in change.texts.report().failed}, change.what


@pytest.mark.verifies("tampering")
def test_a_row_left_out_is_found() -> None:
    rows = runs.split(apart().tables["content"])
    failed = {result.name for result in apart().with_table("content", rows[:-1]).report().failed}
    assert failed == {"listing", "table_content"}


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("planned", BALANCE),
        ("rule", "other"),
        ("threshold_share", 0.3),
        ("mass_balance", None),
        ("lots_kept_apart", {"share": 0.04, "declared_share": 0.1, "within": True}),
        ("lots_kept_apart", {"share": 0.05, "declared_share": 0.1, "within": False}),
        ("lots_kept_apart", {"share": 0.05, "declared_share": None, "within": True}),
    ],
)
def test_another_word_in_the_record_is_found(key: str, value: Any) -> None:
    record = copy.deepcopy(dict(apart().record))
    record["content"][0][key] = value
    assert "table_content" in {result.name for result in replace(apart(), record=record).report().failed}
    missing = replace(apart(), record={**record, "content": []})
    assert "table_content" in {result.name for result in missing.report().failed}
