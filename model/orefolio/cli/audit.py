"""Reckon a run again from its case and results alone, without the model, and say what does not hold."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.output import Output, aligned, pass_output

if TYPE_CHECKING:
    from orefolio.audit import Report

SCHEMA = "orefolio/audit/1"
DISAGREES = 5


@click.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def audit(output: Output, run: Path, as_json: bool) -> int:
    """Audit the run folder RUN: every balance, limit, cost and table is reckoned again from its case and its plan.

    Exit code 0 where everything holds, 5 where something does not.
    """
    from orefolio.audit import audit_folder

    report = audit_folder(run)
    code = 0 if report.passed else DISAGREES
    if as_json:
        checks = [_told(result) for result in report.results]
        output.answer_json(SCHEMA, {"run_dir": run, **report.summary(), "results": checks, "exit_code": code})
        return code
    rows = [
        (
            "holds" if result.tally.passed else "FAILS",
            result.sentence,
            f"{result.tally.items:,}",
            f"{result.tally.failed:,}",
            f"{result.tally.largest:.1e}" if result.tally.largest else "0",
        )
        for result in report.results
    ]
    output.answer(aligned(("", "check", "items", "failed", "largest"), rows))
    output.answer(_ending(report))
    return code


def _told(result: Any) -> dict[str, Any]:
    tally = result.tally
    largest = tally.largest if math.isfinite(tally.largest) else None
    return {
        "check": result.name,
        "sentence": result.sentence,
        "passed": tally.passed,
        "items": tally.items,
        "failed": tally.failed,
        "largest_violation": largest,
        "findings": tally.findings,
    }


def _ending(report: Report) -> str:
    lines = [f"{result.name}: {text}" for result in report.failed for text in result.tally.findings]
    lines.append(
        f"The greatest Chinese content of an untagged lot is {report.chinese_content:.2g} of its value; "
        f"the threshold is {report.threshold:.2g}."
    )
    verdict = f"all {report.items:,} statements hold" if report.passed else "the audit disagrees with the run"
    return "\n".join([*lines, f"{len(report.results)} checks: {verdict}."])
