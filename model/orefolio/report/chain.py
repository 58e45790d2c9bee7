"""The flows of a plan from mine to use as links between stages in countries, tonnes of element in each year."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from .reading import Read, Rows, number
from .words import country

SCRAP = "scrap"
"""The stage of what is worked up again; scrap of making leaves the drawing, so that nothing runs in a circle."""


class Link(NamedTuple):
    """From where to where, and in which class of material; without one where scrap is collected."""

    start: str
    end: str
    class_: str


class Flow(NamedTuple):
    """One flow of a plan: link, element, year, and tonnes of it, as oxide, expected over the futures."""

    link: Link
    element: str
    year: int
    tonnes: float


class Chain:
    """The chain of a run: what its case says of contracts, processes, lanes, places."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.stage = {row["commodity"]: row["stage"] for row in read.case_rows("commodities")}
        self.country = {row["place"]: row["country"] for row in read.case_rows("places")}
        self.content: dict[str, dict[str, float]] = {}
        for row in read.case_rows("content"):
            self.content.setdefault(row["commodity"], {})[row["element"]] = number(row["share"])

    @cached_property
    def recipes(self) -> dict[tuple[str, str], list[tuple[str, float]]]:
        """(process, in or out) to commodities and tonnes of each for a tonne of activity."""
        found: dict[tuple[str, str], list[tuple[str, float]]] = {}
        for row in self.read.case_rows("recipes"):
            made = number(row["yield_share"]) if row["direction"] == "out" and row["yield_share"] else 1.0
            entry = (row["commodity"], number(row["t_per_t"]) * made)
            found.setdefault((row["process"], row["direction"]), []).append(entry)
        return found

    @cached_property
    def items(self) -> dict[str, Rows]:
        """The goods of each contract."""
        found: dict[str, Rows] = {}
        for row in self.read.case_rows("contract_items"):
            found.setdefault(row["contract"], []).append(row)
        return found

    def flows(self) -> Iterator[Flow]:
        """Every flow that holds an element, one at a time."""
        read = self.read
        kinds = {"buy": self._bought, "makeup": self._bought, "activity": self._worked, "ship": self._shipped,
                 "collect": self._collected, "deliver": self._delivered, "sell": self._sold}  # fmt: skip
        rows = [row for row in read.rows("flows") if row["variable"] in kinds]
        means = read.mean(rows, "t", "variable", "item", "detail", "year")
        for (variable, item, detail, year), tonnes in means.items():
            for link, element, share in kinds[variable](item, detail):
                if tonnes * share > 0:
                    yield Flow(link, element, int(year), tonnes * share)

    def _at(self, commodity: str, place: str) -> str:
        return f"{self.stage[commodity]}, {country(self.country[place])}"

    def _into(self, commodity: str, place: str) -> str:
        return "scrap of making" if self.stage[commodity] == SCRAP else self._at(commodity, place)

    def _bought(self, item: str, _: str) -> Iterator[tuple[Link, str, float]]:
        contract = self.read.case_by("contracts", "contract")[item]
        seller = self.read.case_by("suppliers", "supplier")[contract["supplier"]]["country"]
        for goods in self.items.get(item, []):
            for element, share in self.content.get(goods["commodity"], {}).items():
                end = self._at(goods["commodity"], contract["place"])
                per_tonne = number(goods["t_per_t"]) if goods["t_per_t"] else 1.0
                yield Link(f"bought in {country(seller)}", end, contract["class"]), element, per_tonne * share

    def _worked(self, item: str, detail: str) -> Iterator[tuple[Link, str, float]]:
        place = self.read.case_by("processes", "process")[item]["place"]
        feeds, goods = self.recipes.get((item, "in"), []), self.recipes.get((item, "out"), [])
        class_ = detail.partition(" ")[0]
        every = dict.fromkeys(element for name, _ in (*feeds, *goods) for element in self.content.get(name, {}))
        for element in every:
            taken = {name: t * s for name, t in feeds if (s := self.content.get(name, {}).get(element, 0.0)) > 0}
            made = {name: t * s for name, t in goods if (s := self.content.get(name, {}).get(element, 0.0)) > 0}
            here = country(self.country[place])
            if not taken:
                for name, tonnes in made.items():
                    yield Link(f"produced in {here}", self._at(name, place), class_), element, tonnes
            for name, tonnes in taken.items():
                for end, part in made.items():
                    if self.stage[name] != self.stage[end]:
                        link = Link(self._at(name, place), self._into(end, place), class_)
                        yield link, element, tonnes * part / sum(made.values())
                if not made:
                    yield Link(self._at(name, place), f"used in {here}", class_), element, tonnes

    def _shipped(self, item: str, detail: str) -> Iterator[tuple[Link, str, float]]:
        lane = self.read.case_by("lanes", "lane")[item]
        start, end = (self._at(lane["commodity"], lane[name]) for name in ("from_place", "to_place"))
        if start != end:
            for element, share in self.content.get(lane["commodity"], {}).items():
                yield Link(start, end, detail.partition(" ")[0]), element, share

    def _collected(self, item: str, _: str) -> Iterator[tuple[Link, str, float]]:
        scrap = self.read.case_by("scrap", "scrap")[item]
        here = country(self.country[scrap["place"]])
        for element, share in self.content.get(scrap["commodity"], {}).items():
            yield Link(f"collected in {here}", self._at(scrap["commodity"], scrap["place"]), ""), element, share

    def _delivered(self, item: str, detail: str) -> Iterator[tuple[Link, str, float]]:
        demand = self.read.case_by("demands", "demand")[item]
        start, end = self._at(demand["commodity"], demand["place"]), f"used in {country(self.country[demand['place']])}"
        for element, share in self.content.get(demand["commodity"], {}).items():
            yield Link(start, end, detail.partition(" ")[0]), element, share

    def _sold(self, item: str, detail: str) -> Iterator[tuple[Link, str, float]]:
        commodity = detail.partition(" ")[0]
        for element, share in self.content.get(commodity, {}).items():
            yield Link(self._at(commodity, item), "sold on", ""), element, share
