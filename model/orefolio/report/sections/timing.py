"""When: supply by year, what lies in stock, and which commitment comes when and may come how late."""

from __future__ import annotations

from typing import Any

from ..colours import colours
from ..drawing import BLUE, COLOURS, GREEN, GREY, ORANGE, PURPLE, axis, layout
from ..reading import Read, Rows, number
from ..section import Figure, Part, Section, Table
from ..words import amount, capital, count, country, label, lines, named, wrapped
from .todo import COMMON

MOST_PILES = 8
LEAST_T = 0.05
KINDS = {"contract": BLUE, "project": ORANGE, "programme": GREEN, "tranche": PURPLE}


def answer(read: Read) -> Part:
    """Supply, stock and commitments over time."""
    piles = _piles(read)
    return Part(_sentences(read, piles), [_supply(read), *_stock(read, piles), _commitments(read)])


def _sentences(read: Read, piles: dict[str, dict[str, tuple[float, float]]]) -> list[str]:
    told: list[str] = []
    for name, moments in piles.items():
        when = max(moments, key=lambda moment: moments[moment][0])
        peak, days = moments[when]
        begin = moments[min(moments)][0]
        if len(told) < MOST_PILES:
            cover = f", {days:,.0f} days of demand" if days > 0 else ""
            told.append(f"{name} from {amount(begin)} t to {amount(peak)} t by {when}{cover}")
    found = [f"On the trunk's own course stocks grow to their peaks: {'; '.join(told)}."] if told else []
    rows = [row for row in read.rows("portfolio") if row["branch"] in COMMON and row["latest_date"]]
    last = [row["name"] for row in rows if row["date"] == row["latest_date"]]
    if last:
        found.append(f"No later date was open for {named(last)}.")
    return found or ["The plan holds no stock, and no commitment of it has a last date."]


def _supply(read: Read) -> Figure:
    """What enters the chain each year, by country, with what is short."""
    rows = [row for row in read.rows("supply") if row["enters_chain"] == "yes"]
    by = read.mean(rows, "t", "country", "year")
    if not by:
        return Figure("Nothing enters the chain in this plan.")
    years = read.years
    whole: dict[str, float] = {}
    for (code, _), tonnes in by.items():
        whole[code] = whole.get(code, 0.0) + tonnes
    ranked = sorted(whole, key=lambda code: -whole[code])
    own = colours(read)
    shown, rest = [code for code in ranked if code in own], [code for code in ranked if code not in own]
    traces = [(country(code), [by.get((code, str(year)), 0.0) for year in years], own[code]) for code in shown]
    if rest:
        others = [sum(by.get((code, str(year)), 0.0) for code in rest) for year in years]
        traces.append(("other countries", others, GREY))
    bars: list[dict[str, Any]] = [
        {"type": "bar", "name": label(name), "x": years, "y": values, "marker": {"color": colour},
         "hovertemplate": "%{x}: %{y:,.4~s} t"}
        for name, values, colour in traces
    ]  # fmt: skip
    look = layout(
        barmode="stack", xaxis=axis("", dtick=1), yaxis=axis("t of element a year, as oxide", tickformat=",~s")
    )
    told = "Supply new to the chain by year and country, expected over the futures."
    cells = [[country(code), *(amount(by.get((code, str(year)), 0.0)) for year in years)] for code in ranked]
    return Figure(told, {"data": bars, "layout": look}, Table(told, ("t a year", *map(str, years)), cells))


