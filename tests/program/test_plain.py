"""The fast road and the same program written out in Pyomo are the same matrix, on every example case and on others."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.case.scenarios import Path, plant
from orefolio.case.several import PartedError, several
from orefolio.case.together import Together
from orefolio.errors import InfeasibleError
from orefolio.families.algebra import linear
from orefolio.families.ledger import Future
from orefolio.program.flatten import each_flat, flatten_each, stated
from orefolio.program.merge import merge
from orefolio.program.plain import plain
from orefolio.program.program import Floats, Label, lengthened
from pencil import case_of, event, future, process, project, spot, stockpile, wanted
from program.generated import Drawn, case_from, drawn
from program.shocks import three_futures

INPUTS = pathlib.Path(__file__).parents[2] / "inputs"


def label_of(data: Any) -> Label:
    """The label of a Pyomo row or column."""
    *index, period, node = data.index()
    name = data.parent_component().local_name.partition(" of future ")[0]
    return Label(name, tuple(map(str, index)), int(period), int(node))


def differences(case: Case, futures: tuple[str, ...] | None = None) -> tuple[int, dict[str, float]]:
    """Rows compared, and the greatest relative difference of each part of the matrices of the two roads."""
    tree = plant(case, futures=futures)
    program = merge(tree, each_flat(tree.paths)).program
    model = plain(tree)
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    column = {label: number for number, label in enumerate(program.columns)}
    row = {label: number for number, label in enumerate(program.rows)}
    rows, columns = [label_of(each.constraint) for each in form.rows], [label_of(each) for each in form.columns]
    assert set(rows) == set(row)
    assert len(rows) == len(row)
    named = {label for label, cost in zip(program.columns, program.cost, strict=True) if cost}
    named.update(program.columns[place] for place in np.unique(program.matrix.indices))
    assert named <= set(columns) <= set(column)
    down = sp.csr_matrix((np.ones(len(rows)), ([row[label] for label in rows], range(len(rows)))))
    across = sp.csr_matrix(
        (np.ones(len(columns)), (range(len(columns)), [column[label] for label in columns])),
        shape=(len(columns), len(column)),
    )
    kind = np.array([each.bound_type for each in form.rows])
    lower = np.where(kind == 1, -np.inf, form.rhs)
    upper = np.where(kind == -1, np.inf, form.rhs)
    places = np.array([column[label] for label in columns])
    within = np.array([(each.lb, each.ub) for each in form.columns], dtype=float)
    within = np.where(np.isnan(within), [-np.inf, np.inf], within)
    matrix = abs(program.matrix - down @ sp.csr_matrix(form.A) @ across)
    order = np.array([row[label] for label in rows])
    return len(rows), {
        "matrix": float(matrix.max()) / float(abs(program.matrix).max()),
        "lower sides": apart(program.row_lower[order], lower),
        "upper sides": apart(program.row_upper[order], upper),
        "lower bounds": apart(program.column_lower[places], within[:, 0]),
        "upper bounds": apart(program.column_upper[places], within[:, 1]),
        "binaries": float((program.integer[places] != [each.is_binary() for each in form.columns]).sum()),
        "cost": apart(program.cost, np.asarray((form.c @ across).todense()).ravel()),
        "offset": abs(program.offset - float(form.c_offset[0])),
    }


def apart(one: Floats, other: Floats) -> float:
    """The greatest difference of two arrays, relative to their sizes."""
    same = one == other
    with np.errstate(invalid="ignore"):
        difference = np.abs(one - other) / np.maximum(1.0, np.abs(one))
    return float(np.max(np.where(same, 0.0, difference), initial=0.0))


def many_futures(count: int = 8, least: float = 0.2) -> Case:
    """A case with futures that differ in how much a market gives and asks, from two dates on."""
    shares = [least + (0.9 - least) * number / (count - 1) for number in range(count)]
    pieces = []
    for number, share in enumerate(shares):
        start = f"{2028 + number % 2}-01-01"
        pieces += [
            event(f"short{number}", "suppliers", "supplier=market", "availability_share", "set", share),
            event(f"dear{number}", "contract_items", "contract=market", "price_usd_per_kg", "multiply", 2 - share),
            future(f"f{number}", 1 / count, {f"short{number}": start, f"dear{number}": start}, onset=start),
        ]
    return case_of(
        spot("market", "metal", 7, most=30),
        spot("other", "metal", 19, most=30),
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1, capital=40, capital_usd_per_t_per_year=900),
        stockpile("k", "metal", 13, initial_t=2, handling_usd_per_kg=0.25, decay_share_per_year=0.1),
        wanted("d", "metal", 10, 17, 59),
        *pieces,
        years=4,
        discount=0.07,
    )


def together(case: Case) -> list[int]:
    """How many futures were stated each time that families were."""
    counts = []
    each_flat(plant(case).paths, lambda said: counts.append(len(said.split(","))))
    return counts


@pytest.mark.parametrize("case", [three_futures(), many_futures(), many_futures(least=0.0)])
def test_small_cases_are_the_same_on_both_roads(case: Case) -> None:
    rows, found = differences(case)
    assert rows > 20
    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-14)


@given(drawn)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_cases_are_the_same_on_both_roads(of: Drawn) -> None:
    rows, found = differences(case_from(of))
    assert rows > 0
    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-14)


@pytest.mark.parametrize(
    "name",
    [
        "minerals-us",
        pytest.param("japan", marks=pytest.mark.long),
        pytest.param("us", marks=pytest.mark.long),
        pytest.param("allies", marks=pytest.mark.long),
    ],
)
def test_an_example_case_is_the_same_on_both_roads(name: str) -> None:
    rows, found = differences(load_case(INPUTS / name))
    assert rows > 10_000
    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-14)


def test_futures_that_differ_in_numbers_are_stated_once() -> None:
    assert together(many_futures(8)) == [8]
    assert together(many_futures(5)) == [5]  # told as a group, but too few to be stated as one


def test_futures_that_differ_in_more_are_parted_and_stated_again() -> None:
    """In the first future nothing can be bought from the market, so a column is missing there."""
    counts = together(many_futures(8, least=0.0))
    assert counts[0] == 8
    assert sorted(counts[1:]) == [1, 7]


def two_together(right: float) -> Future:
    """Two futures stated as one, with a row whose only coefficient is 1 in the first and 0 in the second."""
    future = Future(Together(plant(many_futures(2)).paths))
    column = future.columns("x", {("a", 0): (0.0, None)})["a", 0]
    future.rows("R", {("a", 0): linear([(several([1.0, 0.0]), column)]) >= right})
    return future


def test_a_row_without_columns_in_one_future_stands_in_the_others_alone() -> None:
    one, other = flatten_each(two_together(0.0))
    assert [label.name for label in one.rows] == ["R"]
    assert other.rows == ()
    assert other.matrix.shape == (0, 1)


def test_a_row_that_cannot_hold_is_named_with_its_future() -> None:
    with pytest.raises(InfeasibleError, match=r"^R\[a,0\] in f1 asks"):
        flatten_each(two_together(1.0))


def test_a_row_without_terms_holds_or_not_in_pyomo_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What asks for nothing is left out; what asks for more is a row that no plan keeps."""

    def compiled(right: float) -> list[str]:
        def one_more(path: Path) -> Future:
            future = stated(path)
            future.rows("NONE", {("a", 0): linear([]) >= right})
            return future

        monkeypatch.setattr("orefolio.program.plain.stated", one_more)
        model = plain(plant(many_futures(2), futures=("f0",)))
        form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
        return [each.constraint.name for each in form.rows]

    assert compiled(0.0)
    assert not any("NONE" in name for name in compiled(0.0))
    with pytest.raises((InfeasibleConstraintException, ValueError)):  # the latter from Pyomo before 6.10.1
        compiled(1.0)


def test_lists_of_labels_are_cut_and_lengthened_as_tuples_are() -> None:
    """Those of a merged program are made when asked for; those of a small one are a tuple."""
    tree = plant(many_futures(2))
    labels = merge(tree, each_flat(tree.paths)).program.columns
    more = [Label("eta", (), 0)]
    assert labels[1:3] == tuple(labels)[1:3]
    assert tuple(lengthened(labels, more)) == (*labels, *more) == lengthened(tuple(labels), more)
    assert labels == tuple(labels)
    assert labels != tuple(labels)[1:]


def test_what_is_asked_of_several_paths_at_once_is_what_each_answers() -> None:
    """Dates of decisions and numbers at a moment: alike for the whole group, or it parts."""
    paths = plant(many_futures(8)).paths
    group = Together(paths)
    assert [span.label for span in group.segments] == [span.label for span in paths[0].segments]
    assert group.at("projects", "plant", "delay_years", 1.0) == 0.0
    assert group.at("suppliers", "market", "availability_share", 0.5) == 1.0
    with pytest.raises(PartedError):
        group.at("suppliers", "market", "availability_share", 3.5)
