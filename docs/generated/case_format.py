"""The case format, from the declarations of its columns."""

from __future__ import annotations

from orefolio.case.columns import timed_columns
from orefolio.case.schema import REQUIRED, TABLES
from orefolio.case.structure import NEEDED, OPTIONAL, SCHEMA
from orefolio.cli.schema import HEADINGS, LEGEND, described, meaning

from . import code, table

PREFACE = """# The case format

A case is a folder: `case.yaml` says what it is as a whole, one CSV file a table holds its numbers, `overlays/` holds
what-ifs, and a README.md says in words what it is of. `orefolio schema TABLE` prints what stands here, `orefolio
check CASE` tells every fault at once by file, line and column, and `orefolio new DIR` copies an example to edit.

CSV is UTF-8 with commas and a line of headings. Numbers are plain: no thousands separators, no `%`; shares are up to 1.
A column that may be blank may also be left out. Each id is spelt the same wherever it stands.

## case.yaml

The schema is `{schema}`. A case of an older one is read in the words of this one where a step leads to it; any other
is refused.

"""

KEYS = {
    "schema": "the version of this format",
    "name": "short name; it stands in the name of a run's folder",
    "title": "what a page or a screen is headed with",
    "importer": "countries that plan, two letters each: `[JP]`",
    "base_year": "year of the money in the tables",
    "horizon": "`from` and `to`, first days of months; `to` is the first day after the last period",
    "grid": "the grid that holds where nobody asks for another",
    "grids": "by name, spans of time: `{until: 2041-01-01, months: 12}`; each span holds whole periods",
    "after_shock": "how long a branch is told finely: `fine_months`, then `single_years`, then blocks of `block_years`",
    "reaction_years": "until how long after it parted a branch may commit to something; 2 where it is not given",
    "parts": "cases beside this one that it is made of; its own tables then replace rows",
    "apart": "by part and table, ids that several parts use, each for something of its own",
    "partners": "sellers that bargain with the importers of a case made of parts: `name`, `suppliers`",
    "turned": "written into the case of a run: levers by name that its numbers were already turned to",
}

LEFT_OUT = "Needed: {needed}. The others may be left out and are then empty."


def page() -> str:
    """The whole as Markdown."""
    keys = table(
        ("entry", "needed", "meaning"),
        [(code(key), "yes" if key in NEEDED else "", KEYS[key]) for key in (*NEEDED, *OPTIONAL)],
    )
    contents = table(("table", "a row is"), [(f"[{name}.csv](#{name.lower()}-csv)", meaning(name)) for name in TABLES])
    needed = LEFT_OUT.format(needed=", ".join(code(f"{name}.csv") for name in REQUIRED))
    parts = [PREFACE.format(schema=SCHEMA) + keys, f"## Tables\n\n{needed}\n\n{contents}\n\n{LEGEND}"]
    return "\n\n".join([*parts, *map(_section, TABLES)])


def _section(name: str) -> str:
    rows = [(code(column[0]), *column[1:]) for column in described(name)]
    timed = timed_columns(TABLES[name])
    words = f"An event may change {', '.join(map(code, timed))} for a time.\n\n" if timed else ""
    return f"## {name}.csv\n\n{meaning(name)}\n\n{words}{table(HEADINGS, rows)}"
