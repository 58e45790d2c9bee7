"""The synthetic case stated in linopy straight from its tables: arrays over items, futures and periods, and masks."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from orefolio.case.case import Case

from .synthetic import FREE, HOME, MONTHS, TAGGED

YEARS = MONTHS / 12
"""Length of a period."""
MUSD_PER_T = 1e-3
MUSD = 1e-6
Array = xr.DataArray


def where(condition: Array, yes: Any, no: Any) -> Any:
    """One number where a condition holds, another where not."""
    return xr.where(condition, yes, no)  # type: ignore[no-untyped-call]


def lesser(one: Any, other: Any) -> Any:
    """The lesser of two numbers."""
    return np.minimum(one, other)


@dataclass
class Data:
    """Numbers of a case by name: arrays over site, element, class, supplier, sector, step, future, period."""

    case: Case

    def frame(self, table: str) -> pd.DataFrame:
        """A table as a frame."""
        return pd.DataFrame(list(self.case.rows(table)))

    @cached_property
    def futures(self) -> pd.DataFrame:
        """Futures with their weights and events."""
        return self.frame("futures").merge(self.frame("future_events"), on="future")

    @cached_property
    def periods(self) -> Array:
        """Numbers of the periods."""
        count = (self.case.horizon_to.year - self.case.horizon_from.year) * 12 // MONTHS
        return Array(np.arange(count), dims="period", coords={"period": np.arange(count)})

    @cached_property
    def year(self) -> Array:
        """The calendar year of each period."""
        return (self.case.base_year + self.periods * MONTHS // 12).rename("year")

    @cached_property
    def factor(self) -> Array:
        """The mean discount factor of each period."""
        start = self.periods * YEARS
        found: Array = self.discount(start, start + YEARS)
        return found

    @cached_property
    def last(self) -> Array:
        """The mean discount factor of the last period of each year."""
        return self.factor.groupby(self.year).last()

    def discount(self, start: Any, end: Any) -> Any:
        """The mean discount factor between two moments, years."""
        rate = 1 + self.case.setting("discount_rate")
        return (rate**-start - rate**-end) / (np.log(rate) * (end - start))

    def moved(self, table: str, column: str, index: pd.DataFrame) -> Array:
        """A number in each future and period. index: labels by dimension, of the rows of the table that it numbers."""
        rows, events = self.frame(table), self.frame("events")
        shape = (len(rows), len(self.futures), len(self.periods))
        values = np.broadcast_to(rows[column].to_numpy(dtype=float)[:, None, None], shape).copy()
        number = {event: place for place, event in enumerate(self.futures["event"])}
        for change in events[(events["table"] == table) & (events["column"] == column)].itertuples():
            hit = np.ones(len(rows), dtype=bool)
            for pair in str(change.where).split("; "):
                name, _, wanted = pair.partition("=")
                hit &= (rows[name] == wanted).to_numpy()
            first = int(str(change.after_months)) // MONTHS
            inside = slice(first, first + int(str(change.length_months)) // MONTHS)
            cell = values[hit, number[change.event], inside]
            values[hit, number[change.event], inside] = (
                cell * change.value if change.operation == "multiply" else change.value
            )
        coords: dict[str, Any] = {name: list(dict.fromkeys(index[name])) for name in index.columns}
        places = tuple(pd.Index(coords[name]).get_indexer(index[name]) for name in index.columns)
        found = np.full([*map(len, coords.values()), *shape[1:]], np.nan)
        found[places] = values[index.index]
        coords |= {"future": self.futures["future"].to_numpy(), "period": self.periods.to_numpy()}
        return Array(found, dims=list(coords), coords=coords)

    def fixed(self, rows: pd.DataFrame, column: str, *index: str) -> Array:
        """A number that no future moves. index: columns of the rows that are its dimensions."""
        found: Array = rows.set_index(list(index))[column].astype(float).to_xarray()
        return found.sel({name: list(dict.fromkeys(rows[name])) for name in index})

    @cached_property
    def element_of(self) -> pd.Series:
        """The element of each commodity of one element."""
        content = self.frame("content")
        return content[content["commodity"] != "concentrate"].set_index("commodity")["element"]

    def prices(self, market: str, stage: str) -> Array:
        """The price of a stage in a market, USD/kg: over element for oxide and metal, summed for concentrate."""
        table = self.frame("element_prices")
        multiple = self.moved("element_prices", "multiple", table[["market", "element"]])
        base = self.fixed(table, "chinese_usd_per_kg", "market", "element")
        value = (base * multiple).sel(market=market, drop=True)
        content = self.frame("content").assign(stage=lambda rows: rows["commodity"].str.partition("-")[0])
        value = value * self.fixed(content[content["stage"] == stage], "share", "element")
        realised = self.frame("prices").assign(stage=lambda rows: rows["commodity"].str.partition("-")[0])
        realised = realised[(realised["market"] == market) & (realised["stage"] == stage)]
        if stage == "concentrate":
            return value.sum("element") * float(realised["realisation_share"].iloc[0])
        realised = realised.assign(element=realised["commodity"].map(self.element_of))
        return value * self.fixed(realised, "realisation_share", "element") + self.fixed(
            realised, "fee_usd_per_kg", "element"
        )

    @cached_property
    def processes(self) -> pd.DataFrame:
        """Processes with their stage, site, element (of metal) and the projects that add to them."""
        made = self.frame("recipes").query("direction == 'out'").drop_duplicates("process")
        rows = (
            self.frame("processes").rename_axis("row").reset_index().merge(made[["process", "commodity"]], on="process")
        )
        rows = rows.assign(site=rows["place"], element=rows["commodity"].map(self.element_of))
        return rows.merge(self.frame("projects").drop(columns="name"), left_on="process", right_on="adds_to")

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """Contracts with their items and the element that they bring."""
        rows = self.frame("contracts").merge(self.frame("contract_items"), on="contract")
        return rows.assign(element=rows["commodity"].map(self.element_of))

    def standing(self, rows: pd.DataFrame, index: tuple[str, ...]) -> Array:
        """The share of a project's capacity that stands in each period."""
        done = self.fixed(rows, "lead_time_years", *index)
        ramp = rows["ramp"].iloc[0]
        start = self.periods * YEARS
        share = 0.0 * (done + start)
        for year, part in enumerate(ramp):
            end = done + year + 1 if year < len(ramp) - 1 else start + YEARS + 1e3
            inside = lesser(start + YEARS, end) - np.maximum(start, done + year)
            share = share + part * inside.clip(min=0.0) / YEARS
        return share

    def instalments(self, lead: Array) -> Array:
        """Discounted sum of what falls due of one unit of capital, evenly over a lead time."""
        total = 0.0 * lead
        for year in range(int(np.ceil(float(lead.max())))):
            end = lesser(lead, year + 1.0)
            share = ((end - year) / lead).clip(min=0.0)
            total = total + share * where(share > 0, self.discount(year, where(end > year, end, year + 1.0)), 0.0)
        return total


