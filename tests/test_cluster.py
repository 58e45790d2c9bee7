"""Walls on clusters that are not there: rounds worked out by hand, limits that hold for any, and a real record."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks import cluster, intervals
from benchmarks.recorded import Record, Recorder, Round
from benchmarks.simulated import Law, Network, dealt, floor, law, resampled, round_seconds, seconds
from benchmarks.watched import Watched
from orefolio.analyses.out_of_sample.estimate import Estimate, Mean
from orefolio.case.read import load_case, load_case_with_warnings
from orefolio.program.build import build
from orefolio.scale.decomposition import decomposed
from orefolio.scale.decomposition.processes import Processes
from orefolio.solve import Options

TESTS = Path(__file__).parent
INPUTS = TESTS.parent / "inputs"
FARMER = TESTS / "outside" / "birge_farmer"
NETWORK = Network(latency=0.5, bytes_per_second=10.0)


def asked(
    solving: Sequence[float],
    master: float = 1.0,
    said: tuple[float, float] = (0.0, 0.0),
    of: tuple[float, float] = (0.0, 0.0),
) -> Round:
    """A round. said: seconds of each question and answer; of: their bytes."""
    each = np.ones(len(solving))
    return Round("cut", master, np.array(solving), *(number * each for number in (*said, *of)))


def recorded(*rounds: Round) -> Record:
    """Rounds of futures whose sizes are as their first answers, and half a second after all."""
    return Record(rounds, rounds[0].solving.copy(), 0.5)


def random_record(seed: int, futures: int = 23, rounds: int = 4) -> Record:
    draws = np.random.default_rng(seed)
    return recorded(*(asked(draws.gamma(0.5, size=futures).tolist(), draws.random()) for _ in range(rounds)))


@pytest.mark.parametrize(("workers", "kept", "expected"), [(1, 7, 7), (2, 5, 4), (3, 4, 4), (1000, 4, 4)])
def test_rounds_without_messages_are_as_worked_out_by_hand(workers: int, kept: float, expected: float) -> None:
    """A second of the master, then answers of 3, 2 and 1. Dealt by size to two workers, the first has 3 and 1; the
    next free one would take the third after 2."""
    one = asked([3.0, 2.0, 1.0])
    assert round_seconds(one, dealt(one.solving, workers), workers) == kept
    assert round_seconds(one, None, workers) == expected


def test_messages_go_out_and_come_in_one_after_the_other() -> None:
    """10 bytes there take 1 second and 5 back a half, each way another half. Questions leave at 2 and 3 and arrive at
    2.5 and 3.5; two workers have answered at 6.5 and 4.5, heard at 7.5 and 5.5. One worker answers at 6.5 and 7.5."""
    one = asked([4.0, 1.0], of=(10.0, 5.0))
    assert round_seconds(one, np.array([0, 1]), 2, NETWORK) == 7.5
    assert round_seconds(one, np.array([0, 0]), 1, NETWORK) == 8.5


def test_what_the_coordinator_does_for_a_message_is_in_its_line() -> None:
    """1 of the master, 0.25 and 0.5 and 1 to ask, 0.5 there, 4 to solve, 0.5 back, 0.5 and 0.125 to hear: 8.375."""
    one = asked([4.0], said=(0.25, 0.125), of=(10.0, 5.0))
    network = Network(latency=0.5, bytes_per_second=10.0, overhead=0.5)
    assert round_seconds(one, None, 1, network) == 8.375


def test_the_coordinator_is_the_limit_where_answers_come_faster_than_it_hears() -> None:
    """Five answers of a second that all come at 2, each heard for 3: 1 + 1 + 15."""
    assert round_seconds(asked([1.0] * 5, said=(0.0, 3.0)), None, 5) == 17.0


def test_futures_are_dealt_from_the_largest_to_the_smallest() -> None:
    assert dealt(np.array([10.0, 40.0, 20.0, 30.0]), 2).tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_no_simulation_is_below_its_limits_and_one_worker_takes_the_sum(seed: int, kept: bool) -> None:
    record = random_record(seed)
    whole = record.master + record.solving
    assert seconds(record, 1, kept=kept) == pytest.approx(whole)
    assert seconds(record, 10_000, kept=kept) == pytest.approx(floor(record))
    for workers in (2, 3, 8, 20):
        found = seconds(record, workers, kept=kept)
        assert floor(record) - 1e-9 <= found <= whole
        assert found >= record.master + record.solving / workers - 1e-9
        assert found <= seconds(record, workers, NETWORK, kept)


def test_more_futures_are_those_of_the_record_each_with_all_its_rounds() -> None:
    """Two futures that take 1 and 10, then 2 and 20; the coordinator's seconds are tripled."""
    record = recorded(asked([1.0, 10.0]), asked([2.0, 20.0]))
    found = resampled(record, 50, 3.0)
    assert found.futures == 50
    assert found.master == pytest.approx(3 * record.master)
    assert found.rounds[1].solving.tolist() == (2 * found.rounds[0].solving).tolist()
    assert set(found.rounds[0].solving.tolist()) == {1.0, 10.0}
    assert resampled(record, 50, 3.0).sizes.tolist() == found.sizes.tolist()


def test_a_power_law_is_found_through_its_points() -> None:
    """3 futures^1.5, exactly: 24 of 4 futures."""
    found = law((1, 2, 5), [3 * count**1.5 for count in (1, 2, 5)])
    assert (found.factor, found.power, found(4)) == pytest.approx((3.0, 1.5, 24.0))


