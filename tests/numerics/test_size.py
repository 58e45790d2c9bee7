"""How large a program will be is known before it is built, and what is too large is refused with the product."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orefolio import api, cli
from orefolio.case.scenarios import plant
from orefolio.errors import InputError, SpaceError
from orefolio.program import build as build_module
from orefolio.program import size as size_module
from orefolio.program.build import build
from orefolio.program.size import LIMIT, MEGABYTE, Size, available_bytes, estimate_bytes, refuse_too_large, size_of
from test_api import with_levers, written
from test_tables import case_of, hand_tables

JAPAN = Path(__file__).parents[2] / "inputs" / "japan"
DEADLINE = 300
# The hand case without futures, events and levers: 2 settings, 1 place, 2 elements, 1 commodity, 2 contents, 1 class,
# 2 suppliers, 2 contracts, 2 items, 1 demand, 1 step, 1 currency, 1 envelope.
HAND_ROWS = 19


def test_rows_periods_and_futures_are_counted_without_building() -> None:
    case = case_of(hand_tables())
    found = size_of(case)
    assert (found.rows, found.futures) == (HAND_ROWS, 2)
    assert found.periods == max(len(path.periods) for path in plant(case).paths)
    assert size_of(case, futures=["calm"]).futures == 1
    assert found.product == HAND_ROWS * found.periods * 2


@pytest.mark.parametrize("grid", ["yearly", "half_yearly", "quarterly"])
def test_periods_of_japan_are_those_of_the_future_that_no_shock_makes_coarser(grid: str) -> None:
    case = api.load(JAPAN).case
    assert size_of(case, grid).periods == max(len(path.periods) for path in plant(case, grid).paths)


def test_japan_by_quarters_with_hundreds_of_futures_is_within_the_limit() -> None:
    one = size_of(api.load(JAPAN).case, "quarterly", ["S00"])
    assert one.futures == 1
    assert Size(one.rows, one.periods, 600).product < LIMIT
    assert Size(one.rows, one.periods, 4000).product > LIMIT


@pytest.mark.verifies("bad input")
def test_a_case_over_the_limit_is_refused_with_its_product() -> None:
    with pytest.raises(InputError) as refused:
        refuse_too_large(Size(1280, 56, 4000))
    said = str(refused.value)
    assert "1,280 rows × 56 periods × 4,000 futures = 286,720,000" in said
    assert "at most 20,000,000" in said
    assert "fewer futures" in said
    assert "--grid" in said
    assert "size_limit" in said


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("origin", ["flag", "environment", "case"])
def test_the_limit_is_a_setting_of_whoever_asks(origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = with_levers()
    words: list[str] = []
    if origin == "case":
        tables["settings"].append({"setting": "size_limit", "value": 10.0})
    if origin == "environment":
        monkeypatch.setenv("OREFOLIO_SIZE_LIMIT", "10")
    if origin == "flag":
        words = ["--size-limit", "10"]
    folder, out = written(tmp_path / "case", tables), tmp_path / "results"
    done = CliRunner().invoke(cli.main, ["solve", str(folder), "--out", str(out), *words])
    assert done.exit_code == 2
    assert "expected at most 10." in done.stderr
    assert list(out.glob("*/*")) == []


def test_a_case_on_the_limit_is_built() -> None:
    case = case_of(hand_tables())
    product = size_of(case).product
    assert build(case, size_limit=product).program.shape[0] > 0
    with pytest.raises(InputError):
        build(case, size_limit=product - 1)


def test_the_size_is_checked_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*_: Any) -> None:
        raise AssertionError("planted")

    monkeypatch.setattr(build_module, "plant", planted)
    with pytest.raises(InputError, match="rows ×"):
        build(case_of(hand_tables()), size_limit=1)


@pytest.mark.verifies("fault")
def test_too_little_memory_is_told_with_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_module, "available_bytes", lambda: 20 * MEGABYTE)
    folder, out = written(tmp_path / "case", with_levers()), tmp_path / "results"
    done = CliRunner().invoke(cli.main, ["solve", str(folder), "--out", str(out)])
    assert done.exit_code == SpaceError.exit_code
    assert "needs about 25 MB of memory" in done.stderr
    assert "20 MB are free" in done.stderr
    assert list(out.glob("*/*")) == []


def test_the_least_of_machine_group_and_own_limit_counts(tmp_path: Path) -> None:
    machine = tmp_path / "meminfo"
    machine.write_text("MemTotal: 900 kB\nMemAvailable:     700 kB\n", encoding="ascii")
    assert list(size_module._by_machine(machine)) == [700 * 1024]
    inner = tmp_path / "groups" / "outer" / "inner"
    inner.mkdir(parents=True)
    for folder, limit in ((inner, "max"), (inner.parent, "5000")):
        (folder / "memory.max").write_text(limit, encoding="ascii")
        (folder / "memory.current").write_text("3000", encoding="ascii")
        (folder / "memory.stat").write_text("anon 1\ninactive_file 400\n", encoding="ascii")
    own = tmp_path / "own"
    own.write_text("0::/outer/inner\n", encoding="ascii")
    assert list(size_module._by_groups(tmp_path / "groups", own)) == [5000 - 3000 + 400]
    older = tmp_path / "groups" / "memory" / "job"
    older.mkdir(parents=True)
    for name, text in (("limit_in_bytes", "900"), ("usage_in_bytes", "1000"), ("stat", "total_inactive_file 0")):
        (older / f"memory.{name}").write_text(text, encoding="ascii")
    own.write_text("5:cpu:/job\n4:memory:/job\n", encoding="ascii")
    assert list(size_module._by_groups(tmp_path / "groups", own)) == [0]


def test_what_this_process_can_take_is_known() -> None:
    found = available_bytes()
    assert found is not None
    assert 0 < found < 2**50


def measured(words: str) -> int:
    """Peak of resident bytes that a solve of Japan adds, in a process of its own."""
    program = f"""
    from pathlib import Path
    from orefolio import api
    import orefolio.audit, orefolio.solve, orefolio.tables, pandas
    study = api.load({str(JAPAN)!r})
    def peak():  # of this program; what getrusage tells may be that of the process that started it
        return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024
    before = peak()
    api.solve(study, abs_gap=20.0, time_limit=90.0, {words})
    print(peak() - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True, timeout=DEADLINE
    )
    return int(done.stdout)


@pytest.mark.long
@pytest.mark.parametrize(
    ("grid", "futures"), [("yearly", ("S00",)), ("yearly", None), ("half_yearly", None)], ids=["one", "years", "half"]
)
def test_the_estimate_is_near_what_is_measured(grid: str, futures: tuple[str, ...] | None) -> None:
    used = measured(f"grid={grid!r}, futures={futures!r}")
    assert estimate_bytes(api.load(JAPAN).case, grid, futures) == pytest.approx(used, rel=0.5)


@pytest.mark.verifies("fault")
def test_a_limit_of_address_space_is_told_before_the_solve(tmp_path: Path) -> None:
    """A real limit, in a process of its own: a little more than it has taken when it begins to build."""
    folder = written(tmp_path / "case", with_levers())
    program = f"""
    import resource, sys
    from orefolio import api, cli
    import orefolio.audit, orefolio.solve, orefolio.tables, pandas
    from pathlib import Path
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + {50 * MEGABYTE}, resource.RLIM_INFINITY))
    cli.main(["solve", {str(folder)!r}, "--out", {str(tmp_path / "results")!r}])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == SpaceError.exit_code, done.stderr
    assert "of memory" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "results").glob("*/*")) == []
