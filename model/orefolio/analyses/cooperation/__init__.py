"""What planning together is worth to the importers of a case made of parts, to whom it falls, and who rides free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.case.parts import part_folders
from orefolio.case.read import load_case
from orefolio.case.structure import FILE, Partner, read_structure
from orefolio.errors import Fault, InfeasibleError, InputError
from orefolio.program.merge import Merged
from orefolio.program.program import Floats

from .division import Coalition, Division, Interval, coalitions, divided
from .owners import Owners
from .plans import Asked, Plan, bounded, carried_over, committed, offset_of, searched, solved, together

__all__ = ["Answer", "Asked", "Effect", "Parties", "Share", "cooperation", "parties"]

ROUNDING = 1e-6
"""Share of a cost that a solve of the same plan may be off by."""


@dataclass(frozen=True)
class Parties:
    """Who plans and who sells: the joint case, the case of each importer, and the sellers that bargain as one."""

    joint: Case
    alone: Mapping[str, Case]
    partners: Mapping[str, Partner]

    @property
    def owners(self) -> Owners:
        """Whose cost is whose."""
        return Owners(self.joint, self.alone)

    @property
    def players(self) -> tuple[str, ...]:
        """Importers, then sellers."""
        return (*self.alone, *self.partners)

    def name(self, player: str) -> str:
        """A player as people say it."""
        return self.alone[player].title.partition(",")[0] if player in self.alone else self.partners[player].name


@dataclass(frozen=True)
class Share:
    """What an importer pays, expected, million USD: alone, in the joint plan, where nobody pays more than alone.

    short: expected tonnes not served, in the same order. transfer: what it receives beside the joint plan so that
    importers gain alike; below 0 it pays. spared: whether no importer pays more than alone without a transfer.
    """

    importer: str
    alone: Interval
    joint: float
    spared: float | None
    short: tuple[float, float, float | None]
    transfer: float


@dataclass(frozen=True)
class Effect:
    """What the payer's plan alone can do for another importer, which commits to no more than in its own plan alone.

    short, cost: of the other, first in its own plan alone, then at its best beside the payer's commitments, where the
    payer pays no more than alone. kept: whether the payer could be held to that.
    """

    payer: str
    other: str
    short: tuple[float, float]
    cost: tuple[float, float]
    kept: bool


@dataclass(frozen=True)
class Answer:
    """What planning together is worth. worth, spared_worth: million USD, between proved ends; None where not asked or
    where no plan spares each. costs: of each coalition."""

    parties: Parties
    separate: Interval
    joint: Interval
    spared: Interval | None
    shares: tuple[Share, ...]
    effects: tuple[Effect, ...]
    costs: Mapping[Coalition, Interval]
    division: Division | None

    @property
    def worth(self) -> Interval:
        """What the joint plan saves against the plans alone."""
        return _less(self.separate, self.joint)

    @property
    def spared_worth(self) -> Interval | None:
        """The same where no importer pays more than alone."""
        return None if self.spared is None else _less(self.separate, self.spared)


def _less(one: Interval, other: Interval) -> Interval:
    return one[0] - other[1], one[1] - other[0]


def parties(folder: Path) -> Parties:
    """Read a case made of parts. Raises InputError where it has fewer than two, or a seller that it does not know."""
    form = read_structure(folder)
    place = str(folder / FILE)
    if len(form.parts) < 2:
        raise InputError([Fault(place, "a case of one importer", "parts: [one, another]")])
    joint = load_case(folder)
    faults = [
        Fault(place, f"the supplier {name!r} of {key}", "a supplier of the case", *form.places.get("partners", (0, 0)))
        for key, partner in form.partners.items()
        for name in partner.suppliers
        if not joint.has("suppliers", name)
    ]
    faults += [
        Fault(place, f"the partner {key!r}", "another name than a part's", *form.places.get("partners", (0, 0)))
        for key in form.partners
        if key in form.parts
    ]
    if faults:
        raise InputError(faults)
    alone = {part.name: load_case(part) for part in part_folders(folder, form)}
    return Parties(joint, alone, form.partners)


def cooperation(found: Parties, asked: Asked, division: bool = True, effects: bool = True) -> Answer:
    """Solve the plans and divide what they save. Raises InfeasibleError, SolverError where one has no plan."""
    owners = found.owners
    alone = {name: solved(f"{name} alone", case, asked) for name, case in found.alone.items()}
    carried: dict[str, Floats] = {}

    def begin(merged: Merged) -> Floats:
        carried.update(carried_over(owners, alone, merged))
        return together(carried, merged.program)

    joint = solved("together", found.joint, asked, begin)
    costs = owners.costs(joint.merged)
    offsets = {name: offset_of(plan) for name, plan in alone.items()}
    spared = _spared(joint, alone, costs, offsets, asked)
    done = tuple(
        _effect(joint, alone, carried, owners, payer, other, asked)
        for payer in (alone if effects else ())
        for other in alone
        if other != payer
    )
    whole = {frozenset(found.players): joint.interval} if division else {}
    coalition_costs = {**_coalition_costs(found, asked), **whole} if division else {}
    return Answer(
        parties=found,
        separate=(sum(p.interval[0] for p in alone.values()), sum(p.interval[1] for p in alone.values())),
        joint=joint.interval,
        spared=None if spared is None else spared.interval,
        shares=_shares(owners, alone, joint, spared, costs, offsets),
        effects=done,
        costs=coalition_costs,
        division=divided(found.players, coalition_costs) if division else None,
    )


def _spared(
    joint: Plan,
    alone: Mapping[str, Plan],
    costs: Mapping[str, Floats],
    offsets: Mapping[str, float],
    asked: Asked,
) -> Plan | None:
    """The joint plan in which no importer pays more than alone; None where there is none."""
    limits = {name: plan.expected - offsets[name] for name, plan in alone.items()}
    paid = {name: float(cost @ joint.solution.values) for name, cost in costs.items()}
    if all(paid[name] <= limits[name] for name in limits):
        return replace(joint, name="nobody worse off")
    program = bounded(joint.merged.program, costs, limits)
    try:
        return searched("nobody worse off", replace(joint.merged, program=program), asked)
    except InfeasibleError:
        return None


def _shares(
    owners: Owners,
    alone: Mapping[str, Plan],
    joint: Plan,
    spared: Plan | None,
    costs: Mapping[str, Floats],
    offsets: Mapping[str, float],
) -> tuple[Share, ...]:
    paid = joint.paid(costs, offsets)
    spared_paid = None if spared is None else spared.paid(costs, offsets)
    gain = sum(plan.expected for plan in alone.values()) - sum(paid.values())
    shares = []
    for name, plan in alone.items():
        low = plan.expected - (plan.interval[1] - plan.interval[0])
        shares.append(
            Share(
                importer=name,
                alone=(low, plan.expected),
                joint=paid[name],
                spared=None if spared_paid is None else spared_paid[name],
                short=(
                    sum(plan.short_t.values()),
                    _short(owners, joint, name),
                    None if spared is None else _short(owners, spared, name),
                ),
                transfer=paid[name] - plan.expected + gain / len(alone),
            )
        )
    return tuple(shares)


def _short(owners: Owners, plan: Plan, importer: str) -> float:
    case = plan.case
    country = {row.demand: case.row("places", row.place).country for row in case.rows("demands")}
    mine = owners.alone[importer].importer
    return sum(tonnes for demand, tonnes in plan.short_t.items() if country[demand] in mine)


def _effect(
    joint: Plan,
    alone: Mapping[str, Plan],
    carried: Mapping[str, Floats],
    owners: Owners,
    payer: str,
    other: str,
    asked: Asked,
) -> Effect:
    """The other's least cost in one world with the payer, which commits as it would alone and pays no more than alone.

    The other commits to no more than it would alone. Where the payer cannot be held so, it is held at its least.
    """
    costs = owners.costs(joint.merged)
    offsets = {name: offset_of(plan) for name, plan in alone.items()}
    program = committed(joint.merged.program, owners, carried, payer)
    limit = alone[payer].expected - offsets[payer]
    name, kept = f"{other} beside the plan of {payer}", True
    mine = replace(program, cost=costs[other], offset=offsets[other])

    def beside(most: float) -> Plan:
        held = bounded(mine, costs, {payer: most + ROUNDING * max(1.0, abs(alone[payer].expected))})
        return searched(name, replace(joint.merged, program=held), asked)

    try:
        plan = beside(limit)
    except InfeasibleError:
        least = replace(program, cost=costs[payer], offset=offsets[payer])
        first = searched(f"the plan of {payer} beside {other}", replace(joint.merged, program=least), asked)
        plan, kept = beside(first.interval[1] - offsets[payer]), False
    return Effect(
        payer=payer,
        other=other,
        short=(sum(alone[other].short_t.values()), _short(owners, plan, other)),
        cost=(alone[other].expected, plan.paid(costs, offsets)[other]),
        kept=kept,
    )


def _coalition_costs(found: Parties, asked: Asked) -> dict[Coalition, Interval]:
    """The cost of every coalition but that of all: its importers, with what its sellers and no others have to sell."""
    costs: dict[Coalition, Interval] = {}
    for coalition in coalitions(found.players):
        importers = [name for name in found.alone if name in coalition]
        if not importers:
            costs[coalition] = (0.0, 0.0)
        elif len(coalition) < len(found.players):
            case = found.joint if len(importers) > 1 else _with_third_claims(found, importers[0])
            sellers = [p for key, p in found.partners.items() if key not in coalition]
            words = " + ".join(found.name(player) for player in found.players if player in coalition)
            costs[coalition] = solved(words, _without(case, sellers), asked).interval
    return costs


def _with_third_claims(found: Parties, importer: str) -> Case:
    """An importer's own case, where its partners have to sell what nobody else but third parties has a claim on."""
    case = found.alone[importer]
    sellers = {name for partner in found.partners.values() for name in partner.suppliers}
    bought = {(row.supplier, row.commodity) for row in case.rows("supplier_capacity") if row.supplier in sellers}
    taken = [row for row in found.joint.rows("supplier_capacity") if (row.supplier, row.commodity) in bought]
    settled = {(row.supplier, row.commodity) for row in taken}
    kept = [row for row in case.rows("supplier_capacity") if (row.supplier, row.commodity) not in settled]
    return replace(case, tables={**case.tables, "supplier_capacity": (*kept, *taken)}, lines={}, folders={})


def _without(case: Case, sellers: list[Partner]) -> Case:
    """A case in which some sellers have nothing to sell."""
    names = [name for partner in sellers for name in partner.suppliers]
    return case.adjusted(
        Adjustment(table, f"supplier={name}", column, "set", 0.0)
        for name in names
        for table, column in (("suppliers", "availability_share"), ("supplier_capacity", "t_per_year"))
    )
