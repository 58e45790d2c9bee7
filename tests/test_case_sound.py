"""A small sound case: it is read whole, exactly as written. Other tests break it in one place each."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from orefolio.case.case import AfterShock
from orefolio.case.read import load_case, load_case_with_warnings

WITHOUT_NUMBERS = (
    "classes.csv",
    "elements.csv",
    "lever_adjustments.csv",
    "levers.csv",
    "markets.csv",
    "places.csv",
    "suppliers.csv",
)

SOUND: dict[str, str] = {
    "case.yaml": """\
schema: orefolio-case/1
name: pencil
title: A pencil case, 鉛筆
importer: [JP]
base_year: 2026
horizon: {from: 2027-01-01, to: 2031-01-01}
grid: yearly
grids:
  yearly: [{until: 2031-01-01, months: 12}]
  half: [{until: 2029-01-01, months: 6}, {until: 2031-01-01, months: 12}]
after_shock: {fine_months: 6, single_years: 1, block_years: 2}
reaction_years: 2
""",
    "settings.csv": "setting,value,unit,meaning\ndiscount_rate,0.04,1/year,real discount rate\n",
    "places.csv": """\
place,name,country
china,China 中国,CN
japan,Japan 日本,JP
NA,Namibia,NA
NO,Norway,NO
007,bond store,JP
1e5,hundred thousand 🧲,JP
true,"True, indeed",JP
""",
    "elements.csv": "element,name,heavy\nDy,dysprosium,yes\n",
    "commodities.csv": """\
commodity,name,stage,discard_usd_per_kg,discardable
oxide,dysprosium oxide,oxide,0.5,yes
metal,dysprosium metal,metal,0.5,yes
""",
    "content.csv": "commodity,element,share\noxide,Dy,1\nmetal,Dy,1.15\n",
    "classes.csv": "class,tags\nfree,\ncontrolled,china-content china-technology\n",
    "currencies.csv": "currency,per_usd\nJPY,156.8\n",
    "markets.csv": "market,name\nchina,China\n",
    "element_prices.csv": "market,element,chinese_usd_per_kg,multiple\nchina,Dy,324,1\n",
    "prices.csv": "market,commodity,realisation_share,fee_usd_per_kg\nchina,oxide,1,0\nchina,metal,1,40\n",
    "outlets.csv": """\
place,commodity,step,t_per_year,market,price_share
japan,oxide,1,10,china,0.8
japan,oxide,2,20,china,0.5
""",
    "processes.csv": """\
process,name,place,stage,capacity_t_per_year,operating_usd_per_kg,de_minimis_share,separates,technology_origin,equipment_origin
reduce,reduction,japan,metal,50,12,0.0002,no,JP,JP
""",
    "recipes.csv": "process,commodity,direction,t_per_t,yield_share\nreduce,oxide,in,1.2,0.95\nreduce,metal,out,1,1\n",
    "lanes.csv": "lane,from_place,to_place,commodity,cost_usd_per_kg,capacity_t_per_year,licence\n"
    "sea,china,japan,oxide,0.2,,export\n",
    "suppliers.csv": "supplier,name,country\ntraders,traders,CN\nminers,miners,NO\n",
    "contracts.csv": """\
contract,name,kind,supplier,place,class,volume_min_t_per_year,volume_max_t_per_year,sign_from,sign_to,first_delivery,last_delivery,take_or_pay_share
spot,spot,spot,traders,china,controlled,,,,,,,
offtake,offtake,offtake,miners,japan,free,5,20,2027,2029,2028-01-01,2031-01-01,0.8
""",
    "contract_items.csv": "contract,commodity,price_rule,price_usd_per_kg,market\nspot,oxide,index,,china\n"
    "offtake,oxide,fixed,400,\n",
    "projects.csv": """\
project,name,adds_to,size_min_t_per_year,size_max_t_per_year,capital_musd,lead_time_years,ramp,start_from,start_to,public_share,envelope,requires
grow,more reduction,reduce,10,40,30,1.5,0.3 0.7 1,2027,2029,0.5,capital,
grow_more,still more,reduce,0,40,10,1,,2028,2029,,,grow
""",
    "stockpiles.csv": """\
stockpile,name,place,commodity,owner,initial_t,initial_class,warehouse_t
store,state store,japan,oxide,public,12,free,100
""",
    "demands.csv": """\
demand,name,place,commodity,sector,group,t_per_year,value
motors,motors,japan,metal,cars,drives,30,loss
tools,machine tools,japan,metal,tools,drives,5,must
""",
    "loss_steps.csv": "demand,step,width_share,loss_usd_per_kg\nmotors,1,0.3,800\nmotors,2,0.7,2000\n",
    "rules.csv": "rule,name,enabled,in_force_share,threshold_share,basis\ncontent,the act,yes,0,0.001,value\n",
    "licences.csv": "licence,name,approval_share,needs_rule\nexport,export licence,0.8,no\n",
    "envelopes.csv": "envelope,from_date,name,to_date,amount_million,currency\n"
    "capital,2027-01-01,public capital,2031-01-01,20000,JPY\n",
    "events.csv": """\
event,part,table,where,column,operation,value,length_months
embargo,1,licences,licence=export,approval_share,set,0,
embargo,2,element_prices,market=china; element=D*,multiple,multiply,2.5,6
""",
    "futures.csv": "future,name,weight,onset,follows\nS00,calm,0.75,,S00\nS01,embargo,0.25,2028-07-01,S04\n",
    "future_events.csv": "future,event,start,length_months\nS01,embargo,2028-07-01,12\n",
    "draws.csv": "future,project,slip_years,strikes\nS01,grow,2,2028-07-01\n",
    "levers.csv": """\
