"""What each future does to the plan: what is short, and what it costs."""

from __future__ import annotations

from typing import Any

from ..analysed import part
from ..drawing import BLUE, ORANGE, axis, layout
from ..reading import Read, Rows, number
from ..section import Figure, Part, Section, Table
from ..words import amount, capital, count, exact, lines, named, percent, wrapped

LEAST_T = 0.5
HEADINGS = (
    "future", "name", "from", "probability", "cost, million USD", "over the trunk", "short, t",
    "of it before the shock",
    "lost by shortage, million USD", "released from stock, t",
)  # fmt: skip


def answer(read: Read) -> Part:
    """Futures side by side, and the plan under futures that it was not made for where that was analysed."""
    rows = [row for row in read.rows("futures") if row["kind"] == "future"]
    stressed = part(read, "stress")
    return Part(_sentences(read, rows), [_figure(rows), *stressed.figures], folded=stressed.folded)


def _sentences(read: Read, rows: Rows) -> list[str]:
    if not rows:
        return []
    short = [row for row in rows if number(row["short_t"]) > LEAST_T]
    chance = sum(number(row["probability"]) for row in short)
    if not short:
        told = [f"Demand is served in {'the one future' if len(rows) == 1 else f'all {len(rows)} futures'}."]
    else:
        most = max(short, key=lambda row: number(row["short_t"]))
        told = [
            f"Something is short in {len(short)} of {count(len(rows), 'future')}, which have a probability of "
            f"{percent(chance)} together; most in “{most['name']}” ({most['future']}): "
            f"{amount(number(most['short_t']))} t, a loss of {exact(number(most['short_musd']))} million USD, not "
            "discounted."
        ]
    if len(rows) > 1:
        told.append(
            f"The dearest future: {worst(read)} The mean cost of the worst "
            f"{percent(1 - read.record['risk']['level'])} is {exact(read.record['tail_cost_musd'])} million USD."
        )
    return told


def worst(read: Read) -> str:
    """The dearest future: its shock, what is short after it, and what it costs; blank where there is one future."""
    rows = [row for row in read.rows("futures") if row["kind"] == "future"]
    if len(rows) < 2:
        return ""
    row = max(rows, key=lambda one: number(one["cost_musd"]))
    short, before = number(row["short_t"]), number(row["short_on_trunk_t"])
    already = f" on top of {amount(before)} t before it" if before > LEAST_T else ""
    out = number(row["released_t"])
    stock = f" Stocks give {amount(out)} t." if out > LEAST_T else ""
    return (
        f"{capital(row['name'] or row['future'])} ({row['future']}, {percent(number(row['probability']))}"
        f"{_shock(read, row['future'])}): {amount(short - before)} t are short{already}"
        f"{_goods(read, row['future'])}; {exact(number(row['extra_cost_musd']))} million USD more than if the trunk "
        f"went on.{stock}"
    )


def _shock(read: Read, future: str) -> str:
    """When the events that this future alone has begin, and how long they last."""
    rows = read.case_rows("future_events")
    common = {row["event"] for row in rows if row["future"] == read.record["trunk"]}
    own = [row for row in rows if row["future"] == future and row["event"] not in common]
    if not own or not (begin := min(row["start"] for row in own)):
        return ""
    lengths = [number(row["length_months"]) for row in own if row["length_months"]]
    return f", from {begin[:7]}" + (f" for {max(lengths):g} months" if len(lengths) == len(own) else "")


def _goods(read: Read, future: str) -> str:
    """The goods that are most short after the shock."""
    short: dict[str, float] = {}
    for row in read.rows("shortage"):
        if row["future"] == future and row["part"] != "trunk":
            short[row["name"]] = short.get(row["name"], 0.0) + number(row["short_t"])
    most = sorted((name for name in short if short[name] > LEAST_T), key=lambda name: -short[name])
    return f", most of {named(most, 2)}" if most else ""


def _figure(rows: Rows) -> Figure:
    if not rows:
        return Figure("The run holds no table of futures.")
    shown = sorted(rows, key=lambda row: (number(row["short_t"]), number(row["cost_musd"])))
    names = [f"{wrapped(row['name'] or row['future'])} ({percent(number(row['probability']))})" for row in shown]
    common = {"type": "bar", "orientation": "h", "y": names}
    bars: list[dict[str, Any]] = [
        {**common, "name": "short, t", "x": [number(row["short_t"]) for row in shown], "marker": {"color": ORANGE},
         "hovertemplate": "%{y}: %{x:,.0f} t"},
        {**common, "name": "extra cost, million USD", "x": [number(row["extra_cost_musd"]) for row in shown],
         "marker": {"color": BLUE}, "xaxis": "x2", "hovertemplate": "%{y}: %{x:,.0f} million USD"},
    ]  # fmt: skip
    look = layout(
        lines(names), yaxis={"automargin": True, "dtick": 1}, showlegend=False,
        xaxis=axis("short over the whole horizon, t", tickformat=",~s", domain=[0, 0.46], rangemode="tozero"),
        xaxis2=axis("cost over the trunk, million USD", tickformat=",", domain=[0.54, 1], anchor="y"),
    )  # fmt: skip
    told = "Each future with its probability: what is short in it, and what it costs beyond the trunk's own course."
    cells = [
        [row["future"], row["name"], row["onset"], percent(number(row["probability"])), exact(number(row["cost_musd"])),
         exact(number(row["extra_cost_musd"])), amount(number(row["short_t"])), amount(number(row["short_on_trunk_t"])),
         exact(number(row["short_musd"])), amount(number(row["released_t"]))]
        for row in rows
    ]  # fmt: skip
    return Figure(told, {"data": bars, "layout": look}, Table("The plan in each future", HEADINGS, cells))


SECTION = Section("survival", "Does it survive?", answer)
