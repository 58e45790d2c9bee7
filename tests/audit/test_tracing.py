"""Traced origin of plans written by hand: shares of countries worked out with a pencil, tonne by tonne."""

from __future__ import annotations

from typing import Any

import pytest

from audit.written import Line, written
from orefolio.audit import tracing
from orefolio.case.case import Case
from pencil import RULE, case_of, event, future, lane, must, process, spot, stockpile, tables

ELEMENTS = tables(
    elements=[{"element": "Sm"}, {"element": "Dy", "heavy": True}, {"element": "Nd"}],
    content=[
        {"commodity": "oxide", "element": "Dy", "share": 0.2},
        {"commodity": "oxide", "element": "Nd", "share": 0.5},
    ],
)
DY = tables(elements=[{"element": "Dy"}], content=[{"commodity": "oxide", "element": "Dy", "share": 0.5}])
TWO_YEARS: dict[str, Any] = {"years": 2, "months": 24}
AU, CN, US = (
    spot("au", "oxide", 1, country="AU"),
    spot("cn", "oxide", 1, country="CN"),
    spot("us", "oxide", 1, country="US"),
)
WANTED = must("d", "oxide", 1)


def lots(case: Case, *lines: Line) -> dict[tuple[Any, ...], float]:
    """Tonnes by year, demand, class, element and country, of a case with one future whose mixing is solved."""
    found = tracing.traced(written(case, *lines))
    assert found.tally.passed
    return {key[1:]: tonnes for key, tonnes in found.lots.items()}


def shares(case: Case, *lines: Line, demand: str = "d", class_: str = "free", year: int = 2027) -> dict[str, float]:
    """Shares of countries in the dysprosium of a demand in a year."""
    found = {key[4]: tonnes for key, tonnes in lots(case, *lines).items() if key[:4] == (year, demand, class_, "Dy")}
    return {country: tonnes / sum(found.values()) for country, tonnes in found.items()}


def test_purchases_scrap_lanes_and_lost_classes_mix_where_they_meet() -> None:
    """Free at home: 0.75 x 40 from Australia, 0.5 x 20 from America, 0.8 x 25 scrap, 60 t in all: 1/2, 1/6, 1/3.
    Tagged: 0.2 x 25 scrap, which is China's, and 15 free: 1/4, and 3/4 of the former shares. A fifth and a half are Dy
    and Nd; a period of two years has half of it in each."""
    motors = {
        "scrap": "motors", "place": "home", "commodity": "oxide", "weibull_shape": 3.0, "weibull_scale_years": 8.0,
        "rate_share": 0.1, "collection_usd_per_kg": 1.0, "tagged_share": 0.2,
    }  # fmt: skip
    case = case_of(
        RULE,
        ELEMENTS,
        spot("dig", "oxide", 1, country="AU", place="mine"),
        spot("pack", "oxide", 1, country="US", item={"t_per_t": 0.5}),
        lane("mine", "home", "oxide", loss_share=0.25),
        tables(scrap=[motors]),
        WANTED,
        must("e", "oxide", 1),
        **TWO_YEARS,
    )
    found = lots(
        case,
        ("buy", "dig", 0, 40.0),
        ("makeup", "pack/2027", 0, 20.0),
        ("ship", "mine>home/free", 0, 40.0),
        ("collect", "motors", 0, 25.0),
        ("downgrade", "home/oxide/free/tagged", 0, 15.0),
        ("deliver", "d/free", 0, 45.0),
        ("deliver", "e/tagged", 0, 20.0),
    )
    free = {"AU": 22.5, "US": 7.5, "JP": 15.0}
    tagged = {"CN": 5.0, "AU": 7.5, "US": 2.5, "JP": 5.0}
    expected = {
        (year, demand, class_, element, country): tonnes * share / 2
        for demand, class_, countries in (("d", "free", free), ("e", "tagged", tagged))
        for country, tonnes in countries.items()
        for element, share in (("Dy", 0.2), ("Nd", 0.5))
        for year in (2027, 2028)
    }
    assert found == pytest.approx(expected)


