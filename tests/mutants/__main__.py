"""`python -m tests.mutants [PATH …]`: try the mutants and list those that no test notices."""

from __future__ import annotations

import argparse
import sys

import click

from .judged import HELD, judged, mutants_under, tried_by_folder
from .run import KILLED, Verdict


def main() -> int:
    """Exit code 1 where a mutant survives that is not judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", default=list(HELD), help="files or folders below model/orefolio")
    parser.add_argument("--sample", type=int, help="try so many, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tests", nargs="+", help="try them with these files or folders of tests alone")
    parser.add_argument("--count", action="store_true", help="only count them")
    options = parser.parse_args()
    mutants = mutants_under(options.paths, options.sample, options.seed)
    if options.count:
        click.echo(len(mutants))
        return 0
    known = judged()
    tried: list[Verdict] = []

    def tell(verdict: Verdict) -> None:
        tried.append(verdict)
        if len(tried) % 100 == 0:
            click.echo(f"{len(tried)} of {len(mutants)}", err=True)
        if verdict.outcome != KILLED:
            mutant = verdict.mutant
            mark = "judged" if mutant.key in known else verdict.outcome
            place = f"{mutant.file}:{mutant.first_line} {mutant.function}"
            click.echo(f"{place}: {mutant.change} [{mark}, {verdict.told}]")

    verdicts = tried_by_folder(mutants, tell, options.tests)
    left = [verdict for verdict in verdicts if verdict.outcome != KILLED]
    fresh = [verdict for verdict in left if verdict.mutant.key not in known]
    click.echo(f"{len(verdicts)} mutants, {len(left)} not killed, {len(fresh)} of these not judged")
    return bool(fresh)


sys.exit(main())
