"""Laying futures over the tree: the merged program against extensive forms written out, and what merging refuses."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from orefolio.case.case import AfterShock, Case
from orefolio.case.scenarios import plant
from orefolio.program.build import build
from orefolio.program.flatten import Flat, flatten, stated
from orefolio.program.merge import ForeknowledgeError, Merged, merge
from orefolio.program.program import Label, Program
from orefolio.solve import Options, solve
from pencil import (
    RULE,
    Piece,
    case_of,
    event,
    future,
    must,
    offtake,
    optimum,
    plan,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)

CUT = event("cut", "suppliers", "supplier=market", "availability_share", "set", 0)
DEAR = event("dear", "contract_items", "contract=market", "price_usd_per_kg", "multiply", 3)

Key = tuple[str, tuple[str, ...], int, frozenset[str]]
Row = tuple[frozenset[tuple[Key, float]], float, float]
Column = tuple[float, float, float, bool]


def columns_by_futures(merged: Merged) -> list[Key]:
    """Each merged column as (variable, index, period, futures that share it)."""
    users: list[set[str]] = [set() for _ in merged.program.columns]
    for flat, place in zip(merged.flats, merged.column_of, strict=True):
        for column in place:
            users[column].add(flat.path.future)
    return [
        (label.name, label.index, label.period, frozenset(names))
        for label, names in zip(merged.program.columns, users, strict=True)
    ]


def rounded(number: float) -> float:
    return float(f"{number:.9g}")


def rows_of(matrix: sp.csr_matrix, lower: Sequence[float], upper: Sequence[float], keys: Sequence[Key]) -> Counter[Row]:
    """Rows as sets of (column, coefficient) with their sides, signed so that the first coefficient is positive."""
    result: Counter[Row] = Counter()
    for number in range(matrix.shape[0]):
        row = matrix.getrow(number)
        low, high = lower[number], upper[number]
        terms = {keys[column]: value for column, value in zip(row.indices, row.data, strict=True) if value}
        first = min(terms, key=lambda key: (key[:3], sorted(key[3])))
        if terms[first] < 0:
            terms, low, high = {key: -value for key, value in terms.items()}, -high, -low
        body = frozenset((key, rounded(value)) for key, value in terms.items())
        result[body, rounded(low), rounded(high)] += 1
    return result


class Written:
    """An extensive form in plain Pyomo: one variable for each set of futures that cannot be told apart."""

    def __init__(self) -> None:
        self.model = pyo.ConcreteModel()
        self.model.rows = pyo.ConstraintList()
        self.variables: dict[Key, Any] = {}
        self.cost: dict[Key, float] = {}

    def variable(self, name: str, index: str, period: int, futures: str, cost: float = 0.0, **kind: Any) -> Any:
        key = (name, tuple(index.split()), period, frozenset(futures.split()))
        if key not in self.variables:
            self.variables[key] = pyo.Var(**{"bounds": (0, None), **kind})
            self.model.add_component(f"v{len(self.variables)}", self.variables[key])
        self.cost[key] = self.cost.get(key, 0.0) + cost
        return self.variables[key]

    def row(self, relation: Any) -> None:
        self.model.rows.add(relation)

    def compiled(self) -> tuple[Counter[Row], dict[Key, Column]]:
        self.model.objective = pyo.Objective(expr=sum(self.variables.values()))
        form = LinearStandardFormCompiler().write(self.model, mixed_form=True, set_sense=None)
        names = {id(variable): key for key, variable in self.variables.items()}
        keys = [names[id(variable)] for variable in form.columns]
        kinds = [row.bound_type for row in form.rows]
        lower = [-math.inf if kind == 1 else side for kind, side in zip(kinds, form.rhs, strict=True)]
        upper = [math.inf if kind == -1 else side for kind, side in zip(kinds, form.rhs, strict=True)]
        columns = {
            key: (v.lb, math.inf if v.ub is None else v.ub, rounded(self.cost[key]), v.is_binary())
            for key, v in self.variables.items()
        }
        return rows_of(sp.csr_matrix(form.A), lower, upper, keys), columns


def assert_same(program: Program, merged: Merged, written: Written) -> None:
    """The merged program is the written one: the same columns, bounds, costs and rows."""
    rows, columns = bounds_apart(*written.compiled())
    keys = columns_by_futures(merged)
    found = {
        key: (program.column_lower[n], program.column_upper[n], rounded(program.cost[n]), bool(program.integer[n]))
        for n, key in enumerate(keys)
    }
    stated_rows = rows_of(program.matrix, program.row_lower, program.row_upper, keys)
    stated_rows, found = bounds_apart(stated_rows, found)
    assert found.keys() == columns.keys()
    assert found == columns
    assert stated_rows == rows


def bounds_apart(rows: Counter[Row], columns: dict[Key, Column]) -> tuple[Counter[Row], dict[Key, Column]]:
    """Rows of one column are bounds of it: whether a limit is written as the one or the other is no difference."""
    kept, result = Counter(rows), dict(columns)
    for body, low, high in rows:
        if len(body) == 1:
            ((key, factor),) = body
            lower, upper, cost, binary = result[key]
            result[key] = (max(lower, low / factor), min(upper, high / factor), cost, binary)
            del kept[body, low, high]
    return kept, result


NODES = {
    0: ["calm early late"],
    1: ["early", "calm late"],
    2: ["calm", "early", "late"],
}
"""Futures that cannot be told apart, by year: one cut in 2028, one in 2029."""
WEIGHT = {"calm": 0.5, "early": 0.3, "late": 0.2}
OPEN = {("early", 1): False, ("early", 2): False, ("late", 2): False}


def three_futures() -> Case:
    return case_of(
        spot("market", "metal", 7, most=30),
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1, capital=40, capital_usd_per_t_per_year=900),
        stockpile("k", "metal", 13, initial_t=2, handling_usd_per_kg=0.25, decay_share_per_year=0.1),
        wanted("d", "metal", 10, 17, 59),
        CUT,
        future("calm", 0.5),
        future("early", 0.3, {"cut": "2028-01-01"}, onset="2028-01-01"),
        future("late", 0.2, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=3,
        discount=0.07,
    )


def written_out() -> Written:
    """The same by hand. Million USD: 1 USD/kg is 0.001 a tonne; means of 1.07 ** -t over each year."""
    form = Written()
    everyone = NODES[0][0]
    mean = [(1.07**-t - 1.07 ** -(t + 1)) / math.log(1.07) for t in range(3)]
    # Both decision dates rest on what was known before them: the root, and the first year's one node.
    start = [form.variable("start", "plant", t, everyone, 0.04 * mean[t], domain=pyo.Binary) for t in (0, 1)]
    size = [form.variable("size", "plant", t, everyone, 0.0009 * mean[t], bounds=(0, 11)) for t in (0, 1)]
    for t, nodes in NODES.items():
        for node in nodes:
            weight = sum(WEIGHT[name] for name in node.split())
            paid = 0.001 * weight * mean[t]

            def column(name: str, index: str, usd_per_kg: float = 0.0, **kind: Any) -> Any:
                return form.variable(name, index, t, node, usd_per_kg * paid, **kind)  # noqa: B023

            if t < 2:
                form.row(size[t] <= 11 * start[t])
            if t == 1:
                form.row(start[0] + start[1] <= 1)
            stock, put, take = column("stock", "k free"), column("put", "k free", 0.25), column("take", "k free", 0.25)
            if t == 0:
                form.row(stock == 0.9 * 2 + put - take)
            else:
                before = next(group for group in NODES[t - 1] if set(node.split()) <= set(group.split()))
                form.row(stock == 0.9 * form.variable("stock", "k free", t - 1, before) + put - take)
            form.row(stock <= 13)
            supply = take - put
            if OPEN.get((node, t), True):
                supply += column("buy", "market", 7, bounds=(0, 30))
            if t > 0:
                made = column("activity", "line free", 3)
                form.row(made <= sum(size[:t]))
                supply += made
            served = column("deliver", "d free")
            missing = [column("short", f"d {n}", loss, bounds=(0, 5)) for n, loss in ((1, 17), (2, 59))]
            form.row(served + sum(missing) == 10)
            form.row(supply == served)
    return form


def test_three_futures_with_two_dates_are_the_extensive_form() -> None:
    """Would fail if a decision of 2028 were made apart in the branch that begins there, if a branch had a column of
    its own before it parts, or if a weight were forgotten."""
    merged = build(three_futures())
    assert_same(merged.program, merged, written_out())


def test_the_extensive_form_sees_a_difference() -> None:
    """The comparison itself: one coefficient, one side, one cost, one bound changed is seen."""
    merged = build(three_futures())
    program = merged.program
    matrix = program.matrix.copy()
    matrix.data[len(matrix.data) // 2] *= 1.001
    changes: list[dict[str, Any]] = [
        {"matrix": matrix},
        {"row_upper": program.row_upper + (np.arange(len(program.row_upper)) == 3)},
        {"cost": program.cost * (1 + 1e-6)},
        {"column_upper": program.column_upper + (np.arange(len(program.column_upper)) == 0)},
    ]
    for change in changes:
        with pytest.raises(AssertionError):
            assert_same(replace(program, **change), merged, written_out())


def test_half_years_until_the_shock_and_blocks_after_it() -> None:
    """Two futures share two half-years of 2027; the one with the cut tells the rest in one year and one block of two.
    Would fail if stock passed by period number instead of by time, or a block's length were not its own."""
    case = case_of(
        spot("market", "metal", 7),
        stockpile("k", "metal", 13, decay_share_per_year=0.19),
        wanted("d", "metal", 10, 59),
        CUT,
        future("calm", 0.75),
        future("cut", 0.25, {"cut": ("2027-07-01", 6)}, onset="2027-07-01"),
        grids={"only": ((datetime.date(2028, 1, 1), 6), (datetime.date(2031, 1, 1), 12))},
        after_shock=AfterShock(fine_months=0, single_years=1, block_years=2),
        years=4,
    )
    form = Written()
    both, calm, cut = "calm cut", "calm", "cut"
    halves = [(0, 0.5, both), (1, 0.5, calm), (1, 0.5, cut)]
    years = [(2, 1, calm), (3, 1, calm), (4, 1, calm), (2, 1, cut), (3, 2, cut)]
    for t, length, node in halves + years:
        weight = 0.001 * {both: 1.0, calm: 0.75, cut: 0.25}[node]
        stock, put = form.variable("stock", "k free", t, node), form.variable("put", "k free", t, node)
        take = form.variable("take", "k free", t, node)
        before = form.variable("stock", "k free", t - 1, both if t == 1 else node) if t else 0
        form.row(stock == 0.81**length * before + put - take)
        form.row(stock <= 13)
        bought = 0 if (t, node) == (1, cut) else form.variable("buy", "market", t, node, 7 * weight)
        served = form.variable("deliver", "d free", t, node)
        missing = form.variable("short", "d 1", t, node, 59 * weight, bounds=(0, 10 * length))
        form.row(served + missing == 10 * length)
        form.row(bought + take == put + served)
    merged = build(case)
    assert_same(merged.program, merged, form)


