"""What a verb needs besides the runtime: where it is not installed, one sentence says what to install."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from autohdr.cli.console import open_streams
from autohdr.exits import Exit


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """A block that ends the program, with one sentence, where a package is missing that `extra` would have brought.

    A module of ours that is missing is a bug, and stays a traceback.
    """
    open_streams()
    if sys.flags.optimize > 1:  # transformers builds its classes from docstrings
        print(
            "Error: torch's libraries need docstrings; leave out -OO and PYTHONOPTIMIZE=2, run again", file=sys.stderr
        )
        sys.exit(Exit.USAGE)
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if not package or package.startswith("autohdr"):
            raise
        print(f'Error: {package} is not installed; run: pip install "autohdr[{extra}]"', file=sys.stderr)
        sys.exit(Exit.MISSING)
