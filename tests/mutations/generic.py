"""What each family states, and the mutations that come of it: the same for every family.

The table is checked against what the families state in their pencil cases. What a mutation cannot change there for a
reason is left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mutations import operators as op
from mutations.operators import Mutation


@dataclass(frozen=True)
class Stated:
    """What a family states, by name.

    rows, equal: inequalities and equalities, with the factor for their right side. timed: rows whose right side has a
    number for each period. columns, binary, costs, posts: as named; bounded: columns with an upper bound of their own;
    weighted: accounts with coefficients other than one and minus one.
    """

    rows: dict[str, float] = field(default_factory=dict)
    equal: dict[str, float] = field(default_factory=dict)
    timed: tuple[str, ...] = ()
    binary: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    bounded: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    weighted: tuple[str, ...] = ()


FAMILY: dict[str, Stated] = {
    "projects": Stated(
        rows={
            "PRJ_size_max": 0.99,
            "PRJ_size_min": 0.99,
            "PRJ_once": 2.0,
            "PRJ_requires": 2.0,
            "PRJ_group": 1.01,
            "PRJ_kept": 1.01,
        },
        binary=("start",),
        columns=("size", "kept"),
        bounded=("size", "kept"),
        costs=("capital", "fixed operation", "residual value"),
        posts=("installed", "kept", "started"),
        weighted=("installed",),
    ),
    "programmes": Stated(
        rows={"PRG_once": 2.0, "PRG_order": 0.5},
        binary=("level_on",),
        costs=("programmes",),
        posts=("programme",),
        weighted=("programme",),
    ),
    "capacity": Stated(
        rows={"CAP": 1.01, "CAP_ramp_up": 1.01, "CAP_kept": 1.01, "CAP_campaign": 0.5},
        timed=("CAP", "CAP_ramp_up"),
        binary=("run",),
        columns=("activity",),
        costs=("processing", "campaigns"),
        posts=("balance", "output"),
        weighted=("balance",),
    ),
    "contracts": Stated(
        rows={
            "OFF_delivery": 1.01,
            "OFF_supplier": 1.01,
            "OFF_take_or_pay": 1.01,
            "OFF_total": 1.01,
            "OFF_volume_max": 0.99,
            "OFF_volume_min": 0.99,
            "OFF_with_project": 0.5,
        },
        timed=("OFF_supplier",),
        binary=("sign",),
        columns=("volume", "buy", "unused"),
        bounded=("volume", "buy"),
        costs=("purchases", "prepayments", "dividends", "take-or-pay"),
        posts=("balance", "bought"),
        weighted=("balance", "bought"),
    ),
    "transport": Stated(
        rows={"LAN": 1.01},
        timed=("LAN",),
        columns=("ship",),
        bounded=("ship",),
        costs=("transport", "tariffs"),
        posts=("balance",),
        weighted=("balance",),
    ),
    "stockpiles": Stated(
        rows={"STK_warehouse": 1.01, "STK_pace": 1.01, "STK_rotation": 1.01, "STK_cover": 1.01},
        equal={"STK": 1.01},
        timed=("STK", "STK_warehouse", "STK_pace", "STK_rotation", "STK_cover"),
        columns=("stock", "put", "take", "rotate", "gap"),
        bounded=("stock", "put", "rotate", "gap"),
        costs=("stock handling", "stockholding", "closing stock", "cover penalty"),
        posts=("balance",),
    ),
    "recycling": Stated(
        rows={"REC": 1.01},
        timed=("REC",),
        columns=("collect",),
        costs=("collection",),
        posts=("balance",),
        weighted=("balance",),
    ),
    "substitution": Stated(rows={"SUB": 1.01}, timed=("SUB",)),
    "chinese_content": Stated(
        rows={"CNC": 0.99, "CNC_changeover": 0.99, "CNC_de_minimis": 1.01},
        timed=("CNC",),
        binary=("dedicated",),
        columns=("feed", "changeover"),
        bounded=("changeover",),
        costs=("dedication", "changeovers"),
        posts=("balance",),
    ),
    "demand": Stated(
        rows={"DEM_tagged": 1.01, "DEM_least_service": 1.01},
        equal={"DEM": 1.01},
        timed=("DEM", "DEM_tagged", "DEM_least_service"),
        columns=("deliver", "short", "unserved"),
        bounded=("short", "unserved"),
        costs=("shortage", "least service"),
        posts=("balance",),
    ),
    "markets": Stated(columns=("sell", "discard"), bounded=("sell",), costs=("sales", "discards"), posts=("balance",)),
    "diversification": Stated(rows={"DIV": 1.01}, columns=("over",), costs=("concentration penalty",)),
    "environment": Stated(rows={"ENV": 1.01}, costs=("residues",), posts=("residue",), weighted=("residue",)),
    "budgets": Stated(rows={"BUD": 1.01}),
    "balance": Stated(equal={"BAL": 1.01}, columns=("downgrade",), posts=("balance",)),
}

READ_BY = {
    ("projects", "started"): "contracts",
    ("capacity", "output"): "environment",
    ("contracts", "bought"): "diversification",
}
"""Accounts that their own family's cases do not read: the family whose cases must tell."""

