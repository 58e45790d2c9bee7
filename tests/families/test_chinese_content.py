"""CNC: how much tagged feed untagged output may hold, what makes output tagged, and lines that run one class.

Magnets are made of metal; a customer abroad takes no tagged magnets while the rule is in force. Metal costs 40 free and
20 tagged.
"""

from __future__ import annotations

from typing import Any

import pytest

from four_classes import REFUSED, abroad, four
from orefolio.case.case import Case
from pencil import RULE, Piece, case_of, event, future, must, optimum, plan, process, spot, stockpile, tables, wanted

METAL = (spot("clean", "metal", 40), spot("cheap", "metal", 20, class_="tagged"))


def values(metal: float, magnet: float) -> Piece:
    """Reference values of feed and product, USD/kg."""
    return tables(
        markets=[{"market": "china"}],
        prices=[
            {"market": "china", "commodity": "metal", "fee_usd_per_kg": metal},
            {"market": "china", "commodity": "magnet", "fee_usd_per_kg": magnet},
        ],
    )


def rule(**columns: Any) -> Piece:
    row = {"rule": "content", "in_force_share": 1.0, "threshold_share": 0.001, "basis": "value", **columns}
    return tables(rules=[row], classes=RULE["classes"])


def magnets(share: float, feed: float = 1.0, **columns: Any) -> Piece:
    return process("press", {"metal": feed}, {"magnet": 1}, capacity=9, de_minimis_share=share, **columns)


def test_a_thousandth_of_tagged_feed_may_be_blended_in() -> None:
    """Segregated 40; blended at 0.1 % 0.999 x 40 + 0.001 x 20 = 39.98; with the rule switched off 20. Would fail if the
    share were a per cent (39.8) or the rule could be blended away."""
    shared = (*METAL, values(10, 10), abroad(), REFUSED)
    assert optimum(case_of(rule(), magnets(0.0), *shared)) == pytest.approx(40, abs=1e-9)
    assert optimum(case_of(rule(), magnets(0.001), *shared)) == pytest.approx(39.98, abs=1e-9)
    assert optimum(case_of(rule(enabled=False), magnets(0.0), *shared)) == pytest.approx(20, abs=1e-9)
    assert optimum(case_of(rule(in_force_share=0.0), magnets(0.0), *shared)) == pytest.approx(20, abs=1e-9)


def test_the_share_is_of_the_value_of_the_output() -> None:
    """1.2 t of metal worth 12 makes a magnet worth 30; at 25 % tagged metal is at most 0.25 x 30 / 12 = 0.625 t: 48 -
    20 x 0.625 = 35.5. Would fail by mass of the output (0.25 t: 43), by value of the rest (0.5 t: 38), or by value or
    mass of the feed (0.3 t: 42)."""
    case = case_of(rule(), magnets(0.25, 1.2), *METAL, values(12, 30), abroad(), REFUSED)
    assert optimum(case) == pytest.approx(35.5)


def test_the_share_may_be_of_mass() -> None:
    """The same by mass: 0.25 t of tagged metal in a tonne: 48 - 5 = 43. Would fail if the basis were not read: 35.5."""
    case = case_of(rule(basis="mass"), magnets(0.25, 1.2), *METAL, values(12, 30), abroad(), REFUSED)
    assert optimum(case) == pytest.approx(43)


def test_a_feed_without_a_reference_value_is_no_allowance() -> None:
    """Where the case gives metal no value its share cannot be told: none of it may be tagged, 40. Would fail if nought
    times any quantity passed the limit: 20."""
    unknown = tables(markets=[{"market": "china"}], prices=[{"market": "china", "commodity": "magnet"}])
    assert optimum(case_of(rule(), magnets(0.25), *METAL, unknown, abroad(), REFUSED)) == pytest.approx(40)


