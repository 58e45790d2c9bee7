"""Lines of the screen that the example runs do not have: risk, regimes, stakes, branches, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from orefolio.api import Run
from orefolio.cli.screen import built, exposed, headline, held, kept, lines_kept_apart, promoted, stakes
from orefolio.cli.screen.words import cut, joined

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Told(Run):
    """A run that is its record and tables, given row by row."""

    told: Mapping[str, Rows] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """A table as given."""
        return pd.DataFrame(self.told[name])

    def rows(self, name: str) -> Rows:
        """Its rows."""
        return self.told[name]


def run(asked: Mapping[str, Any] | None = None, status: str = "optimal", **tables: Rows) -> Told:
    """A run that costs 100 million USD expected and 120 by its objective, on two futures."""
    usual = {"weight": 0.0, "level": 0.9, "objective": "expected cost", "regimes": [], "expected_bound_musd": None}
    record = {
        "case": {"title": "By hand"}, "grid": "years", "expected_cost_musd": 100.0, "objective": 120.0,
        "status": status, "abs_gap": 6.0, "gap": 0.05, "saving_musd": None, "saving_note": "not asked for",
        "trunk": "calm", "futures": ["calm", "cut"], "risk": {**usual, **(asked or {})},
    }  # fmt: skip
    return Told(record, told={"futures": [{"kind": "future", "future": "calm"}], **tables})


def choice(kind: str, name: str, branch: str = "trunk", **row: Any) -> dict[str, Any]:
    usual = {"date": "2027-01", "size": 0.5, "capital_musd": 20.0, "name": name}
    return {"kind": kind, "id": name, "branch": branch, **usual, **row}


def test_the_headline_says_what_the_objective_is() -> None:
    assert headline(run()) == [
        "By hand · 1 future · grid years",
        "Expected cost 100 million USD (M$); proved within 6.0 (5.000%)",
        "Saving against committing nothing: not known (not asked for)",
    ]
    tail = headline(run({"weight": 0.25}))
    assert tail[2] == "Objective 120: 25 % of the weight is on the worst 10 %, the proof is on this sum"
    worst = headline(run({"objective": "worst case", "expected_bound_musd": 98.0}))
    assert worst[2] == "Objective 120: the greatest cost over futures, the proof is on it"
    assert worst[3] == "Of the plans as good by the objective, none is expected to cost less than 98"
    regret: Rows = [
        {"part": "regret at least", "future": "calm", "value": 3.0},
        {"part": "regret at least", "future": "", "value": 110.0},
    ]
    least = headline(run({"objective": "least regret"}, risk=regret))
    assert least[2] == "Objective 120: the greatest regret, at least 110 of it, at most all"


def test_the_headline_lists_the_regimes_that_were_tried() -> None:
    tried = [
        {"regime": "open", "objective": 120.0, "status": "optimal"},
        {"regime": "apart", "objective": None, "status": "infeasible"},
    ]
    assert headline(run({"regimes": tried}))[2] == "Regime open: 120; apart: infeasible"


def test_a_stopped_run_says_how_far_it_may_be_from_the_best() -> None:
    assert headline(run(status="interrupted"))[1].endswith("; interrupted, up to 6.0 (5.00%) above the best")
    assert headline(run(status="feasible"))[1].endswith("; stopped by a limit, up to 6.0 (5.00%) above the best")


def test_stakes_and_plants_add_up_their_dates() -> None:
    """Two dates of one stake: half and a quarter of the right, 20 and 15 million USD. Two modules of one plant: 30 and
    20 t a year for 20 and 15 million USD."""
    found = stakes(run(portfolio=[choice("tranche", "a"), choice("tranche", "a", size=0.25, capital_musd=15.0)]))
    assert found[0].startswith("STAKE")
    assert found[1].split() == ["2027…27", "75", "%", "35", "a"]
    rows = [choice("project", "p", size=30.0), choice("project", "p", size=20.0, capital_musd=15.0, date="2029-01")]
    projects = [{"project": "p", "equipment_origin": "JP", "public_share": 0.4}]
    assert built(run(portfolio=rows, projects=projects))[1].split() == ["2027…29", "50", "JP", "35", "40", "%", "p"]
    assert stakes(run(portfolio=rows)) == []


def test_choices_beyond_five_and_in_branches_are_told_in_a_line() -> None:
    rows = [choice("tranche", f"s{number}") for number in range(7)] + [choice("tranche", "late", "cut")]
    found = stakes(run(portfolio=rows))
    assert len(found) == 1 + 5 + 1
    assert found[-1].strip() == "and 2 more on the trunk; in branches late (cut)"


def test_a_programme_in_a_branch_says_which() -> None:
    rows = [choice("programme", "less/1", "cut", capital_musd=3.0), choice("programme", "less/2")]
    assert promoted(run(portfolio=rows)) == ["PROMOTE   less 2 2027 20 M$, less 1 2027 in cut 3 M$"]


def test_a_form_that_is_never_held_is_left_out() -> None:
    def moment(commodity: str, until: str, tonnes: float) -> dict[str, Any]:
        return {"future": "calm", "commodity": commodity, "until": until, "stock_t": tonnes, "days_of_cover": 30.0}

    rows = [moment("ore", "2027-01", 10.0), moment("ore", "2028-01", 40.0), moment("none", "2027-01", 0.1)]
    assert held(run(stock=rows)) == ["HOLD      ore 10 → 40 t (2028, 30 days)"]


def test_untagged_lines_say_in_how_many_futures_they_run() -> None:
    rows = [
        {"name": "magnets", "material": "untagged", "futures": "calm"},
        {"name": "magnets", "material": "untagged", "futures": "calm cut"},
        {"name": "alloy", "material": "mixed", "futures": "cut"},
    ]
    assert lines_kept_apart(run(lines=rows)) == ["UNTAGGED  magnets (in 2 of 2)"]
    assert lines_kept_apart(run(lines=rows[2:])) == []


def test_what_is_asked_over_futures_together_has_its_limit() -> None:
    rows = [
        {"part": "chance", "id": "served", "future": "", "value": 0.95, "limit": 0.9, "unit": "share"},
        {"part": "tail", "id": "short", "future": "", "value": 12.0, "limit": 20.0, "unit": "t"},
        {"part": "mean", "id": "short", "future": "", "value": 5.0, "limit": float("nan"), "unit": "t"},
        {"part": "chance", "id": "served", "future": "cut", "value": 0.0, "limit": 0.9, "unit": "share"},
        {"part": "regret at least", "id": "", "future": "", "value": 1.0, "limit": None, "unit": "million USD"},
    ]
    assert kept(Told({}, told={"risk": rows})) == [
        "TOGETHER  chance served: kept with a probability of 95 %, at least 90 % asked",
        "          tail short: 12 t, at most 20 allowed",
        "          mean short: 5 t",
    ]


def test_without_any_supply_there_is_no_dependence_to_show() -> None:
    columns: Rows = [{"future": "calm", "stage": "oxide", "country": "CN", "year": 2027, "element": "Dy", "share": 1.0}]
    assert exposed(run(dependence=columns)) == []


def test_words_that_do_not_fit_are_cut_and_counted() -> None:
    assert cut("neodymium", 4) == "neo…"
    assert cut("備蓄庫", 4) == "備…"  # each letter is two columns wide
    assert joined(["one", "two", "three"], 14) == "one and 2 more"
    assert joined(["one", "two"], 14) == "one, two"
