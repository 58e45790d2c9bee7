"""Public envelopes, the objective and what the record says of money, on bills written by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from audit.findings import counted
from audit.written import Line, by_column, costing, written
from orefolio.audit import money
from orefolio.audit.costs import Bill, Spending
from orefolio.audit.evidence import Evidence
from orefolio.audit.life import lives
from orefolio.audit.money import MOMENT
from orefolio.audit.tally import Tally
from orefolio.audit.timing import SLACK
from orefolio.case.case import Case
from pencil import case_of, event, future, must, spot, tables, wanted

STATE = {"envelope": "state", "currency": "EUR"}


def grown() -> Case:
    """An envelope from the middle of 2027 to the middle of 2029, and what it may spend: 6, 8, 10, 14 million EUR, two
    for one USD; one million until the end of 2027."""
    row = {**STATE, "from_date": "2027-07-01", "to_date": "2029-07-01", "amount_million": 6.0}
    past = {**STATE, "from_date": "2020-01-01", "to_date": "2028-01-01", "amount_million": 1.0}
    amounts = {2028: 8.0, 2029: 10.0, 2030: 14.0}
    later = [
        event(f"to{year}", "envelopes", "envelope=state", "amount_million", "set", amounts[year]) for year in amounts
    ]
    return case_of(
        spot("m", "ore", 1),
        must("d", "ore", 1),
        tables(envelopes=[row, past], currencies=[{"currency": "EUR", "per_usd": 2.0}]),
        *later,
        future("a", 0.75, {f"to{year}": f"{year}-01-01" for year in amounts}),
        future("b", 0.25, {f"to{year}": f"{year}-01-01" for year in amounts}, onset="2027-01-01"),
        years=4,
    )


def spent(*spendings: tuple[float, float, float], said: dict[str, list[str]] | None = None) -> tuple[Evidence, Bill]:
    """The bill of a future with these amounts between two moments."""
    found = written(grown(), tables={"budgets": by_column(said)} if said else {})
    bill = Bill(next(lives(found)), spendings=[Spending("state", *each) for each in spendings])
    bill.spendings.append(Spending("another", 99.0, 1.0, 2.0))
    return found, bill


HERE = ("state", "2027-07-01")


def test_an_envelope_pays_what_falls_into_its_span() -> None:
    """0.5 to 2.5 years: half of 1.5 million in the first year, less half of 0.5, a quarter of 2 in the last two, all of
    0.25 at a moment; nothing of what is spent before and after. 0.75 - 0.25 + 0.5 + 0.25, and 1.75 without signs.
    The span that ends with 2027 pays all of that year: 1.5 - 0.5 + 7."""
    found = money.envelopes(*spent((1.5, 0, 1), (-0.5, 0, 1), (2, 2, 4), (0.25, 1, 1), (7, 0, 0.5), (5, 2.5, 3)))
    assert found[HERE] == pytest.approx((1.25, 1.75, 5.0))
    assert found["state", "2020-01-01"] == (8.0, 9.0, 0.5)


@pytest.mark.parametrize(
    ("spendings", "said", "amount"),
    [
        ((), None, 5.0),
        ((), 2.9, 3.0),
        (((1, 0, 1),), None, 5.0),
        (((1, 0, 1),), 3.2, 3.0),
        (((1, 0, 1),), 3.9, 4.0),
        (((1, 1, 1.5),), 3.2, 4.0),
        (((1, 1, 1),), 3.2, 4.0),
        (((1, 0, 2),), 3.2, 4.0),
        (((1, 0, 2.1), (1, 0, 1)), 3.2, 5.0),
        (((1, 0, 1), (1, 3, 4)), 3.2, 3.0),
        (((1, 0, 1), (1, 0, 4)), 3.2, 5.0),
    ],
)
def test_the_amount_is_one_that_was_in_force_from_the_last_money_to_the_end(
    spendings: tuple[tuple[float, float, float], ...], said: float | None, amount: float
) -> None:
    """3, 4 and 5 million USD in 2027, 2028 and 2029: the one that the run says, or else the last."""
    table = {"future": ["b", "a", "a"], "envelope": ["state"] * 3, "from_date": ["2027-07-01"] * 2 + ["2020-01-01"]}
    rows = {**table, "amount_musd": ["9", "" if said is None else str(said), "4"]}
    assert money.envelopes(*spent(*spendings, said=rows))[HERE][2] == amount
    if said is None:
        assert money.envelopes(*spent(*spendings))[HERE][2] == amount


@pytest.mark.parametrize(
    ("start", "end", "opens", "closes", "share"),
    [
        (1.0, 3.0, 0.0, 9.0, 1.0),
        (1.0, 3.0, 1.5, 9.0, 0.75),
        (1.0, 3.0, 0.0, 1.5, 0.25),
        (1.0, 3.0, 1.5, 2.5, 0.5),
        (1.0, 3.0, 3.5, 4.0, 0.0),
        (1.0, 3.0, 0.0, 0.5, 0.0),
        (2.0, 2.0, 2.0, 3.0, 1.0),
        (2.0, 2.0, 1.0, 2.0, 0.0),
        (2.0, 2.0, 2.5, 3.0, 0.0),
        (2.0, 2.0, 1.0, 3.0, 1.0),
        (1.0 - SLACK, 1.0 - SLACK, 1.0, 2.0, 1.0),
        (1.0 - 2 * SLACK, 1.0 - 2 * SLACK, 1.0, 2.0, 0.0),
        (2.0 - SLACK, 2.0 - SLACK, 1.0, 2.0, 0.0),
        (2.0 - 2 * SLACK, 2.0 - 2 * SLACK, 1.0, 2.0, 1.0),
        (0.0, SLACK, SLACK / 2, 1.0, 0.5),
        (0.0, SLACK / 2, SLACK / 4, 1.0, 1.0),
    ],
)
def test_the_share_of_a_spending_within_a_span(
    start: float, end: float, opens: float, closes: float, share: float
) -> None:
    assert money._inside(start, end, opens, closes) == pytest.approx(share)


def test_the_moment_before_an_end_is_half_a_minute() -> None:
    assert pytest.approx(31.6, abs=0.1) == MOMENT * 365.25 * 24 * 3600


@pytest.mark.parametrize(("musd", "fails"), [(5.0, 0), (5.000001, 0), (5.0001, 1), (1e9, 1)])
def test_every_future_keeps_to_every_envelope(musd: float, fails: int) -> None:
    """5 million in 2029; two futures, two spans."""
    found = written(grown())
    bills = [Bill(life) for life in lives(found)]
    bills[1].spendings.append(Spending("state", musd, 2.0, 2.0))
    found.kept["bills"] = bills
    tally = money.budgets(found)
    assert counted(tally) == (4, fails)
    assert all(text.startswith("b envelope state/2027-07-01: off by") for text in tally.findings)


# The objective

SOUND: dict[str, Any] = {
    "objective": 3.6,
    "bound": 3.1,
    "abs_gap": 0.5,
    "gap": 0.5 / 3.6,
    "status": "optimal",
    "nothing_musd": 9.0,
    "saving_musd": 5.4,
    "expected_cost_musd": 3.0,
    "tail_cost_musd": 6.0,
    "worst": {"future": "b", "cost_musd": 7.0, "short_t": 0.75},
    "trunk": "a",
    "futures": [{"weight": 0.8}, {"weight": 0.2}],
    "risk": {"weight": 0.2, "level": 0.75, "objective": "tail", "expected_bound_musd": 2.9},
    "case": {"horizon": ["2027-01-01", "2029-01-01"]},
    "options": {"abs_gap": {"value": 0.6}, "gap": {"value": None}, "seed": {"value": 3}, "threads": {"value": 2}},
    "seed": 3,
    "threads": 2,
}
"""Two futures that cost 2 and 7 million, of 0.8 and 0.2: 3 in the mean; the worst quarter 0.2 of 7 and 0.05 of 2, 6 in
the mean: 0.8 x 3 + 0.2 x 6 = 3.6."""
POSTED: tuple[Line, ...] = (("eta", "", -1, 2.0), ("tail", "b", -1, 5.0))
"""A value at risk of 2, and what b costs over it: 2 + 0.2 x 5 / 0.25 = 6."""


def differing(**settings: Any) -> Case:
    return case_of(
        spot("m", "ore", 1),
        wanted("d", "ore", 1, 2),
        event("dear", "contracts", "contract=m", "volume_max_t_per_year", "multiply", 0.5),
        future("a", 0.8),
        future("b", 0.2, {"dear": "2028-01-01"}, onset="2028-01-01"),
        years=2,
        **settings,
    )


ASKED = {"risk_weight": 0.2, "risk_level": 0.75}


def lacking(*totals: list[float], record: dict[str, Any], **settings: float) -> Evidence:
    """Two futures with these terms of their bills, the second 0.25 and 0.5 t short."""
    short: tuple[Line, ...] = (("short", "d/1", 0, 0.25, "a"), ("short", "d/1", 1, 0.5, "b"))
    return costing(written(differing(**settings), *short, *POSTED, record=record), *totals)


def changed(path: str, value: object) -> dict[str, Any]:
    """The sound record with one entry changed."""
    record = copy.deepcopy(SOUND)
    *way, last = path.split("/")
    holder: Any = record
    for step in way:
        holder = holder[int(step) if step.isdigit() else step]
    holder[last] = value
    return record


def told(record: dict[str, Any], *totals: list[float], **settings: float) -> Tally:
    return money.objective(lacking(*(totals or ([2.0], [7.0])), record=record, **(settings or ASKED)))


def test_a_record_of_what_the_futures_cost_holds() -> None:
    """3 on the sums, 2 on the tail, 5 on the worst and the trunk, 5 on the proof, 3 on risk, 1 on the bound, 2 weights,
    the horizon, 2 options."""
    tally = told(SOUND)
    assert (tally.items, tally.findings) == (3 + 3 + 4 + 5 + 3 + 1 + 2 + 1 + 2, [])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("objective", 3.61),
        ("objective", True),
        ("objective", None),
        ("objective", "3.6"),
        ("expected_cost_musd", 3.01),
        ("tail_cost_musd", 6.01),
        ("worst/future", "a"),
        ("worst/future", "c"),
        ("worst", None),
        ("worst/cost_musd", 7.01),
        ("worst/short_t", 0.7501),
        ("trunk", "b"),
        ("bound", 3.2),
        ("bound", 3.7),
        ("bound", None),
        ("abs_gap", 0.51),
        ("gap", 0.14),
        ("gap", None),
        ("saving_musd", 5.5),
        ("saving_musd", None),
        ("nothing_musd", None),
        ("nothing_musd", 9.1),
        ("risk/weight", 0.21),
        ("risk/level", 0.76),
        ("risk/weight", 0.2 + 5e-7),
        ("risk/level", 0.75 + 9e-7),
        ("futures/1/weight", 0.2 + 5e-7),
        ("risk/objective", "expected cost"),
        ("risk/expected_bound_musd", 3.1),
        ("risk", None),
        ("futures/0/weight", 0.81),
        ("futures/1/weight", 0.21),
        ("case", None),
        ("case/horizon", ["2027-01-01", "2030-01-01"]),
        ("case/horizon", ["2026-01-01", "2029-01-01"]),
        ("seed", 4),
        ("threads", 3),
        ("options/seed", {"value": 4}),
        ("options/abs_gap", {"value": 0.4}),
    ],
)
def test_each_entry_on_money_is_reckoned(path: str, value: object) -> None:
    assert not told(changed(path, value)).passed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("risk/expected_bound_musd", None),
        ("risk/expected_bound_musd", 3.0),
        ("options/seed", {}),
        ("options", None),
        ("status", "feasible"),
        ("options/abs_gap", {"value": 0.5}),
    ],
)
def test_what_a_record_may_say_otherwise(path: str, value: object) -> None:
    record = changed(path, value)
    if path == "options/seed":
        record["seed"] = None
    assert told(record).findings == []


def test_sums_agree_within_a_millionth_of_their_terms() -> None:
    """100 and -98, and 7: 0.8 x 198 + 0.2 x 7 = 159.8 without signs."""
    for off, fails in ((159e-6, 0), (161e-6, 1)):
        record = changed("expected_cost_musd", 3.0 + off)
        assert told(record, [100.0, -98.0], [7.0]).failed == fails


@pytest.mark.parametrize(
    ("least", "fails"),
    [(6.99, 1), (7.0 - 8e-6, 1), (7.0 - 6e-6, 0), (7.0, 0)],
)
def test_futures_that_cost_the_same_are_both_the_worst(least: float, fails: int) -> None:
    """A millionth of 7 is nothing; the shortage is that of the future that is named, 0.25 t."""
    record = changed("worst", {"future": "a", "cost_musd": least, "short_t": 0.25})
    tally = Tally()
    money._worst(tally, lacking([least], [7.0], record=record, **ASKED), [least, 7.0])
    assert tally.failed == fails


@pytest.mark.parametrize(("off", "fails"), [(1e-6, 0), (1.5e-6, 1)])
def test_a_small_cost_is_told_to_a_dollar(off: float, fails: int) -> None:
    record = changed("worst", {"future": "a", "cost_musd": -off, "short_t": 0.25})
    tally = Tally()
    money._worst(tally, lacking([-off], [0.0], record=record, **ASKED), [-off, 0.0])
    assert counted(tally) == (4 - 2 * fails, fails)


@pytest.mark.parametrize(("off", "fails"), [(1.7e-6, 0), (1.8e-6, 1)])
def test_a_shortage_is_told_to_a_gram_and_a_millionth(off: float, fails: int) -> None:
    """A millionth of 0.75 t and of one more."""
    assert told(changed("worst/short_t", 0.75 + off)).failed == fails


def proof(**entries: Any) -> Tally:
    """What is said of a plan of 8 million, proved to 6."""
    asked = {"abs_gap": {"value": 2.0}, "gap": {"value": None}}
    sound = {"objective": 8.0, "bound": 6.0, "abs_gap": 2.0, "gap": 0.25, "status": "optimal", "options": asked}
    tally = Tally()
    money._proof(tally, {**sound, "nothing_musd": 10.0, "saving_musd": 2.0, **entries})
    return tally


@pytest.mark.parametrize(
    ("entries", "items", "fails"),
    [
        ({}, 5, 0),
        ({"status": "feasible"}, 4, 0),
        ({"status": "feasible", "bound": None, "abs_gap": None, "gap": None}, 2, 0),
        ({"bound": None, "abs_gap": None, "gap": None}, 2, 0),
        ({"objective": None, "abs_gap": None, "gap": None, "saving_musd": None}, 2, 0),
        ({"nothing_musd": None, "saving_musd": None}, 5, 0),
        ({"nothing_musd": None}, 5, 1),
        ({"nothing_musd": 0.0, "saving_musd": -8.0}, 5, 0),
        ({"bound": 8.0 + 8e-6, "abs_gap": 0.0, "gap": 0.0}, 5, 0),
        ({"bound": 8.1, "abs_gap": 0.0, "gap": 0.0}, 5, 1),
        ({"objective": 0.0, "bound": -2.0, "gap": None, "saving_musd": 10.0}, 4, 0),
        ({"objective": -8.0, "bound": -10.0, "saving_musd": 18.0}, 5, 0),
        ({"abs_gap": 2.0 + 1.9e-6}, 5, 0),
        ({"abs_gap": 2.0 + 2.1e-6}, 5, 1),
        ({"gap": 0.25 + 2.4e-7}, 5, 0),
        ({"gap": 0.25 + 2.6e-7}, 5, 1),
        ({"bound": 8.0 - 0.004, "abs_gap": 0.004, "gap": 0.0005 + 0.9e-9}, 5, 0),
        ({"bound": 8.0 - 0.004, "abs_gap": 0.004, "gap": 0.0005 + 1.1e-9}, 5, 1),
        ({"bound": 7.5, "abs_gap": 0.5 + 0.9e-6, "gap": 0.0625}, 5, 0),
        ({"bound": 7.5, "abs_gap": 0.5 + 1.1e-6, "gap": 0.0625}, 5, 1),
    ],
)
def test_the_gap_lies_between_plan_and_bound(entries: dict[str, Any], items: int, fails: int) -> None:
    assert counted(proof(**entries)) == (items, fails)


@pytest.mark.parametrize(("off", "fails"), [(0.9e-6, 0), (1.1e-6, 1)])
def test_what_is_saved_agrees_within_a_thousandth_of_a_millionth_of_all(off: float, fails: int) -> None:
    """Nothing done costs 1008 and the plan 1007.5: a thousandth of a millionth of 1008 is the limit of the saving."""
    entries = {"objective": 1007.5, "bound": 1007.5, "abs_gap": 0.0, "gap": 0.0, "nothing_musd": 1008.0}
    assert counted(proof(**entries, saving_musd=0.5 + 1.008 * off)) == (5, fails)


@pytest.mark.parametrize(
    ("abs_gap", "gap", "entries", "items", "fails"),
    [
        (2.0, None, {}, 5, 0),
        (1.9, None, {}, 5, 1),
        (0.0, 0.34, {}, 5, 0),
        (9.0, 0.32, {}, 5, 1),
        (9.0, 2.5, {"objective": 1.0, "bound": -1.0, "gap": 2.0, "saving_musd": 9.0}, 5, 1),
        (0.0, 0.26, {"objective": -6.0, "bound": -8.0, "gap": 1 / 3, "saving_musd": 16.0}, 5, 1),
        (0.0, 0.34, {"objective": -6.0, "bound": -8.0, "gap": 1 / 3, "saving_musd": 16.0}, 5, 0),
        (9.0, 0.5, {"objective": 2.0, "bound": 0.0, "gap": 1.0, "saving_musd": 8.0}, 5, 1),
        (0.0, 0.5, {"objective": 0.0, "bound": 0.0, "abs_gap": 0.0, "gap": None, "saving_musd": 10.0}, 4, 0),
        (None, None, {}, 4, 0),
        (None, 0.01, {}, 4, 0),
    ],
)
def test_an_optimum_is_proved_as_far_as_was_asked(
    abs_gap: float | None, gap: float | None, entries: dict[str, Any], items: int, fails: int
) -> None:
    """2 between 8 and 6: a gap in money, or else a share of the one nearer to nothing, 6."""
    asked = {"abs_gap": {"value": abs_gap}, "gap": {"value": gap}}
    assert counted(proof(options=asked, **entries)) == (items, fails)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "expected cost"),
        ({"risk_weight": 0.2}, "tail"),
        ({"worst_case": 1.0}, "worst case"),
        ({"least_regret": 1.0}, "least regret"),
        ({"risk_weight": 0.0, "worst_case": 0.5, "least_regret": 1.0}, "worst case"),
    ],
)
def test_the_record_names_what_was_minimised(settings: dict[str, float], said: str) -> None:
    weight = settings.get("risk_weight", 0.0)
    record = changed("risk", {"weight": weight, "level": 0.9, "objective": said, "expected_bound_musd": 2.9})
    record["objective"] = None
    found = told(record, **(settings or {"unused": 0.0})).findings
    assert not [text for text in found if "risk" in text or "the objective is" in text]
    record["risk"]["objective"] = "something else"
    assert f"the objective is {said}" in told(record, **(settings or {"unused": 0.0})).findings


def test_without_a_level_the_worst_tenth_is_the_tail() -> None:
    """0.1 of all lies in the future of 0.2 that costs 7."""
    record = changed("tail_cost_musd", 7.0)
    record["risk"]["level"] = 0.9
    assert "tail_cost_musd" not in str(told(record, risk_weight=0.2).findings)
    assert "level" not in str(told(record, risk_weight=0.2).findings)
