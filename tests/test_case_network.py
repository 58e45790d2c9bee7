"""The source trace, loops, the rule's bound, and what only deserves a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio.case.checks import CHECKS, infeasible_parts_of
from orefolio.case.checks.rule import untagged_bounds
from orefolio.case.cycles import loops
from orefolio.case.reach import demand_arrival, process_tags, reach, useful
from orefolio.case.read import load_case, load_case_with_warnings
from orefolio.errors import InfeasibleError
from test_case_sound import SOUND, write_case


def warnings(folder: Path) -> list[str]:
    return [str(warning) for warning in load_case_with_warnings(folder).warnings]


def edited(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """The sound case with texts replaced: (file, old, new)."""
    changes: dict[str, str] = {}
    for name, old, new in edits:
        text = changes.get(name, SOUND[name])
        assert old in text
        changes[name] = text.replace(old, new, 1)
    return write_case(folder, changes)


def test_the_trace_follows_stock_recipes_and_lanes_by_class(tmp_path: Path) -> None:
    case = load_case(write_case(tmp_path))
    found = reach(case)
    assert found.arrivals["japan", "oxide", "free"].by == "stockpile store"
    assert found.arrivals["china", "oxide", "controlled"].by == "contract spot"
    assert ("china", "oxide", "free") not in found.arrivals
    assert found.chain(("japan", "metal", "free")) == ("stockpile store", "process reduce")


def test_the_trace_tells_how_early(tmp_path: Path) -> None:
    """Without stock the free metal waits for the offtake of 2028 and, without capacity, for the project of 2028.5."""
    case = load_case(
        edited(
            tmp_path,
            ("stockpiles.csv", "public,12", "public,0"),
            ("processes.csv", "metal,50", "metal,0"),
            ("projects.csv", "10,40,30,1.5", "10,40,30,1.5"),
            ("demands.csv", "5,must", "5,loss"),
            ("loss_steps.csv", "motors,1", "tools,1,1,900\nmotors,1"),
        )
    )
    found = reach(case)
    assert found.arrivals["japan", "oxide", "free"].years == pytest.approx(1.0)
    assert found.arrivals["japan", "oxide", "controlled"].years == 0.0
    assert found.arrivals["japan", "metal", "free"].years == pytest.approx(1.5)


def test_chinese_equipment_makes_tagged_goods_only(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        ("processes.csv", "no,JP,JP", "no,JP,CN"),
        ("demands.csv", "t_per_year,value", "t_per_year,refuses_tagged,value"),
        ("demands.csv", "30,loss", "30,yes,loss"),
        ("demands.csv", "5,must", "5,no,must"),
    )
    loaded = load_case_with_warnings(folder)
    case = loaded.case
    assert process_tags(case, case.row("processes", "reduce")) == {"china-technology"}
    assert demand_arrival(case, reach(case), case.row("demands", "motors")) is None
    assert demand_arrival(case, reach(case), case.row("demands", "tools")) is not None
    assert [w.line for w in loaded.warnings if "no source that reaches 'motors'" in w.found] == [2]


def test_a_demand_that_must_be_met_without_a_source_has_no_plan(tmp_path: Path) -> None:
    folder = edited(tmp_path, ("demands.csv", "machine tools,japan", "machine tools,NO"))
    with pytest.raises(InfeasibleError, match=r"demands\.csv:3:1: .*'tools' \(metal at NO\) in any period.*5 t a year"):
        load_case(folder)
    assert len(load_case_with_warnings(folder).infeasible) == 1


def test_a_demand_that_must_be_met_and_is_reached_late_names_the_months(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        ("processes.csv", "metal,50", "metal,0"),
        ("projects.csv", "10,40,30,1.5", "10,40,30,1.5"),
    )
    case = load_case_with_warnings(folder).case
    (part,) = infeasible_parts_of(case)
    assert "from 2027-01 to 2028-07" in part.found


def test_a_demand_that_may_be_short_without_a_source_is_warned_of(tmp_path: Path) -> None:
    folder = edited(tmp_path, ("demands.csv", "motors,japan", "motors,NA"))
    assert any("demands.csv:2:1" in text and "30 t a year" in text for text in warnings(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        ("commodities.csv", "oxide,dys", "spare,spare,other,0,yes\noxide,dys", "commodities.csv:2:1", "nothing uses"),
        (
            "recipes.csv",
            "reduce,metal",
            "reduce,dust,out,0.001,1\nreduce,metal",
            "recipes.csv:3:8",
            "without an outlet",
        ),
        ("projects.csv", "40,30,1.5", "40,30,5", "projects.csv:2:37", "It can never run"),
        ("places.csv", "Norway,NO", "Norway,Norway", "places.csv:5:11", "two capital letters"),
        ("classes.csv", "china-technology", "china-technologies", "classes.csv:3:12", "'china-technologies'"),
        ("settings.csv", "rate\n", "rate\nrisk_wieght,0,1,\n", "settings.csv:3:1", "risk_weight"),
        ("processes.csv", "no,JP,JP", "no,,JP", "processes.csv:2:46", "not Chinese"),
        ("levers.csv", "late,years", "idle,idle,1,0,2,1,\nlate,years", "levers.csv:4:1", "turns nothing"),
        ("basis.csv", "demands,*,*,,a pencil case,0.5,2\n", "", "demands.csv:2:39", "2 numbers without a basis"),
        ("lanes.csv", "china,japan", "china,NO", "", ""),
    ],
)
def test_warnings(file: str, old: str, new: str, place: str, words: str, tmp_path: Path) -> None:
    edits = [(file, old, new)]
    if "dust" in new:
        edits.append(("commodities.csv", "oxide,dys", "dust,dust,other,0,yes\noxide,dys"))
    found = warnings(edited(tmp_path, *edits))
    if place:
        assert [text for text in found if text.startswith(f"{tmp_path / place}: ") and words in text], found
    else:
        assert found == []


def test_what_can_still_be_useful(tmp_path: Path) -> None:
    onward = useful(load_case(write_case(tmp_path)))
    assert onward == {("japan", "metal"), ("japan", "oxide"), ("china", "oxide")}


def test_loops_are_the_largest_sets_that_lead_to_each_other() -> None:
    assert loops({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert loops({"a": {"a"}}) == [frozenset("a")]
    found = loops({"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}, "e": {"a"}})
    assert sorted(map(sorted, found)) == [["a", "b"], ["c", "d"]]


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    edges = {number: {number + 1} for number in range(100_000)}
    edges[100_000] = {0}
    assert len(loops(edges)[0]) == 100_001


def chain(folder: Path, press_share: float, swarf: float) -> Path:
    """Oxide to metal to magnet; swarf goes back to oxide. Each of the two steps adds its de-minimis share."""
    return write_case(
        folder,
        {
            "commodities.csv": SOUND["commodities.csv"] + "magnet,magnet,magnet,0,yes\nswarf,swarf,scrap,0,yes\n",
            "content.csv": SOUND["content.csv"] + f"magnet,Dy,0.3\nswarf,Dy,{0.3 if swarf else 0}\n",
            "prices.csv": SOUND["prices.csv"] + "china,magnet,1,500\nchina,swarf,0.8,0\n",
            "processes.csv": SOUND["processes.csv"]
            + f"press,press,japan,magnet,50,20,{press_share},no,JP,JP\nback,back,japan,oxide,9,5,0,no,JP,JP\n",
            "recipes.csv": SOUND["recipes.csv"]
            + "press,metal,in,1,1\npress,magnet,out,1,1\n"
            + f"press,swarf,out,{swarf},1\nback,swarf,in,4,1\nback,oxide,out,1,1\n",
            "demands.csv": SOUND["demands.csv"] + "robots,robots,japan,magnet,tools,drives,5,must\n",
        },
    )


def test_the_bound_adds_up_along_a_chain_and_around_its_loop(tmp_path: Path) -> None:
    """One way: 0.0002 + 0.0003.

    Magnet is worth 0.3*324+500 = 597.2, swarf 0.8*97.2; of 0.5 t, 38.88 of 636.08 comes back.
    """
    bounds = untagged_bounds(load_case(chain(tmp_path, 0.0003, 0.5)))
    share = 38.88 / 636.08
    earlier = 0.0005 * share / (1 - share)
    assert bounds["reduce"] == pytest.approx(0.0002 + earlier)
    assert bounds["press"] == pytest.approx(0.0005 + earlier)
    assert bounds["back"] == pytest.approx(0.0005 + earlier)


def test_every_check_is_a_sentence_of_its_own() -> None:
    sentences = [check.sentence for check in CHECKS]
    assert len(set(sentences)) == len(sentences) > 50
    assert all(check.find.__doc__ for check in CHECKS)
    assert {check.weight for check in CHECKS} == {"fault", "infeasible", "warning"}
