"""Ten thousand points: what the engine itself costs in memory, open files and time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import psutil
import pytest

from orefolio.analyses.sweep.local import LocalProcesses
from orefolio.analyses.sweep.point import Point
from orefolio.analyses.sweep.run import Standing
from sweep.stand_ins import swept

COUNT = 10_000
WARM = 1_000  # points after which imports and first allocations are done
STEP = 500


class Row(Sequence[Point]):
    """Points that are made when they are asked for, as those of a file are."""

    def __len__(self) -> int:
        return COUNT

    @overload
    def __getitem__(self, number: int) -> Point: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Point]: ...
    def __getitem__(self, number: int | slice) -> Point | Sequence[Point]:
        assert isinstance(number, int)
        return Point(levers={"x": float(number)})

    def __iter__(self) -> Iterator[Point]:
        return (self[number] for number in range(COUNT))


class Watch:
    """Memory and open files of this process and its workers, taken every so many points."""

    def __init__(self) -> None:
        self.me = psutil.Process()
        self.seen: list[tuple[int, int, int, int]] = []

    def __call__(self, standing: Standing) -> None:
        # At the end the workers leave, which is no slope.
        if standing.ended % STEP == 0 and WARM <= standing.ended < COUNT:
            workers = [child for child in self.me.children() if "spawn_main" in " ".join(child.cmdline())]
            rest = sum(child.memory_info().rss for child in workers)
            files = self.me.num_fds() + sum(child.num_fds() for child in workers)
            self.seen.append((standing.ended, self.me.memory_info().rss, rest, files))

    def slope(self, column: int) -> float:
        """Bytes a point, by least squares."""
        xs, ys = [entry[0] for entry in self.seen], [entry[column] for entry in self.seen]
        middle, mean = sum(xs) / len(xs), sum(ys) / len(ys)
        rise = sum((x - middle) * (y - mean) for x, y in zip(xs, ys, strict=True))
        return rise / sum((x - middle) ** 2 for x in xs)


@pytest.mark.long
@pytest.mark.verifies("fault")
def test_ten_thousand_points_leave_memory_and_open_files_flat(tmp_path: Path) -> None:
    watch = Watch()
    began = time.monotonic()
    done = swept(tmp_path / "sweep", COUNT, LocalProcesses(2), points=Row(), setup={"seconds": 0.001}, progress=watch)
    seconds = time.monotonic() - began
    assert (done.standing.done, done.standing.failed) == (COUNT, 0)
    assert sum(row["square"] for row in done.rows()) == sum(number**2 for number in range(COUNT))
    assert len(watch.seen) > 15
    assert watch.slope(1) < 1000
    assert watch.slope(2) < 1000
    files = [entry[3] for entry in watch.seen]
    assert max(files) - min(files) <= 4
    # An engine slower than this would cost more than the quickest solve.
    assert COUNT / seconds > 50
