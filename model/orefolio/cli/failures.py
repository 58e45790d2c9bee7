"""What a command ends with: each error becomes a message on stderr and an exit code, never a traceback."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable

import click

from orefolio.cli.output import Output
from orefolio.errors import InputError, OrefolioError, SpaceError

INTERNAL, USAGE, INTERRUPTED = 1, 2, 130
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def guarded(run: Callable[[], object], output: Output) -> int:
    """Run a command and return its exit code; whatever it raises is reported through `output`."""
    try:
        result = run()
        return int(result) if isinstance(result, int) else 0
    except BrokenPipeError:
        # The reader of a pipe has seen what it wanted.
        return 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except (Exception, KeyboardInterrupt) as error:
        return _reported(error, output)
    finally:
        output.finish()


def _reported(error: BaseException, output: Output) -> int:
    code, message = _judged(error)
    if code == INTERNAL and not output.verbose:
        message += " Run `orefolio -v …` for the traceback."
    output.fail(message)
    if code == INTERNAL and output.verbose:
        traceback.print_exception(error, file=sys.stderr)
    if output.as_json and not output.answered:
        content: dict[str, object] = {"exit_code": code, "kind": type(error).__name__, "message": message}
        if isinstance(error, InputError):
            content["faults"] = list(error.faults)
        output.answer_json("orefolio/error/1", content)
    return code


def _judged(error: BaseException) -> tuple[int, str]:
    """Exit code and message."""
    if isinstance(error, OrefolioError):
        return error.exit_code, str(error)
    if isinstance(error, click.Abort | KeyboardInterrupt | EOFError):
        return INTERRUPTED, "interrupted"
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "orefolio"
        return USAGE, f"{error.format_message()}\nTry '{path} --help'."
    if isinstance(error, click.ClickException):
        return USAGE, error.format_message()
    if isinstance(error, MemoryError):
        return SpaceError.exit_code, "memory ran out"
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return SpaceError.exit_code, f"cannot write: {error}"
    return INTERNAL, f"the program failed on its own: {type(error).__name__}: {error}."
