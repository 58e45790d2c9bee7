"""Table importers against a plan written by hand: what each country gets and lacks, by calendar year."""

from __future__ import annotations

from typing import Any

from audit.written import Line, written
from orefolio.audit.importers import importers
from pencil import case_of, event, future, spot, tables, wanted

HEADER = ["future", "importer", "year", "delivered_t", "short_t", "loss_musd"]
PLAN: tuple[Line, ...] = (
    ("deliver", "d/free", 0, 30.0), ("deliver", "e/free", 0, 8.0), ("deliver", "far/free", 0, 4.0),
    ("short", "d/1", 0, 6.0), ("short", "d/2", 0, 2.0), ("short", "far/1", 0, 1e-6),
)  # fmt: skip


def counted(*rows: list[Any]) -> tuple[int, int]:
    """Two years in one period, in Japan and Korea; a loss of 500 and of 250 USD/kg, and both twofold in a future."""
    case = case_of(
        spot("m", "ore", 1),
        wanted("d", "ore", 20.0, 500.0, 250.0),
        wanted("e", "ore", 20.0, 90.0),
        wanted("far", "ore", 20.0, 90.0, place="port"),
        tables(places=[{"place": "home", "country": "JP"}, {"place": "port", "country": "KR"}]),
        event("dear", "loss_steps", "demand=d", "loss_usd_per_kg", "multiply", 2.0),
        future("only", 1.0, {"dear": "2027-01-01"}),
        years=2,
        months=24,
    )
    tally = importers(written(case, *PLAN, tables={"importers": [HEADER, *rows]}))
    return tally.items, tally.failed


def test_deliveries_shortage_and_its_loss_are_those_of_the_country_and_the_year() -> None:
    """Japan: 38 t and 8 t short, 6 t at 1000 USD/kg and 2 t at 500, 7 million; half in each year. Korea: 4 t."""
    japan = [["only", "JP", year, 19.0, 4.0, 3.5] for year in (2027, 2028)]
    korea = [["only", "KR", year, 2.0, 0.0, 0.0] for year in (2027, 2028)]
    assert counted(*japan, *korea) == (1 + 4 * 3, 0)
    assert counted(*japan) == (1 + 2 * 3 + 2, 2)
    for place, value in ((3, 19.1), (4, 4.1), (5, 3.6)):
        other = [*japan[0][:place], value, *japan[0][place + 1 :]]
        assert counted(other, japan[1], *korea) == (13, 1)
