"""Every lever of the case is live: on the trunk, or in the setting that it speaks of, it moves the cost of the plan.

`examples/levers.py` says how it is turned. Runs are of the yearly grid, to 2 million USD.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from examples.levers import Setting, apart, proved_at, steps
from examples.runs import GRID
from orefolio.analyses.first_change import Planned
from orefolio.case.tags import class_tags, tolerated
from orefolio.program.build import build
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
SHORT_OF_MAGNETS = {"magnet_licence_share": 0.0, "demand_industry_multiple": 2.0}
"""No magnets from China and twice the demand of industry: every line at home is wanted from the first year."""
SHORT_OF_HEAVY = {**SHORT_OF_MAGNETS, "heavy_licence_share": 0.0, "rule_in_force_now": 1.0}
"""With no dysprosium from China either, clay is separated in Malaysia; on whose equipment, the rule decides."""
HEAVY_FROM_CHINA = {
    "heavy_licence_share": 1.0,
    "price_dy": 239.0,
    "price_tb": 812.0,
    "outside_wedge": 2.0,
    "lynas_availability": 0.5,
    "mp_availability": 0.5,
    "separation_lead_years": 4.0,
    "scrap_rate_multiple": 0.5,
    "collection_unit_cost_multiple": 3.0,
    "demand_all_multiple": 0.7,
}
"""Dysprosium and terbium are cheap and free to leave in China, and twice as dear and scarce elsewhere."""
SHORT_OF_NDPR = {
    "magnet_licence_share": 0.0,
    "light_licence_share": 0.0,
    "heavy_licence_share": 1.0,
    "dy_tb_content_multiple": 0.6,
    "lynas_availability": 0.5,
    "mp_availability": 0.5,
    "monazite_multiple": 0.3,
    "demand_all_multiple": 1.3,
    "shortage_value_multiple": 3.0,
    "refinery_lead_years": 12.0,
    "refinery_cn_lead_years": 11.0,
    "refinery_cn_capital": 1900.0,
    "separation_lead_years": 4.0,
    "white_mesa_lead_years": 6.0,
}
"""Neodymium is what magnets lack, and is worth so much that Arafura is signed, with Australia's money."""
EMBARGO = Setting(futures=("S00", "S04"))
ELSEWHERE = {
    "informal_halt_length_multiple": Setting(futures=("S01",)),
    "october_package_length_multiple": Setting(futures=("S02",)),
    "dual_use_ban_widens_length_multiple": Setting(futures=("S03",)),
    "embargo_months": EMBARGO,
    # a tail is told from the mean by two futures or more, its level by a weight on it
    "risk_weight": EMBARGO,
    "risk_level": Setting(futures=("S00", "S04"), levers={"risk_weight": 0.5}),
    "rule_enabled": ENFORCED,
    "rule_counts_equipment": Setting(
        levers={**SHORT_OF_HEAVY, "tagged_goods_approval": 0.0, "tagged_across_borders_approval": 0.0}
    ),
    "rule_in_force_now": Setting(levers={"tagged_goods_approval": 0.0, "tagged_across_borders_approval": 0.0}),
    "export_share_multiple": ENFORCED,
    "tagged_goods_approval": IN_FORCE,
    "tagged_across_borders_approval": Setting(levers=SHORT_OF_HEAVY),
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
    # who pays counts only where public money is short
    "public_share": Setting(levers={"us_cost_multiple": 1.0, "finance_envelope": 200.0}),
    "australia_envelope": Setting(levers=SHORT_OF_NDPR),
    "refinery_capital": Setting(levers=SHORT_OF_OXIDE),
    "refinery_lead_years": Setting(levers={**SHORT_OF_OXIDE, "refinery_capital": 500.0}),
    "refinery_cn_capital": Setting(levers=SHORT_OF_OXIDE),
    "refinery_cn_lead_years": Setting(levers={**SHORT_OF_OXIDE, "refinery_cn_capital": 375.0}),
    "white_mesa_lead_years": CHEAP_AT_HOME,
    # the first phase takes 4,263 t of the 6,000 that are left at 0.3; the second takes six times as much
    "monazite_multiple": CHEAP_AT_HOME,
    "noveon_use": Setting(levers=SHORT_OF_MAGNETS),
    "china_share_cap": Setting(levers=HEAVY_FROM_CHINA),
    "magnet_lead_years": CHEAP_AT_HOME,
    "magnet_capital": CHEAP_AT_HOME,
}
"""Levers of what the trunk never meets or never takes at base, and where they are tried instead."""
STILL = (
    "rule_counts_technology",  # no plant has Chinese technology
    "chinese_content_threshold",  # lines keep lots apart by shares of their own, which the threshold is not read for
)
"""Levers that can move nothing in this case."""
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


def test_the_threshold_writes_nothing_into_the_program() -> None:
    """Shares of tagged feed are the lines' own; they are checked against the threshold, and stay under it at its low
    end. Would fail if a row, a bound or a cost read it."""
    row = ROWS["chinese_content_threshold"]
    one, other = (
        build(US.case.with_levers({"rule_in_force_now": 1.0, row.lever: end}), GRID, ("S00",)).program
        for end in (row.low, row.high)
    )
    assert "feed" in {column.name for column in one.columns}
    assert (one.rows, one.columns) == (other.rows, other.columns)
    assert (one.matrix != other.matrix).nnz == 0
    for part in ("row_lower", "row_upper", "column_lower", "column_upper", "integer", "cost"):
        assert np.array_equal(getattr(one, part), getattr(other, part)), part


def test_chinese_content_is_never_lost() -> None:
    """What bears it also bears its stage, for which no rule has a tolerance: so no threshold frees a small share."""
    bearing = [tags for tags in class_tags(US.case).values() if "china-content" in tags]
    assert bearing
    for tags in bearing:
        assert "china-stage" in tags - tolerated(US.case)


def test_every_end_of_a_lever_changes_the_case() -> None:
    """Would fail if a lever pointed at rows that are no longer there, or at a column that stands at its end."""
    for name, row in ROWS.items():
        for end in {row.low, row.high} - {row.base}:
            assert US.case.with_levers({name: end}).tables != US.case.tables, (name, end)


@pytest.mark.long
@pytest.mark.parametrize("lever", [name for name in ROWS if name not in STILL])
def test_a_lever_moves_the_cost_of_the_plan(lever: str) -> None:
    assert proved_at(US, lever, ELSEWHERE.get(lever, TRUNK)) is not None
