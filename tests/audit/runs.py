"""Runs that the audit reads, as texts that a test may change: two pencil cases and Japan's trunk.

`everything` is a case with two futures that uses most of what the model can say: a stockpile, the rule on Chinese
content with lines that run one class at a time, take-or-pay, a project on public money, a programme that raises a
collection rate, an offtake that can be signed, an outlet, residue and licences.
"""

from __future__ import annotations

import csv
import gc
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from orefolio import api
from orefolio.audit import Report, audited
from orefolio.audit.evidence import evidence_of
from orefolio.case.case import Case
from orefolio.case.read import read_case
from orefolio.tables.folder.durable import read_large_text
from pencil import (
    RULE,
    Piece,
    case_of,
    event,
    future,
    lane,
    must,
    offtake,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)

JAPAN = Path(__file__).parents[2] / "inputs" / "japan"


@dataclass(frozen=True)
class Texts:
    """A run folder as texts."""

    folder: Path
    case: Case
    record: Mapping[str, Any]
    plan: str
    tables: Mapping[str, str] = field(repr=False)

    def report(self) -> Report:
        """The audit of these texts, without looking for garbage meanwhile, as for a folder."""
        gc.disable()
        try:
            return self._audited()
        finally:
            gc.enable()

    def _audited(self) -> Report:
        return audited(replace(evidence_of(self.case, self.record, self.plan, self.tables), written=True))

    def with_plan(self, rows: list[list[str]]) -> Texts:
        return replace(self, plan=joined(rows))

    def with_table(self, name: str, rows: list[list[str]]) -> Texts:
        return replace(self, tables={**self.tables, name: joined(rows)})


