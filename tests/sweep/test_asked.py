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
