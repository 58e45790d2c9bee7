"""The list of what no everyday test runs: true places, each once, each with a reason."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import uncovered

MODEL = Path(__file__).parents[1] / "model" / "orefolio"


def functions(tree: ast.AST, within: str = "") -> Iterator[str]:
    """Names of functions as coverage gives them: `Class.method`, `outer.inner`; the module itself has none."""
    for node in ast.iter_child_nodes(tree):
        name = within
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{within}.{node.name}" if within else node.name
            if not isinstance(node, ast.ClassDef):
                yield name
        yield from functions(node, name)


def rows() -> list[dict[str, str]]:
    with uncovered.LIST.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_row_names_a_function_that_there_is_once() -> None:
    places = [(row["file"], row["function"]) for row in rows()]
    assert len(places) == len(set(places))
    known = {file: {"", *functions(ast.parse((MODEL / file).read_text(encoding="utf-8")))} for file, _ in places}
    assert [(file, function) for file, function in places if function not in known[file]] == []
    assert places == sorted(places)


def test_each_row_has_a_reason_of_more_than_three_words() -> None:
    assert [row for row in rows() if len(row["reason"].split()) <= 3] == []


def test_what_is_not_in_the_list_is_found() -> None:
    """One function with a line that no test ran, one with a branch, one with neither."""

    def part(lines: list[int], branches: list[list[int]]) -> dict[str, object]:
        return {"missing_lines": lines, "missing_branches": branches}

    entry = {"functions": {"a": part([3], []), "b": part([], [[4, 5]]), "c": part([], [])}}
    report = {"files": {"model/orefolio/case/cells.py": entry}, "totals": {"covered_branches": 19, "num_branches": 20}}
    assert set(uncovered.uncovered(report)) == {("case/cells.py", "a"), ("case/cells.py", "b")}
    assert uncovered.branches(report) == 0.95