def split(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def joined(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def texts_of(run: api.Run) -> Texts:
    folder = run.folder
    assert folder is not None
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    listed = {name: read_large_text(folder / "tables" / f"{name}.csv") for name in record["tables"]}
    case, _ = read_case(folder / "case")
    return Texts(folder, case, record, read_large_text(folder / "plan.csv"), listed)


def solved(case: api.Study | Case, **options: Any) -> Texts:
    return texts_of(api.solve(case, out=mkdtemp(), **{"abs_gap": 0.0, **options}))


@cache
def everything() -> Texts:
    return solved(everything_case())


def everything_case() -> Case:
    return case_of(
        RULE,
        what_everything_says(),
        *what_everything_comes_from(),
        wanted("motors", "magnet", 160.0, 60.0, 400.0, export_share=0.5, licence="civil"),
        wanted("defence", "magnet", 20.0, 800.0, refuses_tagged=True),
        event("cut", "suppliers", "supplier=china", "availability_share", "set", 0.1),
        tables(events=[
            {"event": "cut", "part": 2, "table": "settings", "where": "setting=emergency_declared",
             "column": "value", "operation": "set", "value": 1.0},
        ]),
        future("calm", 0.7),
        future("cut", 0.3, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=4,
        discount=0.05,
        residual_share=0.5,
        risk_weight=0.2,
        risk_level=0.5,
        emergency_declared=0.0,
    )  # fmt: skip


def what_everything_says() -> Piece:
    """Elements, prices, residues, money, licences and scrap of the case with everything."""
    return tables(
        elements=[{"element": "Dy", "heavy": True}, {"element": "Nd"}],
        content=[
            {"commodity": "oxide", "element": "Dy", "share": 0.2},
            {"commodity": "oxide", "element": "Nd", "share": 0.8},
            {"commodity": "magnet", "element": "Dy", "share": 0.05},
            {"commodity": "magnet", "element": "Nd", "share": 0.25},
            {"commodity": "scrap", "element": "Nd", "share": 0.3},
        ],
        markets=[{"market": "china"}],
        element_prices=[
            {"market": "china", "element": "Dy", "chinese_usd_per_kg": 200.0},
            {"market": "china", "element": "Nd", "chinese_usd_per_kg": 60.0},
        ],
        prices=[
            {"market": "china", "commodity": "oxide"},
            {"market": "china", "commodity": "magnet", "fee_usd_per_kg": 20.0},
            {"market": "china", "commodity": "scrap"},
        ],
        outlets=[{"place": "home", "commodity": "residue_oxide", "step": 1, "t_per_year": 3.0,
                  "price_usd_per_kg": 2.0}],
        residue_kinds=[{"residue": "water", "treatment_usd_per_t": 10.0}],
        residues=[{"process": "plain", "residue": "water", "t_per_t": 5.0}],
        residue_caps=[{"country": "JP", "residue": "water", "t_per_year": 10000.0}],
        currencies=[{"currency": "USD", "per_usd": 1.0}],
        envelopes=[{"envelope": "state", "from_date": "2027-01-01", "to_date": "2031-01-01",
                    "amount_million": 5.0, "currency": "USD"}],
        licences=[{"licence": "civil", "approval_share": 0.5, "needs_rule": True}],
        scrap=[{"scrap": "motors", "place": "home", "commodity": "scrap", "weibull_shape": 3.0,
                "weibull_scale_years": 8.0, "rate_share": 0.1, "programme": "collection",
                "collection_usd_per_kg": 1.0, "tagged_share": 0.5}],
        past_sales=[{"scrap": "motors", "year": year, "t": 80.0} for year in range(2012, 2027)],
        programmes=[{"programme": "collection", "level": 1, "increment_share": 0.4, "up_front_musd": 0.05,
                     "annual_musd": 0.01, "lead_time_years": 1.0, "start_from": 2027, "start_to": 2030,
                     "envelope": "state"}],
    )  # fmt: skip


def what_everything_comes_from() -> tuple[Piece, ...]:
    """Its contracts, lane, plants, project and stocks."""
    return (
        spot("china", "oxide", 10.0, 40.0, country="CN", class_="tagged"),
        spot("dear", "oxide", 90.0, 10.0, country="AU", place="mine"),
        offtake("due", "oxide", 70.0, 20.0, country="US", take_or_pay_share=0.8),
        offtake("signed", "oxide", 25.0, 25.0, years=(2027, 2029), country="AU", place="mine",
                volume_min_t_per_year=5.0, qualification_years=1.0, term_years=3.0, prepayment_musd=0.01,
                public_share=0.5, envelope="state", take_or_pay_share=0.6),
        lane("mine", "home", "oxide", cost=0.5, loss_share=0.01, tariff_share=0.01),
        process("plain", {"oxide": 0.4}, {"magnet": 1.0, "residue_oxide": 0.02}, capacity=120.0, cost=5.0,
                one_class_at_a_time=True, changeover_musd=0.001, dedication_musd_per_year=0.002),
        process("second", {"oxide": 0.4}, {"magnet": 1.0, "residue_oxide": 0.02}, capacity=25.0, cost=6.0,
                one_class_at_a_time=True, de_minimis_share=0.0005),
        process("recycle", {"scrap": 2.6}, {"oxide": 1.0}, capacity=12.0, cost=3.0,
                separates=True, yields={"oxide": 0.9}),
        project("more", "second", 40.0, lead=1.0, size_min_t_per_year=5.0, ramp=(0.5, 1.0), public_share=0.5,
                envelope="state", capital=100.0, capital_usd_per_t_per_year=1000.0, life_years=20.0),
        stockpile("store", "oxide", 60.0, pace_t_per_year=30.0, initial_t=10.0, handling_usd_per_kg=0.2,
                  holding_share_per_year=0.02, decay_share_per_year=0.01, cover_days=60.0, terminal_share=0.3,
                  cover_demand_t_per_year=50.0, cover_penalty_usd_per_kg_year=3.0, owner="public",
                  envelope="state"),
        stockpile("makers", "magnet", 20.0, terminal_share=0.5, initial_t=2.0),
    )  # fmt: skip


@cache
def simple() -> Texts:
    """Blocks of time, a short demand, a must, a stock: no class and one future."""
    return solved(
        case_of(
            spot("cheap", "oxide", 10.0, 60.0),
            spot("dear", "oxide", 30.0, 20.0),
            stockpile("store", "oxide", 50.0, handling_usd_per_kg=0.1),
            wanted("motors", "oxide", 70.0, 20.0, 50.0, growth_share_per_year=0.1),
            must("lamps", "oxide", 5.0),
            tables(
                elements=[{"element": "Dy", "heavy": True}],
                content=[{"commodity": "oxide", "element": "Dy", "share": 0.5}],
            ),
            years=3,
            months=6,
            discount=0.04,
        )
    )


@cache
def japan() -> Texts:
    """The trunk of Japan's case, in half-years."""
    return solved(api.load(JAPAN), deterministic=True, abs_gap=5.0)


@cache
def japan_in_years() -> Texts:
    """Three futures of Japan's case, in years."""
    return solved(api.load(JAPAN), grid="yearly", futures=("S00", "S03", "S04"), abs_gap=100.0, saving=False)


@cache
def all_of_japan(grid: str) -> Texts:
    """All futures of Japan's case on one of its grids."""
    return solved(api.load(JAPAN), grid=grid, abs_gap=100.0)
