"""Runs held against the first of them: what moved in cost, decisions, dependence, shortage, stock, and in price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orefolio.tables import comparison

from .drawing import BLUE, GREEN, ORANGE, axis, layout
from .reading import Read, number
from .section import Figure, Part, Section, Table
from .words import amount, capital, count, exact, label, named, percent

if TYPE_CHECKING:
    import pandas as pd

MOST_PRICES = 15
LEAST_USD_PER_T = 1.0


@dataclass(frozen=True)
class Ended:
    """A run as a comparison takes it."""

    read: Read

    @property
    def record(self) -> Mapping[str, Any]:
        """The content of run.json."""
        return self.read.record

    @property
    def folder(self) -> Path:
        """Where it was written."""
        return self.read.path

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run."""
        return self.read.folder.table(name)


def compared(reads: Sequence[Read]) -> list[tuple[Section, Part]]:
    """The sections of a comparison and what they say."""
    found = Comparison(list(reads))
    parts = (("cost", "What does each run cost?", found.cost), ("decisions", "Which decisions moved?", found.decisions),
             ("exposure", "Whom does each depend on?", found.dependence),
             ("survival", "What is short?", found.shortage),
             ("timing", "What lies in stock?", found.stock),
             ("limits", "Which limit made it move?", found.limits))  # fmt: skip
    return [(Section(name, question, lambda _: Part([])), part()) for name, question, part in parts]


