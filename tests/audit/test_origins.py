"""Direct origin of plans written by hand: what comes from where, shares of countries, and how concentrated they are."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from audit.findings import reckoned
from audit.written import Line, named, written
from orefolio.audit import origins
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from pencil import RULE, case_of, deal, event, future, must, process, spot, tables

SUPPLY = "future year kind source name country place stage commodity element class enters_chain t"
DEPENDENCE = "future year stage element country t share"
CONCENTRATION = "future year stage element herfindahl_index countries largest_share largest_country"
TIMES = {"Dy": 1, "Nd": 2, "heavy elements": 1, "all elements": 3}
"""Of every commodity a tenth or a quarter is dysprosium, the only heavy element, and twice as much neodymium."""
BLOCK = {
    "mine": {"AU": 2.0, "CN": 0.5},
    "refined": {"CN": 0.5, "FR": 0.5, "JP": 1.0},
    "all stages": {"AU": 2.0, "CN": 1.0, "JP": 1.0},
}
"""Dysprosium in each of the first two years, t, by stage; what France splits has entered the chain before."""
LATER = {"calm": {"AU": 1.0}, "crisis": {"JP": 0.3}, "expected": {"AU": 0.75, "JP": 0.075}}
"""Dysprosium in the third year, of the mines and of all stages."""
INDEX = {"mine": (0.68, 2, 0.8, "AU"), "refined": (0.375, 3, 0.5, "JP"), "all stages": (0.375, 3, 0.5, "AU")}
"""4/5 and 1/5; 1/4, 1/4 and 1/2; 1/2, 1/4 and 1/4."""
LATER_INDEX = {"calm": (1, 1, 1, "AU"), "crisis": (1, 1, 1, "JP"), "expected": (101 / 121, 2, 10 / 11, "AU")}
"""10/11 and 1/11 where both futures count."""


def chain() -> Case:
    """Two years in one period, then a year, at whose start a crisis of a quarter parts from the calm."""
    motors = {
        "scrap": "motors", "place": "home", "commodity": "oxide", "weibull_shape": 3.0, "weibull_scale_years": 8.0,
        "rate_share": 0.1, "collection_usd_per_kg": 1.0,
    }  # fmt: skip
    metals = (("ore", "mine", 0.1), ("oxide", "refined", 0.25))
    return case_of(
        RULE,
        tables(
            places=[{"place": "home", "country": "JP"}, {"place": "port", "country": "JP"},
                    {"place": "works", "country": "FR"}],
            elements=[{"element": "Dy", "heavy": True}, {"element": "Nd"}],
            commodities=[{"commodity": name, "stage": stage, "discardable": False} for name, stage, _ in metals],
            content=[{"commodity": name, "element": element, "share": share * TIMES[element]}
                     for name, _, share in metals for element in ("Dy", "Nd")],
            scrap=[motors],
        ),
        named("Mount", "contracts", spot("au", "ore", 1, country="AU")),
        deal("pack", "ore", 1, country="CN", kind="spot", item={"t_per_t": 0.5}, place="port", class_="tagged"),
        tables(contract_items=[{"contract": "pack", "commodity": "oxide", "t_per_t": 0.2, "price_rule": "fixed"}]),
        process("split", {"ore": 2.0, "flux": 1.0}, {"oxide": 0.8, "slag": 0.5}, yields={"oxide": 0.5}, place="works"),
        named("Pit", "processes", process("dig", {"sand": 1.0}, {"ore": 1.0}, yields={"ore": 0.5})),
        must("d", "oxide", 1),
        event("cut", "suppliers", "supplier=au", "availability_share", "set", 0.0),
        future("calm", 0.75),
        future("crisis", 0.25, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=3,
        grids={"uneven": ((datetime.date(2029, 1, 1), 24), (datetime.date(2030, 1, 1), 12))},
    )  # fmt: skip


PLAN: tuple[Line, ...] = (
    ("buy", "au", 0, 40.0), ("buy", "pack", 0, 4.0), ("makeup", "pack/2027", 0, 16.0),
    ("activity", "split/free", 0, 10.0), ("collect", "motors", 0, 8.0), ("buy", "au", 1, 10.0, "calm"),
    ("activity", "dig/free", 1, 6.0, "crisis"), ("collect", "motors", 1, 1e-6),
)  # fmt: skip


def supply() -> Iterator[list[Any]]:
    """Half of each amount in each of two years: 20 t of ore; 10 t of a pack with a half and a fifth; 0.8 x 0.5 x 5 t;
    4 t of scrap, which has no class; then 10 t of ore, or 0.5 x 6."""
    block = (
        (("contract", "au", "Mount", "AU", "home", "mine", "ore"), "free", "yes", 2.0),
        (("contract", "pack", "pack", "CN", "port", "mine", "ore"), "tagged", "yes", 0.5),
        (("contract", "pack", "pack", "CN", "port", "refined", "oxide"), "tagged", "yes", 0.5),
        (("process", "split", "split", "FR", "works", "refined", "oxide"), "free", "no", 0.5),
        (("scrap", "motors", "motors", "JP", "home", "refined", "oxide"), "", "yes", 1.0),
    )
    last = {
        "calm": (("contract", "au", "Mount", "AU", "home", "mine", "ore"), "free", "yes", 1.0),
        "crisis": (("process", "dig", "Pit", "JP", "home", "mine", "ore"), "free", "yes", 0.3),
    }
    for who, own in last.items():
        for year, rows in ((2027, block), (2028, block), (2029, (own,))):
            for names, class_, enters, amount in rows:
                for element in ("Dy", "Nd"):
                    yield [who, year, *names, element, class_, enters, amount * TIMES[element]]


def by_country() -> Iterator[tuple[tuple[Any, ...], dict[str, float]]]:
    """Future, year, stage and element to tonnes by country."""
    for who, last in LATER.items():
        third = {"mine": last, "all stages": last}
        for year, stages in ((2027, BLOCK), (2028, BLOCK), (2029, third)):
            for stage, countries in stages.items():
                for element, times in TIMES.items():
                    yield (who, year, stage, element), {name: tonnes * times for name, tonnes in countries.items()}


def dependence() -> Iterator[list[Any]]:
    """China is told where nothing comes from it, too."""
    for key, countries in by_country():
        for name, tonnes in {"CN": 0.0, **countries}.items():
            yield [*key, name, tonnes, tonnes / sum(countries.values())]


def concentration() -> Iterator[list[Any]]:
    for (who, year, stage, element), _ in by_country():
        yield [who, year, stage, element, *(LATER_INDEX[who] if year == 2029 else INDEX[stage])]


def sound() -> dict[str, list[list[Any]]]:
    return {
        "supply": [SUPPLY.split(), *supply()],
        "dependence": [DEPENDENCE.split(), *dependence()],
        "concentration": [CONCENTRATION.split(), *concentration()],
    }


def told(said: dict[str, list[list[Any]]]) -> Tally:
    return origins.direct(written(chain(), *PLAN, tables=said))


def test_supply_dependence_and_concentration_are_those_of_the_plan() -> None:
    """Supply: in two futures five rows for two elements in two years, and one in the third. For four sums of elements:
    2, 3 and 3 countries of three stages in two years as three futures are told; in the third year China beside the one
    or two that there are, in two stages. A number and a word a row; two numbers; three numbers and a word."""
    rows = 2 * (2 * 5 * 2 + 2), 4 * (3 * 2 * (2 + 3 + 3) + 2 * (2 + 2 + 3)), 4 * 3 * (2 * 3 + 2)
    tally = told(sound())
    assert tally.findings == []
    assert tally.items == 3 + 2 * rows[0] + 2 * rows[1] + 4 * rows[2]


@pytest.mark.parametrize(
    ("name", "numbers", "words"), [("supply", [12], [4]), ("dependence", [5, 6], []), ("concentration", [4, 5, 6], [7])]
)
def test_each_number_and_word_of_the_tables_is_compared(name: str, numbers: list[int], words: list[int]) -> None:
    """Another number or word: one finding. Another key: a row more, a row less, and a word more where it has one."""
    for place, cell in enumerate(sound()[name][1]):
        said = sound()
        said[name][1][place] = cell + 0.01 if place in numbers else f"x{cell}"
        assert told(said).failed == (1 if place in numbers or place in words else 2 + len(words)), place


def test_a_table_that_is_missing_is_one_finding() -> None:
    for name in ("supply", "dependence", "concentration"):
        said = sound()
        del said[name]
        assert told(said).findings == [f"table {name} is missing"]


def found(case: Case, *lines: Line, largest: str = "AU") -> dict[str, Any]:
    """What is reckoned of 2027, where the table names a country as the largest."""
    keys = [(who, "2027", stage, element) for who in ("only", "expected") for stage in ("product", "all stages")
            for element in ("Dy", "all elements")]  # fmt: skip
    table = [CONCENTRATION.split(), *([*key, "", "", "", largest] for key in keys)]
    return reckoned(origins, origins.direct, written(case, *lines, tables={"concentration": table}))


def sharing(**shares: float) -> Case:
    """A country for each share of dysprosium in its ore, all at one stage."""
    goods = [tables(content=[{"commodity": name, "element": "Dy", "share": share}]) for name, share in shares.items()]
    pits = [spot(name, name, 1, country=name.upper()) for name in shares]
    return case_of(RULE, tables(elements=[{"element": "Dy"}]), *goods, *pits, must("d", next(iter(shares)), 1))


def test_a_country_that_brings_nothing_of_an_element_is_told_and_not_counted() -> None:
    lines: tuple[Line, ...] = (("buy", "au", 0, 4.0), ("buy", "us", 0, 6.0))
    of = ("only", "2027", "product", "Dy")
    both = found(sharing(au=0.5, us=0.0), *lines)
    assert both["supply"]["only", "2027", "contract", "us", "US", "home", "product", "us", "Dy", "free", "yes"] == {
        "t": (0.0, 0.0), "name": "us",
    }  # fmt: skip
    assert {key[4]: row for key, row in both["dependence"].items() if key[:4] == of} == {
        "AU": {"t": (2.0, 2.0), "share": (1.0, 1.0)},
        "US": {"t": (0.0, 0.0), "share": (0.0, 0.0)},
        "CN": {"t": (0.0, 0.0), "share": (0.0, 0.0)},
    }
    assert both["concentration"][of]["countries"] == (1.0, 1.0)
    none = found(sharing(us=0.0), ("buy", "us", 0, 6.0))
    assert {key[4]: row["share"] for key, row in none["dependence"].items() if key[:4] == of} == {
        "US": (0.0, 0.0), "CN": (0.0, 0.0),
    }  # fmt: skip
    assert none["concentration"] == {}


@pytest.mark.parametrize(("name", "fine"), [("AU", True), ("US", True), ("CA", True), ("FR", False), ("XX", False)])
def test_the_table_names_one_of_the_largest_countries(name: str, fine: bool) -> None:
    """A thousand million tonnes from Australia, America and, but for one of them, Canada; two fewer from France."""
    case = sharing(au=0.5, us=0.5, ca=0.5, fr=0.5)
    tonnes = {"au": 2e9, "us": 2e9, "ca": 2e9 - 2, "fr": 2e9 - 4}
    lines: list[Line] = [("buy", pit, 0, amount) for pit, amount in tonnes.items()]
    told = found(case, *lines, largest=name)["concentration"]["only", "2027", "product", "Dy"]["largest_country"]
    assert told == (name if fine else "AU")


def test_a_country_that_brings_nothing_is_never_the_largest() -> None:
    """One tonne in all: as much as nobody brings is not as much as all."""
    said = sound()
    row = said["concentration"].index(["calm", 2029, "mine", "Dy", 1, 1, 1, "AU"])
    said["concentration"][row][-1] = "XX"
    assert told(said).findings == ["table concentration/largest_country calm/2029/mine/Dy says 'XX' instead of 'AU'"]


def test_what_is_sent_back_has_no_share() -> None:
    """A total of less than nothing has neither shares nor a largest."""
    back = found(sharing(au=0.5), ("buy", "au", 0, -4.0))
    assert back["dependence"]["only", "2027", "product", "Dy", "AU"] == {"t": (-2.0, 2.0), "share": (0.0, 0.0)}
    assert back["concentration"] == {}