def test_what_is_blended_in_brings_its_origin() -> None:
    """3 t of Chinese oxide among 12."""
    case = case_of(RULE, DY, AU, spot("cn", "oxide", 1, country="CN", class_="tagged"), WANTED)
    blend: Line = ("blend", "home/oxide/tagged/free", 0, 3.0)
    found = shares(case, ("buy", "au", 0, 9.0), ("buy", "cn", 0, 3.0), blend, ("deliver", "d/free", 0, 12.0))
    assert found == pytest.approx({"AU": 0.75, "CN": 0.25})


def test_stock_and_pool_mix_with_each_other_and_stock_carries_its_mix() -> None:
    """Of 10 t, 9 are left after half a year at 19 % a year, and 6 are put to them from a pool of 11 t from Australia
    and 5 t taken and turned over. With x and s for Australia's share of pool and stock: 15 s = 6 x, 16 x = 11 + 5 s, so
    x = 11/14 and s = 11/35. In the next half-year 9 of 10 are left; 4 are taken to 6 American: 0.6 and 0.4 s. In the
    third 4.5 of 5 are left, and 2 t are all that comes."""
    store = stockpile("k", "oxide", initial_t=10.0, decay_share_per_year=0.19)
    found = lots(
        case_of(RULE, DY, AU, US, store, WANTED, years=2, months=6),
        ("buy", "au", 0, 11.0),
        ("put", "k/free", 0, 6.0),
        ("take", "k/free", 0, 3.0),
        ("rotate", "k/free", 0, 2.0),
        ("stock", "k/free", 0, 10.0),
        ("deliver", "d/free", 0, 10.0),
        ("buy", "us", 1, 6.0),
        ("take", "k/free", 1, 4.0),
        ("stock", "k/free", 1, 5.0),
        ("deliver", "d/free", 1, 8.0),
        ("take", "k/free", 2, 2.0),
        ("deliver", "d/free", 2, 2.0),
    )
    pool, stock = 11 / 14, 11 / 35
    lot = (2027, "d", "free", "Dy")
    assert found == pytest.approx(
        {
            (*lot, "AU"): 5 * pool + 4 * 0.4 * stock,
            (*lot, "opening stock"): 5 * (1 - pool) + 4 * 0.4 * (1 - stock),
            (*lot, "US"): 4 * 0.6,
            (2028, *lot[1:], "AU"): stock,
            (2028, *lot[1:], "opening stock"): 1 - stock,
        }
    )


def test_the_mix_of_stock_weighs_what_is_left_against_what_is_put() -> None:
    """8 t of opening stock, of which (1 - 0.36) ** 0.5 = 0.8 are left, and 1.6 from Australia: 1/5. The tonnes at the
    end of the first half-year, 5, weigh 4 in the second: with 4 American ones half of each."""
    store = stockpile("k", "oxide", initial_t=8.0, decay_share_per_year=0.36)
    case = case_of(RULE, DY, AU, US, store, WANTED, months=6, years=2)
    found = shares(
        case,
        ("buy", "au", 0, 1.6),
        ("put", "k/free", 0, 1.6),
        ("stock", "k/free", 0, 5.0),
        ("buy", "us", 1, 4.0),
        ("put", "k/free", 1, 4.0),
        ("stock", "k/free", 1, 8.0),
        ("take", "k/free", 2, 1.0),
        ("deliver", "d/free", 2, 1.0),
        year=2028,
    )
    assert found == pytest.approx({"US": 0.5, "AU": 0.1, "opening stock": 0.4})


def test_turned_over_stock_is_in_the_pool() -> None:
    """3 t turned over and 1 t bought; no stock of another class has any part in it."""
    store = stockpile("k", "oxide", initial_t=8.0)
    lines: tuple[Line, ...] = (("buy", "au", 0, 1.0), ("rotate", "k/free", 0, 3.0), ("deliver", "d/free", 0, 4.0))
    assert shares(case_of(RULE, DY, AU, store, WANTED), *lines) == pytest.approx({"AU": 0.25, "opening stock": 0.75})


