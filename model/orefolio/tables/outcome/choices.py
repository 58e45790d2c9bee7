"""What a plan commits to: contracts signed, projects started, levels of programmes decided, with what each costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orefolio.case.scenarios import Path, as_date

from .calendar import month_of
from .future import Entry

if TYPE_CHECKING:
    from . import Outcome

MUSD = 1e-6


@dataclass(frozen=True)
class Choice:
    """One commitment at one node of the tree.

    size in t/year (0 for a level of a programme). capital_musd: money of the commitment itself, undiscounted, and the
    part of it that public money pays. cost_musd: expected discounted cost where the node is reached, purchases
    included. latest: the last date at which the program could still commit to it, so that it helps before the horizon.
    """

    kind: str
    id: str
    name: str
    date: str
    year: int
    futures: tuple[int, ...]
    size: float
    capital_musd: float
    public_musd: float
    cost_musd: float
    latest: str


def choices(outcome: Outcome) -> list[Choice]:
    """Every commitment of the plan, by date and kind."""
    found = [*_projects(outcome), *_contracts(outcome), *_levels(outcome)]
    return sorted(found, key=lambda choice: (choice.date, choice.kind, choice.id, choice.futures))


def _projects(outcome: Outcome) -> Iterable[Choice]:
    sizes = {(e.index[0], e.period.number, who): e for e, who in outcome.decisions("size")}
    for (project, number, who), entry in sizes.items():
        row = outcome.case.row("projects", project)
        path = outcome.futures[who[0]].path
        capital = row.capital_usd_per_t_per_year * MUSD * entry.value + (row.capital_musd if row.binary else 0.0)
        capital *= path.known("projects", project, "overrun_multiple")[number]
        parts = [entry.column, *_columns(outcome, who, "start", lambda i, n, p=project, m=number: i == (p,) and n == m)]
        label = entry.period.label
        parts += _columns(outcome, who, "kept", lambda i, n, p=project, at=label: i == (p, at))
        yield _choice(outcome, "project", project, row.name, entry, who, (entry.value, capital, row.public_share, parts))


def _contracts(outcome: Outcome) -> Iterable[Choice]:
    volumes = {(e.index, e.period.number, who): e.value for e, who in outcome.decisions("volume")}
    for entry, who in outcome.decisions("sign"):
        contract = entry.index[0]
        row = outcome.case.row("contracts", contract)
        volume = volumes.get((entry.index, entry.period.number, who), 0.0)
        capital = row.prepayment_musd + row.prepayment_usd_per_t_per_year * MUSD * volume
        number = entry.period.number
        parts = [
            column
            for name in ("sign", "volume")
            for column in _columns(outcome, who, name, lambda i, n, c=contract, m=number: i == (c,) and n == m)
        ]
        parts += _columns(outcome, who, "buy", lambda i, n, c=contract, m=number: i == (c,) and n >= m)
        parts += _columns(outcome, who, "unused", lambda i, n, c=contract, m=number: i[0] == c and n >= m)
        yield _choice(outcome, "contract", contract, row.name, entry, who, (volume, capital, row.public_share, parts))


def _levels(outcome: Outcome) -> Iterable[Choice]:
    for entry, who in outcome.decisions("level_on"):
        key = "/".join(entry.index)
        row = outcome.case.row("programmes", key)
        path = outcome.futures[who[0]].path
        up_front = path.series("programmes", key, "up_front_musd")[0]
        share = 1.0 if row.envelope else 0.0
        yield _choice(outcome, "programme", key, row.name, entry, who, (0.0, up_front, share, [entry.column]))


def _choice(
    outcome: Outcome,
    kind: str,
    key: str,
    name: str,
    entry: Entry,
    who: tuple[int, ...],
    figures: tuple[float, float, float, list[int]],
) -> Choice:
    size, capital, public, parts = figures
    cost = float(outcome.expected_column_cost[parts].sum()) / outcome.chance(who)
    variable = {"project": "size", "contract": "sign", "programme": "level_on"}[kind]
    index = tuple(key.split("/")) if kind == "programme" else (key,)
    return Choice(
        kind=kind,
        id=key,
        name=name or key,
        date=month_of(outcome.case, entry.period.start),
        year=entry.period.year,
        futures=who,
        size=size,
        capital_musd=capital,
        public_musd=capital * public,
        cost_musd=cost,
        latest=_latest(outcome, who, variable, index),
    )


def _latest(outcome: Outcome, who: tuple[int, ...], variable: str, index: tuple[str, ...]) -> str:
    numbers = [
        (lived.path.periods[label.period].start, lived.path)
        for lived in (outcome.futures[number] for number in who)
        for label in lived.flat.columns
        if label.name == variable and label.index == index
    ]
    return month_of(outcome.case, max(start for start, _ in numbers)) if numbers else ""


def _columns(
    outcome: Outcome, who: tuple[int, ...], name: str, wanted: Callable[[tuple[str, ...], int], bool]
) -> list[int]:
    """Merged columns of a variable that are not zero in some of these futures, each once."""
    found = {
        entry.column: None
        for number in who
        for entry in outcome.futures[number].entries(name)
        if wanted(entry.index, entry.period.number)
    }
    return list(found)


def first_delivery(path: Path, row: Any, signed: float) -> float:
    """When a contract signed at a moment delivers first, years since the horizon's first day, not before that day."""
    from orefolio.case.scenarios import years_between

    earliest = 0.0 if row.first_delivery is None else years_between(path.case.horizon_from, as_date(row.first_delivery))
    return float(max(signed + row.qualification_years, earliest, 0.0))
