"""Several futures as one path: plain numbers where all have the same, else one for each; the rest parts them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orefolio.case.case import Case
from orefolio.case.scenarios import Path, plant
from orefolio.case.several import PartedError, Several, lesser, plain, several
from orefolio.case.together import Together, alike
from orefolio.case.variants import Variants, variants
from pencil import case_of, event, future, must, process, project, spot

AVAILABLE = ("suppliers", "market", "availability_share")
DELAY = ("projects", "plant", "delay_years")


def shocked(*shares: float, onset: str = "2028-01-01") -> Case:
    """A calm future, and one for each share that the market still delivers from a day on."""
    pieces = []
    for number, share in enumerate(shares):
        name = f"short{number}"
        pieces += [
            event(name, "suppliers", "supplier=market", "availability_share", "set", share),
            future(f"f{number}", 0.5 / len(shares), {name: onset}, onset=onset),
        ]
    return case_of(
        spot("market", "metal", 7, most=30),
        spot("other", "metal", 19, most=30),
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1, capital=40),
        must("d", "metal", 10),
        future("calm", 0.5),
        *pieces,
        years=3,
    )


def numbers(found: list[float]) -> list[object]:
    return [number.of.tolist() if isinstance(number, Several) else number for number in found]


def group(*shares: float) -> Together:
    return Together(plant(shocked(*shares)).paths)


def test_a_number_is_plain_until_the_futures_part_and_one_for_each_after() -> None:
    together = group(0.25, 0.5)
    assert numbers(together.series(*AVAILABLE)) == [1.0, [1.0, 0.25, 0.5], [1.0, 0.25, 0.5]]
    assert numbers(together.series("suppliers", "other", "availability_share")) == [1.0, 1.0, 1.0]
    assert numbers(together.series("contracts", "market", "volume_max_t_per_year")) == [30.0, 30.0, 30.0]


def test_what_is_known_at_the_start_of_a_period_is_that_of_each() -> None:
    """A shock that begins on the first day of 2028 is not known to what is committed on that day."""
    together = group(0.25, 0.5)
    known = [path.known(*AVAILABLE) for path in together.members]
    assert numbers(together.known(*AVAILABLE)) == [
        number[0] if len(set(number)) == 1 else list(number) for number in zip(*known, strict=True)
    ]
    assert numbers(together.known(*DELAY)) == [0.0, 0.0, 0.0]


def test_a_number_at_a_moment_is_plain_or_parts_them() -> None:
    together = group(0.25, 0.5)
    assert together.at(*AVAILABLE, 0.5) == 1.0
    assert together.at(*DELAY, 2.5) == 0.0
    with pytest.raises(PartedError) as parted:
        together.at(*AVAILABLE, 1.5)
    assert parted.value.first.tolist() == [True, False, True]  # the least, and the others


def test_questions_have_the_answer_of_all_or_part_them() -> None:
    together = group(0.25, 0.5)
    assert together.asked(lambda path: len(path.periods) == 3)
    assert not together.asked(lambda path: len(path.periods) == 4)
    with pytest.raises(PartedError):
        together.asked(lambda path: path.future == "calm")
    assert plant(shocked(0.5)).paths[0].asked(lambda path: path.future == "calm")


def test_dates_of_decisions_are_those_of_each() -> None:
    """While all may commit the group may; where some may not any more it parts."""
    quick = replace(shocked(0.25, 0.5), reaction_years=0.5)
    together = Together(plant(quick).paths)
    assert together.may_commit(0)
    assert [path.may_commit(2) for path in together.members] == [True, False, False]
    with pytest.raises(PartedError):
        together.may_commit(2)
    assert together.may_commit(0)
    assert together.segments == together.members[0].segments


def test_segments_that_differ_part_them() -> None:
    one, *others = plant(shocked(0.25, 0.5)).paths
    vars(one)["segments"] = one.segments[:1]
    with pytest.raises(PartedError):
        assert Together([others[0], one]).segments


def test_futures_are_alike_that_tell_time_alike_and_whose_projects_meet_the_same() -> None:
    def names(case: Case) -> list[list[str]]:
        return [[path.future for path in several_] for several_ in alike(plant(case).paths)]

    assert names(shocked(0.25, 0.5)) == [["calm", "f0", "f1"]]
    slow = event("slow", "projects", "project=plant", "delay_years", "add", 1)
    late = case_of(
        process("line", {}, {"metal": 1}, cost=3),
        project("plant", "line", 11, lead=1),
        must("d", "metal", 10),
        slow,
        future("calm", 0.5),
        future("late", 0.5, {"slow": "2028-01-01"}, onset="2028-01-01"),
        years=3,
    )
    assert names(late) == [["calm"], ["late"]]


def test_the_group_stands_for_its_members_in_their_order() -> None:
    paths = plant(shocked(0.25, 0.5)).paths
    assert Together(paths).members == paths
    assert paths[0].members == (paths[0],)


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [(2.0, 3.0, 2.0), (several([1.0, 4.0]), 3.0, [1.0, 3.0]), (3.0, several([1.0, 4.0]), [1.0, 3.0])],
)
def test_the_lesser_is_that_of_each(one: float, other: float, least: object) -> None:
    assert numbers([lesser(one, other)]) == [least]


def test_a_plain_number_is_one_number_and_several_stay() -> None:
    assert plain(3) == 3.0
    assert type(plain(True)) is float
    both = several([1.0, 2.0])
    assert plain(both) is both


def dearer(case: Case, **columns: float) -> Case:
    """The same case with other numbers of the project."""
    (row,) = case.rows("projects")
    return replace(case, tables={**case.tables, "projects": (replace(row, **columns),)})


def varied(*cases: Case) -> list[Variants]:
    return variants([plant(case) for case in cases])


def test_variants_have_one_number_for_each_value_where_they_differ() -> None:
    case = shocked(0.5)
    calm, short = varied(case, dearer(case, capital_musd=1.0))
    (row,) = calm.case.rows("projects")
    before = case.rows("projects")[0].capital_musd
    assert numbers([row.capital_musd, row.size_max_t_per_year]) == [[before, 1.0], 11.0]
    assert calm.case.tables["suppliers"] is case.tables["suppliers"]
    assert numbers(short.series(*AVAILABLE)) == [1.0, 0.5, 0.5]
    assert numbers(calm.series("projects", "plant", "size_max_t_per_year")) == [11.0] * 3
    assert numbers(calm.series("projects", "plant", "capital_musd")) == [[before, 1.0]] * 3


def test_variants_of_an_event_have_its_number_for_each() -> None:
    """The cell is the same in both; what the event makes of it is not."""
    calm, short = varied(shocked(0.5), shocked(0.25))
    assert numbers(calm.series(*AVAILABLE)) == [1.0, 1.0, 1.0]
    assert numbers(short.series(*AVAILABLE)) == [1.0, [0.5, 0.25], [0.5, 0.25]]


def test_numbers_inside_a_list_are_told_apart_too() -> None:
    case = shocked(0.5)
    calm, _ = varied(dearer(case, ramp=(0.5, 1.0)), dearer(case, ramp=(0.25, 1.0)))
    (row,) = calm.case.rows("projects")
    assert numbers(list(row.ramp)) == [[0.5, 0.25], 1.0]


def refused(*cases: Case) -> list[bool]:
    with pytest.raises(PartedError) as parted:
        varied(*cases)
    return [bool(first) for first in parted.value.first]


def test_variants_that_differ_in_more_than_numbers_are_refused() -> None:
    """A word, a flag, a length of a list, rows, when futures part, how time is told."""
    case = shocked(0.5)
    assert refused(case, dearer(case, adds_to="other line")) == [True, False]
    assert refused(case, dearer(case, can_abandon=True)) == [True, False]
    assert refused(case, dearer(case, ramp=(0.5, 1.0))) == [True, False]
    assert refused(case, replace(case, tables={**case.tables, "projects": ()})) == [True, False]
    assert refused(case, shocked(0.5, onset="2029-01-01")) == [True, False]
    quarters = {case.grid: ((case.horizon_to, 3),)}
    assert refused(case, replace(case, grids=quarters)) == [True, False]


def test_variants_in_which_other_futures_part_are_refused() -> None:
    """Two shocks of one and two years part two futures; of one year both they are the same node."""

    def lasting(months: float) -> Case:
        short = event("short", "suppliers", "supplier=market", "availability_share", "set", 0.5)
        return case_of(
            spot("market", "metal", 7, most=30),
            must("d", "metal", 10),
            short,
            future("one", 0.5, {"short": ("2028-01-01", 12.0)}, onset="2028-01-01"),
            future("other", 0.5, {"short": ("2028-01-01", months)}, onset="2028-01-01"),
            years=3,
        )

    assert plant(lasting(24.0)).paths[0].periods == plant(lasting(12.0)).paths[0].periods
    assert refused(lasting(24.0), lasting(12.0)) == [True, False]
    assert refused(lasting(24.0), lasting(24.0), lasting(12.0)) == [True, False, False]


def test_of_several_rows_those_that_differ_are_told_apart() -> None:
    case = shocked(0.5)
    (row,) = case.rows("projects")
    rows = (row, replace(row, project="second"))
    both = replace(case, tables={**case.tables, "projects": rows})
    other = replace(case, tables={**case.tables, "projects": (row, replace(rows[1], capital_musd=1.0))})
    one, second = varied(both, other)[0].case.rows("projects")
    assert one is row
    assert numbers([varied(case, case, dearer(case, capital_musd=1.0))[0].case.rows("projects")[0].capital_musd]) == [
        [row.capital_musd, row.capital_musd, 1.0]
    ]
    assert numbers([second.capital_musd]) == [[row.capital_musd, 1.0]]


def test_a_path_of_variants_is_refused_where_time_is_told_otherwise() -> None:
    case = shocked(0.5)
    one = plant(case).paths[0]
    other: Path = plant(replace(case, grids={case.grid: ((case.horizon_to, 6),)})).paths[0]
    with pytest.raises(PartedError):
        Variants([one, other], case)
