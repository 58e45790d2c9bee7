"""More than two classes: each tag goes its own way, from what is bought and made to who takes it."""

from __future__ import annotations

from typing import Any

import pytest

from four_classes import CLASSES, METALS, REFUSED, VALUES, abroad, defence, four, home, press, rules
from orefolio.case.case import Case
from orefolio.case.checks import faults_of
from pencil import Piece, case_of, lane, must, optimum, process, spot, status, stockpile, tables


@pytest.mark.parametrize(("who", "expected"), [(home(), 20), (abroad(), 26), (defence(), 31)])
def test_each_customer_minds_its_own_tags(who: Piece, expected: float) -> None:
    """Home takes anything, 20. Abroad nothing that China licenses: what was only melted in China will do, 26. Defence
    nothing that China refined or melted: what Chinese machines made elsewhere will do, 31. Would fail if any tag were
    as good as another: 40 for both."""
    assert optimum(four(who)) == pytest.approx(expected)


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