def test_stock_that_was_emptied_has_no_part_in_what_is_put_later() -> None:
    """8 t are given away in the first year; what lies there in the second was put then."""
    case = case_of(RULE, DY, AU, stockpile("k", "oxide", initial_t=8.0), WANTED, years=3)
    found = shares(
        case,
        ("take", "k/free", 0, 8.0),
        ("deliver", "d/free", 0, 8.0),
        ("buy", "au", 1, 4.0),
        ("put", "k/free", 1, 4.0),
        ("stock", "k/free", 1, 4.0),
        ("take", "k/free", 2, 4.0),
        ("deliver", "d/free", 2, 4.0),
        year=2029,
    )
    assert found == pytest.approx({"AU": 1.0})


def test_the_tagged_part_of_opening_stock_is_chinas() -> None:
    """9 t of opening stock in the tagged class, and a stock without any."""
    case = case_of(RULE, DY, AU, stockpile("k", "oxide", initial_t=9.0, initial_class="tagged"), WANTED)
    lines: tuple[Line, ...] = (("take", "k/tagged", 0, 5.0), ("deliver", "d/tagged", 0, 5.0))
    assert shares(case, *lines, class_="tagged") == pytest.approx({"CN": 1.0})
    filled: tuple[Line, ...] = (("buy", "au", 0, 3.0), ("put", "k/free", 0, 2.0), ("take", "k/free", 0, 2.0))
    assert shares(case, *filled, ("deliver", "d/free", 0, 3.0)) == pytest.approx({"AU": 1.0})


def test_stock_that_is_not_carried_over_has_no_part_in_the_next_period() -> None:
    case = case_of(RULE, DY, AU, stockpile("k", "oxide", initial_t=9.0, carries=False), WANTED, years=2)
    lines: tuple[Line, ...] = (("stock", "k/free", 0, 9.0), ("buy", "au", 1, 3.0), ("put", "k/free", 1, 2.0))
    taken: tuple[Line, ...] = (("take", "k/free", 1, 2.0), ("deliver", "d/free", 1, 3.0))
    assert shares(case, *lines, *taken, year=2028) == pytest.approx({"AU": 1.0})


def melting() -> Case:
    """Half a tonne of a dysprosium oxide, of which a fifth is lost, and 0.8 of a mixed one make 0.75 t of alloy."""
    return case_of(
        RULE,
        tables(
            elements=[{"element": "Sm"}, {"element": "Dy", "heavy": True}, {"element": "Nd"}],
            content=[
                {"commodity": "dyo", "element": "Dy", "share": 0.4},
                {"commodity": "ndo", "element": "Dy", "share": 0.3125},
                {"commodity": "ndo", "element": "Nd", "share": 0.5},
                {"commodity": "alloy", "element": "Dy", "share": 0.2},
                {"commodity": "alloy", "element": "Nd", "share": 0.4},
                {"commodity": "alloy", "element": "Sm", "share": 0.1},
            ],
            places=[{"place": "plant", "country": "DE"}],
        ),
        *(spot(name, good, 1, country=country, place="plant", class_=class_) for name, good, country, class_ in (
            ("au", "dyo", "AU", "free"), ("cn", "dyo", "CN", "tagged"), ("us", "ndo", "US", "free"),
            ("kr", "alloy", "KR", "free"),
        )),
        process("melt", {"dyo": 0.5, "ndo": 0.8, "flux": 2.0}, {"alloy": 1.0, "slag": 0.5}, capacity=99.0,
                place="plant", yields={"dyo": 0.8, "alloy": 0.75}),
        must("d", "alloy", 1, place="plant"),
    )  # fmt: skip


MELTED: tuple[Line, ...] = (
    ("buy", "au", 0, 10.0), ("buy", "cn", 0, 2.5), ("buy", "us", 0, 16.0), ("buy", "kr", 0, 5.0),
    ("activity", "melt/free", 0, 20.0), ("feed", "melt/dyo/tagged/free", 0, 2.5), ("deliver", "d/free", 0, 20.0),
)  # fmt: skip


