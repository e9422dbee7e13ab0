"""How all commands end, and with which exit code."""

import contextlib
import errno
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import click

from autohdr.cli import lines
from autohdr.cli.console import close_streams, open_streams, printable
from autohdr.cli.extras import needs
from autohdr.codes import Code
from autohdr.errors import AutohdrError
from autohdr.exits import Exit

FULL = {errno.ENOSPC, errno.EROFS, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""What the system says where a disk takes no more."""


def stop(error: AutohdrError, *, as_json: bool = False) -> NoReturn:
    """Ends the program with one sentence on standard error; with `--json`, with a line on standard output as well."""
    _end(str(error), error.code, error.exit_code, as_json)


def interrupted(sentence: str, *, as_json: bool = False) -> NoReturn:
    """Ends a program that was interrupted, and says what that leaves."""
    if as_json:
        lines.show("error", {"code": Code.INTERRUPTED, "sentence": sentence, "exit": int(Exit.INTERRUPTED)})
    click.echo(sentence, err=True)
    sys.exit(Exit.INTERRUPTED)


def _end(sentence: str, code: Code, end: Exit, as_json: bool) -> NoReturn:
    if as_json:
        lines.show("error", {"code": code, "sentence": sentence, "exit": int(end)})
    click.echo(f"Error: {printable(sentence)}", err=True)
    sys.exit(end)


@contextlib.contextmanager
def one_sentence(*, as_json: bool = False) -> Iterator[None]:
    """Ends the program with one sentence and its exit code when the block raises what a user can put right. A bug stays
    a traceback.
    """
    try:
        yield
    except AutohdrError as error:
        stop(error, as_json=as_json)
    except KeyboardInterrupt:
        interrupted("Stopped before it was done; give the same command again.", as_json=as_json)
    except OSError as error:
        if error.errno not in FULL:
            raise
        where = f"{error.filename} cannot be written" if error.filename else "a file cannot be written"
        sentence = f"{where} ({error.strerror}); make room on the disk, then run again"
        _end(sentence, Code.DISK_FULL, Exit.FAILED, as_json)


class _Ends:
    """The way in which all commands end; a click command inherits it before click's own class.

    Args:
        extra: the extra that brings the packages which the command needs besides the runtime's; None where it needs
            none.
    """

    def __init__(self, *args: Any, extra: str | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.extra = extra

    def main(self, *args: Any, **settings: Any) -> Any:
        """See `click.Command.main`; with standard streams that last as long as the program."""
        open_streams()
        try:
            return super().main(*args, **settings)  # type: ignore[misc]
        except SystemExit as end:
            if not close_streams() and not end.code:
                raise SystemExit(Exit.FAILED) from None
            raise

    def invoke(self, context: click.Context) -> Any:
        """See `click.Command.invoke`; what a user can put right is one sentence."""
        as_json = bool(context.params.get("as_json"))
        with one_sentence(as_json=as_json), contextlib.nullcontext() if self.extra is None else needs(self.extra):
            return super().invoke(context)  # type: ignore[misc]


class Command(_Ends, click.Command):
    """A command."""


class Group(_Ends, click.Group):
    """A command that has others."""

    command_class = Command
