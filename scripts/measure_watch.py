"""Measures `autohdr label --watch` over hours: its memory while photos arrive, and how soon each is labelled.

    python scripts/measure_watch.py RAWS --photos 1000 --every 3.5

Copies of the RAW files in RAWS are written, under new names and in parts, into an empty folder that is watched. One in
50 stops halfway for five seconds. A line every ten seconds says how many have arrived and are done, and what memory
(MiB, resident), open files and threads the run has, its decoders' processes apart. Needs psutil (extra `bench`).
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]  # it ships no types

PART = 1 << 20
"""Bytes that are written at once."""
LOOK = 10.0
"""Seconds between two looks at the process."""


class Run:
    """The run that is measured, and when it was done with each photo."""

    def __init__(self, folder: Path) -> None:
        self.begun = time.monotonic()
        command = [sys.executable, "-m", "autohdr", "label", "--watch", "--json", "--no-embed", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.done: dict[str, float] = {}
        self.ends: dict[str, int] = {}
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,))
        self.reader.start()

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            told = json.loads(line)
            if told["type"] == "photo":
                self.done[Path(told["path"]).name] = time.monotonic()
                self.ends[told["code"]] = self.ends.get(told["code"], 0) + 1

    def look(self, arrived: int) -> dict[str, float]:
        """Prints and returns what the process has now."""
        process = psutil.Process(self.process.pid)
        children = sum(child.memory_info().rss for child in process.children(recursive=True))
        found = {
            "seconds": round(time.monotonic() - self.begun),
            "arrived": arrived,
            "done": len(self.done),
            "memory": round(process.memory_info().rss / 2**20, 1),
            "decoders": round(children / 2**20, 1),
            "files": process.num_fds() if hasattr(process, "num_fds") else process.num_handles(),
            "threads": process.num_threads(),
        }
        print(json.dumps(found), flush=True)
        return found

    def end(self) -> None:
        """Ends it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.reader.join()
        self.process.wait()


def write(path: Path, data: bytes, stall: float) -> None:
    """Writes a file part by part, and stops halfway for some seconds."""
    with path.open("wb", buffering=0) as file:
        for begin in range(0, len(data), PART):
            file.write(data[begin : begin + PART])
            if stall and begin <= len(data) // 2 < begin + PART:
                time.sleep(stall)


def main() -> None:
    """Prints what is measured, as JSON lines; the last holds the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raws", type=Path)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--every", type=float, default=0.0, help="seconds from one photo to the next")
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background, and by what it starts
    sources = [(path.suffix, path.read_bytes()) for path in sorted(asked.raws.iterdir()) if path.is_file()]
    arrived: dict[str, float] = {}
    looks: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="autohdr-watch-") as folder:
        run = Run(Path(folder))
        next_look = time.monotonic() + LOOK
        while len(run.done) < asked.photos and run.process.poll() is None:
            number = len(arrived)
            if number < asked.photos:
                suffix, data = sources[number % len(sources)]
                place = Path(folder) / f"day-{number // 500}"
                place.mkdir(exist_ok=True)
                name = f"IMG_{number:05}{suffix}"
                write(place / name, data, 5.0 if number % 50 == 49 else 0.0)
                arrived[name] = time.monotonic()
            time.sleep(asked.every if number < asked.photos else LOOK)
            if time.monotonic() >= next_look:
                looks.append(run.look(len(arrived)))
                next_look = time.monotonic() + LOOK
        run.end()
    late = [run.done[name] - at for name, at in arrived.items() if name in run.done]
    warm = [look for look in looks if look["done"] >= min(100, asked.photos // 4)] or looks
    quarter = max(1, len(warm) // 4)
    sums = {
        "photos": len(arrived),
        "ends": run.ends,
        "exit": run.process.returncode,
        "memory_first_quarter": round(statistics.mean(look["memory"] for look in warm[:quarter]), 1),
        "memory_last_quarter": round(statistics.mean(look["memory"] for look in warm[-quarter:]), 1),
        "memory_most": max(look["memory"] for look in warm),
        "decoders_most": max(look["decoders"] for look in warm),
        "seconds_to_label_median": round(statistics.median(late), 2),
        "seconds_to_label_most": round(max(late), 2),
    }
    print(json.dumps(sums), flush=True)


if __name__ == "__main__":
    main()
