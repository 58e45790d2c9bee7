"""Many futures: draw them from a case's hazards, reduce them to a few, and test a plan on fresh ones."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from orefolio.cli.changed import changed_case, changes
from orefolio.cli.output import Output, aligned, pass_output
from orefolio.cli.settings import chosen, options, settled
from orefolio.cli.solve import asked_options

if TYPE_CHECKING:
    from orefolio.analyses.out_of_sample.estimate import Estimate
    from orefolio.analyses.out_of_sample.policy import Policy
    from orefolio.analyses.out_of_sample.replications import Gap
    from orefolio.case.case import Case
    from orefolio.futures.generated import Weighted

SCHEMA = "orefolio/futures"
MOST_SEED = 2**31 - 1
MOST_FUTURES = 100_000
MOST_REPLICATIONS = 1000
MOST_MONTHS = 120
NEW = click.Path(path_type=Path)
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@click.group()
@click.argument("folder", metavar="CASE", type=NEW)
@click.pass_context
def futures(context: click.Context, folder: Path) -> None:
    """Draw many futures of the case in the folder CASE, reduce them to a few, or test a plan on fresh ones."""
    context.meta["orefolio.case"] = folder


def _case(overlays: Sequence[str] = (), levers: Sequence[str] = ()) -> Case:
    return changed_case(click.get_current_context().meta["orefolio.case"], overlays, levers)


def _whole(
    flag: str, metavar: str, low: int, high: int, default: int, meaning: str
) -> Callable[[Decorated], Decorated]:
    return click.option(
        flag, metavar=metavar, type=click.IntRange(low, high), default=default, show_default=True, help=meaning
    )


SEED = _whole("--seed", "N", 0, MOST_SEED, 0, "Seed of the draws.")
EVERY = _whole("--every", "MONTHS", 1, MOST_MONTHS, 6, "Months between two days on which events may begin.")
UNTIL = click.option(
    "--until",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day from which no event begins; without it the horizon's end.",
)
METHOD = click.option(
    "--method",
    type=click.Choice(["quasi", "random"]),
    default="quasi",
    show_default=True,
    help="Quasi-random points, more even than random ones, or random.",
)
STAGES = click.option(
    "--stages",
    metavar="DATE=N,…",
    help="Make histories agree: until each date at most so many of them, so that futures share a tree.",
)
LEVEL = click.option(
    "--level",
    metavar="SHARE",
    type=click.FloatRange(0.5, 0.9999),
    default=0.95,
    show_default=True,
    help="Confidence of the intervals.",
)
PLACE = click.option(
    "-o", "--out", "place", metavar="FOLDER", type=NEW, required=True, help="New folder for the tables."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@futures.command()
@changes
@_whole("--count", "N", 1, MOST_FUTURES, 50, "How many futures are drawn; those that are alike then stand once.")
@SEED
@METHOD
@EVERY
@UNTIL
@PLACE
@JSON
@pass_output
def generate(
    output: Output,
    /,
    overlays: Sequence[str],
    levers: Sequence[str],
    count: int,
    seed: int,
    method: str,
    every: int,
    until: datetime.datetime | None,
    place: Path,
    as_json: bool,
) -> None:
    """Draw futures from the case's hazards and slips and write them as tables.

    `orefolio solve CASE --futures FOLDER` plans for them in place of the case's own. The same seed gives the same
    bytes.
    """
    from orefolio.futures.folder import write_futures
    from orefolio.futures.generated import Asked, rows_of
    from orefolio.futures.generated import generate as drawn

    case = _case(overlays, levers)
    day = None if until is None else until.date()
    found = drawn(case, Asked(count, seed, "random" if method == "random" else "quasi", every, day))
    made: dict[str, Any] = {"made": "generate", "count": count, "seed": seed, "method": method, "every_months": every}
    made |= {"until": None if day is None else day.isoformat(), "overlays": list(overlays), "set": list(levers)}
    made["futures"] = len(found)
    written = write_futures(place, case, rows_of(case, found), made)
    shares = _shares(case, found)
    if as_json:
        output.answer_json(f"{SCHEMA}/generate/1", {**made, "folder": written, "events": shares})
        return
    output.answer(aligned(("event", "probability"), [(name, f"{share:.4f}") for name, share in shares.items()]))
    output.note(f"{len(found)} futures in {written}")


def _shares(case: Case, found: Sequence[Weighted]) -> dict[str, float]:
    """By event the weight of the futures in which it comes."""
    share: dict[str, float] = dict.fromkeys((row.event for row in case.rows("hazards")), 0.0)
    for one in found:
        for name in {strike.event for strike in one.drawn.strikes}:
            share[name] = share.get(name, 0.0) + one.weight
    return share


@futures.command()
@click.argument("many", metavar="FOLDER", type=NEW)
@_whole("--to", "N", 1, MOST_FUTURES, 20, "How many futures are kept.")
@STAGES
@PLACE
@JSON
@pass_output
def reduce(output: Output, /, many: Path, to: int, stages: str | None, place: Path, as_json: bool) -> None:
    """Keep N of the futures in FOLDER by fast forward selection, with the probabilities of those they stand for.

    Tells the Kantorovich distance between all and the kept ones, beside that to the best single future.
    """
    from orefolio.futures.folder import lay_futures, write_futures
    from orefolio.futures.reduction import parse_stages
    from orefolio.futures.reduction import reduce as reduced

    case = _case()
    laid = lay_futures(case, many)
    for warning in laid.warnings:
        output.warn(warning)
    found = reduced(laid.case, to, parse_stages(stages or ""))
    kept = len(found.rows["futures"])
    by_stage = [{"until": str(stage.until), "histories": n, "distance": far} for stage, n, far in found.by_stage]
    made = {"made": "reduce", "of": dict(laid.record), "futures": kept, "stages": by_stage}
    made |= {"distance": found.distance, "distance_of_one": found.spread}
    written = write_futures(place, case, found.rows, made)
    if as_json:
        output.answer_json(f"{SCHEMA}/reduce/1", {**made, "folder": written})
        return
    rows = [(f"until {stage.until}", f"{n}", f"{far:.4f}") for stage, n, far in found.by_stage]
    rows += [("all time", f"{kept}", f"{found.distance:.4f}"), ("one future", "1", f"{found.spread:.4f}")]
    output.answer(aligned(("histories", "kept", "distance"), rows))
    output.note(f"{kept} of {len(laid.case.rows('futures'))} futures in {written}")


@futures.command()
@click.argument("run", metavar="RUN", type=NEW)
@_whole("--fresh", "N", 2, MOST_FUTURES, 200, "Futures to draw, at random, that the plan was not made for.")
@SEED
@EVERY
@UNTIL
@LEVEL
@_whole("--replications", "K", 0, MOST_REPLICATIONS, 0, "Also bound how far the plan is from the best, by K samples.")
@_whole("--size", "N", 1, MOST_FUTURES, 20, "Futures drawn for each replication, which are planned for anew.")
@options("abs_gap", "gap", "time_limit", "node_limit")
@JSON
@pass_output
def test(
    output: Output,
    /,
    run: Path,
    fresh: int,
    seed: int,
    every: int,
    until: datetime.datetime | None,
    level: float,
    replications: int,
    size: int,
    as_json: bool,
    **flags: str | None,
) -> None:
    """Tell what the plan of the run folder RUN costs in fresh futures, with a confidence interval.

    What it commits to holds until a future parts from the trunk; the rest is chosen anew in each. The case is that of
    the run. The gap and the limits are those of each replication's solve; fresh futures are solved by a dive. Take
    another seed than that of the plan's own futures.
    """
    if replications == 1:
        raise click.UsageError("--replications takes two or more: one has no spread.")
    chosen(flags, {})
    from orefolio.analyses.out_of_sample.estimate import estimates
    from orefolio.analyses.out_of_sample.replications import optimality_gap
    from orefolio.futures.generated import Asked, sample
    from orefolio.solve import Options

    policy = _policy(output, run)
    day = None if until is None else until.date()
    drawn = sample(policy.case, Asked(fresh, seed, "random", every, day))
    heard = _doubled(output, f"of {len(drawn.futures)} fresh futures")
    (found,) = estimates([policy], drawn, Options(node_limit=0), level, heard)
    gap = None
    if replications:
        asked = asked_options(settled({**flags, **dict.fromkeys(("threads", "seed", "size_limit"))}, policy.case))
        samples = Asked(size, seed + 1, "random", every, day)
        gap = optimality_gap(policy, samples, replications, asked, level, _doubled(output, "replications"))
    if as_json:
        output.answer_json(f"{SCHEMA}/test/1", {"run_dir": run, "estimate": found, "gap": gap})
    else:
        output.answer("\n".join(_told(found, gap)))


def _policy(output: Output, run: Path) -> Policy:
    """What the plan of a run folder commits to. Raises InputError."""
    from orefolio.analyses.out_of_sample.policy import Policy
    from orefolio.analyses.sensitivity.futures import refuse_other_objectives
    from orefolio.case.read import load_case
    from orefolio.futures.folder import base_hash
    from orefolio.tables.folder import RunFolder

    folder = RunFolder(run)
    plan, grid = folder.plan(), str(folder.record["grid"])
    case = load_case(run / "case")
    refuse_other_objectives(case, "Solve the case again without it")
    if base_hash(case) != base_hash(_case()):
        output.warn(f"{run} was made for another state of the case; fresh futures are drawn from its own")
    return Policy.of_plan(case, grid, plan, [entry["future"] for entry in folder.record["futures"]])


def _doubled(output: Output, of: str) -> Callable[[int], None]:
    """Tells how far the work is, each time that twice as much is done."""

    def heard(done: int) -> None:
        if done > 1 and done & (done - 1) == 0:
            output.note(f"{done:,} {of}")

    return heard


def _told(found: Estimate, gap: Gap | None) -> Iterator[str]:
    share = f"{found.level:.0%}"
    yield (
        f"The plan costs {found.cost.mean:,.1f} million USD, {found.cost.low:,.1f} to {found.cost.high:,.1f} at a "
        f"confidence of {share}, by {found.draws:,} fresh futures and those without an event."
    )
    yield (
        f"Each was solved by a dive. By what is proved of each it costs {found.bound.mean:,.1f}; with both it lies "
        f"between {found.low:,.1f} and {found.high:,.1f}."
    )
    if gap is not None:
        yield (
            f"By {len(gap.replications)} replications it costs {gap.mean:,.1f} million USD more than is proved of the "
            f"best plans, and at a confidence of {share} no more than {gap.most:,.1f}."
        )