def rich(*futures: Piece) -> Case:
    """A case with most families at work: classes, a line, a project, an offtake, stock, a licence."""
    begin = event("begin", "rules", "*", "in_force_share", "set", 1)
    return case_of(
        tables(rules=[{"rule": "content", "threshold_share": 0.001, "basis": "value"}], classes=RULE["classes"]),
        spot("market", "metal", 4, class_="tagged"),
        spot("clean", "metal", 9, most=4),
        offtake("o", "metal", 6, 7, years=(2027, 2029), take_or_pay_share=0.9, prepayment_musd=0.004),
        process(
            "press", {"metal": 1.1}, {"magnet": 1}, capacity=12, cost=1, one_class_at_a_time=True, changeover_musd=0.003
        ),
        process("mine", {}, {"metal": 1}, cost=5),
        project("pit", "mine", 8, lead=1, capital=25, fixed_usd_per_t_per_year=300),
        stockpile("k", "metal", 9, handling_usd_per_kg=0.2),
        wanted("abroad", "magnet", 4, 33, 71, export_share=1.0, licence="goods"),
        wanted("home", "magnet", 6, 29, 57),
        tables(
            licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}],
            draws=[{"future": "late", "project": "pit", "slip_years": 1, "strikes": "2029-01-01"}],
        ),
        CUT,
        DEAR,
        begin,
        *futures,
        years=4,
        discount=0.03,
        residual_share=0.8,
    )


