"""Tells what an exception of an inference library means for a run: too little memory, or something else, in one line.

The libraries have no class of exceptions for memory, so their texts are read. Those listed were provoked with ONNX
Runtime 1.32 and OpenVINO 2026.4 in processes whose memory was limited (November 2026).
"""

import re

from autohdr.errors import EngineError, OutOfMemoryError

_NO_ROOM = re.compile(
    r"bad[_ ]alloc"  # std::bad_alloc, and as Windows has it
    r"|out of memory|failed to allocate|cannot allocate|alloc_failed|memory ?allocation|insufficient memory"
    r"|can't start new thread|resource temporarily unavailable"  # a thread's stack has no room
    r"|failed to map segment",  # a library's code has none
    re.IGNORECASE,
)
_SHORT = 200
"""Characters of a library's text that a sentence has room for."""


def lacks_memory(error: BaseException) -> bool:
    """Whether there was too little memory."""
    return isinstance(error, MemoryError) or _NO_ROOM.search(str(error)) is not None


def line(error: BaseException) -> str:
    """The first line of an exception's text, shortened; the kind of exception where it has none."""
    lines = [text for text in map(str.strip, str(error).splitlines()) if text] or [type(error).__name__]
    return lines[0] if len(lines[0]) <= _SHORT else f"{lines[0][:_SHORT]}..."


def opening(engine: str, error: BaseException) -> OutOfMemoryError | None:
    """The error to raise where a model could not be opened for want of memory; None where that is not the cause."""
    if not lacks_memory(error):
        return None
    return OutOfMemoryError(
        f"engine {engine} has too little memory to open the model; end other programs, then run again"
    )


def inferring(engine: str, error: BaseException, photos: int, said: str) -> EngineError:
    """The error to raise where a number of photos could not be computed.

    Args:
        engine: its name.
        error: what its library raised.
        photos: how many it was given.
        said: the line of the exception's text that tells most.
    """
    if lacks_memory(error):
        return OutOfMemoryError(f"{photos} photos at once are too many for the memory: {said}")
    return EngineError(f"engine {engine} cannot compute it ({said}); try another --engine, and please report this")
