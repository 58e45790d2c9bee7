"""Where the material comes from and which way it takes: a Sankey diagram from mine to use, by class."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ..chain import Chain, Flow, Link
from ..colours import colours
from ..drawing import GREY, dropdown, layout
from ..reading import Read, number
from ..section import Figure, Part, Section, Table
from ..words import amount, capital, country, label, named, percent

MOST_LINKS = 60
LARGE = 0.3
"""Of the greatest link: what a node must pass on so that its name stands in two lines."""
FREE, TAGGED, MIXED = "rgba(0,114,178,0.40)", "rgba(213,94,0,0.45)", "rgba(130,130,130,0.40)"
ALL = "all elements"
Values = dict[Link, dict[Hashable, float]]


def answer(read: Read) -> Part:
    """The origin of what enters the chain, a diagram of every year, and one of every element."""
    flows = list(Chain(read).flows())
    if not flows:
        return Part(_shares(read), [Figure("No flow of this plan holds an element, so that there is no way to draw.")])
    years, elements = read.years, list(dict.fromkeys(flow.element for flow in flows))
    span = f"{years[0]}–{years[-1]}"
    told = (
        f"The way of the material from mine to use, tonnes of element as oxide, expected over the futures; {span} on "
        "average, or a year of the menu. "
    )
    figures = [Figure(f"{told}{legend(read)}; the table has all.", *way(read, flows, years))]
    if len(elements) > 1:
        by_element = _summed(flows, lambda flow: flow.element)
        told = f"The same for one element of the menu, {read.element(elements[0])} first, on average over {span}."
        drawn = _sankey(read, by_element, elements, len(years))
        figures.append(Figure(told, drawn, _table(by_element, elements, len(years))))
    return Part(_shares(read), figures)


def way(read: Read, flows: list[Flow], years: list[int]) -> tuple[dict[str, Any], Table]:
    """The diagram of flows, their mean over all years first and each year in its menu, and its table."""
    by_year = _summed(flows, lambda flow: flow.year)
    span = f"{years[0]}–{years[-1]}"
    return _sankey(read, by_year, years, len(years), span), _table(by_year, years)


def _shares(read: Read) -> list[str]:
    """The greatest origins in the first and the last year."""
    rows = [row for row in read.expected("dependence") if row["stage"] == "all stages" and row["element"] == ALL]
    if not rows:
        return ["The run holds no table of origins."]
    shares = {(int(row["year"]), row["country"]): number(row["share"]) for row in rows}
    years = sorted({year for year, _ in shares})
    found = []
    for year in dict.fromkeys((years[0], years[-1])):
        ranked = sorted(((share, code) for (when, code), share in shares.items() if when == year), reverse=True)
        told = [f"{country(code)} {percent(share)}" for share, code in ranked[:4] if share > 0]
        found.append(f"Of the tonnes that enter the chain in {year}, counted once: {named(told)}.")
    return found


def _summed(flows: list[Flow], key: Callable[[Flow], Hashable]) -> Values:
    """Tonnes of each link by year or by element."""
    found: Values = {}
    for flow in flows:
        values = found.setdefault(flow.link, {})
        values[key(flow)] = values.get(key(flow), 0.0) + flow.tonnes
    return dict(sorted(found.items(), key=lambda item: -sum(item[1].values())))


def _sankey(read: Read, links: Values, menu: list[Any], years: int, first: str = "") -> dict[str, Any]:
    """menu: years or elements to pick. years: over how many a mean is taken. first: that mean, before the menu."""
    shown = _without_circles(list(links))[:MOST_LINKS]
    nodes = list(dict.fromkeys(name for link in shown for name in (link.start, link.end)))
    place = {name: number for number, name in enumerate(nodes)}
    values = [[links[link].get(entry, 0.0) / (1 if first else years) for link in shown] for entry in menu]
    names = [read.element(str(entry)) for entry in menu]
    if first:
        values = [[sum(links[link].values()) / years for link in shown], *values]
        names = [first, *names]
    trace = {
        "type": "sankey", "arrangement": "snap", "valueformat": ",.3~s", "valuesuffix": " t/year",
        "node": {"label": [_label(name, links, shown) for name in nodes],
                 "color": [_colour(read, name) for name in nodes],
                 "pad": 14, "thickness": 14, "line": {"width": 0}},
        "link": {"source": [place[link.start] for link in shown], "target": [place[link.end] for link in shown],
                 "value": values[0], "color": [_shade(_tagged(read), link.class_) for link in shown],
                 "label": [label(link.class_) for link in shown]},
    }  # fmt: skip
    menus = dropdown(list(map(label, names)), [{"link.value": value} for value in values])
    look = layout(height=max(420, 26 * len(nodes)), updatemenus=menus, margin={"t": 50, "b": 20, "l": 10, "r": 10})
    return {"data": [trace], "layout": look}


def _without_circles(links: list[Link]) -> list[Link]:
    """The links but those that would close a circle with greater ones, such as metal that is shipped to and fro."""
    onward: dict[str, set[str]] = {}
    kept = []
    for link in links:
        reached, ahead = set[str](), [link.end]
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead += onward.get(name, ())
        if link.start not in reached:
            onward.setdefault(link.start, set()).add(link.end)
            kept.append(link)
    return kept


def _label(node: str, links: Values, shown: list[Link]) -> str:
    """The name of a node; of a large one in two lines, so that it stands clear of the next one's."""
    flows = [(link, sum(links[link].values())) for link in shown]
    through = max(sum(t for link, t in flows if getattr(link, end) == node) for end in ("start", "end"))
    name = label(capital(node))
    if through < LARGE * max(t for _, t in flows):
        return name
    return name.replace(", ", ",<br>").replace(" in ", " in<br>")


def _tagged(read: Read) -> Mapping[str, bool]:
    return {row["class"]: bool(row.get("tags")) for row in read.case_rows("classes")}


def _shade(tagged: Mapping[str, bool], class_: str) -> str:
    return MIXED if class_ not in tagged else TAGGED if tagged[class_] else FREE


def legend(read: Read) -> str:
    """What the colours of the diagram mean."""
    names = _tagged(read)
    free, tagged = ([name for name in names if names[name] == wanted] for wanted in (False, True))
    told = f"Blue: {named(free)}" + (f"; orange: {named(tagged)}, which bears a tag" if tagged else "")
    return f"{told}; grey: of no class, as scrap. At most {MOST_LINKS} links are drawn, none that runs in a circle"


def _colour(read: Read, node: str) -> str:
    """That of the country at the end of a node's name."""
    found = [colour for code, colour in colours(read).items() if node.endswith(country(code))]
    return found[0] if found else GREY


def _table(links: Values, menu: list[Any], years: int = 1) -> Table:
    rows = [
        [
            capital(link.start),
            capital(link.end),
            link.class_,
            *(amount(values.get(entry, 0.0) / years) for entry in menu),
        ]
        for link, values in links.items()
    ]
    return Table("Tonnes of element a year, as oxide", ("from", "to", "class", *map(str, menu)), rows)


SECTION = Section("origin", "Where does it come from?", answer)
