"""Explain a case: why it has no plan and what would give it one, or why its plan leaves an option."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orefolio.cli.changed import changes
from orefolio.cli.output import Output, pass_output
from orefolio.cli.settings import chosen, options, settled

if TYPE_CHECKING:
    from orefolio.analyses.explain import Explanation, Reason
    from orefolio.analyses.explain.why import Why
    from orefolio.case.case import Case

SCHEMA = "orefolio/explain/1"
NO_PLAN, LIMIT = 4, 3
MOST_STEPS = 12  # of a way out that are shown
LEAST_WORTH = 1e-6  # million USD
LEAST_GAP = 0.005  # million USD: what is less is shown as proved
CODES = {"plan": 0, "no plan": NO_PLAN, "undecided": LIMIT}


@click.command()
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--why", "option", metavar="ID", help="Ask why the plan leaves an option.")
@changes
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@options("abs_gap", "time_limit", "threads", "seed")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def explain(
    output: Output,
    /,
    folder: Path,
    option: str | None,
    overlays: Sequence[str],
    levers: Sequence[str],
    grid: str | None,
    as_json: bool,
    **flags: str | None,
) -> int:
    """Say whether the case in the folder CASE has a plan; if not, which limits contradict each other, and ways out.

    With --why, say what it would cost to take an option that the plan leaves, by how much its price must fall and which
    limit keeps it out. An option is a project, contract, supplier, level of a programme, stockpile, lane, process or
    demand; KIND:ID tells two of one name apart.

    Exit code 0 where the case has a plan, 4 where it has none, 3 where time ran out before that was known.
    """
    chosen(flags, {})
    from orefolio.analyses.explain import Explanation
    from orefolio.analyses.explain import explain as explained
    from orefolio.analyses.explain.option import option_of
    from orefolio.analyses.explain.why import why
    from orefolio.errors import InfeasibleError
    from orefolio.solve import Options

    case, grid = _case(folder, overlays, levers, grid)
    settings = settled(flags, case)
    seconds = settings.number("time_limit")
    asked = None
    if option is not None:
        option_of(case, option)
        output.note(f"Solving, then asking about {option}")
        gap, threads, seed = settings.number("abs_gap"), settings.whole("threads"), settings.whole("seed")
        with contextlib.suppress(InfeasibleError):
            asked = why(case, option, grid, Options(abs_gap=gap, time_limit=seconds, threads=threads, seed=seed))
    found = Explanation("plan") if asked else explained(case, grid, seconds)
    if as_json:
        output.answer_json(SCHEMA, _record(case, found, asked))
    else:
        output.answer(_page(case, found, asked))
    return CODES[found.state]


def _case(folder: Path, overlays: Sequence[str], levers: Sequence[str], grid: str | None) -> tuple[Case, str | None]:
    from orefolio.case.overlay import adjusted_case, load_overlay, parse_levers
    from orefolio.case.read import load_case_with_warnings
    from orefolio.errors import Fault, InputError, nearest

    case = load_case_with_warnings(folder).case
    if overlays or levers:
        laid = [load_overlay(name, folder) for name in overlays]
        case = adjusted_case(case, laid, parse_levers(levers))
    if grid is not None and grid not in case.grids:
        remedy = nearest(grid, case.grids) or f"The case has {', '.join(case.grids)}"
        raise InputError([Fault("--grid", repr(grid), "a grid of the case", remedy=remedy)])
    return case, grid


def _page(case: Case, found: Explanation, asked: Why | None) -> str:
    if found.state == "plan":
        return _why_page(asked) if asked else f"{case.title} ({case.name}) has a plan: no limits contradict each other."
    if found.state == "undecided":
        return "Time ran out before a plan was found or its absence proved; give more with --time-limit."
    lines = [f"{case.title} ({case.name}) has no plan."]
    if found.reason is None:
        return "\n".join([*lines, "Time ran out before the limits that contradict each other were found."])
    return "\n".join([*lines, *_reason_lines(found.reason), *found.notes])


def _reason_lines(reason: Reason) -> list[str]:
    head = "These limits contradict each other"
    if reason.by_integrality:
        head += ", since a choice is yes or no and cannot be halved"
    tail = ", and none of them can be spared:" if reason.irreducible else "; time ran out before some were spared:"
    lines = ["", head + tail, *(f"  - {cause}" for cause in reason.causes)]
    if reason.trivial:
        lines.append("  - no amount is below nought, and a choice is taken once at most")
    lines += [
        "",
        "Ways out, each by itself:" if reason.ways else "No way out by relaxing a limit of the case was found.",
    ]
    for way in reason.ways:
        steps = [str(step) for step in way.steps[:MOST_STEPS]]
        if len(way.steps) > MOST_STEPS:
            steps.append(f"and {len(way.steps) - MOST_STEPS} steps more")
        proved = "" if way.least else " [at most: less may do]"
        lines.append("  - " + ";\n    ".join(steps) + proved)
    return (
        lines if reason.complete else [*lines, "Time ran out before every way was tried; give more with --time-limit."]
    )


def _range(interval: tuple[float, float]) -> str:
    low, high = (f"{number:,.2f}" for number in interval)
    return f"{low} million USD" if low == high else f"{low} to {high} million USD"


def _gap(million_usd: float) -> str:
    return f"to a gap of {million_usd:,.2f} million USD" if million_usd >= LEAST_GAP else "proved"


def _why_page(asked: Why) -> str:
    kind, name = asked.option
    act = "Leaving" if asked.taken else "Taking"
    lines = [f"The plan {'takes' if asked.taken else 'leaves'} the {kind} {name}; it costs {_range(asked.cost)}."]
    if asked.note:
        return "\n".join([*lines, f"{asked.note[0].upper()}{asked.note[1:]}."])
    if asked.adds is None:
        lines.append(f"{act} it has no plan.")
        return "\n".join([*lines, *(_reason_lines(asked.reason) if asked.reason else [])])
    if asked.adds[0] <= 0.0:
        lines.append(f"{act} it adds at most {asked.adds[1]:,.2f} million USD; that lies within the gap: no finding.")
    else:
        lines.append(f"{act} it adds {_range(asked.adds)} (solved anew, {_gap(asked.gap)}).")
    if asked.taken:
        return "\n".join(lines)
    return "\n".join([*lines, *_first_lines(asked), *_fall_lines(asked), *_opening_lines(asked)])


def _first_lines(asked: Why) -> list[str]:
    found = asked.reduced
    if found is None:
        return []
    relaxed = f"{found.relaxation:,.4g} USD" if found.relaxation >= 1 else "nothing"
    also = ", which takes some of it by halves," if found.partly else ""
    if found.fixed is None:
        fixed = "with the plan's other choices fixed there is no room for it"
    else:
        fixed = f"{f'{found.fixed:,.4g} USD' if found.fixed >= 1 else 'nothing'} with the plan's other choices fixed"
    return [f"The first of it adds, for each {found.unit}: {relaxed} in the linear relaxation{also} and {fixed}."]


def _fall_lines(asked: Why) -> list[str]:
    fall = asked.fall
    if fall is None:
        return []
    if fall.share >= 1:
        text = f"Even without its {fall.part} ({fall.own:,.2f} million USD) the plan made to take it would not pay."
        return [text]
    price = "" if fall.price is None or fall.below is None else (
        f", from a mean of {fall.price:,.4g} to below {fall.below:,.4g} USD/kg"
    )  # fmt: skip
    proof = "then the plan made to take it is cheaper than any without it"
    return [f"It enters when its {fall.part} falls by {fall.share:.2%}{price}: {proof}."]


def _opening_lines(asked: Why) -> list[str]:
    lines = []
    for opening in asked.openings:
        small = opening.saving[0] <= 0.0
        saves = f"at most {opening.saving[1]:,.2f} million USD" if small else _range(opening.saving)
        tail = ", within the gap: no finding" if small else f" less ({_gap(opening.gap)})"
        lines.append(
            f"Without this limit, at all its times, the plan takes it and costs {saves}{tail}: {opening.limit}"
        )
        shown = [f"  - {step}" for step in opening.steps[:MOST_STEPS]]
        if len(opening.steps) > MOST_STEPS:
            shown.append(f"  - and {len(opening.steps) - MOST_STEPS} steps more")
        lines += ["That plan asks for no more than this:", *shown] if shown else []
        if opening.worth > LEAST_WORTH:
            worth = f"at most {opening.worth * 1e6:,.4g} USD, in the linear program with the plan's choices fixed"
            lines.append(f"The plan as it is would save by each further {opening.unit} of it {worth}.")
    if not asked.openings:
        lines.append(f"None of {asked.tried} limits, lifted one at a time, brings it in ({asked.solved} of them were "
                     "solved anew, the rest told by the linear relaxation)." if asked.tried else
                     "No limit of the case was lifted: none stands in its way, or time ran out.")  # fmt: skip
    return lines


def _record(case: Case, found: Explanation, asked: Why | None) -> dict[str, Any]:
    return {
        "case": case.name,
        "exit_code": CODES[found.state],
        "state": found.state,
        "reason": found.reason,
        "notes": list(found.notes),
        "why": asked,
    }
