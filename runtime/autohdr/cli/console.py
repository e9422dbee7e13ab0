"""Keeps standard input, output and error usable for a command: they are always there, and never end its work.

A service, a frozen program or `2>&-` may leave some of them out. The disk under a log file may be full, and whoever
reads from a pipe may have gone. Then less is printed, and what was asked for is done all the same.
"""

import contextlib
import errno
import io
import os
import sys
import unicodedata
from collections.abc import Callable

_GONE = {errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE}
"""What the system says where nobody reads from a pipe any more. That is most often meant, as in `| head`."""

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that a terminal acts on, or that nobody sees: controls, marks of the direction of
writing, halves of pairs (Python makes names that are no text of them), breaks of lines and paragraphs."""
_JOINERS = "\u200c\u200d"
"""The two invisible joiners that scripts and emoji need, so that they are printed."""


def printable(text: str) -> str:
    """The text as one line, with escapes for the characters that a terminal acts on, or that nobody sees.

    A file's name may hold any: a line break, the beginning of a terminal's command, a mark that turns the direction of
    writing. They are spelled as Python spells them: `\\n`, `\\x1b`, `\\u202e`.
    """
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in _UNSEEN and character not in _JOINERS
        else character
        for character in text
    )


def open_streams() -> None:
    """Makes sure that the three standard streams can be used until the program ends. May be called again."""
    _hold_descriptors()
    sys.stdout = _lasting(sys.stdout, _tell)
    sys.stderr = _lasting(sys.stderr, lambda error: None)


def close_streams() -> bool:
    """Writes out what standard output still holds. False where some of what was printed could not be written."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    return not (isinstance(raw, _Lasting) and raw.failed)


class _Lasting(io.RawIOBase):
    """A file that keeps taking writes after it cannot be written to any more, and remembers that it could not."""

    def __init__(self, raw: io.RawIOBase, tell: Callable[[OSError], None]) -> None:
        self._raw, self._tell = raw, tell
        self._ended = False
        self.failed = False
        """Whether something was lost that somebody may have wanted: not where whoever read from a pipe has gone."""

    def write(self, data: bytes) -> int | None:  # type: ignore[override]  # bytes are all that a BufferedWriter hands on
        if not self._ended:
            try:
                return self._raw.write(data)
            except OSError as error:
                self._ended = True
                if error.errno not in _GONE:
                    self.failed = True
                    self._tell(error)
        return len(data)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()


def _lasting(stream: object, tell: Callable[[OSError], None]) -> io.TextIOWrapper:
    """The stream as one that does not fail. It shows what its encoding does not know, say of a file's name, escaped."""
    if stream is None or getattr(stream, "closed", False):
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # it stays open as long as the program
    if not isinstance(stream, io.TextIOWrapper):  # somebody else's, say a test's or a notebook's
        return stream  # type: ignore[return-value]
    stream.reconfigure(errors="backslashreplace")
    buffer: object = stream.buffer
    raw = getattr(buffer, "raw", buffer)  # without a buffer where Python was told so (PYTHONUNBUFFERED)
    if not isinstance(raw, io.RawIOBase) or isinstance(raw, _Lasting):
        return stream
    with contextlib.suppress(OSError):
        stream.flush()
    lasting = _Lasting(raw, tell)
    return io.TextIOWrapper(
        lasting if raw is buffer else io.BufferedWriter(lasting),  # type: ignore[arg-type,type-var]  # any RawIOBase does
        encoding=stream.encoding,
        errors="backslashreplace",
        newline="\n",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _tell(error: OSError) -> None:
    print(
        f"Standard output cannot be written ({error.strerror}); the work goes on, and nothing more is printed there.",
        file=sys.stderr,
    )


def _hold_descriptors() -> None:
    """Opens those of the three descriptors that are closed.

    The next file that is opened would get such a number, and what a library prints to it would go into that file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free: this one
