"""Nothing comes from nothing: per element and path, what was there and came in is what went out, was lost and is left.

Reckoned from the values of columns and the case's tables, not from the program's rows.
"""

from __future__ import annotations

from typing import Any

import pytest

from pencil import (
    RULE,
    Piece,
    Plan,
    case_of,
    event,
    future,
    lane,
    plan,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)

ELEMENTS = ("Nd", "Dy")
CONTENT = {
    "mixed": {"Nd": 0.4, "Dy": 0.05},
    "nd": {"Nd": 0.9},
    "dy": {"Dy": 0.8},
    "magnet": {"Nd": 0.27, "Dy": 0.02},
    "swarf": {"Nd": 0.27, "Dy": 0.02},
}


def said() -> Piece:
    """The rule, elements, what holds how much of them, licences, an outlet, and scrap of old sales."""
    content = [{"commodity": c, "element": e, "share": s} for c, es in CONTENT.items() for e, s in es.items()]
    return tables(
        rules=[{"rule": "content", "threshold_share": 0.001, "basis": "value"}],
        classes=RULE["classes"],
        elements=[{"element": e} for e in ELEMENTS],
        content=content,
        commodities=[{"commodity": c, "stage": "oxide", "discardable": True} for c in CONTENT],
        licences=[{"licence": "goods", "approval_share": 0.1, "needs_rule": True}],
        outlets=[{"place": "home", "commodity": "nd", "step": 1, "t_per_year": 4, "price_usd_per_kg": 5}],
        scrap=[
            {
                "scrap": "old",
                "place": "home",
                "commodity": "swarf",
                "weibull_shape": 1.5,
                "weibull_scale_years": 3,
                "rate_share": 0.5,
                "collection_usd_per_kg": 1,
                "tagged_share": 0.4,
            }
        ],
        past_sales=[{"scrap": "old", "year": 2025, "t": 12}],
    )


def case() -> Any:
    """Mixed oxide from two sources is shipped (1 % lost), separated (yields), pressed to magnets with a third going to
    swarf, which is separated again (90 %); stock of magnets and dysprosium by class, losing 5 % a year; a mine that is
    built; two futures, one with a cut and the rule."""
    press = {"nd": 0.3 / 0.9 * 1.5, "dy": 0.03 * 1.25}
    shock = {"cut": ("2028-07-01", 12), "begin": "2028-07-01"}
    return case_of(
        said(),
        spot("china", "mixed", 6, place="port", class_="tagged"),
        spot("rest", "mixed", 11, most=30, place="port"),
        lane("port", "home", "mixed", 0.5, loss_share=0.01),
        process(
            "separate", {"mixed": 1}, {"nd": 0.4 / 0.9 * 0.98, "dy": 0.05 / 0.8 * 0.95}, capacity=90, separates=True
        ),
        process("press", press, {"magnet": 1, "swarf": 0.4}, capacity=40, one_class_at_a_time=True),
        process("recover", {"swarf": 1}, {"nd": 0.27, "dy": 0.02}, capacity=20, yields={"nd": 0.9, "dy": 0.9}),
        process("dig", {}, {"mixed": 1}, cost=3),
        project("mine", "dig", 12, lead=1, capital=60),
        stockpile(
            "magnets",
            "magnet",
            30,
            initial_t=4,
            decay_share_per_year=0.05,
            handling_usd_per_kg=0.1,
            cover_days=146,
            cover_demand_t_per_year=20,
            cover_penalty_usd_per_kg_year=90,
        ),
        stockpile("dysprosium", "dy", 5, initial_t=1, initial_class="tagged", handling_usd_per_kg=0.1),
        wanted("abroad", "magnet", 9, 300, 700, export_share=1.0, licence="goods"),
        wanted("home", "magnet", 14, 250, 600),
        event("cut", "suppliers", "*", "availability_share", "set", 0.02),
        event("begin", "rules", "*", "in_force_share", "set", 1),
        future("calm", 0.6),
        future("shock", 0.4, shock, onset="2028-07-01"),
        years=4,
        months=6,
    )


@pytest.fixture(scope="module")
def done() -> Plan:
    return plan(case())


def flows(done: Plan, name: str, commodity_of: Any) -> dict[str, dict[str, float]]:
    """Tonnes of each element by variable and future, over all periods."""
    result: dict[str, dict[str, float]] = {}
    for path, columns in done.columns.items():
        result[path] = dict.fromkeys(ELEMENTS, 0.0)
        for (variable, words, _), value in columns.items():
            if variable == name:
                for element, share in CONTENT[commodity_of(words)].items():
                    result[path][element] += share * value
    return result


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("path", ["calm", "shock"])
def test_each_element_is_conserved_on_each_path(done: Plan, path: str, element: str) -> None:
    """Would fail if stock were copied into each class of a branch instead of shared out, a loss were not a loss, or a
    recipe were posted to one side only."""
    tables_ = done.merged.tree.case
    recipes = tables_.rows("recipes")

    def content(commodity: str) -> float:
        return CONTENT[commodity].get(element, 0.0)

    def total(name: str, commodity_of: Any) -> float:
        return flows(done, name, commodity_of)[path][element]

    held = {row.stockpile: row for row in tables_.rows("stockpiles")}
    bought = total("buy", lambda words: "mixed")
    collected = total("collect", lambda words: "swarf")
    initial = sum(row.initial_t * content(row.commodity) for row in held.values())
    shipped_loss = 0.01 * total("ship", lambda words: "mixed")
    process_gain = 0.0
    for (variable, words, _), value in done.columns[path].items():
        if variable == "activity":
            for row in recipes:
                if row.process == words[0]:
                    out = row.direction == "out"
                    tonnes = row.t_per_t * row.yield_share if out else -row.t_per_t / row.yield_share
                    process_gain += value * tonnes * content(row.commodity)
    delivered = total("deliver", lambda words: "magnet")
    sold = total("sell", lambda words: words[1])
    discarded = total("discard", lambda words: words[1])
    decayed, left = 0.0, 0.0
    for name, row in held.items():
        kept = {(w[1], n): v for (var, w, n), v in done.columns[path].items() if var == "stock" and w[0] == name}
        periods = next(f.path.periods for f in done.merged.flats if f.path.future == path)
        for class_ in {class_ for class_, _ in kept}:
            before = row.initial_t if class_ == row.initial_class else 0.0
            for period in periods:
                decayed += content(row.commodity) * before * (1 - (1 - row.decay_share_per_year) ** period.years)
                before = kept[class_, period.number]
            left += content(row.commodity) * before
    came = initial + bought + collected + process_gain
    went = shipped_loss + delivered + sold + discarded + decayed + left
    assert delivered > 0
    assert came == pytest.approx(went, rel=1e-6)


def test_the_case_is_alive(done: Plan) -> None:
    """Every kind of flow that could create or lose material is at work in it."""
    for name in ("buy", "ship", "activity", "deliver", "put", "take", "collect", "sell"):
        assert done.value(name, future="shock") > 0.01, name
    assert done.value("start", "mine", future="shock") == 1
    shares = {
        words[1] for (name, words, _), value in done.columns["shock"].items() if name == "deliver" and value > 0.01
    }
    assert shares == {"free", "tagged"}


def test_the_parts_of_the_cost_add_up(done: Plan) -> None:
    """Weighted over the futures the named parts are the objective."""
    parts = 0.6 * sum(done.costs("calm").values()) + 0.4 * sum(done.costs("shock").values())
    assert parts == pytest.approx(done.cost)
