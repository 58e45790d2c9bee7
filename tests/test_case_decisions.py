"""Tables that the sound case does without, each added with one thing wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio.case.read import load_case_with_warnings
from test_case_bad_input import assert_fault, faults
from test_case_sound import SOUND, write_case

PROGRAMMES = "programme,level,name,increment_share,up_front_musd,lead_time_years,start_from,start_to\n"
SCRAP = (
    "scrap,name,place,commodity,weibull_shape,weibull_scale_years,rate_share,programme,collection_usd_per_kg\n"
    "old,old motors,japan,oxide,2,12,0.3,collect,4\n"
)

WRONG = {
    "unknown stage": (
        {"diversification.csv": "stage,element,country,max_share,from_year,penalty_usd_per_kg\noxid,Dy,CN,1,2028,5\n"},
        "diversification.csv:2:stage",
        ["'oxid'", "Did you mean oxide"],
    ),
    "envelope without a day": (
        {"envelopes.csv": SOUND["envelopes.csv"].replace("capital,2027-01-01", "capital,soon")},
        "envelopes.csv:2:from_date",
        ["'soon'", "YYYY-MM-DD"],
    ),
    "sales of a far year": (
        {
            "scrap.csv": SCRAP,
            "past_sales.csv": "scrap,year,t\nold,2099,5\n",
            "programmes.csv": PROGRAMMES + "collect,1,first,0.1,3,1,2027,2029\n",
        },
        "past_sales.csv:2:year",
        ["2099", "1900 to 2031"],
    ),
    "levels with a gap": (
        {"programmes.csv": PROGRAMMES + "collect,1,first,0.1,3,1,2027,2029\ncollect,3,third,0.1,3,1,2027,2029\n"},
        "programmes.csv:2:level",
        ["levels 1 3", "'collect'"],
    ),
    "more than everything collected": (
        {"scrap.csv": SCRAP, "programmes.csv": PROGRAMMES + "collect,1,first,0.8,3,1,2027,2029\n"},
        "scrap.csv:2:rate_share",
        ["1.1", "'collect'", "at most 1"],
    ),
    "unknown programme": (
        {"scrap.csv": SCRAP, "programmes.csv": PROGRAMMES + "colect,1,first,0.1,3,1,2027,2029\n"},
        "scrap.csv:2:programme",
        ["'collect'", "colect"],
    ),
    "requirement that comes too late": (
        {"projects.csv": SOUND["projects.csv"].replace("1,2027,2029", "1,2030,2030")},
        "projects.csv:3:requires",
        ["'grow'", "2030", "by 2029"],
    ),
    "contract without items": (
        {"contract_items.csv": SOUND["contract_items.csv"].replace("offtake,oxide,fixed,400,\n", "")},
        "contracts.csv:3:contract",
        ["'offtake'", "without a commodity"],
    ),
    "recipe of nothing": (
        {"recipes.csv": SOUND["recipes.csv"] + "reduce,oxide,out,0,1\n"},
        "recipes.csv:4:t_per_t",
        ["positive tonnage"],
    ),
    "more than a tonne in a tonne": (
        {"content.csv": SOUND["content.csv"].replace("oxide,Dy,1\n", "oxide,Dy,1.5\n")},
        "content.csv:2:share",
        ["1.5 t of oxide", "at most 1.3"],
    ),
    "de-minimis feed where elements are separated": (
        {
            "processes.csv": SOUND["processes.csv"].replace("0.0002,no", "0.0002,yes"),
            "recipes.csv": SOUND["recipes.csv"] + "reduce,slag,in,0.1,1\n",
            "commodities.csv": SOUND["commodities.csv"] + "slag,slag,scrap,0,yes\n",
            "stockpiles.csv": SOUND["stockpiles.csv"] + "heap,heap,japan,slag,private,5,free,9\n",
        },
        "processes.csv:2:de_minimis_share",
        ["0.0002", "separated"],
    ),
    "lever on a table that is not there": (
        {"lever_adjustments.csv": SOUND["lever_adjustments.csv"].replace("late,projects", "late,project")},
        "lever_adjustments.csv:4:table",
        ["'project'", "projects"],
    ),
    "basis that says nothing": (
        {"basis.csv": SOUND["basis.csv"].replace("demands,*,*,,a pencil case", "demands,*,*,,")},
        "basis.csv:{line}:derivation",
        ["neither facts nor a derivation"],
    ),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_one_thing_wrong(name: str, tmp_path: Path) -> None:
    changes, place, words = WRONG[name]
    line = SOUND["basis.csv"].split("demands,")[0].count("\n") + 1
    assert_fault(faults(write_case(tmp_path, changes)), tmp_path, place.replace("{line}", str(line)), *words)


def test_a_group_without_members_is_warned_of(tmp_path: Path) -> None:
    folder = write_case(tmp_path, {"groups.csv": "group,name,sense,counts,limit\none,one of them,at_most,starts,1\n"})
    found = [str(warning) for warning in load_case_with_warnings(folder).warnings]
    assert any(text.startswith(f"{tmp_path / 'groups.csv'}:2:1: ") and "without a member" in text for text in found)


def test_a_feed_without_a_way_is_warned_of(tmp_path: Path) -> None:
    processes = SOUND["processes.csv"] + "far,far,NO,metal,5,1,0,no,NO,NO\n"
    recipes = SOUND["recipes.csv"] + "far,oxide,in,1.3,1\nfar,metal,out,1,1\n"
    folder = write_case(tmp_path, {"processes.csv": processes, "recipes.csv": recipes})
    found = [str(warning) for warning in load_case_with_warnings(folder).warnings]
    assert any("recipes.csv:4:5" in text and "no way for 'oxide' to 'NO'" in text for text in found)
