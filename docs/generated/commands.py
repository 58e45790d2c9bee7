"""Every command and every analysis with its options, from the parsers themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from orefolio.api.sensitivity import ANALYSES
from orefolio.cli import COMMANDS, EXIT_CODES, main
from orefolio.cli.settings import KNOWN, PREFIX

from . import code, table

ANALYSED = "sensitivity"
"""The command whose own commands are the analyses, which share most of their options."""

PREFACE = """# Commands

`orefolio COMMAND --help` prints what stands here. Results go to stdout, progress and messages to stderr; `--json`
prints exactly one JSON object. `-v` before the command says more, `-q` keeps progress off.

"""

SETTINGS = """## Settings

A setting is taken from its flag, else from the environment, else from the table `settings` of the case, else from its
default. The record of a run, `run.json`, says which it was.

"""


def page() -> str:
    """The whole as Markdown."""
    top = click.Context(main, info_name="orefolio")
    contents = table(
        ("command", "does"), [(f"[{name}](#orefolio-{name})", _summary(command)) for name, command in commands(top)]
    )
    codes = "## Exit codes\n\n" + table(("code", "meaning"), _exit_codes())
    settings = SETTINGS + table(
        ("flag", "environment", "default", "meaning"),
        [
            (
                code(f"--{name.replace('_', '-')}"),
                code(f"{PREFIX}{name.upper()}"),
                "none" if known.default is None else known.default,
                known.meaning,
            )
            for name, known in KNOWN.items()
        ],
    )
    sections = [section for name, command in commands(top) for section in _command(name, command, top)]
    return "\n\n".join([PREFACE + contents, codes, settings, *sections, *_analyses(top)])


def commands(top: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command by its name, in the order of the table of contents."""
    for name in COMMANDS:
        command = main.get_command(top, name)
        if command is not None:
            yield name, command


def _analyses(top: click.Context) -> Iterator[str]:
    group = main.get_command(top, ANALYSED)
    if not isinstance(group, click.Group):
        raise TypeError("the command sensitivity has no analyses")
    found = {name: group.get_command(top, name) for name in ANALYSES}
    shared = set.intersection(*({_flag(option) for option in command.params} for command in found.values() if command))
    tornado = found["tornado"]
    options = [option for option in tornado.params if _flag(option) in shared] if tornado else []
    yield f"## Every analysis takes\n\n{_options(options)}"
    for name, command in found.items():
        if command:
            own = [option for option in command.params if _flag(option) not in shared]
            words = f"## orefolio sensitivity CASE {name}\n\n{_help(command)}"
            yield f"{words}\n\n{_options(own)}" if own else words


def _command(name: str, command: click.Command, top: click.Context) -> Iterator[str]:
    """A command, and each of its own; those of the analyses share a section."""
    context = click.Context(command, parent=top, info_name=name)
    yield _section(f"orefolio {name}", command, context)
    if isinstance(command, click.Group) and name != ANALYSED:
        arguments = " ".join(part for parameter in command.params for part in parameter.get_usage_pieces(context))
        for each in command.list_commands(context):
            if (own := command.get_command(context, each)) is not None:
                yield _section(f"orefolio {name} {arguments} {each}", own, click.Context(own, parent=context))


def _section(words: str, command: click.Command, context: click.Context) -> str:
    usage = " ".join([words, *command.collect_usage_pieces(context)])
    shown = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    options = f"\n\n{_options(shown)}" if shown else ""
    return f"## {words}\n\n`{usage}`\n\n{_help(command)}{options}"


def _help(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").replace("\b\n", "").strip()


def _summary(command: click.Command) -> str:
    return _help(command).partition("\n\n")[0]


def _flag(parameter: click.Parameter) -> str:
    return ", ".join(parameter.opts)


def _options(parameters: list[click.Parameter] | list[click.Option]) -> str:
    return table(("option", "meaning", "default"), map(_row, parameters))


def _row(parameter: click.Parameter) -> tuple[str, str, str]:
    if not isinstance(parameter, click.Option):
        return code(parameter.make_metavar(click.Context(main))), "must be given", ""
    either = f" / {', '.join(parameter.secondary_opts)}" if parameter.secondary_opts else ""
    value = either if parameter.is_flag else f" {parameter.make_metavar(click.Context(main))}"
    default = parameter.default if parameter.show_default else ""
    return code(f"{_flag(parameter)}{value}"), parameter.help or "", "" if default is None else str(default)


def _exit_codes() -> list[tuple[str, str]]:
    lines = [line.strip().split(None, 1) for line in EXIT_CODES.splitlines() if line.startswith("  ")]
    return [(number, meaning) for number, meaning in lines]
