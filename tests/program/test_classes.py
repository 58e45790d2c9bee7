"""CNC and DEM with more than two classes: each tag goes its own way, and each line chooses from all that are told.

Four classes: free; `made`, with Chinese technology only; `staged`, refined or melted in China but under the threshold
of content; `controlled`, all three tags. The rule of China tolerates a share; the sourcing rule of defence none.
"""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.case.case import Case
from orefolio.case.checks import faults_of
from pencil import (
    Piece,
    case_of,
    event,
    future,
    lane,
    must,
    optimum,
    plan,
    process,
    spot,
    status,
    stockpile,
    tables,
    wanted,
)

CLASSES = tables(
    classes=[
        {"class_": "free"},
        {"class_": "made", "tags": "china-technology"},
        {"class_": "staged", "tags": "china-stage"},
        {"class_": "controlled", "tags": "china-content china-technology china-stage"},
    ]
)
REFUSED = tables(licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}])
METALS = (
    spot("clean", "metal", 40),
    spot("machined", "metal", 31, class_="made"),
    spot("melted", "metal", 26, class_="staged"),
    spot("cheap", "metal", 20, class_="controlled"),
)
VALUES = tables(
    markets=[{"market": "china"}],
    prices=[{"market": "china", "commodity": name, "fee_usd_per_kg": 10} for name in ("metal", "magnet")],
)


def rules(content: dict[str, Any] | None = None, sourcing: dict[str, Any] | None = None) -> Piece:
    """The rule of China on content and the sourcing rule of defence."""
    of_china = {"rule": "content", "in_force_share": 1.0, "threshold_share": 0.25, "basis": "value", **(content or {})}
    of_defence = {"rule": "sourcing", "kind": "sourcing", "in_force_share": 1.0, **(sourcing or {})}
    return tables(rules=[of_china, of_defence])


def press(share: float = 0.0, **columns: Any) -> Piece:
    return process("press", {"metal": 1}, {"magnet": 1}, capacity=9, de_minimis_share=share, **columns)


def defence(t: float = 1.0, **columns: Any) -> Piece:
    return must("defence", "magnet", t, **{"refuses_tags": "china-stage", "refusal_rule": "sourcing", **columns})


def abroad(t: float = 1.0) -> Piece:
    return must("abroad", "magnet", t, export_share=1.0, licence="goods")


def home(t: float = 1.0) -> Piece:
    return must("home", "magnet", t)


def four(*more: Piece, share: float = 0.0, press_columns: dict[str, Any] | None = None, **settings: Any) -> Case:
    return case_of(rules(), CLASSES, *METALS, VALUES, REFUSED, press(share, **(press_columns or {})), *more, **settings)


@pytest.mark.parametrize(("who", "expected"), [(home(), 20), (abroad(), 26), (defence(), 31)])
def test_each_customer_minds_its_own_tags(who: Piece, expected: float) -> None:
    """Home takes anything, 20. Abroad nothing that China licenses: what was only melted in China will do, 26. Defence
    nothing that China refined or melted: what Chinese machines made elsewhere will do, 31. Would fail if any tag were
    as good as another: 40 for both."""
    assert optimum(four(who)) == pytest.approx(expected)


def test_a_demand_may_refuse_several_tags_or_all() -> None:
    """Stage and technology refused, or every tag: 40."""
    both = "china-stage china-technology"
    assert optimum(four(defence(refuses_tags=both))) == pytest.approx(40)
    assert optimum(four(must("strict", "magnet", 1, refuses_tagged=True))) == pytest.approx(40)


def test_content_has_a_tolerance_and_a_stage_has_none() -> None:
    """A quarter of the value may be tagged. Abroad: controlled feed loses content and technology and keeps its stage:
    0.25 x 20 + 0.75 x 26 = 24.5. For defence machined metal may hold no controlled feed, since it would lose the
    stage: 31. Would fail if a share of any tag were let through: 28.25 for defence."""
    assert optimum(four(abroad(), share=0.25)) == pytest.approx(24.5)
    assert optimum(four(defence(), share=0.25)) == pytest.approx(31)


