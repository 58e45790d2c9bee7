"""What the plan costs, part by part, and against committing to nothing."""

from __future__ import annotations

from typing import Any

from ..drawing import BLACK, BLUE, GREEN, GREY, ORANGE, axis, layout
from ..reading import Read, number
from ..section import Figure, Part, Section, Table
from ..words import exact, label, named, percent

SMALL = 0.002
"""Parts under this share of the greatest are drawn together."""


def answer(read: Read) -> Part:
    """The greatest parts of expected cost, what pays back, and the bill of committing to nothing."""
    parts: dict[str, float] = {}
    for row in read.expected("cost"):
        parts[row["name"]] = parts.get(row["name"], 0.0) + number(row["cost_musd"])
    if not parts:
        return Part([], [Figure("The run holds no table of cost.")])
    ranked = dict(sorted(parts.items(), key=lambda item: -item[1]))
    total = sum(parts.values())
    return Part([*_sentences(read, ranked, total)], [_waterfall(read, ranked, total)], folded=_by_year(read, ranked))


def _sentences(read: Read, ranked: dict[str, float], total: float) -> list[str]:
    spent = {name: musd for name, musd in ranked.items() if musd > 0}
    gross = sum(spent.values())
    told = [f"{name} {exact(musd)} ({percent(musd / gross)})" for name, musd in list(spent.items())[:4]]
    found = [f"Of {exact(gross)} million USD, the greatest parts are {named(told)}."] if told else []
    if "shortage" in spent:
        found.append("Shortage is the worth of goods that are missing, not money paid.")
    back = [f"{name} {exact(-musd)}" for name, musd in reversed(ranked.items()) if musd < 0]
    if back:
        found.append(f"What comes back: {named(back)} million USD. This leaves {exact(total)}.")
    nothing = read.record["nothing_musd"]
    if nothing is None:
        note = read.record.get("saving_note") or "it was not asked for"
        found.append(f"What committing to nothing would cost is not known: {note}.")
    else:
        saved = percent(1 - total / nothing if nothing else 0.0)
        found.append(
            f"Committing to nothing, and so going on with what is in force, would cost at least {exact(nothing)} "
            f"million USD: the plan's commitments save {saved} or more of it."
        )
    found.append("Cost of today's purchases is not held by a run; what is new is held against committing to nothing.")
    return found


def _waterfall(read: Read, ranked: dict[str, float], total: float) -> Figure:
    most = max(map(abs, ranked.values()))
    large = {name: musd for name, musd in ranked.items() if abs(musd) >= SMALL * most}
    rest = total - sum(large.values())
    shown = large | ({"all the rest": rest} if len(large) < len(ranked) else {})
    names, values = [*shown, "the plan"], [*shown.values(), total]
    measures = [*("relative" for _ in shown), "total"]
    nothing = read.record["nothing_musd"]
    bars: list[dict[str, Any]] = [
        {
            "type": "waterfall", "orientation": "h", "x": values, "y": list(map(label, names)), "measure": measures,
            "increasing": {"marker": {"color": ORANGE}}, "decreasing": {"marker": {"color": GREEN}},
            "totals": {"marker": {"color": BLUE}}, "connector": {"line": {"color": GREY, "width": 1}},
            "text": list(map(exact, values)), "textposition": "auto", "hoverinfo": "y+text", "name": "the plan",
        }
    ]  # fmt: skip
    if nothing is not None:
        bars.append({
            "type": "bar", "orientation": "h", "x": [nothing], "y": ["no commitment, at least"],
            "name": "no commitment",
            "marker": {"color": BLACK}, "text": [exact(nothing)], "textposition": "auto", "hoverinfo": "y+text",
        })  # fmt: skip
        names.append("no commitment, at least")
    look = layout(
        len(names), showlegend=False, xaxis=axis("discounted million USD, expected over the futures", tickformat=","),
        yaxis={"autorange": "reversed", "automargin": True},
    )  # fmt: skip
    told = (
        f"From the first dollar to {exact(total)} million USD: what adds to the expected cost, and what takes from it."
    )
    rows = [[name, exact(musd)] for name, musd in ranked.items()] + [["the plan", exact(total)]]
    if nothing is not None:
        rows.append(["committing to nothing, at least", exact(nothing)])
    return Figure(told, {"data": bars, "layout": look}, Table("Expected cost by part", ("part", "million USD"), rows))


def _by_year(read: Read, ranked: dict[str, float]) -> list[Table]:
    years = sorted({int(row["year"]) for row in read.expected("cost")})
    cells = {(row["name"], int(row["year"])): exact(number(row["cost_musd"])) for row in read.expected("cost")}
    rows = [[name, *(cells.get((name, year), "0") for year in years)] for name in ranked]
    return [Table("Expected cost by part and year, discounted million USD", ("part", *map(str, years)), rows)]


SECTION = Section("cost", "What does it cost, and why?", answer)
