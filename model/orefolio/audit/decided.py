"""What the tables say is decided: the portfolio, and contracts, projects, programmes and lines one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from orefolio.case.scenarios import Path

from . import timing
from .compare import TINY, Key, Reckoned, compare
from .content import chosen, kept_for
from .costs import MUSD, Bill, bills
from .evidence import Evidence, Label
from .life import goods_of, lives
from .market import Goods
from .tally import Tally
from .words import UNITS, branch_of, of_row, price_rule


@dataclass
class Choices:
    """The commitments of a plan as the tables list them."""

    evidence: Evidence
    tally: Tally = field(default_factory=Tally)
    portfolio: Reckoned = field(default_factory=lambda: Reckoned(5))
    projects: Reckoned = field(default_factory=lambda: Reckoned(6))
    contracts: Reckoned = field(default_factory=lambda: Reckoned(7))
    programmes: Reckoned = field(default_factory=lambda: Reckoned(5))
    abandonments: Reckoned = field(default_factory=lambda: Reckoned(3))

    def ids(self, who: Iterable[int]) -> str:
        """The ids of futures, by blanks."""
        return " ".join(self.evidence.walks[number].path.future for number in who)

    def path(self, who: Iterable[int]) -> Path:
        """The path of one of several futures that share a node: all of them know the same of its commitments."""
        one, *_ = who
        return self.evidence.walks[one].path

    def bills(self, who: Iterable[int]) -> list[Bill]:
        """The bills of futures."""
        every = bills(self.evidence)
        return [every[number] for number in who]

    def mean(self, who: tuple[int, ...], columns: Iterable[tuple[str, tuple[str, ...], int]]) -> float:
        """Expected discounted cost of columns in the futures of a node, where it is reached."""
        keys = list(columns)
        found = self.bills(who)
        chance = math.fsum(bill.life.path.weight for bill in found)
        paid = (bill.life.path.weight * math.fsum(bill.columns.get(key, 0.0) for key in keys) for bill in found)
        return math.fsum(paid) / chance

    def chance(self, who: Iterable[int]) -> float:
        """The probability of a set of futures."""
        return math.fsum(self.evidence.walks[number].path.weight for number in who)


def commitments(evidence: Evidence) -> Tally:
    """Tables portfolio, projects, contracts and programmes: dates, sizes, money, costs where they are reached."""
    choices = Choices(evidence)
    for label, value in evidence.plan.items():
        if abs(value) > TINY and evidence.who(label):
            if label.variable == "size":
                _project(choices, label, value)
            elif label.variable == "sign":
                _contract(choices, label)
            elif label.variable == "tranche":
                _tranche(choices, label)
            elif label.variable == "level_on":
                _level(choices, label)
            elif label.variable == "abandon":
                _abandonment(choices, label)
    _left_alone(choices)
    tally = choices.tally
    money = ("probability", "size", "capital_musd", "public_musd", "cost_musd")
    words = {**choices.portfolio.says("name"), "branch": branch_of(evidence, 3), "unit": lambda key: UNITS[key[0]]}
    keys: tuple[str, ...] = ("kind", "id", "date", "futures", "latest_date")
    compare(tally, evidence, "portfolio", keys, money, choices.portfolio, words)
    _one_by_one(choices)
    return tally


def _one_by_one(choices: Choices) -> None:
    """Tables projects, contracts and programmes."""
    evidence, tally = choices.evidence, choices.tally
    numbers: tuple[str, ...] = (
        "size_t_per_year", "lead_time_years", "capital_musd", "public_musd", "public_share", "cost_musd",
    )  # fmt: skip
    words = {column: of_row(evidence, "projects", column, 0) for column in ("name", "adds_to")}
    words |= {column: _of_process(evidence, column) for column in ("equipment_origin", "technology_origin")}
    words |= {**choices.projects.says("status", "latest_date", "size_class"), "branch": branch_of(evidence, 2)}
    compare(tally, evidence, "projects", ("project", "committed", "futures"), numbers, choices.projects, words)
    numbers = (
        "volume_t_per_year", "bought_expected_t", "paid_unused_expected_t", "made_up_expected_t",
        "prepayment_musd", "public_musd", "cost_musd",
    )  # fmt: skip
    words = {column: of_row(evidence, "contracts", column, 0) for column in ("name", "kind")}
    words |= choices.contracts.says("status", "supplier", "country", "commodities", "first_delivery", "price_rule")
    words["branch"] = branch_of(evidence, 2)
    compare(tally, evidence, "contracts", ("contract", "signed", "futures"), numbers, choices.contracts, words)
    numbers = ("increment_share", "lead_time_years", "up_front_musd", "annual_musd_per_year", "cost_musd")
    words = {"name": of_row(evidence, "programmes", "name", 0, 1), "branch": branch_of(evidence, 3)}
    words |= choices.programmes.says("status", "latest_date")
    keys = ("programme", "level", "decided", "futures")
    compare(tally, evidence, "programmes", keys, numbers, choices.programmes, words)
    words = {"name": of_row(evidence, "projects", "name", 0), "branch": branch_of(evidence, 3)}
    keys = ("project", "started", "abandoned", "futures")
    given = ("probability", "size_t_per_year", "cost_musd")
    compare(tally, evidence, "abandonments", keys, given, choices.abandonments, words)


def _of_process(evidence: Evidence, column: str) -> Callable[[Key], str]:
    """A column of the process that a project adds to; blank where it adds to something else."""

    def says(key: Key) -> str:
        own = getattr(evidence.case.row("projects", key[0]), column, "")
        if own:
            return str(own)
        target = evidence.case.row("projects", key[0]).adds_to
        return str(getattr(evidence.case.row("processes", target), column)) if _is_process(target) else ""

    def _is_process(target: str) -> bool:
        return evidence.case.has("processes", target)

    return says


def _when(choices: Choices, label: Label, who: tuple[int, ...]) -> tuple[str, str]:
    path = choices.path(who)
    return timing.month(path, path.periods[label.period].start), choices.ids(who)


def _latest(choices: Choices, who: tuple[int, ...], able: Any) -> str:
    """The last date at which a commitment can still be made in one of some futures. able: (life, period) -> bool."""
    moments = [
        bill.life.path.periods[number].start
        for bill in choices.bills(who)
        for number in bill.life.path.decisions
        if able(bill.life, number)
    ]
    return timing.month(choices.path(who), max(moments)) if moments else ""


def _project(choices: Choices, label: Label, size: float) -> None:
    who, row = choices.evidence.who(label), choices.evidence.case.row("projects", label.words)
    path = choices.path(who)
    capital = row.capital_usd_per_t_per_year * MUSD * size + (row.capital_musd if row.binary else 0.0)
    chosen = _class_of(choices, row.project, label)
    if chosen:
        of_class = choices.evidence.case.row("size_classes", f"{row.project}/{chosen}")
        capital += of_class.capital_musd + of_class.capital_usd_per_t_per_year * MUSD * size
    capital *= path.known("projects", row.project, "overrun_multiple")[label.period]
    began = path.periods[label.period].label
    last = {bill.life.path.periods[-1].number for bill in choices.bills(who)}
    kept = [("kept", (row.project, began), number) for number in last]
    own: list[tuple[str, tuple[str, ...], int]] = [(name, (row.project,), label.period) for name in ("start", "size")]
    own += [(name, (row.project, chosen), label.period) for name in ("in_class", "size_in_class") if chosen]
    money = (capital, capital * row.public_share)
    total = choices.mean(who, [*own, *kept])
    date, ids = _when(choices, label, who)
    latest = _latest(choices, who, lambda life, number: timing.startable(life.path, row, number))
    key = ("project", row.project, date, ids, latest)
    choices.portfolio.put(key, choices.chance(who), size, *money, total, name=row.name or row.project)
    numbers = (size, row.lead_time_years, *money, row.public_share, total)
    words = {"status": "committed", "latest_date": latest, "size_class": chosen}
    choices.projects.put((row.project, date, ids), *numbers, **words)


def _class_of(choices: Choices, project: str, label: Label) -> str:
    """The size class of a start; blank where the project has none."""
    plan = choices.evidence.plan
    for row in choices.evidence.case.rows("size_classes"):
        each = label._replace(variable="in_class", words=f"{project}/{row.size_class}")
        if row.project == project and plan.get(each, 0.0) > TINY:
            return str(row.size_class)
    return ""


def _abandonment(choices: Choices, label: Label) -> None:
    who, words = choices.evidence.who(label), tuple(label.words.split("/"))
    size = choices.evidence.plan.get(label._replace(variable="given_up"), 0.0)
    cost = choices.mean(who, [(name, words, label.period) for name in ("abandon", "given_up")])
    date, ids = _when(choices, label, who)
    choices.abandonments.put((*words, date, ids), choices.chance(who), size if abs(size) > TINY else 0.0, cost)


def _contract(choices: Choices, label: Label) -> None:
    evidence = choices.evidence
    who, row = evidence.who(label), evidence.case.row("contracts", label.words)
    size = evidence.plan.get(label._replace(variable="volume"), 0.0)
    size = size if abs(size) > TINY else 0.0
    capital = row.prepayment_musd + row.prepayment_usd_per_t_per_year * MUSD * size
    money = (capital, capital * row.public_share)
    own = [(name, (row.contract,), label.period) for name in ("sign", "volume")]
    total = choices.mean(who, own)
    bought = _bought(choices, who, row.contract)
    shares = [math.fsum(t.value for t in bill.life.volumes.get(row.contract, [])) for bill in choices.bills(who)]
    weights = [bill.life.path.weight for bill in choices.bills(who)]
    parts = zip(weights, bought.paid, shares, strict=True)
    total += math.fsum(w * paid * size / signed for w, paid, signed in parts if signed > 0) / choices.chance(who)
    date, ids = _when(choices, label, who)
    latest = _latest(choices, who, lambda life, number: life.may_sign(row, number))
    key = ("contract", row.contract, date, ids, latest)
    choices.portfolio.put(key, choices.chance(who), size, *money, total, name=row.name or row.contract)
    path = choices.path(who)
    begin = timing.moment(path, row.first_delivery, 0.0)
    first = max(0.0, begin, path.periods[label.period].start + row.qualification_years)
    words = {"status": "signed", "first_delivery": "" if row.project else timing.month(path, first)}
    numbers = (size, bought.taken, bought.unused, bought.made_up, *money, total)
    choices.contracts.put((row.contract, date, ids), *numbers, **words, **_terms(choices, row))


def _terms(choices: Choices, row: Any) -> dict[str, str]:
    """What is said of a contract whether it is signed or not."""
    seller = choices.evidence.case.row("suppliers", row.supplier)
    items = goods_of(choices.evidence).items.get(row.contract, [])
    return {
        "supplier": seller.name or seller.supplier,
        "country": seller.country,
        "commodities": " ".join(item.commodity for item in items),
        "price_rule": price_rule(items),
    }


@dataclass
class _Bought:
    taken: float
    unused: float
    made_up: float
    paid: list[float]


def _bought(choices: Choices, who: Iterable[int], contract: str) -> _Bought:
    """Expected tonnes bought, paid for and not taken, and made up; what is paid for them, by future."""
    tonnes = {"buy": 0.0, "unused": 0.0, "makeup": 0.0}
    paid = []
    for bill in choices.bills(who):
        total = 0.0
        for name in tonnes:
            for item in bill.life.by_thing(name).get(contract, ()):
                if abs(item.value) > TINY:
                    tonnes[name] += bill.life.path.weight * item.value
                    total += bill.columns.get((name, item.words, item.number), 0.0)
        paid.append(total)
    return _Bought(tonnes["buy"], tonnes["unused"], tonnes["makeup"], paid)


def _tranche(choices: Choices, label: Label) -> None:
    who, own = choices.evidence.who(label), choices.evidence.case.row("tranches", label.words)
    row = choices.evidence.case.row("contracts", own.contract)
    total = choices.mean(who, [("tranche", tuple(label.words.split("/")), label.period)])
    date, ids = _when(choices, label, who)
    latest = _latest(choices, who, lambda life, number: life.may_sign(row, number))
    key = ("tranche", label.words, date, ids, latest)
    money = (own.payment_musd, own.payment_musd * row.public_share)
    name = f"{row.name or row.contract}, tranche {own.tranche}"
    choices.portfolio.put(key, choices.chance(who), own.right_share, *money, total, name=name)


def _level(choices: Choices, label: Label) -> None:
    who, row = choices.evidence.who(label), choices.evidence.case.row("programmes", label.words)
    path = choices.path(who)
    capital = path.known("programmes", label.words, "up_front_musd")[label.period]
    total = choices.mean(who, [("level_on", tuple(label.words.split("/")), label.period)])
    date, ids = _when(choices, label, who)

    def able(life: Any, number: int) -> bool:
        """Whether the level can be decided at the start of a period."""
        start, end = life.path.periods[number].start, life.path.periods[-1].end
        in_time = start + row.lead_time_years < end - timing.SLACK
        return in_time and timing.open_for(life.path, number, row.start_from, row.start_to)

    latest = _latest(choices, who, able)
    money = (capital, capital if row.envelope else 0.0)
    key = ("programme", label.words, date, ids, latest)
    name = row.name or label.words
    choices.portfolio.put(key, choices.chance(who), float(row.level), *money, total, name=name)
    numbers = (row.increment_share, row.lead_time_years, capital, row.annual_musd, total)
    choices.programmes.put((row.programme, row.level, date, ids), *numbers, status="decided", latest_date=latest)


def _left_alone(choices: Choices) -> None:
    """What is not committed to has a row without a date; spot markets and what is in force are bought under."""
    case = choices.evidence.case
    done = {(table, key[0]) for table in ("projects", "contracts") for key in getattr(choices, table).rows}
    done |= {("programmes", f"{key[0]}/{key[1]}") for key in choices.programmes.rows}
    for row in case.rows("projects"):
        if ("projects", row.project) not in done:
            money = (0.0, 0.0, row.public_share, 0.0)
            words = {"status": "not committed", "latest_date": "", "size_class": ""}
            choices.projects.put((row.project, "", ""), 0.0, row.lead_time_years, *money, **words)
    for row in case.rows("programmes"):
        if ("programmes", f"{row.programme}/{row.level}") not in done:
            numbers = (row.increment_share, row.lead_time_years, 0.0, 0.0, 0.0)
            choices.programmes.put((row.programme, row.level, "", ""), *numbers, status="not decided", latest_date="")
    every = range(len(choices.evidence.walks))
    for row in case.rows("contracts"):
        if ("contracts", row.contract) not in done:
            bought = _bought(choices, every, row.contract)
            weights = [walk.path.weight for walk in choices.evidence.walks]
            paid = math.fsum(w * p for w, p in zip(weights, bought.paid, strict=True))
            volume = row.volume_max_t_per_year if row.in_force else 0.0
            unsigned = "by tranches" if case.has("tranches", f"{row.contract}/1") else "not signed"
            status = "spot" if row.kind == "spot" else "in force" if row.in_force else unsigned
            words = {"status": status, "first_delivery": "", **_terms(choices, row)}
            taken = (bought.taken, bought.unused, bought.made_up)
            choices.contracts.put((row.contract, "", ""), volume, *taken, 0.0, 0.0, paid, **words)


def lines(evidence: Evidence) -> Tally:
    """Table lines: which material each line is kept for, in every segment that is decided."""
    numbers = ("probability",)
    tally, found = Tally(), Reckoned(len(numbers))
    everyone = {life.path.future: life for life in lives(evidence)}
    table = evidence.tables["lines"]
    listed = set(zip(*(table.texts(name) for name in ("process", "from", "futures")), strict=True))
    for number, life in enumerate(everyone.values()):
        for process in evidence.case.rows("processes"):
            groups = life.goods.split[process.process]
            if not (process.one_class_at_a_time and len(groups) > 1):
                continue
            for segment in life.path.segments:
                first, last = segment.periods[0], segment.periods[-1]
                if not chosen(everyone, life.path, process, first.number):
                    continue
                who = evidence.passing[True, first.number, evidence.tree.parent[number][first.number]]
                ids = " ".join(evidence.walks[each].path.future for each in who)
                kept = kept_for(life, process, first.number)
                material = _material(life.goods, groups[kept.index(max(kept))])
                when = (timing.month(life.path, first.start), timing.month(life.path, last.end))
                chance = math.fsum(evidence.walks[each].path.weight for each in who)
                found.put((process.process, *when, ids, material), chance)
                tally.holds(
                    (process.process, when[0], ids) in listed, "table lines lacks", (process.process, *when, ids)
                )
    words = {"name": of_row(evidence, "processes", "name", 0), "branch": branch_of(evidence, 3)}
    keys = ("process", "from", "until", "futures", "material")
    compare(tally, evidence, "lines", keys, numbers, found, words)
    return tally


def _material(goods: Goods, classes: list[str]) -> str:
    """What a line is kept for, as the table says it."""
    if not any(goods.tags[class_] for class_ in classes):
        return "untagged"
    return "tagged" if len(goods.tags) == 2 else " ".join(classes)
