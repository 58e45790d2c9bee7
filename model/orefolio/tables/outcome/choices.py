"""What a plan commits to: contracts signed, projects started, levels of programmes decided, with what each costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orefolio.case.scenarios import Path, as_date, years_between

from .calendar import month_of
from .future import Entry, Lived

if TYPE_CHECKING:
    from . import Outcome

MUSD = 1e-6
VARIABLE = {"project": "size", "contract": "sign", "tranche": "tranche", "programme": "level_on"}
PAID = ("buy", "unused")


@dataclass(frozen=True)
class Choice:
    """One commitment at one node of the tree, made in all of `futures` (their numbers).

    size in t/year (0 for a level of a programme; of a tranche the share of output that it gives a right to).
    capital_musd: money of the commitment itself, undiscounted, and the part of it that public money pays. cost_musd:
    expected discounted cost where the node is reached, with purchases under the contract and the residual value of the
    project. latest: the last date at which the program could still commit to it, so that it helps before the horizon.
    """

    kind: str
    id: str
    name: str
    date: str
    futures: tuple[int, ...]
    size: float
    capital_musd: float
    public_musd: float
    cost_musd: float
    latest: str


def choices(outcome: Outcome) -> list[Choice]:
    """Every commitment of the plan, by date and kind."""
    found = [*_projects(outcome), *_contracts(outcome), *_tranches(outcome), *_levels(outcome)]
    return sorted(found, key=lambda choice: (choice.date, choice.kind, choice.id, choice.futures))


def _projects(outcome: Outcome) -> Iterator[Choice]:
    classes = {(e.index[0], e.period.number, who): e.index[1] for e, who in outcome.decisions("in_class")}
    for entry, who in outcome.decisions("size"):
        project, number, label = entry.index[0], entry.period.number, entry.period.label
        row = outcome.case.row("projects", project)
        path = outcome.futures[who[0]].path
        capital = row.capital_usd_per_t_per_year * MUSD * entry.value + (row.capital_musd if row.binary else 0.0)
        if (project, number, who) in classes:
            of_class = outcome.case.row("size_classes", f"{project}/{classes[project, number, who]}")
            capital += of_class.capital_musd + of_class.capital_usd_per_t_per_year * MUSD * entry.value
        capital *= path.known("projects", project, "overrun_multiple")[number]

        def own(lived: Lived, key: str = project, at: int = number, when: str = label) -> float:
            start = _sum(lived, "start", key, lambda e: e.period.number == at)
            kept = _sum(lived, "kept", key, lambda e: e.index[1] == when)
            for name in ("in_class", "size_in_class"):
                start += _sum(lived, name, key, lambda e: e.period.number == at)
            return start + kept + _sum(lived, "size", key, lambda e: e.period.number == at)

        cost = _expected(outcome, who, own)
        money = (capital, capital * row.public_share, cost)
        yield _choice(outcome, "project", project, row.name, entry, who, entry.value, money)


def _contracts(outcome: Outcome) -> Iterator[Choice]:
    volumes = {(e.index, e.period.number, who): e.value for e, who in outcome.decisions("volume")}
    for entry, who in outcome.decisions("sign"):
        contract, number = entry.index[0], entry.period.number
        row = outcome.case.row("contracts", contract)
        volume = volumes.get((entry.index, number, who), 0.0)
        capital = row.prepayment_musd + row.prepayment_usd_per_t_per_year * MUSD * volume

        def own(lived: Lived, key: str = contract, at: int = number, size: float = volume) -> float:
            here = [_sum(lived, name, key, lambda e: e.period.number == at) for name in ("sign", "volume")]
            signed = sum(e.value for e in lived.entries_of("volume", key))
            paid = sum(_sum(lived, name, key) for name in PAID)
            return sum(here) + (paid * size / signed if signed > 0 else 0.0)

        money = (capital, capital * row.public_share, _expected(outcome, who, own))
        yield _choice(outcome, "contract", contract, row.name, entry, who, volume, money)


def _tranches(outcome: Outcome) -> Iterator[Choice]:
    for entry, who in outcome.decisions("tranche"):
        key, seller = "/".join(entry.index), entry.index[0]
        contract, own = outcome.case.row("contracts", entry.index[0]), outcome.case.row("tranches", key)
        name = f"{contract.name or contract.contract}, tranche {own.tranche}"
        column = entry.column

        def cost(lived: Lived, thing: str = seller, place: int = column) -> float:
            return _sum(lived, "tranche", thing, lambda e: e.column == place)

        money = (own.payment_musd, own.payment_musd * contract.public_share, _expected(outcome, who, cost))
        yield _choice(outcome, "tranche", key, name, entry, who, own.right_share, money)


def _levels(outcome: Outcome) -> Iterator[Choice]:
    for entry, who in outcome.decisions("level_on"):
        key = "/".join(entry.index)
        row = outcome.case.row("programmes", key)
        path = outcome.futures[who[0]].path
        up_front = path.known("programmes", key, "up_front_musd")[entry.period.number]
        column = entry.column

        def own(lived: Lived, thing: str = entry.index[0], place: int = column) -> float:
            return _sum(lived, "level_on", thing, lambda e: e.column == place)

        money = (up_front, up_front if row.envelope else 0.0, _expected(outcome, who, own))
        yield _choice(outcome, "programme", key, row.name, entry, who, 0.0, money)


def _sum(lived: Lived, variable: str, thing: str, wanted: Callable[[Entry], bool] = lambda _: True) -> float:
    """Discounted million USD of the columns of a variable for a thing that are wanted."""
    return sum(entry.cost_musd for entry in lived.entries_of(variable, thing) if wanted(entry))


def _expected(outcome: Outcome, who: tuple[int, ...], cost: Callable[[Lived], float]) -> float:
    """Mean over the futures that share a node."""
    futures = [outcome.futures[number] for number in who]
    return sum(lived.weight * cost(lived) for lived in futures) / outcome.chance(who)


def _choice(
    outcome: Outcome,
    kind: str,
    key: str,
    name: str,
    entry: Entry,
    who: tuple[int, ...],
    size: float,
    money: tuple[float, float, float],
) -> Choice:
    capital, public, cost = money
    starts = [start for number in who for start in outcome.open_at(number).get((VARIABLE[kind], entry.index), ())]
    latest = month_of(outcome.case, max(starts)) if starts else ""
    date = month_of(outcome.case, entry.period.start)
    return Choice(kind, key, name or key, date, who, size, capital, public, cost, latest)


def first_delivery(path: Path, row: Any, signed: float) -> float:
    """When a contract signed at a moment delivers first, years since the horizon's first day, not before that day."""
    earliest = 0.0 if row.first_delivery is None else years_between(path.case.horizon_from, as_date(row.first_delivery))
    return float(max(signed + row.qualification_years, earliest, 0.0))
