"""`python tests/uncovered.py coverage.json`: what no test runs, function by function, against the list with reasons.

Exit code 1 where less than the asked share of branches is taken, or a function that is not in `uncovered.csv` has a
line or branch that no test ran: each is told as the beginning of its row.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("uncovered.csv")
ASKED_SHARE = 0.95


def uncovered(report: dict[str, Any]) -> dict[tuple[str, str], tuple[list[int], list[list[int]]]]:
    """(file, function) to its lines and branches that no test ran; code outside functions has an empty name."""
    found = {}
    for file, entry in report["files"].items():
        short = file.partition("orefolio/")[2]
        for function, part in entry["functions"].items():
            if part["missing_lines"] or part["missing_branches"]:
                found[short, function] = (part["missing_lines"], part["missing_branches"])
    return found


def judged() -> dict[tuple[str, str], str]:
    """(file, function) to the reason for which no test runs all of it."""
    with LIST.open(encoding="utf-8", newline="") as stream:
        return {(row["file"], row["function"]): row["reason"] for row in csv.DictReader(stream)}


def branches(report: dict[str, Any]) -> float:
    """The share of branches that the tests took."""
    totals = report["totals"]
    return float(totals["covered_branches"] / totals["num_branches"])


def main(arguments: list[str]) -> int:
    report = json.loads(Path(arguments[-1]).read_text(encoding="utf-8"))
    found, known = uncovered(report), judged()
    share = branches(report)
    write = sys.stdout.write
    write(f"branches: {share:.1%} of {report['totals']['num_branches']:,}; ")
    write(f"lines and branches: {report['totals']['percent_covered']:.1f} %\n")
    new = {place: what for place, what in found.items() if not known.get(place)}
    for (file, function), (lines, jumps) in new.items():
        write(f"{file},{function},  # lines {lines} branches {jumps}\n")
    for place in sorted(set(known) - set(found)):
        write(f"covered now, so take it off the list: {','.join(place)}\n")
    write(f"{len(found)} functions with something uncovered, {len(found) - len(new)} of them with a reason\n")
    return 1 if new or share < ASKED_SHARE else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
