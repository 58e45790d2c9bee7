"""The house keeps its shape: who imports whom, where a library lives, what is in each table of contents, how long."""

from __future__ import annotations

import ast
import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "model" / "orefolio"

# Lowest first. A room imports rooms of lower lines only; those that share a line do not see each other.
FLOORS = (
    {"errors", "collector", "markup"},
    {"units"},
    {"facts"},
    {"case"},
    {"families"},
    {"program"},
    {"solve"},
    {"tables", "audit"},
    {"futures"},
    {"analyses"},
    {"scale"},
    {"report", "exports"},
    {"api"},
    {"app"},
    {"cli"},
    {"__init__", "__main__"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# The audit recomputes a plan from case and results; the report reads tables. Neither may lean on the model.
BLIND_TO = {
    "audit": {"families", "program", "solve", "tables"},
    "report": {"families", "program", "solve"},
}

LIBRARIES = {
    "highspy": {"solve"},
    "pyomo": {"program"},
    "plotly": {"report", "app"},
    "matplotlib": {"report", "app"},
    "jinja2": {"report"},
    "marimo": {"app"},
    "dask": {"scale"},
    "distributed": {"scale"},
    "mpi4py": {"scale"},
    "mpisppy": {"scale"},
    "SALib": {"analyses"},
    "click": {"cli"},
    "duckdb": {"exports"},
    "openpyxl": {"exports"},
}

# Table of contents of a folder, and the modules beside it that serve all of its entries.
CONTENTS = {
    "cli": ("COMMANDS", {"by_futures", "changed", "failures", "output", "rolling", "settings"}),
    "exports": ("EXPORTS", {"fields", "program_of_run", "read_run", "solver_names", "text"}),
    "families": ("FAMILIES", {"algebra", "investment", "ledger", "reach", "standing", "terms", "timing", "volumes"}),
    "case.schema": ("TABLES", set[str]()),
    "tables": ("TABLES", set[str]()),
    "report.sections": ("SECTIONS", set[str]()),
}

LONGEST_FUNCTION = 60
LONGEST_MODULE = 400
# Path or path:function, and the argument. At most five.
LONGER: dict[str, str] = {}

FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}


def modules(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def room_of(path: Path, package: Path) -> str:
    """The module or folder directly under the package that a file belongs to."""
    return path.relative_to(package).parts[0].removesuffix(".py")


def imported(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every import in a file, wherever it stands; relative ones are spelt out."""
    place = [package.name, *path.relative_to(package).with_suffix("").parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = place[: -node.level] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def room_imported(name: str, package: Path) -> str:
    """The room that an import reaches, empty for another library or for the package's own version."""
    parts = name.split(".")
    if parts[0] != package.name or len(parts) == 1 or parts[1] == "__version__":
        return ""
    return parts[1] if (package / parts[1]).is_dir() or (package / f"{parts[1]}.py").is_file() else "__init__"


def upward_imports(package: Path) -> list[str]:
    faults = []
    for path in modules(package):
        room = room_of(path, package)
        for line, name in imported(path, package):
            target = room_imported(name, package)
            if not target or target == room:
                continue
            if FLOOR[target] >= FLOOR[room] or target in BLIND_TO.get(room, ()):
                faults.append(f"{path.relative_to(package)}:{line}: {room} imports {name}")
    return faults


def misplaced_libraries(package: Path) -> list[str]:
    return [
        f"{path.relative_to(package)}:{line}: {name}"
        for path in modules(package)
        for line, name in imported(path, package)
        if room_of(path, package) not in LIBRARIES.get(name.split(".")[0], {room_of(path, package)})
    ]


def families_that_meet(package: Path) -> list[str]:
    """Imports of a family from another, or from what they share."""
    shared = CONTENTS["families"][1]
    families = {path.stem for path in (package / "families").glob("*.py")} - shared - {"__init__"}
    return [
        f"{path.name}:{line}: {name}"
        for path in modules(package / "families")
        if path.stem != "__init__"
        for line, name in imported(path, package)
        if set(name.split(".")[2:3] if name.startswith(f"{package.name}.families.") else ()) & (families - {path.stem})
    ]


def too_long(package: Path) -> dict[str, int]:
    """Modules and functions over their limit, with their lines."""
    found = {}
    for path in modules(package):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(package).as_posix()
        if len(text.splitlines()) > LONGEST_MODULE:
            found[name] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found[f"{name}:{node.name}"] = lines
    return found


def entries(contents: object) -> set[str]:
    """Module names in a table of contents, whose entries are modules, things of a module, or `module:thing`."""
    names = set()
    for item in contents.values() if isinstance(contents, dict) else contents:
        place = item if isinstance(item, str) else item.__name__ if isinstance(item, ModuleType) else item.__module__
        names.add(place.partition(":")[0].rpartition(".")[2])
    return names


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small package with the same rooms, for showing that each check sees a fault."""
    package = tmp_path / "orefolio"
    for folder in ("case", "families", "program", "solve", "tables", "audit", "report"):
        (package / folder).mkdir(parents=True)
        (package / folder / "__init__.py").write_text("")
    (package / "__init__.py").write_text('__version__ = "1"\n')
    (package / "errors.py").write_text("")
    return package


def test_every_module_belongs_to_a_floor() -> None:
    assert {room_of(path, PACKAGE) for path in modules(PACKAGE)} <= set(FLOOR)


def test_a_floor_imports_only_floors_under_it() -> None:
    assert upward_imports(PACKAGE) == []


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("case/read.py", "from orefolio.families import FAMILIES"),
        ("case/read.py", "def late():\n    import orefolio.solve.run"),
        ("case/read.py", "from ..program import merge"),
        ("errors.py", "from orefolio import case"),
        ("tables/plan.py", "from orefolio.audit import check"),
        ("audit/check.py", "from orefolio import families"),
        ("report/page.py", "from orefolio.solve import Solution"),
        ("case/read.py", "from orefolio import load"),
    ],
)
def test_an_import_of_a_higher_floor_is_seen(house: Path, place: str, line: str) -> None:
    (house / place).write_text(line + "\n")
    assert len(upward_imports(house)) == 1


def test_imports_downward_and_within_a_room_pass(house: Path) -> None:
    (house / "solve" / "run.py").write_text(
        "from orefolio.case import Case\nfrom .start import go\nimport orefolio.errors\n"
    )
    (house / "tables" / "plan.py").write_text("from orefolio import __version__\nfrom ..solve import run\n")
    assert upward_imports(house) == []


def test_libraries_stay_on_their_floors() -> None:
    assert misplaced_libraries(PACKAGE) == []


def test_a_misplaced_library_is_seen(house: Path) -> None:
    (house / "families" / "balance.py").write_text("import pyomo.environ as pyo\nimport highspy\n")
    (house / "solve" / "run.py").write_text("from highspy import Highs\nfrom pyomo.environ import value\n")
    assert misplaced_libraries(house) == [
        "families/balance.py:1: pyomo.environ",
        "families/balance.py:2: highspy",
        "solve/run.py:2: pyomo.environ.value",
    ]


def test_families_never_name_each_other() -> None:
    assert families_that_meet(PACKAGE) == []


def test_what_families_share_states_no_constraint() -> None:
    for name in CONTENTS["families"][1]:
        assert not hasattr(importlib.import_module(f"orefolio.families.{name}"), "state"), name


def test_families_that_meet_are_seen(house: Path) -> None:
    (house / "families" / "ledger.py").write_text("from .stock import held\n")
    (house / "families" / "balance.py").write_text("from .ledger import Ledger\n")
    (house / "families" / "stock.py").write_text("from orefolio.families import balance\nfrom . import ledger\n")
    assert families_that_meet(house) == [
        "ledger.py:1: orefolio.families.stock.held",
        "stock.py:1: orefolio.families.balance",
    ]


@pytest.mark.parametrize("folder", CONTENTS)
def test_a_table_of_contents_equals_its_folder(folder: str) -> None:
    name, shared = CONTENTS[folder]
    in_folder = {path.stem for path in PACKAGE.joinpath(*folder.split(".")).glob("*.py")} - shared - {"__init__"}
    contents = getattr(importlib.import_module(f"orefolio.{folder}"), name, ())
    assert entries(contents) == in_folder


def test_commands_are_named_as_their_modules() -> None:
    from orefolio.cli import COMMANDS

    assert {name: place.partition(":")[0].rpartition(".")[2] for name, place in COMMANDS.items()} == {
        name: name for name in COMMANDS
    }


def test_functions_and_modules_stay_short() -> None:
    assert set(too_long(PACKAGE)) == set(LONGER)
    assert len(LONGER) <= 5
    assert all(len(argument.split()) >= 5 for argument in LONGER.values())


def test_what_is_too_long_is_seen(house: Path) -> None:
    body = "    pass\n" * LONGEST_FUNCTION
    (house / "case" / "read.py").write_text(f"def read():\n{body}")
    (house / "case" / "checks.py").write_text("x = 1\n" * (LONGEST_MODULE + 1))
    assert too_long(house) == {"case/checks.py": 401, "case/read.py:read": 61}


def test_names_say_what_is_inside() -> None:
    places = [
        Path(folder, name)
        for top in ("model", "tests", "docs", "notebooks", "benchmarks", ".ci", "seeds", "inputs")
        for folder, folders, files in os.walk(REPOSITORY / top)
        for name in (*folders, *files)
    ]
    words = {place: set(place.stem.lower().replace("-", "_").split("_")) for place in places}
    assert [str(place) for place, parts in words.items() if parts & FORBIDDEN_NAMES] == []
