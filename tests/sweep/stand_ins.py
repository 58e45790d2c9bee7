"""Stand-ins for the planning of a point, cheap enough to do by the thousand and able to die in every way.

`drive` is a sweep of them as a process of its own: `python -m sweep.stand_ins '{"folder": …}'`, for the tests that kill
it. Everything but the arithmetic is the engine's own: processes, pipes, files, signals.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orefolio.analyses.sweep.engine import Engine, InProcess, Work
from orefolio.analyses.sweep.local import LocalProcesses
from orefolio.analyses.sweep.point import Point
from orefolio.analyses.sweep.run import Swept, sweep
from orefolio.errors import InputError, SolverError

MAKER = "sweep.stand_ins:StandIn"
COLUMNS = ("square", "words")
ABOUT = {"case": "c" * 64, "versions": {"orefolio": "1"}}


class StandIn:
    """Squares the lever x. setup: `log` is a file that gets a line for each try; `seconds` that a point takes; the
    lists `deadly`, `hungry`, `wrong`, `broken` and `endless` hold values of x; `once` is a folder that remembers who
    died."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        if setup.get("stillborn"):
            os.kill(os.getpid(), signal.SIGKILL)
        if setup.get("refused"):
            raise InputError([])
        self.setup = setup

    def __call__(self, point: Mapping[str, Any]) -> dict[str, Any]:
        x, setup = point["levers"]["x"], self.setup
        if "log" in setup:
            with Path(setup["log"]).open("a") as log:
                log.write(f"{x:g}\n")
        time.sleep(setup.get("seconds", 0.0))
        if x in setup.get("deadly", ()) or self._first_time(x):
            os.kill(os.getpid(), signal.SIGKILL)
        if x in setup.get("hungry", ()):
            raise MemoryError
        if x in setup.get("wrong", ()):
            raise SolverError("it cannot be trusted")
        if x in setup.get("broken", ()):
            raise ZeroDivisionError("by nought")
        if x in setup.get("endless", ()):
            return {"square": math.inf}
        return {"square": x * x, "words": f"={x:g} 二乗"}

    def _first_time(self, x: float) -> bool:
        if "once" not in self.setup or x not in self.setup["deadly_once"]:
            return False
        mark = Path(self.setup["once"]) / f"{x:g}"
        known = mark.exists()
        mark.touch()
        return not known


def points(count: int) -> list[Point]:
    return [Point(levers={"x": float(number)}) for number in range(count)]


def swept(place: Path, count: int, engine: Engine | None = None, **rest: Any) -> Swept:
    """A sweep over x = 0, 1, … with the stand-in; `setup` and the options of `sweep` by name."""
    setup = rest.pop("setup", {})
    return sweep(
        Work(MAKER, setup), rest.pop("points", points(count)), engine or InProcess(), place,
        **{"about": ABOUT, "columns": COLUMNS, "stands": {"x": 0.0}, **rest},
    )  # fmt: skip


def drive(told: Mapping[str, Any]) -> None:
    """Sweep as told and say on stdout how many points this call planned."""
    engine = LocalProcesses(told["jobs"]) if told["jobs"] else InProcess()
    done = swept(Path(told["folder"]), told["count"], engine, setup=told["setup"], resume=told["resume"])
    sys.stdout.write(f"{done.redone}\n")


if __name__ == "__main__":
    # Ctrl-C is heard whatever the shell that runs the tests has set.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    drive(json.loads(sys.argv[1]))
