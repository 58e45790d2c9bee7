"""What a notebook shows: public names, HTML that is escaped, plots, progress, and an interrupt that keeps the plan."""

from __future__ import annotations

import inspect
import sys
import types
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import orefolio
from orefolio import api
from orefolio.api import progress
from orefolio.errors import InputError
from orefolio.markup import table
from orefolio.report.plots import PLOTS
from orefolio.solve import Progress
from test_api import with_levers, written

ODD = "<script>alert(1)</script> 豪州の契約 & “x”"
VOID = {"progress"}


class Parsed(HTMLParser):
    """Tags that were opened, those left open, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        assert {name for name, _ in attrs} <= {"style", "max", "value"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def study(tmp_path: Path) -> api.Study:
    """The case of tests/test_api.py whose contract and lever have odd names."""
    tables = with_levers()
    for row in tables["contracts"]:
        row["name"] = ODD
    return api.load(written(tmp_path / "case", tables))


def assert_sound(shown: Any) -> str:
    """The HTML is whole, holds no script and is small; its text."""
    html = shown._repr_html_()
    parsed = Parsed(html)
    assert parsed.open == []
    assert "script" not in parsed.tags
    assert len(html) < 20_000
    return parsed.text


def test_there_are_few_public_names_and_each_says_what_it_does() -> None:
    assert len(orefolio.PUBLIC) <= 12
    assert set(dir(orefolio)) == {*orefolio.PUBLIC, "__version__"}
    for name in orefolio.PUBLIC:
        found = getattr(orefolio, name)
        assert found.__name__ == name
        assert found.__doc__
        if inspect.isfunction(found):
            signature = inspect.signature(found)
            assert signature.return_annotation is not inspect.Signature.empty, name
            assert all(each.annotation is not each.empty for each in signature.parameters.values()), name


def test_a_public_name_stays_what_it_is_where_a_folder_has_the_same_name() -> None:
    """Would fail if importing the folder orefolio/solve put the module in the place of the function."""
    import orefolio.report.plots
    import orefolio.solve.session

    assert orefolio.solve is api.solve
    assert orefolio.report is api.run.report
    assert isinstance(sys.modules["orefolio.solve"], types.ModuleType)


def test_a_case_a_run_and_a_comparison_show_names_as_text(study: api.Study) -> None:
    run = study.solve(abs_gap=0.0)
    cheaper = study.what_if(loss=20.0)
    assert "By hand 手計算" in assert_sound(study)
    assert "loss = 20" in assert_sound(cheaper)
    said = assert_sound(run)
    assert ODD in said
    assert "7.9" in said
    said = assert_sound(api.compare(run, cheaper.solve(abs_gap=0.0)))
    assert ODD in said
    assert "cheaper" in said
    assert "−2.5" in said  # 7.9 with the contract, 5.4 without it


def test_columns_stand_apart_and_numbers_under_each_other_in_every_notebook() -> None:
    """Marimo gives cells no room of their own; whole thousands need no tenths."""
    shown = table(("what", "t"), [("short", 1234.0), ("a name of many letters", 12.5)])
    cells = [tag for tag in shown.split("<") if tag.startswith(("td", "th "))]
    assert len(cells) == 6
    assert all("padding:0.1em 0.6em" in cell for cell in cells)
    assert ["text-align:right" in cell for cell in cells] == [False, True] * 3
    assert ["nowrap" in cell for cell in cells] == [False, False, True, False, False, False]
    assert [cell.partition(">")[2] for cell in cells] == [
        "what",
        "t",
        "short",
        "1,234",
        "a name of many letters",
        "12.5",
    ]


def test_what_a_kernel_keeps_beside_html_is_one_line(study: api.Study) -> None:
    """Would fail if every row of a case went into each saved notebook, as the text of a dataclass does."""
    run = study.what_if(loss=20.0).solve(abs_gap=0.0)
    assert repr(study) == "<case hand>"
    assert repr(study.what_if(loss=20.0)) == "<case hand: loss = 20>"
    assert repr(run) == "<run of hand: cost 5.4, at least 5.4 million USD, optimal>"
    assert repr(run.plot).startswith("<plots of <run of hand: ")
    none = api.Run({**run.record, "objective": None, "status": "no_plan"})
    assert repr(none) == "<run of hand: no plan, no_plan>"


def test_a_run_names_its_tables_the_same_held_and_read(study: api.Study, tmp_path: Path) -> None:
    run = study.solve(abs_gap=0.0, out=tmp_path)
    assert run.folder is not None
    assert {"portfolio", "cost", "traced"} <= set(run.tables)
    assert run.tables == api.open_run(run.folder).tables
    assert all(len(run.table(name).columns) > 0 for name in run.tables)
    assert api.Run({**run.record, "tables": {}}).tables == []


def test_an_argument_that_there_is_not_gets_the_nearest(study: api.Study) -> None:
    with pytest.raises(InputError, match="Did you mean abs_gap"):
        study.solve(absgap=3.0)
    with pytest.raises(InputError, match="Did you mean deterministic"):
        study.solve(determinstic=True)


def test_a_run_shows_what_to_be_warned_of(study: api.Study) -> None:
    """What was done to this run stands before what is said of the case."""
    run = study.what_if(loss=95.0).solve(abs_gap=0.0)
    assert "Warning: loss is set to 95, outside its range 20 to 90" in assert_sound(run)
    many = api.Run({**run.record, "warnings": ["five", "four", "three", "two", ODD]}, outcome=run.outcome)
    assert "Warning: threeand 2 warnings more" in assert_sound(many)
    assert "Warning" not in assert_sound(api.Run({**run.record, "warnings": []}, outcome=run.outcome))


def test_an_audit_that_disagrees_and_a_run_without_a_plan_are_told(study: api.Study) -> None:
    record = dict(study.solve(abs_gap=0.0, saving=False).record)
    none = {**record, "objective": None, "status": "no_plan", "audit": None}
    assert "No plan: stopped by a limit before a plan was found." in assert_sound(api.Run(none))
    run = study.solve(abs_gap=0.0)
    refused = api.Run({**record, "audit": {"passed": False, "failed_checks": [ODD]}}, outcome=run.outcome)
    assert f"the independent audit disagrees with it ({ODD})" in assert_sound(refused)


def test_the_answer_of_an_analysis_shows_its_sentences_and_rows(study: api.Study, tmp_path: Path) -> None:
    answer = study.breakeven("loss", out=tmp_path, abs_gap=0.0, jobs=0, steps=3)
    said = assert_sound(answer)
    assert ODD in said
    assert "best estimate" in said
    assert all(sentence in said for sentence in answer.sentences)


def test_every_plot_of_a_run_is_that_of_its_page_whether_it_was_written_or_not(
    study: api.Study, tmp_path: Path
) -> None:
    written_run, held = study.solve(abs_gap=0.0, out=tmp_path), study.solve(abs_gap=0.0)
    assert dir(held.plot) == sorted(PLOTS)
    for name in sorted(PLOTS):
        if name == "stock":  # the case has no stockpile
            with pytest.raises(InputError, match="No stock lies"):
                held.plot.stock()
            continue
        figure = getattr(held.plot, name)()
        assert figure.data == getattr(written_run.plot, name)().data
        assert len(figure.data) > 0
    # of 7.9: 5.4 for what is bought and short without it, as tests/test_api.py has it; a waterfall ends at the cost
    assert held.plot.waterfall().data[0].x[-1] == pytest.approx(7.9)
    with pytest.raises(AttributeError, match="Did you mean supply"):
        _ = held.plot.suply


def test_a_run_that_was_held_can_be_saved_and_put_on_a_page(study: api.Study, tmp_path: Path) -> None:
    run, other = study.solve(abs_gap=0.0), study.what_if(loss=20.0).solve(abs_gap=0.0)
    again = api.open_run(run.save(tmp_path / "results"))
    assert again.table("portfolio").to_dict("records") == run.table("portfolio").to_dict("records")
    for runs in (run, [run, other], again):
        text = orefolio.report(runs, tmp_path / "page.html").read_text(encoding="utf-8")
        assert "豪州の契約" in text
        assert "<script>alert" not in text
    with pytest.raises(InputError, match="one that was solved"):
        again.save(tmp_path)


def test_compare_wants_a_run_and_a_copy_a_free_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one"):
        api.compare()
    place = orefolio.new(tmp_path / "mine", "minerals-us")
    assert (place / "case.yaml").read_bytes() == (orefolio.example("minerals-us") / "case.yaml").read_bytes()
    with pytest.raises(InputError, match="a new or an empty folder"):
        orefolio.new(place)


def at(seconds: float, objective: float, bound: float) -> Progress:
    return Progress("dive", objective, bound, seconds)


def test_the_bar_follows_the_gap_by_tenfolds() -> None:
    """From a gap of 1000 to an asked one of 10: a gap of 100 is half of the way."""
    shown: list[tuple[str, float | None]] = []
    live = progress._Live(lambda text, gone: shown.append((text, gone)), 10.0)
    live.say("solving")
    live.heard(at(0.0, float("inf"), 5.0))
    for seconds, objective in ((1.0, 1005.0), (2.0, 105.0), (2.1, 105.0), (3.0, 15.0)):
        live.heard(at(seconds, objective, 5.0))
    assert [gone for _, gone in shown] == [None, None, 0.0, pytest.approx(0.5), 1.0]  # nothing new at 2.1 s
    parsed = Parsed(progress.bar(ODD, 0.5))
    assert ODD in parsed.text
    assert "script" not in parsed.tags
    assert Parsed(progress.bar("", None)).tags == ["div", "progress", "p"]


class Terminal(list[str]):
    def write(self, text: str) -> None:
        self.append(text)

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_lines_and_quiet_none(study: api.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    study.solve(abs_gap=0.0, quiet=True)
    assert terminal == []
    study.solve(abs_gap=0.0)
    assert any("solving" in line for line in terminal)


def test_in_marimo_its_own_spinner_is_told_how_far_a_solve_is(
    study: api.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    class Spinner:
        def __init__(self, **_: object) -> None: ...

        def __enter__(self) -> Spinner:
            return self

        def __exit__(self, *_: object) -> None:
            told.append("taken away")

        def update(self, subtitle: str) -> None:
            told.append(subtitle)

    stand_in = types.SimpleNamespace(running_in_notebook=lambda: True, status=types.SimpleNamespace(spinner=Spinner))
    monkeypatch.setitem(sys.modules, "marimo", stand_in)
    study.solve(abs_gap=0.0)
    assert told[-1] == "taken away"
    assert any("solving" in line for line in told)
