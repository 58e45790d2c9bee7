"""Content by mass balance: what may be blended in, what counts and what comes out again, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from audit.written import Line, written
from orefolio.audit import blending
from orefolio.audit.market import Goods
from orefolio.case.case import Case
from pencil import RULE, TAGGED, Piece, case_of, future, lane, must, process, stockpile, tables


def values(**worth: float) -> Piece:
    prices = [{"market": "china", "commodity": name, "fee_usd_per_kg": value} for name, value in worth.items()]
    return tables(markets=[{"market": "china"}], prices=prices)


def rules(*rows: dict[str, Any]) -> Piece:
    """Rules of 0.2 in force unless they say otherwise; a free class and one for each of the tags."""
    classes = [{"class_": "free"}, {"class_": "tagged", "tags": TAGGED}, {"class_": "staged", "tags": "china-stage"}]
    stated = [
        {"rule": f"r{place}", "in_force_share": 1.0, "threshold_share": 0.2, **row} for place, row in enumerate(rows)
    ]
    return tables(rules=stated, classes=classes)


PRESS = process("press", {"metal": 1.25}, {"magnet": 1.0}, capacity=99.0, yields={"metal": 0.8, "magnet": 0.9})


def chain(*pieces: Piece, ruled: Piece | None = None, mass_balance: float = 1.0) -> Case:
    """Metal at 10 into magnets at 30, of which 0.8 x 0.9 come out; two years."""
    stores = (stockpile("k", "magnet"), stockpile("m", "metal"))
    wanted = (must("d", "magnet", 1), must("e", "metal", 1))
    shared = (values(metal=10.0, magnet=30.0), PRESS, *stores, *wanted)
    return case_of(ruled or rules({}), *shared, *pieces, years=2, mass_balance=mass_balance)


KEPT: tuple[Line, ...] = (
    ("blend", "home/metal/tagged/free", 0, 400.0),
    ("feed", "press/metal/tagged/free", 0, 200.0),
    ("deliver", "d/free", 0, 600.0),
    ("deliver", "d/tagged", 0, 700.0),
    ("deliver", "e/staged", 0, 100.0),
    ("sell", "home/magnet/1", 0, 150.0),
    ("stock", "k/free", 0, 200.0),
    ("stock", "k/tagged", 0, 900.0),
    ("stock", "m/free", 0, 50.0),
    ("headroom", "content", 0, 1.68),
    ("blend", "home/magnet/tagged/free", 1, 20.0),
    ("feed", "press/metal/tagged/free", 1, 100.0),
    ("deliver", "d/free", 1, 300.0),
    ("stock", "k/staged", 1, 50.0),
    ("headroom", "content", 1, 1.16),
)


def test_headroom_is_what_the_threshold_leaves_of_all_that_left_and_lies_in_stock() -> None:
    """Thousands of USD/kg x t. Year 1: blended in 600 t of metal at 10, of which 0.72 come out: 4.32. Left: 600 magnets
    at 30 and 100 t of metal in the staged class, 18 + 1; sold 150 magnets, 4.5; in stock 200 magnets and 50 t of metal,
    6 + 0.5: 0.2 x 30 - 4.32 = 1.68. Year 2: 20 magnets, which all come out, 0.6, and 100 t of metal, 0.72: 5.64 in all;
    left 9 more: 32.5; in stock 50 magnets, 1.5: 0.2 x 34 - 5.64 = 1.16."""
    tally = blending.mass_balance(written(chain(), *KEPT))
    assert (tally.items, tally.findings) == (4, [])


@pytest.mark.parametrize(
    "line", [line for line in KEPT if line[:2] not in {("deliver", "d/tagged"), ("stock", "k/tagged")}]
)
def test_each_part_of_the_headroom_is_felt(line: Line) -> None:
    """Half as much of any of them, other than of what bears the tag, breaks the balance."""
    lines = [(*each[:3], each[3] / 2) if each is line else each for each in KEPT]
    assert blending.mass_balance(written(chain(), *lines)).failed >= 1


@pytest.mark.parametrize(
    ("ruled", "threshold"),
    [
        (rules({}, {"threshold_share": 0.1}), 0.1),
        (rules({"threshold_share": 0.1}, {}), 0.1),
        (rules({}, {"threshold_share": 0.1, "enabled": False}), 0.2),
        (rules({"enabled": False}, {"threshold_share": 0.3, "enabled": False}), 0.2),
        (rules({}, {"threshold_share": 0.0, "kind": "sourcing"}), 0.2),
    ],
)
def test_the_threshold_is_the_least_in_use_or_given(ruled: Piece, threshold: float) -> None:
    """2000 t of metal at 10 leave: 20, times the threshold."""
    for headroom, failed in ((20 * threshold, 0), (20 * threshold + 0.1, 1)):
        lines: tuple[Line, ...] = (("deliver", "e/free", 0, 2000.0), ("headroom", "content", 0, headroom))
        tally = blending.mass_balance(written(chain(ruled=ruled), *lines, ("headroom", "content", 1, 20 * threshold)))
        assert (tally.items, tally.failed) == (2, failed)


@pytest.mark.parametrize(
    ("blend", "fine"),
    [
        ("home/metal/tagged/free", True),
        ("home/magnet/tagged/free", False),
        ("abroad/magnet/tagged/free", False),
        ("far/magnet/tagged/free", False),
        ("abroad/metal/tagged/free", True),
        ("home/metal/staged/free", False),
        ("home/metal/staged/tagged", False),
        ("home/metal/free/staged", True),
    ],
)
def test_what_chinese_technology_made_and_other_tags_are_not_blended(blend: str, fine: bool) -> None:
    """A line with Chinese technology makes magnets at home, and lanes take them abroad and on."""
    own = process("own", {"metal": 1.0}, {"magnet": 1.0}, capacity=9.0, technology_origin="CN")
    lanes = (lane("abroad", "far", "magnet"), lane("home", "abroad", "magnet"), lane("abroad", "far", "metal"))
    lines: tuple[Line, ...] = (("blend", blend, 0, 1e-9),)
    tally = blending.mass_balance(written(chain(own, *lanes), *lines))
    assert (tally.items, tally.failed) == (3, 0 if fine else 1)


def test_lots_are_kept_apart_without_the_balance() -> None:
    case = chain(mass_balance=0.0)
    for line in (("blend", "home/metal/tagged/free", 0, 1.0), ("headroom", "content", 0, 1.0)):
        tally = blending.mass_balance(written(case, line))
        assert (tally.items, tally.findings) == (1, ["only blends and keeps lots apart"])
    futures = chain(future("one", 0.5), future("two", 0.5), mass_balance=0.0)
    assert blending.mass_balance(written(futures)).items == 2
    tally = blending.mass_balance(written(case, ("feed", "press/metal/tagged/free", 0, 2.0)))
    assert (tally.items, tally.failed) == (1, 0)


def test_the_case_says_whether_content_is_balanced_and_some_tag_must_be_lost_by_it() -> None:
    free = tables(classes=[{"class_": "free"}])
    told = {
        setting: [blending.by_mass_balance(Goods(case_of(piece, mass_balance=setting))) for piece in (RULE, free)]
        for setting in (0.0, 0.5, 0.6, 1.0)
    }
    assert told == {0.0: [False, False], 0.5: [False, False], 0.6: [True, False], 1.0: [True, False]}
    assert not blending.by_mass_balance(Goods(case_of(RULE)))


def goods(*pieces: Piece) -> Goods:
    return Goods(case_of(*pieces))


def test_what_has_no_price_counts_the_most_that_goes_into_it() -> None:
    """2 t of scrap at 12 at a yield of 0.8 and 1 t of flux at 3 are 33 for 1.5 x 0.8 t of powder: 27.5, as of its dust;
    from sludge at 4 alone a tonne would count 4. A tonne of powder makes 0.5 of a part: 55. Metal has a price, 0.5."""
    found = blending.worths(
        goods(
            values(scrap=12.0, flux=3.0, metal=0.5, sludge=4.0),
            process("form", {"powder": 1.0}, {"part": 0.5}),
            process(
                "mill", {"scrap": 2.0, "flux": 1.0}, {"powder": 1.5, "dust": 0.2}, yields={"scrap": 0.8, "powder": 0.8}
            ),
            process("wash", {"sludge": 1.0}, {"powder": 1.0}),
            process("melt", {"scrap": 2.0}, {"metal": 1.0}),
            process("burn", {"scrap": 2.0}, {"ash": 0.0}),
        )
    )
    assert found == pytest.approx(
        {
            "powder": 27.5,
            "part": 55.0,
            "scrap": 12.0,
            "flux": 3.0,
            "dust": 27.5,
            "sludge": 4.0,
            "metal": 0.5,
            "ash": 0.0,
        }
    )


def contained(**shares: float) -> Piece:
    return tables(
        elements=[{"element": "Dy"}, {"element": "Nd"}],
        content=[
            {"commodity": name, "element": element, "share": share * part}
            for name, share in shares.items()
            for element, part in (("Dy", 0.25), ("Nd", 0.75))
        ],
    )


def test_what_comes_out_is_told_by_the_elements_that_are_lost() -> None:
    """2 t of metal with 0.5 at a yield of 0.8 and 1 t of oxide with 0.75 hold 1.25 + 0.75 = 2; 1.2 t of magnets with
    0.6 at 0.9 hold 0.648: 0.324, for both. Glue holds nothing: 0.5 of it comes out as 0.9 of the first output. Ore
    becomes metal without loss and shares its 0.324. Slag holds nothing, and nothing is made of it."""
    found = blending.passed(
        goods(
            contained(ore=0.1, metal=0.5, oxide=0.75, magnet=0.6),
            process("dig", {"ore": 5.0}, {"metal": 1.0}),
            process("press", {"metal": 2.0, "oxide": 1.0, "glue": 0.3}, {"magnet": 1.2, "slag": 0.7},
                    yields={"metal": 0.8, "glue": 0.5, "magnet": 0.9}),
            process("dump", {"slag": 1.0}, {}),
        )
    )  # fmt: skip
    assert found == pytest.approx(
        {"ore": 0.324, "metal": 0.324, "oxide": 0.324, "magnet": 1.0, "glue": 0.45, "slag": 0.0}
    )


def test_no_more_comes_out_than_goes_in_and_the_worst_way_counts() -> None:
    """A magnet said to hold more than its metal; another way loses half of the metal, by weight where the product holds
    nothing."""
    gain = process("gain", {"metal": 1.0}, {"magnet": 1.0})
    assert blending.passed(goods(contained(metal=0.5, magnet=0.9), gain))["metal"] == 1.0
    lose = process("lose", {"metal": 1.0}, {"paste": 1.0}, yields={"metal": 0.5})
    for pair in ((gain, lose), (lose, gain)):
        assert blending.passed(goods(contained(metal=0.5, magnet=0.9), *pair))["metal"] == 0.5


def keeping(share: float, feed: str, product: str) -> Piece:
    """A process that loses all but a share of its feed."""
    name = f"{feed} to {product}"
    made = process(name, {feed: 1.0}, {product: 1.0})
    recipes = [{**row, "yield_share": share if row["direction"] == "in" else 1.0} for row in made["recipes"]]
    return {**made, "recipes": recipes}


def test_a_ring_of_processes_is_gone_round_twice_for_each_and_once_more() -> None:
    """Two processes, five turns, each of which keeps half: 1/32. A long chain meets all losses: 1/2 x 1/4 x 1/8."""
    other = process("other", {"sand": 1.0}, {"glass": 1.0})
    assert blending.passed(goods(other, keeping(0.5, "metal", "metal")))["metal"] == 1 / 32
    far = goods(keeping(0.125, "a", "b"), keeping(0.25, "b", "c"), keeping(0.5, "c", "d"))
    assert blending.passed(far) == {"a": 1 / 64, "b": 1 / 8, "c": 1 / 2, "d": 1.0}


def test_turns_end_where_nothing_changes_by_more_than_a_millionth_of_a_millionth() -> None:
    """The first turn leaves 2e-12, the second half of it, which is a change of just 1e-12: no third."""
    found = blending.passed(goods(keeping(0.5, "metal", "metal"), keeping(2e-12, "metal", "dross")))
    assert found["metal"] == 1e-12
