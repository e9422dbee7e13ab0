"""Says in one sentence what to install where a verb needs packages that are missing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from autohdr.errors import MissingError, SettingsError


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Ends the program with one sentence where the block needs a package that `extra` would have brought.

    Raises:
        MissingError: one of them is not installed. A module of ours that is missing is a bug, and stays what it is.
        SettingsError: Python runs without docstrings.
    """
    if sys.flags.optimize > 1:  # transformers builds its classes from docstrings
        raise SettingsError("torch's libraries need docstrings; leave out -OO and PYTHONOPTIMIZE=2, run again")
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if not package or package.startswith("autohdr"):
            raise
        raise MissingError(f'{package} is not installed; run: pip install "autohdr[{extra}]"') from error
