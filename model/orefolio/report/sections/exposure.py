"""Whom the plan depends on: the share of each country in what enters the chain, by element and year.

The map has the last year's shares; the bars beside it have three years.
"""

from __future__ import annotations

from typing import Any

from ..colours import colours
from ..drawing import COLOURS, GREY, axis, layout
from ..reading import Read, number
from ..section import Figure, Part, Section, Table
from ..words import country, label, named, percent, wrapped
from ..world import figure, unmapped

CHINA, STAGE = "CN", "all stages"
SUMS = ("heavy elements", "all elements")
MOST_COUNTRIES = 7
YEARS = ("#B3B3B3", "#737373", "#1A1A1A")
"""Greys of three years, the last the darkest: a colour is a country's."""
Shares = dict[int, dict[str, dict[str, float]]]


def shares(read: Read) -> Shares:
    """Share of each country in an element, expected: year to element to ISO code to share."""
    found: Shares = {}
    for row in read.expected("dependence"):
        if row["stage"] == STAGE:
            found.setdefault(int(row["year"]), {}).setdefault(row["element"], {})[row["country"]] = number(row["share"])
    return dict(sorted(found.items()))


def answer(read: Read) -> Part:
    """The greatest supplier of each element, and how China's share moves."""
    found = shares(read)
    if not found:
        return Part([], [Figure("The run holds no table of dependence.")])
    first, last = min(found), max(found)
    middle = min(found, key=lambda year: abs(year - (first + last) // 2))
    years = list(dict.fromkeys((first, middle, last)))
    return Part(
        _sentences(read, found, years),
        [_map(found, years[-1]), _countries(found, years), _elements(read, found, years[-1]), _china(read, found)],
    )


def _elements_of(found: Shares) -> list[str]:
    every = list(dict.fromkeys(element for by in found.values() for element in by))
    return [name for name in every if name not in SUMS]


def _sentences(read: Read, found: Shares, years: list[int]) -> list[str]:
    told = []
    for year in dict.fromkeys((years[0], years[-1])):
        greatest = []
        for element in _elements_of(found):
            by = found[year].get(element) or {}
            if any(by.values()):
                code = max(by, key=lambda name: by[name])
                greatest.append((by[code], f"{read.element(element)} from {country(code)} {percent(by[code])}"))
        names = [words for _, words in sorted(greatest, reverse=True)]
        told.append(
            f"The greatest supplier of each element in {year}, the most concentrated first: {named(names, 12)}."
        )
    mean = {year: _mean(found[year]) for year in (years[0], years[-1])}
    least, most = (mean[year].get(CHINA, 0.0) for year in (years[0], years[-1]))
    told.append(
        f"Taken over the elements alike, {percent(least)} of {years[0]}'s supply is bought or made in China, and "
        f"{percent(most)} of {years[-1]}'s. This is the direct origin: who sells, not where the ore was dug."
    )
    return told


def _mean(by: dict[str, dict[str, float]]) -> dict[str, float]:
    """Share of each country, every element counted alike."""
    elements = [name for name in by if name not in SUMS and any(by[name].values())]
    found: dict[str, float] = {}
    for element in elements:
        for code, share in by[element].items():
            found[code] = found.get(code, 0.0) + share / len(elements)
    return found


def _map(found: Shares, year: int) -> Figure:
    """The world by the mean share of each country in a year."""
    mean = {code: share for code, share in _mean(found[year]).items() if share > 0 or code == CHINA}
    told = (
        f"Share of each country in what enters the chain in {year}, every element counted alike; a dot is a country "
        f"too small to see. {unmapped(mean)}"
    )
    return Figure(told.strip(), figure(mean, f"mean share over the elements in {year}"))


def _countries(found: Shares, years: list[int]) -> Figure:
    """Countries by their mean share in some years."""
    mean = {year: _mean(found[year]) for year in years}
    every = {code for by in mean.values() for code, share in by.items() if share > 0.0005} | {CHINA}
    codes = sorted(every, key=lambda code: max(by.get(code, 0.0) for by in mean.values()))
    bars: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "name": str(year), "marker": {"color": colour},
         "y": [label(country(code)) for code in codes], "x": [by.get(code, 0.0) for code in codes],
         "hovertemplate": "%{y}: %{x:.1%}"}
        for (year, by), colour in reversed(list(zip(mean.items(), YEARS, strict=False)))
    ]  # fmt: skip
    look = layout(
        len(codes) * 2, barmode="group", yaxis={"automargin": True, "dtick": 1},
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "reversed"},
        xaxis=axis("mean share over the elements", tickformat=".0%"),
    )  # fmt: skip
    told = (
        f"Share of each country in what enters the chain, every element counted alike, {named(list(map(str, years)))}."
    )
    rows = [[country(code), code, *(percent(mean[year].get(code, 0.0)) for year in years)] for code in reversed(codes)]
    return Figure(told, {"data": bars, "layout": look}, Table(told, ("country", "code", *map(str, years)), rows))


