"""What-ifs on Japan: seven questions, each with a slider, each planned anew and held against the base."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="What-ifs on Japan")


@app.cell
def _():
    import functools

    import marimo as mo

    import orefolio as of

    return functools, mo, of


@app.cell
def _(mo):
    mo.md("""
    # What if?

    A **lever** is a number of the case that people argue about. Each section turns one and plans anew. The best cost of
    a plan is known to lie between its proof and its cost, so a change is told as an interval; where it holds both
    signs, no change is proved. Time is told in years and plans are proved to 100 million USD, so that they are quick.
    """)
    return


@app.cell
def _(of):
    study = of.load(of.example("japan"))
    base = study.solve(grid="yearly", abs_gap=100, saving=False)
    base
    return base, study


@app.cell
def _(base, functools, mo, of, study):
    levers = {row.lever: row for row in study.case.rows("levers")}

    def slider(lever, value):
        row = levers[lever]
        steps = (row.high - row.low) / 100
        unit = "" if row.unit == "1" else f" ({row.unit})"
        label = f"{row.name}{unit}; base {row.base:g}"
        return mo.ui.slider(row.low, row.high, steps, value, label=label, show_value=True, debounce=True)

    @functools.cache
    def planned(lever, value):
        return study.what_if(**{lever: value}).solve(grid="yearly", abs_gap=100, saving=False, warm=base)

    def told(lever, value):
        if value == levers[lever].base:
            return mo.md("This is the base.")
        return of.compare(base, planned(lever, value))

    return planned, slider, told


@app.cell
def _(mo, slider):
    us_cost = slider("us_cost_multiple", 5.0)
    mo.vstack(
        [mo.md("""## Building in the United States\n\nWhat if a plant there cost half of what is said?"""), us_cost]
    )
    return (us_cost,)


@app.cell
def _(told, us_cost):
    told("us_cost_multiple", us_cost.value)
    return


@app.cell
def _(mo, slider):
    price_floor = slider("price_floor_multiple", 1.0)
    mo.vstack([mo.md("""## The price floor\n\nWhat if the floor fell to the Chinese price?"""), price_floor])
    return (price_floor,)


@app.cell
def _(price_floor, told):
    told("price_floor_multiple", price_floor.value)
    return


@app.cell
def _(mo, slider):
    threshold = slider("chinese_content_threshold", 0.25)
    mo.vstack(
        [
            mo.md("""## The rule on Chinese content\n\nWhat if a quarter of Chinese content were free, not 0.1 %?"""),
            threshold,
        ]
    )
    return (threshold,)


@app.cell
def _(threshold, told):
    told("chinese_content_threshold", threshold.value)
    return


@app.cell
def _(mo, slider):
    embargo = slider("embargo_months", 24.0)
    mo.vstack(
        [
            mo.md(
                """## The full embargo\n\nWhat if it lasted two years? Its weight among the futures stays as it is."""
            ),
            embargo,
        ]
    )
    return (embargo,)


@app.cell
def _(embargo, told):
    told("embargo_months", embargo.value)
    return


@app.cell
def _(mo, slider):
    seabed = slider("seabed_cost_multiple", 0.5)
    mo.vstack([mo.md("""## Mud of the seabed\n\nWhat if it cost half?"""), seabed])
    return (seabed,)


@app.cell
def _(seabed, told):
    told("seabed_cost_multiple", seabed.value)
    return


@app.cell
def _(mo, slider):
    recycling = slider("recycled_is_free", 1.0)
    mo.vstack([mo.md("""## Recycling\n\nWhat if recycled material lost its tag of Chinese content?"""), recycling])
    return (recycling,)


@app.cell
def _(recycling, told):
    told("recycled_is_free", recycling.value)
    return


@app.cell
def _(mo, slider):
    stock = slider("stockpile_pace", 0.0)
    mo.vstack([mo.md("""## The stock\n\nWhat if nothing could be bought into it?"""), stock])
    return (stock,)


@app.cell
def _(stock, told):
    told("stockpile_pace", stock.value)
    return


@app.cell
def _(
    base,
    embargo,
    mo,
    planned,
    price_floor,
    recycling,
    seabed,
    stock,
    threshold,
    us_cost,
):
    _turned = {
        "us_cost": ("us_cost_multiple", us_cost.value),
        "price_floor": ("price_floor_multiple", price_floor.value),
        "threshold": ("chinese_content_threshold", threshold.value),
        "embargo": ("embargo_months", embargo.value),
        "seabed": ("seabed_cost_multiple", seabed.value),
        "recycling": ("recycled_is_free", recycling.value),
        "stock": ("stockpile_pace", stock.value),
    }
    facts = {"base": (base.bound, base.cost)}
    for _name, (_lever, _value) in _turned.items():
        _run = planned(_lever, _value)
        facts[_name] = (_run.bound, _run.cost)
        if not mo.running_in_notebook():
            print(f"{_lever} = {_value:g}: cost {_run.cost:,.1f}, at least {_run.bound:,.1f} million USD")
    return


if __name__ == "__main__":
    app.run()
