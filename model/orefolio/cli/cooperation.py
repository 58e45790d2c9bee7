"""What planning together is worth to the importers of a case made of parts, a fair division, and who rides free."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.output import Output, aligned, pass_output
from orefolio.cli.settings import chosen, options, settled
from orefolio.cli.solve import asked_options

if TYPE_CHECKING:
    from orefolio.analyses.cooperation import Answer

SCHEMA = "orefolio/cooperation/1"
NOTICED_T = 0.5
"""Tonnes below which a change of shortage is not worth a word."""


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@click.option("--deterministic", is_flag=True, help="Plan for the trunk's own continuation alone.")
@click.option("--no-division", is_flag=True, help="Leave out the coalitions: most of the work.")
@click.option("--no-effects", is_flag=True, help="Leave out what the plan of one does to the other.")
@options("abs_gap", "gap", "time_limit", "node_limit", "threads", "seed")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def cooperation(
    output: Output,
    /,
    folder: Path,
    grid: str | None,
    deterministic: bool,
    no_division: bool,
    no_effects: bool,
    as_json: bool,
    **flags: str | None,
) -> None:
    """Solve the case in the folder CASE, which is made of parts, for each importer alone and for all together.

    Tells what planning together saves, also where no importer pays more than alone; what a fair division gives to
    importers and sellers; and what the plan of one importer does to another. The gap and the time limit hold for each
    solve. Every figure stands between its proved ends.
    """
    chosen(flags, {})
    from orefolio.analyses.cooperation import Asked, parties
    from orefolio.analyses.cooperation import cooperation as asked_of
    from orefolio.errors import Fault, InputError

    found = parties(folder)
    if grid is not None and grid not in found.joint.grids:
        raise InputError([Fault("--grid", repr(grid), f"one of {', '.join(found.joint.grids)}")])
    trunk = [row.future for row in found.joint.rows("futures") if row.onset is None]
    asked = Asked(
        options=asked_options(settled({**flags, "size_limit": None}, found.joint)),
        grid=grid,
        futures=tuple(trunk[:1]) if deterministic else None,
        say=output.note,
    )
    answer = asked_of(found, asked, not no_division, not no_effects)
    if as_json:
        output.answer_json(SCHEMA, record(answer))
    else:
        output.answer("\n\n".join(page(answer)))


def page(answer: Answer) -> Iterator[str]:
    """The answer as text."""
    plans = [("each alone", _ends(answer.separate), ""), ("together", _ends(answer.joint), _ends(answer.worth))]
    if answer.spared is None or answer.spared_worth is None:
        plans.append(("together, nobody pays more", "no such plan", ""))
    else:
        plans.append(("together, nobody pays more", _ends(answer.spared), _ends(answer.spared_worth)))
    yield aligned(("plan", "cost, million USD", "saves, million USD"), plans)
    yield _verdict(answer)
    name = answer.parties.name
    yield aligned(
        ("pays, million USD", "alone", "together", "receives for an even gain", "nobody pays more", "short t: alone",
         "together", "nobody pays more"),
        [
            (name(s.importer), _ends(s.alone), f"{s.joint:,.1f}", f"{s.transfer:+,.1f}", _open(s.spared),
             f"{s.short[0]:,.1f}", f"{s.short[1]:,.1f}", _open(s.short[2]))
            for s in answer.shares
        ],
    )  # fmt: skip
    if answer.division is not None:
        yield from _division(answer)
    if answer.effects:
        yield "\n".join(_effects(answer))


def _verdict(answer: Answer) -> str:
    low, high = answer.worth
    if low > 0:
        return f"Planning together saves at least {low:,.1f} and at most {high:,.1f} million USD."
    return f"No saving is proved: it lies between {low:,.1f} and {high:,.1f} million USD. A smaller gap would tell."


def _division(answer: Answer) -> Iterator[str]:
    division, name = answer.division, answer.parties.name
    assert division is not None
    rows = [
        (name(player), _ends(gain), f"{division.least_gain[player]:,.1f}") for player, gain in division.gain.items()
    ]
    yield aligned(("gains, million USD", "by Shapley's value", "in the least core"), rows)
    yield "Importers gain against being alone without these sellers; sellers against selling nothing."
    words = {
        True: "is in the core",
        False: "is not in the core",
        None: "may or may not be in the core: gaps are too wide",
    }
    weakest = division.weakest
    members = " + ".join(name(player) for player in division.players if player in weakest)
    low, high = division.least_core
    over = _ends(division.excess[weakest])
    yield "\n".join(
        (
            f"Shapley's division {words[division.in_core]}.",
            f"Nearest to leaving: {members}, with {over} million USD over what it could have by itself.",
            f"Least core: the worst placed coalition lacks {low:,.1f} to {high:,.1f} million USD; below 0 it has that "
            "much over.",
        )
    )
    yield aligned(
        ("coalition", "cost, million USD", "saves, million USD"),
        [
            (
                " + ".join(name(p) for p in division.players if p in coalition),
                _ends(cost),
                _ends(division.worth[coalition]),
            )
            for coalition, cost in sorted(answer.costs.items(), key=lambda item: (len(item[0]), sorted(item[0])))
        ],
    )


def _effects(answer: Answer) -> Iterator[str]:
    name = answer.parties.name
    for effect in answer.effects:
        fall, cheaper = effect.short[0] - effect.short[1], effect.cost[0] - effect.cost[1]
        free = fall > NOTICED_T and cheaper > 0
        verdict = "can ride free on it" if free else "goes as short as alone" if fall > -NOTICED_T else "goes shorter"
        held = "" if effect.kept else f"; {name(effect.payer)} then pays more than alone"
        yield (
            f"Beside the plan of {name(effect.payer)}, {name(effect.other)} {verdict}: short {effect.short[0]:,.1f} → "
            f"{effect.short[1]:,.1f} t, cost {effect.cost[0]:,.1f} → {effect.cost[1]:,.1f} million USD{held}."
        )


def record(answer: Answer) -> dict[str, Any]:
    """The answer as one JSON object."""
    division = answer.division
    return {
        "case": answer.parties.joint.name,
        "players": {player: answer.parties.name(player) for player in answer.parties.players},
        "separate_musd": answer.separate,
        "joint_musd": answer.joint,
        "worth_musd": answer.worth,
        "spared_musd": answer.spared,
        "spared_worth_musd": answer.spared_worth,
        "importers": answer.shares,
        "effects": answer.effects,
        "coalitions": [
            {"members": sorted(coalition), "cost_musd": cost, "worth_musd": division.worth[coalition]}
            for coalition, cost in answer.costs.items()
            if division is not None
        ],
        "shapley_musd": None if division is None else division.gain,
        "in_core": None if division is None else division.in_core,
        "least_core_musd": None if division is None else division.least_core,
        "least_core_gain_musd": None if division is None else division.least_gain,
    }


def _ends(interval: tuple[float, float]) -> str:
    low, high = (f"{end + 0.0:,.1f}" for end in interval)
    return low if low == high else f"{low} to {high}"


def _open(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"