CHANGES_NOTHING: dict[str, str] = {
    "projects: kept below nought": "what is kept has value, so it is never less than it can be",
    "projects: kept with more room": "PRJ_kept holds it to a share of the size, which has the same bound",
    "projects: post to kept a period late": "the account has no periods",
    "projects: post to started times 1.01": "a binary under 1.01 is a binary",
    "contracts: volume with more room": "OFF_volume_max holds it to the same bound",
    "stockpiles: gap with more room": "stock is not negative, and a gap costs: it never exceeds the floor",
    "chinese_content: changeover below nought": "the two rows hold it to a difference and its negative",
    "chinese_content: changeover with more room": "a difference of two binaries is at most one",
    "demand: unserved with more room": "deliveries are not negative, and it costs: it never exceeds the least service",
    "balance: post to balance times 1.01": "both ends of a downgrade grow alike",
}
"""Mutations that provably change no optimum, and why; they are no mutants."""


def mutations(family: str) -> Iterator[tuple[str, Mutation]]:
    """The mutations of a family by what it states: (name, mutation)."""
    stated = FAMILY[family]
    yield "family dropped", op.drop(family)
    for name, factor in stated.rows.items():
        yield f"{name} dropped", op.rows(family, name, op.without)
        yield f"{name} flipped", op.rows(family, name, op.flipped)
        yield f"{name} times {factor:g}", op.rows(family, name, op.scaled(factor))
    for name, factor in stated.equal.items():
        yield f"{name} dropped", op.rows(family, name, op.without)
        yield f"{name} at most", op.rows(family, name, op.only("<="))
        yield f"{name} at least", op.rows(family, name, op.only(">="))
        yield f"{name} times {factor:g}", op.rows(family, name, op.scaled(factor))
    for name in stated.timed:
        yield f"{name} of the period before", op.rows(family, name, op.shifted)
    for name in stated.binary:
        yield f"{name} in parts", op.columns(family, name, op.relaxed)
    for name in stated.columns:
        yield f"{name} below nought", op.columns(family, name, op.unsigned)
    for name in stated.bounded:
        yield f"{name} with more room", op.columns(family, name, op.room(1.01))
    for name in stated.costs:
        yield f"{name} lost", op.costs(family, name, op.times(0.0))
        yield f"{name} times 1.01", op.costs(family, name, op.times(1.01))
        yield f"{name} undiscounted", op.costs(family, name, op.undiscounted)
        yield f"{name} discounted a year late", op.costs(family, name, op.discounted_late)
    for name in stated.posts:
        yield f"post to {name} lost", op.posts(family, name, op.lost)
        yield f"post to {name} a period late", op.posts(family, name, op.a_period_late)
        yield f"post to {name} times 1.01", op.posts(family, name, op.more)
    for name in stated.weighted:
        yield f"post to {name} inverted", op.posts(family, name, op.inverted)
