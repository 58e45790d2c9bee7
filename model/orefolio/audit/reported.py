"""What the tables say of cost, shortage, stock, flows, futures and public money, against the plan."""

from __future__ import annotations

import math

from . import timing
from .compare import Reckoned, Sum, compare, seen
from .costs import KG_A_TONNE, bills
from .evidence import Evidence
from .life import Life, lives
from .money import envelopes
from .risk import tail_mean
from .tally import Tally
from .words import of_row

FLOWS = (
    "activity",
    "buy",
    "unused",
    "makeup",
    "ship",
    "collect",
    "feed",
    "blend",
    "deliver",
    "sell",
    "discard",
    "downgrade",
)


def cost(evidence: Evidence) -> Tally:
    """Table cost: every part by future and calendar year."""
    tally, found = Tally(), Reckoned(1)
    for bill in bills(evidence):
        path = bill.life.path
        for (name, period), terms in bill.parts.items():
            total, size = math.fsum(terms), math.fsum(map(abs, terms))
            for year, share in bill.life.years[period]:
                for future, weight in ((path.future, 1.0), ("expected", path.weight)):
                    found.add((future, name, year), weight * share * total)
                    found.rows[future, name, str(year)][1] += weight * share * size
    compare(tally, evidence, "cost", ("future", "name", "year"), ("cost_musd",), found)
    return tally


def shortage(evidence: Evidence) -> Tally:
    """Table shortage, by demand, calendar year and future."""
    tally, found = Tally(), Reckoned(2)
    for life in lives(evidence):
        for item in seen(life, "short"):
            part = "branch" if _parted(life, item.number) else "trunk"
            loss = _loss(life, item.name, item.number)
            for year, share in life.years[item.number]:
                found.add((life.name, item.words[0], year, part), share * item.value, share * item.value * loss)
    words = {column: of_row(evidence, "demands", column, 1) for column in ("name", "sector")}
    compare(tally, evidence, "shortage", ("future", "demand", "year", "part"), ("short_t", "loss_musd"), found, words)
    return tally


def _parted(life: Life, period: int) -> bool:
    """Whether a future has parted from the trunk by the end of a period."""
    onset = life.path.onset
    return onset is not None and life.path.periods[period].end > onset + timing.SLACK


def _loss(life: Life, step: str, period: int) -> float:
    return KG_A_TONNE * life.path.series("loss_steps", step, "loss_usd_per_kg")[period]


def futures(evidence: Evidence) -> Tally:
    """Table futures: each one's cost, shortage and releases; their mean, their tail by sorting, the worst."""
    tally, found = Tally(), Reckoned(8)
    paid = bills(evidence)
    trunk = paid[evidence.trunk]
    weights = [bill.life.path.weight for bill in paid]
    columns: list[list[Sum]] = []
    for bill in paid:
        life = bill.life
        figures = [Sum(bill.total, bill.size), Sum(bill.total - trunk.total, bill.size + trunk.size)]
        figures += [Sum() for _ in range(5)]
        for item in seen(life, "short"):
            figures[2].add(item.value)
            figures[3].add(0.0 if _parted(life, item.number) else item.value)
            figures[4].add(item.value * _loss(life, item.name, item.number))
        for item in seen(life, "take"):
            figures[5].add(item.value)
            public = life.case.row("stockpiles", item.words[0]).owner == "public"
            figures[6].add(item.value if public else 0.0)
        columns.append(figures)
        row = life.case.row("futures", life.name)
        words = {"name": row.name or row.future, "onset": str(row.onset or "")}
        found.put(("future", life.name), life.path.weight, *figures, **words)
    level = evidence.case.setting("risk_level", 0.9)
    turned = list(zip(*columns, strict=True))
    values = [[figure.value or 0.0 for figure in column] for column in turned]
    sizes = [max(figure.size for figure in column) for column in turned]
    means = [math.fsum(w * v for w, v in zip(weights, column, strict=True)) for column in values]
    found.put(("summary", "expected"), 1.0, *map(Sum, means, sizes), name="mean over the futures", onset="")
    tails = [tail_mean(column, weights, level) for column in values]
    said = f"mean of the worst {1.0 - level:.0%}"
    found.put(("summary", "tail"), 1.0 - level, *map(Sum, tails, sizes), name=said, onset="")
    found.put(("summary", "worst"), 0.0, *map(Sum, map(max, values), sizes), name="the worst of each", onset="")
    names = (
        "probability", "cost_musd", "extra_cost_musd", "short_t", "short_on_trunk_t", "short_musd", "released_t",
        "released_public_t",
    )  # fmt: skip
    compare(tally, evidence, "futures", ("kind", "future"), names, found, found.says("name", "onset"))
    return tally


