"""Futures reduced to few, against every choice that there is and against the transport problem itself."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from orefolio.errors import InputError
from orefolio.futures.distance import courses
from orefolio.futures.generated import Asked, generate, with_futures, with_rows
from orefolio.futures.reduction import Stage, forward_selection, parse_stages, reduce
from orefolio.program.program import Floats
from pencil import event, future

from .hazardous import drawable, several


def instance(seed: int, count: int = 8) -> tuple[Floats, Floats]:
    """Points in a plane with their distances, and weights."""
    rng = np.random.default_rng(seed)
    at, weights = rng.random((count, 2)), rng.random(count)
    return np.abs(at[:, None] - at[None, :]).sum(axis=2), weights / weights.sum()


def left(distances: Floats, weights: Floats, kept: tuple[int, ...]) -> float:
    return float(weights @ distances[:, kept].min(axis=1))


def transport(distances: Floats, weights: Floats, other: Floats) -> float:
    """The Kantorovich distance of two distributions over the same points, as a linear program."""
    count = len(weights)
    rows = np.kron(np.eye(count), np.ones(count))
    columns = np.kron(np.ones(count), np.eye(count))
    found = linprog(distances.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.append(weights, other))
    return float(found.fun)


@pytest.mark.parametrize("seed", range(10))
def test_each_step_keeps_the_future_that_lowers_the_distance_most(seed: int) -> None:
    distances, weights = instance(seed)
    selection = forward_selection(distances, weights, 5)
    for step in range(5):
        before = selection.kept[:step]
        choices = {one: left(distances, weights, (*before, one)) for one in range(8) if one not in before}
        assert selection.distances[step] == pytest.approx(min(choices.values()))
        assert choices[selection.kept[step]] == pytest.approx(min(choices.values()))


@pytest.mark.parametrize("seed", range(10))
def test_the_distance_saved_is_near_that_of_the_best_choice_of_all(seed: int) -> None:
    # Against the best single future; greedy choices of such sums save at least 1 - 1/e of the most.
    distances, weights = instance(seed)
    one = forward_selection(distances, weights, 1).distances[0]
    for count in range(2, 8):
        best = min(left(distances, weights, kept) for kept in itertools.combinations(range(8), count))
        found = forward_selection(distances, weights, count).distances[-1]
        assert best - 1e-12 <= found <= one - (1 - 1 / np.e) * (one - best) + 1e-12
    assert forward_selection(distances, weights, 8).distances[-1] == pytest.approx(0)


@pytest.mark.parametrize("seed", range(5))
def test_probabilities_go_to_the_nearest_which_is_the_best_transport(seed: int) -> None:
    distances, weights = instance(seed)
    selection = forward_selection(distances, weights, 3)
    moved = np.bincount(selection.nearest, weights, minlength=8)
    assert set(np.flatnonzero(moved)) == set(selection.kept)
    assert transport(distances, weights, moved) == pytest.approx(selection.distances[-1])


def told(*pieces: Any) -> Case:
    return drawable(
        event("cut", "suppliers", "supplier=mine", "availability_share", "multiply", 0.5),
        event("ban", "suppliers", "supplier=mine", "availability_share", "set", 0.0),
        event("dear", "contract_items", "contract=mine", "price_usd_per_kg", "multiply", 2.0),
        *pieces,
    )


def test_futures_are_as_far_apart_as_their_numbers_over_time() -> None:
    # Without a discount rate, of ten years: a cut by a half for two years is half of the greatest change, a ban for
    # five years is all of it, and a price twice as high for ten years is a kind of its own.
    case = told(
        future("calm", 0.25),
        future("cut", 0.25, {"cut": ("2028-01-01", 24)}, onset="2028-01-01"),
        future("ban", 0.25, {"ban": ("2028-01-01", 60)}, onset="2028-01-01"),
        future("dear", 0.25, {"dear": "2027-01-01"}, onset="2027-01-01"),
    )
    found = courses(case).distances()
    assert found[0] == pytest.approx([0.0, 0.1, 0.5, 1.0])
    assert found[1, 2] == pytest.approx(0.4)
    assert found[2, 3] == pytest.approx(1.5)
    assert courses(case).distances(until=3.0)[0] == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_the_probability_of_no_event_is_kept() -> None:
    case = with_futures(several(), generate(several(), Asked(60, 2)))
    kept = reduce(case, 6)
    quiet = [row.weight for row in kept.rows["futures"] if row.onset is None]
    assert sum(quiet) == pytest.approx(sum(row.weight for row in case.rows("futures") if row.onset is None))
    assert len(kept.rows["futures"]) == 6
    assert sum(row.weight for row in kept.rows["futures"]) == pytest.approx(1)
    assert 0 < kept.distance < kept.spread
    names = {row.future for row in kept.rows["futures"]}
    assert {row.future for row in kept.rows["future_events"]} <= names


def test_more_futures_are_nearer_and_all_of_them_are_there() -> None:
    case = with_futures(several(), generate(several(), Asked(40, 2)))
    count = len(case.rows("futures"))
    far = [reduce(case, size).distance for size in (2, 5, 10, count)]
    assert far == sorted(far, reverse=True)
    assert far[-1] == 0


def test_stages_make_histories_agree_so_that_futures_share_nodes() -> None:
    case = with_futures(several(), generate(several(), Asked(60, 2)))
    day = datetime.date(2029, 1, 1)
    kept = reduce(case, 12, [Stage(day, 4)])
    assert [(stage.most, count) for stage, count, _ in kept.by_stage] == [(4, 4)]
    assert kept.distance >= kept.by_stage[0][2]
    paths = plant(with_rows(case, kept.rows)).paths
    histories = {path.seen(1) for path in paths}
    fan = plant(with_rows(case, reduce(case, 12).rows)).paths
    assert 1 < len(histories) <= 4 < len({path.seen(1) for path in fan})
    assert len({path.seen(4) for path in paths}) > 4
    for path in paths:
        lasting = [name.partition("@")[0] for name, _ in path.tokens]
        assert len(lasting) == len(set(lasting))


def test_too_few_futures_for_the_stages_are_refused() -> None:
    case = with_futures(several(), generate(several(), Asked(60, 2)))
    with pytest.raises(InputError, match="at least 4"):
        reduce(case, 3, [Stage(datetime.date(2029, 1, 1), 4)])


def test_stages_are_dates_with_counts() -> None:
    assert parse_stages("2028-07-01=5, 2030-01-01=9") == (
        Stage(datetime.date(2028, 7, 1), 5),
        Stage(datetime.date(2030, 1, 1), 9),
    )
    for wrong in ("2028=5", "2028-07-01", "2028-07-01=x"):
        with pytest.raises(InputError, match="--stages"):
            parse_stages(wrong)
