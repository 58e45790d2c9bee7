"""`orefolio explain` on pencil cases written to disk: causes with file and row, ways out with amounts, entry costs."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orefolio import cli
from orefolio.analyses.explain import Explanation, Reason, explain, slacks_of
from orefolio.analyses.explain.words import BOUNDS, REMEDIES, RULES, Speaker
from orefolio.case.case import Case
from orefolio.case.read import load_case_with_warnings
from orefolio.program.build import build
from orefolio.solve import Limit, Options, find_conflict
from orefolio.tables.folder.case_files import case_files
from pencil import Piece, case_of, event, future, must, process, project, spot, tables, wanted
from test_conflict import has_plan, needs_each

JAPAN = Path(__file__).parents[1] / "inputs" / "japan"
EXACT = Options(abs_gap=0.0)


def money(million_yen: float, to_date: str = "2029-01-01") -> Piece:
    span = {"envelope": "money", "from_date": "2027-01-01", "to_date": to_date}
    return tables(
        currencies=[{"currency": "JPY", "per_usd": 150.0}],
        envelopes=[{**span, "amount_million": million_yen, "currency": "JPY"}],
    )


def group(name: str, sense: str, limit: float, *members: str, counts: str = "starts") -> Piece:
    return tables(
        groups=[{"group": name, "sense": sense, "counts": counts, "limit": limit}],
        group_members=[{"group": name, "project": member} for member in members],
    )


def on_disk(folder: Path, *pieces: Piece, years: int = 1) -> Case:
    """A case written and read again, so that its rows have lines."""
    folder.mkdir()
    for name, text in case_files(case_of(*pieces, years=years)).items():
        (folder / name).write_text(text, encoding="utf-8")
    return load_case_with_warnings(folder).case


def why_none(case: Case) -> Reason:
    """The reason that a case has no plan; that its conflict needs each limit is judged by another solver."""
    found = explain(case)
    assert found.state == "no plan"
    assert found.reason is not None
    assert found.reason.irreducible
    program = build(case).program
    needs_each(program, find_conflict(program))
    return found.reason


def said(sentences: tuple[object, ...]) -> set[str]:
    return {str(sentence) for sentence in sentences}


def ways(reason: Reason) -> set[frozenset[str]]:
    assert all(way.least for way in reason.ways)
    return {frozenset(map(str, way.steps)) for way in reason.ways}


def test_a_case_with_a_plan(tmp_path: Path) -> None:
    case = on_disk(tmp_path / "case", must("d", "x", 7), spot("c", "x", 1, 9))
    assert explain(case) == Explanation("plan")


def test_demand_over_all_capacity(tmp_path: Path) -> None:
    case = on_disk(tmp_path / "case", must("d", "x", 7), spot("c", "x", 1, 3), spot("b", "x", 2, 2))
    reason = why_none(case)
    assert not reason.by_integrality
    assert said(reason.causes) == {
        "demand d needs 7 t in 2027 (demands.csv:2)",
        "contract c sells at most 3 t in 2027 (contracts.csv:2)",
        "contract b sells at most 2 t in 2027 (contracts.csv:3)",
        "at home no more x of class free goes out in 2027 than comes in (places.csv:2, commodities.csv:2)",
    }
    assert ways(reason) == {
        frozenset({"serve demand d 2 t less in 2027 (demands.csv:2)"}),
        frozenset({"have contract c sell 2 t more in 2027 (contracts.csv:2)"}),
        frozenset({"have contract b sell 2 t more in 2027 (contracts.csv:3)"}),
    }


def test_ways_out_cover_every_year(tmp_path: Path) -> None:
    demand = must("d", "x", 7, growth_share_per_year=1.0)
    case = on_disk(tmp_path / "case", demand, spot("c", "x", 1, 5), years=2)
    assert ways(why_none(case)) == {
        frozenset({f"{act} {t} t {more} in {year} ({row}:2)" for year, t in ((2027, 2), (2028, 9))})
        for act, more, row in (
            ("serve demand d", "less", "demands.csv"),
            ("have contract c sell", "more", "contracts.csv"),
        )
    }


def test_a_must_demand_without_a_source_in_one_year_only(tmp_path: Path) -> None:
    case = on_disk(tmp_path / "case", must("d", "x", 7), spot("c", "x", 1, 9, last_delivery="2028-01-01"), years=2)
    reason = why_none(case)
    assert said(reason.causes) == {
        "demand d needs 7 t in 2028 (demands.csv:2)",
        "at home no more x of class free goes out in 2028 than comes in (places.csv:2, commodities.csv:2)",
    }
    assert ways(reason) == {frozenset({"serve demand d 7 t less in 2028 (demands.csv:2)"})}


def test_a_demand_without_any_source(tmp_path: Path) -> None:
    found = explain(on_disk(tmp_path / "case", must("d", "x", 7)))
    assert found.state == "no plan"
    assert found.reason is not None
    assert "demand d needs 7 t in 2027 (demands.csv:2)" in said(found.reason.causes)
    assert ways(found.reason) == {frozenset({"serve demand d 7 t less in 2027 (demands.csv:2)"})}


def test_a_group_without_an_open_project(tmp_path: Path) -> None:
    late = project("a", "p", 10, lead=5)
    pieces = process("p", {}, {"x": 1}), wanted("d", "x", 7, 1.0), late, group("g", "at_least", 1, "a")
    found = explain(on_disk(tmp_path / "case", *pieces))
    assert found.reason is not None
    assert said(found.reason.causes) == {
        "group g takes at least 1 start (groups.csv:2)",
        "no date within the horizon is open to a project of group g",
    }
    assert ways(found.reason) == {frozenset({"lower the limit of group g by 1 start (groups.csv:2)"})}


def test_a_supplier_sells_too_little_in_one_future(tmp_path: Path) -> None:
    case = on_disk(
        tmp_path / "case",
        must("d", "x", 7),
        spot("c", "x", 1, 9),
        event("strike", "suppliers", "supplier=c", "availability_share", "set", 0.5),
        future("calm", 0.5),
        future("bad", 0.5, {"strike": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    reason = why_none(case)
    assert "contract c sells at most 4.5 t in 2028 in the future bad (contracts.csv:2)" in said(reason.causes)
    more = (
        "have contract c sell 2.5 t more in 2028 in the future bad: volume_max_t_per_year 14, not 9 (contracts.csv:2)"
    )
    assert frozenset({more}) in ways(reason)


def forced_project(million_yen: float, size: float = 10.0) -> tuple[Piece, ...]:
    """A project of 20 million USD (3 billion yen) that a group wants started."""
    plant = project("a", "p", size, capital=20_000, public_share=1.0, envelope="money")
    demand = wanted("d", "x", 7, 1.0)
    return process("p", {}, {"x": 1}), plant, demand, group("g", "at_least", 1, "a"), money(million_yen)


def test_a_budget_too_small_for_a_forced_project(tmp_path: Path) -> None:
    reason = why_none(on_disk(tmp_path / "case", *forced_project(1_200.0)))
    assert said(reason.causes) == {
        "group g takes at least 1 start (groups.csv:2)",
        "envelope money has 1.2 bn yen for its span from 2027-01-01 (envelopes.csv:2)",
    }
    assert ways(reason) == {
        frozenset({"raise the span of envelope money from 2027-01-01 by 1.8 bn yen (envelopes.csv:2)"}),
        frozenset({"lower the limit of group g by 1 start (groups.csv:2)"}),
    }


def test_a_way_out_is_enough_and_less_is_not(tmp_path: Path) -> None:
    assert explain(on_disk(tmp_path / "enough", *forced_project(3_000.0))).state == "plan"
    assert explain(on_disk(tmp_path / "less", *forced_project(2_999.0))).state == "no plan"


def test_two_groups_contradict_each_other(tmp_path: Path) -> None:
    case = on_disk(
        tmp_path / "case",
        process("p", {}, {"x": 1}),
        wanted("d", "x", 1, 1.0),
        project("a", "p", 10),
        project("b", "p", 10),
        group("all", "at_least", 2, "a", "b"),
        group("few", "at_most", 1, "a", "b"),
    )
    reason = why_none(case)
    assert said(reason.causes) == {
        "group all takes at least 2 starts (groups.csv:2)",
        "group few takes at most 1 start (groups.csv:3)",
    }
    assert ways(reason) == {
        frozenset({"lower the limit of group all by 1 start (groups.csv:2)"}),
        frozenset({"raise the limit of group few by 1 start (groups.csv:3)"}),
    }


def test_only_integrality_is_to_blame(tmp_path: Path) -> None:
    # one of two plants, of exactly 4 and exactly 9 t a year: 6 t are needed, 8 t a year allowed; halves would do
    case = on_disk(
        tmp_path / "case",
        process("p", {}, {"x": 1}),
        must("d", "x", 6),
        project("a", "p", 4, size_min_t_per_year=4),
        project("b", "p", 9, size_min_t_per_year=9),
        group("one", "exactly", 1, "a", "b"),
        group("land", "at_most", 8, "a", "b", counts="size"),
    )
    reason = why_none(case)
    assert reason.by_integrality
    assert {
        "group land takes at most 8 t a year (groups.csv:3)",
        "demand d needs 6 t in 2027 (demands.csv:2)",
        "project a adds at most 4 t a year, if it is started in 2027 (projects.csv:2)",
        "project b adds at least 9 t a year, if it is started in 2027 (projects.csv:3)",
    } <= said(reason.causes)
    assert not any("group one" in cause for cause in said(reason.causes))  # 4 and 9, or none, would not do either
    assert ways(reason) == {
        frozenset({"raise the limit of group land by 1 t a year (groups.csv:3)"}),
        frozenset({"serve demand d 2 t less in 2027 (demands.csv:2)"}),
        frozenset({"let process p make 2 t more in 2027 (processes.csv:2)"}),
    }


def test_each_way_out_gives_a_plan(tmp_path: Path) -> None:
    """What the conflict of the case above says is checked on the cases that its ways out make."""

    def changed(name: str, land: float, demand: float, stands: float) -> str:
        pieces = (
            process("p", {}, {"x": 1}, capacity=stands),
            must("d", "x", demand),
            project("a", "p", 4, size_min_t_per_year=4),
            project("b", "p", 9, size_min_t_per_year=9),
            group("one", "exactly", 1, "a", "b"),
            group("land", "at_most", land, "a", "b", counts="size"),
        )
        return explain(on_disk(tmp_path / name, *pieces)).state

    assert changed("land", 9, 6, 0) == changed("demand", 8, 4, 0) == changed("stands", 8, 6, 2) == "plan"
    assert changed("land-", 8.9, 6, 0) == changed("demand+", 8, 4.1, 0) == changed("stands-", 8, 6, 1.9) == "no plan"


def test_every_limit_of_japan_has_words() -> None:
    case = load_case_with_warnings(JAPAN).case
    merged = build(case, "yearly", [row.future for row in case.rows("futures")][:2])
    program, speaker = merged.program, Speaker.of(merged)
    assert {label.name for label in program.rows} <= set(RULES) | {"RSK"}
    assert {name for name, _ in REMEDIES} <= set(RULES) | set(BOUNDS)
    kinds: dict[tuple[str, str], Limit] = {}
    for number, label in enumerate(program.rows):
        kinds.setdefault((label.name, "row"), Limit("row", number))
    for number, label in enumerate(program.columns):
        if program.column_upper[number] < float("inf"):
            kinds.setdefault((label.name, "upper"), Limit("upper", number))
    for (name, _), limit in kinds.items():
        sentence = speaker.asks(limit, merged)
        assert " holds " not in sentence.text or name in ("STK", "STK_cover"), sentence
        assert all(re.fullmatch(r"\w+\.csv:\d+", place) for place in sentence.places), (name, sentence)
    slacks = {(slack.limit.label(program).name, slack.upward): slack for slack in slacks_of(merged)}
    for slack in slacks.values():
        assert speaker.remedy(slack, slack.limit.label(program), 1.5).text


# the command


def call(*words: object) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    return on_disk(tmp_path / "case", *forced_project(1_200.0)).folder


def test_the_command_explains_and_ends_with_4(stuck: Path) -> None:
    done = call("explain", stuck)
    assert done.exit_code == 4
    for words in (
        "has no plan",
        "none of them can be spared",
        "  - envelope money has 1.2 bn yen for its span from 2027-01-01 (envelopes.csv:2)",
        "  - raise the span of envelope money from 2027-01-01 by 1.8 bn yen (envelopes.csv:2)",
    ):
        assert words in done.stdout, done.stdout


def test_json_is_one_object(stuck: Path) -> None:
    done = call("explain", stuck, "--json", "--why", "a")
    content = json.loads(done.stdout)
    assert (done.exit_code, content["exit_code"], content["state"]) == (4, 4, "no plan")
    assert content["schema"] == "orefolio/explain/1"
    assert content["why"] is None
    assert {"text": "group g takes at least 1 start", "places": ["groups.csv:2"]} in content["reason"]["causes"]


def test_an_overlay_gives_a_plan_and_why_is_answered(stuck: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text(
        "title: more\nadjustments:\n"
        "  - {table: envelopes, where: envelope=money, column: amount_million, operation: set, value: 3000}\n",
        encoding="utf-8",
    )
    done = call("explain", stuck, "--overlay", more)
    assert done.exit_code == 0, done.output
    assert "has a plan" in done.stdout
    done = call("explain", stuck, "--overlay", more, "--why", "a", "--json")
    content = json.loads(done.stdout)
    assert (done.exit_code, content["why"]["taken"], content["why"]["adds"]) == (0, True, None)
    assert any("group g" in cause["text"] for cause in content["why"]["reason"]["causes"])
    assert "Leaving it has no plan." in call("-q", "explain", stuck, "--overlay", more, "--why", "a").stdout


@pytest.mark.parametrize("words", [("--why", "nobody"), ("--grid", "none"), ("--set", "x"), ("--time-limit", "soon")])
def test_bad_words_end_with_2(stuck: Path, words: tuple[str, ...]) -> None:
    done = call("explain", stuck, *words)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_without_time_it_ends_with_3(stuck: Path) -> None:
    done = call("explain", stuck, "--time-limit", "0")
    assert done.exit_code == 3
    assert "Time ran out" in done.stdout


def test_a_stop_is_an_interruption(stuck: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(KeyboardInterrupt):
        explain(load_case_with_warnings(stuck).case, stop=stop)


def test_the_conflict_of_a_case_is_one_of_its_own_program(stuck: Path) -> None:
    merged = build(load_case_with_warnings(stuck).case)
    conflict = find_conflict(merged.program)
    assert conflict is not None
    assert not has_plan(merged.program, conflict.limits, whole=conflict.by_integrality)
