"""Which classes a line must keep apart, and of which class its scrap is.

Metal of three classes: free at 40, `made` on Chinese machines at 31, `controlled` at 20. Customers abroad take no
Chinese technology, defence nothing that was melted in China. A tonne of metal gives a magnet and half a tonne of swarf.
"""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.case.case import Case
from orefolio.families.reach import reach_of
from pencil import case_of, must, optimum, plan, process, spot, tables, wanted

RULES = tables(
    classes=[
        {"class_": "free"},
        {"class_": "made", "tags": "china-technology"},
        {"class_": "controlled", "tags": "china-content china-technology china-stage"},
    ],
    rules=[
        {"rule": "content", "in_force_share": 1.0, "threshold_share": 0.25, "basis": "value"},
        {"rule": "sourcing", "kind": "sourcing", "in_force_share": 1.0},
    ],
    licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}],
)
METALS = (
    spot("clean", "metal", 40),
    spot("machined", "metal", 31, class_="made"),
    spot("cheap", "metal", 20, class_="controlled"),
)
SWARF = wanted("defence", "swarf", 0.5, 60, refuses_tags="china-stage", refusal_rule="sourcing")
ABROAD = wanted("abroad", "magnet", 1, 60, export_share=1.0, licence="goods")


def pressed(*demands: Any, **columns: Any) -> Case:
    line = process("press", {"metal": 1}, {"magnet": 1, "swarf": 0.5}, capacity=9, **columns)
    return case_of(RULES, *METALS, line, *demands)


def test_a_line_is_kept_for_what_the_customers_of_its_main_product_tell_apart() -> None:
    """Abroad bars `made` and `controlled` alike: two groups, one choice. Would fail if the swarf for defence made a
    third."""
    case = pressed(ABROAD, SWARF, one_class_at_a_time=True)
    assert reach_of(case).groups(case.row("processes", "press")) == [["free"], ["made", "controlled"]]
    assert [name for name, _, _ in plan(case).columns["only"]].count("dedicated") == 1


def test_scrap_of_a_line_bears_the_tags_of_all_that_it_is_kept_for() -> None:
    """Home takes any magnet: with `made` metal 31, and the swarf is thrown together with that of controlled metal:
    defence goes short, 31 + 0.5 x 60 = 61; controlled 20 + 30 = 50; free metal 40, and the swarf will do: 40. Would
    fail if the swarf of `made` metal stayed as it was: 31."""
    home = must("home", "magnet", 1)
    never = wanted("abroad", "magnet", 0, 60, export_share=1.0, licence="goods")
    assert optimum(pressed(home, never, SWARF, one_class_at_a_time=True)) == pytest.approx(40)
    assert optimum(pressed(home, never, SWARF)) == pytest.approx(31)


def test_where_nobody_minds_the_main_product_the_scrap_tells_classes_apart() -> None:
    """Without customers abroad the line may be kept for what defence takes, and its swarf is what went in: 31. Would
    fail if the swarf were of the worst class that the line could run: 40."""
    case = pressed(must("home", "magnet", 1), SWARF, one_class_at_a_time=True)
    assert reach_of(case).groups(case.row("processes", "press")) == [["free", "made"], ["controlled"]]
    assert optimum(case) == pytest.approx(31)
