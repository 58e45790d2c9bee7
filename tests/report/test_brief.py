"""What stands at the top of a page and what is sorted by it: five answers, rules, levers that flip, one colour each.

The case is that of tests/test_page.py: 7.9 million USD are expected, 6.1 in the calm and 13.3 in the cut, in which
120 t are short after the shock and none before.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from orefolio.analyses.sweep.sealed import sealed
from orefolio.report.brief import brief
from orefolio.report.chain import Chain, Link
from orefolio.report.colours import colours
from orefolio.report.reading import Read
from orefolio.report.sections import exposure, origin, rests, rules, timing
from orefolio.report.turned import FOUND, NOTHING, PROVED, flips_first, turned
from orefolio.report.words import country, lines, wrapped

ENDS = ("difference_low_musd", "difference_high_musd", "difference_musd")


@dataclass
class Stated:
    """A run as far as its analyses are read."""

    path: Path
    record: dict[str, Any] = field(default_factory=lambda: {"objective": 200.0})
    rules: list[dict[str, str]] = field(default_factory=list)

    def case_rows(self, _: str) -> list[dict[str, str]]:
        return self.rules


def answer(place: Path, name: str, rows: list[dict[str, str]]) -> None:
    """Keep an analysis with one table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    place.mkdir(parents=True)
    (place / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
    digest = hashlib.sha256(text.getvalue().encode()).hexdigest()
    content = {"schema": "orefolio/answer/1", "tables": [name], "sha256": {f"{name}.csv": digest}, "sentences": []}
    (place / "answer.json").write_bytes(sealed(content))


def end(lever: str, rank: int, value: str, flipped: str, low: str = "1", high: str = "3") -> dict[str, str]:
    """A row of a tornado: an end of a lever that stands at 1, where the plan costs 10 and `low` to `high` more."""
    return {"rank": str(rank), "lever": lever, "name": f"the {lever}", "unit": "1", "base": "1", "value": value,
            "cost_musd": "12", "difference_musd": "2", "difference_low_musd": low, "difference_high_musd": high,
            "proved": "yes" if float(low) > 0 else "no", "failure": "", "decisions_flipped": flipped}  # fmt: skip


@pytest.fixture
def levers(tmp_path: Path) -> Read:
    """Four levers, the widest first: without a flip, with one in the plans found, with a proved one, with one again."""
    tornado = [end("price", 1, "2", "0"), end("price", 1, "1", ""), end("demand", 2, "2", "1"),
               end("length", 3, "2", "0"), end("share", 4, "0.5", "2", low="-1")]  # fmt: skip
    answer(tmp_path / "analyses" / "tornado", "tornado", tornado)
    answer(tmp_path / "analyses" / "breakeven-length", "flips", [{"lever": "length", "answer": "flips"}])
    answer(tmp_path / "analyses" / "breakeven-price", "flips", [{"lever": "price", "answer": "always in"}])
    return cast(Read, Stated(tmp_path))


def test_five_answers_name_their_sections(run: Path) -> None:
    found = brief(Read.of(run))
    assert [one.section for one in found] == ["todo", "cost", "survival", "rules", "change"]
    told = {one.section: one.answer for one in found}
    assert found[0].question == "To do in 2027"
    assert told["todo"].startswith("Sign Australia's <script>")
    assert told["cost"].startswith(
        "7.9 million USD, expected and discounted, over 2027–2030; no plan is better by more"
    )
    # 13.3 less 6.1 million USD; 40 t of one good in each of three years
    assert "120 t are short" in told["survival"]
    assert "7.2 million USD more than if the trunk went on" in told["survival"]
    assert "before it" not in told["survival"]
    assert told["rules"] == "The case has no rule in force."
    assert "--all" in told["change"]


def test_levers_that_flip_a_decision_come_first_and_the_proved_before_the_others(levers: Read) -> None:
    found = turned(levers)
    assert [(one.lever, one.rank, one.flips) for one in found] == [
        ("price", 1, NOTHING), ("demand", 2, FOUND), ("length", 3, PROVED), ("share", 4, FOUND),
    ]  # fmt: skip
    assert [one.lever for one in flips_first(found)] == ["length", "demand", "share", "price"]


def test_an_end_says_what_is_proved_of_its_cost_and_the_base_says_nothing(levers: Read) -> None:
    told = {one.lever: one.told() for one in turned(levers)}
    assert told["price"] == ["at 2: +1.0 to +3.0 million USD (20\u00a0%)"]
    assert told["share"] == ["at 0.5: −1.0 to +3.0 million USD, not proved"]


def test_a_rule_costs_what_is_proved_of_it(tmp_path: Path) -> None:
    names = ("content", "floor", "refusal", "lost", "off")
    stated = Stated(tmp_path, rules=[{"rule": name, "name": "", "enabled": "yes"} for name in names])
    assert rules.costs(cast(Read, stated)) is None
    ends = {"content": ("-2", "18", ""), "floor": ("4", "6", ""), "refusal": ("-9", "-1", ""), "lost": ("", "", "why")}
    answer(tmp_path / "analyses" / "value", "value", [
        {"how": f"rule {name}: enabled 0", "worth_low_musd": low, "worth_high_musd": high, "failure": failure}
        for name, (low, high, failure) in ends.items()
    ])  # fmt: skip
    assert rules.costs(cast(Read, stated)) == [
        ("Content", "costs at most 18.0 million USD (9\u00a0% of the plan's cost); that it costs anything is not "
                    "proved"),
        ("Floor", "costs 4.0 to 6.0 million USD (3\u00a0% of the plan's cost), proved"),
        ("Refusal", "saves 1.0 to 9.0 million USD, proved"),
        ("Lost", "what it costs is not known, why"),
    ]  # fmt: skip


def test_inputs_of_a_lever_that_flips_come_before_weaker_ones(run: Path) -> None:
    # of the case: one lever, which turns the loss by shortage
    read = Read.of(run)
    case = rests._case(read)
    (row,) = case.rows("levers")
    turning = rests._turning(case, [rests.Turned(row.lever, 1, [], FOUND)])
    assert turning
    assert set(turning.values()) == {0}
    assert {name.partition(" ")[0] for name, _ in turning} == {row.table for row in case.rows("lever_adjustments")}


def test_a_country_has_one_colour_in_every_figure(run: Path) -> None:
    read = Read.of(run)
    wanted = {country(code): colour for code, colour in colours(read).items()}
    assert len(set(wanted.values())) == len(wanted)
    seen: dict[str, set[str]] = {}
    parts = (timing.SECTION.answer(read).figures[0], exposure.SECTION.answer(read).figures[2])
    for figure in parts:
        assert figure.drawn is not None
        for trace in figure.drawn["data"]:
            seen.setdefault(trace["name"], set()).add(trace["marker"]["color"])
    drawn, _ = origin.way(read, list(Chain(read).flows()), read.years)
    (sankey,) = drawn["data"]
    for name, colour in zip(sankey["node"]["label"], sankey["node"]["color"], strict=True):
        seen.setdefault(name.replace("<br>", " ").replace(",", " in").rpartition(" in ")[2].strip(), set()).add(colour)
    assert {"China", "Australia", "Japan"} <= set(seen)
    assert {name: {wanted[name]} for name in seen} == seen


def test_a_name_is_whole_in_as_many_lines_as_it_needs() -> None:
    text = "separation of ionic clay in Malaysia, <Chinese> equipment"
    assert wrapped(text, 40).replace("<br>", " ") == text.replace("<", "&lt;").replace(">", "&gt;")
    assert lines([wrapped(text, 40), "short"]) == 3


def test_no_link_that_is_drawn_closes_a_circle_and_the_greater_ones_stay() -> None:
    links = [Link(*ends, "") for ends in (("mine", "metal"), ("metal", "magnet"), ("magnet", "metal"), ("mine", "use"),
                                          ("magnet", "mine"), ("magnet", "use"), ("use", "use"))]  # fmt: skip
    kept = origin._without_circles(links)
    assert [(link.start, link.end) for link in kept] == [
        ("mine", "metal"), ("metal", "magnet"), ("mine", "use"), ("magnet", "use"),
    ]  # fmt: skip
