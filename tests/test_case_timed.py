"""What an event may change is what the families follow through time; an event on any other number is refused."""

import re
from pathlib import Path

import pytest

from orefolio.case.checks import faults_of
from orefolio.case.columns import timed_columns
from orefolio.case.schema import TABLES
from pencil import case_of, event

FAMILIES = Path(__file__).parents[1] / "model" / "orefolio" / "families"
CALL = re.compile(r'\.(?:series|known|at)\(\s*"(\w+)",.*?,\s*"(\w+)"', re.DOTALL)


def test_declared_timed_columns_are_those_that_families_follow():
    """Would fail if a family read a number once that events are said to change, or the reverse."""
    followed = {pair for file in FAMILIES.glob("*.py") for pair in CALL.findall(file.read_text(encoding="utf-8"))}
    declared = {(name, column) for name, table in TABLES.items() for column in timed_columns(table)}
    assert declared == followed


@pytest.mark.parametrize(("column", "refused"), [("yield_share", False), ("t_per_t", True)])
def test_event_on_a_number_read_once_is_refused(column, refused):
    """Would fail if an event on such a number were taken without a word and then ignored."""
    pieces = {
        "places": [{"place": "here", "country": "JP"}],
        "commodities": [{"commodity": "metal", "stage": "metal"}],
        "processes": [{"process": "make", "place": "here", "stage": "metal", "capacity_t_per_year": 1.0}],
        "recipes": [{"process": "make", "commodity": "metal", "direction": "out", "t_per_t": 1.0}],
    }
    case = case_of(pieces, event("e", "recipes", "process=make", column, "multiply", 0.5))
    told = [str(fault) for fault in faults_of(case) if "read once" in str(fault)]
    assert bool(told) == refused
