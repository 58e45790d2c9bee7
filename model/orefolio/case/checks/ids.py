"""Ids: short, and free of the signs that join keys, separate lists and match patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orefolio.errors import Fault, nearest

from ..case import Case
from ..columns import declared
from ..schema import TABLES
from ..schema.network import STAGES
from .place import fault_at, fault_of_case

LONGEST = 100
SEPARATORS = re.compile(r"[\s/\\;*?\[\],=]")
PATTERNS = {("lever_adjustments", "where"), ("basis", "row"), ("basis", "column")}
COUNTRY = re.compile("[A-Z]{2}")
COUNTRIES = (
    ("places", "country"),
    ("suppliers", "country"),
    ("processes", "technology_origin"),
    ("processes", "equipment_origin"),
    ("residue_caps", "country"),
    ("diversification", "country"),
)


def ids_are_plain(case: Case) -> Iterator[Fault]:
    """No separator, no pattern sign, and not longer than the limit."""
    for table, declaration in TABLES.items():
        keys = [name for name, column in declared(declaration).items() if column.kind == "key"]
        for name in (name for name in keys if (table, name) not in PATTERNS):
            for number, row in enumerate(case.rows(table)):
                identity = getattr(row, name)
                bad = SEPARATORS.search(identity)
                if bad:
                    found = f"the id {identity!r}, which holds {bad[0]!r}"
                    expected = "an id without blanks and the signs / \\ ; * ? [ ] , ="
                    yield fault_at(case, table, number, name, found, expected)
                elif len(identity) > LONGEST:
                    found = f"an id of {len(identity)} letters"
                    yield fault_at(case, table, number, name, found, f"at most {LONGEST}")


def countries_are_codes(case: Case) -> Iterator[Fault]:
    """Two capital letters, as the rules on origin compare them."""
    for table, column in COUNTRIES:
        for number, row in enumerate(case.rows(table)):
            country = getattr(row, column)
            if country and not COUNTRY.fullmatch(country):
                yield fault_at(case, table, number, column, f"the country {country!r}", "two capital letters, as in JP")


def importer_has_places(case: Case) -> Iterator[Fault]:
    """An importer without a place can receive nothing."""
    known = sorted({row.country for row in case.rows("places")})
    for country in case.importer:
        if country not in known:
            found = f"the importer {country!r}"
            offer = nearest(country, known) or f"Known: {', '.join(known)}"
            yield fault_of_case(case, found, "the country of a place", offer)


def stages_are_known(case: Case) -> Iterator[Fault]:
    """The stage of a limit on shares is one of the chain's."""
    for number, row in enumerate(case.rows("diversification")):
        if row.stage not in STAGES:
            remedy = nearest(row.stage, STAGES) or f"Known: {', '.join(STAGES)}"
            yield fault_at(case, "diversification", number, "stage", f"the stage {row.stage!r}", "a stage", remedy)
