"""What the case of the United States holds, counted: by the register, by the Japanese case, and by what the guides say.

Every number here is a fact's, a sum of facts, or stated in docs/us.md or in the guide of the case. None is a run's.
"""

from __future__ import annotations

import datetime
from collections import Counter
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

import pytest

from examples.basis import cited
from japan.runs import JAPAN
from orefolio.facts import Facts, load_facts, seeds_folder
from us.runs import US
from us.test_live import SYSTEMS


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts(seeds_folder())


def rows(table: str) -> tuple[Any, ...]:
    return US.case.rows(table)


def value(facts: Facts, name: str) -> float:
    found = facts[name].value
    assert isinstance(found, float | int), name
    return float(found)


# who wants what


def test_ten_demands_and_magnets_inside_goods(facts: Facts) -> None:
    """Five sectors of neodymium magnets (P108a to P108e), two of samarium-cobalt, three of oxide; and what is inside
    imported goods: 37,000 - 9,000 = 28,000 t, at base not counted."""
    sold = Counter(row.commodity for row in rows("demands"))
    sectors = sum(name.startswith("P108") for name in facts)
    assert sectors == 5
    assert sold["magnet_smco"] == 2
    assert sold["light_oxide"] + sold["heavy_oxide"] == 3
    assert sum(sold.values()) == sectors + 2 + 3 + 1
    goods = US.case.row("demands", "embedded")
    assert goods.t_per_year == value(facts, "P107") - value(facts, "P106") == 28000
    assert [row.demand for row in rows("demands") if row.multiple == 0] == ["embedded"]


def test_oxide_that_is_wanted_as_such(facts: Facts) -> None:
    """Lanthanum and cerium 4,800 + 2,500, yttrium and the like 700: the 8,000 t of D040."""
    assert sum(row.t_per_year for row in rows("demands") if row.group in ("light", "heavy")) == value(facts, "D040")


def test_defence_alone_refuses_what_was_made_in_china() -> None:
    """Two demands under the second of two rules, and one class of three that bears the Chinese stage."""
    assert [(row.rule, row.kind) for row in rows("rules")] == [
        ("chinese_content", "content"),
        ("us_sourcing", "sourcing"),
    ]
    tags = {row.class_: set(row.tags.split()) for row in rows("classes")}
    technology, content, stage = "china-technology", "china-content", "china-stage"
    assert tags == {"free": set(), "equipment": {technology}, "controlled": {technology, content, stage}}
    refusing = [row for row in rows("demands") if row.refuses_tags]
    assert {row.sector for row in refusing} == {"defence"}
    assert len(refusing) == sum(row.sector == "defence" for row in rows("demands")) == 2
    assert {(row.refuses_tags, row.refusal_rule) for row in refusing} == {(stage, "us_sourcing")}
    assert not any(row.refuses_tagged for row in rows("demands"))


# plants


def test_lines_that_stand_have_the_size_of_the_register(facts: Facts) -> None:
    """Fort Worth, Sumter, San Marcos and Stillwater; White Mesa's first phase."""
    sizes = {"mag_fort_worth_high": "P025b", "mag_evac_high": "P051a", "mag_noveon_mid": "P050",
             "mag_stillwater_low": "P053a", "sep_white_mesa": "P048"}  # fmt: skip
    for process, fact in sizes.items():
        assert US.case.row("processes", process).capacity_t_per_year == value(facts, fact), process


def test_what_is_built_new_costs_ten_times_the_chinese(facts: Facts) -> None:
    """The refinery and the metal shops with either equipment, White Mesa's second phase and Round Top, and magnet lines
    of three grades, one of them with either equipment, and of defence: 2 + 2 + 2 + 4 + 1 = 11."""
    dear = [row for row in rows("processes") if row.cost_multiple]
    assert len(dear) == 11
    assert {row.cost_multiple for row in dear} == {value(facts, "D013")} == {value(facts, "A2-28")}
    assert {row.place for row in dear} == {"united_states"}
    new = {row.process for row in rows("processes") if row.place == "united_states" and not row.capacity_t_per_year}
    assert new - {row.process for row in dear} == {"seabed_us"}


def test_chinese_equipment_is_offered_for_five_plants_and_saves_money_and_a_year(facts: Facts) -> None:
    """Three that separate, in the United States, Brazil and Malaysia, of which a group lets one of each pair start;
    metal shops; traction magnets. A quarter less capital (D063), a year less (D064)."""
    pairs = {"x_us_refinery": "capital_musd", "x_sep_brazil": "capital_usd_per_t_per_year",
             "x_sep_malaysia": "capital_usd_per_t_per_year", "x_metal": "capital_usd_per_t_per_year",
             "x_mag_high": "capital_usd_per_t_per_year"}  # fmt: skip
    chinese = {row.process for row in rows("processes") if row.equipment_origin == "CN"}
    assert len(chinese) == len(pairs) == 5
    for name, capital in pairs.items():
        own, other = US.case.row("projects", f"{name}_cn"), US.case.row("projects", f"{name}_other")
        assert own.adds_to in chinese
        assert getattr(own, capital) == pytest.approx(getattr(other, capital) * (1 - value(facts, "D063") / 100), abs=1)
        assert own.lead_time_years == other.lead_time_years - value(facts, "D064")
    members = Counter(row.group for row in rows("group_members"))
    assert {(row.group, row.sense, row.limit) for row in rows("groups")} == {(name, "at_most", 1) for name in members}
    assert list(members.values()) == [2, 2, 2]


