"""The command line: `orefolio [-v|-q] COMMAND`.

COMMANDS is the table of contents. To add a command, write one file in this folder and one line in the table:

    "explain": "orefolio.cli.explain:explain",

The first line of the file's docstring is the command's line in `orefolio --help`; it is read without importing the
file. The function is a click command that takes the `Output` (decorate it with `@pass_output`), imports what it needs
of other floors inside its body, prints through the `Output`, raises an `OrefolioError` for what went wrong, and
returns an exit code, or nothing for 0.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from orefolio import __version__
from orefolio.cli.failures import guarded, leave
from orefolio.cli.output import Output, pass_output
from orefolio.errors import nearest

COMMANDS = {
    "new": "orefolio.cli.new:new",
    "facts": "orefolio.cli.facts:facts",
    "check": "orefolio.cli.check:check",
    "schema": "orefolio.cli.schema:schema",
    "calibrate": "orefolio.cli.calibrate:calibrate",
    "solve": "orefolio.cli.solve:solve",
    "hedge": "orefolio.cli.hedge:hedge",
    "audit": "orefolio.cli.audit:audit",
    "futures": "orefolio.cli.futures:futures",
    "explain": "orefolio.cli.explain:explain",
    "rules": "orefolio.cli.rules:rules",
    "sensitivity": "orefolio.cli.sensitivity:sensitivity",
    "value": "orefolio.cli.value:value",
    "app": "orefolio.cli.app:app",
    "show": "orefolio.cli.show:show",
    "export": "orefolio.cli.export:export",
    "compare": "orefolio.cli.compare:compare",
    "report": "orefolio.cli.report:report",
    "cooperation": "orefolio.cli.cooperation:cooperation",
    "algebra": "orefolio.cli.algebra:algebra",
    "doctor": "orefolio.cli.doctor:doctor",
}

EXIT_CODES = """\b
Exit codes:
  0  done; a solve is proved to the gap that was asked for
  1  an error of the program itself
  2  wrong usage or bad input
  3  a limit was reached: the best plan is saved, or none was found
  4  infeasible or unbounded
  5  the audit disagrees, or the solver's state is not known
  6  no space or memory
  7  the folder is in use by another run
  8  something to install is missing
  130  interrupted
"""


class Contents(click.Group):
    """A click group whose commands are those of a table, each imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for a name that the table does not hold."""
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest names for one that is not known."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command {args[0]!r}. {nearest(args[0], COMMANDS)}".rstrip())
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(place)) for name, place in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, *_: Any, standalone_mode: bool = True, **__: Any) -> Any:
        """Run a command line and leave with its exit code; without `standalone_mode`, return the code."""
        words = list(sys.argv[1:] if args is None else args)
        options = words[: words.index("--")] if "--" in words else words
        output = Output(as_json="--json" in options)
        code = guarded(lambda: self.called(words, output), output)
        if standalone_mode:
            leave(code)
        return code

    def called(self, words: list[str], output: Output) -> object:
        """Parse and call; every exception passes through."""
        with self.make_context("orefolio", words, obj=output) as context:
            return self.invoke(context)


def summary(place: str) -> str:
    """First line of the docstring of the module in `module:function`: that of its file, which is not imported."""
    spec = find_spec(place.partition(":")[0])
    if spec is None or spec.origin is None:
        return ""
    with Path(spec.origin).open(encoding="utf-8") as source:
        return source.readline().strip().strip('"')


@click.command(cls=Contents, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr; show the traceback of an internal error.")
@click.option("-q", "--quiet", is_flag=True, help="Keep progress and notes off stderr; warnings and errors stay.")
@click.version_option(__version__, prog_name="orefolio")
@pass_output
def main(output: Output, verbose: bool, quiet: bool) -> None:
    """Choose contracts, plants, recycling, substitution and stockpiles of rare earths for an importing country.

    Results go to stdout, progress and messages to stderr. With --json a command prints exactly one JSON object.
    """
    if verbose and quiet:
        raise click.UsageError("-v and -q exclude each other.")
    output.listen(verbose=verbose, quiet=quiet)
