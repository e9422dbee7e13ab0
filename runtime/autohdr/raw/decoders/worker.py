"""The process in which LibRaw decodes, one file after another, until its standard input ends (see `contained`).

It imports as little as it can: a run waits for it to start.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from autohdr.errors import IncompleteError, RawError
from autohdr.objects.path import named
from autohdr.raw.decoders import wire
from autohdr.raw.decoders.base import Decoder

if TYPE_CHECKING:
    from autohdr.raw.frame import RawFrame, Thumbnail

MEMORY = 4 << 30
"""Bytes of address space, where the system can bound it: LibRaw's own bound, 2 GiB of samples, and as much again."""
GRACE = 5
"""Seconds beyond the time limit after which a worker ends by itself, were its parent gone."""


def libraw() -> Decoder:
    """LibRaw in this very process."""
    from autohdr.raw.decoders.libraw import LibRawDecoder

    return LibRawDecoder()


def main(open_decoder: Callable[[], Decoder] = libraw) -> None:
    """Answer each request on standard input, in turn, on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the parent decides
    _bound_memory()
    replies = _standard_output()
    try:
        decoder = open_decoder()
    except Exception as error:
        wire.send(replies, {"failed": f"{type(error).__name__}: {error}"})
        return
    wire.send(replies, {"ready": True})
    requests = os.fdopen(0, "rb", closefd=False)
    with contextlib.suppress(EOFError):
        while True:
            _answer(decoder, requests, replies)
    os._exit(0)  # without Python's tidying up


def _answer(decoder: Decoder, requests: BufferedReader, replies: BinaryIO) -> None:
    request = wire.receive(requests)
    data = wire.read(requests, request["bytes"])
    _alarm(request["seconds"] + GRACE)
    try:
        found = _found(decoder, request["what"], named(request["path"]), data)
    except RawError as error:
        incomplete = isinstance(error, IncompleteError)
        wire.send(replies, {"refused": str(error), "code": error.code, "incomplete": incomplete})
    except Exception as error:
        wire.send(replies, {"failed": f"{type(error).__name__}: {error}"})
    else:
        if found is None:
            wire.send(replies, {"found": None})
        else:
            wire.send_fields(replies, "found", found)
    _alarm(0)


def _found(decoder: Decoder, what: str, path: Path, data: bytes) -> "RawFrame | Thumbnail | None":
    if what == "thumbnail":
        from autohdr.raw.decoders.libraw import read_thumbnail

        return read_thumbnail(path)
    return decoder.decode(data, path)


def _standard_output() -> BinaryIO:
    """Standard output, for our messages alone: whatever else is printed goes nowhere."""
    ours = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return ours


def _alarm(seconds: float) -> None:
    """End this process then, in the midst of C++ too; 0 for not at all."""
    if sys.platform != "win32":
        signal.alarm(round(seconds))


def _bound_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    for limit, size in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS bounds no address space; a lower bound stays
            resource.setrlimit(limit, (size, resource.getrlimit(limit)[1]))
