"""A solve in a kernel of Jupyter: the bar, and an interrupt that ends the search and keeps the best plan."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

REPOSITORY = Path(__file__).parents[2]
SECONDS = 600.0
SOLVE = """
import orefolio as of
run = of.load(of.example("minerals-us")).solve(grid="yearly", abs_gap=0.0, time_limit=3000, saving=False)
"""
TOLD = "print(run.status, run.cost < float('inf'), run.bound <= run.cost, len(run.table('portfolio')) > 0)"


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "model"))
    manager, client = start_new_kernel(startup_timeout=SECONDS)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def outputs(client: Any, until: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kinds and contents of what the kernel sends, until it is idle."""
    while time.monotonic() < until:
        message = client.get_iopub_msg(timeout=SECONDS)
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            return
        yield kind, content


def test_an_interrupt_keeps_the_best_plan_so_far(kernel: tuple[Any, Any]) -> None:
    manager, client = kernel
    client.execute(SOLVE)
    bars, interrupted = [], False
    for kind, content in outputs(client, time.monotonic() + SECONDS):
        assert kind != "error", content
        if kind in ("display_data", "update_display_data"):
            bars.append(content["data"]["text/html"])
            if "gap" in bars[-1] and not interrupted:
                manager.interrupt_kernel()
                interrupted = True
    assert interrupted
    assert "<progress" in bars[0]
    assert bars[-1] == ""
    client.execute(TOLD)
    said = "".join(content["text"] for kind, content in outputs(client, time.monotonic() + SECONDS) if kind == "stream")
    assert said.split() == ["interrupted", "True", "True", "True"]
