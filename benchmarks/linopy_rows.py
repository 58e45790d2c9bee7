"""The rows of the synthetic case in linopy: what stands at sites, what stands at home, what links them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .linopy_peer import MUSD, MUSD_PER_T, YEARS, Array, Statement, lesser, where
from .synthetic import FREE, HOME_MARKET, TAGGED, WORLD

Variables = dict[str, Any]


def _plants(m: Statement, stage: str, index: list[pd.Index], classes: list[pd.Index]) -> Any:
    """Processes of a stage with the projects that add to them: what runs, what is built, what it costs."""
    data, model = m.data, m.model
    rows = data.processes[data.processes["stage"] == stage]
    names = [str(each.name) for each in index]
    start = model.add_variables(coords=index, name=f"start {stage}", binary=True)
    most, least = (data.fixed(rows, f"size_{end}_t_per_year", *names) for end in ("max", "min"))
    size = model.add_variables(0.0, most.transpose(*names), coords=index, name=f"size {stage}")
    model.add_constraints(m.every * size - m.every * most * start <= 0, name=f"PRJ_size_max {stage}")
    model.add_constraints(m.every * size - m.every * least * start >= 0, name=f"PRJ_size_min {stage}")
    share = data.standing(rows, tuple(names))
    due = data.instalments(data.fixed(rows, "lead_time_years", *names))
    yearly = data.fixed(rows, "fixed_usd_per_t_per_year", *names) * MUSD * YEARS * (share * data.factor).sum("period")
    m.paid(m.every * data.fixed(rows, "capital_musd", *names) * due, start)
    m.paid(m.every * (data.fixed(rows, "capital_usd_per_t_per_year", *names) * MUSD * due + yearly), size)
    activity = m.variable(f"activity {stage}", *index, *classes)
    available = data.moved("processes", "availability_share", rows.set_index("row")[names])
    hours = available * YEARS
    running = activity.sum("class") if classes else 1 * activity
    built = hours * share * size
    model.add_constraints(
        running - built <= hours * data.fixed(rows, "capacity_t_per_year", *names), name=f"CAP {stage}"
    )
    m.paid(data.fixed(rows, "operating_usd_per_kg", *names) * MUSD_PER_T * data.factor * m.every, activity)
    return activity


def sites(m: Statement) -> Variables:
    """Mines, plants, lines, bought concentrate, outlets and lanes, and the balances at the sites."""
    data, model = m.data, m.model
    mine = _plants(m, "concentrate", [m.site], [])
    plant = _plants(m, "oxide", [m.site], [m.class_])
    line = _plants(m, "metal", [m.site, m.element], [m.class_])
    suppliers = data.frame("suppliers")
    reaches = data.moved("suppliers", "availability_share", suppliers[["supplier"]])
    bought = data.contracts[data.contracts["commodity"] == "concentrate"].assign(site=lambda rows: rows["place"])
    most = data.fixed(bought, "volume_max_t_per_year", "site") * YEARS
    feed = m.variable("buy feed", m.site, upper=most * reaches.sel(supplier="quarry", drop=True))
    index = data.fixed(bought, "index_multiple", "site") * data.prices(WORLD, "concentrate")
    m.paid(index * MUSD_PER_T * data.factor, feed)
    recipes = data.frame("recipes").merge(data.processes[["process", "site", "element", "stage"]], on="process")
    into = {s: recipes[(recipes["stage"] == s) & (recipes["direction"] == "in")] for s in ("oxide", "metal")}
    out = recipes[(recipes["stage"] == "oxide") & (recipes["direction"] == "out")]
    out = out.assign(element=out["commodity"].map(data.element_of))
    lower = m.variable("downgrade concentrate", m.site)
    clean, dirty = m.by_class(FREE), m.by_class(TAGGED)
    model.add_constraints(
        clean * (mine - lower) + dirty * (feed + lower) - data.fixed(into["oxide"], "t_per_t", "site") * plant == 0,
        name="BAL concentrate",
    )
    sell, discard = _outlets(m)
    lower = m.variable("downgrade oxide", m.site, m.element)
    model.add_constraints(
        data.fixed(out, "t_per_t", "site", "element") * plant
        - data.fixed(into["metal"], "t_per_t", "site", "element") * line
        - clean * lower
        + dirty * (lower - sell - discard)
        == 0,
        name="BAL oxide",
    )
    lanes = data.frame("lanes").assign(site=lambda rows: rows["from_place"])
    lanes = lanes.assign(element=lanes["commodity"].map(data.element_of))
    room = data.fixed(lanes, "capacity_t_per_year", "site", "element") * YEARS
    upper = where(dirty > 0, room * m.approved, np.inf)
    ship = m.variable("ship", m.site, m.element, m.class_, upper=upper)
    model.add_constraints(ship.sum("class") <= room * m.every, name="LAN")
    freight = data.fixed(lanes, "cost_usd_per_kg", "site", "element")
    reference = data.prices(HOME_MARKET, "metal").isel(future=0, period=0, drop=True)
    tariff = data.fixed(lanes, "tariff_share", "site", "element") * reference
    m.paid((freight + tariff) * MUSD_PER_T * data.factor * m.every, ship)
    lower = m.variable("downgrade metal", m.site, m.element)
    model.add_constraints(line - ship - clean * lower + dirty * lower == 0, name="BAL metal")
    arrives = 1 - data.fixed(lanes, "loss_share", "site", "element")
    return {"line": line, "arrived": (arrives * ship).sum("site")}


def _outlets(m: Statement) -> tuple[Any, Any]:
    data = m.data
    outlets = data.frame("outlets").assign(site=lambda rows: rows["place"])
    outlets = outlets.assign(element=outlets["commodity"].map(data.element_of))
    most = data.fixed(outlets, "t_per_year", "site", "element") * YEARS * m.every
    sell = m.variable("sell", m.site, m.element, upper=most.expand_dims(period=m.time["period"]))
    price = data.fixed(outlets, "price_share", "site", "element") * data.prices(HOME_MARKET, "oxide")
    m.paid(-price * MUSD_PER_T * data.factor, sell)
    discard = m.variable("discard", m.site, m.element)
    given = data.frame("commodities").assign(element=lambda rows: rows["commodity"].map(data.element_of))
    given = given[given["stage"] == "oxide"]
    m.paid(data.fixed(given, "discard_usd_per_kg", "element") * MUSD_PER_T * data.factor * m.every, discard)
    return sell, discard


def home(m: Statement) -> Variables:
    """Contracts, stockpiles, demands."""
    return {**_contracts(m), **_stockpiles(m), **_demands(m)}


def _contracts(m: Statement) -> Variables:
    data, model = m.data, m.model
    rows = data.contracts[data.contracts["element"].notna()]
    spots, offtakes = rows[rows["kind"] == "spot"], rows[rows["kind"] == "offtake"]
    names = list(dict.fromkeys(rows["supplier"]))
    supplier = pd.Index(names, name="supplier")
    reaches = data.moved("suppliers", "availability_share", data.frame("suppliers")[["supplier"]])
    reaches = reaches.sel(supplier=names)
    comes = reaches * m.approved * YEARS
    keys = ("supplier", "element")
    opens = data.fixed(offtakes, "qualification_years", *keys)
    closes = opens + data.fixed(offtakes, "term_years", *keys)
    start = data.periods * YEARS
    cover = ((lesser(start + YEARS, closes) - -lesser(-start, -opens)) / YEARS).clip(min=0.0)
    given = cover > 0
    capacity = data.frame("supplier_capacity")
    capacity = capacity.assign(element=capacity["commodity"].map(data.element_of))
    whole = reaches * YEARS * data.fixed(capacity, "t_per_year", *keys)
    most = comes * data.fixed(spots, "volume_max_t_per_year", *keys)
    spot = m.variable("buy spot", supplier, m.element, upper=where(given, most, lesser(most, whole)))
    buy = m.variable("buy offtake", supplier, m.element, mask=given)
    index = data.fixed(spots, "index_multiple", *keys) * data.prices(WORLD, "metal")
    m.paid(index * MUSD_PER_T * data.factor, spot)
    price = data.fixed(offtakes, "price_usd_per_kg", *keys) * MUSD_PER_T
    m.paid(price * data.factor * m.every, buy)
    greatest = data.fixed(offtakes, "volume_max_t_per_year", *keys).transpose(*keys)
    sign = model.add_variables(coords=[supplier, m.element], name="sign", binary=True)
    volume = model.add_variables(0.0, greatest.sel(supplier=names), coords=[supplier, m.element], name="volume")
    least = data.fixed(offtakes, "volume_min_t_per_year", *keys)
    model.add_constraints(m.every * volume - m.every * greatest * sign <= 0, name="OFF_volume_max")
    model.add_constraints(m.every * volume - m.every * least * sign >= 0, name="OFF_volume_min")
    m.paid(m.every * data.fixed(offtakes, "prepayment_musd", *keys), sign)
    m.paid(m.every * data.fixed(offtakes, "prepayment_usd_per_t_per_year", *keys) * MUSD, volume)
    owed = comes * cover
    model.add_constraints(buy - owed * volume <= 0, name="OFF_delivery", mask=given)
    model.add_constraints(spot + buy <= whole, name="OFF_supplier", mask=given)
    years = pd.Index(np.unique(data.year), name="year")
    due = data.fixed(offtakes, "take_or_pay_share", *keys) * owed.groupby(data.year).sum()
    open_ = given.groupby(data.year).any()
    unused = model.add_variables(
        0.0,
        coords=[supplier, m.element, pd.Index(m.time["future"], name="future"), years],
        name="unused",
        mask=open_.expand_dims(future=m.time["future"]).transpose(*keys, "future", "year"),
    )
    taken = (1 * buy).groupby(data.year).sum()
    model.add_constraints(unused + taken - due * volume >= 0, name="OFF_take_or_pay", mask=open_)
    m.paid(price * data.last * m.every, unused)
    class_of = rows.drop_duplicates("supplier").set_index("supplier")["class_"]
    match = Array([[float(class_of[u] == q) for q in m.class_] for u in names], coords=[supplier, m.class_])
    return {"bought": (match * (spot + buy)).sum("supplier"), "spot": spot, "buy": buy}


def _stockpiles(m: Statement) -> Variables:
    data, model = m.data, m.model
    rows = data.frame("stockpiles").assign(element=lambda rows: rows["commodity"].map(data.element_of))

    def of(column: str) -> Array:
        return data.fixed(rows, column, "element")

    stock, put, take = (m.variable(name, m.element, m.class_) for name in ("stock", "put", "take"))
    left = (1 - of("decay_share_per_year")) ** YEARS
    first = (data.periods == 0) * m.by_class(FREE) * m.every
    model.add_constraints(
        stock - left * stock.shift(period=1) - put + take == left * of("initial_t") * first, name="STK"
    )
    model.add_constraints(stock.sum("class") <= of("warehouse_t") * m.every, name="STK_warehouse")
    model.add_constraints(put.sum("class") <= of("pace_t_per_year") * YEARS * m.every, name="STK_pace")
    wanted = of("cover_days") / 365.0 * of("cover_demand_t_per_year")
    floor = lesser(wanted, of("warehouse_t")) * m.every * (1 + 0 * data.periods)
    gap = m.variable("gap", m.element, upper=floor)
    model.add_constraints(stock.sum("class") + gap >= floor, name="STK_cover")
    m.paid(of("cover_penalty_usd_per_kg_year") * MUSD_PER_T * data.factor * YEARS * m.every, gap)
    handling = of("handling_usd_per_kg") * MUSD_PER_T * data.factor * m.every
    m.paid(handling, put)
    m.paid(handling, take)
    price = data.prices(HOME_MARKET, "metal").isel(future=0, drop=True)
    half = of("holding_share_per_year") * price.isel(period=0) * MUSD_PER_T * YEARS / 2 * data.factor
    end = len(data.periods) - 1
    rate = (1 + data.case.setting("discount_rate")) ** -((end + 1) * YEARS)
    worth = of("terminal_share") * price.isel(period=-1) * MUSD_PER_T * rate * (data.periods == end)
    m.paid((half + half.shift(period=-1, fill_value=0.0) - worth) * m.every, stock)
    m.constant = float((half.isel(period=0) * of("initial_t")).sum())
    return {"put": put, "take": take}


def _demands(m: Statement) -> Variables:
    data, model = m.data, m.model
    rows = data.frame("demands").assign(element=lambda rows: rows["commodity"].map(data.element_of))
    sector = pd.Index(list(dict.fromkeys(rows["sector"])), name="sector")
    multiple = data.moved("demands", "multiple", rows[["sector", "element"]])
    base, growth = (data.fixed(rows, c, "sector", "element") for c in ("t_per_year", "growth_share_per_year"))
    wanted = base * (1 + growth) ** (data.year - data.case.base_year) * multiple * YEARS
    steps = data.frame("loss_steps").merge(rows[["demand", "sector", "element"]], on="demand")
    step = pd.Index(sorted(steps["step"].unique()), name="step")
    keys = ("sector", "element", "step")
    deliver = m.variable("deliver", sector, m.element, m.class_)
    short = m.variable("short", sector, m.element, step, upper=data.fixed(steps, "width_share", *keys) * wanted)
    model.add_constraints(deliver.sum("class") + short.sum("step") == wanted, name="DEM")
    share = 1 - data.fixed(rows, "export_share", "sector", "element") * (1 - m.approved)
    model.add_constraints(1 * deliver.sel({"class": TAGGED}, drop=True) <= share * wanted, name="DEM_tagged")
    m.paid(data.fixed(steps, "loss_usd_per_kg", *keys) * MUSD_PER_T * data.factor * m.every, short)
    return {"deliver": deliver}


def links(m: Statement, site: Variables, here: Variables) -> None:
    """The balance at home, and the soft limit on the share of a country in metal."""
    data, model = m.data, m.model
    lower = m.variable("downgrade home", m.element)
    clean, dirty = m.by_class(FREE), m.by_class(TAGGED)
    model.add_constraints(
        site["arrived"]
        + here["bought"]
        + here["take"]
        - here["put"]
        - here["deliver"].sum("sector")
        - clean * lower
        + dirty * lower
        == 0,
        name="BAL home",
    )
    places, suppliers = (data.frame(table) for table in ("places", "suppliers"))
    lands = dict(zip(places["place"], places["country"], strict=True))
    sellers = dict(zip(suppliers["supplier"], suppliers["country"], strict=True))
    names = [str(name) for name in here["spot"].indexes["supplier"]]
    own = {lands[place] for place in m.site}
    country = pd.Index(sorted(own | {sellers[name] for name in names}), name="country")
    at = Array([[float(lands[s] == z) for z in country] for s in m.site], coords=[m.site, country])
    by = Array(
        [[float(sellers[u] == z) for z in country] for u in names],
        coords=[pd.Index(names, name="supplier"), country],
    )
    limit = data.fixed(data.frame("diversification"), "max_share", "element")
    content = data.frame("content").merge(data.frame("commodities")[["commodity", "stage"]], on="commodity")
    tonnes = data.fixed(content[content["stage"] == "metal"], "share", "element")
    made = (1 * site["line"]).groupby(data.year).sum().sum("class")
    bought = (here["spot"] + here["buy"]).groupby(data.year).sum()
    years = pd.Index(np.unique(data.year), name="year")
    coords = [m.element, country, pd.Index(m.time["future"], name="future"), years]
    over = model.add_variables(0.0, coords=coords, name="over")
    model.add_constraints(
        (tonnes * (at - limit) * made).sum("site") + (tonnes * (by - limit) * bought).sum("supplier") - over <= 0,
        name="DIV",
    )
    penalty = data.fixed(data.frame("diversification"), "penalty_usd_per_kg", "element")
    m.paid(penalty * MUSD_PER_T * data.last * m.every, over)


def objective(m: Statement) -> None:
    """Expected cost and the mean of its tail."""
    case, model = m.data.case, m.model
    share, level = case.setting("risk_weight"), case.setting("risk_level")
    cost = sum(m.cost[1:], m.cost[0])
    future = pd.Index(m.time["future"], name="future")
    eta = model.add_variables(name="eta")
    tail = model.add_variables(0.0, coords=[future], name="tail")
    model.add_constraints(m.every * eta + tail - cost >= m.constant * m.every, name="RSK")
    expected = ((1 - share) * m.weight * cost).sum()
    model.add_objective(expected + share * eta + (share / (1 - level) * m.weight * tail).sum())
