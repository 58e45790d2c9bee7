"""The documentation builds without a warning, what is generated is whole, and what is wrong is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from docs import MENU
from docs.equations import displayed
from docs.generated import case_format
from docs.generated.formulation import symbols
from docs.pages import build, made
from orefolio import api
from orefolio.api.sensitivity import ANALYSES
from orefolio.case.checks.settings import KNOWN as SETTINGS
from orefolio.case.columns import declared
from orefolio.case.rows import titles
from orefolio.case.schema import TABLES
from orefolio.case.structure import NEEDED, OPTIONAL
from orefolio.cli import COMMANDS
from orefolio.cli.settings import KNOWN
from orefolio.facts import load_facts
from orefolio.program.formulation import formulation

from .written import REPOSITORY


class Pointing(HTMLParser):
    """What a page points to and what it can be pointed at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            if name == "id" and value:
                self.ids.add(value)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    assert build(MENU, out) == []
    return out


def text(site: Path, name: str) -> str:
    return (site / f"{name}.html").read_text(encoding="utf-8")


def names() -> Iterator[str]:
    for entries in MENU.values():
        yield from entries


def test_every_link_leads_somewhere_in_the_folder(site: Path) -> None:
    pages = {path.name: Pointing(path.read_text(encoding="utf-8")) for path in site.glob("*.html")}
    assert sorted(pages) == sorted(f"{name}.html" for name in names())
    for name, page in pages.items():
        for target in page.targets:
            if target.startswith(("https://", "data:")):
                continue
            file, _, anchor = target.partition("#")
            assert (site / (file or name)).is_file(), f"{name}: {target}"
            assert not anchor or anchor in pages[file or name].ids, f"{name}: {target}"


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path in site.iterdir():
        found = path.read_text(encoding="utf-8")
        loaded = re.findall(r'(?:src|<link[^>]*href)="(?!data:)([^"]*)"', found)
        assert set(loaded) <= {each.name for each in site.iterdir()}, path.name
        assert "@import" not in found, path.name


def test_every_page_of_the_folder_is_in_the_menu() -> None:
    sources = {source for entries in MENU.values() for source in entries.values()}
    assert {f"docs/{path.name}" for path in (REPOSITORY / "docs").glob("*.md")} <= sources


def test_the_case_format_has_every_table_and_column(site: Path) -> None:
    page = text(site, "case-format")
    for name, table in TABLES.items():
        _, _, section = page.partition(f'<h2 id="{name}-csv">')
        section = section.partition("<h2")[0]
        told = [column.rstrip("*") for column in re.findall(r"<tr>\s*<td><code>([^<]+)</code>", section)]
        assert told == list(titles(table)), name
    assert set(case_format.KEYS) == {*NEEDED, *OPTIONAL}


def test_the_commands_have_every_command_analysis_and_setting(site: Path) -> None:
    page = text(site, "commands")
    for name in COMMANDS:
        assert f'id="orefolio-{name}"' in page
    for name in ANALYSES:
        assert f'id="orefolio-sensitivity-case-{name}"' in page
    for name in KNOWN:
        assert f"OREFOLIO_{name.upper()}" in page
    assert "<code>--threshold" in page


def test_the_data_have_every_fact_source_and_conflict(site: Path) -> None:
    facts = load_facts(REPOSITORY / "seeds")
    register, page = text(site, "facts"), text(site, "data")
    assert [key for key in facts if f"<td><code>{key}</code></td>" not in register] == []
    assert [key for key in (*facts.sources, *facts.conflicts) if f"<td>{key}</td>" not in page] == []


def test_every_equation_is_drawn(site: Path) -> None:
    page = text(site, "formulation")
    count = sum(found.count("$$") // 2 for found in formulation().values())
    assert page.count('<div class="equation">') == count
    assert "$$" not in page
    assert "EQUATION" not in page
    assert re.findall(r"<m[ionstext]+>\\", page) == []


def test_names_of_more_than_one_letter_are_one_word() -> None:
    drawn = displayed(r"buy_{j,n} \le kept\_for, \qquad \sum_n x \text{ for all}")
    assert "<mtext>buy</mtext>" in drawn
    assert "<mtext>kept_for</mtext>" in drawn
    assert drawn.count("<math") == 2


def told(study: api.Study) -> set[str]:
    return {label.name for label in api.built(study, "yearly").program.columns}


def test_every_column_of_a_program_has_its_symbol() -> None:
    """Of Japan with price support, and of minerals; and every table and column that a symbol names is there."""
    codes = {code for _, place, *_ in symbols() for code in re.findall(r"`([^`]+)`", place)}
    japan = api.load(REPOSITORY / "inputs" / "japan").what_if("support")
    minerals = api.load(REPOSITORY / "inputs" / "minerals-us")
    assert told(japan) | told(minerals) <= codes
    for code in codes:
        table, dot, column = code.partition(".")
        known = {*SETTINGS} if table == "settings" else set(declared(TABLES[table])) if dot else {column}
        assert column in known, code


@pytest.mark.parametrize(
    ("markdown", "warning"),
    [
        ("# A\n\n[away](nothing.md)\n", "the link nothing.md is dead"),
        ("# A\n\n`docs/nothing.md`\n", "there is no docs/nothing.md"),
        ("# A\n\n    ls\n", "an indented block"),
        ("# A\n\n```sh\nls\n```\n", "marked ''"),
        ("# A\n\n[there](#nowhere)\n", "the link #nowhere is dead"),
        ("# A\n\n# B\n", "one heading of the first level"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(
    markdown: str, warning: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docs.pages.REPOSITORY", tmp_path)
    (tmp_path / "page.md").write_text(markdown, encoding="utf-8")
    (said,) = build({"Group": {"index": "page.md"}}, tmp_path / "out")
    assert warning in said


def test_headings_of_the_same_words_have_anchors_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs.pages.REPOSITORY", tmp_path)
    (tmp_path / "page.md").write_text("# A\n\n## Same\n\n## Same\n", encoding="utf-8")
    assert [anchor for _, anchor, _ in made("page", "page.md", {}).places] == ["a", "same", "same-2"]
