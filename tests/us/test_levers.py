"""Every lever of the case is live: on the trunk, or in the setting that it speaks of, it moves the cost of the plan.

`examples/levers.py` says how it is turned. Runs are of the yearly grid, to 2 million USD.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from examples.levers import Setting, apart, proved_at, steps
from orefolio.analyses.first_change import Planned
from us.runs import US

TRUNK = Setting()
ENFORCED = Setting(
    levers={"rule_in_force_now": 1.0, "tagged_goods_approval": 0.0, "tagged_across_borders_approval": 0.0}
)
"""The Chinese rule in force on the trunk, with nothing tagged approved."""
IN_FORCE = Setting(levers={"rule_in_force_now": 1.0})
CHEAP_AT_HOME = Setting(levers={"us_cost_multiple": 1.0})
"""What is built in the United States costs what it costs in China, so that it is built."""
SHORT_OF_OXIDE = {
    "us_cost_multiple": 1.0,
    "light_licence_share": 0.0,
    "heavy_licence_share": 0.0,
    "magnet_licence_share": 0.0,
    "lynas_availability": 0.5,
    "monazite_multiple": 0.3,
}
"""Cheap at home, and so little from elsewhere that a refinery of USD 0.5 bn is built."""
CHEAP_COLLECTION = Setting(levers={"collection_cost_multiple": 0.25, "collection_unit_cost_multiple": 0.3})
CHEAP_TO_RUN = Setting(levers={"substitution_unit_cost_multiple": 0.3})
"""Ferrite in appliances is taken."""
EMBARGO = Setting(futures=("S00", "S04"))
ELSEWHERE = {
    "informal_halt_length_multiple": Setting(futures=("S01",)),
    "october_package_length_multiple": Setting(futures=("S02",)),
    "dual_use_ban_widens_length_multiple": Setting(futures=("S03",)),
    "embargo_months": EMBARGO,
    # a tail is told from the mean by two futures or more, its level by a weight on it
    "risk_weight": EMBARGO,
    "risk_level": Setting(futures=("S00", "S04"), levers={"risk_weight": 0.5}),
    "chinese_content_threshold": ENFORCED,
    "rule_enabled": ENFORCED,
    "rule_counts_equipment": ENFORCED,
    "rule_in_force_now": Setting(levers={"tagged_goods_approval": 0.0, "tagged_across_borders_approval": 0.0}),
    "export_share_multiple": ENFORCED,
    "tagged_goods_approval": IN_FORCE,
    "tagged_across_borders_approval": IN_FORCE,
    "listed_approval": IN_FORCE,
    "embedded_licence_share": Setting(levers={"embedded_share": 1.0}),
    "collection_cost_multiple": Setting(levers={"collection_unit_cost_multiple": 0.3}),
    "collection_effect_multiple": CHEAP_COLLECTION,
    "collection_envelope": CHEAP_COLLECTION,
    "substitution_cost_multiple": CHEAP_TO_RUN,
    "substitution_effect_multiple": CHEAP_TO_RUN,
    "substitution_lead_years": CHEAP_TO_RUN,
    "substitution_envelope": CHEAP_TO_RUN,
    "finance_envelope": CHEAP_AT_HOME,
    "public_share": CHEAP_AT_HOME,
    "refinery_capital": Setting(levers=SHORT_OF_OXIDE),
    "refinery_lead_years": Setting(levers={**SHORT_OF_OXIDE, "refinery_capital": 500.0}),
    "refinery_cn_capital": Setting(levers=SHORT_OF_OXIDE),
    "refinery_cn_lead_years": Setting(levers={**SHORT_OF_OXIDE, "refinery_cn_capital": 375.0}),
    "white_mesa_lead_years": CHEAP_AT_HOME,
    "magnet_lead_years": CHEAP_AT_HOME,
    "magnet_capital": CHEAP_AT_HOME,
}
"""Levers of what the trunk never meets or never takes at base, and where they are tried instead."""
STILL = ("rule_counts_technology",)
"""Levers that can move nothing, for what they speak of is not in the case."""
ROWS = {row.lever: row for row in US.case.rows("levers")}


def test_ends_are_tried_before_the_steps_between() -> None:
    """Base 10 in 1 to 14: ends, then 10 - 9 x 3/4 and 10 + 4 x 3/4, and so on; an end at the base is no step."""
    assert list(steps(1, 10, 14)) == [1, 14, 3.25, 13, 5.5, 12, 7.75, 11]
    assert list(steps(0, 1, 1)) == [0, 0.25, 0.5, 0.75]


def test_costs_are_apart_where_their_intervals_do_not_meet() -> None:
    one = Planned(10.0, 12.0, frozenset())
    assert not apart(one, replace(one, least=12.0, most=14.0))
    assert apart(one, replace(one, least=12.1, most=14.0))
    assert apart(replace(one, least=12.1, most=14.0), one)


def test_settings_are_of_levers_of_the_case() -> None:
    assert set(ELSEWHERE) | set(STILL) <= set(ROWS)
    for name, setting in ELSEWHERE.items():
        assert name not in setting.levers
        for other, value in setting.levers.items():
            assert ROWS[other].low <= value <= ROWS[other].high, name


def test_no_plant_has_chinese_technology() -> None:
    """So whether technology counts can move nothing."""
    assert not [row for row in US.case.rows("processes") if row.technology_origin == "CN"]


def test_every_end_of_a_lever_changes_the_case() -> None:
    """Would fail if a lever pointed at rows that are no longer there, or at a column that stands at its end."""
    for name, row in ROWS.items():
        for end in {row.low, row.high} - {row.base}:
            assert US.case.with_levers({name: end}).tables != US.case.tables, (name, end)


@pytest.mark.long
@pytest.mark.parametrize("lever", [name for name in ROWS if name not in STILL])
def test_a_lever_moves_the_cost_of_the_plan(lever: str) -> None:
    assert proved_at(US, lever, ELSEWHERE.get(lever, TRUNK)) is not None
