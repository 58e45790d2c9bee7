"""What the rule costs between its two accountings, and the catalogue of a case's rules."""

from __future__ import annotations

import pytest

from orefolio.analyses.rules import catalogue, cost_of_rule
from orefolio.case.case import Case
from orefolio.errors import InputError
from orefolio.solve import Options
from pencil import RULE, case_of, must, process, spot, tables

EXACT = Options(abs_gap=0.0)


def chain(**rule: object) -> Case:
    """A magnet of metal at 40 free or 20 tagged, for a customer abroad who takes no tagged ones; a dear clean line
    besides the Chinese machine."""
    act = {"rule": "content", "in_force_share": 1.0, "threshold_share": 0.001, "basis": "value", **rule}
    return case_of(
        tables(
            rules=[act, {"rule": "listed", "kind": "refusal", "citation": "act 7, article 3"}],
            classes=RULE["classes"],
            licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True, "rule": "content"}],
            markets=[{"market": "china"}],
            prices=[{"market": "china", "commodity": name, "fee_usd_per_kg": 10} for name in ("metal", "magnet")],
        ),
        spot("clean", "metal", 40),
        spot("cheap", "metal", 20, class_="tagged"),
        process("machine", {"metal": 1}, {"magnet": 1}, capacity=9, de_minimis_share=0.001, equipment_origin="CN"),
        process("own", {"metal": 1}, {"magnet": 1}, capacity=9, cost=5, de_minimis_share=0.001),
        must("abroad", "magnet", 1, export_share=1.0, licence="goods", refusal_rule="listed"),
    )


def test_the_rule_between_its_accountings() -> None:
    """Off 20. Where equipment does not count: at nought 40, at 0.1 % 39.98, at 1 % 39.8 and at 25 % 35: the metal
    alone. Where it counts, the clean line is needed: 5 more. One lot is the same in both accountings, in thousandths of
    a million USD. Would fail if the shares did not follow the threshold, or a switch did nothing."""
    found = {(r.threshold, r.counts_equipment): r for r in cost_of_rule(chain(), options=EXACT)}
    assert found[None, None].most == pytest.approx(0.020)
    for threshold, alone in ((0.0, 40), (0.001, 39.98), (0.01, 39.8), (0.1, 38), (0.25, 35)):
        for equipment, more in ((False, 0), (True, 5)):
            reading = found[threshold, equipment]
            assert reading.segregated.objective == pytest.approx((alone + more) / 1000)
            assert reading.mass_balance.objective == pytest.approx((alone + more) / 1000)
            assert reading.least <= reading.most + 1e-9
            assert reading.extra_least == pytest.approx((alone + more - 20) / 1000, abs=1e-8)
            assert reading.extra_most == pytest.approx((alone + more - 20) / 1000, abs=1e-8)
    assert len(found) == 11


def test_the_threshold_of_the_case_is_looked_at_too() -> None:
    found = cost_of_rule(chain(), (0.2,), options=EXACT)
    assert [(r.threshold, r.counts_equipment) for r in found] == [
        (None, None), (0.001, True), (0.2, True), (0.001, False), (0.2, False),
    ]  # fmt: skip
    assert found[0].row()["threshold_share"] is None
    assert found[-1].row()["segregated_musd"] == pytest.approx(0.036)


def test_without_a_rule_there_is_nothing_to_ask() -> None:
    with pytest.raises(InputError, match="no rule on content"):
        cost_of_rule(chain(threshold_share=0.0), options=EXACT)


def test_the_catalogue_names_every_rule_with_what_uses_it() -> None:
    content, listed = catalogue(chain(counts_technology=False, name="act 61", citation="articles 1 and 2"))
    assert content["tags"] == ["china-content", "china-technology"]
    assert content["counts"] == ["equipment"]
    assert content["citation"] == "articles 1 and 2"
    assert content["used_by"] == {"licences": ["goods"]}
    assert (listed["kind"], listed["tags"], listed["counts"]) == ("refusal", [], [])
    assert listed["used_by"] == {"demands": ["abroad"]}
