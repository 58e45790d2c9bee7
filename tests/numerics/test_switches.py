"""A large constant beside a yes-or-no decision: the optimum is right or the case is refused, never wrong."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from click.testing import CliRunner

from orefolio import cli
from orefolio.case.case import Case
from orefolio.errors import InputError
from orefolio.program.build import build
from orefolio.program.program import Label, Program
from orefolio.program.switches import LARGEST, switches
from orefolio.solve import Options, Solution, solve
from orefolio.solve import session as session_module
from pencil import case_of, deal, lane, must, offtake, optimum, process, project, spot
from test_api import written
from test_tables import hand_tables

ARCS = {
    ("port", "hub"): (9000.0, 3.0),
    ("port", "east"): (21000.0, 11.0),
    ("port", "west"): (24000.0, 13.0),
    ("hub", "east"): (7000.0, 4.0),
    ("hub", "west"): (8000.0, 5.0),
    ("east", "west"): (5000.0, 2.0),
}
"""What it costs to open an arc, thousand USD, and to send a tonne along it."""
WANTED = {"hub": 11.0, "east": 37.0, "west": 53.0}
HONEST = (101.0, 1e4, LARGEST)
UNLIMITED = (1.000001e6, 1e8, 1e9)


def network(most: float) -> Case:
    """A port that sells at nought, three places that want, and arcs that are opened, each for at most so much."""
    pieces = [spot("mine", "ore", 0.0, place="port")]
    pieces += [must(place, "ore", tonnes, place=place) for place, tonnes in WANTED.items()]
    for (origin, end), (opening, freight) in ARCS.items():
        pieces.append(lane(origin, end, "ore", freight, capacity_t_per_year=0.0))
        pieces.append(project(f"open {origin} {end}", f"{origin}>{end}", most, capital=opening))
    return case_of(*pieces)


def cheapest_network() -> float:
    """Every set of open arcs: what they cost to open, and the shortest way to each place."""
    best = math.inf
    for count in range(len(ARCS) + 1):
        for opened in itertools.combinations(ARCS, count):
            far = {"port": 0.0, "hub": math.inf, "east": math.inf, "west": math.inf}
            for _ in far:
                for arc in opened:
                    far[arc[1]] = min(far[arc[1]], far[arc[0]] + ARCS[arc][1])
            freight = sum(tonnes * far[place] for place, tonnes in WANTED.items())
            best = min(best, freight + sum(ARCS[arc][0] for arc in opened))
    return best


def by_project(most: float) -> Case:
    """One line whose start costs 1,000,000; a tonne costs 10 more."""
    line = process("line", {}, {"x": 1.0}, cost=10.0)
    return case_of(must("d", "x", 1.0), line, project("build", "line", most, capital=1_000_000.0))


def by_contract(most: float) -> Case:
    return case_of(must("d", "x", 1.0), offtake("deal", "x", 10.0, most, years=(2027, 2027), prepayment_musd=1000.0))


def by_campaign(most: float) -> Case:
    line = process("line", {"ore": 1.0}, {"x": 1.0}, cost=10.0, capacity=most, campaign_musd=1000.0)
    return case_of(must("d", "x", 1.0), spot("mine", "ore", 0.0), line)


ONE_ARC: dict[str, Callable[[float], Case]] = {
    "projects.csv": by_project,
    "contracts.csv": by_contract,
    "processes.csv": by_campaign,
}


@pytest.mark.verifies("numerics")
@pytest.mark.parametrize("own_nodes", [3000, 0])
@pytest.mark.parametrize("most", HONEST)
def test_a_network_of_known_optimum_is_not_called_infeasible(
    most: float, own_nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By our own search and by the solver's. Would fail if a share of a decision passed for none."""
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    # port-hub, hub-east, east-west: 9000 + 7000 + 5000, and 11 x 3 + 37 x 7 + 53 x 9
    assert cheapest_network() == pytest.approx(21769.0)
    assert optimum(network(most)) == pytest.approx(cheapest_network(), rel=1e-9)


@pytest.mark.verifies("numerics")
@pytest.mark.parametrize("most", UNLIMITED)
def test_the_same_network_without_limits_is_refused_by_every_arc(most: float) -> None:
    with pytest.raises(InputError) as refused:
        optimum(network(most))
    assert len(refused.value.faults) == len(ARCS)
    assert {Path(fault.file).name for fault in refused.value.faults} == {"projects.csv"}


