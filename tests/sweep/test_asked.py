"""A method of a case asks an analysis as the command does, and what is there already is not planned again."""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio import api
from orefolio.api.sensitivity import ANALYSES, analysis_of
from orefolio.errors import InputError
from test_api import with_levers, written


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> api.Study:
    written(tmp_path / "case", with_levers())
    (tmp_path / "points.csv").write_text("loss\n20\n50\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return api.load("case")


def test_a_method_gives_the_rows_of_the_command(study: api.Study) -> None:
    """By hand: 5.4 and 7.9 as in the tests of the command."""
    answer = study.sensitivity("points", file="points.csv", jobs=0, abs_gap=0.0)
    assert [row["cost_musd"] for row in answer.content["rows"]] == pytest.approx([5.4, 7.9])


def test_the_same_question_is_answered_from_what_is_kept_and_another_has_its_own_folder(study: api.Study) -> None:
    first = study.sensitivity("points", file="points.csv", jobs=0, abs_gap=0.0)
    again = study.sensitivity("points", file="points.csv", jobs=0, abs_gap=0.0)
    other = study.sensitivity("points", file="points.csv", jobs=0, abs_gap=1.0)
    assert (first.swept.redone, again.swept.redone, other.swept.redone) == (2, 0, 2)
    assert first.swept.folder.path == again.swept.folder.path != other.swept.folder.path


def test_levers_that_were_turned_stand_at_every_point(study: api.Study) -> None:
    Path("empty.csv").write_text("loss\n20\n", encoding="utf-8")
    turned = study.what_if(loss=50.0)
    assert turned.sensitivity("points", file="empty.csv", jobs=0, abs_gap=0.0).content["rows"][0]["lever_loss"] == 20
    assert turned.levers == {"loss": 50.0}


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("point", {}, "points"),
        ("points", {}, "file"),
        ("points", {"file": "points.csv", "fill": "x"}, "fill.*file"),
    ],
)
def test_words_that_are_wrong_are_told_with_the_nearest(
    study: api.Study, name: str, words: dict[str, str], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        study.sensitivity(name, jobs=0, **words)


def test_every_analysis_of_the_table_is_there() -> None:
    for name in ANALYSES:
        assert callable(analysis_of(name).run)


def test_a_case_has_a_method_for_every_analysis(study: api.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """`global` is a word of Python's own, so that its method has another name; `points` has the general one."""
    asked: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(api.Study, "sensitivity", lambda _, name, /, **given: asked.append((name, given)))
    study.breakeven("loss", steps=3)
    study.grid("loss", "price")
    for name in set(ANALYSES) - {"points", "breakeven", "grid", "global"}:
        getattr(study, name)(jobs=2)
    study.shares_of_variance(levers="loss")
    assert {name for name, _ in asked} == set(ANALYSES) - {"points"}
    assert dict(asked)["breakeven"] == {"lever": "loss", "steps": 3}
    assert dict(asked)["grid"] == {"first": "loss", "second": "price"}


def test_a_method_answers_like_the_command(study: api.Study) -> None:
    """By hand: 5.4 million USD at a loss of 20 USD/kg, 7.9 at 50, and 1.2 more at 90 with the contract."""
    answer = study.tornado(jobs=0, abs_gap=0.0, prove=0)
    rows = answer.content["tornado"]
    assert [row["cost_musd"] for row in rows] == pytest.approx([5.4, 7.9 + 0.03 * 40])
    assert answer.figure is not None
    assert answer.sentences[0].startswith("At base the plan costs 8 to 8 million USD")
