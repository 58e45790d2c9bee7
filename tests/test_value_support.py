"""What price support is worth, looked at without a plan: the pencil's own numbers, the least floor and its proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from orefolio import api
from orefolio.analyses.value import Offered, valued
from orefolio.analyses.value.level import least
from orefolio.case.case import Case
from orefolio.cli import main
from orefolio.errors import InputError
from pencil import case_of, event, future, process, project, tables

JAPAN = Path(__file__).parents[1] / "inputs" / "japan"


def supported(*more: Any, rate: float = 0.0, capital: float = 480.0, **columns: Any) -> Case:
    """A plant of 10 t a year for 480 thousand USD that makes at 15 what sells at 20, four years after one of
    building."""
    places = ("china", "world")
    return case_of(
        tables(
            markets=[{"market": place} for place in places],
            elements=[{"element": "Nd"}],
            content=[{"commodity": "oxide", "element": "Nd", "share": 1.0}],
            element_prices=[{"market": place, "element": "Nd", "chinese_usd_per_kg": 20.0} for place in places],
            prices=[{"market": place, "commodity": "oxide"} for place in places],
            instruments=[
                {"instrument": "none", "kind": "none"},
                {"instrument": "low", "kind": "floor", "price_multiple": 1.25},
                {"instrument": "mid", "kind": "floor", "price_multiple": 1.5},
                {"instrument": "high", "kind": "floor", "price_multiple": 2.0},
                {"instrument": "grant", "kind": "grant", "grant_share": 0.6},
                {"instrument": "fixed", "kind": "offtake", "price_multiple": 1.5, "years": 3.0},
            ],
            financed=[{"project": "plant", "private": True, "rate_share_per_year": rate, "market": "world"}],
        ),
        process("line", {}, {"oxide": 1}, cost=15.0),
        project("plant", "line", 10, lead=1.0, capital=capital, start_to=2027),
        *more,
        years=5,
        **columns,
    )


CRASH = event("crash", "element_prices", "market=world", "multiple", "multiply", 0.5)


def by_name(case: Case, **asked: Any) -> dict[str, Offered]:
    (one,) = valued(case, **asked)
    return {offered.instrument: offered for offered in one.offered}


def test_every_instrument_beside_the_others() -> None:
    """In thousand USD: 200, 400, 600, 1,000 less 480; a grant of 288 beside 200; three years of 150 and one of 50.
    Would fail if an instrument were valued by another's price, or the state's outlay were taken for the investor's
    gain."""
    found = by_name(supported())
    worth = {name: 1000 * offered.npv for name, offered in found.items()}
    assert worth == pytest.approx({"none": -280, "low": -80, "mid": 120, "high": 520, "grant": 8, "fixed": 20})
    outlay = {name: 1000 * offered.outlay for name, offered in found.items()}
    assert outlay == pytest.approx({"none": 0, "low": 200, "mid": 400, "high": 800, "grant": 288, "fixed": 300})
    assert all(offered.crash_npv is None for offered in found.values())


def test_a_crash_begins_when_the_project_is_complete() -> None:
    """The price of 10 for two years from 2028 on: alone the plant stands still then and earns 100 after it; under a
    floor of 25 it earns the same 400, and the state pays 15 for two years and 5 for two: 400; a grant stays what it is.
    Would fail if the crash began with the start, or did not end."""
    case = supported(
        CRASH, future("calm", 0.9), future("crash", 0.1, {"crash": ("2030-01-01", 24)}, onset="2030-01-01")
    )
    found = by_name(case)
    assert 1000 * (found["none"].crash_npv or 0) == pytest.approx(100 - 480)
    assert 1000 * (found["low"].crash_npv or 0) == pytest.approx(400 - 480)
    assert 1000 * (found["low"].crash_outlay or 0) == pytest.approx(400)
    assert 1000 * (found["grant"].crash_outlay or 0) == pytest.approx(288)
    assert by_name(case, crash="crash") == found
    with pytest.raises(InputError, match="crush"):
        valued(case, crash="crush")


def test_futures_count_by_their_weights() -> None:
    """From 2030 on the price is 10 in a tenth of the cases: there the plant earns 100, else 200, 190 in expectation;
    the floor of 25 costs 0.9 x 200 + 0.1 x (2 x 50 + 2 x 150) = 220, at most 400. Would fail if futures counted
    alike."""
    onset = "2030-01-01"
    found = by_name(supported(CRASH, future("calm", 0.9), future("crash", 0.1, {"crash": onset}, onset=onset)))
    assert 1000 * found["none"].npv == pytest.approx(190 - 480)
    assert (1000 * found["none"].npv_least, found["none"].least_in) == (pytest.approx(100 - 480), "crash")
    assert 1000 * found["low"].outlay == pytest.approx(220)
    assert (1000 * found["low"].outlay_largest, found["low"].largest_in) == (pytest.approx(400), "crash")


def test_the_least_floor_is_exact() -> None:
    """480 over 40 t are 12 a kilogram over the cost of 15: a floor of 27, which is 1.35 x 20. At 10 % the margin is 480
    x (1 - 1.1^-1) / (1.1^-1 - 1.1^-5) / 10 t. With 200 of capital no floor is needed. Would fail by any step of a
    search."""
    (one,) = valued(supported())
    assert one.floor.multiple == pytest.approx(1.35, rel=1e-9)
    assert one.floor.proved
    (dear,) = valued(supported(rate=0.1))
    margin = 48 * (1 - 1.1**-1) / (1.1**-1 - 1.1**-5)
    assert dear.floor.multiple == pytest.approx((15 + margin) / 20, rel=1e-9)
    (cheap,) = valued(supported(capital=200.0))
    assert cheap.floor.multiple == 0.0


def test_the_least_level_of_a_convex_function() -> None:
    """-10 + 2 (f - 1)+ + 3 (f - 3)+ is -6 at 3 and rises by 5: nought at 4.2. A function that never rises has none."""

    def kinked(level: float) -> tuple[float, float]:
        return -10 + 2 * max(0, level - 1) + 3 * max(0, level - 3), 2.0 * (level >= 1) + 3.0 * (level >= 3)

    found = least(kinked)
    assert found.multiple == pytest.approx(4.2, rel=1e-9)
    assert found.proved
    assert found.below < 0 <= found.at + 1e-9
    flat = least(lambda _: (-1.0, 0.0))
    assert flat.multiple is None
    assert not flat.proved
    assert least(lambda _: (0.0, 0.0)).multiple == 0.0


def test_a_case_without_investors_says_so() -> None:
    with pytest.raises(InputError, match="no project that an investor may finance"):
        valued(case_of(process("line", {}, {"oxide": 1})))


def test_the_command_prints_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    """Japan's mines and separation plants: a higher floor is worth no less and takes no less, the least floor is
    proved, and it is above nought just where the market alone does not pay."""
    code = main(["value", str(JAPAN), "--support", "--overlay", "support", "--json"], standalone_mode=False)
    answer = json.loads(capsys.readouterr().out)
    assert (code or 0, answer["schema"]) == (0, "orefolio/value/1")
    financed = {row.project for row in api.load(JAPAN).case.rows("financed")}
    assert {one["project"] for one in answer["projects"]} == financed
    for one in answer["projects"]:
        found = {offered["instrument"]: offered for offered in one["offered"]}
        floors = [found[name] for name in ("none", "floor_1_25", "floor_1_5", "floor_2")]
        assert [each["npv"] for each in floors] == sorted(each["npv"] for each in floors)
        assert [each["outlay"] for each in floors] == sorted(each["outlay"] for each in floors)
        assert found["floor_2"]["crash_outlay"] >= found["floor_1_5"]["crash_outlay"] >= 0
        assert one["crash"] == "price_crash"
        assert one["floor"]["proved"]
        assert (one["floor"]["multiple"] > 0) == (found["none"]["npv"] < 0)


def test_the_command_prints_a_table_for_each_project(capsys: pytest.CaptureFixture[str]) -> None:
    main(["value", str(JAPAN), "--support", "--overlay", "support"], standalone_mode=False)
    text = capsys.readouterr().out
    assert text.count("The least floor that brings it on line is") + text.count("without a price floor") == text.count(
        "an investor finances it"
    )
    assert "The crash is the event price_crash." in text


def test_the_command_asks_what_is_to_be_valued() -> None:
    assert main(["value", str(JAPAN)], standalone_mode=False) == click.UsageError.exit_code
