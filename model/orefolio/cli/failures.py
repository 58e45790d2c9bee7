"""What a command ends with: each error becomes a message on stderr and an exit code, never a traceback."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from mmap import mmap
from typing import NoReturn

import click

from orefolio.cli.output import Output
from orefolio.errors import InputError, OrefolioError, SpaceError

INTERNAL, USAGE, INTERRUPTED = 1, 2, 130
LEAST_BYTES = 2**25  # with less, Python itself may loop for ever instead of raising MemoryError
SPARE_BYTES = 2**22  # kept back, so that a lack of memory can be told
NO_MEMORY = "memory ran out. Keep fewer futures, tell time by a coarser --grid, or free memory; nothing was written"
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def guarded(run: Callable[[], object], output: Output) -> int:
    """Run a command and return its exit code; whatever it raises is reported through `output`."""
    spare = bytearray()
    try:
        mmap(-1, LEAST_BYTES).close()  # asks for them without filling them
        spare = bytearray(SPARE_BYTES)
        with _interruptible():
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
        del spare
        return _reported(error, output)
    finally:
        output.finish()


def leave(code: int) -> NoReturn:
    """End the process. Where the solver still runs on its thread, Python's own way would wait for it or abort."""
    background = sys.modules.get("orefolio.solve.background")
    if background is not None and background.still_running():
        os._exit(code)
    sys.exit(code)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and a hang-up end a command as Ctrl-C does, so that nothing half done is left behind."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    numbers = [
        number for number in map(signal.Signals.__getitem__, names) if signal.getsignal(number) is signal.SIG_DFL
    ]
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _reported(error: BaseException, output: Output) -> int:
    if _is_lack_of_memory(error):
        error = MemoryError()  # what the old one's frames hold is free now
    try:
        return _told(error, output)
    except MemoryError:
        with suppress(OSError):
            os.write(2, f"error: {NO_MEMORY}\n".encode())
        return SpaceError.exit_code


def _told(error: BaseException, output: Output) -> int:
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
        return SpaceError.exit_code, NO_MEMORY
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return SpaceError.exit_code, f"cannot write: {error}"
    return INTERNAL, f"the program failed on its own: {type(error).__name__}: {error}."


def _is_lack_of_memory(error: BaseException) -> bool:
    """Also where it shows as a library that cannot be loaded or a thread that cannot be started."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    signs = ("failed to map segment", "cannot allocate memory", "can't start new thread", "bad_alloc")
    return isinstance(error, ImportError | RuntimeError) and any(sign in str(error).lower() for sign in signs)