def test_a_rule_without_a_threshold_takes_the_tolerance_of_its_tags() -> None:
    """Where the sourcing rule reaches content too, no controlled feed is lost in a share: 26 abroad. Where the rule is
    switched off it takes nothing away: 24.5. Would fail if the threshold of one rule were that of all."""
    every = "china-content china-stage"
    pieces = (CLASSES, *METALS, VALUES, REFUSED, press(0.25), abroad())
    assert optimum(case_of(rules(sourcing={"tags": every}), *pieces)) == pytest.approx(26)
    assert optimum(case_of(rules(sourcing={"tags": every, "enabled": False}), *pieces)) == pytest.approx(24.5)


def test_the_switch_of_the_sourcing_rule() -> None:
    """On 31, off 20: with the rule off, defence takes anything."""
    pieces = (CLASSES, *METALS, VALUES, REFUSED, press(), defence())
    assert optimum(case_of(rules(), *pieces)) == pytest.approx(31)
    assert optimum(case_of(rules(sourcing={"enabled": False}), *pieces)) == pytest.approx(20)


def test_a_refusal_begins_with_its_rule() -> None:
    """The rule from April 2028: 20 in 2027; in 2028 a quarter of the year is free of it, 0.25 x 20 + 0.75 x 31 = 28.25;
    31 in 2029; and 20 in 2030, before which it ends: 99.25. Would fail if dates were not read: 124."""
    dated = {"from_date": "2028-04-01", "to_date": "2030-01-01"}
    case = case_of(rules(sourcing=dated), CLASSES, *METALS, REFUSED, press(), defence(), years=4)
    assert optimum(case) == pytest.approx(20 + 28.25 + 31 + 20)