def test_values_are_those_of_the_base_year() -> None:
    """In a price shock that makes metal dear (12 to 48) the same lot keeps its class: 35.5. Would fail if the weights
    moved with the market: 0.156 t, 44.9."""
    shock = event("shock", "prices", "commodity=metal", "fee_usd_per_kg", "multiply", 4)
    happens = future("only", 1, {"shock": "2027-01-01"})
    case = case_of(rule(), magnets(0.25, 1.2), *METAL, values(12, 30), abroad(), REFUSED, shock, happens)
    assert optimum(case) == pytest.approx(35.5)


def test_several_feeds_share_the_allowance() -> None:
    """Metal worth 12 and iron worth 6 a tonne each; at 25 % of 30 there are 7.5 of tagged value: iron saves 8 a tonne
    for 6, metal 20 for 12: all on metal, 0.625 t: 40 + 10 - 12.5 = 37.5. Would fail if each feed had an allowance:
    29.5."""
    case = case_of(
        rule(),
        process("press", {"metal": 1, "iron": 1}, {"magnet": 1}, capacity=9, de_minimis_share=0.25),
        *METAL,
        spot("iron", "iron", 10),
        spot("cheap iron", "iron", 2, class_="tagged"),
        values(12, 30),
        tables(prices=[{"market": "china", "commodity": "iron", "fee_usd_per_kg": 6}]),
        abroad(),
        REFUSED,
    )
    assert optimum(case) == pytest.approx(37.5)


def test_a_plant_that_separates_takes_no_tagged_feed() -> None:
    """The same share at a process that separates elements counts for nothing: 48. Would fail if it did: 35.5."""
    case = case_of(rule(), magnets(0.25, 1.2, separates=True), *METAL, values(12, 30), abroad(), REFUSED)
    assert optimum(case) == pytest.approx(48)


def test_tagged_output_may_hold_free_feed() -> None:
    """At home any magnet will do: with 0.4 t of tagged metal for sale, 8 + 0.6 x 40 = 32. Would fail if feeds could
    not mix downwards (infeasible or 40)."""
    case = case_of(
        rule(),
        magnets(0.0),
        spot("clean", "metal", 40),
        spot("cheap", "metal", 20, most=0.4, class_="tagged"),
        must("home", "magnet", 1),
    )
    assert optimum(case) == pytest.approx(32)


@pytest.mark.parametrize(
    ("origin", "flags", "expected"),
    [
        ({"technology_origin": "CN"}, {}, 7.0),
        ({"technology_origin": "CN"}, {"counts_technology": False}, 1.0),
        ({"equipment_origin": "CN"}, {}, 7.0),
        ({"equipment_origin": "CN"}, {"counts_equipment": False}, 1.0),
        ({"technology_origin": "CN"}, {"counts_equipment": False}, 7.0),
        ({"technology_origin": "JP", "equipment_origin": "JP"}, {}, 1.0),
        ({}, {}, 1.0),
    ],
)
def test_chinese_technology_and_equipment_tag_what_they_make(
    origin: dict[str, str], flags: dict[str, bool], expected: float
) -> None:
    """Free metal at nothing through a cheap line at 1 or a clean one at 7: where the cheap line's technology or
    equipment counts, the customer abroad needs the clean one. Would fail if a flag were not read or the two were mixed
    up."""
    case = case_of(
        rule(**flags),
        spot("clean", "metal", 0),
        process("cheap", {"metal": 1}, {"magnet": 1}, capacity=9, cost=1, **origin),
        process("dear", {"metal": 1}, {"magnet": 1}, capacity=9, cost=7),
        abroad(),
        REFUSED,
    )
    assert optimum(case) == pytest.approx(expected)


def line(
    *more: Piece,
    law: Piece | None = None,
    licences: Piece = REFUSED,
    capacity: float = 10,
    years: int = 1,
    months: int = 12,
    discount: float = 0.0,
    **columns: Any,
) -> Any:
    """One line; 3 t go abroad and 5 stay at home; free metal at 9 and tagged at 2."""
    return case_of(
        law or rule(),
        spot("clean", "metal", 9),
        spot("cheap", "metal", 2, class_="tagged"),
        process("press", {"metal": 1}, {"magnet": 1}, capacity=capacity, **columns),
        wanted("abroad", "magnet", 3, 60, export_share=1.0, licence="goods"),
        wanted("home", "magnet", 5, 60),
        licences,
        *more,
        years=years,
        months=months,
        discount=discount,
    )


