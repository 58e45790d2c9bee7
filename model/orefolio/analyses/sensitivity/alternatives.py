"""Portfolios that cost almost as little and differ, and what every portfolio of almost least cost has or lacks.

Almost least is a cost of at most a per cent over the proved bound of the least cost. Each portfolio found differs from
the best and from the others in so many decisions; a decision is a project, contract, tranche or level of a programme
that may be committed to, wherever on the tree. A contract is in a portfolio where something is taken under it: to sign
one and never use it may cost nothing, and would be a difference on paper alone. What is in all of the portfolios, or in
none, is then proved so or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from orefolio.errors import Fault, InputError, nearest
from orefolio.program.build import build

from ..questions.answered import refuse_menu
from ..questions.decisions import Decision, decisions, used
from ..sweep.analysis import Analysis, Answer, Asked, Option, Table
from ..sweep.point import Point
from ..sweep.run import Swept
from .drawing import HOLLOW
from .words import named, number, real, whole

WITH_PLAN = ("optimal", "feasible")
LEVELS = ("none", "relaxed", "full")
MUST, AVOID, FREE, UNDECIDED = "must-have", "must-avoid", "free", "undecided"
COLORS = {MUST: "#009E73", AVOID: "#D55E00", FREE: "#0072B2", UNDECIDED: "#767676"}
TOLD = {MUST: "in all (proved)", AVOID: "in none (proved)", FREE: "in some", UNDECIDED: "not proved"}
LEAST_HEIGHT, MARGIN, ROW = 300, 130, 24  # pixels
ROUNDING = 1e-9  # share of the bound, by which the best plan may be over it where both are the same
TINY = 1e-6  # of a level, below which it is none


@dataclass
class Near:
    """Near-optimal portfolios. best: the row of the least cost; limit: million USD; found: rows, the best first.
    share: of its greatest size, from which a decision counts as made.

    ended: why no more were looked for. forced: decision to the row of its relaxation, forced in or out. levels: (way,
    decision) to its row.
    """

    best: Mapping[str, Any]
    limit: float
    share: float
    swept: Swept
    found: list[Mapping[str, Any]] = field(default_factory=list)
    ended: str = ""
    forced: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    levels: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Range:
    """What the near-optimal set allows of a decision. Levels are expected over the futures; plan_…: of plans found,
    proved_…: no portfolio of almost least cost is outside. None where it was not asked or not found."""

    name: str
    verdict: str
    unit: str
    plan_least: float | None
    plan_greatest: float | None
    proved_least: float | None
    proved_greatest: float | None


def _run(asked: Asked) -> Answer:
    within = real(asked, "within", 0.0)
    count, differ = whole(asked, "count", 0), whole(asked, "differ", 1)
    share, gap = real(asked, "counts_from", 0.0), real(asked, "level_gap", 0.0)
    how = str(asked.words["levels"])
    if how not in LEVELS:
        remedy = nearest(how, LEVELS) or f"It is one of {', '.join(LEVELS)}"
        raise InputError([Fault("--levels", repr(how), "how levels are found", remedy=remedy)])
    if share <= 0:
        raise InputError([Fault("--counts-from", str(asked.words["counts_from"]), "a share above 0")])
    case = asked.case_at(asked.point)
    refuse_menu(case)
    open_ = decisions(build(case, asked.point.grid, asked.point.futures))
    swept = asked.sweep([asked.point], (), "best")
    (best,) = swept.rows()
    if best["bound_musd"] is None or best["status"] not in WITH_PLAN:
        said = f"The case has no plan to begin with: {best['failure'] or best['status']}."
        return Answer(swept, ("point",), (), {"rows": [best]}, [said])
    limit = best["bound_musd"] + (within / 100 + ROUNDING) * abs(best["bound_musd"])
    near = Near(best, limit, share, swept)
    if best["cost_musd"] <= near.limit:
        near.found.append(best)
        _find(asked, near, count, differ)
        _force(asked, near, open_)
        _range(asked, near, open_, how, gap)
    else:
        near.ended = "the best plan's own gap is wider than --within; ask for a smaller --abs-gap or a longer time"
    return _answer(near, open_, within, count, differ)


def _within(asked: Asked, near: Near, *more: tuple[Any, ...]) -> Point:
    return replace(asked.point, questions=(("within", near.limit), *more))


def _find(asked: Asked, near: Near, count: int, differ: int) -> None:
    """One portfolio after the other, each the cheapest that differs from all before."""
    for nth in range(1, count + 1):
        apart = [("apart", differ, near.share, sorted(used(row))) for row in near.found]
        near.swept = asked.sweep([_within(asked, near, *apart)], (), f"alternative-{nth}")
        (row,) = near.swept.rows()
        if row["status"] == "infeasible":
            near.ended = "none is left: it is proved that every other portfolio costs more or differs less"
            return
        if row["status"] not in WITH_PLAN:
            near.ended = f"the next was not found: {row['failure'] or row['status']}"
            return
        near.found.append(row)


def _force(asked: Asked, near: Near, open_: Mapping[str, Decision]) -> None:
    """Relaxations with each decision forced out that is in all portfolios, or in that is in none."""
    plans = [used(row) for row in near.found]
    asks: list[tuple[str, tuple[Any, ...]]] = []
    for name in open_:
        if all(name in plan for plan in plans):
            asks.append((name, ("forced", name, "out")))
        elif not any(name in plan for plan in plans):
            asks.append((name, ("forced", name, "in", near.share)))
    if asks:
        points = [replace(asked.point, questions=(words, ("relaxed",))) for _, words in asks]
        near.swept = asked.sweep(points, (), "forced")
        near.forced = {name: row for (name, _), row in zip(asks, near.swept.rows(), strict=True)}


def _range(asked: Asked, near: Near, open_: Mapping[str, Decision], how: str, gap: float) -> None:
    """The least and the greatest level of every decision that is not ruled out."""
    names = [name for name in open_ if how != "none" and not _ruled_out(near, name)]
    asks = [(way, name) for name in names for way in ("least", "greatest")]
    if asks:
        relaxed: tuple[tuple[Any, ...], ...] = (("relaxed",),) if how == "relaxed" else ()
        points = [_within(asked, near, ("towards", way, name, gap), *relaxed) for way, name in asks]
        near.swept = asked.sweep(points, (), "levels")
        near.levels = dict(zip(asks, near.swept.rows(), strict=True))


def _ruled_out(near: Near, name: str) -> bool:
    return _exceeds(near, name) and not any(name in used(row) for row in near.found)


def _exceeds(near: Near, name: str) -> bool:
    """Whether forcing the decision the other way is proved to exceed the limit."""
    row = near.forced.get(name)
    if row is None:
        return False
    return row["status"] == "infeasible" or (row["bound_musd"] is not None and row["bound_musd"] > near.limit)


def _ranges(near: Near, open_: Mapping[str, Decision]) -> Iterator[Range]:
    for name, one in open_.items():
        least, greatest = near.levels.get(("least", name)), near.levels.get(("greatest", name))
        unit = "t/year" if one.sizes else "probability"
        levels: list[float | None] = [
            None if row is None else row[column]
            for row, column in (
                (least, "aim_value"), (greatest, "aim_value"), (least, "aim_bound"), (greatest, "aim_bound"),
            )
        ]  # fmt: skip
        if _ruled_out(near, name):
            levels = [0.0, 0.0, 0.0, near.share * one.most if one.sizes else 0.0]
        yield Range(name, _verdict(near, name, levels), unit, *levels)


def _verdict(near: Near, name: str, levels: Sequence[float | None]) -> str:
    plan_least, plan_greatest, proved_least, proved_greatest = levels
    plans = [name in used(row) for row in near.found]
    with_ = any(plans) or (plan_greatest is not None and plan_greatest > TINY)
    without = not all(plans) or (plan_least is not None and plan_least <= TINY)
    if (_exceeds(near, name) and all(plans)) or (proved_least is not None and proved_least > TINY):
        return MUST
    if _exceeds(near, name) or (proved_greatest is not None and proved_greatest <= TINY):
        return AVOID
    return FREE if with_ and without else UNDECIDED


def _answer(near: Near, open_: Mapping[str, Decision], within: float, count: int, differ: int) -> Answer:
    ranges = list(_ranges(near, open_)) if near.found else []
    names = [f"alternative {nth}" if nth else "best" for nth in range(len(near.found))]
    headings = ("portfolio", "cost_musd", "bound_musd", "over_bound_percent", "short_t", "china_share", "public_musd",
                "audit", "with_beside_best", "without_of_best", "commitments", "unused")  # fmt: skip
    rows = [_portfolio(name, row, near) for name, row in zip(names, near.found, strict=True)]
    columns = ("decision", "verdict", "unit", "least_found", "greatest_found", "least_proved", "greatest_proved",
               "in_portfolios")  # fmt: skip
    plans = [used(row) for row in near.found]
    listed = [
        (each.name, each.verdict, each.unit, each.plan_least, each.plan_greatest, each.proved_least,
         each.proved_greatest, sum(each.name in plan for plan in plans))
        for each in ranges
    ]  # fmt: skip
    tables = {
        "portfolios": Table(headings, rows),
        "ranges": Table(columns, listed),
        "differences": Table(("portfolio", "other", "decisions"), _differences(names, plans, open_)),
    }
    shown = [tuple(number(cell) for cell in (*row[:8], *row[8:10])) for row in rows]
    content = {"rows": list(near.found), "limit_musd": near.limit, "verdicts": {r.name: r.verdict for r in ranges}}
    sentences = _sentences(near, ranges, within, count, differ)
    figure = _figure(ranges, near, names, open_) if ranges else None
    return Answer(near.swept, headings[:10], shown, content, sentences, tables, figure)


def _portfolio(name: str, row: Mapping[str, Any], near: Near) -> tuple[Any, ...]:
    first, own, bound = used(near.best), used(row), near.best["bound_musd"]
    over = 100 * (row["cost_musd"] - bound) / abs(bound) if bound else None
    figures = (row["short_t"], row["china_share"], row["public_musd"], row["audit"])
    changed = " ".join(sorted(own - first)), " ".join(sorted(first - own))
    return (name, row["cost_musd"], row["bound_musd"], over, *figures, *changed, row["commitments"], row["unused"])


def _differences(
    names: Sequence[str], plans: Sequence[frozenset[str]], open_: Mapping[str, Decision]
) -> list[tuple[str, str, int]]:
    """In how many yes-or-no decisions each two portfolios differ."""
    whole_ = {name for name, one in open_.items() if one.on}
    return [
        (names[one], names[other], len((plans[one] ^ plans[other]) & whole_))
        for other in range(len(plans))
        for one in range(other)
    ]


def _sentences(near: Near, ranges: Sequence[Range], within: float, count: int, differ: int) -> list[str]:
    best = near.best
    said = [
        f"The least cost is between {number(best['bound_musd'])} and {number(best['cost_musd'])} million USD (proved); "
        f"almost least is at most {number(near.limit)}, {within:g} % over the bound."
    ]
    if near.found:
        found = len(near.found) - 1
        said.append(
            f"{found} of {count} other portfolios within that cost differ from the best and from each other in "
            f"{differ} decisions or more."
        )
    if near.ended:
        said.append(f"No more were looked for: {near.ended}.")
    solves = {**near.forced, **{f"{way} {name}": row for (way, name), row in near.levels.items()}}
    lost = [name for name, row in solves.items() if row["state"] == "failed" or row["status"] == "no_plan"]
    if lost:
        said.append(f"Solves that ended without an answer: {named(lost)}.")
    for verdict, words in (
        (MUST, "In every portfolio of almost least cost (proved)"),
        (AVOID, "In none of them (proved)"),
        (FREE, "In some and not in others (plans of both kinds were found)"),
        (UNDECIDED, "Neither proved nor found otherwise"),
    ):
        if ranges:
            said.append(f"{words}: {named([each.name for each in ranges if each.verdict == verdict])}.")
    return said


def _figure(ranges: Sequence[Range], near: Near, names: Sequence[str], open_: Mapping[str, Decision]) -> dict[str, Any]:
    """The levels that are not ruled out where they were asked for, else what each portfolio found has."""
    plans = [used(row) for row in near.found]
    if near.levels:
        shown = [each for each in ranges if each.verdict != AVOID]
    else:
        shown = [each for each in ranges if each.verdict == MUST or any(each.name in plan for plan in plans)]
    order = [each.name for each in sorted(shown, key=lambda each: (list(COLORS).index(each.verdict), each.name))]
    own = {verdict: [each for each in shown if each.verdict == verdict] for verdict in COLORS}
    if near.levels:
        data = [_bars(verdict, found, open_) for verdict, found in own.items() if found]
        title = "What portfolios of almost least cost may hold; hollow: neither proved nor found otherwise"
        across: dict[str, Any] = {"title": {"text": "expected level (share of the greatest at one node)"},
                                  "rangemode": "tozero"}  # fmt: skip
    else:
        data = [_marks(verdict, found, names, plans) for verdict, found in own.items() if found]
        title = "What the portfolios of almost least cost that were found have: filled where they have it"
        across = {"type": "category", "categoryorder": "array", "categoryarray": list(names), "side": "top"}
    layout = {
        "title": {"text": title},
        "xaxis": across,
        "yaxis": {"categoryorder": "array", "categoryarray": order[::-1], "automargin": True, "dtick": 1,
                  "tickfont": {"size": 11}, "range": [-0.6, len(order) - 0.4]},
        "barmode": "overlay",
        "legend": {"orientation": "h", "x": 0, "y": -0.05, "yanchor": "top"},
        "margin": {"t": 60, "b": 70, "r": 20},
        "height": max(LEAST_HEIGHT, MARGIN + ROW * len(order)),
    }  # fmt: skip
    return {"data": data, "layout": layout}


def _bars(verdict: str, own: Sequence[Range], open_: Mapping[str, Decision]) -> dict[str, Any]:
    """A bar over the levels that are not ruled out, as a share of the greatest at one node."""
    spans, color = [_span(each, open_[each.name]) for each in own], COLORS[verdict]
    return {
        "type": "bar", "orientation": "h", "name": verdict, "y": [each.name for each in own],
        "base": [low for low, _ in spans], "x": [high - low for low, high in spans],
        "marker": {"color": HOLLOW if verdict == UNDECIDED else color, "line": {"color": color, "width": 1.5}},
        "text": [f"{low:.2g} to {high:.2g}" for low, high in spans], "textposition": "none",
    }  # fmt: skip


def _marks(verdict: str, own: Sequence[Range], names: Sequence[str], plans: Sequence[frozenset[str]]) -> dict[str, Any]:
    """A mark for each portfolio and decision, filled where the one has the other."""
    at = [(name, each.name, each.name in plan) for each in own for name, plan in zip(names, plans, strict=True)]
    color = COLORS[verdict]
    return {
        "type": "scatter", "mode": "markers", "name": TOLD[verdict], "x": [x for x, _, _ in at],
        "y": [y for _, y, _ in at],
        "marker": {"size": 11, "color": [color if has else HOLLOW for _, _, has in at],
                   "line": {"color": color, "width": 1.5}},
    }  # fmt: skip


def _span(each: Range, one: Decision) -> tuple[float, float]:
    """The levels that are not ruled out, as shares; the whole range where none was asked for."""
    most = one.most or 1.0
    low = 0.0 if each.proved_least is None else max(0.0, each.proved_least) / most
    high = 1.0 if each.proved_greatest is None else each.proved_greatest / most
    return low, high


ANALYSIS = Analysis(
    _run,
    options=(
        Option("within", "PERCENT", "How much dearer than the proved bound of the least cost.", "2"),
        Option("count", "N", "How many other portfolios.", "3"),
        Option("differ", "K", "In how many decisions each differs from all others.", "3"),
        Option("counts_from", "SHARE", "Share of its greatest size from which a decision counts as made.", "0.01"),
        Option("levels", "HOW", "Least and greatest level of every decision: none, relaxed or full.", "full"),
        Option("level_gap", "SHARE", "Share of a level that may stay unproved.", "0.01"),
    ),
)
