"""A plan that rolls along a future: costs worked out by hand, what it may know, and what stays the same."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from orefolio.analyses.out_of_sample.policy import Policy
from orefolio.analyses.rolling.compare import rolled, sampled
from orefolio.analyses.rolling.kept import Kept, head_of
from orefolio.analyses.rolling.outcome import POLICIES, Rolling, Spread, Walk
from orefolio.analyses.rolling.sheets import sheets
from orefolio.analyses.rolling.step import Decided
from orefolio.analyses.rolling.told import Stated, evenly
from orefolio.analyses.rolling.walk import walked
from orefolio.case.case import AfterShock, Case
from orefolio.errors import InputError
from orefolio.futures.drawing import Drawn, Strike
from orefolio.futures.generated import Weighted, hazards_of, with_futures
from orefolio.program.build import build
from orefolio.solve import Options, Session
from orefolio.tables.folder.cells import csv_of
from pencil import event, offtake, stockpile

from .hazardous import drawable, hazard, lasting, newsvendor, several

EXACT = Options(abs_gap=0.0)
GRID = "only"
YEARLY = 12
CHEAP, WORSE = Strike("cheap", 12, math.inf), Strike("worse", 24, math.inf)
TRUNK = Drawn(None, (CHEAP, WORSE))
SHORT_CUT = Drawn(12, (CHEAP, Strike("cut", 12, 18.0), WORSE))
LONG_CUT = Drawn(12, (CHEAP, Strike("cut", 12, 24.0), WORSE))
EVEN_CHANCES = (TRUNK, TRUNK, SHORT_CUT, LONG_CUT)


def hoard() -> Case:
    """Three years with a need of 10 t each, and room for 10 t of stock.

    Ore costs 3 USD/kg in the first year and 1.5 afterwards; a missing kilogram costs 8, in the third year 12. The
    market may close in the second year, for one year or for two.
    """
    cheap = event("cheap", "contract_items", "contract=mine", "price_usd_per_kg", "multiply", 0.5)
    worse = event("worse", "loss_steps", "demand=use", "loss_usd_per_kg", "set", 12.0)
    cut = event("cut", "suppliers", "supplier=mine", "availability_share", "set", 0.0)
    return evenly(
        drawable(
            *(stockpile("store", "ore", room=10.0), cheap, worse, cut),
            hazard("cheap", comes="date", first="2028-01-01"),
            hazard("worse", comes="date", first="2029-01-01"),
            hazard("cut", 0.5, **lasting(18, 21, 24)),
            years=3,
            terminal_share=0.0,
        )
    )


def planned(case: Case, futures: Sequence[Drawn]) -> Policy:
    """The best plan for some futures that are as probable as each other, as they tell themselves."""
    stated = Stated.of(case, GRID, futures)
    merged = stated.merged({one: futures.count(one) / len(futures) for one in stated.number})
    return Policy.of_solution(merged, GRID, Session(merged.program, EXACT).solve().values)


def may_follow(future: Drawn, month: int) -> Sequence[Drawn]:
    """Of EVEN_CHANCES what may follow on a future: until 2028 all, then whether it is cut shows, and for how long."""
    if month <= 12:
        return EVEN_CHANCES
    return [TRUNK] if future == TRUNK else [SHORT_CUT, LONG_CUT]


def thousand(walk: Walk) -> list[float]:
    """What rolling, the fixed plan and foresight cost, thousand USD."""
    return [1000 * walk.outcomes[name].high for name in POLICIES]


@pytest.mark.parametrize(
    ("future", "rolling", "fixed", "foresight"),
    [(TRUNK, 75, 75, 60), (SHORT_CUT, 75, 75, 75), (LONG_CUT, 180, 140, 140)],
)
def test_each_policy_costs_in_each_future_what_a_pencil_says(
    future: Drawn, rolling: float, fixed: float, foresight: float
) -> None:
    # A tonne of stock bought at 3 in the first year is worth 1.5 without a cut and 8 with one, 4.75 on average: so
    # 20 t are bought, 60. Without a cut 10 t more at 1.5 make 75; who knew that would pay 30 + 15 + 15 = 60.
    # In the second year of a cut a tonne of stock spares 8 at once, or in the third year 12 or 1.5 with even chances,
    # 6.75: it is used. If the cut ends, 10 t at 1.5 make 75. If it lasts, 10 t are short at 12: 60 + 120 = 180. Who
    # knows that keeps the stock and goes short at 8: 60 + 80 = 140, and so does the fixed plan once it is cut.
    case = hoard()
    walk = walked(planned(case, EVEN_CHANCES), future, may_follow, EXACT)
    assert thousand(walk) == [pytest.approx(cost, abs=0.01) for cost in (rolling, fixed, foresight)]
    assert all(one.low == pytest.approx(one.high, abs=1e-5) for one in walk.outcomes.values())
    assert [step.year for step in walk.steps] == [2027, 2028]
    short = {TRUNK: 0.0, SHORT_CUT: 0.0, LONG_CUT: 10.0}[future]
    assert walk.outcomes["rolling"].short_t == pytest.approx(short, abs=1e-4)


def test_who_expects_just_what_comes_pays_what_foresight_does() -> None:
    case = hoard()
    for future, cost in ((TRUNK, 60.0), (SHORT_CUT, 75.0), (LONG_CUT, 140.0)):
        walk = walked(planned(case, [future]), future, lambda one, _: [one], EXACT)
        assert thousand(walk) == [pytest.approx(cost, abs=0.01)] * 3


def test_who_expects_no_cut_is_caught_without_stock() -> None:
    # No stock: 30 in the first year. Caught in the second it is short of 10 t at 8, in the third of 10 t at 12.
    case = hoard()
    careless = planned(case, [TRUNK])
    walk = walked(careless, LONG_CUT, lambda one, month: [TRUNK] if month <= 12 else [one], EXACT)
    assert thousand(walk) == [pytest.approx(230.0, abs=0.01), pytest.approx(230.0, abs=0.01), pytest.approx(140.0)]


def test_futures_that_show_the_same_share_what_is_decided() -> None:
    stated = Stated.of(hoard(), GRID, [TRUNK, SHORT_CUT, LONG_CUT])
    trunk, short, long = (stated.nodes(one) for one in (TRUNK, SHORT_CUT, LONG_CUT))
    assert trunk[0] == short[0] == long[0]
    assert short[1] == long[1] != trunk[1]
    assert short[2] != long[2]


def test_an_event_that_stretches_shows_its_length_at_once() -> None:
    part = {"written_for_months": 12.0, "length_months": 6.0}
    cut = event("cut", "suppliers", "supplier=mine", "availability_share", "set", 0.0, **part)
    case = evenly(drawable(cut, hazard("cut", 0.5, **lasting(12, 18, 24)), years=3))
    one, other = (Drawn(12, (Strike("cut", 12, length),)) for length in (12.0, 24.0))
    stated = Stated.of(case, GRID, [one, other])
    assert stated.nodes(one)[1] != stated.nodes(other)[1]


def test_what_lies_behind_is_held_and_no_longer_asked_about() -> None:
    case = hoard()
    stated = Stated.of(case, GRID, [TRUNK, SHORT_CUT, LONG_CUT])
    merged = stated.merged({TRUNK: 0.5, SHORT_CUT: 0.25, LONG_CUT: 0.25})
    values = Session(merged.program, EXACT).solve().values
    decided = Decided()
    first = stated.nodes(TRUNK)[0]
    decided.carry_out(merged, values, first)
    program = decided.ahead(merged)
    for place, label in enumerate(program.columns):
        if label.node == first:
            assert program.column_lower[place] == program.column_upper[place] == pytest.approx(values[place])
    free = [not math.isfinite(lower) for lower in program.row_lower - program.row_upper + program.row_lower]
    assert any(label.node == first for label in program.rows)
    assert all(gone for gone, label in zip(free, program.rows, strict=True) if label.node == first)
    assert Session(program, EXACT).solve().objective == pytest.approx(merged.program.objective(values))


def test_time_is_told_alike_whatever_happens() -> None:
    case = drawable(hazard("cut", 0.5), event("cut", "suppliers", "*", "availability_share", "set", 0.0), years=9)
    coarse = dataclasses.replace(case, after_shock=AfterShock(0, 1, 3))
    futures = [Drawn(None, ()), Drawn(12, (Strike("cut", 12, 6.0),))]
    told = Stated.of(evenly(coarse), GRID, futures).tree.paths
    assert [len(path.periods) for path in told] == [9, 9]
    assert min(len(flat.path.periods) for flat in build(with_futures(coarse, [Weighted(futures[1], 1.0)])).flats) < 9


def test_a_commitment_is_made_before_the_year_and_kept() -> None:
    # An offtake of 10 t at 1 may be signed for 2028 alone, and then holds: 30 in the first year, 10 in each other one.
    deal = offtake("deal", "ore", 1.0, 10.0, years=(2028, 2028))
    case = evenly(drawable(deal, event("cut", "demands", "*", "multiple", "set", 1.0), hazard("cut", 0.1), years=3))
    quiet = Drawn(None, ())
    walk = walked(planned(case, [quiet]), quiet, lambda one, _: [one], EXACT)
    assert thousand(walk)[0] == pytest.approx(50.0, abs=0.01)
    signed = [one for one in walk.outcomes["rolling"].decisions if one.variable == "sign"]
    assert [(one.year, one.index, one.value) for one in signed] == [(2028, "deal", 1.0)]


def test_foresight_is_what_the_future_alone_costs_and_never_dearer() -> None:
    case = several()
    asked = Rolling(paths=4, fan=4, seed=5)
    found = rolled(case, GRID, asked, EXACT)
    futures = sampled(hazards_of(evenly(case), asked.every, None), asked)
    for future, walk in zip(futures, found.walks, strict=True):
        alone = build(with_futures(evenly(case), [Weighted(future, 1.0)]))
        best = Session(alone.program, EXACT).solve().objective
        assert walk.outcomes["foresight"].high == pytest.approx(best, rel=1e-6)
        assert all(walk.outcomes[name].high >= best - 1e-6 for name in POLICIES)
    assert found.reached(EXACT)
    assert found.difference("rolling", "foresight").mean >= 0


def test_more_paths_begin_with_the_same_ones() -> None:
    hazards = hazards_of(evenly(several()), 6, None)
    assert sampled(hazards, Rolling(paths=7, seed=3))[:4] == sampled(hazards, Rolling(paths=4, seed=3))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_killed_comparison_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    case, asked = several(), Rolling(paths=3, fan=3, seed=2)
    head = head_of(case, GRID, asked, EXACT)
    whole = rolled(case, GRID, asked, EXACT, Kept.at(tmp_path / "whole", head, resume=False))

    def killed(said: str) -> None:
        if said.startswith("path 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rolled(case, GRID, asked, EXACT, Kept.at(tmp_path / "killed", head, resume=False), killed)
    (tmp_path / "killed" / "paths" / "2.json").unlink()
    again = rolled(case, GRID, asked, EXACT, Kept.at(tmp_path / "killed", head, resume=True))
    assert bytes_of(tmp_path / "killed") == bytes_of(tmp_path / "whole")
    texts = [{name: csv_of(sheet) for name, sheet in sheets(one).items()} for one in (whole, again)]
    assert texts[0] == texts[1]


def test_a_folder_of_another_comparison_is_refused(tmp_path: Path) -> None:
    case, asked = several(), Rolling(paths=1, fan=2)
    Kept.at(tmp_path, head_of(case, GRID, asked, EXACT), resume=False)
    with pytest.raises(InputError, match="--resume"):
        Kept.at(tmp_path, head_of(case, GRID, asked, EXACT), resume=False)
    with pytest.raises(InputError, match=r"another comparison \(seed\)"):
        Kept.at(tmp_path, head_of(case, GRID, dataclasses.replace(asked, seed=9), EXACT), resume=True)


def test_an_aversion_to_risk_is_refused() -> None:
    with pytest.raises(InputError, match="expected cost alone"):
        rolled(drawable(hazard("cut", 0.1), risk_weight=0.5), GRID, Rolling(), EXACT)


def test_a_mean_has_the_interval_of_student() -> None:
    # 1, 2 and 6: mean 3, variance (4 + 1 + 9) / 2 = 7, error sqrt(7 / 3), and t of 2 degrees at 95 % is 4.30265.
    found = Spread.of([1.0, 2.0, 6.0], 0.95)
    assert found.mean == pytest.approx(3)
    assert found.error == pytest.approx(math.sqrt(7 / 3))
    assert found.high == pytest.approx(3 + 4.30265 * math.sqrt(7 / 3), rel=1e-5)
    assert Spread.of([4.0], 0.95) == Spread(4.0, None, None, None)


def test_the_newsvendor_pays_for_stock_along_each_path() -> None:
    # With a cut in some of the futures ahead 20 t are bought at 3, 60 whatever comes, or 10 t and then 10 t at 1.5
    # or none at a loss of 8, where a cut is thought to be less likely than (3 - 1.5) / (8 - 1.5).
    found = rolled(newsvendor(), GRID, Rolling(paths=6, fan=8, seed=1, every=YEARLY), EXACT)
    costs = [round(1000 * walk.outcomes["rolling"].high, 3) for walk in found.walks]
    assert set(costs) <= {45.0, 60.0, 110.0}
    best = [round(1000 * walk.outcomes["foresight"].high, 3) for walk in found.walks]
    assert best == [60.0 if "cut" in walk.happens else 45.0 for walk in found.walks]