def test_a_line_runs_one_class_at_a_time() -> None:
    """Mixed use: 3 x 9 + 5 x 2 = 37. One class a year: all free, 8 x 9 = 72 (tagged would leave 3 t short at 60: 190).
    Would fail if the line could split the year."""
    assert optimum(line()) == pytest.approx(37)
    assert optimum(line(one_class_at_a_time=True)) == pytest.approx(72)


def test_dedication_costs_by_the_year() -> None:
    """7 a year for a line kept for untagged material: 79 in one year, 158 in two, by half-years as by years. Would
    fail if it were paid once or by period."""
    for months in (12, 6):
        case = line(one_class_at_a_time=True, dedication_musd_per_year=0.007, years=2, months=months)
        assert optimum(case) == pytest.approx(158)


def test_half_years_of_one_year_run_the_same_class() -> None:
    """With a store of magnets half-yearly changes would do: 5.5 t free in the first half, of which 1.5 are kept, and
    2.5 tagged in the second: 54.5. The choice is by the year: 72. Would fail if it were by period."""
    case = line(stockpile("k", "magnet"), capacity=12, one_class_at_a_time=True, months=6)
    assert optimum(case) == pytest.approx(72)


def test_changing_over_costs() -> None:
    """Nobody abroad wants magnets in the first year: tagged 10, then free 72, and a changeover of 4: 86; at a
    changeover of 50 the line stays free throughout, 45 + 72 = 117. Would fail if changing were free (82)."""
    none = event("none", "demands", "demand=abroad", "multiple", "set", 0)
    happens = future("only", 1, {"none": ("2027-01-01", 12)})
    cheap = line(none, happens, one_class_at_a_time=True, changeover_musd=0.004, years=2)
    dear = line(none, happens, one_class_at_a_time=True, changeover_musd=0.05, years=2)
    assert optimum(cheap) == pytest.approx(86)
    assert optimum(dear) == pytest.approx(117)


def test_no_choice_where_no_demand_tells_classes_apart() -> None:
    """Without the customer abroad there is no column for dedication; with one there is. Would fail if lines were bound
    for nothing."""
    plain = case_of(
        rule(),
        spot("clean", "metal", 9),
        spot("cheap", "metal", 2, class_="tagged"),
        process("press", {"metal": 1}, {"magnet": 1}, capacity=10, one_class_at_a_time=True),
        must("home", "magnet", 5),
    )
    assert not any(name == "dedicated" for name, _, _ in plan(plain).columns["only"])
    assert any(name == "dedicated" for name, _, _ in plan(line(one_class_at_a_time=True)).columns["only"])


def test_a_licence_that_needs_no_rule_tells_classes_apart_at_all_times() -> None:
    """No rule is in force, and yet nothing tagged may leave: all free, 72. Would fail if the line could split the year
    because no rule is ahead: 37."""
    always = tables(licences=[{"licence": "goods", "approval_share": 0.0}])
    case = line(law=rule(in_force_share=0.0), licences=always, one_class_at_a_time=True)
    assert optimum(case) == pytest.approx(72)


def test_a_licence_that_no_rule_asks_for_binds_no_line() -> None:
    """The licence is asked for under rules of content, and there is only one of sourcing: all tagged, 16, and there is
    no choice to make. Would fail if a licence told classes apart by itself, or under any rule."""
    of_defence = tables(
        rules=[{"rule": "sourcing", "kind": "sourcing", "in_force_share": 1.0}], classes=RULE["classes"]
    )
    best = plan(line(law=of_defence, one_class_at_a_time=True))
    assert best.cost == pytest.approx(16)
    assert not any(name == "dedicated" for name, _, _ in best.columns["only"])