class Statement:
    """The model, its cost in each future as it grows, and the constant part of that cost."""

    def __init__(self, case: Case) -> None:
        self.data = data = Data(case)
        self.model = linopy.Model()
        self.cost: list[Any] = []
        names = data.futures["future"].to_numpy()
        self.every = Array(np.ones(len(names)), dims="future", coords={"future": names})
        self.weight = Array(data.futures["weight"].to_numpy(), dims="future", coords={"future": names})
        self.time = {"future": names, "period": data.periods.to_numpy()}
        self.element = pd.Index(data.frame("elements")["element"], name="element")
        self.site = pd.Index([p for p in data.frame("places")["place"] if p != HOME], name="site")
        self.class_ = pd.Index([FREE, TAGGED], name="class")
        self.constant = 0.0
        approved = data.moved("licences", "approval_share", data.frame("licences")[["licence"]])
        self.approved = approved.isel(licence=0, drop=True)

    def variable(
        self, name: str, *index: pd.Index, upper: Any = np.inf, lower: Any = 0.0, mask: Array | None = None, **more: Any
    ) -> Any:
        """A variable over some indices, futures and periods."""
        coords = [*index, *(pd.Index(values, name=dim) for dim, values in {**self.time, **more}.items())]
        if isinstance(upper, xr.DataArray):
            upper = upper.transpose(*[each.name for each in coords])
        if mask is not None:
            mask = mask.broadcast_like(Array(0, coords=coords, dims=[each.name for each in coords]))
            mask = mask.transpose(*[each.name for each in coords])
        return self.model.add_variables(lower, upper, coords=coords, name=name, mask=mask)

    def paid(self, coefficient: Array, variable: Any) -> None:
        """Add to the cost of each future, million USD."""
        term = coefficient * variable
        self.cost.append(term.sum([dim for dim in term.coord_dims if dim != "future"]))

    def by_class(self, name: str) -> Array:
        """1 for a class, 0 for the other."""
        return Array([float(each == name) for each in self.class_], coords=[self.class_])


def state(case: Case) -> linopy.Model:
    """The model of a synthetic case."""
    from .linopy_rows import home, links, objective, sites

    with warnings.catch_warnings():
        # A column that a mask leaves out counts for nothing, which is what is meant here.
        warnings.simplefilter("ignore", linopy.LinopySemanticsWarning)
        stated = Statement(case)
        links(stated, sites(stated), home(stated))
        objective(stated)
    return stated.model
