"""The rule on Chinese content, against plans written by hand: lines, little tagged feed, refused and licensed goods."""

from __future__ import annotations

from typing import Any

import pytest

from audit.written import Line, written
from orefolio.audit import content
from orefolio.audit.life import Life, lives
from orefolio.case.case import Case
from pencil import TAGGED, Piece, case_of, event, future, must, process, project, spot, tables

CLASSES = [
    {"class_": "free"}, {"class_": "tagged", "tags": TAGGED}, {"class_": "staged", "tags": "china-stage"},
    {"class_": "tech", "tags": "china-technology"}, {"class_": "all", "tags": f"{TAGGED} china-stage"},
]  # fmt: skip
ABROAD = {"export_share": 1.0, "licence": "goods"}


def rule(name: str = "content", **columns: Any) -> Piece:
    return tables(rules=[{"rule": name, "in_force_share": 1.0, "threshold_share": 0.1, **columns}])


def licence(**columns: Any) -> Piece:
    return tables(licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True, **columns}])


def metal(*classes: str) -> tuple[Piece, ...]:
    return tuple(spot(f"{name} metal", "metal", 10, class_=name) for name in classes)


def line(name: str = "press", capacity: float = 9.0, **columns: Any) -> Piece:
    terms = {"one_class_at_a_time": True, "changeover_musd": 0.5, **columns}
    return process(name, {"metal": 1.0}, {"magnet": 1.0}, capacity=capacity, **terms)


def chain(*pieces: Piece, classes: tuple[str, ...] = ("free", "tagged"), demand: Any = None, **settings: Any) -> Case:
    """A line on metal of some classes, for a customer abroad: two years in half-years."""
    told = must("d", "magnet", 1, **(ABROAD if demand is None else demand))
    shared = (tables(classes=CLASSES), licence(), *metal(*classes), told)
    return case_of(*shared, *pieces, **{"years": 2, "months": 6, **settings})


def kept(case: Case, *lines: Line) -> Any:
    return content.lines(written(case, *lines))


TURNING: tuple[Line, ...] = (
    ("dedicated", "press", 0, 1.0), ("activity", "press/free", 0, 3.0), ("activity", "press/free", 1, 2.0),
    ("dedicated", "press", 2, 0.0), ("activity", "press/tagged", 2, 4.0), ("changeover", "press", 2, 1.0),
)  # fmt: skip


def test_a_line_runs_what_its_year_is_kept_for_and_pays_for_a_change() -> None:
    """In each of two years: it is kept for one, and runs so in two half-years and two classes; one change; and both
    decisions are taken at the start of a year about a choice of two."""
    tally = kept(chain(rule(), line()), *TURNING)
    assert (tally.items, tally.findings) == (2 * 5 + 1 + 2 * 2, [])
    still: tuple[Line, ...] = (*TURNING[:3], ("dedicated", "press", 2, 1.0), ("activity", "press/free", 3, 4.0))
    tally = kept(chain(rule(), line()), *still)
    assert (tally.items, tally.findings) == (15, [])


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        (("dedicated", "press", 0, 0.0), "only press/2027-01/free runs and the line is not kept for it"),
        (("activity", "press/tagged", 1, 2.0), "only press/2027-07/tagged runs and the line is not kept for it"),
        (("activity", "press/free", 3, 2.0), "only press/2028-07/free runs and the line is not kept for it"),
        (("dedicated", "press", 2, 1.0), "only press/2028-01/tagged runs and the line is not kept for it"),
        (("changeover", "press", 2, 0.0), "only press/2028-01 changes over"),
        (("dedicated", "press", 1, 1.0), "only press is kept for a class inside a segment"),
        (("kept_for", "press/tech", 0, 1.0), "only press/tech is kept for classes that the line does not choose from"),
    ],
)
def test_a_line_that_runs_otherwise_is_seen(wrong: Line, finding: str) -> None:
    lines = {one[:3]: one for one in TURNING} | {wrong[:3]: wrong}
    findings = kept(chain(rule(), line()), *lines.values()).findings
    assert findings[0].split(":")[0] == finding


def test_a_run_of_the_other_class_counts_against_all_that_runs() -> None:
    """3e-6 of 4 t are less than a millionth of them, and 5e-6 more."""
    for tonnes, failed in ((3e-6, 0), (5e-6, 1)):
        tally = kept(chain(rule(), line()), *TURNING, ("activity", "press/free", 2, tonnes))
        assert tally.failed == failed


