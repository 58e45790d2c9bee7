"""The formulation, from the docstrings of the families: equations, symbols, units and names in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orefolio.program.formulation import formulation

from . import code, table

HEADING = "| symbol | code | unit | meaning |"
ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)

PREFACE = """# The formulation

{count} families of constraints, in the order in which they are stated, and what is minimised where futures differ.
Each section is the docstring of one file of `model/orefolio/families/`; `orefolio algebra` prints the same on a
terminal, and `orefolio algebra CASE` adds how many rows and columns each has in a case.

Everything is stated for one future; no symbol has a future in its index. The futures are then laid over the tree,
where those that know the same share a column (`docs/architecture.md`). Costs are in million USD of the base year,
discounted to the first day of the horizon, and weighted by probability.

| index | meaning |
|---|---|
| n, m | period; m where something is decided that holds later |
| y | calendar year; n ∈ y are its periods |
| p, q | process; class of material (which tags it bears) |
| x, j, k | project; contract; stockpile |
| ω, π | future; its probability |
| h | length of a period, years |
"""

SYMBOLS = """## Every symbol

A word in slanted letters is a column of the program; a name with a dot is a column of a table of the case.

"""


def page() -> str:
    """The whole as Markdown."""
    sections = [_section(name, text) for name, text in formulation().items()]
    rows = sorted(set(symbols()), key=lambda row: (row[1].strip("`–"), row[0]))
    every = table(("symbol", "code", "unit", "meaning", "family"), rows)
    return "\n\n".join([PREFACE.format(count=len(sections) - 1), *sections, SYMBOLS + every])


def symbols() -> Iterator[tuple[str, str, str, str, str]]:
    """Symbol, code, unit, meaning and family of every row of the docstrings' tables."""
    for name, text in formulation().items():
        _, _, rows = text.partition(HEADING)
        for row in ROW.findall(rows):
            cells = [cell.strip() for cell in row.split("|")]
            if not set(row) <= set("-|"):
                symbol, place, unit, meaning = cells
                yield symbol, place, unit, meaning, code(name)


def _section(name: str, text: str) -> str:
    first, _, rest = text.partition("\n")
    label, _, sentence = first.partition(": ")
    heading = f"## {name.replace('_', ' ').capitalize()} ({label})"
    return f"{heading}\n\n**{sentence[0].upper()}{sentence[1:]}**\n\n{rest.strip()}"