@dataclass(frozen=True)
class Comparison:
    """Several runs; the first is the base."""

    reads: list[Read]

    @cached_property
    def found(self) -> dict[str, Any]:
        """What `orefolio compare` says."""
        return comparison.compared([Ended(read) for read in self.reads])

    @property
    def _later(self) -> list[tuple[str, dict[str, Any]]]:
        return [(f"Run {number}", change) for number, change in enumerate(self.found["changes"], 2)]

    def cost(self) -> Part:
        """Cost of each run with what is proved, parts of cost beside each other."""
        runs = self.found["runs"]
        told = []
        for name, change in self._later:
            cost = change["cost"]
            known = cost["least_musd"] is not None and cost["most_musd"] is not None
            between = (
                f"by between {exact(cost['least_musd'])} and {exact(cost['most_musd'])} million USD" if known else ""
            )
            if cost["verdict"] == "no change proved":
                told.append(
                    f"{name} against run 1: no change of cost is proved; it may differ {between or 'by any sum'}."
                )
            else:
                told.append(f"{name} is {cost['verdict']} than run 1 {between}.")
        rows = [
            [
                str(place),
                run["run"],
                exact(run["objective"]),
                _exact(run["bound"]),
                run["status"],
                run["grid"],
                _changes(run),
            ]
            for place, run in enumerate(runs, 1)
        ]
        headings = ("run", "folder", "cost, million USD", "proved bound", "status", "grid", "levers and overlays")
        return Part(told, [self._parts()], [Table("The runs", headings, rows)])

    def _parts(self) -> Figure:
        parts: list[dict[str, float]] = []
        for read in self.reads:
            found: dict[str, float] = {}
            for row in read.expected("cost"):
                found[row["name"]] = found.get(row["name"], 0.0) + number(row["cost_musd"])
            parts.append(found)
        names = list(dict.fromkeys(name for found in parts for name in found))
        moved = sorted(names, key=lambda name: max(abs(p.get(name, 0.0) - parts[0].get(name, 0.0)) for p in parts[1:]))
        bars: list[dict[str, Any]] = [
            {"type": "bar", "orientation": "h", "name": f"run {place}", "y": list(map(label, moved)),
             "x": [found.get(name, 0.0) - parts[0].get(name, 0.0) for name in moved], "marker": {"color": colour},
             "hovertemplate": "%{y}: %{x:,.1f} million USD"}
            for place, (found, colour) in enumerate(zip(parts[1:], (BLUE, ORANGE, GREEN) * len(parts), strict=False), 2)
        ]  # fmt: skip
        look = layout(
            len(moved) * len(bars), barmode="group", yaxis={"automargin": True, "dtick": 1}, showlegend=True,
            xaxis=axis("part of expected cost less that of run 1, million USD", tickformat=","),
        )  # fmt: skip
        told = "By which part of the expected cost each run differs from run 1."
        rows = [[name, *(exact(found.get(name, 0.0)) for found in parts)] for name in reversed(moved)]
        headings = ("part", *(f"run {place}" for place in range(1, len(parts) + 1)))
        return Figure(told, {"data": bars, "layout": look}, Table("Expected cost by part, million USD", headings, rows))

    def decisions(self) -> Part:
        """Decisions gained, lost and moved."""
        told, tables = [], []
        for name, change in self._later:
            rows = [
                [
                    what,
                    row["kind"],
                    capital(row["name"]),
                    row["where"],
                    _ends(row.get("before")),
                    _ends(row.get("after")),
                ]
                for what in ("gained", "lost", "moved")
                for row in change["decisions"][what]
            ]
            counts = [f"{what} {len(change['decisions'][what])}" for what in ("gained", "lost", "moved")]
            told.append(f"{name} against run 1, decisions: {', '.join(counts)}.")
            if rows:
                headings = ("what", "kind", "decision", "where", "run 1", name.lower())
                tables.append(Table(f"{name} against run 1", headings, rows))
        return Part(told, tables=tables)

    def dependence(self) -> Part:
        """The share of China, where it moved by more than half a point."""
        told, tables = [], []
        for name, change in self._later:
            rows = [
                [row["element"], str(row["year"]), percent(row["before"]), percent(row["after"])]
                for row in change["dependence"]
            ]
            told.append(f"{name}: the share of China moves in {count(len(rows), 'cell')} of element and year.")
            if rows:
                title = f"Share of China in what enters the chain, {name.lower()} against run 1"
                tables.append(Table(title, ("element", "year", "run 1", name.lower()), rows))
        return Part(told, folded=tables)

    def shortage(self) -> Part:
        """Tonnes short in each future."""
        told, tables = [], []
        for name, change in self._later:
            expected = next((row for row in change["shortage"] if row["future"] == "expected"), None)
            if expected:
                before, after = expected["short_t"]["before"], expected["short_t"]["after"]
                told.append(f"{name}: {amount(after)} t are short in expectation, {amount(before)} t in run 1.")
            rows = [
                [_future(self.reads[0], row["future"]), *(amount(row["short_t"][end]) for end in ("before", "after")),
                 *(exact(row["cost_musd"][end]) for end in ("before", "after"))]
                for row in change["shortage"]
            ]  # fmt: skip
            headings = (
                "future",
                "short in run 1, t",
                f"in {name.lower()}",
                "cost in run 1, million USD",
                f"in {name.lower()}",
            )
            tables.append(Table(f"{name} against run 1", headings, rows))
        return Part(told, tables=tables)

    def stock(self) -> Part:
        """Peaks of stock on the trunk."""
        told, tables = [], []
        for name, change in self._later:
            names = {key: row["name"] or key for key, row in self.reads[0].case_by("stockpiles", "stockpile").items()}
            rows = [
                [
                    names.get(row["stockpile"], row["stockpile"]),
                    amount(row["before_peak_t"]),
                    amount(row["after_peak_t"]),
                ]
                for row in change["stock"]
            ]
            told.append(f"{name}: {count(len(rows), 'stockpile')} with another peak on the trunk's own course.")
            if rows:
                headings = ("stockpile", "peak in run 1, t", f"in {name.lower()}")
                tables.append(Table(f"{name} against run 1", headings, rows))
        return Part(told, tables=tables)

    def limits(self) -> Part:
        """What one more tonne is worth: limits that bind in one run and not, or otherwise, in another."""
        worth = [_worth(read) for read in self.reads]
        told, tables = [], []
        for place, other in enumerate(worth[1:], 2):
            keys = sorted({*worth[0], *other}, key=lambda key: -abs(other.get(key, 0.0) - worth[0].get(key, 0.0)))
            changed = [key for key in keys if abs(other.get(key, 0.0) - worth[0].get(key, 0.0)) > LEAST_USD_PER_T]
            begun = [self._limit(key) for key in changed if abs(worth[0].get(key, 0.0)) <= LEAST_USD_PER_T]
            ended = [self._limit(key) for key in changed if abs(other.get(key, 0.0)) <= LEAST_USD_PER_T]
            told += [f"Run {place}: {named(begun)} {_verb(begun, 'has', 'have')} begun to bind."] if begun else []
            told += [f"Run {place}: {named(ended)} {_verb(ended, 'binds', 'bind')} no longer."] if ended else []
            told += [] if changed else [f"Run {place}: no limit is worth more or less than in run 1."]
            rows = [[self._limit(key), amount(worth[0].get(key, 0.0)), amount(other.get(key, 0.0))] for key in changed]
            if rows:
                headings = ("limit or goods", "run 1, USD/t", f"run {place}, USD/t")
                title = f"What one more tonne is worth, those that moved most: run {place} against run 1"
                tables.append(Table(title, headings, rows[:MOST_PRICES]))
        return Part(told, tables=tables)

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        """Names of places and goods, and of what has a limit, by table and key."""
        tables = (("places", "place"), ("commodities", "commodity"), ("contracts", "contract"),
                  ("suppliers", "supplier"), ("stockpiles", "stockpile"), ("projects", "project"))  # fmt: skip
        return {(column, key): row.get("name") or key
                for table, column in tables for key, row in self.reads[0].case_by(table, column).items()}  # fmt: skip

    def _limit(self, key: tuple[str, ...]) -> str:
        """A limit, or goods at a place, in words."""
        kind, item, place, commodity, class_ = key
        what = self._names.get((kind, item), item)
        goods = self._names.get(("commodity", commodity), commodity) + (f" ({class_})" if class_ else "")
        where = f" in {self._names.get(('place', place), place)}" if place else ""
        words = f"{goods}{where}" if commodity else ""
        return words if kind == "balance" else f"{kind} {what}" + (f", {words}" if words else "")


