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
        posts=("installed", "kept", "started", "sized"),
        weighted=("installed",),
    ),
    "size_classes": Stated(
        rows={"SIZ_class_max": 0.99, "SIZ_class_min": 0.99},
        equal={"SIZ_one": 1.01, "SIZ_size": 1.01},
        binary=("in_class",),
        columns=("size_in_class",),
        costs=("capital",),
    ),
    "abandonment": Stated(
        rows={"ABA_max": 0.99, "ABA_left_max": 1.01, "ABA_left_min": 1.01, "ABA_kept": 1.01},
        binary=("abandon",),
        columns=("given_up",),
        costs=("capital", "abandonment", "fixed operation"),
        posts=("installed", "abandoned"),
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
    "depletion": Stated(rows={"DEP": 1.01}),
    "closing": Stated(
        rows={"CLO": 0.99, "CLO_restart": 1.01},
        equal={"CLO_one": 1.01},
        binary=("close", "mothballed"),
        columns=("stands", "restart"),
        costs=("standing", "mothballing", "restarts", "closing"),
    ),
    "skills": Stated(
        rows={"SKL": 1.01},
        equal={"SKL_able": 1.01},
        timed=("SKL_able",),
        columns=("able", "retrained"),
        costs=("retraining",),
    ),
    "contracts": Stated(
        rows={
            "OFF_behind": 0.99,
            "OFF_delivery": 1.01,
            "OFF_ended": 0.99,
            "OFF_ended_all": 1.01,
            "OFF_not_ahead": 1.01,
            "OFF_take_or_pay": 1.01,
            "OFF_total": 1.01,
            "OFF_volume_max": 0.99,
            "OFF_volume_min": 0.99,
            "OFF_with_project": 0.5,
        },
        binary=("sign", "behind"),
        columns=("volume", "buy", "unused", "excused", "ended"),
        bounded=("volume", "buy", "ended"),
        costs=("purchases", "prepayments", "dividends", "take-or-pay"),
        posts=(
            "balance",
            "bought",
            "offtake at a floor",
            "taken",
            "signed",
            "contracted",
            "sold",
            "unused",
            "excused",
        ),
        weighted=("balance", "bought", "sold"),
    ),
    "makeup": Stated(
        rows={"OFF_makeup": 1.01, "OFF_makeup_pace": 1.01},
        columns=("makeup",),
        bounded=("makeup",),
        posts=("balance", "bought", "sold", "made up"),
        weighted=("balance", "bought", "sold"),
    ),
    "tranches": Stated(
        rows={
            "OFF_tranche_once": 2.0,
            "OFF_tranche_order": 2.0,
            "OFF_right": 1.01,
            "OFF_first_right": 1.01,
            "OFF_first": 0.99,
        },
        binary=("tranche",),
        columns=("served_first",),
        costs=("prepayments", "dividends"),
        posts=("signed", "served first"),
        weighted=("served first",),
    ),
    "suppliers": Stated(
        rows={
            "OFF_supplier": 1.01,
            "OFF_supplier_whole": 1.01,
            "OFF_sustained": 0.5,
            "OFF_sustains": 0.5,
            "OFF_alone": 1.01,
            "OFF_carried": 1.01,
            "OFF_carried_on": 0.99,
            "OFF_carried_all": 0.99,
            "OFF_makeup_alone": 1.01,
        },
        equal={"OFF_excused": 1.01},
        timed=("OFF_supplier",),
        columns=("sustained", "carried"),
        bounded=("sustained", "carried"),
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
        equal={"CNC_one": 1.01},
        timed=("CNC",),
        binary=("dedicated", "kept_for"),
        columns=("feed", "changeover"),
        bounded=("changeover",),
        costs=("dedication", "changeovers"),
        posts=("balance",),
    ),
    "demand": Stated(
        rows={"DEM_tagged": 1.01, "DEM_refused": 1.01, "DEM_least_service": 1.01},
        equal={"DEM": 1.01},
        timed=("DEM", "DEM_tagged", "DEM_refused", "DEM_least_service"),
        columns=("deliver", "short", "unserved"),
        bounded=("short", "unserved"),
        costs=("shortage", "least service"),
        posts=("balance",),
    ),
    "markets": Stated(columns=("sell", "discard"), bounded=("sell",), costs=("sales", "discards"), posts=("balance",)),
    "diversification": Stated(rows={"DIV": 1.01}, columns=("over",), costs=("concentration penalty",)),
    "import_caps": Stated(rows={"CAPS": 1.01}, timed=("CAPS",)),
    "environment": Stated(rows={"ENV": 1.01}, costs=("residues",), posts=("residue",), weighted=("residue",)),
    "support": Stated(
        rows={"SUP_backed": 0.99, "SUP_capacity": 1.01, "SUP_output": 1.01, "SUP_others": 1.01, "SUP_exclusion": 2.0},
        equal={"SUP_one": 1.01, "SUP_size": 1.01},
        timed=("SUP_others",),
        binary=("choose",),
        columns=("backed", "supported"),
        costs=("support",),
        posts=("npv", "outlay"),
    ),
    "budgets": Stated(rows={"BUD": 1.01}),
    "ageing": Stated(
        rows={"AGE": 1.01, "AGE_loss": 1.01, "AGE_fresh": 1.01},
        timed=("AGE_loss",),
        costs=("expiry",),
    ),
    "mass_balance": Stated(equal={"MASS": 1.01}, columns=("blend", "headroom"), posts=("balance",)),
    "balance": Stated(equal={"BAL": 1.01}, columns=("downgrade",), posts=("balance",)),
}

