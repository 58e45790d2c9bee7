"""DIV: the largest share of a country in a year's supply at a stage."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import Piece, case_of, must, optimum, process, spot, tables

CONTENT = tables(
    elements=[{"element": "Dy"}],
    commodities=[{"commodity": c, "stage": stage} for c, stage in (("rich", "oxide"), ("metal", "metal"))],
    content=[{"commodity": "rich", "element": "Dy", "share": 0.5}, {"commodity": "metal", "element": "Dy", "share": 1}],
)
CHINA = spot("china", "rich", 5, country="CN")
REST = (spot("australia", "rich", 9, most=3, country="AU"), spot("brazil", "rich", 12, country="BR"))


def limit(penalty: float, share: float = 0.6, **columns: Any) -> Piece:
    row = {"stage": "oxide", "element": "Dy", "country": "CN", "max_share": share, "from_year": 2027}
    return tables(diversification=[{**row, "penalty_usd_per_kg": penalty, **columns}])


def case(*more: Piece, **columns: Any) -> Any:
    return case_of(CONTENT, CHINA, *REST, must("d", "rich", 10), *more, **columns)


def test_a_share_over_the_limit_costs_its_penalty() -> None:
    """10 t of oxide with half dysprosium, 6 t from China allowed. 3 t from Australia at 9 and 1 from Brazil at 12 cost
    4 and 7 more; a tonne less from China saves half a tonne of penalty. At 20 a kilogram all are replaced: 30 + 27 +
    12 = 69; at 10 Australia's 3: 35 + 27 + 5 = 67; at 7 none: 50 + 2 x 7 = 64. Would fail if oxide were counted in
    place of the element (69 at 10), or the limit were hard (69 throughout)."""
    assert optimum(case(limit(20))) == pytest.approx(69)
    assert optimum(case(limit(10))) == pytest.approx(67)
    assert optimum(case(limit(7))) == pytest.approx(64)


def test_no_limit_from_a_share_of_one_or_before_its_year() -> None:
    """50 a year without a limit; from 2028 on 50 + 69. Would fail if the first year were not read."""
    assert optimum(case(limit(20, share=1.0))) == pytest.approx(50)
    assert optimum(case(limit(20, from_year=2028), years=2)) == pytest.approx(119)


def test_without_a_country_the_limit_holds_for_each() -> None:
    """At most 40 % each at a penalty of 100: 4 t from China, 3 from Australia, 3 from Brazil: 20 + 27 + 36 = 83. Would
    fail if it held for China alone, or for the three together."""
    assert optimum(case(limit(100, share=0.4, country=""))) == pytest.approx(83)


def test_a_share_is_of_the_year() -> None:
    """China sells in the first half-year alone, 5 t, which is half of the year: 5 t at 5, then 3 at 9 and 2 at 12: 76.
    Would fail if each half were a year of its own: a penalty in the first."""
    pieces = (CONTENT, spot("china", "rich", 5, country="CN", last_delivery="2027-07-01"))
    late = spot("australia", "rich", 9, most=6, country="AU")
    brazil = spot("brazil", "rich", 12, country="BR")
    case = case_of(*pieces, late, brazil, must("d", "rich", 10), limit(100), months=6)
    assert optimum(case) == pytest.approx(5 * 5 + 3 * 9 + 2 * 12)


def test_what_is_made_counts_where_it_is_made() -> None:
    """Metal from China at 3 or made at home of oxide at 8: with 60 % of metal allowed from China, 6 x 3 + 4 x 8 = 50.
    Would fail if own production were not supply (no share could be met: 30 + penalty), or if the oxide's origin
    counted."""
    case = case_of(
        CONTENT,
        spot("china", "metal", 3, country="CN"),
        spot("oxide", "rich", 4, country="CN"),
        process("smelt", {"rich": 2}, {"metal": 1}, capacity=99),
        must("d", "metal", 10),
        limit(100, stage="metal"),
    )
    assert optimum(case) == pytest.approx(50)


def test_other_stages_do_not_count() -> None:
    """The limit on metal leaves oxide from China free: 50."""
    assert optimum(case(limit(100, stage="metal"))) == pytest.approx(50)


def test_the_penalty_is_discounted_by_the_mean_over_the_year() -> None:
    """50 and a penalty of 14 in each of two years at 25 %: 64 x 0.36 / ln 1.25. Would fail undiscounted."""
    assert optimum(case(limit(7), years=2, discount=0.25)) == pytest.approx(64 * 0.36 / 0.22314355131)


def test_a_contract_counts_by_what_it_delivers() -> None:
    """China delivers half a tonne of oxide for a tonne of contract, at 5 a kilogram of oxide: 50 + 14 as above. Would
    fail if tonnes of contract were counted."""
    china = spot("china", "rich", 5, country="CN", item={"t_per_t": 0.5})
    assert optimum(case_of(CONTENT, china, *REST, must("d", "rich", 10), limit(7))) == pytest.approx(64)


def test_a_limit_on_one_country_leaves_the_others_free() -> None:
    """2 t from China, 3 from Australia and 5 from Brazil: 10 + 27 + 60 = 97. Would fail if Brazil's half were held to a
    fifth too."""
    assert optimum(case(limit(100, share=0.2))) == pytest.approx(97)