def test_what_need_not_choose_runs_as_it_likes() -> None:
    """A line that may run classes together, one that gets but one class, and one that changes over for nothing."""
    mixed: tuple[Line, ...] = (("activity", "press/free", 0, 3.0), ("activity", "press/tagged", 0, 3.0))
    assert kept(chain(rule(), line(one_class_at_a_time=False)), *mixed).items == 0
    assert kept(chain(rule(), line(), classes=("free",)), mixed[0]).items == 0
    tally = kept(chain(rule(), line(changeover_musd=0.0)), *TURNING[:5])
    assert (tally.items, tally.failed) == (14, 0)


def test_a_line_chooses_only_while_it_matters_and_once_it_can_run() -> None:
    """The rule ends after a year: no choice in the second. A line that is built first has none before. Nothing is paid
    for a change in the first year with a choice."""
    mixed: tuple[Line, ...] = (("activity", "press/free", 2, 3.0), ("activity", "press/tagged", 2, 3.0))
    tally = kept(chain(rule(to_date="2028-01-01"), line()), *TURNING[:3], *mixed)
    assert (tally.items, tally.failed) == (5 + 2, 0)
    built = chain(rule(), line(capacity=0.0), project("more", "press", 9.0, lead=1.0), years=3)
    mine: tuple[Line, ...] = (("dedicated", "press", 2, 0.0), ("activity", "press/tagged", 2, 3.0))
    mine = (*mine, ("activity", "press/tagged", 4, 1.0), ("dedicated", "press", 4, 0.0))
    tally = kept(built, *mine)
    assert (tally.items, tally.failed) == (2 * 5 + 1 + 2 * 2, 0)
    assert kept(built, mine[0], ("activity", "press/free", 3, 3.0)).failed == 1


def four(**columns: Any) -> Case:
    """Free metal and such of Chinese technology are one to all; what bears content, which may be lost, is another; and
    what bears a stage, which stays, with content or without, a third."""
    demand = {"refuses_tags": "china-content china-stage"}
    return chain(rule(), line(**columns), classes=("free", "tech", "tagged", "staged"), demand=demand)


def test_a_line_of_several_choices_is_kept_for_the_first_class_of_each() -> None:
    lines: tuple[Line, ...] = (
        ("kept_for", "press/free", 0, 1.0), ("activity", "press/free", 0, 3.0), ("activity", "press/tech", 1, 2.0),
        ("kept_for", "press/staged", 2, 1.0), ("activity", "press/staged", 3, 2.0), ("changeover", "press", 2, 1.0),
    )  # fmt: skip
    case = four()
    life = next(lives(written(case, *lines)))
    press = case.row("processes", "press")
    groups = life.goods.split["press"]
    assert sorted(map(sorted, groups)) == [["all", "staged"], ["free", "tech"], ["tagged"]]
    chosen = [content.kept_for(life, press, first) for first in (0, 2)]
    assert [dict(zip([group[0] for group in groups], each, strict=True)) for each in chosen] == [
        {"free": 1.0, "staged": 0.0, "tagged": 0.0},
        {"free": 0.0, "staged": 1.0, "tagged": 0.0},
    ]
    tally = kept(case, *lines)
    assert (tally.items, tally.findings) == (2 * (1 + 2 * 3) + 1 + 2 * 2, [])
    assert kept(case, *lines, ("kept_for", "press/tech", 2, 0.0)).failed == 1
    findings = kept(case, *lines, ("activity", "press/tech", 2, 1.0)).findings
    assert [text.split(":")[0] for text in findings] == ["only press/2028-01/free runs and the line is not kept for it"]
    assert kept(case, *lines, ("kept_for", "press/tagged", 2, 1.0)).failed == 1
    assert kept(case, *lines, ("dedicated", "press", 0, 1.0)).failed == 1
    assert kept(case, *lines[1:]).failed >= 1


def first_life(case: Case) -> Life:
    return next(lives(written(case)))


def mattering(case: Case) -> list[bool]:
    """Whether it matters what the press runs, by half-year."""
    life = first_life(case)
    return [content.matters(life, case.row("processes", "press"), period.number) for period in life.path.periods]


