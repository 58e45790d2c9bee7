"""The engines: the same rows whoever plans the points, and a worker that dies costs its own point only."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.sweep.engine import InProcess, UnfinishedError, Work, ended
from orefolio.analyses.sweep.local import LocalProcesses, RefusedError
from orefolio.analyses.sweep.planning import COLUMNS, MAKER, about, setup_of
from orefolio.analyses.sweep.point import Point
from orefolio.analyses.sweep.run import Standing, sweep
from orefolio.case.read import load_case
from orefolio.errors import InputError, SpaceError
from sweep.files import contents
from sweep.stand_ins import points, swept
from test_api import with_levers, written


def states(place: Path) -> list[tuple[str, str]]:
    with (place / "table.csv").open(encoding="utf-8", newline="") as file:
        return [(row["state"], row["failure"].partition(" compliant")[0]) for row in csv.DictReader(file)]


@pytest.mark.verifies("property")
def test_real_points_are_the_same_in_this_process_and_in_others(tmp_path: Path) -> None:
    case = load_case(written(tmp_path / "case", with_levers()))
    some = [Point({"loss": value}, options={"abs_gap": 0.0}) for value in (20.0, 45.0, 90.0)]
    setup = setup_of(case, (), some)
    told: Any = {"about": about(setup), "columns": COLUMNS, "stands": {"loss": 50.0}}
    one = sweep(Work(MAKER, setup), some, InProcess(), tmp_path / "one", **told)
    two = sweep(Work(MAKER, setup), some, LocalProcesses(2), tmp_path / "two", **told)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    # By hand: at 20 USD/kg a shortage is cheaper than the contract. With it (prepaid 0.5) a calm year costs
    # 80 t at 10 and 20 t at 30, a year of the cut 60 t at 30 and 40 t short; three of four years are cut.
    short = 0.75 * 4 * 1.2 + 0.25 * (1.2 + 3 * 2.0)
    signed = [0.5 + 0.75 * 4 * 1.4 + 0.25 * (1.4 + 3 * (1.8 + 0.04 * loss)) for loss in (45.0, 90.0)]
    assert [row["cost_musd"] for row in one.rows()] == pytest.approx([short, *signed])
    assert [row["audit"] for row in two.rows()] == ["passed"] * 3


def test_the_order_of_the_points_changes_no_row(tmp_path: Path) -> None:
    there, back = points(6), points(6)[::-1]
    rows = [{**row, "point": 0} for row in swept(tmp_path / "a", 6, points=there).rows()]
    turned = [{**row, "point": 0} for row in swept(tmp_path / "b", 6, LocalProcesses(2), points=back).rows()]
    assert rows == turned[::-1]
    assert [row["square"] for row in rows] == [0, 1, 4, 9, 16, 25]


@pytest.mark.verifies("fault")
def test_a_worker_killed_once_costs_nothing(tmp_path: Path, tried: Callable[..., None]) -> None:
    (tmp_path / "once").mkdir()
    setup = {"once": str(tmp_path / "once"), "deadly_once": [1.0, 4.0, 5.0], "log": str(tmp_path / "log")}
    done = swept(tmp_path / "a", 8, LocalProcesses(2), setup=setup)
    assert (done.standing.done, done.standing.failed) == (8, 0)
    tries = sorted((tmp_path / "log").read_text().split(), key=float)
    assert tries == list("01123445567")
    swept(tmp_path / "b", 8)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    tried("fault", 3)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_point_that_always_kills_its_worker_is_tried_twice_and_fails_alone(
    tmp_path: Path, jobs: int, tried: Callable[..., None]
) -> None:
    setup = {"deadly": [0.0, 3.0], "hungry": [6.0], "log": str(tmp_path / "log")}
    heard: list[Standing] = []
    done = swept(tmp_path / "a", 8, LocalProcesses(jobs), setup=setup, progress=heard.append)
    assert (done.standing.done, done.standing.failed, done.standing.points) == (5, 3, 8)
    assert [entry.ended for entry in heard] == list(range(9))
    killed, starved = (
        "its worker died 2 times, last by signal SIGKILL",
        "its worker died 2 times, last by memory ran out",
    )
    ok = ("done", "")
    assert states(tmp_path / "a") == [("failed", killed), ok, ok, ("failed", killed), ok, ok, ("failed", starved), ok]
    tries = (tmp_path / "log").read_text().split()
    assert {x: tries.count(x) for x in set(tries)} == {"0": 2, "1": 1, "2": 1, "3": 2, "4": 1, "5": 1, "6": 2, "7": 1}
    tried("fault", 6)


def test_an_error_of_a_point_is_told_and_not_tried_again(tmp_path: Path) -> None:
    setup = {"wrong": [1.0], "broken": [2.0], "endless": [3.0], "log": str(tmp_path / "log")}
    for number, engine in enumerate((InProcess(), LocalProcesses(2))):
        swept(tmp_path / str(number), 4, engine, setup=setup)
        assert states(tmp_path / str(number)) == [
            ("done", ""),
            ("failed", "it cannot be trusted"),
            ("failed", "ZeroDivisionError: by nought"),
            ("failed", "ValueError: Out of range float values are not JSON"),
        ]
    assert sorted((tmp_path / "log").read_text().split()) == sorted("01230123")
    assert contents(tmp_path / "0") == contents(tmp_path / "1")


@pytest.mark.verifies("fault")
def test_workers_that_die_before_their_first_point_end_the_sweep(tmp_path: Path) -> None:
    with pytest.raises(
        SpaceError, match="3 workers in a row died before their first point, the last by signal SIGKILL"
    ):
        swept(tmp_path / "a", 5, LocalProcesses(2), setup={"stillborn": True})


def test_a_worker_that_refuses_the_sweep_ends_it_with_its_own_code(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        swept(tmp_path / "a", 5, LocalProcesses(2), setup={"refused": True})
    assert refused.value.exit_code == InputError.exit_code
    assert UnfinishedError.exit_code == 3


def test_a_case_that_changed_since_is_refused_by_its_worker(tmp_path: Path) -> None:
    folder = written(tmp_path / "case", with_levers())
    setup = setup_of(load_case(folder), (), [])
    for file, old, new, what in (
        ("demands.csv", ",100", ",101", "found the case with hash"),
        ("demands.csv", ",101", ",100", ""),
    ):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        if what:
            with pytest.raises(InputError, match=what):
                Work(MAKER, setup).made()
        else:
            assert callable(Work(MAKER, setup).made())
    with pytest.raises(InputError, match=r"found orefolio .*, expected 0\.0\.1"):
        Work(MAKER, {**setup, "versions": {"orefolio": "0.0.1"}}).made()


def test_an_overlay_of_a_point_is_laid_and_watched(tmp_path: Path) -> None:
    folder = written(tmp_path / "case", with_levers())
    (folder / "overlays").mkdir()
    overlay = folder / "overlays" / "cheap.yaml"
    overlay.write_text("title: cheap\nlevers: {loss: 20}\n", encoding="utf-8")
    options = {"abs_gap": 0.0}
    point = Point(overlays=("cheap",), options=options)
    setup = setup_of(load_case(folder), (), [point])
    plan = Work(MAKER, setup).made()
    assert plan(point.plain())["cost_musd"] == pytest.approx(
        plan(Point({"loss": 20.0}, options=options).plain())["cost_musd"]
    )
    overlay.write_text("title: cheap\nlevers: {loss: 21}\n", encoding="utf-8")
    with pytest.raises(InputError, match="cheap: found an overlay with hash"):
        Work(MAKER, setup).made()


def test_lack_of_memory_is_no_end_of_a_point() -> None:
    """It is let through, so that the process that lacks it can end; any other error is the end of its point."""

    def hungry(_: object) -> dict[str, Any]:
        raise MemoryError

    def wrong(_: object) -> dict[str, Any]:
        raise ZeroDivisionError("by nought")

    with pytest.raises(MemoryError):
        ended(hungry, (0, {}))
    assert ended(wrong, (1, {})).note == "ZeroDivisionError: by nought"
