"""Adding a mine of your own: copy a case, add its rows, check them, and see whether the plan wants it."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="A mine of your own")


@app.cell
def _():
    import csv
    import tempfile

    import marimo as mo

    import orefolio as of

    return csv, mo, of, tempfile


@app.cell
def _(mo):
    mo.md("""
    # A mine of your own

    A case is a folder of tables; a new mine is rows, and no code changes. Here a tungsten mine is added to the case of
    five minerals of the United States. `of.new` copies the case as the command `orefolio new` does. The copy is a
    passing folder here; give it a name of your own to keep it.
    """)
    return


@app.cell
def _(of, tempfile):
    passing = tempfile.TemporaryDirectory()
    folder = of.new(f"{passing.name}/mine", "minerals-us")
    base = of.load(folder).solve(grid="yearly", abs_gap=50, saving=False)
    base
    return base, folder, passing


@app.cell
def _(mo):
    tonnes = mo.ui.slider(
        100,
        3000,
        100,
        1000,
        label="tonnes of tungsten in concentrate a year, from 2029",
        show_value=True,
        debounce=True,
    )
    price = mo.ui.slider(0.5, 1.5, 0.05, 0.7, label="price over that outside China", show_value=True, debounce=True)
    mo.vstack([tonnes, price])
    return price, tonnes


@app.cell
def _(mo):
    mo.md("""
    Four rows say it: the seller, what it can sell, the contract, and what a tonne of the contract holds. Blank cells
    take the default that `orefolio schema contracts` shows.
    """)
    return


@app.cell
def _(csv, folder, of, price, tonnes):
    rows = {
        "suppliers": {"supplier": "my_mine", "name": "a mine of my own", "country": "SE", "availability_share": 1},
        "supplier_capacity": {
            "supplier": "my_mine", "commodity": "w_concentrate", "from_year": 2029, "t_per_year": tonnes.value,
            "rivals_t_per_year": 0,
        },
        "contracts": {
            "contract": "my_contract", "name": "concentrate of my own mine", "kind": "spot", "supplier": "my_mine",
            "place": "united_states", "class": "free", "volume_max_t_per_year": tonnes.value,
        },
        "contract_items": {
            "contract": "my_contract", "commodity": "w_concentrate", "t_per_t": 1, "price_rule": "index",
            "market": "outside", "index_multiple": price.value,
        },
    }  # fmt: skip
    mine = of.new(folder.with_name(f"mine-{tonnes.value}-{price.value:g}"), "minerals-us")
    for _table, _row in rows.items():
        _path = mine / f"{_table}.csv"
        with _path.open(encoding="utf-8", newline="") as _file:
            _columns = next(csv.reader(_file))
        with _path.open("a", encoding="utf-8", newline="") as _file:
            csv.DictWriter(_file, _columns, restval="", lineterminator="\n").writerow(_row)
    study = of.load(mine)
    study
    return (study,)


@app.cell
def _(mo):
    mo.md("""
    Reading a case checks it: a wrong name or number is told by file, line and column. What a number of
    yours rests on, a source or a guess, and how far it may be off, belongs into `basis.csv`; `orefolio check` counts.
    """)
    return


@app.cell
def _(base, of, study):
    run = study.solve(grid="yearly", abs_gap=50, saving=False, warm=base)
    of.compare(base, run)
    return (run,)


@app.cell
def _(base, mo, run):
    _supply = run.table("supply")
    _mine = _supply[(_supply["future"] != "expected") & _supply.isin(["my_contract"]).any(axis=1)]
    facts = {
        "base": (base.bound, base.cost),
        "with_mine": (run.bound, run.cost),
        "rows_of_the_mine": len(_mine),
    }
    _least, _most = base.bound - run.cost, base.cost - run.bound
    mo.md(
        f"With the mine the best plan costs {run.cost:,.0f} million USD, without it {base.cost:,.0f}; by what is "
        f"proved the mine is worth between {_least:,.0f} and {_most:,.0f} to the buyer. A choice more can never cost "
        f"more, so a negative end is the gap's, not the mine's."
    )
    return (facts,)


@app.cell
def _(facts, mo):
    if not mo.running_in_notebook():
        for _name, _value in facts.items():
            print(f"{_name}: {_value}")
    return


@app.cell
def _(mo, passing, run):
    mo.md(f"Status of the last plan: {run.status}. The copies lie in `{passing.name}` until the notebook ends.")
    return


if __name__ == "__main__":
    app.run()
