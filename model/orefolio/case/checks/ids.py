"""Ids: short, and free of the signs that join keys, separate lists and match patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from orefolio.errors import Fault, nearest

from ..case import Case
from ..columns import declared, key_columns
from ..schema import TABLES
from ..schema.network import STAGES
from .place import fault_at, fault_of_case

LONGEST = 100
SEPARATORS = re.compile(r"[\s/\\;*?\[\],=]")
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs")
JOINED = re.compile("(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001ffff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001ffff])")
"""What joins two emoji into one."""

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
                wrong = _wrong_id(identity)
                if wrong:
                    yield fault_at(case, table, number, name, *wrong)


def _wrong_id(identity: str) -> tuple[str, str] | None:
    """What is wrong with an id and what was expected; None for a sound one."""
    bad = SEPARATORS.search(identity)
    if bad:
        return (
            f"the id {identity!r}, which holds {bad[0]!r}",
            "an id without blanks and the signs / \\ ; * ? [ ] , =",
        )
    if len(identity) > LONGEST:
        return f"an id of {len(identity)} letters", f"at most {LONGEST}"
    if identity.isascii() and identity.isprintable() and identity.strip("."):
        return None
    unseen = next((sign for sign in JOINED.sub("", identity) if unicodedata.category(sign) in UNSEEN), "")
    if unseen:
        return f"the id {identity!r}, which holds the unseen sign U+{ord(unseen):04X}", "an id whose every sign is seen"
    if not unicodedata.is_normalized("NFC", identity):
        composed = ascii(unicodedata.normalize("NFC", identity))
        return f"the id {identity!a}, whose accents stand apart", f"the same in composed letters, {composed}"
    if not identity.strip("."):
        return f"the id {identity!r}", "an id that is not dots alone"
    return None


def ids_look_different(case: Case) -> Iterator[Fault]:
    """Two ids that a reader would take for one: equal but for capitals or width, or with letters of two alphabets."""
    for table, declaration in TABLES.items():
        first = key_columns(declaration)[0]
        if declared(declaration)[first].kind != "key":
            continue
        seen: dict[str, str] = {}
        for number, row in enumerate(case.rows(table)):
            identity = getattr(row, first)
            folded = unicodedata.normalize("NFKC", identity).casefold()
            other = seen.setdefault(folded, identity)
            if other != identity:
                found = f"the id {identity!r}, which looks like {other!r}"
                yield fault_at(case, table, number, first, found, "ids that a reader can tell apart")
            elif not identity.isascii() and len(_alphabets(identity)) > 1:
                found = f"the id {identity!r} with letters of {' and '.join(sorted(_alphabets(identity)))}"
                yield fault_at(case, table, number, first, found, "letters of one alphabet")


def _alphabets(text: str) -> set[str]:
    """The alphabets with letters that look alike which a text uses."""
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in text)
    return {name.capitalize() for name in names} & {"Latin", "Greek", "Cyrillic"}


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
            yield fault_of_case(case, "importer", found, "the country of a place", offer)


def stages_are_known(case: Case) -> Iterator[Fault]:
    """The stage of a limit on shares is one of the chain's."""
    for number, row in enumerate(case.rows("diversification")):
        if row.stage not in STAGES:
            remedy = nearest(row.stage, STAGES) or f"Known: {', '.join(STAGES)}"
            yield fault_at(case, "diversification", number, "stage", f"the stage {row.stage!r}", "a stage", remedy)


def suppliers_have_a_country(case: Case) -> Iterator[Fault]:
    """Where a rule or a limit on shares looks at origin, a supplier without a country would slip through."""
    if not case.rows("diversification") and not any(rule.enabled for rule in case.rows("rules")):
        return
    for number, row in enumerate(case.rows("suppliers")):
        if not row.country:
            found = f"no country of {row.supplier!r}"
            yield fault_at(case, "suppliers", number, "country", found, "two capital letters, as in JP")


def processes_have_an_origin(case: Case) -> Iterator[Fault]:
    """Where the rule counts technology or equipment, a blank origin counts as not Chinese: say so by a country."""
    rules = [rule for rule in case.rows("rules") if rule.enabled]
    counted = (
        ("technology_origin", any(rule.counts_technology for rule in rules)),
        ("equipment_origin", any(rule.counts_equipment for rule in rules)),
    )
    for number, row in enumerate(case.rows("processes")):
        for column, counts in counted:
            if counts and not getattr(row, column) and row.stage not in ("product", "other"):
                found = f"no {column} of {row.process!r}"
                yield fault_at(case, "processes", number, column, found, "a country", "Blank counts as not Chinese")