def test_the_refinery_and_the_second_phase_are_those_of_the_register(facts: Facts) -> None:
    """USD 2 bn and eight years; 410 million over 6,000 t is 68,333 a tonne."""
    refinery = US.case.row("projects", "x_us_refinery_other")
    assert refinery.capital_musd == 1000 * value(facts, "D016")
    assert refinery.lead_time_years == value(facts, "D017")
    phase = US.case.row("projects", "x_white_mesa_2")
    assert phase.size_max_t_per_year == value(facts, "P049a")
    assert phase.capital_usd_per_t_per_year == round(1e6 * value(facts, "P049d") / value(facts, "P049a"))


# contracts


def test_the_state_has_bought_the_whole_of_the_10x_plant_for_ten_years(facts: Facts) -> None:
    """Eight lots, four grades in two phases, paid for taken or not; what may be bought after them is as much."""
    lots = [
        row
        for row in rows("contracts")
        if fnmatchcase(row.contract, "mp_10x_*_first") or fnmatchcase(row.contract, "mp_10x_*_full")
    ]
    assert len(lots) == 4 * 2
    assert sum(row.volume_max_t_per_year for row in lots) == value(facts, "P026a")
    assert all(row.volume_min_t_per_year == row.volume_max_t_per_year for row in lots)
    assert {(row.take_or_pay_share, row.in_force, row.last_delivery) for row in lots} == {(1, True, "2038-12-31")}
    first = min(row.first_delivery for row in lots)
    assert 2038 + 1 - int(first[:4]) == value(facts, "P028a")
    after = [row for row in rows("contracts") if row.contract.startswith("mp_10x_after")]
    assert sum(row.volume_max_t_per_year for row in after) == value(facts, "P026a")


def test_what_china_sells_is_bought_there_and_crosses_on_a_lane() -> None:
    """Every contract with a Chinese seller delivers in China the class with every tag; each good has one lane home, and
    metal and magnets pay a tariff on it."""
    chinese = {row.supplier for row in rows("suppliers") if row.country == "CN"}
    bought = [row for row in rows("contracts") if row.supplier in chinese]
    assert {(row.place, row.class_) for row in bought} == {("china", "controlled")}
    assert {row.contract for row in rows("contracts") if row.place == "china"} == {row.contract for row in bought}
    names = {row.contract for row in bought}
    sold = {row.commodity for row in rows("contract_items") if row.contract in names}
    lanes = {row.commodity: row for row in rows("lanes") if row.from_place == "china"}
    assert set(lanes) == sold
    assert len(lanes) == sum(row.from_place == "china" for row in rows("lanes"))
    for commodity, lane in lanes.items():
        stage = US.case.row("commodities", commodity).stage
        assert lane.to_place == "united_states"
        assert stage == "oxide" or lane.tariff_share > 0, commodity


def test_every_seller_and_project_belongs_to_a_supply_system() -> None:
    """But for traders of Chinese stock, goods with magnets inside, makers of metal and magnets, and recyclers."""
    beside = {"suppliers": ("traders", "goods_*"), "projects": ("x_metal_*", "x_mag_*", "x_rec_*")}
    for table, column in (("suppliers", "supplier"), ("projects", "project")):
        patterns = [*beside[table], *(name for system in SYSTEMS.values() for name in getattr(system, table))]
        ids = [getattr(row, column) for row in rows(table)]
        assert [name for name in ids if not any(fnmatchcase(name, pattern) for pattern in patterns)] == []


# money and stock


def test_six_envelopes_reach_over_the_horizon(facts: Facts) -> None:
    """Without a gap or an overlap, each from the first day. Special finance is USD 2.2 bn, money with Australia 1 bn a
    year, both of the register; Vault has a tenth of 10 + 1.67 bn in five years, collection 100 million a year."""
    spans: dict[str, list[Any]] = {}
    for row in rows("envelopes"):
        spans.setdefault(row.envelope, []).append(row)
    assert set(spans) == {"special_finance", "australia", "stock", "vault", "substitution", "collection"}
    for own in spans.values():
        assert own[0].from_date == "2027-01-01"
        assert own[-1].to_date >= "2041-01-01"
        assert all(before.to_date == after.from_date for before, after in pairwise(own))
    assert {row.amount_million for row in spans["special_finance"]} == {1000 * value(facts, "D027")}
    assert spans["australia"][0].amount_million == 1000 * value(facts, "D028")
    assert spans["vault"][0].amount_million == 1000 * (value(facts, "P153b") + value(facts, "P153c")) / 10
    years = [int(row.to_date[:4]) - int(row.from_date[:4]) for row in spans["collection"]]
    assert [row.amount_million for row in spans["collection"]] == [100 * count for count in years]
    assert {row.currency for row in rows("envelopes")} == {"USD"}