ALWAYS, NEVER = [True] * 4, [False] * 4
OFF = rule(enabled=False)
ANY = tables(licences=[{"licence": "any", "approval_share": 0.0}])


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (chain(rule(), line()), ALWAYS),
        (chain(OFF, line()), NEVER),
        (chain(rule(to_date="2027-07-01"), line()), [True, False, False, False]),
        (chain(rule(from_date="2028-01-01", to_date="2028-07-01"), line()), [True, True, True, False]),
        (chain(rule(in_force_share=0.01), line()), ALWAYS),
        (chain(rule(), line(), demand={}), NEVER),
        (chain(rule(), line(), demand={"export_share": 1.0}), NEVER),
        (chain(rule(), line(), demand={**ABROAD, "export_share": 0.01}), ALWAYS),
        (chain(rule(), line(), demand={"licence": "goods"}), NEVER),
        (chain(OFF, line(), demand={"refuses_tagged": True}), ALWAYS),
        (chain(OFF, line(), demand={"refuses_tags": "china-stage"}), ALWAYS),
        (chain(OFF, line(), demand={"refuses_tagged": True, "refusal_rule": "content"}), NEVER),
        (chain(rule(), line(), demand={"refuses_tagged": True, "refusal_rule": "content"}), ALWAYS),
        (chain(OFF, rule("other", kind="sourcing"), line()), NEVER),
        (chain(OFF, rule("other", kind="sourcing"), line(), ANY, demand={**ABROAD, "licence": "any"}), ALWAYS),
    ],
)
def test_classes_matter_where_a_demand_tells_them_apart_now_or_later(case: Case, expected: list[bool]) -> None:
    assert mattering(case) == expected


def test_what_a_plant_makes_matters_by_where_it_ends() -> None:
    """Its magnets go into a motor that a customer refuses; its slag goes nowhere."""
    motor = process("wind", {"magnet": 1.0}, {"motor": 1.0}, capacity=9.0)
    choosy = must("c", "motor", 1, refuses_tagged=True)
    assert mattering(chain(OFF, line(), motor, choosy, demand={})) == ALWAYS
    assert mattering(chain(OFF, line(), must("m", "metal", 1, refuses_tagged=True), demand={})) == NEVER


def test_a_rule_of_another_future_matters_while_it_is_still_possible() -> None:
    """From 2028 on the futures part, and the rule is in force in one of them: the choice for that year, which is made
    before, is still open in both, and what is run then matters in one."""
    force = event("force", "rules", "rule=content", "in_force_share", "set", 1.0)
    parting = (force, future("calm", 0.5), future("law", 0.5, {"force": "2028-01-01"}, onset="2028-01-01"))
    case = chain(rule(in_force_share=0.0), line(), *parting, years=3)
    everyone = {life.path.future: life for life in lives(written(case))}
    press = case.row("processes", "press")
    told = {name: [content.matters(life, press, number) for number in (1, 2)] for name, life in everyone.items()}
    assert told == {"calm": [True, False], "law": [True, True]}
    chosen = {
        name: [content.chosen(everyone, life.path, press, first) for first in (0, 2, 4)]
        for name, life in everyone.items()
    }
    assert chosen == {"calm": [True, True, False], "law": [True, True, True]}
    shut = chain(rule(), line(capacity=0.0))
    alone = {life.path.future: life for life in lives(written(shut))}
    assert not content.chosen(alone, alone["only"].path, shut.row("processes", "press"), 0)


def test_a_year_has_a_choice_where_a_part_of_it_has_and_however_little_can_run() -> None:
    for case in (chain(rule(to_date="2027-07-01"), line()), chain(rule(), line(capacity=0.8))):
        everyone = {life.path.future: life for life in lives(written(case))}
        assert content.chosen(everyone, everyone["only"].path, case.row("processes", "press"), 0)


def fed(
    *lines: Line, share: float = 0.25, mass_balance: float = 0.0, ruled: Piece | None = None, **columns: Any
) -> tuple[int, int]:
    """Items and failures of a press from metal worth 12 and iron worth 6 to magnets worth 30 and slag worth 100."""
    prices = [
        {"market": "china", "commodity": name, "fee_usd_per_kg": value}
        for name, value in (("metal", 12.0), ("iron", 6.0), ("magnet", 30.0), ("slag", 100.0))
    ]
    takes, gives = {"metal": 0.8, "iron": 0.4}, {"magnet": 1.0, "slag": 0.1}
    case = case_of(
        tables(classes=CLASSES, markets=[{"market": "china"}], prices=prices),
        ruled or rule(),
        process("press", takes, gives, capacity=9.0, de_minimis_share=share, **columns),
        process("dump", {"metal": 1.0}, {}, capacity=9.0, de_minimis_share=share),
        must("d", "magnet", 1),
        mass_balance=mass_balance,
    )
    tally = content.little_feed(written(case, *lines))
    return tally.items, tally.failed