FUTURES = (
    future("calm", 0.4),
    future("early", 0.35, {"begin": "2028-01-01", "dear": "2029-01-01"}, onset="2028-01-01"),
    future("late", 0.25, {"cut": "2029-01-01"}, onset="2029-01-01"),
)


def apart_with_equalities(case: Case) -> float:
    """The futures side by side, each with all of its own columns, and equalities where they know the same."""
    tree = plant(case)
    flats = [flatten(stated(path)) for path in tree.paths]
    first = np.cumsum([0, *(len(flat.columns) for flat in flats)])
    equalities, seen = [], {}
    for number, flat in enumerate(flats):
        for position, (label, commitment) in enumerate(zip(flat.columns, flat.commitment, strict=True)):
            until = flat.path.periods[label.period].start
            moment = until if commitment else flat.path.periods[label.period].end
            known = frozenset(name for name, start in flat.path.tokens if start < moment - 1e-9)
            key = (label, known)
            here = first[number] + position
            if key in seen:
                equalities.append((seen[key], here))
            seen[key] = here
    width = int(first[-1])
    links = sp.lil_matrix((len(equalities), width))
    for row, (one, other) in enumerate(equalities):
        links[row, one], links[row, other] = 1.0, -1.0
    rows = sp.csr_matrix(sp.vstack([sp.block_diag([flat.matrix for flat in flats]), links]))

    def joined(pick: Callable[[Flat], Any], link: float) -> Any:
        return np.concatenate([*(pick(flat) for flat in flats), np.full(len(equalities), link)])

    def columns(pick: Callable[[Flat], Any]) -> Any:
        return np.concatenate([pick(flat) for flat in flats])

    program = Program(
        rows,
        joined(lambda f: f.row_lower, 0.0),
        joined(lambda f: f.row_upper, 0.0),
        columns(lambda f: f.column_lower),
        columns(lambda f: f.column_upper),
        columns(lambda f: f.binary),
        columns(lambda f: f.path.weight * f.cost),
        sum(f.path.weight * f.offset for f in flats),
        tuple(Label(f"row {n}", (), 0) for n in range(rows.shape[0])),
        tuple(Label(f"column {n}", (), 0) for n in range(width)),
    )
    solution = solve(program, Options(abs_gap=0.0))
    assert solution.status == "optimal"
    return solution.objective * 1000