READ_BY = {
    ("projects", "started"): "contracts",
    ("projects", "sized"): "support",
    ("abandonment", "abandoned"): "contracts",
    ("capacity", "output"): "environment",
    ("contracts", "bought"): "diversification",
    ("contracts", "taken"): "suppliers",
    ("contracts", "signed"): "suppliers",
    ("contracts", "contracted"): "suppliers",
    ("contracts", "sold"): "suppliers",
    ("contracts", "excused"): "suppliers",
    ("contracts", "unused"): "makeup",
    ("makeup", "made up"): "suppliers",
    ("tranches", "signed"): "suppliers",
    ("contracts", "offtake at a floor"): "support",
}
"""Accounts that their own family's cases do not read: the family whose cases must tell."""

CHANGES_NOTHING: dict[str, str] = {
    "projects: kept below nought": "what is kept has value, so it is never less than it can be",
    "projects: kept with more room": "PRJ_kept holds it to a share of the size, which has the same bound",
    "projects: post to kept a period late": "the account has no periods",
    "projects: post to started times 1.01": "a binary under 1.01 is a binary",
    "abandonment: post to abandoned times 1.01": "a binary under 1.01 is a binary",
    "skills: SKL_able at most": "fewer who are able let nothing more run, now or later",
    "skills: able below nought": "fewer who are able let nothing more run, now or later",
    "contracts: volume with more room": "OFF_volume_max holds it to the same bound",
    "contracts: ended with more room": "OFF_ended holds it to the greatest volume",
    "contracts: excused below nought": "OFF_excused holds it to one number",
    "contracts: post to signed times 1.01": "a binary under 1.01 is a binary",
    "tranches: post to signed times 1.01": "a binary under 1.01 is a binary",
    "tranches: served_first below nought": "what is served first moves rivals: less of it leaves less room",
    "suppliers: OFF_carried dropped": "OFF_delivery holds what comes to what is signed",
    "suppliers: OFF_carried times 1.01": "OFF_delivery holds what comes to what is signed",
    "suppliers: sustained below nought": "OFF_sustains holds it at a signature or more",
    "suppliers: carried with more room": "OFF_carried holds it to what is signed, at most the greatest volume",
    "stockpiles: gap with more room": "stock is not negative, and a gap costs: it never exceeds the floor",
    "chinese_content: changeover below nought": "the two rows hold it to a difference and its negative",
    "chinese_content: changeover with more room": "a difference of two binaries is at most one",
    "demand: unserved with more room": "deliveries are not negative, and it costs: it never exceeds the least service",
    "support: SUP_size at least": "capacity that is backed and not built costs its investor and makes nothing",
    "support: backed below nought": "what it makes is not negative, and stays within it",
    "support: post to npv times 1.01": "a worth times a number has the same sign",
    "mass_balance: MASS at least": "headroom may then be less than it is, which lets nothing more in",
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
