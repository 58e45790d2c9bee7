"""What an audit makes of its checks: one that breaks, one that fails, the summary, and the collector of garbage."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.written import written
from orefolio import audit
from orefolio.audit import Check, Report, Result
from orefolio.audit.tally import Tally
from orefolio.errors import Fault, InputError
from pencil import case_of, must, spot

CASE = case_of(spot("m", "ore", 1), must("d", "ore", 1))
FINE = Result("fine", "It holds.", Tally(4, 0, 0.25e-6))
WRONG = Result("wrong", "It does not.", Tally(7, 6, 0.5, [f"finding {number}" for number in range(6)]))


def test_a_report_sums_its_checks_up() -> None:
    report = Report((FINE, WRONG), 0.01, 0.02, ())
    assert (report.passed, report.items, report.failed) == (False, 11, (WRONG,))
    assert Report((FINE, FINE), 0.0, 0.0, ()).passed
    assert report.summary() == {
        "passed": False,
        "checks": 2,
        "items": 11,
        "failed_checks": ["wrong"],
        "findings": [f"wrong: finding {number}" for number in range(5)],
        "failed_items": 6,
        "largest_violation": 0.5,
        "tolerance": 1e-6,
        "chinese_content_share": 0.01,
        "threshold_share": 0.02,
    }


def test_what_is_not_finite_is_told_as_nothing() -> None:
    broken = Result("broken", "It broke.", Tally(1, 1, math.inf, ["x"]))
    told = Report((broken,), math.nan, math.inf, ()).summary()
    assert (told["largest_violation"], told["chinese_content_share"], told["threshold_share"]) == (None, None, None)
    assert Report((), 0.0, 0.0, ()).summary()["largest_violation"] == 0.0


ERRORS = (ZeroDivisionError, AttributeError, KeyError, TypeError, ValueError, StopIteration)


def checked(monkeypatch: pytest.MonkeyPatch, *functions: Callable[[Any], Tally]) -> None:
    several = {f"check {number}": Check("A sentence.", function) for number, function in enumerate(functions)}
    monkeypatch.setattr(audit, "CHECKS", several)


@pytest.mark.parametrize("error", ERRORS)
def test_a_check_that_breaks_does_not_hold_and_the_others_go_on(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: Any) -> Any:
        raise error("so")

    checked(monkeypatch, breaks, lambda _: Tally(3))
    monkeypatch.setattr(audit.tracing, "greatest", breaks)
    report = audit.audited(written(CASE))
    first, second = report.results
    assert (first.name, first.sentence, first.tally.items, first.tally.failed) == ("check 0", "A sentence.", 1, 1)
    assert first.tally.largest == math.inf
    assert first.tally.findings[0].startswith(f"what is reported cannot be reckoned: {error.__name__} ")
    assert second.tally == Tally(3)
    assert math.isnan(report.chinese_content)
    assert math.isnan(report.threshold)
    assert report.traced == ()


def test_the_collector_rests_during_an_audit_and_is_as_before_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def look(_: Any) -> Tally:
        seen.append(gc.isenabled())
        return Tally(2)

    checked(monkeypatch, look)
    record = {"futures": [{"future": "only"}], "grid": "only"}
    plan = "variable,index,period,node,value\n"
    was = gc.isenabled()
    try:
        for before in (True, False):
            (gc.enable if before else gc.disable)()
            assert audit.audit_texts(CASE, record, plan, {}).items == 2
            assert gc.isenabled() == before
    finally:
        (gc.enable if was else gc.disable)()
    assert seen == [False, False]
    told: dict[str, Any] = dict(record)
    assert audit.audit_into(told, CASE, plan, {}) == {"traced": (), "content": ()}
    assert told["audit"]["items"] == 2
    assert told["content"] == []


def refuses(_: Path) -> Any:
    raise InputError([Fault("run.json", "nonsense", "a record")])


def test_a_folder_that_cannot_be_read_is_bad_input_unless_it_was_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(audit, "read_evidence", refuses)
    monkeypatch.setattr(audit.files, "unchanged", lambda _: Tally(3))
    with pytest.raises(InputError, match="nonsense"):
        audit.audit_folder(tmp_path)
    monkeypatch.setattr(audit.files, "unchanged", lambda _: Tally(3, 1, math.inf, ["run.json was changed"]))
    report = audit.audit_folder(str(tmp_path))
    (only,) = report.results
    assert (only.name, only.sentence) == ("files", "Every file stands as the run wrote it.")
    assert only.tally.findings[0] == "run.json was changed"
    assert only.tally.findings[1].startswith("the run cannot be read any more: run.json: found nonsense")
    assert math.isnan(report.chinese_content)


def test_a_folder_is_audited_by_what_is_read_from_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    checked(monkeypatch, lambda found: Tally(5, 0, 0.0, [found.case.name]))
    monkeypatch.setattr(audit, "read_evidence", lambda _: written(CASE))
    report = audit.audit_folder(tmp_path)
    assert (report.items, report.results[0].tally.findings) == (5, ["pencil"])
