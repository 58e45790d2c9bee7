"""Two importers of one oxide, small enough for a pencil, and the case that lays them together.

Lynas sells 100 t at 20 USD/kg. East (JP) needs 80 t and otherwise pays 100 USD/kg; West (US) needs 30 t and otherwise
pays 60. East's case says that others hold claims on 50 t, West's on 60 t; third parties hold 10 t of them. Caremag
sells 10 t at 20, half of it claimed by the other in either case. 1 t at 1 USD/kg is 0.001 million USD.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from orefolio.tables.folder.case_files import case_files
from pencil import Piece, Rows, case_of, spot, tables, wanted

SELLERS = [
    {"supplier": "lynas", "name": "Lynas", "country": "AU"},
    {"supplier": "caremag", "name": "Caremag", "country": "FR"},
]
PLACES = [{"place": "japan", "country": "JP"}, {"place": "united_states", "country": "US"}]
SHORT = 500.0
STRUCTURE = """\
schema: orefolio-case/1
name: both
title: East and West
parts: [east, west]
importer: [JP, US]
base_year: 2027
horizon: {from: 2027-01-01, to: 2028-01-01}
grid: only
grids: {only: [{until: 2028-01-01, months: 12}]}
reaction_years: 99
partners:
  lynas: {name: Lynas, suppliers: [lynas]}
  caremag: {name: Caremag, suppliers: [caremag]}
"""
CAPACITY = """\
supplier,commodity,from_year,t_per_year,rivals_t_per_year
lynas,oxide,2026,100,10
caremag,oxide,2026,10,0
"""


def joined(*pieces: Piece) -> Piece:
    """Pieces as one."""
    rows: dict[str, Rows] = {}
    for piece in pieces:
        for table, more in piece.items():
            rows.setdefault(table, []).extend(more)
    return rows


def importer(name: str, place: str, need: float, claimed: float, dear: float | None) -> Piece:
    """One importer: its demand, its contracts with both sellers, and maybe a dear source of its own."""
    return joined(
        spot(f"{name}_lynas", "oxide", 20.0, supplier="lynas", place=place),
        spot(f"{name}_caremag", "oxide", 20.0, supplier="caremag", place=place),
        {} if dear is None else spot(f"{name}_dear", "oxide", dear, place=place),
        wanted(f"{name}_need", "oxide", need, SHORT, place=place),
        tables(
            suppliers=list(SELLERS),
            places=list(PLACES),
            supplier_capacity=[
                {"supplier": "lynas", "commodity": "oxide", "from_year": 2026, "t_per_year": 100.0,
                 "rivals_t_per_year": claimed},
                {"supplier": "caremag", "commodity": "oxide", "from_year": 2026, "t_per_year": 10.0,
                 "rivals_t_per_year": 5.0},
            ],
        ),
    )  # fmt: skip


EAST = importer("east", "japan", 80.0, 50.0, 100.0)
WEST = importer("west", "united_states", 30.0, 60.0, 60.0)


def written(folder: Path, name: str, *pieces: Piece, country: str) -> Path:
    """A case of pieces, in its folder."""
    case = replace(case_of(*pieces), name=name, title=name.title(), importer=(country,))
    place = folder / name
    place.mkdir(parents=True)
    for file, text in case_files(case).items():
        (place / file).write_text(text, encoding="utf-8")
    return place


def laid(folder: Path, own: Mapping[str, str] | None = None, east: Piece = EAST, west: Piece = WEST) -> Path:
    """East, West and the case of both, beside each other. own: files of the latter."""
    written(folder, "east", east, country="JP")
    written(folder, "west", west, country="US")
    both = folder / "both"
    both.mkdir()
    for file, text in {"case.yaml": STRUCTURE, "supplier_capacity.csv": CAPACITY, **(own or {})}.items():
        (both / file).write_text(text, encoding="utf-8")
    return both