FED: tuple[Line, ...] = (
    ("activity", "press/free", 0, 8.0), ("feed", "press/metal/tagged/free", 0, 4.0),
    ("feed", "press/iron/tagged/free", 0, 2.0),
)  # fmt: skip


def test_tagged_feed_stays_within_its_share_of_the_output() -> None:
    """A quarter of 8 x 30 is 60: 4 x 12 + 2 x 6. Two statements for each feed, and the limit of what is made."""
    assert fed(*FED) == (5, 0)
    assert fed(*FED[:2], ("feed", "press/iron/tagged/free", 0, 2.1)) == (5, 1)
    assert fed(FED[0], ("feed", "press/metal/tagged/free", 0, 5.1)) == (3, 1)
    assert fed(*FED, share=0.24) == (5, 1)
    assert fed(*FED[1:], ("activity", "press/tagged", 0, 80.0)) == (5, 1)
    assert fed(("activity", "dump/free", 0, 8.0), ("feed", "dump/metal/tagged/free", 0, 0.1)) == (3, 1)


def test_no_tagged_feed_where_elements_are_separated_or_none_is_taken() -> None:
    assert fed(*FED, separates=True) == (5, 2)
    assert fed(*FED, ("feed", "press/magnet/tagged/free", 0, 1e-9)) == (7, 1)


def test_only_tags_with_a_tolerance_are_lost() -> None:
    """A rule in use without a threshold has none; a tag of no rule neither; tags may be won."""
    staged: Line = ("feed", "press/metal/staged/free", 0, 1.0)
    assert fed(FED[0], staged) == (3, 1)
    assert fed(FED[0], ("activity", "press/tagged", 0, 8.0), ("feed", "press/metal/free/tagged", 0, 1.0)) == (3, 0)
    assert fed(*FED[:2], ruled=rule(threshold_share=0.0)) == (3, 1)


def test_by_mass_balance_any_share_lets_feed_in() -> None:
    more: Line = ("feed", "press/metal/tagged/free", 0, 400.0)
    assert fed(FED[0], more, mass_balance=1.0) == (3, 0)
    assert fed(FED[0], more, share=0.0, mass_balance=1.0) == (3, 1)
    two: tuple[Line, ...] = (more, ("feed", "press/metal/tagged/tech", 0, 400.0))
    assert fed(FED[0], *two, mass_balance=1.0) == (6, 0)
    assert fed(FED[0], *two, share=0.0, mass_balance=1.0) == (6, 2)


def delivered(*lines: Line, ruled: Piece | None = None, **demand: Any) -> tuple[int, int]:
    """Items and failures where 50 t are wanted a year, in one period of two years, and goods are approved at 0.2."""
    case = case_of(
        tables(classes=CLASSES), licence(approval_share=0.2), ruled or rule(), must("d", "magnet", 50.0, **demand),
        must("other", "magnet", 9.0), years=2, months=24,
    )  # fmt: skip
    tally = content.deliveries(written(case, *lines))
    return tally.items, tally.failed


@pytest.mark.parametrize(("tonnes", "failed"), [((25.0, 35.0), 0), ((25.0, 35.1), 1), ((61.0, 0.0), 1)])
def test_deliveries_with_tags_stay_within_what_is_not_refused_or_is_approved(
    tonnes: tuple[float, float], failed: int
) -> None:
    """Refused while a rule stands for 0.4 of the time: 0.6 x 100 t. Exported by half, of which a fifth is approved:
    1 - 0.5 x 0.8 = 0.6 too."""
    lines: list[Line] = [
        ("deliver", "d/tagged", 0, tonnes[0]), ("deliver", "d/tech", 0, tonnes[1]), ("deliver", "d/free", 0, 900.0),
        ("deliver", "other/tagged", 0, 900.0),
    ]  # fmt: skip
    refusing = {"refuses_tagged": True, "refusal_rule": "content"}
    assert delivered(*lines, ruled=rule(in_force_share=0.4), **refusing) == (1, failed)
    assert delivered(*lines, export_share=0.5, licence="goods") == (1, failed)


def test_what_is_always_refused_is_not_delivered() -> None:
    assert delivered(("deliver", "d/tagged", 0, 0.001), refuses_tagged=True) == (1, 1)
    assert delivered(("deliver", "d/tagged", 0, 90.0), refuses_tags="china-stage") == (0, 0)
    both: tuple[Line, ...] = (("deliver", "d/tagged", 0, 60.0), ("deliver", "d/staged", 0, 3.0))
    assert delivered(*both, refuses_tags="china-stage", export_share=0.5, licence="goods") == (2, 1)
