"""What to sign and to start, by date, with its cost and what is proved."""

from __future__ import annotations

from collections.abc import Iterable

from ..reading import Read, Rows, number
from ..section import Part, Section, Table
from ..words import amount, capital, count, exact, named, percent

COMMON = ("every future", "trunk")
"""Branches whose decisions are not made in some futures only."""
DONE = {"contract": "sign", "tranche": "buy", "project": "start", "programme": "decide"}
HEADINGS = (
    "date", "latest date", "do", "what", "size", "unit", "outlay, million USD", "of it public",
    "expected cost, million USD", "in which futures",
)  # fmt: skip


def answer(read: Read) -> Part:
    """The decisions of the first year, those that come later, and the cost of all with what is proved of it."""
    rows = sorted(read.rows("portfolio"), key=lambda row: (row["date"], row["kind"], row["id"]))
    year = str(read.record["case"]["horizon"][0])[:4]
    first = [row for row in rows if row["date"][:4] == year]
    later = [row for row in rows if row["date"][:4] != year]
    sentences = [*_to_do(first, later, year), *_cost(read), *_proof(read)]
    tables = [Table(f"To decide in {year}", HEADINGS, _cells(first))] if first else []
    folded = [Table("To decide later, by date", HEADINGS, _cells(later))] if later else []
    return Part(sentences, tables=tables, folded=folded, marks=_marks(read))


def _to_do(first: Rows, later: Rows, year: str) -> Iterable[str]:
    if not first and not later:
        yield "The plan commits to nothing: it goes on with what is in force."
        return
    for kind, verb in DONE.items():
        names = list(dict.fromkeys(row["name"] for row in first if row["kind"] == kind))
        if names:
            yield f"In {year} {verb} {named(names, 12)}."
    if not first:
        yield f"Nothing is to be decided in {year}."
    if later:
        sure = len({(row["kind"], row["id"]) for row in later if row["branch"] in COMMON})
        every = len({(row["kind"], row["id"]) for row in later})
        yield (
            f"Of what comes later, {count(sure, 'decision')} on the common trunk and {count(every - sure, 'decision')} "
            "that some futures alone call for, the table gives the dates; those can wait until the time is told."
        )


def _cost(read: Read) -> Iterable[str]:
    record = read.record
    yield (
        f"The plan is expected to cost {exact(record['expected_cost_musd'])} million USD over "
        f"{record['case']['horizon'][0][:4]}–{int(record['case']['horizon'][1][:4]) - 1}, discounted."
    )
    worst = record["worst"]
    if len(record["futures"]) > 1:
        name = read.future_names.get(worst["future"], worst["future"])
        yield (
            f"Its worst future, “{name}” ({worst['future']}), costs {exact(worst['cost_musd'])} million USD, and "
            f"{amount(worst['short_t'])} t are short there."
        )
    if record["saving_musd"] is not None:
        yield f"Committing to nothing would cost at least {exact(record['saving_musd'])} million USD more."


def _proof(read: Read) -> Iterable[str]:
    record = read.record
    if record["abs_gap"] is not None:
        done = "" if record["status"] == "optimal" else " The search was stopped before the gap that was asked for."
        risk = record["risk"]["objective"]
        of = "" if risk == "expected cost" else f" of its objective, the {risk}"
        yield (
            f"Proved: no plan is better by more than {exact(record['abs_gap'])} million USD ({percent(record['gap'])})"
            f"{of}.{done}"
        )
    else:
        yield "Nothing is proved of how good the plan is: the search was stopped before it had a bound."
    audit = record["audit"]
    if not audit:
        yield "The plan was not audited."
    elif audit["passed"]:
        yield f"The independent audit recomputed {audit['items']:,} statements in {audit['checks']} checks; all hold."
    else:
        failed = named(list(map(str, audit["failed_checks"])))
        yield f"Do not use this plan: the independent audit disagrees with it ({failed})."


def _marks(read: Read) -> list[tuple[str, str]]:
    record = read.record
    marks = [("expected cost, million USD", exact(record["expected_cost_musd"]))]
    if record["abs_gap"] is not None:
        marks.append(("proved gap, million USD", exact(record["abs_gap"])))
    if len(record["futures"]) > 1:
        marks.append(("worst future, million USD", exact(record["worst"]["cost_musd"])))
    if record["saving_musd"] is not None:
        marks.append(("saved against no commitment, at least, million USD", exact(record["saving_musd"])))
    audit = record["audit"]
    marks.append(("audit", "none" if not audit else "all checks hold" if audit["passed"] else "disagrees"))
    return marks


def _cells(rows: Rows) -> list[list[str | None]]:
    return [
        [
            row["date"],
            row["latest_date"],
            DONE.get(row["kind"], row["kind"]),
            capital(row["name"]),
            percent(number(row["size"])) if row["kind"] == "tranche" else amount(number(row["size"])),
            row["unit"],
            amount(number(row["capital_musd"])),
            amount(number(row["public_musd"])),
            exact(number(row["cost_musd"])),
            row["branch"] if row["branch"] in COMMON else f"{row['branch']} ({percent(number(row['probability']))})",
        ]
        for row in rows
    ]


SECTION = Section("todo", "What is to be done?", answer)
