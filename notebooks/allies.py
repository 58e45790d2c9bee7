"""The United States and the allies: the plan of each alone, and what one plan for both saves."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="The United States and the allies")


@app.cell
def _():
    import marimo as mo

    import orefolio as of

    return mo, of


@app.cell
def _(mo):
    mo.md("""
    # The United States and the allies

    Three cases: the United States, Japan, and both in one program that buys no tonne of a shared seller twice. The
    joint plan may do what the two plans do apart; what it costs less is what cooperation is worth, at least for the two
    together. Who gains how much is another question: `orefolio cooperation` answers it.
    """)
    return


@app.cell
def _(of):
    runs = {
        name: of.load(of.example(name)).solve(grid="yearly", abs_gap=100, saving=False)
        for name in ("us", "japan", "allies")
    }
    return (runs,)


@app.cell
def _(mo):
    mo.md("""
    ## The United States alone
    """)
    return


@app.cell
def _(runs):
    runs["us"]
    return


@app.cell
def _(runs):
    runs["us"].plot.supply()
    return


@app.cell
def _(mo):
    mo.md("""
    ## Together
    """)
    return


@app.cell
def _(runs):
    runs["allies"]
    return


@app.cell
def _(mo, runs):
    _alone = [runs["us"], runs["japan"]]
    facts = {
        "alone_bound_musd": sum(run.bound for run in _alone),
        "alone_cost_musd": sum(run.cost for run in _alone),
        "joint_bound_musd": runs["allies"].bound,
        "joint_cost_musd": runs["allies"].cost,
    }
    _least = facts["alone_bound_musd"] - facts["joint_cost_musd"]
    _most = facts["alone_cost_musd"] - facts["joint_bound_musd"]
    mo.md(
        f"Apart, the two plans cost {facts['alone_cost_musd']:,.0f} million USD; the joint plan costs "
        f"{facts['joint_cost_musd']:,.0f}. By what is proved, planning together saves between {_least:,.0f} and "
        f"{_most:,.0f} million USD over the horizon, discounted."
    )
    return (facts,)


@app.cell
def _(facts, mo):
    if not mo.running_in_notebook():
        for _name, _value in facts.items():
            print(f"{_name}: {_value:,.1f}")
    return


if __name__ == "__main__":
    app.run()