def test_merging_is_the_same_as_equalities_between_futures() -> None:
    """A case with most families at work, three futures and two dates: sharing columns and rows gives the optimum of
    futures that stand apart and are held equal while they know the same."""
    case = rich(*FUTURES)
    assert optimum(case) == pytest.approx(apart_with_equalities(case), rel=1e-7)


def test_what_is_known_later_is_worth_something() -> None:
    """Wait and see costs less than the plan that must hold before the futures part: the case tells them apart. Would
    fail if first decisions were made by future (the optimum looks better than it is)."""
    case = rich(*FUTURES)
    alone = {name: plan(case, futures=[name]).cost for name in ("calm", "early", "late")}
    assert 0.4 * alone["calm"] + 0.35 * alone["early"] + 0.25 * alone["late"] < optimum(case) - 0.1


def test_first_decisions_are_shared() -> None:
    """A plant for 600 that can be started in 2028 only, on the day on which in half of the futures the market at 500 a
    year closes (loss 990). The start rests on 2027, which knows nothing: 500 + 600 = 1100. Would fail if the branch
    could decide with its onset: 500 + 250 + 300 = 1050."""
    case = case_of(
        spot("market", "metal", 50),
        process("line", {}, {"metal": 1}),
        project("plant", "line", 10, capital=600, start_from=2028),
        wanted("d", "metal", 10, 99),
        CUT,
        future("calm", 0.5),
        future("cut", 0.5, {"cut": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    assert optimum(case) == pytest.approx(1100)


def test_operations_see_the_events_of_their_own_period() -> None:
    """In the same year buying and delivering follow the event: ore at 5, tripled in half of the futures, loss 9: 10 x
    5 / 2 + 10 x 9 / 2 = 70. Would fail if operations too rested on the year before: 10 x 9 or 10 x 10."""
    case = case_of(
        spot("market", "metal", 5),
        wanted("d", "metal", 10, 9),
        DEAR,
        future("calm", 0.5),
        future("dear", 0.5, {"dear": "2027-01-01"}, onset="2027-01-01"),
    )
    assert optimum(case) == pytest.approx(70)


def test_one_future_is_the_deterministic_program() -> None:
    """Keeping one of three futures is the case that has that one alone, row by row."""
    kept = build(rich(*FUTURES), futures=["early"]).program
    alone = build(
        rich(
            future("early", 1.0, {"begin": "2028-01-01", "dear": "2029-01-01"}, onset="2028-01-01"),
            tables(futures=[{"future": "late", "weight": 0.0}]),
        ),
        futures=["early"],
    ).program
    assert kept.columns == alone.columns
    assert kept.rows == alone.rows
    assert abs(kept.matrix - alone.matrix).max() == 0
    assert np.array_equal(kept.cost, alone.cost)


def test_a_future_split_in_two_halves_changes_nothing() -> None:
    """Two halves know the same for ever, so they share every column: the program is the same but for names."""
    whole = build(three_futures()).program
    events = {"cut": "2028-01-01"}
    halves = case_of(
        spot("market", "metal", 7, most=30),
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1, capital=40, capital_usd_per_t_per_year=900),
        stockpile("k", "metal", 13, initial_t=2, handling_usd_per_kg=0.25, decay_share_per_year=0.1),
        wanted("d", "metal", 10, 17, 59),
        CUT,
        future("calm", 0.5),
        future("early", 0.1, events, onset="2028-01-01"),
        future("twin", 0.2, events, onset="2028-01-01"),
        future("late", 0.2, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=3,
        discount=0.07,
    )
    split = build(halves).program
    assert split.columns == whole.columns
    assert abs(split.matrix - whole.matrix).max() == 0
    assert split.cost == pytest.approx(whole.cost)
    assert split.offset == pytest.approx(whole.offset)


def test_the_order_and_the_names_of_futures_change_nothing() -> None:
    case = rich(*FUTURES)
    turned = replace(
        case, tables={name: tuple(reversed(rows)) for name, rows in case.tables.items() if name not in ("markets",)}
    )
    assert optimum(turned) == pytest.approx(optimum(case), rel=1e-9)


def two_flats() -> tuple[Any, list[Flat]]:
    tree = plant(three_futures(), futures=["calm", "late"])
    return tree, [flatten(stated(path)) for path in tree.paths]


def shared_column(flat: Flat, name: str, period: int) -> int:
    return next(n for n, label in enumerate(flat.columns) if label.name == name and label.period == period)


def changed(values: Any, where: int, by: float) -> Any:
    result = values.copy()
    result[where] = by if not np.isfinite(result[where]) else result[where] + by
    return result


@pytest.mark.parametrize("field", ["column_lower", "column_upper", "posted_now"])
def test_merging_refuses_a_column_that_differs_in_a_shared_node(field: str) -> None:
    """Would fail if the later future's bound or cost of the day were quietly dropped: it would be known early."""
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 1)
    other = replace(other, **{field: changed(getattr(other, field), column, 0.5)})
    with pytest.raises(ForeknowledgeError, match=r"buy\[market\]"):
        merge(tree, [one, other])


@pytest.mark.parametrize("field", ["row_lower", "row_upper"])
def test_merging_refuses_a_row_whose_sides_differ_in_a_shared_node(field: str) -> None:
    tree, (one, other) = two_flats()
    row = next(n for n, label in enumerate(other.rows) if label.name == "DEM" and label.period == 0)
    other = replace(other, **{field: changed(getattr(other, field), row, 0.5)})
    with pytest.raises(ForeknowledgeError, match=r"DEM\[d\]"):
        merge(tree, [one, other])


def test_merging_refuses_a_row_whose_coefficients_differ_in_a_shared_node() -> None:
    tree, (one, other) = two_flats()
    row = next(n for n, label in enumerate(other.rows) if label.name == "STK" and label.period == 1)
    matrix = other.matrix.copy()
    matrix.data[matrix.indptr[row]] += 0.01
    with pytest.raises(ForeknowledgeError, match=r"STK\[k,free\]"):
        merge(tree, [one, replace(other, matrix=matrix)])


def test_merging_refuses_a_column_that_some_futures_of_a_node_lack() -> None:
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 1)
    columns = list(other.columns)
    columns[column] = replace(columns[column], index=("elsewhere",))
    with pytest.raises(ForeknowledgeError, match="stands in 1 of 2 futures"):
        merge(tree, [one, replace(other, columns=tuple(columns))])


def test_merging_refuses_a_row_that_holds_a_later_column() -> None:
    """A row of 2027 with a column of 2028 would let 2027 know what comes. Would fail if rows were only matched by
    label."""
    tree, (one, other) = two_flats()
    row = next(n for n, label in enumerate(one.rows) if label.name == "STK" and label.period == 1)
    flats = []
    for flat in (one, other):
        rows = list(flat.rows)
        rows[row] = replace(rows[row], period=0)
        flats.append(replace(flat, rows=tuple(rows)))
    with pytest.raises(ForeknowledgeError, match="later period 1"):
        merge(tree, flats)


def test_cost_that_falls_later_may_differ_and_is_weighted() -> None:
    """A tonne bought in 2028, which both futures share, costs 3 more later in one of them, whose weight is 2/7. Would
    fail if it were refused, or charged in full."""
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 1)
    later = next(n for n, (_, period) in enumerate(other.total_names) if period == 2)
    totals = other.totals.tolil()
    totals[later, column] += 3.0
    before, after = merge(tree, [one, other]), merge(tree, [one, replace(other, totals=totals.tocsr())])
    difference = after.program.cost - before.program.cost
    assert difference[after.column_of[1][column]] == pytest.approx(3.0 * 0.2 / 0.7)
    assert np.count_nonzero(np.abs(difference) > 1e-12) == 1