def test_stock_of_the_state_of_vault_and_of_makers() -> None:
    """Makers keep magnets with money of their own; Vault is private stock with an envelope of its own."""
    owned = Counter((row.owner, row.envelope) for row in rows("stockpiles"))
    assert set(owned) == {("public", "stock"), ("private", "vault"), ("private", "")}
    makers = [row for row in rows("stockpiles") if not row.envelope]
    assert {row.commodity for row in makers} == {"magnet_high", "magnet_mid", "magnet_low"}
    assert all(row.stockpile.startswith("vault_") == (row.envelope == "vault") for row in rows("stockpiles"))


def test_collection_has_three_levels_at_three_times_the_japanese_cost(facts: Facts) -> None:
    """What they bring is Japan's; they cost 3 x 35 = 105 there about 100 here, so within a tenth. With today's 2 %
    (D054) they reach 2 + 10 + 12 + 13.5 = 37.5 %."""
    levels = [row for row in rows("programmes") if row.programme == "collection"]
    theirs = [row for row in JAPAN.case.rows("programmes") if row.programme == "collection"]
    assert [row.level for row in levels] == [row.level for row in theirs] == [1, 2, 3]
    assert [row.increment_share for row in levels] == [row.increment_share for row in theirs]
    for own, other in zip(levels, theirs, strict=True):
        assert own.up_front_musd == pytest.approx(3 * other.up_front_musd, rel=0.1)
        assert own.annual_musd == pytest.approx(3 * other.annual_musd, rel=0.1)
    today = {row.rate_share for row in rows("scrap")}
    assert today == {value(facts, "D054") / 100}
    assert 0.02 + sum(row.increment_share for row in levels) == pytest.approx(0.375)


# what may come


def test_thirteen_futures_with_the_weights_and_onsets_of_the_japanese_case(facts: Facts) -> None:
    own = [(row.future, row.weight, row.onset) for row in rows("futures")]
    assert own == [(row.future, row.weight, row.onset) for row in JAPAN.case.rows("futures")]
    assert len(own) == len([name for name in facts if fnmatchcase(name, "S??-weight")]) == 13


def test_the_seabed_succeeds_in_the_same_four_futures() -> None:
    def lucky(table: tuple[Any, ...]) -> set[str]:
        return {row.future for row in table if row.event == "seabed_success"}

    assert lucky(rows("future_events")) == lucky(JAPAN.case.rows("future_events"))
    assert len(lucky(rows("future_events"))) == 4


def test_the_horizon_is_fourteen_years_on_three_grids() -> None:
    case = US.case
    assert (case.horizon_from, case.horizon_to) == (datetime.date(2027, 1, 1), datetime.date(2041, 1, 1))
    assert set(case.grids) == {"yearly", "half_yearly", "quarterly"}
    assert case.importer == ("US",)


# what it rests on


def test_the_as_is_year_stands_beside_twelve_facts(facts: Facts) -> None:
    """Shares of China and Lynas, compounds and metals, magnets, what was let through, five needs, recycling, loss."""
    held = {row.target: row.fact for row in rows("calibration") if row.fact}
    assert len(held) == 12
    assert {name for name in held.values() if name.startswith("D0")} == {"D036", "D037", "D038", "D039", "D040", "D054"}
    assert [name for name in held.values() if not facts.cited(name)] == []


def test_what_is_recalled_is_cited_and_marked_in_the_register(facts: Facts) -> None:
    """The sector split, what is inside imported goods and what it costs to process magnets."""
    split = {name for name in facts if name.startswith("P108")}
    assert split | {"P107", "P117c"} <= cited(US.case)
    assert {facts[name].confidence for name in split | {"P107", "P117c"}} == {"recalled"}


def test_every_lever_changes_a_row_and_nothing_else_does() -> None:
    names = [row.lever for row in rows("levers")]
    assert len(names) == len(set(names))
    assert {row.lever for row in rows("lever_adjustments")} == set(names)


def test_four_overlays_of_which_embedded_turns_one_lever() -> None:
    found = {path.stem for path in (US.folder / "overlays").glob("*.yaml")}
    assert found == {"articles", "public", "scarce", "embedded"}
    assert dict(US.study("embedded").case.turned) == {"embedded_share": 1.0}


def test_what_is_scarce_is_what_the_guide_says() -> None:
    """Dysprosium and terbium 2.5 times, Chinese magnets at three tenths, shocks twice as long."""
    turned = US.study("scarce").case.turned
    assert turned["dy_tb_content_multiple"] == 2.5
    assert turned["magnet_licence_share"] == 0.3
    base = {row.lever: row.base for row in rows("levers")}
    for name in turned:
        if name.endswith("_length_multiple") or name == "embargo_months":
            assert turned[name] == 2 * base[name], name