def _worth(read: Read) -> dict[tuple[str, ...], float]:
    """Mean worth of a tonne, in absolute terms, over nodes and years, by limit or by goods at a place."""
    sums: dict[tuple[str, ...], list[float]] = {}
    years: dict[tuple[str, ...], set[str]] = {}
    for row in read.rows("prices"):
        key = (row["kind"], row["item"], row["place"], row["commodity"], row["class"])
        sums.setdefault(key, []).append(number(row["probability"]) * abs(number(row["usd_per_t"])))
        years.setdefault(key, set()).add(row["year"])
    return {key: sum(values) / len(years[key]) for key, values in sums.items()}


def _verb(names: Sequence[str], one: str, several: str) -> str:
    return one if len(names) == 1 else several


def _future(read: Read, key: str) -> str:
    """A future with its name; what is no future as it is."""
    name = read.future_names.get(key, key)
    return key if name == key else f"{key} {name}"


def _changes(run: Mapping[str, Any]) -> str:
    words = [str(name) for name in run["overlays"]] + [f"{name} = {value:g}" for name, value in run["levers"].items()]
    return named(words, 10) if words else "none"


def _ends(entries: list[dict[str, Any]] | None) -> str:
    words = [
        f"{entry['date']} {amount(entry['size'])} {entry['unit']}"
        + (f" in {entry['branch']}" if "branch" in entry else "")
        for entry in entries or []
    ]
    return named(words, 3) if words else ""


def _exact(value: float | None) -> str:
    return "not known" if value is None else exact(value)
