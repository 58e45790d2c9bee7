"""Data and sources, from the register in `seeds/` and the basis of the cases."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from orefolio.case.basis import support
from orefolio.case.read import load_case
from orefolio.facts import CONFIDENCE, Fact, Facts, load_facts

from . import code, table

REPOSITORY = Path(__file__).parents[2]

PREFACE = """# Data and sources

Every number that a case rests on is a fact of the register or an assumption with a range. The register holds
{count:,} facts of {sources} sources, each in our own words with value, range, unit and place in the source: [all
facts](facts.html). `orefolio facts ID` prints one, `orefolio check CASE` says what the numbers of a case rest on. How
the register is kept stands in `seeds/README.md`.

"""

CASES = """## What the cases rest on

Numbers that are not the default of their column. An assumption has a one-line derivation and a range in `basis.csv`
of the case.

"""

REGISTER = """# All facts

By subject, one table a file of `seeds/facts/`. Values are in the unit; a range stands in brackets. `recalled` marks
what was recalled from general knowledge and could not be held against a stored source.
"""


@cache
def _facts() -> Facts:
    return load_facts(REPOSITORY / "seeds")


def page() -> str:
    """Counts, sources, conflicts and articles as Markdown."""
    facts = _facts()
    cited = Counter(key for fact in facts.values() for key in fact.source)
    subjects = Counter(fact.subject for fact in facts.values())
    sure = Counter((fact.subject, fact.confidence) for fact in facts.values())
    counts = table(
        ("subject", "facts", *CONFIDENCE),
        [(_subject(name), count, *(sure[name, word] or "" for word in CONFIDENCE)) for name, count in subjects.items()],
    )
    sources = table(
        ("key", "publisher", "title", "date", "kind", "facts"),
        [(key, s.publisher, s.title, s.date, s.kind, cited[key]) for key, s in facts.sources.items()],
    )
    conflicts = table(
        ("id", "on", "what each says", "taken", "why"),
        [(key, c.topic, c.what_each_says, c.chosen, c.why) for key, c in facts.conflicts.items()],
    )
    articles = table(
        ("id", "title", "publisher", "date", "argues"),
        [(key, a.title_english or a.title, a.publisher, a.date, a.argues) for key, a in facts.articles.items()],
    )
    return "\n\n".join(
        [
            PREFACE.format(count=len(facts), sources=len(facts.sources)) + f"## How sure the facts are\n\n{counts}",
            CASES + table(("case", "numbers", "on facts", "on assumptions", "on nothing yet"), _bases()),
            f"## Where sources disagree\n\n{conflicts}",
            f"## The articles\n\n{articles}",
            f"## Every source\n\n{sources}",
        ]
    )


def register() -> str:
    """Every fact as Markdown, by subject."""
    by_subject: dict[str, list[Fact]] = {}
    for fact in _facts().values():
        by_subject.setdefault(fact.subject, []).append(fact)
    heads = ("id", "statement", "value", "unit", "source", "place", "confidence")
    return "\n\n".join(
        [REGISTER, *(f"## {_subject(name)}\n\n{table(heads, map(_row, facts))}" for name, facts in by_subject.items())]
    )


def _row(fact: Fact) -> tuple[str, ...]:
    ends = [_told(end) for end in (fact.low, fact.high)]
    span = f" ({ends[0]} to {ends[1]})" if any(ends) and ends != [_told(fact.value)] * 2 else ""
    sources = " ".join(fact.source)
    return code(fact.id), fact.statement, _told(fact.value) + span, fact.unit, sources, fact.locator, fact.confidence


def _told(value: object) -> str:
    return "" if value is None else f"{value:,.10g}" if isinstance(value, float) else str(value)


def _subject(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _bases() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for folder in sorted((REPOSITORY / "inputs").iterdir()):
        case = load_case(folder)
        base = support(case)
        shares = [f"{count:,} ({base.share(count):.0%})" for count in (base.on_facts, base.on_assumptions)]
        rows.append((case.title, f"{base.total:,}", *shares, len(base.uncovered)))
    return rows
