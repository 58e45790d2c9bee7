"""Telling how far a solve is, in the way of the place that called: a notebook, a terminal, or nothing at all."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orefolio.markup import block, paragraph

if TYPE_CHECKING:
    from orefolio.solve import Progress
    from orefolio.solve.solution import Listener

SECONDS = 0.3  # at least, between two reports that bring no better plan
Say = Callable[[str], None]


def worded(progress: Progress) -> str:
    """One report in words: seconds, step, plan, bound and gap in million USD."""
    bound = f"bound {progress.bound:>12,.1f}" if math.isfinite(progress.bound) else "no bound yet"
    start = f"{progress.seconds:6.1f} s  {progress.step:<11} "
    if not math.isfinite(progress.objective):
        return f"{start}no plan yet         {bound} million USD"
    gap = progress.abs_gap
    share = f" ({gap / abs(progress.objective):.2%})" if progress.objective else ""
    return f"{start}plan {progress.objective:>12,.1f}  {bound}  gap {gap:,.1f} million USD{share}"


class _Live:
    """Shows the last thing said and how much of the way from the first gap to the asked one is gone."""

    def __init__(self, show: Callable[[str, float | None], None], enough: float) -> None:
        self.show, self.enough = show, max(enough, 0.1)
        self.first = math.inf
        self.best, self.told = math.inf, -math.inf

    def say(self, text: str) -> None:
        self.show(text, None)

    def heard(self, progress: Progress) -> None:
        """Take one report of the solver."""
        better = progress.objective < self.best - 1e-9
        if better or progress.seconds - self.told >= SECONDS:
            self.best, self.told = min(self.best, progress.objective), progress.seconds
            self.show(" ".join(worded(progress).split()), self._gone(progress.abs_gap))

    def _gone(self, gap: float) -> float | None:
        """A share, on a scale of gaps where each tenth part is as long as the next; None before the first plan."""
        if not math.isfinite(gap):
            return None
        if not math.isfinite(self.first):
            self.first = max(gap, self.enough)
        if gap <= self.enough or self.first <= self.enough:
            return 1.0
        return math.log(self.first / gap) / math.log(self.first / self.enough)


def bar(text: str, gone: float | None) -> str:
    """HTML of a line of text with a bar. gone: a share, None where that is not known."""
    filled = "" if gone is None else f' value="{gone:.3f}"'
    return block(f'<progress max="1"{filled}></progress>', paragraph(text))


@contextmanager
def told(quiet: bool, enough: float) -> Iterator[tuple[Listener | None, Say]]:
    """What hears of plans and bounds, and of steps. enough: million USD at which a solve may stop.

    In Jupyter a bar that is taken away at the end, in marimo its own, on a terminal lines on stderr, else nothing.
    """
    marimo, shell = sys.modules.get("marimo"), _kernel()
    if quiet:
        yield None, _nothing
    elif marimo is not None and marimo.running_in_notebook():
        with marimo.status.spinner(title="orefolio", remove_on_exit=True) as spinner:
            live = _Live(lambda text, _: spinner.update(subtitle=text), enough)
            yield live.heard, live.say
    elif shell is not None:
        yield from _in_jupyter(enough)
    elif sys.stderr is not None and sys.stderr.isatty():
        live = _Live(lambda text, _: _on_stderr(text), enough)
        yield live.heard, live.say
    else:
        yield None, _nothing


def _nothing(text: str) -> None:
    """Nobody listens."""


def _on_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")


def _kernel() -> Any:
    """The kernel of Jupyter that runs this process; None elsewhere, also in IPython on a terminal."""
    python = sys.modules.get("IPython")
    shell = None if python is None else python.get_ipython()
    return getattr(shell, "kernel", None)


def _in_jupyter(enough: float) -> Iterator[tuple[Listener | None, Say]]:
    display = sys.modules["IPython"].display
    handle = display.display(display.HTML(bar("reading", None)), display_id=True)

    def show(text: str, gone: float | None) -> None:
        handle.update(display.HTML(bar(text, gone)))

    live = _Live(show, enough)
    try:
        yield live.heard, live.say
    finally:
        handle.update(display.HTML(""))
