"""A job on SLURM that is cancelled and handed in again, as the page on clusters says."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from docs.blocks import Block, blocks_of
from sweep.files import contents

from .slurm import slurm
from .written import REPOSITORY, Desk

ASKED = "CASE points points.csv --grid yearly --abs-gap 50"
PRICES = "\n".join(["price_ge,price_sb", *(f"{2000 + 100 * step},{20 + step}" for step in range(12))])
SECONDS = 300


def typed(desk: Desk, text: str) -> str:
    """What bash prints on standard output for some lines at the desk; they end well."""
    done = desk.type(Block(Path("a test"), 0, "sh", "", text))
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def awaited(what: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.long
def test_a_job_that_is_cancelled_and_handed_in_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    """Would fail if a point that had ended were lost or another were kept half written."""
    (page,) = [block for block in blocks_of(REPOSITORY / "docs" / "cluster.md") if block.mark == "slurm"]
    script = "".join(line for line in page.text.splitlines(keepends=True) if not line.startswith("sbatch "))
    with slurm() as variables:
        desk = Desk.laid(tmp_path / "desk", {}, variables=variables)
        (desk.folder / "points.csv").write_text(PRICES + "\n", encoding="utf-8")
        typed(desk, script)
        handed_in = f"sbatch --parsable sweep.sbatch {ASKED} --folder sweeps/stopped"
        number = typed(desk, f"unset SBATCH_WAIT\n{handed_in}")
        points = desk.folder / "sweeps" / "stopped" / "points"
        awaited(lambda: any(points.glob("*.json")))
        typed(desk, f"scancel {number}")
        awaited(lambda: not typed(desk, f"squeue --noheader --jobs {number} || true"))
        ended = {path.name: path.stat().st_mtime_ns for path in points.glob("*.json")}
        assert 0 < len(ended) < 12
        typed(desk, handed_in)
        typed(desk, f"orefolio sensitivity {ASKED} --folder sweeps/undisturbed")
        assert {name: (points / name).stat().st_mtime_ns for name in ended} == ended
        assert contents(points.parent) == contents(desk.folder / "sweeps" / "undisturbed")