def ahead(*futures: Piece) -> Any:
    """The line of above, in three years; the rule begins with an event."""
    begin = event("begin", "rules", "*", "in_force_share", "set", 1)
    return case_of(
        rule(in_force_share=0.0),
        spot("clean", "metal", 9),
        spot("cheap", "metal", 2, class_="tagged"),
        process(
            "press",
            {"metal": 1},
            {"magnet": 1},
            capacity=10,
            one_class_at_a_time=True,
            changeover_musd=0.004,
            dedication_musd_per_year=0.007,
        ),
        wanted("abroad", "magnet", 3, 60, export_share=1.0, licence="goods"),
        wanted("home", "magnet", 5, 60),
        REFUSED,
        begin,
        *futures,
        years=3,
        months=6,
    )


def test_a_rule_that_may_begin_in_one_future_only() -> None:
    """In half of the futures the rule begins in July 2028. The choice for the half-year then rests on what was known
    before, so both futures share it: tagged, 95 where 1.5 t are short and 8 in the trunk, 51.5 in the mean; free 36 +
    3.5 + 4 = 43.5 in both. Before it 16 + 8; after it 72 + 7 and 16: 24 + 43.5 + 47.5 = 115. Would fail if the branch
    chose on the day, 97.25, or the choice stood in one of the futures alone (refused as foreknowledge)."""
    case = ahead(future("trunk", 0.5), future("rule", 0.5, {"begin": "2028-07-01"}, onset="2028-07-01"))
    assert optimum(case) == pytest.approx(115)


def test_branches_that_part_at_different_times_share_the_choice_before_them() -> None:
    """The rule begins in January 2028 (0.3), in July (0.3), or never (0.4). 2027 tagged 16. The first half of 2028 is
    one choice for all: tagged 0.3 x 95 + 0.7 x 8 = 34.1. The second half: free in the first branch, 0.3 x 43.5, and
    one choice for the others: free 0.7 x 43.5 = 30.45 is less than tagged, 31.7. 2029: 0.6 x 79 + 0.4 x 16. In all
    147.4. Would fail if a branch were charged for a year where another is charged for a half, or chose alone."""
    case = ahead(
        future("trunk", 0.4),
        future("first", 0.3, {"begin": "2028-01-01"}, onset="2028-01-01"),
        future("second", 0.3, {"begin": "2028-07-01"}, onset="2028-07-01"),
    )
    assert optimum(case) == pytest.approx(147.4)


def test_what_a_line_costs_is_discounted() -> None:
    """72 and 7 for a year of untagged magnets, in two years at 25 %: 79 x 0.36 / ln 1.25. Tagged 10 in the first year,
    then 72, and a changeover of 4 on the day between them: (10 x 0.2 + 72 x 0.16) / ln 1.25 + 3.2. Would fail
    undiscounted, 158 and 86, or with a changeover by the mean of its year."""
    alone = line(one_class_at_a_time=True, dedication_musd_per_year=0.007, years=2, discount=0.25)
    assert optimum(alone) == pytest.approx(79 * 0.36 / 0.22314355131)
    none = event("none", "demands", "demand=abroad", "multiple", "set", 0)
    happens = future("only", 1, {"none": ("2027-01-01", 12)})
    turned = line(none, happens, one_class_at_a_time=True, changeover_musd=0.004, years=2, discount=0.25)
    assert optimum(turned) == pytest.approx((10 * 0.2 + 72 * 0.16) / 0.22314355131 + 3.2)


def test_an_allowance_is_not_filled_up_by_another_feed() -> None:
    """The allowance of 7.5 goes to metal, 0.625 t: 37.5; two magnets for home are tagged, 2 x (20 + 2): 81.5. Would
    fail if 0.75 t of free iron given to the tagged magnets (6) could count as iron taken back, and make room for 0.375
    t of tagged metal (7.5): 80."""
    case = case_of(
        rule(),
        process("press", {"metal": 1, "iron": 1}, {"magnet": 1}, capacity=9, de_minimis_share=0.25),
        *METAL,
        spot("iron", "iron", 10),
        spot("cheap iron", "iron", 2, class_="tagged"),
        values(12, 30),
        tables(prices=[{"market": "china", "commodity": "iron", "fee_usd_per_kg": 6}]),
        abroad(),
        must("home", "magnet", 2),
        REFUSED,
    )
    assert optimum(case) == pytest.approx(81.5)


