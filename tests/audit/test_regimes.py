"""Regimes that hold over all futures: which one is chosen, how it weighs the futures, what it asks of a country."""

from __future__ import annotations

from typing import Any

import pytest

from audit.findings import broken
from audit.test_risk import case
from audit.written import Line, written
from orefolio.audit import risk
from orefolio.case.case import Case
from pencil import Piece, process, spot, tables


def regime(*more: Piece, share: float = 0.25, since: int = 2028) -> Case:
    limit = {"stage": "oxide", "element": "Dy", "country": "CN", "max_share": share, "from_year": since}
    return case(
        spot("china", "ore", 10.0, country="CN"),
        spot("other", "ore", 20.0, country="AU"),
        process("mill", {"ore": 1.0}, {"salt": 0.5}),
        tables(
            commodities=[
                {"commodity": "ore", "stage": "oxide", "discardable": False},
                {"commodity": "salt", "stage": "salt", "discardable": False},
            ],
            elements=[{"element": "Dy", "heavy": True}],
            content=[{"commodity": "ore", "element": "Dy", "share": 0.3}],
            regimes=[{"regime": "apart", **limit}],
        ),
        *more,
    )  # fmt: skip


def odds(**weights: float) -> Piece:
    return tables(
        regime_weights=[{"regime": "apart", "future": name, "weight": weight} for name, weight in weights.items()]
    )


MENU: list[dict[str, Any]] = [
    {"regime": "apart", "objective": 0.6, "bound": 0.55},
    {"regime": "open", "objective": 0.5, "bound": 0.4},
    {"regime": "shut", "objective": None, "bound": None},
]


def test_the_regime_is_the_first_of_its_menu_with_the_best_plan_and_the_least_bound() -> None:
    record = {"risk": {"regimes": MENU}, "objective": 0.5, "bound": 0.4}
    tally = risk.risk(written(regime(odds(calm=0.3, crash=0.2)), record=record))
    assert (broken(tally), tally.items) == ({}, 1 + 1 + 2 + 2 + 2)
    wrong = {"risk": {"regimes": [MENU[1], MENU[0], MENU[2]]}, "objective": 0.6, "bound": 0.55}
    tally = risk.risk(written(regime(odds(calm=0.3, crash=0.2)), record=wrong))
    assert broken(tally) == {
        "the regime is apart": None,
        "the best of the regimes 0.6 reported, 0.5 reckoned": (pytest.approx(0.1), pytest.approx(0.1)),
        "the least bound of the regimes 0.55 reported, 0.4 reckoned": (pytest.approx(0.15), pytest.approx(0.15)),
    }


def test_where_no_regime_has_a_plan_none_is_said() -> None:
    record = {"risk": {"regimes": [{**MENU[2], "regime": "apart"}]}, "objective": None, "bound": None}
    assert risk.risk(written(regime(odds(calm=0.6, crash=0.4)), record=record)).passed


def test_a_case_is_in_one_regime_of_a_menu_and_in_none_without_one() -> None:
    message = {"the case of the run is in one regime": None}
    other = tables(regimes=[{"regime": "open"}])
    for case_, record, says in (
        (case(), {}, {}),
        (case(), {"risk": None}, {}),
        (case(), {"risk": {"regimes": MENU}}, message),
        (regime(), {}, message),
        (regime(other), {"risk": {"regimes": MENU}}, message),
    ):
        tally = risk.risk(written(case_, record=record))
        assert (broken(tally), tally.items) == (says, 1)


RECORD = {"risk": {"regimes": MENU}, "objective": 0.5, "bound": 0.4}


def test_the_weights_of_the_futures_are_those_of_the_regime() -> None:
    """0.3 to 0.1 is 75 % to 25 %; where only the calm has a weight, it has all."""
    tally = risk.risk(written(regime(odds(calm=0.3, crash=0.1)), record=RECORD))
    assert broken(tally) == {
        "weight in the regime of calm 0.6 reported, 0.75 reckoned": (pytest.approx(0.15), pytest.approx(0.15)),
        "weight in the regime of crash 0.4 reported, 0.25 reckoned": (pytest.approx(0.15), pytest.approx(0.15)),
    }
    tally = risk.risk(written(regime(odds(calm=0.3)), record=RECORD))
    assert broken(tally) == {
        "weight in the regime of calm 0.6 reported, 1 reckoned": (pytest.approx(0.4), pytest.approx(0.4)),
        "weight in the regime of crash 0.4 reported, 0 reckoned": (pytest.approx(0.4), pytest.approx(0.4)),
    }


def test_the_share_of_a_country_is_kept_in_every_year_from_the_first() -> None:
    """In 2028 30 t of China's and 10 t of others', at 0.3 of the element: 9 t of 12, and 3 t may be."""
    bought: tuple[Line, ...] = (
        ("buy", "china", 0, 50.0),
        ("buy", "china", 1, 30.0, "calm"),
        ("buy", "other", 1, 10.0, "calm"),
        ("buy", "china", 1, 4.0, "crash"),
        ("buy", "other", 1, 12.0, "crash"),
    )
    tally = risk.risk(written(regime(odds(calm=0.6, crash=0.4)), *bought, record=RECORD))
    assert broken(tally) == {"calm share of CN 2028": (pytest.approx(6.0), pytest.approx(6 / 12, abs=0.005))}
    assert tally.items == 4 + 2 + 2
    early = risk.risk(written(regime(odds(calm=0.6, crash=0.4), since=2027), *bought, record=RECORD))
    assert sorted(broken(early)) == ["calm share of CN 2027", "calm share of CN 2028", "crash share of CN 2027"]
    free = risk.risk(written(regime(odds(calm=0.6, crash=0.4), share=1.0), *bought, record=RECORD))
    assert (broken(free), free.items) == ({}, 4 + 2)
    none = risk.risk(written(regime(odds(calm=0.6, crash=0.4)), *bought[2:3], record=RECORD))
    assert (broken(none), none.items) == ({}, 4 + 2 + 2)
