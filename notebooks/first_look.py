"""A first look at Japan: what to sign, what it costs, where it comes from, and what each future does to the plan."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="A first look at Japan")


@app.cell
def _():
    import marimo as mo

    import orefolio as of

    return mo, of


@app.cell
def _(mo):
    mo.md("""
    # A first look at Japan

    Which rare-earth contracts, plants and stockpiles should Japan choose for 2027–2040, when nobody knows which shock
    will come? A **case** holds the numbers, a **run** is a plan with a proof of how good it is. Costs are in million
    USD, discounted; tonnes are of each commodity unless a table says otherwise.
    """)
    return


@app.cell
def _(of):
    study = of.load(of.example("japan"))
    study
    return (study,)


@app.cell
def _(mo):
    mo.md("""
    Time is told in years here, and the search ends when plan and proof are 100 million USD apart. Both make the
    notebook quick; drop `grid` and ask for `abs_gap=5` for a plan to act on.
    """)
    return


@app.cell
def _(study):
    run = study.solve(grid="yearly", abs_gap=100)
    run
    return (run,)


@app.cell
def _(mo, run):
    _futures = run.table("futures")
    _worst = _futures[_futures["kind"] == "future"].sort_values("cost_musd").iloc[-1]
    facts = {
        "cost_musd": run.cost,
        "bound_musd": run.bound,
        "gap_musd": run.abs_gap,
        "saving_musd": run.saving,
        "decisions": len(run.table("portfolio")),
        "dearest_future": _worst["name"],
        "dearest_future_musd": float(_worst["cost_musd"]),
    }
    mo.md(
        f"The plan is expected to cost **{run.cost:,.0f} million USD**. No plan can cost less than {run.bound:,.0f}; "
        f"at most {run.abs_gap:,.0f} ({run.gap:.2%}) could still be found. Committing to nothing would cost at least "
        f"{run.saving or 0.0:,.0f} more: that is what the commitments are worth. The dearest future is "
        f"“{facts['dearest_future']}” with {facts['dearest_future_musd']:,.0f}."
    )
    return (facts,)


@app.cell
def _(mo):
    mo.md("""
    ## Where it comes from

    Tonnes that enter the chain each year, by country, as a mean over the futures.
    """)
    return


@app.cell
def _(run):
    run.plot.supply()
    return


@app.cell
def _(mo):
    mo.md("""
    ## When to decide

    Each commitment that is made whatever comes, and until when it could wait.
    """)
    return


@app.cell
def _(run):
    run.plot.timeline()
    return


@app.cell
def _(mo):
    mo.md("""
    ## What each future does

    Tonnes that go short, and cost over the course in which no shock comes.
    """)
    return


@app.cell
def _(run):
    run.plot.futures()
    return


@app.cell
def _(mo):
    mo.md("""
    ## The numbers

    Every table of a run is a pandas frame; its columns name their units.
    """)
    return


@app.cell
def _(run):
    run.table("portfolio")[["date", "latest_date", "kind", "name", "size", "unit", "capital_musd", "branch"]].round(1)
    return


@app.cell
def _(facts, mo):
    if not mo.running_in_notebook():
        for _name, _value in facts.items():
            print(f"{_name}: {_value:,.1f}" if isinstance(_value, float) else f"{_name}: {_value}")
    return


if __name__ == "__main__":
    app.run()
