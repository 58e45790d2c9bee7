"""Tables on cases small enough to reckon by hand: two futures, one block of three years, one crisis.

The case of every test: 日本 wants 100 t of oxide in each of four years, told as one year and one block of three. China
sells at 10 USD/kg and Australia at 30; in the future `cut`, known from the second year, China sells nothing and
Australia 60 t a year, so that 40 t a year are short at 50 USD/kg. Discount rate 0.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orefolio.case.case import AfterShock, Case
from orefolio.case.scenarios import Period
from orefolio.case.schema import TABLES as CASE_TABLES
from orefolio.errors import SolverError
from orefolio.program.build import build
from orefolio.solve import Options, solve
from orefolio.tables import TABLES
from orefolio.tables.outcome import Outcome, tail_mean
from orefolio.tables.outcome.calendar import month_of, years_of

START = datetime.date(2027, 1, 1)


def case_of(tables: dict[str, list[dict[str, Any]]], until: int = 2031, **changes: Any) -> Case:
    rows = {name: tuple(CASE_TABLES[name](**row) for row in given) for name, given in tables.items()}
    end = datetime.date(until, 1, 1)
    grid = ((datetime.date(2028, 1, 1), 12), (end, 36))
    plain: dict[str, Any] = {
        "name": "hand",
        "title": "By hand 手計算",
        "folder": Path(),
        "importer": ("JP",),
        "base_year": 2027,
        "horizon_from": START,
        "horizon_to": end,
        "grid": "blocks",
        "grids": {"blocks": grid, "years": ((end, 12),)},
        "after_shock": AfterShock(single_years=0),
        "reaction_years": 99.0,
    }
    return Case(tables=rows, **{**plain, **changes})


def hand_tables() -> dict[str, list[dict[str, Any]]]:
    return {
        "settings": [{"setting": "discount_rate", "value": 0.0}, {"setting": "risk_level", "value": 0.9}],
        "places": [{"place": "japan", "name": "日本", "country": "JP"}],
        "elements": [{"element": "Dy", "heavy": True}, {"element": "Nd", "heavy": False}],
        "commodities": [{"commodity": "oxide", "stage": "oxide"}],
        "content": [
            {"commodity": "oxide", "element": "Dy", "share": 0.1},
            {"commodity": "oxide", "element": "Nd", "share": 0.9},
        ],
        "classes": [{"class_": "free"}],
        "suppliers": [{"supplier": "cn", "name": "中国", "country": "CN"}, {"supplier": "au", "country": "AU"}],
        "contracts": [
            {"contract": "china", "kind": "spot", "supplier": "cn", "place": "japan", "class_": "free",
             "volume_max_t_per_year": 80.0},
            {"contract": "lynas", "name": "豪州の契約", "kind": "offtake", "supplier": "au", "place": "japan",
             "class_": "free", "volume_max_t_per_year": 60.0, "sign_from": 2027, "sign_to": 2027,
             "prepayment_musd": 0.5, "public_share": 0.4, "envelope": "money"},
        ],
        "contract_items": [
            {"contract": "china", "commodity": "oxide", "price_rule": "fixed", "price_usd_per_kg": 10.0},
            {"contract": "lynas", "commodity": "oxide", "price_rule": "fixed", "price_usd_per_kg": 30.0},
        ],
        "demands": [{"demand": "motors", "name": "モーター", "place": "japan", "commodity": "oxide",
                     "sector": "traction", "t_per_year": 100.0}],
        "loss_steps": [{"demand": "motors", "step": 1, "width_share": 1.0, "loss_usd_per_kg": 50.0}],
        "currencies": [{"currency": "JPY", "per_usd": 100.0}],
        "envelopes": [{"envelope": "money", "from_date": "2027-01-01", "name": "公的資金", "to_date": "2031-01-01",
                       "amount_million": 100.0, "currency": "JPY"}],
        "events": [{"event": "stop", "part": 1, "table": "suppliers", "where": "supplier=cn",
                    "column": "availability_share", "operation": "set", "value": 0.0}],
        "futures": [
            {"future": "calm", "name": "平穏", "weight": 0.75},
            {"future": "cut", "weight": 0.25, "onset": "2028-01-01"},
        ],
        "future_events": [{"future": "cut", "event": "stop", "start": "2028-01-01"}],
    }  # fmt: skip


def solved(case: Case, **changes: Any) -> Outcome:
    merged = build(case, **changes)
    return Outcome(merged, solve(merged.program, Options(abs_gap=0.0)))


@pytest.fixture(scope="module")
def hand() -> Outcome:
    return solved(case_of(hand_tables()))


def pick(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def test_the_hand_case_costs_what_the_pencil_says(hand: Outcome) -> None:
    # calm: 4 years x (80 t x 10 + 20 t x 30) = 4 x 1.4; cut: 1.4 + 3 x (60 x 30 + 40 x 50 = 3.8); and 0.5 prepaid.
    assert {lived.name: lived.cost for lived in hand.futures} == pytest.approx({"calm": 6.1, "cut": 13.3})
    assert hand.solution.objective == pytest.approx(0.75 * 6.1 + 0.25 * 13.3)


def test_a_column_is_shared_by_the_futures_that_have_it(hand: Outcome) -> None:
    """In the first year both know the same, afterwards each has its own."""
    held = [set(columns.tolist()) for columns in hand.merged.column_of]
    for column, label in enumerate(hand.merged.program.columns):
        assert hand.sharing(column) == tuple(number for number, own in enumerate(held) if column in own)
        if label.name == "buy":
            assert len(hand.sharing(column)) == (2 if label.period == 0 else 1)


def test_every_table_has_its_columns_and_a_row(hand: Outcome) -> None:
    for name, table in TABLES.items():
        frame = table(hand).frame
        assert len(frame.columns) > 3, name
        if name not in (
            "projects",
            "programmes",
            "price_support",
            "abandonments",
            "plants",
            "lines",
            "risk",
            "stock",
            "releases",
        ):
            assert len(frame) > 0, name


def test_expected_parts_of_cost_add_up_to_the_objective(hand: Outcome) -> None:
    cost = TABLES["cost"](hand).frame
    assert pick(cost, future="expected")["cost_musd"].sum() == pytest.approx(hand.solution.objective, rel=1e-9)
    assert pick(cost, future="cut")["cost_musd"].sum() == pytest.approx(13.3)
    assert pick(cost, future="cut", name="shortage")["cost_musd"].sum() == pytest.approx(6.0)
    assert pick(cost, future="expected", name="prepayments")["cost_musd"].sum() == pytest.approx(0.5)


def test_parts_that_do_not_add_up_are_refused(hand: Outcome) -> None:
    wrong = replace(hand, solution=replace(hand.solution, objective=hand.solution.objective + 1.0))
    with pytest.raises(SolverError, match="parts of cost"):
        TABLES["cost"](wrong)


def test_a_weight_on_the_tail_still_adds_up() -> None:
    tables = hand_tables()
    tables["settings"].append({"setting": "risk_weight", "value": 0.5})
    outcome = solved(case_of(tables))
    outcome.verify()
    # half the mean 7.9 and half the worst tenth, which is all in `cut`
    assert outcome.solution.objective == pytest.approx(0.5 * 7.9 + 0.5 * 13.3)


def test_a_block_of_three_years_is_no_spike(hand: Outcome) -> None:
    # would fail if a block were reported in its first year: 240 t in 2028 and nothing after
    supply = pick(TABLES["supply"](hand).frame, future="calm", source="china", element="Nd")
    assert dict(zip(supply["year"], supply["t"], strict=True)) == pytest.approx(dict.fromkeys(range(2027, 2031), 72.0))
    cost = pick(TABLES["cost"](hand).frame, future="calm", name="purchases")
    assert cost["cost_musd"].tolist() == pytest.approx([1.4] * 4)


def test_shortage_is_split_by_year_and_apart_from_the_trunk(hand: Outcome) -> None:
    shortage = TABLES["shortage"](hand).frame
    assert shortage["year"].tolist() == [2028, 2029, 2030]
    assert shortage["short_t"].tolist() == pytest.approx([40.0] * 3)
    assert shortage["loss_musd"].tolist() == pytest.approx([2.0] * 3)
    assert set(shortage["part"]) == {"branch"}
    assert set(shortage["name"]) == {"モーター"}


def test_dependence_by_direct_origin(hand: Outcome) -> None:
    table = pick(TABLES["dependence"](hand).frame, stage="oxide", element="Dy")
    china = pick(table, country="CN")
    assert pick(china, future="calm")["share"].tolist() == pytest.approx([0.8] * 4)
    assert pick(china, future="cut")["share"].tolist() == pytest.approx([0.8, 0.0, 0.0, 0.0])
    # mean of tonnes, not of shares: 0.75 x 8 t of 0.75 x 10 + 0.25 x 6
    assert pick(china, future="expected", year=2028)["share"].item() == pytest.approx(6 / 9)
    headline = pick(TABLES["dependence"](hand).frame, stage="all stages", future="calm", year=2030, country="CN")
    assert dict(zip(headline["element"], headline["t"], strict=True)) == pytest.approx(
        {"Dy": 8.0, "Nd": 72.0, "heavy elements": 8.0, "all elements": 80.0}
    )


def test_an_element_that_is_called_heavy_is_counted_once() -> None:
    tables = hand_tables()
    tables["elements"][0]["element"] = tables["content"][0]["element"] = "heavy"
    table = pick(
        TABLES["dependence"](solved(case_of(tables))).frame, stage="oxide", future="calm", year=2027, country="CN"
    )
    assert dict(zip(table["element"], table["t"], strict=True)) == pytest.approx(
        {"Nd": 72.0, "heavy": 8.0, "heavy elements": 8.0, "all elements": 80.0}
    )


def test_what_is_made_of_what_came_before_enters_the_chain_once() -> None:
    tables = hand_tables()
    tables["commodities"].append({"commodity": "metal", "stage": "metal"})
    tables["content"].append({"commodity": "metal", "element": "Dy", "share": 0.2})
    tables["processes"] = [
        {"process": "smelter", "place": "japan", "stage": "metal", "capacity_t_per_year": 1000.0,
         "technology_origin": "JP", "equipment_origin": "JP"},
    ]  # fmt: skip
    tables["recipes"] = [
        {"process": "smelter", "commodity": "oxide", "direction": "in", "t_per_t": 2.0},
        {"process": "smelter", "commodity": "metal", "direction": "out", "t_per_t": 1.0},
    ]
    tables["demands"][0]["commodity"] = "metal"
    tables["demands"][0]["t_per_year"] = 40.0
    supply = pick(TABLES["supply"](solved(case_of(tables))).frame, future="calm", year=2027, element="Dy")
    assert pick(supply, stage="metal")["country"].tolist() == ["JP"]
    assert pick(supply, enters_chain="yes")["t"].sum() == pytest.approx(8.0)
    assert pick(supply, enters_chain="no")["t"].sum() == pytest.approx(8.0)


def test_concentration_is_the_sum_of_squared_shares(hand: Outcome) -> None:
    row = pick(TABLES["concentration"](hand).frame, future="calm", year=2027, stage="oxide", element="Nd")
    assert row["herfindahl_index"].item() == pytest.approx(0.8**2 + 0.2**2)
    assert row["largest_country"].item() == "CN"


def test_prices_are_duals_in_usd_per_tonne_at_the_node(hand: Outcome) -> None:
    # one more tonne comes from Australia at 30 USD/kg while it has some to sell; in the cut it saves 50 USD/kg of loss.
    # would fail if the probability of the node were not divided out: 12,500 in the cut
    prices = TABLES["prices"](hand).frame
    found = {(row["branch"], row["year"]): row["usd_per_t"] for row in prices.to_dict("records")}
    assert found == pytest.approx(
        {("every future", 2027): 30_000.0, ("trunk", 2028): 30_000.0, ("cut", 2028): 50_000.0}
    )
    assert pick(prices, branch="cut")["probability"].item() == pytest.approx(0.25)


def test_prices_are_in_money_of_their_own_time() -> None:
    tables = hand_tables()
    tables["settings"][0]["value"] = 0.1
    outcome = solved(case_of(tables), futures=["calm"])
    assert TABLES["prices"](outcome).frame["usd_per_t"].tolist() == pytest.approx([30_000.0, 30_000.0])


def test_the_tail_by_sorting() -> None:
    # worst fifth: all of 100 (weight 0.1) and half of what weighs 0.2 at 50: (0.1 x 100 + 0.1 x 50) / 0.2
    assert tail_mean([10.0, 50.0, 100.0], [0.7, 0.2, 0.1], 0.8) == pytest.approx(75.0)
    assert tail_mean([10.0, 50.0, 100.0], [0.7, 0.2, 0.1], 0.0) == pytest.approx(27.0)
    assert tail_mean([5.0], [1.0], 0.9) == pytest.approx(5.0)


def test_futures_with_their_mean_tail_and_worst(hand: Outcome) -> None:
    table = TABLES["futures"](hand).frame.set_index("future")
    assert table.loc["cut", "extra_cost_musd"] == pytest.approx(7.2)
    assert table.loc["cut", "short_t"] == pytest.approx(120.0)
    assert table.loc["cut", "short_on_trunk_t"] == 0.0
    assert table.loc["expected", "cost_musd"] == pytest.approx(7.9)
    assert table.loc["tail", "cost_musd"] == pytest.approx(13.3)
    assert table.loc["worst", "short_musd"] == pytest.approx(6.0)
    assert table.loc["calm", "name"] == "平穏"


def test_what_to_sign_with_date_money_and_price(hand: Outcome) -> None:
    row = TABLES["portfolio"](hand).frame.iloc[0]
    assert (row["id"], row["name"], row["date"], row["branch"]) == ("lynas", "豪州の契約", "2027-01", "every future")
    assert row["size"] == pytest.approx(60.0)
    assert (row["capital_musd"], row["public_musd"]) == pytest.approx((0.5, 0.2))
    # 0.5 prepaid; 20 t a year when calm, 20 and then 60 t a year when cut, at 30 USD/kg
    assert row["cost_musd"] == pytest.approx(0.5 + 0.03 * (0.75 * 80 + 0.25 * 200))
    assert row["latest_date"] == "2027-01"
    signed = pick(TABLES["contracts"](hand).frame, contract="lynas").iloc[0]
    assert (signed["status"], signed["price_rule"]) == ("signed", "fixed 30 USD/kg")
    assert pick(TABLES["contracts"](hand).frame, contract="china")["bought_expected_t"].item() == pytest.approx(260.0)


def test_a_decision_in_branches_is_a_row_for_each() -> None:
    # signed in 2029, when the two futures have parted: 20 t a year when calm, 60 t when cut, for two years at 30 USD/kg
    tables = hand_tables()
    tables["contracts"][1] |= {"sign_from": 2029, "sign_to": 2029}
    rows = TABLES["portfolio"](solved(case_of(tables, grid="years"))).frame.set_index("branch")
    assert rows["date"].to_dict() == {"trunk": "2029-01", "cut": "2029-01"}
    assert rows["probability"].to_dict() == pytest.approx({"trunk": 0.75, "cut": 0.25})
    # would fail if what the other branch buys were charged here, or were weighted again
    assert rows["cost_musd"].to_dict() == pytest.approx({"trunk": 0.5 + 1.2, "cut": 0.5 + 3.6})


def test_a_contract_signed_twice_shares_its_purchases() -> None:
    tables = hand_tables()
    tables["contracts"][1] |= {"sign_to": 2028, "volume_max_t_per_year": 10.0, "prepayment_musd": 0.0}
    outcome = solved(case_of(tables))
    table = TABLES["portfolio"](outcome).frame
    cost = TABLES["cost"](outcome).frame
    paid = pick(cost, future="expected", name="purchases")["cost_musd"].sum()
    china = 0.01 * (80.0 + 0.75 * 240.0)
    assert (table["cost_musd"] * table["probability"]).sum() == pytest.approx(paid - china)


def test_envelopes_in_usd(hand: Outcome) -> None:
    row = pick(TABLES["budgets"](hand).frame, future="cut").iloc[0]
    assert (row["used_musd"], row["amount_musd"], row["left_musd"]) == pytest.approx((0.2, 1.0, 0.8))
    assert row["name"] == "公的資金"


def test_stock_its_days_and_its_release() -> None:
    tables = hand_tables()
    tables["settings"].append({"setting": "emergency_declared", "value": 0.0})
    tables["events"].append(
        {"event": "stop", "part": 2, "table": "settings", "where": "setting=emergency_declared", "column": "value",
         "operation": "set", "value": 1.0},
    )  # fmt: skip
    tables["stockpiles"] = [
        {"stockpile": "reserve", "name": "備蓄", "place": "japan", "commodity": "oxide", "owner": "public",
         "initial_t": 30.0, "initial_class": "free", "warehouse_t": 30.0, "cover_demand_t_per_year": 100.0},
    ]  # fmt: skip
    outcome = solved(case_of(tables))
    stock = TABLES["stock"](outcome).frame
    opening = pick(stock, future="calm", period="opening").iloc[0]
    assert (opening["stock_t"], opening["days_of_cover"]) == pytest.approx((30.0, 30 / 100 * 365))
    releases = TABLES["releases"](outcome).frame
    assert releases[["future", "how", "t"]].to_numpy().tolist() == [["cut", "taken", pytest.approx(30.0)]]
    assert TABLES["futures"](outcome).frame.set_index("future").loc["cut", "released_public_t"] == pytest.approx(30.0)


def test_magnitudes_by_family(hand: Outcome) -> None:
    table = TABLES["magnitudes"](hand).frame
    side = pick(table, what="side", family="DEM").iloc[0]
    assert (side["smallest"], side["largest"]) == (100.0, 300.0)


def test_calendar_years_of_periods() -> None:
    case = case_of(hand_tables())
    block = Period(1, 1.0, 4.0, 2028, "2028-01")
    assert years_of(case, block) == [(year, pytest.approx(1 / 3)) for year in (2028, 2029, 2030)]
    assert years_of(case, Period(0, 0.5, 1.0, 2027, "2027-07")) == [(2027, pytest.approx(1.0))]
    autumn = replace(case, horizon_from=datetime.date(2027, 10, 1))
    assert years_of(autumn, Period(0, 0.0, 1.0, 2027, "2027-10")) == [
        (2027, pytest.approx(0.25)),
        (2028, pytest.approx(0.75)),
    ]
    assert month_of(autumn, 0.5) == "2028-04"
