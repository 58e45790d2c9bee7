"""A plan in futures that it was not made for: costs worked out by hand, intervals against means of many others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from orefolio.analyses.out_of_sample.estimate import Mean, estimates, stratified
from orefolio.analyses.out_of_sample.policy import Policy
from orefolio.analyses.out_of_sample.recourse import costs
from orefolio.analyses.out_of_sample.replications import Replication, optimality_gap, summary
from orefolio.case.case import Case
from orefolio.errors import InfeasibleError, InputError
from orefolio.futures.drawing import Drawn, Strike
from orefolio.futures.generated import Asked, Sample, Weighted, generate, sample, with_futures, with_rows
from orefolio.futures.reduction import reduce
from orefolio.program.build import build
from orefolio.solve import Options, Session
from pencil import event, must, offtake

from .hazardous import drawable, hazard, newsvendor, nothing, several

EXACT = Options(abs_gap=0.0)
YEARLY = 12
TRUNK = Drawn(None, (Strike("cheap", 12, math.inf),))
CUT = Drawn(12, (Strike("cheap", 12, math.inf), Strike("cut", 12, math.inf)))


def planned(case: Case, futures: Sequence[Weighted]) -> Policy:
    """What the best plan for some futures does."""
    merged = build(with_futures(case, futures))
    return Policy.of_solution(merged, "only", Session(merged.program, EXACT).solve().values)


def thousand(costs: Sequence[float]) -> list[float]:
    return [pytest.approx(1000 * cost, abs=1e-4) for cost in costs]


def test_stock_bought_for_a_cut_pays_in_it_and_costs_without_it() -> None:
    # Prepared: 20 t at 3 in the first year, 60 whatever comes. Unprepared: 10 t at 3 and 10 t at 1.5, which is 45; or
    # 10 t at 3 and 10 t short at 8, which is 110.
    case = newsvendor()
    prepared = planned(case, [Weighted(TRUNK, 0.5), Weighted(CUT, 0.5)])
    careless = planned(case, [Weighted(TRUNK, 1.0)])
    found = costs([prepared, careless], [TRUNK, CUT], EXACT)
    assert thousand([cost.high for cost in found[0]]) == [60.0, 60.0]
    assert thousand([cost.high for cost in found[1]]) == [45.0, 110.0]
    assert all(cost.low == pytest.approx(cost.high) for each in found for cost in each)


def test_all_is_chosen_anew_once_a_future_has_parted() -> None:
    # The market may close in the first year already: nothing of the plan holds, and 10 t are short in each year.
    early = Drawn(0, (Strike("cut", 0, 12.0), Strike("cheap", 12, math.inf)))
    careless = planned(newsvendor(), [Weighted(TRUNK, 1.0)])
    ((cost,),) = costs([careless], [early], EXACT)
    assert thousand([cost.high]) == [80 + 15.0]


def test_a_plan_says_nothing_where_it_never_thought_to_be() -> None:
    # It was made for a cut alone, with the trunk as improbable as can be: what it would do there in 2028 is not held.
    rare = planned(newsvendor(), [Weighted(TRUNK, 1e-6), Weighted(CUT, 1 - 1e-6)])
    assert {month for month, _ in rare.at} == {-1, 0, 12}
    assert not [known for known in rare.at if known[0] == 12 and len(known[1]) == 1]


def test_a_commitment_without_a_way_to_keep_it_is_told() -> None:
    # An offtake of 10 t serves a need that must be met; the plan for the trunk signs 6 t of it, as the need is then.
    less = event("more", "demands", "demand=need", "multiple", "multiply", 10 / 6)
    case = drawable(
        *(offtake("deal", "metal", 1.0, 10.0, years=(2027, 2027)), must("need", "metal", 6.0), less),
        hazard("more", 0.1),
        years=2,
        reaction_years=0.0,
    )
    more = Drawn(12, (Strike("more", 12, math.inf),))
    policy = planned(case, [Weighted(Drawn(None, ()), 1.0)])
    assert thousand([costs([policy], [Drawn(None, ())], EXACT)[0][0].high])
    with pytest.raises(InfeasibleError, match="leaves no plan in the future"):
        costs([policy], [more], EXACT)


def test_a_stratified_mean_is_exact_where_it_can_be() -> None:
    # A quarter costs 10 for sure. Of three draws one costs 20 and two 26: mean 24, variance (16 + 4 + 4) / 2 = 12. So
    # the mean is 2.5 + 18 = 20.5 with an error of 0.75 sqrt(12 / 3) = 1.5, and t of 2 degrees at 95 % is 4.30265.
    drawn = Sample((Weighted(TRUNK, 0.25),), {CUT: 1, Drawn(6, ()): 2})
    found = stratified(drawn, np.array([10.0, 20.0, 26.0]), 0.95)
    assert found.mean == pytest.approx(20.5)
    assert found.error == pytest.approx(1.5)
    assert (found.low, found.high) == pytest.approx((20.5 - 1.5 * 4.30265, 20.5 + 1.5 * 4.30265), rel=1e-5)
    assert found.holds(25)
    assert not found.holds(28)


def test_what_is_never_drawn_leaves_no_doubt() -> None:
    assert stratified(Sample((Weighted(TRUNK, 1.0),), {}), np.array([7.0]), 0.95) == Mean(7.0, 0.0, 7.0, 7.0)


def test_one_draw_has_no_spread() -> None:
    case = newsvendor()
    with pytest.raises(InputError, match="one future with an event"):
        estimates([planned(case, [Weighted(TRUNK, 1.0)])], Sample((Weighted(TRUNK, 0.5),), {CUT: 1}), EXACT)


def test_the_expected_cost_of_a_plan_is_as_reckoned_by_hand() -> None:
    # A cut comes with a half: the careless plan costs 45 / 2 + 110 / 2 = 77.5, the prepared one 60.
    case = newsvendor()
    policies = [
        planned(case, futures) for futures in ([Weighted(TRUNK, 0.5), Weighted(CUT, 0.5)], [Weighted(TRUNK, 1.0)])
    ]
    found = estimates(policies, sample(case, Asked(60, 3, "random", YEARLY)), EXACT)
    assert thousand([one.cost.mean for one in found]) == [60.0, 77.5]
    assert [one.cost.error for one in found] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_the_gap_of_a_plan_is_as_reckoned_by_hand() -> None:
    # The best plan costs 60 in every sample that has a cut, the careless one 77.5: the gap is 17.5.
    case = newsvendor()
    careless = planned(case, [Weighted(TRUNK, 1.0)])
    gap = optimality_gap(careless, Asked(30, 3, "random", YEARLY), 3, EXACT)
    assert thousand([gap.mean, gap.most, gap.error]) == [17.5, 17.5, 0.0]
    prepared = planned(case, [Weighted(TRUNK, 0.5), Weighted(CUT, 0.5)])
    assert optimality_gap(prepared, Asked(30, 3, "random", YEARLY), 2, EXACT).mean == pytest.approx(0, abs=1e-7)


def test_replications_bound_the_gap_by_their_spread() -> None:
    # Gaps of 1, 2 and 3: mean 2, error 1 / sqrt(3), and t of 2 degrees at 95 % one-sided is 2.91999.
    gap = summary([Replication(11.0, 10.5, 10.0), Replication(12.0, 10.0, 10.0), Replication(13.0, 10.0, 10.0)], 0.95)
    assert gap.mean == pytest.approx(2)
    assert gap.most == pytest.approx(2 + 2.91999 / math.sqrt(3), rel=1e-5)


def test_an_event_that_costs_nothing_leaves_the_plan_where_it_was() -> None:
    case = drawable(nothing("cut"), hazard("cut", 0.3), years=3)
    policy = planned(case, generate(case, Asked(20, 1)))
    (found,) = estimates([policy], sample(case, Asked(50, 2, "random")), EXACT)
    assert thousand([found.low, found.cost.mean, found.high]) == [90.0] * 3


@pytest.mark.long
def test_the_interval_of_a_plan_for_reduced_futures_covers_its_cost_in_many_others_in_seventeen_of_twenty_seeds() -> (
    None
):
    case = several()
    many = sample(case, Asked(2000, 999, "random"))
    policies, intervals = [], []
    for seed in range(20):
        drawn = with_futures(case, generate(case, Asked(200, seed)))
        few = with_rows(drawn, reduce(drawn, 20).rows)
        merged = build(few)
        policy = Policy.of_solution(merged, "only", Session(merged.program, EXACT).solve().values)
        (found,) = estimates([policy], sample(case, Asked(200, 5000 + seed, "random")), EXACT)
        policies.append(policy)
        intervals.append(found)
    measured = estimates(policies, many, EXACT)
    covered = sum(one.low <= other.cost.mean <= one.high for one, other in zip(intervals, measured, strict=True))
    assert covered >= 17
