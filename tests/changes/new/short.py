"""What goes short, and in which future most."""

from __future__ import annotations

from ..reading import Read, number
from ..section import Part, Section, Table
from ..words import amount


def answer(read: Read) -> Part:
    """Tonnes of each demand that are expected to be missing, by the weights of the futures."""
    tonnes = read.mean(read.rows("shortage"), "short_t", "name")
    if not tonnes:
        return Part(["Nothing goes short in any future."])
    future = read.mean(read.rows("shortage"), "short_t", "future")
    (worst,) = max(future, key=lambda key: future[key] / read.weights[key[0]])
    short = sum(number(row["short_t"]) for row in read.rows("shortage") if row["future"] == worst)
    said = f"{amount(sum(tonnes.values()))} t are expected to be short; most, {amount(short)} t, in {worst}."
    rows = [[name, amount(expected)] for (name,), expected in tonnes.items()]
    return Part([said], tables=[Table("What is expected to be short", ("good", "t"), rows)])


SECTION = Section("short", "What goes short?", answer)