def test_a_row_of_one_future_alone_binds_the_columns_it_shares() -> None:
    """A limit that one future states on columns of a shared node holds for both: it is on the same decision. Would
    fail if a row that a sister lacks were dropped."""
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 0)
    before = merge(tree, [one, other])
    assert solve(before.program, Options(abs_gap=0.0)).values[before.column_of[0][column]] > 4
    extra = sp.csr_matrix(([1.0], ([0], [column])), shape=(1, len(other.columns)))
    other = replace(
        other,
        matrix=sp.csr_matrix(sp.vstack([other.matrix, extra])),
        row_lower=np.append(other.row_lower, -np.inf),
        row_upper=np.append(other.row_upper, 4.0),
        rows=(*other.rows, Label("limit", (), 0)),
    )
    merged = merge(tree, [one, other])
    values = solve(merged.program, Options(abs_gap=0.0)).values
    assert values[merged.column_of[0][column]] <= 4 + 1e-9
    assert sum(label.name == "limit" for label in merged.program.rows) == 1


def test_a_row_with_a_must_in_one_future_only_is_met_there() -> None:
    """Demand falls away in one future: the other buys its 10 t alone."""
    none = event("none", "demands", "*", "multiple", "set", 0)
    case = case_of(
        spot("market", "metal", 7),
        must("d", "metal", 10),
        none,
        future("all", 0.25),
        future("none", 0.75, {"none": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    assert optimum(case) == pytest.approx(70 + 0.25 * 70)


def test_a_commitment_may_cost_differently_in_branches_that_part_that_day() -> None:
    """A plant for 600 with 10 a year while it stands, to be started from 2028 on; on that day it shows in half of the
    futures that plants come a year late. 500 + 600 + (30 + 20 + 500) / 2 = 1375: what stands in 2028 is not known to
    the commitment. Would fail if the difference were refused as foreknowledge."""
    case = case_of(
        spot("market", "metal", 50),
        process("line", {}, {"metal": 1}),
        project("plant", "line", 10, capital=600, start_from=2028, fixed_usd_per_t_per_year=1000),
        wanted("d", "metal", 10, 99),
        future("calm", 0.5),
        future("late", 0.5, onset="2028-01-01"),
        tables(draws=[{"future": "late", "project": "plant", "slip_years": 1, "strikes": "2028-01-01"}]),
        years=4,
    )
    assert optimum(case) == pytest.approx(1375)


def test_a_commitment_costs_the_same_in_futures_that_share_its_node() -> None:
    """The capital of a start in 2028 differs between two futures that are one node in 2028: refused."""
    tree, (one, other) = two_flats()
    column = next(n for n, label in enumerate(other.columns) if label.name == "start" and label.period == 1)
    other = replace(other, posted_now=changed(other.posted_now, column, 0.5))
    with pytest.raises(ForeknowledgeError, match=r"start\[plant\]"):
        merge(tree, [one, other])