def test_a_refusal_may_begin_with_an_event() -> None:
    """The rule comes in half of the futures on the first day of 2028: 20 and 0.5 x 31 + 0.5 x 20: 45.5."""
    case = case_of(
        rules(sourcing={"in_force_share": 0.0}),
        CLASSES,
        *METALS,
        REFUSED,
        press(),
        defence(),
        event("begin", "rules", "rule=sourcing", "in_force_share", "set", 1),
        future("trunk", 0.5),
        future("rule", 0.5, {"begin": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    assert optimum(case) == pytest.approx(45.5)


def test_a_plant_in_china_adds_its_stage() -> None:
    """Free ore melted in China at 1 or at home at 7: defence needs the dear melt, 7; others take the cheap one, 1.
    Would fail if the place of a plant left no trace."""

    def melts(who: Piece) -> Case:
        return case_of(
            tables(places=[{"place": "tianjin", "country": "CN"}]),
            rules(),
            CLASSES,
            REFUSED,
            spot("ore", "ore", 0),
            spot("ore there", "ore", 0, place="tianjin"),
            process("there", {"ore": 1}, {"magnet": 1}, capacity=9, cost=1, place="tianjin"),
            process("here", {"ore": 1}, {"magnet": 1}, capacity=9, cost=7),
            lane("tianjin", "home", "magnet"),
            who,
        )

    assert optimum(melts(defence())) == pytest.approx(7)
    assert optimum(melts(abroad())) == pytest.approx(1)


def test_a_licence_stops_the_tags_that_it_names() -> None:
    """Metal at the port; the lane's licence lets none through that was staged in China: of 26 and 31 the dearer comes,
    31. Where it names technology the other comes, 26. Would fail if a licence stopped all tags: infeasible."""

    def through(tags: str) -> Case:
        return case_of(
            rules(),
            CLASSES,
            tables(licences=[{"licence": "gate", "approval_share": 0.0, "tags": tags}]),
            spot("machined", "metal", 31, class_="made", place="port"),
            spot("melted", "metal", 26, class_="staged", place="port"),
            lane("port", "home", "metal", licence="gate"),
            must("anyone", "metal", 1),
        )

    assert optimum(through("china-stage")) == pytest.approx(31)
    assert optimum(through("china-technology")) == pytest.approx(26)
    assert status(through("")) == "infeasible"


def test_a_licence_waits_for_its_own_rule() -> None:
    """The licence for goods is asked for under China's rule, and not under the sourcing rule that is in force: 20; if
    it names the sourcing rule it stops what was staged in China: 31. Would fail if any rule in force would do."""

    def goods(**columns: Any) -> Case:
        licence = {"licence": "goods", "approval_share": 0.0, "needs_rule": True, **columns}
        return case_of(rules({"in_force_share": 0.0}), CLASSES, *METALS, tables(licences=[licence]), press(), abroad())

    assert optimum(goods()) == pytest.approx(20)
    assert optimum(goods(rule="sourcing")) == pytest.approx(31)


def test_recycled_material_loses_the_tags_that_its_law_frees() -> None:
    """All scrap is of controlled sales. China's rule frees recycled material and the sourcing rule does not: it keeps
    its stage: good abroad, 1; no good for defence, who pays 40. Would fail if freeing were of all tags: 1."""

    def recycled(who: Piece) -> Case:
        scrap = {"scrap": "old", "place": "home", "commodity": "magnet", "collection_usd_per_kg": 1, "rate_share": 1}
        life = {"weibull_shape": 50, "weibull_scale_years": 5.5, "tagged_share": 1.0}
        return case_of(
            rules({"recycled_is_free": True}),
            CLASSES,
            REFUSED,
            tables(scrap=[{**scrap, **life}], past_sales=[{"scrap": "old", "year": 2022, "t": 100}]),
            spot("clean", "magnet", 40),
            who,
        )

    assert optimum(recycled(abroad())) == pytest.approx(1)
    assert optimum(recycled(defence())) == pytest.approx(40)


def test_classes_of_which_neither_holds_the_other_meet_in_a_third() -> None:
    """0.5 t machined and 0.5 t melted metal in one magnet: the tags of both, and no class has just those: controlled;
    home takes it: 28.5. Surplus of both is sold from where all may go down. Would fail if the two could not meet."""
    metals = (spot("machined", "metal", 31, most=0.5, class_="made"), spot("melted", "metal", 26, 0.5, class_="staged"))
    assert optimum(case_of(rules(), CLASSES, REFUSED, *metals, press(), home())) == pytest.approx(28.5)
    outlet = {"place": "home", "commodity": "metal", "step": 1, "t_per_year": 2, "price_usd_per_kg": 40}
    sold = case_of(rules(), CLASSES, REFUSED, *metals, tables(outlets=[outlet]))
    assert optimum(sold) == pytest.approx(31 * 0.5 + 26 * 0.5 - 40)


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


def test_stock_keeps_each_class_apart() -> None:
    """1 t of melted and 1 t of machined magnets lie at home; next year abroad and defence want 1 t each, and metal
    costs 40: nothing more is bought, 0. Would fail if one class stood for both: 26 or 31 and more."""
    case = case_of(
        rules(),
        CLASSES,
        REFUSED,
        stockpile("a", "magnet", initial_t=1, initial_class="staged"),
        stockpile("b", "magnet", initial_t=1, initial_class="made"),
        spot("clean", "magnet", 40),
        abroad(),
        defence(),
    )
    assert optimum(case) == pytest.approx(0)


def test_two_classes_without_a_least_class_over_both_are_refused() -> None:
    """Machined and melted metal that meet would be of no class, or of either of two."""
    pair = [{"class_": "free"}, {"class_": "made", "tags": "china-technology"}]
    pair.append({"class_": "staged", "tags": "china-stage"})
    lacking = case_of(tables(classes=pair), rules(), must("d", "x", 1), spot("m", "x", 1))
    assert any("one class whose tags" in fault.expected for fault in faults_of(lacking, adjusted=True))
    whole = case_of(CLASSES, rules(), must("d", "x", 1), spot("m", "x", 1))
    assert not any("one class whose tags" in fault.expected for fault in faults_of(whole, adjusted=True))