def test_a_record_has_each_round_of_a_solve_with_its_bytes_and_seconds() -> None:
    """The farmer, to its published optimum; the programs go with the first questions alone."""
    merged = build(load_case_with_warnings(FARMER).case)
    recorder, began = Recorder(), time.process_time()
    found = decomposed(merged, Options(abs_gap=1e-6), recorder)
    record, spent = recorder.record(), time.process_time() - began
    assert found.objective == pytest.approx(-108.390, abs=1e-6)
    assert record.futures == len(merged.flats)
    assert [one.deed for one in record.rounds].count("plan") >= 1
    first, *later = record.rounds
    assert later
    assert all((first.asked > one.asked + 500).all() for one in later if one.deed == "cut")
    assert 0 < record.master + record.said + record.solving <= spent
    assert record.master + record.solving <= seconds(record, 1) <= record.master + record.said + record.solving


def test_a_solve_by_processes_is_watched_round_by_round() -> None:
    merged = build(load_case_with_warnings(FARMER).case)
    crew = Watched(Processes(2))
    assert decomposed(merged, Options(abs_gap=1e-6), crew).objective == pytest.approx(-108.390, abs=1e-6)
    assert len(crew.workers) == len(crew.wall) >= 2
    each = np.array(crew.workers)
    assert each.shape[1] == 2
    assert (each >= 0).all()
    assert each.max(axis=1).sum() == pytest.approx(crew.busiest)
    assert each.sum(axis=0).min() > 0


def test_a_sweep_is_shared_out_after_each_worker_has_its_base() -> None:
    """Four points of 2 seconds after a base of 1: one worker 9, two 5, four and more 3."""
    rows = cluster.sweeps(1.0, np.array([2.0, 2.0]), 4)
    walls = {row["workers"]: row["wall_s"] for row in rows}
    assert (walls[1], walls[2], walls[8], walls[1000]) == (9.0, 5.0, 3.0, 3.0)
    assert rows[1]["times_faster"] == 1.8


def test_points_turn_eight_levers_of_the_case_within_their_ends() -> None:
    case = load_case(INPUTS / "japan")
    ends = {row.lever: (row.low, row.high) for row in case.rows("levers")}
    points = cluster.drawn_points(case, 5)
    assert [len(point.levers) for point in points] == [8] * 5
    assert all(ends[name][0] <= value <= ends[name][1] for point in points for name, value in point.levers.items())
    assert [point.key() for point in cluster.drawn_points(case, 5)] == [point.key() for point in points]
    assert [ends[name][0] <= value <= ends[name][1] for name, value in cluster.first(case).items()] == [True]


def test_futures_without_a_record_are_drawn_from_the_largest_with_the_master_by_its_law() -> None:
    """Twice as many as the largest record under a law of squares: four times the master."""
    small, large = recorded(asked([1.0, 2.0])), recorded(asked([1.0, 2.0, 4.0], master=3.0))
    measured = {2: cluster.Measured(small, 1.0), 3: cluster.Measured(large, 1.0)}
    assert cluster.scaled(measured, 2, Law(1.0, 2.0)) is small
    assert cluster.scaled(measured, 6, Law(1.0, 2.0)).master == pytest.approx(4 * large.master)
    master, stating = cluster.laws({2: cluster.Measured(small, 1.0), 8: cluster.Measured(large, 16.0)})
    assert (master(2), master(8), stating(4)) == pytest.approx((1.0, 3.0, 4.0))


def test_rows_of_a_record_and_of_its_simulation_tell_the_same_seconds() -> None:
    """Master 1 + 2 + 0.5; answers 3 + 2, then 4 + 4: one worker 16.5, any number at least 3.5 + 3 + 4."""
    record = recorded(asked([3.0, 2.0]), asked([4.0, 4.0], master=2.0, of=(7.0, 9.0)))
    (row,) = cluster.own(cluster.Measured(record, 5.0))
    figures = ("futures", "rounds", "stating_s", "master_s", "solving_s", "longest_s", "asked_bytes", "answered_bytes")
    assert [row[name] for name in figures] == [2, 2, 5.0, 3.5, 13.0, 7.0, 7, 9]
    rows = {row["workers"]: row for row in cluster.simulated(record, 2, Law(5.0, 0.0))}
    assert [rows[workers]["no_network_s"] for workers in (1, 2, 1000)] == [16.5, 10.5, 10.5]
    assert {row["floor_s"] for row in rows.values()} == {10.5}


def estimate(low: float, mean: float, high: float, error: float = 1.0, draws: int = 9) -> Estimate:
    inside = Mean(mean, error, low, high)
    return Estimate(inside, inside, draws, draws, 0.95)


def test_an_interval_covers_what_lies_within_it_and_the_last_row_counts() -> None:
    rows = intervals.told([estimate(1, 2, 3), estimate(4, 5, 6)], [(3.0, 0.5), (6.5, 0.5)])
    assert [row["covered"] for row in rows] == [1, 0, 1]


def test_batches_are_pooled_by_their_draws() -> None:
    """30 draws at 10 and 10 at 20 are 12.5; errors of 4 and 12 weigh 3 and 3, the root of 18 together."""
    batches = [estimate(0, 10, 0, error=4, draws=30), estimate(0, 20, 0, error=12, draws=10)]
    assert intervals.pooled(batches) == pytest.approx((12.5, 18**0.5))


def test_the_case_of_the_intervals_has_few_periods_also_after_a_shock() -> None:
    """Four years and two blocks; after an event years only as long as it lasts, one more, and blocks."""
    case = intervals.coarse(load_case(INPUTS / "minerals-us"))
    assert len(build(case, intervals.GRID, ["S00"]).tree.paths[0].periods) == 6
