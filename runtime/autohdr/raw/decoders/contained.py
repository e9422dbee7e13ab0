"""LibRaw in processes of its own: a damaged file that crashes it, or keeps it busy, is that file's matter alone.

Workers (see `worker`) are started when they are first needed, as many as threads ask at once, and serve one file after
another. They end with this process. A worker's address space is bounded at `worker.MEMORY`, 4 GiB, where the system can
do that (Linux; elsewhere LibRaw's own bound of 2 GiB of samples remains).
"""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any

from autohdr.codes import Code
from autohdr.errors import IncompleteError, RawError
from autohdr.raw.decoders import wire
from autohdr.raw.decoders.base import NoAnswerError
from autohdr.raw.frame import RawFrame, Thumbnail

SECONDS = 10.0
SECONDS_PER_MB = 1.0
"""A file of n MB may take SECONDS + n * SECONDS_PER_MB. The slowest of seventeen real files took LibRaw 0.1 s a MB."""
START_SECONDS = 60.0
"""What a worker's start may take: some machines scan each program first."""

_ARGUMENTS = ("-P", "-c", "from autohdr.raw.decoders.worker import main; main()")
"""Python's. -P: the current folder may be the photographer's, and is no place to import from."""
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""The pool that decodes has a thread for each core already."""


class Workers:
    """Processes that decode, for any number of threads."""

    def __init__(self, arguments: Sequence[str] = _ARGUMENTS) -> None:
        self._arguments = arguments
        self._idle: list[_Worker] = []
        atexit.register(self.close)

    def take(self) -> "_Worker":
        """A worker for this thread alone.

        Raises:
            OSError: none can be started.
        """
        with contextlib.suppress(IndexError):  # none is idle, or another thread was quicker
            while not (worker := self._idle.pop()).alive:
                worker.end()
            return worker
        return self.start()

    def start(self) -> "_Worker":
        """A new worker for this thread alone.

        Raises:
            OSError: it does not start.
        """
        return _Worker(self._arguments)

    def give_back(self, worker: "_Worker") -> None:
        """Takes a worker back from a thread that is done with it."""
        if worker.alive:
            self._idle.append(worker)
        else:
            worker.end()

    def close(self) -> None:
        """End those that wait for a file."""
        while self._idle:
            self._idle.pop().end()


WORKERS = Workers()
"""Shared by all that decode in this process."""


class ContainedDecoder:
    """`LibRawDecoder`, in other processes. A file may take a time that depends on its size, and then is refused."""

    name = "libraw"

    def __init__(self, workers: Workers = WORKERS) -> None:
        self._workers = workers

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """See `Decoder.decode`."""
        found = self._ask("frame", path, data, len(data))
        assert found is not None, "it is refused where there is none"
        return RawFrame(**found)

    def thumbnail(self, path: Path) -> Thumbnail | None:
        """See `libraw.read_thumbnail`.

        Raises:
            OSError: there is no such file.
        """
        found = self._ask("thumbnail", path.absolute(), b"", path.stat().st_size)
        return None if found is None else Thumbnail(**found)

    def _ask(self, what: str, path: Path, data: bytes, size: int) -> dict[str, Any] | None:
        try:
            try:
                return self._ask_one(self._workers.take(), what, path, data, size)
            except _EndedError as ended:
                if ended.fresh:
                    raise
                # The file before it may have left damage behind: a file is blamed by a new process only.
                return self._ask_one(self._workers.start(), what, path, data, size)
        except _EndedError as ended:
            raise NoAnswerError(
                f"{path}: LibRaw crashed over it (exit code {ended.code}); "
                "the file is damaged, copy it from the card again"
            ) from ended
        except OSError as error:
            raise NoAnswerError(f"{path}: LibRaw's process does not start ({error}); install autohdr again") from error

    def _ask_one(self, worker: "_Worker", what: str, path: Path, data: bytes, size: int) -> dict[str, Any] | None:
        try:
            return worker.ask(what, path, data, size)
        finally:
            self._workers.give_back(worker)


class _EndedError(Exception):
    """A worker has died over a file."""

    def __init__(self, code: int, fresh: bool) -> None:
        super().__init__(code, fresh)
        self.code = code
        self.fresh = fresh
        """Whether it had been given no file before."""


class _Worker:
    """One process, for one thread at a time."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Imports come from where ours came from.
            env={
                **os.environ,
                **_ONE_THREAD,
                "PYTHONPATH": os.pathsep.join(str(Path(path).absolute()) for path in sys.path if path),
            },
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows would open a console for it
        )
        assert isinstance(self._process.stdin, BufferedWriter)
        assert isinstance(self._process.stdout, BufferedReader)
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self._fresh = True
        try:
            with self._stopped_after(START_SECONDS):
                answer = wire.receive(self._replies)
        except EOFError as error:
            raise OSError(f"exit code {self._exit_code()}") from error
        if "failed" in answer:
            self.end()
            raise OSError(answer["failed"])

    @property
    def alive(self) -> bool:
        """Whether it can be given a file: by the process that started it, not by one forked from that."""
        return self._process.poll() is None

    def ask(self, what: str, path: Path, data: bytes, size: int) -> dict[str, Any] | None:
        """The fields of what LibRaw finds in a file of that size; None where it finds nothing.

        Raises:
            IncompleteError: it says that a part of the picture is missing.
            RawError: it refuses the file otherwise, or took too long and has been stopped.
            _EndedError: it has died.
        """
        seconds = SECONDS + SECONDS_PER_MB * size / 1e6
        fresh, self._fresh = self._fresh, False
        request = {"what": what, "path": str(path), "bytes": len(data), "seconds": seconds}
        answer: dict[str, Any] | None = None
        try:
            with self._stopped_after(seconds) as overdue:
                wire.send(self._requests, request, [data])
                answer = wire.receive(self._replies)
                if "found" in answer:
                    return None if answer["found"] is None else wire.read_fields(self._replies, answer["found"])
        except (EOFError, OSError) as error:
            if not overdue.is_set():
                raise _EndedError(self._exit_code(), fresh) from error
            raise NoAnswerError(
                f"{path}: LibRaw had not finished it after {seconds:.0f} s and was stopped; "
                "the file is damaged, copy it from the card again"
            ) from error
        except BaseException:  # our own thread is interrupted while half an answer is under way
            self.end()
            raise
        if "refused" in answer:
            kind = IncompleteError if answer["incomplete"] else RawError
            raise kind(answer["refused"], code=Code(answer["code"]))
        raise RawError(f"{path}: its decoder failed ({answer['failed']}); copy it from the card again, or report it")

    def end(self) -> int:
        """End the process, whatever it does; its exit code."""
        self._process.kill()
        code = self._process.wait()
        for stream in (self._requests, self._replies):
            with contextlib.suppress(OSError):  # what it has not read is lost
                stream.close()
        return code

    def _exit_code(self) -> int:
        """The exit code of a process that has closed its end of the pipes."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        return self.end()

    @contextlib.contextmanager
    def _stopped_after(self, seconds: float) -> Iterator[threading.Event]:
        """Kills the process after some seconds, which ends our reading and writing too; the event says that it
        happened.
        """
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield overdue
        finally:
            timer.cancel()
            timer.join()  # so that it never kills a process that has answered and is given the next file
