"""A solve that has ended: its figures, tables and plots; runs read back, held against each other, put on a page."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orefolio.errors import Fault, InputError, SolverError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from orefolio.report.figure import Drawn
    from orefolio.tables.outcome import Outcome
    from orefolio.tables.outcome.sheet import Sheet

EXIT_CODES = {
    "optimal": 0,
    "feasible": 3,
    "no_plan": 3,
    "unknown": 5,
    "interrupted": 130,
}


@dataclass(frozen=True)
class Run:
    """A solve that has ended. record: the content of run.json. folder: where it was written, None where it was not."""

    record: Mapping[str, Any]
    folder: Path | None = None
    outcome: Outcome | None = field(default=None, repr=False)

    @property
    def status(self) -> str:
        """How the solve ended: optimal, feasible, interrupted or no_plan."""
        return str(self.record["status"])

    @property
    def exit_code(self) -> int:
        """The exit code of a command that ends with this run: 5 where the audit disagrees."""
        audit = self.record.get("audit")
        if audit and not audit["passed"]:
            return SolverError.exit_code
        return EXIT_CODES.get(self.status, 5)

    @property
    def cost(self) -> float:
        """The objective, million USD; infinite without a plan."""
        return _number(self.record["objective"], math.inf)

    @property
    def bound(self) -> float:
        """The proved lower bound, million USD."""
        return _number(self.record["bound"], -math.inf)

    @property
    def abs_gap(self) -> float:
        """Million USD between plan and bound."""
        return _number(self.record["abs_gap"], math.inf)

    @property
    def gap(self) -> float:
        """The same as a share of the cost."""
        return _number(self.record["gap"], math.inf)

    @property
    def saving(self) -> float | None:
        """Million USD less than committing nothing, at least; None where that is not known."""
        saving = self.record["saving_musd"]
        return None if saving is None else float(saving)

    @cached_property
    def _made(self) -> dict[str, Sheet]:
        return {}

    @property
    def plot(self) -> Plots:
        """The figures of the run: `run.plot.supply()`; `dir(run.plot)` names them."""
        return Plots(self)

    @property
    def tables(self) -> list[str]:
        """The names of the tables; none without a plan."""
        from orefolio.tables import TABLES

        if self.outcome is None:
            return list(self.record.get("tables", {}))
        return list({**TABLES, **self._made})

    def table(self, name: str) -> pd.DataFrame:
        """A tidy table of the run, a row for each thing that is told, such as (future, year, country).

        name: one of `tables`. Columns name their units (`cost_musd`, `t`, `capital_musd`). Raises InputError for
        another name.
        """
        from orefolio.tables.folder import RunFolder

        if self.outcome is None and self.folder is not None:
            return RunFolder(self.folder).table(name)
        return self._sheet(name).frame

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table as maps. Raises InputError as `table` does."""
        if self.outcome is None and self.folder is not None:
            return [{str(key): cell for key, cell in row.items()} for row in self.table(name).to_dict("records")]
        return self._sheet(name).records()

    def save(self, out: str | Path) -> Path:
        """Write the run as a folder into the folder `out`, as `solve(out=…)` does; its path.

        Raises InputError where the run has no plan or was read from a folder, SpaceError.
        """
        from orefolio.tables import TABLES
        from orefolio.tables.folder import folder_name, plan_text, write_run

        if self.outcome is None:
            raise InputError([Fault("save", "a run without a plan, or one that was read", "one that was solved")])
        merged, solution = self.outcome.merged, self.outcome.solution
        tables = {name: self._sheet(name) for name in TABLES} | self._made
        name = folder_name(self.record["timing"]["started_utc"], merged.tree.case.name, self.record["case"]["hash"])
        parts = {"solver.log": solution.log, "plan.csv": plan_text(merged, solution)}
        return write_run(Path(out), name, dict(self.record), tables, merged.tree.case, parts)

    @cached_property
    def _passing(self) -> tempfile.TemporaryDirectory[str]:
        """Where a run is written that has no folder of its own, while the run is held."""
        return tempfile.TemporaryDirectory(prefix="orefolio-")

    @cached_property
    def _written(self) -> Path:
        return self.folder or self.save(self._passing.name)

    def __repr__(self) -> str:
        found = f"cost {self.cost:,.1f}, at least {self.bound:,.1f} million USD" if self.cost < math.inf else "no plan"
        return f"<run of {self.record['case']['name']}: {found}, {self.status}>"

    def _repr_html_(self) -> str:
        from orefolio.api.shown import run

        return run(self)

    def _sheet(self, name: str) -> Sheet:
        from orefolio.tables import TABLES

        if self.outcome is None:
            raise InputError([Fault(name, "a run without a plan", "a run with tables")])
        if name not in self._made:
            if name not in TABLES:
                raise InputError([Fault(name, "no such table", f"one of {', '.join(self.tables)}")])
            self._made[name] = TABLES[name](self.outcome)
        return self._made[name]


@dataclass(frozen=True)
class Plots:
    """The figures of a run, those of its report page. Each is a method without arguments that gives a plotly Figure.

    Raises AttributeError for a name that there is not, InputError where the plan has nothing to draw, and
    MissingExtraError where plotly is not there.
    """

    run: Run

    def __getattr__(self, name: str) -> Callable[[], Drawn]:
        from orefolio.report.plots import PLOTS, figure

        if name not in PLOTS:
            known = nearest(name, PLOTS) or f"There is {', '.join(PLOTS)}"
            raise AttributeError(f"a run has no plot {name!r}. {known}")
        return lambda: figure(self.run._written, name)

    def __repr__(self) -> str:
        return f"<plots of {self.run!r}: {', '.join(dir(self))}>"

    def __dir__(self) -> list[str]:
        from orefolio.report.plots import PLOTS

        return sorted(PLOTS)


def _number(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)


def open_run(folder: str | Path) -> Run:
    """A run that was written before. Raises InputError where the folder is no complete run."""
    from orefolio.tables.folder import RunFolder

    return Run(RunFolder(Path(folder)).record, Path(folder))


class Comparison(dict[str, Any]):
    """What differs between runs, in plain values.

    `runs`: cost, bound and gap of each, million USD; `changes`: of each later run against the first, the interval of
    the best cost (`least_musd`, `most_musd`), decisions gained, lost and moved, shares of China, tonnes short, stock.
    """

    def _repr_html_(self) -> str:
        from orefolio.api.shown import comparison

        return comparison(self)


def compare(*runs: Run) -> Comparison:
    """What differs between runs, the first being the base: cost, decisions, dependence, shortage, stock.

    Raises InputError where there is no run, or one without a plan.
    """
    from orefolio.tables.comparison import compared

    if not runs:
        raise InputError([Fault("compare", "no run", "at least one")])
    return Comparison(compared(runs))


def report(runs: Run | str | Path | Sequence[Run | str | Path], place: str | Path) -> Path:
    """Write one HTML file of a run, or of several against the first, that needs no network; its path.

    runs: runs, or folders of them. Raises InputError, SpaceError, and MissingExtraError without plotly and jinja2.
    """
    from orefolio.api.report import report as page

    every = [runs] if isinstance(runs, Run | str | Path) else runs
    return page([run._written if isinstance(run, Run) else Path(run) for run in every], place)
