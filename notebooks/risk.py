"""Risk: what a plan costs on average and at worst, and what it costs to fear the worst more."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Risk")


@app.cell
def _():
    import marimo as mo
    import pandas as pd

    import orefolio as of

    return mo, of, pd


@app.cell
def _(mo):
    mo.md("""
    # Risk

    A plan of least expected cost may do badly in rare futures. The lever `risk_weight` gives the mean of the worst
    tenth of the futures a share of the objective: 0 looks at the mean alone, 0.5 at both alike. The price of caution is
    what the mean then costs more; what it buys is a tail that costs less.
    """)
    return


@app.cell
def _(of):
    study = of.load(of.example("japan"))
    neutral = study.solve(grid="yearly", abs_gap=100, saving=False)
    neutral
    return neutral, study


@app.cell
def _(mo):
    weight = mo.ui.slider(0.1, 0.5, 0.1, 0.5, label="weight of the worst tenth", show_value=True, debounce=True)
    weight
    return (weight,)


@app.cell
def _(neutral, study, weight):
    careful = study.what_if(risk_weight=weight.value).solve(grid="yearly", abs_gap=100, saving=False, warm=neutral)
    careful
    return (careful,)


@app.cell
def _(careful, neutral, pd):
    def standing(run):
        rows = run.table("futures").set_index("future")
        return {
            "expected cost, million USD": rows.loc["expected", "cost_musd"],
            "mean of the worst tenth, million USD": rows.loc["tail", "cost_musd"],
            "dearest future, million USD": rows.loc["worst", "cost_musd"],
            "short in the worst future, t": rows.loc["worst", "short_t"],
        }

    table = pd.DataFrame({"least expected cost": standing(neutral), "careful": standing(careful)})
    table.round(1)
    return (table,)


@app.cell
def _(careful, mo, neutral, table, weight):
    _change = table["careful"] - table["least expected cost"]
    facts = {
        "weight": weight.value,
        "neutral": (neutral.bound, neutral.cost),
        "careful": (careful.bound, careful.cost),
        "expected_musd": table.loc["expected cost, million USD"].to_dict(),
        "tail_musd": table.loc["mean of the worst tenth, million USD"].to_dict(),
    }
    mo.md(
        f"Fearing the worst tenth with a weight of {weight.value:g} moves the expected cost of the plan by "
        f"**{_change.iloc[0]:+,.0f}** and the mean of the worst tenth by **{_change.iloc[1]:+,.0f} million USD**. Both "
        f"plans are proved to 100 million USD of their own objective, so differences smaller than that may be chance."
    )
    return (facts,)


@app.cell
def _(careful):
    careful.plot.futures()
    return


@app.cell
def _(facts, mo):
    if not mo.running_in_notebook():
        for _name, _value in facts.items():
            print(f"{_name}: {_value}")
    return


if __name__ == "__main__":
    app.run()
