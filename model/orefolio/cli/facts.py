"""Show the register of facts: value, range, unit, source, and where sources disagree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from orefolio.cli.output import Output, aligned, pass_output

if TYPE_CHECKING:
    from orefolio.facts import Article, Conflict, Fact, Facts, Quantity, Source

SCHEMA = "orefolio/facts/1"
WIDTH = 64


@click.command()
@click.argument("fact_id", metavar="[ID]", required=False)
@click.option("--rules", is_flag=True, help="Only facts that state a rule or a licence.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def facts(output: Output, fact_id: str | None, rules: bool, as_json: bool) -> None:
    """List the facts by subject, or show everything about the one with that ID.

    An ID that is not known ends with exit code 2 and the nearest ones.
    """
    from orefolio.facts import load_facts

    if fact_id and rules:
        raise click.UsageError("An ID and --rules exclude each other.")
    register = load_facts()
    chosen = [register.find(fact_id)] if fact_id else [fact for fact in register.values() if fact.is_rule or not rules]
    if as_json:
        output.answer_json(SCHEMA, _content(register, chosen))
    elif fact_id:
        output.answer(_page(register, chosen[0]))
    else:
        output.answer(_list(chosen))


def _content(register: Facts, chosen: list[Fact]) -> dict[str, object]:
    """The facts with the sources, articles and conflicts they name, each once."""
    from orefolio.facts import by_subject

    sources, articles, conflicts = _named(register, chosen)
    return {
        "count": len(chosen),
        "subjects": {subject: len(group) for subject, group in by_subject(chosen).items()},
        "facts": [asdict(fact) for fact in chosen],
        "sources": {source.key: asdict(source) for source in sources},
        "articles": {article.id: asdict(article) for article in articles},
        "conflicts": {conflict.id: asdict(conflict) for conflict in conflicts},
    }


def _named(register: Facts, chosen: Iterable[Fact]) -> tuple[list[Source], list[Article], list[Conflict]]:
    keys = dict.fromkeys(key for fact in chosen for key in fact.source)
    ids = dict.fromkeys(fact.conflict for fact in chosen if fact.conflict)
    articles = [register.articles[key] for key in keys if key in register.articles]
    return [register.sources[key] for key in keys], articles, [register.conflicts[key] for key in ids]


def _list(chosen: list[Fact]) -> str:
    """One table; a subject's name and count stand above its facts."""
    from orefolio.facts import by_subject

    rows: list[tuple[object, ...]] = []
    for subject, group in by_subject(chosen).items():
        rows.append((f"[{subject}]", f"{len(group)} facts", "", "", "", ""))
        rows.extend(
            (fact.id, _short(fact.statement), _shown(fact.value), fact.unit, " ".join(fact.source), fact.confidence)
            for fact in group
        )
    table = aligned(("id", "statement", "value", "unit", "source", "confidence"), rows)
    return f"{table}\n\n{len(chosen)} facts. `orefolio facts ID` shows one in full."


def _page(register: Facts, fact: Fact) -> str:
    """Everything about one fact: itself, its sources spelled out, the conflict and what was chosen."""
    sources, articles, conflicts = _named(register, [fact])
    lines = [f"{fact.id} ({fact.subject})", fact.statement, "", *_values(fact), ""]
    lines += [f"source      {_cited(source)}" for source in sources]
    for article in articles:
        lines += [f"article     {_article(article)}", f"argues      {article.argues.strip()}"]
    for conflict in conflicts:
        lines += [
            "",
            f"conflict    {conflict.id}: {conflict.topic}",
            f"they say    {conflict.what_each_says}",
            f"chosen      {conflict.chosen}",
            f"why         {conflict.why}",
            f"facts       {' '.join(conflict.facts)}",
        ]
    return "\n".join(lines)


def _values(fact: Fact) -> list[str]:
    span = [_shown(end) or "open" for end in (fact.low, fact.high)]
    term = [_shown(day) or "open" for day in (fact.in_force_from, fact.in_force_to)]
    ranged = fact.low is not None or fact.high is not None
    unit = "" if fact.unit == "date" else f" {fact.unit}"
    described = (
        ("value", f"{_shown(fact.value)}{unit}" if fact.value is not None else ""),
        ("range", f"{span[0]} to {span[1]}" if ranged else ""),
        ("in force", f"{term[0]} to {term[1]}" if term != ["open", "open"] else ""),
        ("where", fact.locator),
        ("confidence", fact.confidence),
        ("used by", " ".join(fact.used_by)),
        ("checklist", fact.checklist),
    )
    return [f"{name:<12}{text}" for name, text in described if text]


def _cited(source: Source) -> str:
    parts = (source.publisher, source.title, source.date or "no date", source.kind, source.note)
    return f"{source.key}: {', '.join(part for part in parts if part)}"


def _article(article: Article) -> str:
    published = f"{article.publisher}, {article.date} (printed: {article.date_printed})"
    return f"{article.title} [{article.title_english}], {published}, file {article.file}"


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1].rstrip()}…"


def _shown(quantity: Quantity) -> str:
    """A number without needless zeros, a day as YYYY-MM-DD, nothing for nothing."""
    if quantity is None:
        return ""
    return f"{quantity:.10g}" if isinstance(quantity, float) else quantity.isoformat()
