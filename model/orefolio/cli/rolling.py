"""A solve that plans anew in every period along sampled futures: its flags and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.output import Output, aligned

if TYPE_CHECKING:
    from orefolio.analyses.rolling.outcome import Rolled, Spread
    from orefolio.api import Study
    from orefolio.solve import Options

SCHEMA = "orefolio/rolling/1"
MOST_PATHS, MOST_FAN = 10_000, 1000
PROVED, LIMITED = 0, 3
WORDS = {
    "rolling": "planned anew in each period",
    "fixed": "one plan; once a future parts, chosen knowing it",
    "foresight": "each future known from the first day",
}
"""Policies, and what they know."""
FLAGS: tuple[Callable[[Any], Any], ...] = (
    click.option("--rolling", is_flag=True, help="Plan anew in each period along sampled futures, and compare."),
    click.option("--paths", metavar="N", type=click.IntRange(1, MOST_PATHS), default=5, show_default=True,
                 help="With --rolling: futures that are sampled."),
    click.option("--fan", metavar="N", type=click.IntRange(1, MOST_FAN), default=8, show_default=True,
                 help="With --rolling: futures that each plan on the way is made for."),
)  # fmt: skip


def along_futures(function: Any) -> Any:
    """Give a command the flags of a rolling plan."""
    for flag in reversed(FLAGS):
        function = flag(function)
    return function


def refuse_beside_rolling(
    rolling: bool, decompose: bool, warm: Path | None, futures: Path | None, deterministic: bool
) -> None:
    """Raises UsageError for flags that do not go with --rolling."""
    given = {"--decompose": decompose, "--warm": warm, "--futures": futures, "--deterministic": deterministic}
    for flag, value in given.items():
        if rolling and value:
            raise click.UsageError(f"{flag} does not go with --rolling, which draws its futures from the hazards.")


def roll(
    output: Output,
    study: Study,
    options: Options,
    grid: str | None,
    paths: int,
    fan: int,
    folder: Path | None,
    out: Path | None,
    resume: bool,
    as_json: bool,
) -> int:
    """Roll along sampled futures of a case, tell how that does, and return the exit code."""
    found = study.rolling(
        paths=paths, fan=fan, grid=grid, options=options, folder=folder, out=out, resume=resume, say=output.note
    )
    code = PROVED if found.reached(options) else LIMITED
    if as_json:
        output.answer_json(SCHEMA, {**_content(found), "exit_code": code})
    else:
        output.answer("\n".join(_told(found)))
    if found.folder is not None:
        output.note(f"tables in {found.folder}")
    return code


def _content(found: Rolled) -> dict[str, Any]:
    policies = {
        name: {"cost_musd": found.cost(name), "bound_musd": found.bound(name), "short_t": found.short_t(name)}
        for name in WORDS
    }
    plan = {"futures": found.plan.futures, "cost_musd": found.plan.cost, "bound_musd": found.plan.bound}
    return {
        "paths": len(found.walks),
        "fan": found.asked.fan,
        "seed": found.asked.seed,
        "level": found.asked.level,
        "plan": plan,
        "policies": policies,
        "rolling_over_fixed": found.difference("rolling", "fixed"),
        "rolling_over_foresight": found.difference("rolling", "foresight"),
        "folder": found.folder,
    }


def _told(found: Rolled) -> Iterator[str]:
    count = len(found.walks)
    rows = [
        (name, words, f"{found.cost(name).mean:,.1f}", f"{found.bound(name):,.1f}", f"{found.short_t(name):,.1f}")
        for name, words in WORDS.items()
    ]
    yield aligned(("policy", "what it knows", "million USD", "proved", "short, t"), rows)
    yield ""
    yield (
        f"Means over {count} sampled future{'s' * (count != 1)}; each plan on the way was made for up to "
        f"{found.asked.fan} futures that could follow."
    )
    for other, words in (("fixed", "the fixed plan"), ("foresight", "perfect foresight")):
        yield f"Rolling costs {_more(found.difference('rolling', other), found.asked.level)} than {words}."


def _more(spread: Spread, level: float) -> str:
    """How much more, or less, with its interval."""
    amount = f"{abs(spread.mean):,.1f} million USD {'less' if spread.mean < 0 else 'more'}"
    if spread.low is None or spread.high is None:
        return amount
    return f"{amount} ({spread.low:+,.1f} to {spread.high:+,.1f} at a confidence of {level:.0%})"