lever,name,base,low,high,unit,source
licence,approval,0.8,0,1,share,F1
dear,dear metal,1,0.5,3,1,assumption: a guess
late,years late,0,0,3,years,assumption: a guess
""",
    "lever_adjustments.csv": """\
lever,table,where,column,operation
licence,licences,licence=export,approval_share,set
dear,processes,process=reduce,operating_usd_per_kg,multiply
late,projects,*,lead_time_years,add
""",
}
SOUND["basis.csv"] = (
    "table,row,column,facts,derivation,low_multiple,high_multiple\n"
    + "".join(
        f"{name.removesuffix('.csv')},*,*,,a pencil case,0.5,2\n"
        for name in SOUND
        if name.endswith(".csv") and name not in WITHOUT_NUMBERS
    )
    + "licences,export,approval_share,F1 F2,as announced,0.5,1.25\n"
)


def write_case(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the sound case with some files replaced; None leaves a file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**SOUND, **(changes or {})}.items():
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_case(tmp_path / "case")


def test_the_sound_case_has_neither_faults_nor_warnings(sound: Path) -> None:
    loaded = load_case_with_warnings(sound)
    assert [str(warning) for warning in loaded.warnings] == []
    assert loaded.infeasible == ()


def test_structure_is_read_as_written(sound: Path) -> None:
    case = load_case(sound)
    assert (case.name, case.title, case.importer, case.base_year) == ("pencil", "A pencil case, 鉛筆", ("JP",), 2026)
    assert case.horizon_from == datetime.date(2027, 1, 1)
    assert case.horizon_to == datetime.date(2031, 1, 1)
    assert case.grid == "yearly"
    assert case.grids["half"] == ((datetime.date(2029, 1, 1), 6), (datetime.date(2031, 1, 1), 12))
    assert case.after_shock == AfterShock(fine_months=6, single_years=1, block_years=2)
    assert case.reaction_years == 2
    assert case.folder == sound


def test_ids_that_look_like_something_else_stay_text(sound: Path) -> None:
    places = load_case(sound).rows("places")
    assert [row.place for row in places] == ["china", "japan", "NA", "NO", "007", "1e5", "true"]
    assert [row.country for row in places][2:4] == ["NA", "NO"]
    assert [row.name for row in places][:2] == ["China 中国", "Japan 日本"]
    assert places[5].name == "hundred thousand 🧲"
    assert places[6].name == "True, indeed"


def test_numbers_defaults_limits_and_lists(sound: Path) -> None:
    case = load_case(sound)
    assert case.row("lanes", "sea").capacity_t_per_year == float("inf")
    assert case.row("projects", "grow").ramp == (0.3, 0.7, 1.0)
    assert case.row("projects", "grow_more").ramp == (1.0,)
    assert case.row("projects", "grow_more").requires == ("grow",)
    assert case.row("contracts", "offtake").class_ == "free"
    assert case.row("contracts", "offtake").sign_to == 2029
    assert case.row("futures", "S00").onset is None
    assert case.row("elements", "Dy").heavy is True
    assert case.row("recipes", "reduce/oxide/in").yield_share == 0.95


def test_rows_know_their_lines(sound: Path) -> None:
    case = load_case(sound)
    assert case.lines["places"] == (2, 3, 4, 5, 6, 7, 8)
    assert case.where("contracts", "offtake") == "contracts.csv:3"


def test_tables_that_are_left_out_are_empty(sound: Path) -> None:
    assert load_case(sound).rows("scrap") == ()


@pytest.mark.parametrize("name", sorted(SOUND))
def test_windows_line_ends_and_byte_order_marks_change_nothing(name: str, tmp_path: Path) -> None:
    plain = load_case(write_case(tmp_path / "plain"))
    marked = b"\xef\xbb\xbf" + SOUND[name].replace("\n", "\r\n").encode()
    other = load_case(write_case(tmp_path / "other", {name: marked}))
    assert other.tables == plain.tables
    assert other.lines == plain.lines
    assert other.grids == plain.grids


@pytest.mark.parametrize(
    "name", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM", "\tfirst", "<script>", "</script>", "../../etc/x"]
)
def test_names_may_be_any_text(name: str, tmp_path: Path) -> None:
    text = SOUND["suppliers.csv"].replace("traders,traders,CN", f"traders,{name},CN")
    assert load_case(write_case(tmp_path, {"suppliers.csv": text})).row("suppliers", "traders").name == name


def test_quoted_cells_hold_commas_and_quotes(tmp_path: Path) -> None:
    text = SOUND["suppliers.csv"].replace("traders,traders,CN", 'traders,"a ""b"", c",CN')
    assert load_case(write_case(tmp_path, {"suppliers.csv": text})).row("suppliers", "traders").name == 'a "b", c'


def test_case_yaml_keeps_no_as_a_country(tmp_path: Path) -> None:
    text = SOUND["case.yaml"].replace("[JP]", "[NO, JP]").replace("reaction_years: 2", "reaction_years: 2e0")
    case = load_case(write_case(tmp_path, {"case.yaml": text}))
    assert case.importer == ("NO", "JP")
    assert case.reaction_years == 2.0


def test_twenty_thousand_rows_in_well_under_two_seconds(tmp_path: Path) -> None:
    places = SOUND["places.csv"] + "".join(f"p{number},place {number},JP\n" for number in range(20_000))
    folder = write_case(tmp_path, {"places.csv": places})
    start = time.process_time()
    case = load_case(folder)
    assert len(case.rows("places")) == 20_007
    assert time.process_time() - start < 2
