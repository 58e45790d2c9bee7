"""Clocks of a solve, told by a clock that goes on by one second at each look."""

import itertools
import threading
from types import SimpleNamespace

import pytest

from orefolio.solve import clocked
from orefolio.solve.clocked import Clock, Clocked, inside, seconds_inside


@pytest.fixture(autouse=True)
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    count = itertools.count()
    monkeypatch.setattr(clocked, "time", SimpleNamespace(monotonic=lambda: float(next(count))))


def test_a_step_that_comes_again_adds_to_itself_and_an_error_is_counted() -> None:
    clock = Clock()
    with clock.step("build"):
        pass
    with pytest.raises(ZeroDivisionError), clock.step("solve"):
        raise ZeroDivisionError
    with clock.step("build"):
        pass
    assert clock.seconds == {"build": 2.0, "solve": 1.0}


def test_each_call_of_the_solver_counts_and_what_is_no_call_is_passed_on() -> None:
    clock, solver = Clock(), Clocked()
    assert (solver.getNumRow(), solver.getNumCol()) == (0, 0)
    assert clock.solver == 2.0
    assert solver.cbSimplexInterrupt is solver.bare.cbSimplexInterrupt
    assert clock.solver == 2.0


def test_a_call_that_fails_counts_too() -> None:
    clock = Clock()
    with pytest.raises(TypeError):
        Clocked().getNumRow("too much")
    assert clock.solver == 1.0


def test_what_another_thread_spends_inside_is_not_counted_here() -> None:
    def other() -> None:
        with inside():
            found.append(seconds_inside())
        found.append(seconds_inside())

    found: list[float] = []
    clock, thread = Clock(), threading.Thread(target=other)
    thread.start()
    thread.join()
    assert found == [0.0, 1.0]
    assert clock.solver == 0.0
