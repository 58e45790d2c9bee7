"""A source, an analysis and a section of the page are each one new file and one line; a mine is rows of a case.

The rule among the four, a family of constraints, is the guided change of CONTRIBUTING.md (test_guided.py). The files
in `new/` are added to a copy of the tree and the program runs there. The hand case costs 7.9 million USD in
expectation, and 0.03 more for each USD/kg of loss by shortage; 40 t are short in each of three years of the cut, of
weight 0.25 (tests/test_tables.py, tests/sensitivity/three_levers.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orefolio.case.csv_text import split_line
from report.parsed import parsed
from sensitivity.three_levers import tables
from test_api import written

from .tree import Tree

NEW = Path(__file__).parent / "new"
MODEL = "model/orefolio"
INPUTS = "inputs/minerals-us"


def new(name: str) -> str:
    return (NEW / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A copy to which every change of this file is made, each in files of its own; the hand case stands in `case`."""
    copy = Tree.copied(tmp_path_factory.mktemp("changes") / "copy")
    written(copy.root.parent / "case", tables())
    return copy


@pytest.fixture
def added(tree: Tree) -> Iterator[dict[str, list[str]]]:
    """What a test adds to the tree: filled when it is asked for, path to the new lines."""
    before = tree.changed()
    found: dict[str, list[str]] = {}
    yield found
    after = tree.changed()
    assert {path: lines for path, lines in after.items() if before.get(path) != lines} == found


def done(tree: Tree, command: str) -> str:
    ran = tree.run(f".venv/bin/orefolio {command}")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def answered(tree: Tree, command: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(done(tree, f"{command} --json"))
    return content


def test_an_analysis_is_a_file_and_a_line(tree: Tree, added: dict[str, list[str]]) -> None:
    """Half way between 45 and 90 a loss is 67.5 USD/kg, 17.5 over the base: 0.525 million more than 7.9. The price
    and the public money stand half way already. The command has its help from the file."""
    line = '    "halfway": "orefolio.analyses.sensitivity.halfway:ANALYSIS",'
    tree.write(f"{MODEL}/analyses/sensitivity/halfway.py", new("halfway.py"))
    tree.add_line(f"{MODEL}/api/sensitivity.py", '    "rules": "orefolio.analyses.sensitivity.rules:ANALYSIS",', line)
    added[f"{MODEL}/analyses/sensitivity/halfway.py"] = new("halfway.py").split("\n")
    added[f"{MODEL}/api/sensitivity.py"] = [line]
    answer = answered(tree, "sensitivity ../case halfway --jobs 0 --abs-gap 0 --out ../runs")
    table = Path(tree.root, answer["kept"][0]).read_text(encoding="utf-8").splitlines()
    cost = {name: float(cost) for name, _, _, cost, _ in map(split_line, table[1:])}
    assert cost == pytest.approx({"loss": 7.9 + 0.525, "price": 7.9, "fund": 7.9})
    assert "Set each lever half way" in " ".join(done(tree, "sensitivity ../case --help").split())


def test_a_section_of_the_page_is_a_file_and_a_line(tree: Tree, added: dict[str, list[str]]) -> None:
    """3 x 40 t are short in the cut, 30 t by its weight; the page asks the new question where its line puts it."""
    tree.write(f"{MODEL}/report/sections/short.py", new("short.py"))
    tree.add_line(f"{MODEL}/report/sections/__init__.py", '    "survival",', '    "short",')
    added[f"{MODEL}/report/sections/short.py"] = new("short.py").split("\n")
    added[f"{MODEL}/report/sections/__init__.py"] = ['    "short",']
    run = answered(tree, "solve ../case --abs-gap 0 --out ../runs")["run_dir"]
    done(tree, f"report {run} -o ../page.html")
    page = parsed((tree.root.parent / "page.html").read_text(encoding="utf-8"))
    assert page.sections[page.sections.index("survival") + 1] == "short"
    assert (2, "What goes short?") in page.headings
    assert "30 t are expected to be short; most, 120 t, in" in page.texts["short"]


def test_a_source_of_facts_is_a_file_and_a_line(tree: Tree, added: dict[str, list[str]]) -> None:
    """The facts of a new source are a file of the register, the source itself a line in its list."""
    line = "X01,Made-up Mines,Yearly report,2026,company,"
    last = (tree.root / "seeds" / "sources.csv").read_text(encoding="utf-8").rstrip("\n").split("\n")[-1]
    tree.write("seeds/facts/tin.csv", new("tin.csv"))
    tree.add_line("seeds/sources.csv", last, line)
    added["seeds/facts/tin.csv"] = new("tin.csv").split("\n")
    added["seeds/sources.csv"] = [line]
    fact = answered(tree, "facts X001")
    assert fact["sources"]["X01"]["publisher"] == "Made-up Mines"
    assert fact["facts"][0]["value"] == 1000


MINE = {
    "suppliers": {"supplier": "my_mine", "name": "a mine of my own", "country": "SE", "availability_share": "1"},
    "supplier_capacity": {
        "supplier": "my_mine", "commodity": "w_concentrate", "from_year": "2029", "t_per_year": "1000",
        "rivals_t_per_year": "0",
    },
    "contracts": {
        "contract": "my_contract", "name": "concentrate of my own mine", "kind": "spot", "supplier": "my_mine",
        "place": "united_states", "class": "free", "volume_max_t_per_year": "1000",
    },
    "contract_items": {
        "contract": "my_contract", "commodity": "w_concentrate", "t_per_t": "1", "price_rule": "index",
        "market": "outside", "index_multiple": "0.5",
    },
}  # fmt: skip


def test_a_mine_is_a_line_in_each_of_four_tables_and_no_code(tree: Tree, added: dict[str, list[str]]) -> None:
    """The seller, what it can sell, the contract and what the contract holds; at half of the price outside China it is
    bought, and the audit that is told nothing of it agrees."""
    for name, row in MINE.items():
        path = f"{INPUTS}/{name}.csv"
        lines = (tree.root / path).read_text(encoding="utf-8").rstrip("\n").split("\n")
        line = ",".join(row.get(column, "") for column in split_line(lines[0]))
        tree.add_line(path, lines[-1], line)
        added[path] = [line]
    answer = answered(tree, f"solve {INPUTS} --grid yearly --abs-gap 50 --out ../runs")
    assert answer["audit"]["passed"] is True
    assert "my_contract" in done(tree, f"show {answer['run_dir']} supply")