def stock(evidence: Evidence) -> Tally:
    """Tables stock and releases."""
    tally, found, out = Tally(), Reckoned(6), Reckoned(2)
    for future, life in enumerate(lives(evidence)):
        for row in life.case.rows("stockpiles"):
            days = _days(life, row.stockpile, 0, row.initial_t)
            key = (life.name, row.stockpile, row.initial_class, "opening", timing.month(life.path, 0.0))
            found.put(key, 0.0, row.initial_t, 0.0, 0.0, 0.0, days)
        amounts: dict[tuple[str, str, int], list[float]] = {}
        for place, name in enumerate(("stock", "put", "take", "rotate")):
            for item in seen(life, name):
                cell = amounts.setdefault((item.words[0], item.words[1], item.number), [0.0] * 4)
                cell[place] = item.value
        for (stockpile, class_, period), numbers in amounts.items():
            when = life.path.periods[period]
            node = float(evidence.tree.node[future][period])
            key = (life.name, stockpile, class_, when.label, timing.month(life.path, when.end))
            found.put(key, node, *numbers, _days(life, stockpile, period, numbers[0]))
        for name, how in (("take", "taken"), ("rotate", "rotated"), ("expire", "expired")):
            for item in seen(life, name):
                when = life.path.periods[item.number]
                out.put((life.name, *item.words, how, when.label), float(when.year), item.value)
    numbers_of = ("node", "stock_t", "added_t", "taken_t", "rotated_t", "days_of_cover")
    words = {column: of_row(evidence, "stockpiles", column, 1) for column in ("name", "owner", "commodity")}
    keys: tuple[str, ...] = ("future", "stockpile", "class", "period", "until")
    compare(tally, evidence, "stock", keys, numbers_of, found, words)
    keys, words = ("future", "stockpile", "class", "how", "period"), {name: words[name] for name in ("name", "owner")}
    compare(tally, evidence, "releases", keys, ("year", "t"), out, words)
    return tally


def _days(life: Life, stockpile: str, period: int, tonnes: float) -> float | None:
    """Days of the demand that the cover is measured on; none where it is measured on none."""
    row = life.case.row("stockpiles", stockpile)
    years = life.path.periods[period].year - life.case.base_year
    demand = row.cover_demand_t_per_year * (1.0 + row.cover_growth_share_per_year) ** years
    return tonnes / demand * 365.0 if demand > 0 else None


def flows(evidence: Evidence) -> Tally:
    """Table flows, by calendar year and future."""
    tally, found = Tally(), Reckoned(1)
    rows = found.rows
    for life in lives(evidence):
        years = [[(str(year), share) for year, share in several] for several in life.years]
        for name in FLOWS:
            for item in seen(life, name):
                detail = "" if name == "unused" else " ".join(item.words[1:])
                for year, share in years[item.number]:
                    amount = share * item.value
                    row = rows.setdefault((life.name, year, name, item.words[0], detail), [0.0] * (2 * found.width))
                    row[0] += amount
                    row[1] += abs(amount)
    compare(tally, evidence, "flows", ("future", "year", "variable", "item", "detail"), ("t",), found)
    return tally


def budgets(evidence: Evidence) -> Tally:
    """Table budgets: what each envelope spends and has left."""
    tally, found = Tally(), Reckoned(4)
    for bill in bills(evidence):
        for (envelope, opens), (used, size, amount) in envelopes(evidence, bill).items():
            share = used / amount if amount > 0 else 0.0
            left = Sum(amount - used, amount + size)
            found.put((bill.life.name, envelope, opens), Sum(used, max(size, amount * 1e-3)), amount, left, share)
    numbers = ("used_musd", "amount_musd", "left_musd", "used_share")
    words = {column: of_row(evidence, "envelopes", column, 1, 2) for column in ("name", "to_date")}
    compare(tally, evidence, "budgets", ("future", "envelope", "from_date"), numbers, found, words)
    return tally