def _elements(read: Read, found: Shares, year: int) -> Figure:
    """Bars of elements, parted by country."""
    by = {name: found[year].get(name, {}) for name in reversed(_elements_of(found))}
    mean = _mean(found[year])
    ranked = [code for code in sorted(mean, key=lambda code: -mean[code]) if code != CHINA and mean[code] > 0]
    shown = [CHINA, *ranked[:MOST_COUNTRIES]]
    own = colours(read)
    shown = [code for code in shown if code in own]
    traces = [(country(code), [values.get(code, 0.0) for values in by.values()], own[code]) for code in shown]
    rest = [sum(share for code, share in values.items() if code not in shown) for values in by.values()]
    if any(share > 0 for share in rest):
        traces.append(("other countries", rest, GREY))
    names = [wrapped(read.element(name)) for name in by]
    bars: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "name": label(name), "x": values, "y": names,
         "marker": {"color": colour}, "hovertemplate": "%{y}: %{x:.1%}"}
        for name, values, colour in traces
    ]  # fmt: skip
    look = layout(
        2 * len(by), barmode="stack", yaxis={"automargin": True, "type": "category", "dtick": 1},
        xaxis=axis(f"share in {year}", tickformat=".0%", range=[0, 1]),
    )  # fmt: skip
    told = f"Where each element comes from in {year}, expected over the futures."
    rows = [[read.element(name), *(percent(values.get(code, 0.0)) for code in shown), percent(other)]
            for (name, values), other in zip(by.items(), rest, strict=True)]  # fmt: skip
    headings = ("element", *map(country, shown), "others")
    return Figure(told, {"data": bars, "layout": look}, Table(told, headings, list(reversed(rows))))


def _china(read: Read, found: Shares) -> Figure:
    years = list(found)
    dashes = ("solid", "dash", "dot", "dashdot")
    lines: list[dict[str, Any]] = []
    elements = _elements_of(found)
    for place, name in enumerate(elements):
        share = [found[year].get(name, {}).get(CHINA, 0.0) for year in years]
        line = {"color": COLOURS[place % len(COLOURS)], "dash": dashes[place // len(COLOURS) % len(dashes)]}
        lines.append({"type": "scatter", "mode": "lines+markers", "name": label(read.element(name), 44),
                      "x": years, "y": share,
                      "line": line, "hovertemplate": "%{x}: %{y:.1%}"})  # fmt: skip
    look = layout(yaxis=axis("share of China", tickformat=".0%", rangemode="tozero"), xaxis=axis("", dtick=1))
    told = "Share of China in what enters the chain, by element and year, expected over the futures."
    rows = [
        [read.element(name), *(percent(found[year].get(name, {}).get(CHINA, 0.0)) for year in years)]
        for name in elements
    ]
    return Figure(told, {"data": lines, "layout": look}, Table(told, ("element", *map(str, years)), rows))


SECTION = Section("exposure", "Whom are we exposed to?", answer)
