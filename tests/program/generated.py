"""Small cases drawn at random: suppliers, a lane, a line, a mine, a plant, stock, demands, up to three futures.

No case has take-or-pay, co-products, floors, groups, price events or money caps, with which some properties of an
optimum do not hold. Numbers lie on coarse grids, so that two optima either agree to rounding or differ visibly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from orefolio.case.case import Case
from pencil import RULE, Piece, case_of, event, future, lane, offtake, process, project, spot, stockpile, tables, wanted


def numbers(least: int, most: int, step: float = 1.0) -> st.SearchStrategy[float]:
    return st.integers(least, most).map(lambda whole: whole * step)


@dataclass(frozen=True)
class Drawn:
    """What was drawn: prices and capital in thousand USD (or USD/kg), quantities in tonnes."""

    years: int
    discount: float
    prices: tuple[float, float]
    most: tuple[float, float]
    lane_loss: float
    press: float
    plant: tuple[float, float, int]
    offtake: tuple[float, float]
    stock: tuple[float, float]
    wants: tuple[float, float]
    losses: tuple[float, float]
    approval: float
    rule: bool
    one_class: bool
    weights: tuple[float, ...]
    cut: float

    @property
    def futures(self) -> tuple[str, ...]:
        return ("calm", "early", "late")[: len(self.weights)]


drawn = st.builds(
    Drawn,
    years=st.integers(2, 3),
    discount=st.sampled_from([0.0, 0.04]),
    prices=st.tuples(numbers(2, 9), numbers(5, 19)),
    most=st.tuples(numbers(4, 20), numbers(0, 12)),
    lane_loss=st.sampled_from([0.0, 0.05]),
    press=numbers(2, 14),
    plant=st.tuples(numbers(1, 9), numbers(0, 60, 5), st.integers(0, 2)),
    offtake=st.tuples(numbers(3, 12), numbers(0, 8)),
    stock=st.tuples(numbers(0, 6), numbers(6, 12)),
    wants=st.tuples(numbers(0, 8), numbers(1, 9)),
    losses=st.tuples(numbers(15, 35), numbers(40, 90)),
    approval=st.sampled_from([0.0, 0.5, 1.0]),
    rule=st.booleans(),
    one_class=st.booleans(),
    weights=st.sampled_from([(1.0,), (0.5, 0.5), (0.4, 0.35, 0.25)]),
    cut=st.sampled_from([0.0, 0.3]),
)


def case_from(of: Drawn, name: Callable[[str], str] = str, turned: bool = False, **settings: float) -> Case:
    """The case, with its ids as `name` makes them; `turned`: every table from its last row to its first."""
    case = case_of(*_rule(of, name), *_supply(of, name), *_use(of, name), *_futures(of, name), years=of.years,
                   discount=of.discount, **settings)  # fmt: skip
    if not turned:
        return case
    return replace(case, tables={table: tuple(reversed(rows)) for table, rows in case.tables.items()})


def _rule(of: Drawn, name: Callable[[str], str]) -> list[Piece]:
    rule = {"rule": name("content"), "in_force_share": 1.0, "threshold_share": 0.001, "basis": "value"}
    classes = [{"class_": name(str(row["class_"])), **_but(row, "class_")} for row in RULE["classes"]]
    licence = {"licence": name("goods"), "approval_share": of.approval, "needs_rule": True}
    return [tables(rules=[{**rule, "enabled": of.rule}], classes=classes, licences=[licence])]


def _but(row: dict[str, Any], *left_out: str) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column not in left_out}


def _supply(of: Drawn, name: Callable[[str], str]) -> list[Piece]:
    size, capital, lead = of.plant
    price, most = of.offtake
    metal, free = name("metal"), name("free")
    return [
        spot(name("market"), metal, of.prices[0], of.most[0], place=name("port"), class_=name("tagged")),
        spot(name("clean"), metal, of.prices[1], of.most[1], place=name("port"), class_=free),
        lane(name("port"), name("here"), metal, 0.5, loss_share=of.lane_loss),
        offtake(
            name("deal"), metal, price, most, years=(2027, 2028), prepayment_musd=0.004, class_=free, place=name("here")
        ),
        process(name("mine"), {}, {metal: 1}, cost=1, place=name("here")),
        project(name("pit"), name("mine"), size, lead=lead, capital=capital, fixed_usd_per_t_per_year=400),
        stockpile(
            name("pile"), metal, of.stock[1], initial_t=of.stock[0], handling_usd_per_kg=0.25, initial_class=free,
            place=name("here"),
        ),
    ]  # fmt: skip


def _use(of: Drawn, name: Callable[[str], str]) -> list[Piece]:
    metal, magnet, here = name("metal"), name("magnet"), name("here")
    return [
        process(
            name("press"), {metal: 1.25}, {magnet: 1}, capacity=of.press, cost=2, place=here,
            one_class_at_a_time=of.one_class,
        ),
        wanted(
            name("abroad"), magnet, of.wants[0], *of.losses, place=here, export_share=1.0, licence=name("goods")
        ),
        wanted(name("home"), magnet, of.wants[1], *of.losses, place=here),
    ]  # fmt: skip


def _futures(of: Drawn, name: Callable[[str], str]) -> list[Piece]:
    cut = event(name("cut"), "suppliers", f"supplier={name('market')}", "availability_share", "set", of.cut)
    pieces = [cut, future(name("calm"), of.weights[0])]
    onsets = ("2028-01-01", "2029-01-01" if of.years > 2 else "2028-07-01")
    for future_name, weight, onset in zip(of.futures[1:], of.weights[1:], onsets, strict=False):
        pieces.append(future(name(future_name), weight, {name("cut"): onset}, onset=onset))
    return pieces
