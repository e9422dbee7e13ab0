"""Measures `autohdr label --cluster` on a Ray cluster on this machine against one run alone, and kills it meanwhile.

    python scripts/measure_cluster.py overhead --photos 2000 --rounds 3
    python scripts/measure_cluster.py kills --photos 2000 --kills 30

The photos are small simulated DNGs under many names, or the RAW files of a folder (`--raws FOLDER`), in turn.

`overhead` labels them in turn alone, on a cluster of one machine with all processors, and on one of two machines with
half of them each, with new sidecars each time. Printed are seconds from the first photo to the end, all seconds, and
processor seconds of all processes; the clusters are started before, and their processes count. `kills` labels them
once, on two machines, and kills workers and the run itself (every fourth time) at random until so many were killed.
Both compare all sidecars with those of a run alone. Needs psutil (extra `bench`).
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types

from autohdr.files.folders import cache_folder
from autohdr.raw.discover import find_photos
from autohdr_scenes import Procedural, shots, write_dng

MACHINES = Path(__file__).resolve().parents[1] / "tests/runtime/cluster/machines.py"

LABEL = [sys.executable, "-m", "autohdr", "label", "--no-embed"]


def make(folder: Path, photos: int, raws: Path | None) -> None:
    """Fills a folder with photos under many names."""
    if raws is None:
        raws = folder.with_name("originals")
        raws.mkdir()
        for index, photo in enumerate(shots(Procedural(), 5, seed=0, size=(96, 144))):
            write_dng(raws / f"IMG_{index}.dng", photo.frame, photo.camera)
    originals = find_photos([raws])
    folder.mkdir()
    for index in range(photos):
        original = originals[index % len(originals)]
        name = folder / f"IMG_{index:05}{original.suffix}"
        try:
            name.hardlink_to(original)
        except OSError:  # on another disk
            shutil.copyfile(original, name)


@contextmanager
def cluster(processors: list[int]) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a cluster of machines with so many processors, and the process below which all of it is."""
    program = [sys.executable, str(MACHINES), *map(str, processors)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"ray:{process.stdout.readline().strip()}", psutil.Process(process.pid)
        process.communicate()


class Below:
    """The processor seconds of all processes below one, those that have ended meanwhile included."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._seen: dict[tuple[int, float], float] = {}
        self._before = self._now()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> float:
        """How many there were."""
        self._ended.set()
        self._thread.join()
        return self._now() - self._before

    def _look(self) -> None:
        while not self._ended.wait(0.1):  # Ray's daemons do not add up what those have taken that have ended
            self._now()

    def _now(self) -> float:
        for one in (self._process, *self._process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                self._seen[one.pid, one.create_time()] = times.user + times.system
        return sum(self._seen.values())


def start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """`autohdr label`, under way."""
    command = [*LABEL, str(folder), "--json", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def timed(folder: Path, below: psutil.Process | None, *words: str) -> dict[str, float]:
    """Labels all photos anew, and says what that took."""
    kept = cache_folder().glob("seen-*")  # what is known of photos that were decoded before
    for path in (*folder.glob("*.xmp"), *kept):
        path.unlink()
    cluster_took = None if below is None else Below(below)
    own, begun, first = os.times(), time.perf_counter(), 0.0
    with start(folder, *words) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if not first and json.loads(line)["type"] == "photo":
                first = time.perf_counter()
    assert run.returncode == 0
    end, after = time.perf_counter(), os.times()
    processor = after.children_user + after.children_system - own.children_user - own.children_system
    processor += 0.0 if cluster_took is None else cluster_took.end()
    return {"labelling": end - first, "all": end - begun, "processor": processor}


def sidecars(folder: Path) -> dict[str, bytes]:
    """All sidecars."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xmp"))}


def overhead(folder: Path, rounds: int) -> None:
    """Prints a line for each way and round, and the medians."""
    every = psutil.cpu_count() or 1
    found: dict[str, list[dict[str, float]]] = {}
    with cluster([every]) as (one, below_one), cluster([max(1, every // 2)] * 2) as (two, below_two):
        ways: dict[str, tuple[psutil.Process | None, list[str]]] = {
            "alone": (None, []),
            "one machine": (below_one, ["--cluster", one]),
            "two machines": (below_two, ["--cluster", two]),
        }
        expected: dict[str, bytes] = {}
        for number in range(rounds + 1):  # the first is to warm up
            for name, (below, words) in ways.items():
                took = timed(folder, below, *words)
                if number:
                    found.setdefault(name, []).append(took)
                expected = expected or sidecars(folder)
                assert sidecars(folder) == expected, f"{name} writes other sidecars"
                print(json.dumps({"way": name, "round": number, **took}), flush=True)
    for name, took_each in found.items():
        medians = {key: round(statistics.median(took[key] for took in took_each), 2) for key in took_each[0]}
        print(json.dumps({"way": name, "median": medians}), flush=True)


def kills(folder: Path, count: int, seed: int) -> None:
    """Prints how often the run and its workers were killed, and whether all is as it should be."""
    timed(folder, None)
    expected, chance = sidecars(folder), random.Random(seed)
    for path in folder.glob("*.xmp"):
        path.unlink()
    killed: dict[str, int] = {"workers": 0, "runs": 0}
    with cluster([1, 1]) as (address, below):
        state = {**os.environ, "AUTOHDR_STATE": str(folder.with_name("state-of-kills"))}
        command = [*LABEL, str(folder), "--cluster", address, "-q"]
        while killed["workers"] + killed["runs"] < count:
            there = sorted(folder.glob("*.xmp"))
            for path in chance.sample(there, len(there) // 2):
                path.unlink()  # so that there is work for all kills
            with subprocess.Popen(command, env=state, stdout=subprocess.DEVNULL) as run:
                while killed["workers"] + killed["runs"] < count and works(run, folder, chance.randrange(1, 40)):
                    workers = [one for one in below.children(recursive=True) if "ray::Worker" in " ".join(_words(one))]
                    if chance.random() < 0.25:
                        run.kill()
                        killed["runs"] += 1
                    elif workers:
                        chance.choice(workers).kill()
                        killed["workers"] += 1
                    print(json.dumps({**killed, "sidecars": len(sidecars(folder))}), flush=True)
                run.kill()
        done: Any = subprocess.run(command, env=state, check=False)
    same = sidecars(folder) == expected
    print(json.dumps({**killed, "exit": done.returncode, "photos": len(expected), "the same bytes": same}))
    assert same
    assert done.returncode == 0


def works(run: "subprocess.Popen[bytes]", folder: Path, count: int) -> bool:
    """Whether a run goes on, once it has written so many sidecars more."""
    before = len(list(folder.glob("*.xmp")))
    while run.poll() is None and len(list(folder.glob("*.xmp"))) < before + count:
        time.sleep(0.01)
    return run.poll() is None


def _words(process: psutil.Process) -> list[str]:
    try:
        words: list[str] = process.cmdline()
    except psutil.NoSuchProcess:
        return []
    return words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("overhead", "kills"))
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--raws", type=Path, help="a folder of RAW files, in place of simulated photos")
    parser.add_argument("--model", help="as of autohdr label: a small one leaves more of the time to all else")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    LABEL.extend(["--model", asked.model] if asked.model else [])
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"AUTOHDR_STATE": str(Path(home) / "state"), "XDG_CACHE_HOME": str(Path(home) / "cache")}
        folder = Path(home) / "photos"
        make(folder, asked.photos, asked.raws)
        if asked.what == "overhead":
            overhead(folder, asked.rounds)
        else:
            kills(folder, asked.kills, asked.seed)


if __name__ == "__main__":
    main()