def lines(*more: Piece, years: int = 1, **columns: Any) -> Case:
    """One line for three customers of 1 t each, who can go without at 60."""
    return four(
        wanted("home", "magnet", 1, 60),
        wanted("abroad", "magnet", 1, 60, export_share=1.0, licence="goods"),
        wanted("defence", "magnet", 1, 60, refuses_tags="china-stage", refusal_rule="sourcing"),
        *more,
        press_columns=columns,
        years=years,
    )


def test_a_line_with_four_classes_is_kept_for_one() -> None:
    """In parts: 20 + 26 + 31 = 77. One class at a time: free for all three, 120; machined for home and defence and one
    short, 2 x 31 + 60 = 122; melted 2 x 26 + 60 = 112, the least; controlled 20 + 120. Would fail if the line chose
    between tagged and untagged only: 77 or 120."""
    assert optimum(lines()) == pytest.approx(77)
    best = plan(lines(one_class_at_a_time=True))
    assert best.cost == pytest.approx(112)
    assert best.value("kept_for", "press", "staged") == 1.0
    assert best.value("kept_for", "press") == 1.0


def test_a_line_is_charged_for_every_class_but_the_last() -> None:
    """7 a year for a line kept clean: melted 112 + 7 = 119; with 30 controlled is best, 20 + 120 = 140 (melted 142).
    Would fail if only untagged lines were charged: 112."""
    assert optimum(lines(one_class_at_a_time=True, dedication_musd_per_year=0.007)) == pytest.approx(119)
    assert optimum(lines(one_class_at_a_time=True, dedication_musd_per_year=0.030)) == pytest.approx(140)


def test_changing_over_between_any_two_classes_costs() -> None:
    """In the second year abroad wants nothing: machined 31 x 2 = 62 then. 112 + 62 + 4 = 178 with a changeover of 4;
    with one of 40 the line stays machined, 122 + 62 = 184 (melted 112 + 26 + 60 = 198, free 120 + 80 = 200). Would fail
    if a change among tagged classes were free: 174."""
    none = event("none", "demands", "demand=abroad", "multiple", "set", 0)
    happens = future("only", 1, {"none": ("2028-01-01", 12)})
    cheap = lines(none, happens, years=2, one_class_at_a_time=True, changeover_musd=0.004)
    dear = lines(none, happens, years=2, one_class_at_a_time=True, changeover_musd=0.040)
    assert optimum(cheap) == pytest.approx(178)
    assert optimum(dear) == pytest.approx(184)


def test_classes_that_no_demand_tells_apart_are_one_choice() -> None:
    """With defence alone, free and machined are one group, melted and controlled the other: one binary for the line.
    Home takes 2 t: clean group 3 x 31 = 93. Would fail with a choice of four: the same cost and four columns."""
    case = four(
        wanted("home", "magnet", 2, 60),
        wanted("defence", "magnet", 1, 60, refuses_tags="china-stage", refusal_rule="sourcing"),
        press_columns={"one_class_at_a_time": True},
    )
    best = plan(case)
    assert best.cost == pytest.approx(93)
    names = [name for name, _, _ in best.columns["only"]]
    assert names.count("dedicated") == 1
    assert "kept_for" not in names


def test_a_line_that_stands_still_is_kept_for_some_class() -> None:
    """Nobody wants magnets in the second year: the line stays melted for 7, or changes over to controlled, which is
    not charged, for 4: 119 + 4 = 123. Would fail if it could be kept for none: 119."""
    none = event("none", "demands", "*", "multiple", "set", 0)
    happens = future("only", 1, {"none": ("2028-01-01", 12)})
    still = {"one_class_at_a_time": True, "dedication_musd_per_year": 0.007, "changeover_musd": 0.004}
    assert optimum(lines(none, happens, years=2, **still)) == pytest.approx(123)