def test_what_a_process_makes_has_the_mix_of_its_feeds_element_by_element() -> None:
    """Of 12.5 t of dysprosium oxide 2.5 are tagged. Dysprosium of feeds: 0.4 x 2.5 = 1 Chinese, 0.4 x 10 = 4
    Australian, 0.3125 x 16 = 5 American: 1, 4 and 5 tenths; neodymium is American; samarium is in no feed, and of the
    plant's country. 15 t are made and 5 bought in Korea: three quarters and a quarter of 20 t x 0.2, 0.4 and 0.1."""
    lot = (2027, "d", "free")
    expected = {
        ("Dy", "CN"): 0.3, ("Dy", "AU"): 1.2, ("Dy", "US"): 1.5, ("Dy", "KR"): 1.0, ("Nd", "US"): 6.0,
        ("Nd", "KR"): 2.0, ("Sm", "DE"): 1.5, ("Sm", "KR"): 0.5,
    }  # fmt: skip
    assert lots(melting(), *MELTED) == pytest.approx({(*lot, *key): tonnes for key, tonnes in expected.items()})


def test_a_place_that_only_a_process_fills_has_its_mix_from_a_gram_on() -> None:
    """A tonne of slag for a tonne of oxide, as Australian as it."""
    slag = tables(content=[{"commodity": "slag", "element": "Dy", "share": 0.1}])
    case = case_of(
        RULE, DY, slag, AU, process("burn", {"oxide": 1.0}, {"slag": 1.0}, capacity=9.0), must("d", "slag", 1)
    )
    for tonnes, countries in ((5.0, {"AU"}), (2e-6, {"AU"}), (1e-6, set[str]())):
        lines: tuple[Line, ...] = (
            ("buy", "au", 0, 5.0),
            ("activity", "burn/free", 0, tonnes),
            ("deliver", "d/free", 0, 5.0),
        )
        assert {key[4] for key in lots(case, *lines)} == countries


def test_each_process_that_fills_a_place_brings_its_mix() -> None:
    """A tonne without any dysprosium in its feed is of the country of the plant; three from oxide are Australian."""
    slag = tables(content=[{"commodity": "slag", "element": "Dy", "share": 0.1}])
    pair = (process("dig", {"sand": 1.0}, {"slag": 1.0}), process("burn", {"oxide": 1.0}, {"slag": 1.0}))
    lines: tuple[Line, ...] = (
        ("buy", "au", 0, 5.0), ("activity", "dig/free", 0, 1.0), ("activity", "burn/free", 0, 3.0),
        ("deliver", "d/free", 0, 4.0),
    )  # fmt: skip
    found = shares(case_of(RULE, DY, slag, AU, *pair, must("d", "slag", 1)), *lines)
    assert found == pytest.approx({"JP": 0.25, "AU": 0.75})


def test_what_has_no_country_is_told_as_opening_stock() -> None:
    nobody = spot("au", "oxide", 1)
    assert shares(case_of(RULE, DY, nobody, WANTED), ("buy", "au", 0, 4.0), ("deliver", "d/free", 0, 4.0)) == {
        "opening stock": 1.0
    }


def test_tagged_feed_is_no_more_than_the_process_takes() -> None:
    """30 t of tagged feed for 12.5 t: all of it is Chinese, and it weighs 12.5."""
    lines = (*MELTED[:4], MELTED[4], ("feed", "melt/dyo/tagged/free", 0, 30.0), MELTED[6])
    found = lots(melting(), *lines)
    of_dy = {key[4]: tonnes for key, tonnes in found.items() if key[3] == "Dy"}
    assert of_dy == pytest.approx({"CN": 1.5, "US": 1.5, "KR": 1.0})


def test_a_ring_without_a_source_has_no_mix_and_leaves_the_rest_alone() -> None:
    """What two places send to each other comes from nowhere."""
    places = (lane("a", "b", "oxide"), lane("b", "a", "oxide"))
    case = case_of(RULE, DY, AU, *places, must("e", "oxide", 1, place="a"), WANTED)
    ring: tuple[Line, ...] = (("ship", "a>b/free", 0, 5.0), ("ship", "b>a/free", 0, 5.0))
    run = written(case, *ring, ("buy", "au", 0, 2.0), ("deliver", "d/free", 0, 2.0))
    found = tracing.traced(run)
    assert (found.tally.items, found.tally.failed) == (1, 1)
    assert found.tally.findings[0].startswith("only Dy mixing is not solved: ")
    assert found.lots == pytest.approx({("only", 2027, "d", "free", "Dy", "AU"): 1.0})
    assert not tracing.origin(run).passed


