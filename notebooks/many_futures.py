"""Many futures: drawn from hazards, reduced, planned for one by one with a proved gap, and tested on fresh ones."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Many futures")


@app.cell
def _():
    from dataclasses import replace

    import marimo as mo
    import pandas as pd
    import plotly.graph_objects as go

    import orefolio as of
    from orefolio.analyses.out_of_sample import estimate, policy
    from orefolio.api import decompose
    from orefolio.futures import generated, reduction
    from orefolio.solve import options

    return decompose, estimate, generated, go, mo, of, options, pd, policy, reduction, replace


@app.cell
def _(mo):
    mo.md("""
    # Many futures

    A case tells a few futures, thought out one by one. Its hazards say how likely each event is in a year, how long it
    lasts and how projects slip, and from that any number of futures can be drawn. Here 200 are drawn for Japan and
    reduced to as many as the slider says, time is told in years, and the plan is proved to 0.3 % by solving each future
    by itself. Twenty take a minute; with the slider at 200 none is left out, and the rest takes some minutes.
    """)
    return


@app.cell
def _(mo):
    kept = mo.ui.slider(20, 200, 20, 20, label="futures to plan for", show_value=True, debounce=True)
    kept
    return (kept,)


@app.cell
def _(generated, of, replace):
    study = of.load(of.example("japan"))
    many = generated.generate(study.case, generated.Asked(200, seed=1))
    all_of_them = replace(study, case=generated.with_futures(study.case, many))
    all_of_them
    return all_of_them, many, study


@app.cell
def _(all_of_them, kept, many, mo, reduction):
    fewer = reduction.reduce(all_of_them.case, min(kept.value, len(many)))
    mo.md(
        f"{len(many)} futures, of them one without any event, are reduced to **{len(fewer.rows['futures'])}**. The "
        f"distance from all of them is {fewer.distance:.3f}, where the best single future has {fewer.spread:.3f}."
    )
    return (fewer,)


@app.cell
def _(decompose, fewer, generated, replace, study):
    rounds = []
    few = replace(study, case=generated.with_rows(study.case, fewer.rows))
    run = few.solve(
        grid="yearly",
        gap=0.003,
        time_limit=1800,
        decompose=decompose.Decompose(jobs=2),
        progress=rounds.append,
        say=lambda line: None,
    )
    run
    return rounds, run


@app.cell
def _(mo):
    mo.md("""
    ## The bound rises by rounds

    A round asks every future what it costs at one point of the decisions that futures share, and gets a plane that lies
    under its cost. All planes together are a bound, proved from the first round on that has one of each future; no
    later round can lower it. When the bound is settled a dive makes the decisions whole, and the plan that comes out is
    checked against every row and costed.
    """)
    return


@app.cell
def _(go, rounds, run):
    _bounds = sorted({one.bound for one in rounds if one.bound > 0.5 * run.bound})
    _plot = go.Figure()
    _plot.add_scatter(y=_bounds, mode="lines+markers", name="proved bound", line={"color": "#0072B2", "shape": "hv"})
    _plot.add_hline(y=run.cost, line={"color": "#D55E00", "dash": "dash"}, annotation_text="the plan")
    _plot.update_layout(
        template="plotly_white",
        xaxis_title="times that the bound rose, from half of the last one on",
        yaxis_title="million USD",
    )
    _plot
    return


@app.cell
def _(mo, run):
    mo.md(
        f"The plan costs **{run.cost:,.1f} million USD**, and no plan costs less than {run.bound:,.1f}: a proved gap "
        f"of **{run.abs_gap:,.1f} million USD, {run.gap:.2%}**."
    )
    return


@app.cell
def _(estimate, generated, options, policy, run):
    _held = policy.Policy.of_solution(run.outcome.merged, "yearly", run.outcome.solution.values)
    _fresh = generated.sample(_held.case, generated.Asked(40, 7, "random"))
    (fresh,) = estimate.estimates([_held], _fresh, options.Options(node_limit=0))
    return (fresh,)


@app.cell
def _(fresh, mo, run):
    mo.md(
        f"""
    ## What the plan costs in futures that it does not know

    In {fresh.draws} fresh futures, drawn at random, the plan costs **{fresh.cost.mean:,.0f} million USD** on
    average. At a confidence of {fresh.level:.0%} its expected cost lies between {fresh.low:,.0f} and
    {fresh.high:,.0f}; by the futures that it was made for it is {run.cost:,.0f}. The difference is the price of
    having planned for few futures, and chance.
    """
    )
    return


@app.cell
def _(mo):
    mo.md("""
    ## How the time grows

    These times were measured once and are recorded here: the whole command, from reading to the last file, with two
    workers, in CPU seconds, since the machine had other work to do. A line through the origin is growth in proportion.
    """)
    return


@app.function
def recorded():
    """CPU seconds as measured, of the solve and of the whole command: by futures."""
    return {50: (33.5, 54.4), 200: (114.1, 193.5), 400: (190.4, 344.9)}


@app.cell
def _(pd):
    times = pd.DataFrame.from_dict(recorded(), orient="index", columns=["solve", "whole command"])
    times
    return (times,)


@app.cell
def _(go, times):
    _plot = go.Figure()
    for _name, _colour in (("whole command", "#0072B2"), ("solve", "#009E73")):
        _plot.add_scatter(
            x=[0, *times.index], y=[None, *times[_name]], name=_name, mode="lines+markers", line={"color": _colour}
        )
    _least = times.index[0]
    _plot.add_scatter(
        x=[0, *times.index],
        y=[count * times["whole command"].iloc[0] / _least for count in (0, *times.index)],
        name=f"in proportion, from {_least} futures",
        mode="lines",
        line={"color": "#999999", "dash": "dash"},
    )
    _plot.update_layout(template="plotly_white", xaxis_title="futures", yaxis_title="CPU seconds")
    _plot
    return


@app.cell
def _(fewer, fresh, mo, rounds, run, times):
    facts = {
        "futures": len(fewer.rows["futures"]),
        "distance": (fewer.distance, fewer.spread),
        "bounds": [one.bound for one in rounds],
        "plan": (run.bound, run.cost),
        "gap": run.gap,
        "audited": run.record["audit"]["passed"],
        "fresh": (fresh.low, fresh.cost.mean, fresh.high),
        "times": times.to_dict(),
    }
    if not mo.running_in_notebook():
        for _name, _value in facts.items():
            print(f"{_name}: {_value}")
    return (facts,)


if __name__ == "__main__":
    app.run()
