"""Memory that one photo in flight takes: the peak of reading, decoding and working on it, in a process of its own.

Run as a program it is that process: tiny photos go first, so that imports and compiled kernels lie below the baseline,
then the photo. A process knows the most that it ever held, not what it holds: ballast, larger than whatever was given
back before, makes the two the same where the photo begins.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autohdr.raw.decoders.base import Decoder
from autohdr.raw.prepare import prepare_photo
from autohdr.spec import InputSpec
from autohdr_bench.speed.photo import DECODERS, Photo

PREPARE = "prepare"
_BALLAST = 64 << 20
"""Bytes that the process holds for ballast."""


def in_flight(photo: Photo, decoder: str, tiny: Sequence[Path], what: str = PREPARE) -> int | None:
    """Memory of one photo in flight, bytes; None where the system does not tell.

    Args:
        photo: the file.
        decoder: a key of `photo.decoders`.
        tiny: photos to warm the process up on.
        what: what is done to it: prepared as a network's input, or a name of the suite `scene`.
    """
    command = [sys.executable, "-m", "autohdr_bench.speed.memory", what, decoder, str(photo.path), *map(str, tiny)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    added = done.stdout.strip()
    return int(added) if added else None


def peak_bytes() -> int | None:
    """The most memory that this process ever held; None where the system does not tell (Windows)."""
    try:
        # Not getrusage: on Linux its peak is inherited from the process that started this one.
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024
    except (OSError, StopIteration):
        pass
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(what: str, decoder: str, photo: str, *tiny: str) -> None:
    """Prints the bytes that `photo` added to the peak that the tiny photos had reached, or nothing."""
    opened = DECODERS[decoder]()
    for path in tiny:
        _do(what, Path(path), opened)
    ballast = b"x" * _BALLAST
    before = peak_bytes()
    _do(what, Path(photo), opened)
    after = peak_bytes()
    del ballast
    print("" if before is None or after is None else after - before)


def _do(what: str, path: Path, decoder: Decoder) -> None:
    if what == PREPARE:
        prepare_photo(path, InputSpec(), decoder)
        return
    from autohdr_bench.speed.suites.scene import do  # for others, memory is measured without what it loads

    do(what, path, decoder)


if __name__ == "__main__":
    main(*sys.argv[1:])
