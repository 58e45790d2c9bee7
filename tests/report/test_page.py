"""The page of a run: eleven questions in their order, numbers of the pencil, no network, no name obeyed.

The case costs 7.9 million USD in expectation, 6.1 in the calm and 13.3 in the cut, in which 3 x 40 t are short and
2.0 a year are lost (tests/test_tables.py); 0.5 is prepaid for the contract with Australia.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sys
from pathlib import Path

import pytest

from command_line import call
from orefolio.errors import InputError, MissingExtraError
from orefolio.report.page import in_script, page
from orefolio.tables.folder import RunFolder

from .conftest import SCRIPT
from .parsed import Parsed, parsed

QUESTIONS = {
    "todo": "What is to be done?",
    "cost": "What does it cost, and why?",
    "origin": "Where does it come from?",
    "exposure": "Whom are we exposed to?",
    "timing": "When does it happen?",
    "survival": "Does it survive?",
    "frontier": "What is the price of security?",
    "change": "What would change our mind?",
    "rules": "Which rule is expensive?",
    "alternatives": "How free is the choice?",
    "rests": "What does it rest on?",
}


@pytest.fixture(scope="module")
def html(run: Path) -> str:
    return page([run])


@pytest.fixture(scope="module")
def shown(html: str) -> Parsed:
    return parsed(html)


def column(rows: list[list[str]], heading: str) -> list[str]:
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def changed_copy(run: Path, place: Path, name: str, text: str) -> Path:
    """The run with another file, as its manifest has it."""
    folder = Path(shutil.copytree(run, place))
    (folder / name).write_text(text, encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_eleven_questions_stand_in_their_order_under_one_title(shown: Parsed) -> None:
    assert shown.sections == list(QUESTIONS)
    assert shown.headings == [(1, "By hand 手計算"), *((2, question) for question in QUESTIONS.values())]


def test_nothing_is_fetched(shown: Parsed) -> None:
    assert [place for place in shown.fetched if not place.startswith("#")] == []
    assert {place[1:] for place in shown.fetched} == {"main", *QUESTIONS}
    assert "default-src 'none'" in shown.policy


def test_plotly_is_there_once_and_only_the_scripts_of_the_page_may_run(html: str, shown: Parsed) -> None:
    scripts = [text for kind, text in shown.scripts if kind == ""]
    assert len(scripts) == 2
    for text in scripts:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in shown.policy
    assert html.count("* plotly.js v") == 1
    assert "'unsafe-inline'" not in shown.policy.split("style-src")[0]


def test_a_name_with_markup_is_a_name(html: str, shown: Parsed) -> None:
    assert "<script>alert" not in html
    assert column(shown.tables["To decide in 2027"], "what") == [SCRIPT]
    names = [name for figure in shown.figures() for name in figure["layout"].get("yaxis", {}).get("ticktext", [])]
    assert names == ["Australia's &lt;script&gt;alert(1)&lt;/script&gt; &amp;<br>豪州の契約"]  # plotly shows &lt; as <
    assert "平穏" in html


def test_what_is_to_be_done_is_the_portfolio_with_what_is_proved(shown: Parsed) -> None:
    rows = shown.tables["To decide in 2027"]
    assert column(rows, "date") == ["2027-01"]
    assert column(rows, "size") == ["60"]
    assert column(rows, "outlay, million USD") == ["0.5"]
    assert column(rows, "of it public") == ["0.2"]
    assert "expected to cost 7.9 million USD over 2027–2030" in shown.texts["todo"]
    assert "costs 13.3 million USD, and 120 t are short there" in shown.texts["todo"]
    assert "all hold" in shown.texts["todo"]


def test_parts_of_cost_are_those_of_the_table(shown: Parsed) -> None:
    # purchases: 1.4 in 2027, then 0.75 x 3 x 1.4 and 0.25 x 3 x 1.8; shortage 0.25 x 6.0; prepaid 0.5
    rows = dict(
        zip(*(column(shown.tables["Expected cost by part"], name) for name in ("part", "million USD")), strict=True)
    )
    nothing = rows.pop("committing to nothing, at least")
    assert rows == {"purchases": "5.9", "shortage": "1.5", "prepayments": "0.5", "the plan": "7.9"}
    # without the contract 20 t are short where China sells and 100 t where not: 2.6 + 0.14 x 50
    assert nothing == "9.6"


def test_links_of_the_chain_are_tonnes_expected_of_each_year(shown: Parsed) -> None:
    rows = shown.tables["Tonnes of element a year, as oxide"]
    found = {(row[0], row[1]): row[3:] for row in rows[1:]}
    # by element, the later of two tables of one name: tenths are Dy; 60 t of Australia in the cut, 20 in the calm
    assert rows[0][3:] == ["Dy", "Nd"]
    australia = (20 + 3 * (0.75 * 20 + 0.25 * 60)) / 4
    assert found["Bought in Australia", "Oxide, Japan"] == [f"{0.1 * australia:.3g}", f"{0.9 * australia:.3g}"]
    assert found["Bought in China", "Oxide, Japan"] == ["6.5", "58.5"]  # 80 x 3.25 of 4 years


def test_origin_names_shares_of_first_and_last_year(shown: Parsed) -> None:
    assert "in 2027, counted once: China 80\u00a0% and Australia 20\u00a0%" in shown.texts["origin"]
    # 0.75 x 80 t of 0.75 x 100 + 0.25 x 60
    assert "in 2030, counted once: China 67\u00a0% and Australia 33\u00a0%" in shown.texts["origin"]


def test_futures_are_those_of_the_table(shown: Parsed, run: Path) -> None:
    rows = shown.tables["The plan in each future"]
    assert column(rows, "future") == ["calm", "cut"]
    assert column(rows, "cost, million USD") == ["6.1", "13.3"]
    assert column(rows, "short, t") == ["0", "120"]
    assert column(rows, "lost by shortage, million USD") == ["0.0", "6.0"]
    assert "Something is short in 1 of 2 futures, which have a probability of 25\u00a0%" in shown.texts["survival"]
    assert len(rows) - 1 == len(RunFolder(run).record["futures"])


def test_a_figure_says_what_it_shows_and_an_empty_one_why(shown: Parsed) -> None:
    assert len(shown.alternatives) == len(shown.figures())
    assert all(len(words.split()) > 5 for words in shown.alternatives)
    assert "No stock lies in any stockpile on the trunk's own course." in shown.empty
    missing = [words for words in shown.empty if "has no analysis" in words]
    assert len(missing) == 8  # stress, frontier, tornado, breakeven, discover, value, rules, alternatives


def test_every_input_is_counted_with_what_it_rests_on(shown: Parsed) -> None:
    rows = shown.tables["The numbers of the case by the quality of what they rest on."]
    tally = dict(zip(column(rows, "quality"), map(int, column(rows, "numbers")), strict=True))
    assert sum(tally.values()) == tally["no source yet"] > 10  # the case has no basis
    assert "100\u00a0% on nothing yet" in shown.texts["rests"]
    levers = shown.tables["Assumptions that a lever turns"]
    assert column(levers, "source") == ["assumption: by hand"]
    assert dict(shown.tables["The run"][1:])["status"] == "optimal"


def test_json_in_a_script_never_ends_it() -> None:
    text = in_script({"name": "</script><!-- \u2028 &"})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == {"name": "</script><!-- \u2028 &"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        in_script(float("nan"))


def test_the_same_run_gives_the_same_page(run: Path, html: str) -> None:
    assert page([run]) == html


def test_a_run_without_a_table_keeps_its_section(run: Path, tmp_path: Path) -> None:
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    for name in ("cost", "dependence", "supply", "flows", "futures", "portfolio"):
        del record["tables"][name]
    shown = parsed(page([changed_copy(run, tmp_path / "run", "run.json", json.dumps(record))]))
    assert shown.sections == list(QUESTIONS)
    for words in ("The run holds no table of cost.", "The run holds no table of futures.",
                  "The run holds no table of dependence.", "Nothing enters the chain in this plan."):  # fmt: skip
        assert words in shown.empty
    assert "commits to nothing" in shown.texts["todo"]


def test_what_was_changed_since_is_refused(run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(run, tmp_path / "run"))
    (folder / "case" / "contracts.csv").write_text("contract\n", encoding="utf-8")
    with pytest.raises(InputError, match="another content than was written"):
        page([folder])


def test_what_is_no_number_is_refused_with_its_section(run: Path, tmp_path: Path) -> None:
    text = (run / "tables" / "futures.csv").read_text(encoding="utf-8").replace("13.3", "many")
    folder = changed_copy(run, tmp_path / "run", "tables/futures.csv", text)
    with pytest.raises(InputError, match=r"many.*the section 'survival'"):
        page([folder])


def test_without_plotly_or_jinja2_the_install_command_is_told(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("plotly", "jinja2"):
        with monkeypatch.context() as without:
            without.setitem(sys.modules, name, None)
            with pytest.raises(MissingExtraError, match=r"pip install 'orefolio\[report\]'"):
                page([run])


def test_the_command_writes_the_page(run: Path, tmp_path: Path, html: str) -> None:
    place = tmp_path / "page.html"
    done = call("report", str(run), "-o", str(place), "--json")
    assert done.exit_code == 0, done.output
    assert place.read_text(encoding="utf-8") == html
    assert json.loads(done.stdout)["bytes"] == len(html.encode())
    assert call("report", str(run), "-o", str(place)).stdout == f"PAGE      {place}\n"


def test_a_folder_that_is_no_run_and_a_page_without_a_place_are_refused(run: Path, tmp_path: Path) -> None:
    assert call("report", str(tmp_path), "-o", str(tmp_path / "page.html")).exit_code == 2
    assert call("report", str(run)).exit_code == 2
    assert call("report", str(run), "-o", str(tmp_path / "none" / "page.html")).exit_code == 6
    assert call("report", str(run), str(run), "--all", "-o", str(tmp_path / "page.html")).exit_code == 2
    assert list(tmp_path.iterdir()) == []