def test_mixing_is_solved_where_nothing_is_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """One source: there is nothing to round."""
    monkeypatch.setattr(tracing, "RESIDUAL", 0.0)
    found = tracing.traced(written(case_of(RULE, DY, AU, WANTED), ("buy", "au", 0, 2.0), ("deliver", "d/free", 0, 2.0)))
    assert (found.tally.items, found.tally.failed) == (1, 0)


def test_a_country_with_a_millionth_of_a_millionth_is_left_out() -> None:
    """1 t, and 1.5 t, among a million million."""
    case = case_of(RULE, DY, AU, CN, WANTED)
    for tonnes, countries in ((1.0, {"AU"}), (1.5, {"AU", "CN"})):
        lines: tuple[Line, ...] = (
            ("buy", "au", 0, 1e12 - tonnes),
            ("buy", "cn", 0, tonnes),
            ("deliver", "d/free", 0, 5.0),
        )
        assert {key[4] for key in lots(case, *lines)} == countries


def test_a_place_with_a_gram_has_no_mix_and_a_lot_of_a_gram_is_none() -> None:
    case = case_of(RULE, DY, AU, WANTED)
    bought = 1e-6, 2e-6
    counts = [len(lots(case, ("buy", "au", 0, tonnes), ("deliver", "d/free", 0, 5.0))) for tonnes in bought]
    assert counts == [0, 1]
    runs = [written(case, ("buy", "au", 0, 5.0), ("deliver", "d/free", 0, tonnes)) for tonnes in bought]
    assert [len(tracing.traced(run).content) for run in runs] == [0, 1]
    two = case_of(RULE, DY, AU, WANTED, must("e", "oxide", 1))
    found = lots(two, ("buy", "au", 0, 5.0), ("deliver", "d/free", 0, 1e-6), ("deliver", "e/free", 0, 5.0))
    assert found == pytest.approx({(2027, "e", "free", "Dy", "AU"): 2.5})


def test_what_is_bought_of_a_negative_rounding_error_is_no_stream() -> None:
    lines: tuple[Line, ...] = (("buy", "au", 0, 4.0), ("buy", "cn", 0, -0.5), ("deliver", "d/free", 0, 4.0))
    assert shares(case_of(RULE, DY, AU, CN, WANTED), *lines) == pytest.approx({"AU": 1.0})


def test_what_futures_share_is_mixed_once_and_each_has_its_lots() -> None:
    """Two futures part in the second year: one mix before, two after; each takes on the stock of the first."""
    cut = event("cut", "suppliers", "supplier=au", "availability_share", "set", 0.0)
    parting = (cut, future("calm", 0.5), future("crisis", 0.5, {"cut": "2028-01-01"}, onset="2028-01-01"))
    case = case_of(RULE, DY, AU, US, stockpile("k", "oxide", initial_t=0.0), WANTED, *parting, years=2)
    run = written(
        case,
        ("buy", "au", 0, 4.0),
        ("put", "k/free", 0, 4.0),
        ("stock", "k/free", 0, 4.0),
        ("buy", "au", 1, 6.0, "calm"),
        ("deliver", "d/free", 1, 6.0, "calm"),
        ("buy", "us", 1, 2.0, "crisis"),
        ("take", "k/free", 1, 2.0, "crisis"),
        ("deliver", "d/free", 1, 4.0, "crisis"),
    )
    found = tracing.traced(run)
    assert (found.tally.items, found.tally.failed) == (3, 0)
    assert found.lots == pytest.approx(
        {
            ("calm", 2028, "d", "free", "Dy", "AU"): 3.0,
            ("crisis", 2028, "d", "free", "Dy", "AU"): 1.0,
            ("crisis", 2028, "d", "free", "Dy", "US"): 1.0,
        }
    )