@pytest.mark.verifies("numerics")
@pytest.mark.parametrize("own_nodes", [3000, 0])
@pytest.mark.parametrize("most", [1.0, 1e5, LARGEST])
@pytest.mark.parametrize("table", ONE_ARC)
def test_one_arc_costs_its_start(table: str, most: float, own_nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000,000 + 10. At 1e-6 of a start the whole tonne would pass for 10 or 11."""
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    assert optimum(ONE_ARC[table](most)) == pytest.approx(1_000_010.0, rel=1e-9)


@pytest.mark.verifies("numerics")
@pytest.mark.parametrize("most", UNLIMITED)
@pytest.mark.parametrize("table", ONE_ARC)
def test_one_arc_without_limit_is_refused_by_its_row(table: str, most: float) -> None:
    with pytest.raises(InputError, match=r"at most 1,000,000 where a yes-or-no decision hangs on it") as refused:
        optimum(ONE_ARC[table](most))
    (fault,) = refused.value.faults
    assert Path(fault.file).name == table


@pytest.mark.verifies("numerics")
def test_a_contract_to_sign_without_any_volume_is_refused() -> None:
    open_ended = deal("deal", "x", 10.0, kind="offtake", sign_from=2027, sign_to=2027, prepayment_musd=1000.0)
    with pytest.raises(InputError, match="up to inf t"):
        optimum(case_of(must("d", "x", 1.0), open_ended))


@pytest.mark.verifies("numerics")
def test_the_command_names_line_and_column_of_the_cell(tmp_path: Path) -> None:
    tables = hand_tables()
    tables["contracts"][1]["volume_max_t_per_year"] = 1e9
    folder = written(tmp_path / "case", tables)
    done = CliRunner().invoke(cli.main, ["solve", str(folder), "--out", str(tmp_path / "results")])
    header = (folder / "contracts.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    line = (folder / "contracts.csv").read_text(encoding="utf-8").splitlines()[2]
    column = line.index("1000000000") + 1
    assert "volume_max_t_per_year" in header
    assert done.exit_code == 2
    assert f"contracts.csv:3:{column}: found up to 1,000,000,000 t at once, expected at most 1,000,000" in done.stderr
    assert list((tmp_path / "results").glob("*/run.json")) == []


@pytest.mark.verifies("numerics")
@pytest.mark.parametrize("capacity", [1e6, 1e8, 1e9])
def test_a_capacity_that_no_decision_hangs_on_may_be_as_good_as_unlimited(capacity: float) -> None:
    """70 t at 10 from the line, at 3 for its feed: 910. Nothing is switched, so nothing leaks."""
    line = process("line", {"ore": 1.0}, {"x": 1.0}, cost=10.0, capacity=capacity)
    assert optimum(case_of(must("d", "x", 70.0), spot("mine", "ore", 3.0), line)) == pytest.approx(910.0, rel=1e-9)


def one_arc(constant: float) -> Program:
    """amount ≤ constant · open, amount ≥ 1; opening costs 1000, a unit 0.01. Columns: open, amount."""
    return Program(
        matrix=sp.csr_matrix(np.array([[-constant, 1.0]])),
        row_lower=np.array([-math.inf]),
        row_upper=np.array([0.0]),
        column_lower=np.array([0.0, 1.0]),
        column_upper=np.array([1.0, math.inf]),
        integer=np.array([True, False]),
        cost=np.array([1000.0, 0.01]),
        offset=0.0,
        rows=(Label("LINK", ("arc",), 0),),
        columns=(Label("open", ("arc",), 0), Label("amount", ("arc",), 0)),
    )


@pytest.mark.verifies("numerics")
@pytest.mark.parametrize("own_nodes", [3000, 0])
@pytest.mark.parametrize("constant", [1e6, 1e7, 1e8, 1e9, 1e12])
def test_past_the_refusal_a_link_is_still_checked(
    constant: float, own_nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that did not come from a case: the whole cost of 1000.01, or no trust; never 0.01 or 10."""
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    found = solve(one_arc(constant), Options(abs_gap=0.0))
    assert found.status in ("optimal", "unknown")
    if found.status == "optimal":
        assert found.objective == pytest.approx(1000.01)


@pytest.mark.verifies("numerics")
@pytest.mark.parametrize("constant", [10.0, 1e6])
def test_a_plan_that_uses_what_is_off_is_found_out(constant: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last step is made to hand back 0.5 through a link that is off. Would fail if the constant, or the limit it
    gives, widened the slack."""
    program = replace(
        one_arc(constant),
        matrix=sp.csr_matrix(np.array([[constant, 1.0]])),  # on closes: amount + constant · on ≤ constant
        row_upper=np.array([constant]),
        column_lower=np.array([1.0, 0.0]),
        cost=np.array([1000.0, -1.0]),
    )
    honest = solve(program, Options(abs_gap=0.0))
    assert (honest.status, honest.values.tolist()) == ("optimal", [1.0, 0.0])
    monkeypatch.setattr(
        session_module.Session, "_believe", lambda session, standing, _: standing.offer_bound(session.engine.objective)
    )
    monkeypatch.setattr(session_module.Engine, "values", lambda _: np.array([1.0, 0.5]))
    leaking: Solution = solve(program, Options(abs_gap=0.0))
    assert leaking.status == "unknown"
    assert "LINK[arc]@0" in leaking.log


def test_every_kind_of_switch_is_known_as_one() -> None:
    """Starts, signatures, campaigns; and no row that merely adds up money."""
    case = case_of(
        must("d", "x", 1.0),
        must("e", "y", 1.0),
        spot("mine", "ore", 0.0),
        process("line", {"ore": 1.0}, {"x": 1.0}, capacity=40.0, campaign_musd=1.0),
        project("build", "line", 60.0, capital=5.0),
        offtake("deal", "y", 10.0, 70.0, years=(2027, 2027)),
    )
    found = {switch.row.name: (switch.decision.name, switch.ratio) for switch in switches(build(case).program)}
    assert found == {
        "CAP_campaign": ("run", pytest.approx(100.0)),
        "PRJ_size_max": ("start", pytest.approx(60.0)),
        "OFF_volume_max": ("sign", pytest.approx(70.0)),
    }


def test_a_campaign_counts_what_can_run_not_what_stands() -> None:
    """40 t/year, of which 0.7 can run."""
    line = process("line", {"ore": 1.0}, {"x": 1.0}, capacity=40.0, campaign_musd=1.0, availability_share=0.7)
    program = build(case_of(must("d", "x", 1.0), spot("mine", "ore", 0.0), line)).program
    assert [switch.ratio for switch in switches(program)] == pytest.approx([28.0])
