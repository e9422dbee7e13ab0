"""The exit codes of all commands. Each has one meaning, whichever command gives it."""

from enum import IntEnum


class Exit(IntEnum):
    """What a program that starts one of the commands is told at its end."""

    DONE = 0
    SLOWER = 1
    USAGE = 2
    FAILED = 3
    MISSING = 4
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """What the exit code means, as docs/reference/exit-codes.md says it."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "all that was asked for is done; photos that were skipped with a reason count as done",
    Exit.SLOWER: "`autohdr bench compare` found something that is slower; with a traceback, a bug of ours",
    Exit.USAGE: "wrong usage: an option or a path is impossible, or another run works in the folder",
    Exit.FAILED: "something could not be done: photos failed or were not done, a file could not be read or written (a "
    "full disk), there was nothing to learn from, a model was refused, or what was to be printed could not be",
    Exit.MISSING: "there is no engine or no model, or an extra is not installed",
    Exit.INTERRUPTED: "it was interrupted before it was done",
}