def _piles(read: Read) -> dict[str, dict[str, tuple[float, float]]]:
    """Stockpiles on the trunk's own course, the fullest by days first: name to month to tonnes and days of cover."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in read.rows("stock"):
        if row["future"] == read.record["trunk"]:
            moments = found.setdefault(row["name"], {})
            tonnes, days = moments.get(row["until"], (0.0, 0.0))
            moments[row["until"]] = (tonnes + number(row["stock_t"]), days + number(row["days_of_cover"]))
    used = {name: moments for name, moments in found.items() if max(t for t, _ in moments.values()) > LEAST_T}
    return dict(sorted(used.items(), key=lambda item: -max(days for _, days in item[1].values())))


def _stock(read: Read, piles: dict[str, dict[str, tuple[float, float]]]) -> list[Figure]:
    """Days of cover, and a line that tells where stocks have no demand to be held against."""
    if not piles:
        return [Figure("No stock lies in any stockpile on the trunk's own course.")]
    months = sorted({month for moments in piles.values() for month in moments})
    covered = {name: moments for name, moments in piles.items() if any(days > 0 for _, days in moments.values())}
    told = f"Stock in days of the demand it covers, on the trunk's own course ({read.record['trunk']})."
    rows = [[name, *(_held(moments.get(month)) for month in months)] for name, moments in piles.items()]
    table = Table("Tonnes in stock, and days of cover", ("stockpile", *months), rows)
    if not covered:
        return [Figure("No stockpile is measured in days of demand; the table has its tonnes.", table=table)]
    drawn: list[dict[str, Any]] = []
    for place, (name, moments) in enumerate(list(covered.items())[: len(COLOURS)]):
        points = sorted(moments.items())
        drawn.append({"type": "scatter", "mode": "lines+markers", "name": label(name),
                      "line": {"color": COLOURS[place]}, "marker": {"symbol": place},
                      "x": [month for month, _ in points], "y": [days for _, (_, days) in points],
                      "customdata": [t for _, (t, _) in points],
                      "hovertemplate": "%{x}: %{y:,.0f} days, %{customdata:,.4~s} t"})  # fmt: skip
    if len(covered) > len(drawn):
        told += f" The {len(drawn)} largest of {len(covered)} are drawn."
    look = layout(xaxis=axis("", type="date"), yaxis=axis("days of cover", rangemode="tozero"))
    return [Figure(told, {"data": drawn, "layout": look}, table)]


def _held(moment: tuple[float, float] | None) -> str:
    if moment is None:
        return ""
    tonnes, days = moment
    return f"{amount(tonnes)} t" + (f", {days:,.0f} d" if days > 0 else "")


def _commitments(read: Read) -> Figure:
    """A line from each commitment on the trunk to its last useful date, and a bar while it is built."""
    rows = [row for row in read.rows("portfolio") if row["branch"] in COMMON]
    rows = sorted(rows, key=lambda row: (row["date"], row["kind"], row["name"]))
    if not rows:
        return Figure("The plan commits to nothing on the trunk, so that there is no time line.")
    rank = {key: place for place, key in enumerate(dict.fromkeys((row["kind"], row["id"]) for row in rows))}
    places = [rank[row["kind"], row["id"]] for row in rows]
    names = {place: wrapped(capital(row["name"]), 40) for row, place in zip(rows, places, strict=True)}
    ready = _ready(read, rows)
    traces = [*_spans(rows, places, ready), *_marks(rows, places)]
    ticks = {"tickmode": "array", "tickvals": [*names], "ticktext": [*names.values()], "automargin": True,
             "range": [len(rank) - 0.5, -0.5]}  # fmt: skip
    look = layout(lines([*names.values()]), xaxis=axis("", type="date", range=_horizon(read)), yaxis=ticks)
    told = (
        f"{capital(count(len(rows), 'commitment'))} made whatever comes: when each is made, until when it could wait "
        "and still help before the horizon, and until when it is built or delivers first."
    )
    table = Table(
        "Commitments, their last dates, and when they deliver first",
        ("date", "latest date", "delivers from", "kind", "what"),
        [[row["date"], row["latest_date"], first, row["kind"], capital(row["name"])]
         for row, first in zip(rows, ready, strict=True)],
    )  # fmt: skip
    return Figure(told, {"data": traces, "layout": look}, table)


def _horizon(read: Read) -> list[str]:
    """The horizon with half a year before it, so that the first mark is whole."""
    first, last = (str(day) for day in read.record["case"]["horizon"])
    return [f"{int(first[:4]) - 1}-07", last[:7]]


def _spans(rows: Rows, places: list[int], ready: list[str]) -> list[dict[str, Any]]:
    """A dotted line until the last of each may wait, a thick one until each delivers. places: the line of each row."""
    waits: dict[int, tuple[str, str]] = {}
    for row, place in zip(rows, places, strict=True):
        start, end = waits.get(place, (row["date"], row["date"]))
        waits[place] = min(start, row["date"]), max(end, row["latest_date"] or row["date"])
    dotted = [point for start, end in waits.values() for point in (start, end, None)]
    return [
        {"type": "scatter", "mode": "lines", "x": dotted, "y": _each(list(waits)),
         "line": {"color": "#666666", "width": 2, "dash": "dot"}, "name": "may wait until", "hoverinfo": "skip"},
        {"type": "scatter", "mode": "lines", "x": _pairs(rows, ready), "y": _each(places), "connectgaps": False,
         "line": {"color": GREY, "width": 7}, "opacity": 0.6, "name": "until it delivers", "hoverinfo": "skip"},
    ]  # fmt: skip


def _marks(rows: Rows, places: list[int]) -> list[dict[str, Any]]:
    """A mark for each commitment, coloured and shaped by its kind."""
    marks: list[dict[str, Any]] = []
    for symbol, (kind, colour) in enumerate(KINDS.items()):
        mine = [(row, place) for row, place in zip(rows, places, strict=True) if row["kind"] == kind]
        if mine:
            text = [f"{label(row['name'])}: {row['date']}, at the latest {row['latest_date'] or 'not known'}"
                    for row, _ in mine]  # fmt: skip
            marks.append({"type": "scatter", "mode": "markers", "name": kind, "x": [row["date"] for row, _ in mine],
                          "y": [place for _, place in mine], "text": text, "hoverinfo": "text",
                          "marker": {"color": colour, "size": 10, "symbol": symbol}})  # fmt: skip
    return marks


def _ready(read: Read, rows: Rows) -> list[str]:
    """The month from which each commitment delivers; blank where no table says."""
    contracts = {(row["contract"], row["signed"]): row["first_delivery"] for row in read.rows("contracts")}
    leads = {row["project"]: row["lead_time_years"] for row in read.rows("projects")}
    leads |= {f"{row['programme']}/{row['level']}": row["lead_time_years"] for row in read.rows("programmes")}
    found = []
    for row in rows:
        if row["kind"] == "contract":
            found.append(contracts.get((row["id"], row["date"]), ""))
        else:
            found.append(_later(row["date"], number(leads[row["id"]])) if row["id"] in leads else "")
    return found


def _later(month: str, years: float) -> str:
    months = int(month[:4]) * 12 + int(month[5:7]) - 1 + round(12 * years)
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _pairs(rows: Rows, ends: list[str]) -> list[str | None]:
    """Begin and end of a line for each row, parted by a gap."""
    return [point for row, end in zip(rows, ends, strict=True) for point in (row["date"], end or row["date"], None)]


def _each(places: list[int]) -> list[int | None]:
    return [point for place in places for point in (place, place, None)]


SECTION = Section("timing", "When does it happen?", answer)
