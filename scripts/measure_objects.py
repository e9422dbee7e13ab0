"""Measures that nothing is lost where photos are objects: runs over a local S3 that fails, and that are killed.

    python -m scripts.measure_objects --photos 2000 --kills 30

A simulated shoot is put into a local S3 behind a proxy (`tests/s3`) that answers late, throttles, fails, cuts
connections and loses answers of what it did. Every fifth photo has a sidecar of another program without an edit, every
seventh one with an edit. Runs are killed at random requests (SIGKILL), and the last one finishes. Then all objects are
compared with the files of a run on this machine's disk, byte by byte. Exit code 1 says that they differ, that an edit
is lost, or that anything was written twice differently. Needs moto (extra `dev`).
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from autohdr.exits import Exit
from autohdr_scenes.shoot import write_shoot
from tests.s3.faults import Fault, Request
from tests.s3.store import S3, served

FOLDER = "wedding/"
_DOCUMENT = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" {}/></rdf:RDF></x:xmpmeta>'
)
RATED = 'xmp:Rating="{}"'
EDITED = 'crs:ProcessVersion="15.4" crs:Exposure2012="+0.{:02}" xmp:Rating="2"'


@dataclass
class Told:
    """What all runs together did."""

    writes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The digests that each object was given, in order."""
    methods: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    killed: int = 0
    workers: int = 0
    """Processes of a cluster that were killed."""
    finished: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, requests: list[Request]) -> None:
        """Counts the requests of one run."""
        for one in requests:
            self.methods[one.method] += 1
            self.faults.update(one.faults)
            if one.method == "PUT" and one.status == 200:
                self.writes[one.key].append(one.digest)


def shoot(folder: Path, photos: int) -> None:
    """Writes the photos, and the sidecars of others."""
    for number, photo in enumerate(write_shoot(folder, photos, size=(96, 144), xmp=False)):
        said = RATED if number % 5 == 0 else EDITED if number % 7 == 0 else None
        if said is not None:
            photo.with_suffix(".xmp").write_text(_DOCUMENT.format(said.format(number % 100)), encoding="utf-8")


def run(where: str, state: Path, environment: dict[str, str], options: list[str]) -> subprocess.Popen[bytes]:
    """`autohdr label`, under way."""
    command = [sys.executable, "-m", "autohdr", "label", where, "--no-embed", *options]
    variables = {**os.environ, "AUTOHDR_STATE": str(state), **environment}
    return subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def failing(s3: S3, ends: list[Fault], seed: int, wanted: argparse.Namespace) -> None:
    """What goes wrong in one run: by chance, and its end."""
    chances = [
        Fault("busy", count=0, chance=wanted.busy),
        Fault("error", count=0, chance=wanted.failing),
        Fault("error", "PUT", count=0, chance=wanted.failing, after=True),
        Fault("reset", count=0, chance=wanted.failing),
        Fault("reset", count=0, chance=wanted.failing, after=True),
        Fault("torn", "GET", count=0, chance=wanted.failing),
    ]
    s3.plan(*ends, *chances, seed=seed, latency=wanted.latency)


@contextlib.contextmanager
def machines(count: int, environment: dict[str, str]) -> Iterator[tuple[list[str], int]]:
    """A Ray cluster of so many machines with a processor each: what `autohdr label` is told of it, and its process."""
    if not count:
        yield [], 0
        return
    command = [sys.executable, "tests/runtime/cluster/machines.py", *["1"] * count]
    variables = {**os.environ, **environment}  # as of an archive's settings on each machine
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield ["--cluster", f"ray:{process.stdout.readline().strip()}"], process.pid
        process.stdin.close()
        process.stdout.read()  # until it has ended


def kill_a_worker(cluster: int, rng: random.Random, told: Told) -> None:
    """Kills one of the processes that label, and notes it."""
    import psutil  # type: ignore[import-untyped]  # it ships no types

    below = psutil.Process(cluster).children(recursive=True)
    workers = [one for one in below if one.cmdline() and one.cmdline()[0].startswith("ray::Worker")]
    if workers:
        rng.choice(workers).kill()
        told.workers += 1


def runs(s3: S3, where: Path, wanted: argparse.Namespace, options: list[str], cluster: int) -> Told:
    """Runs that are killed, and those that finish."""
    told, rng = Told(), random.Random(wanted.seed)
    moments: list[tuple[str, str, bool]] = [("PUT", "", False), ("PUT", "", True), ("GET", "dng$", False)]
    while told.finished < 2:  # the second finds nothing to do
        killing = told.killed + told.workers < wanted.kills
        begun = time.perf_counter()
        # The process comes to its first request long after the plan.
        process = run(s3.url(FOLDER), where, s3.environment, options)
        with contextlib.ExitStack() as held:
            ends: list[Fault] = []
            for number in range(wanted.each if killing else 0):
                method, key, after = rng.choice(moments)
                at = number + rng.randint(1, 2 * wanted.photos * wanted.each // wanted.kills)
                ends.append(Fault("kill", method, key, at, after=after, value=process.pid))
                if number:
                    port = held.enter_context(s3.calling(partial(kill_a_worker, cluster, rng, told)))
                    ends[-1] = replace(ends[-1], kind="call", value=port)
            failing(s3, ends, len(told.seconds), wanted)
            _, errors = process.communicate()
        told.seconds.append(time.perf_counter() - begun)
        told.add(s3.log())
        told.killed += process.returncode < 0
        told.finished += process.returncode == 0
        ended = f"code {process.returncode}, {told.seconds[-1]:.0f} s, {told.workers} workers killed"
        print(f"run {len(told.seconds)}: {ended}, {len(told.writes)} objects written", flush=True)
        if process.returncode > 0:
            print(errors.decode()[-2000:], flush=True)
            if process.returncode != Exit.FAILED:
                raise SystemExit(process.returncode)
    return told


def main() -> int:
    """Makes the shoot, runs, and compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.01, help="seconds that each answer takes longer")
    parser.add_argument("--busy", type=float, default=0.02, help="share of requests that are throttled")
    parser.add_argument("--failing", type=float, default=0.005, help="share that each other fault strikes")
    parser.add_argument("--cluster", type=int, default=0, help="so many machines of a local Ray cluster label")
    parser.add_argument(
        "--each", type=int, default=1, help="kills in one run: of all but the first, a worker is killed"
    )
    parser.add_argument("--small-model", action="store_true", help="a network of three nodes: storage bounds the run")
    parser.add_argument("options", nargs="*", help="of `autohdr label`, after --")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, served() as s3:
        root = Path(name)
        local = root / "wedding"
        if wanted.small_model:
            from tests.conftest import SMALL_INFO, write_model

            wanted.options += ["--model", str(write_model(root / "small.onnx", SMALL_INFO.to_json()))]
        shoot(local, wanted.photos)
        before = {path.name: path.read_bytes() for path in local.iterdir()}
        s3.clear()
        s3.upload(local, FOLDER)
        begun = time.perf_counter()
        assert run(str(local), root / "local", {}, wanted.options).wait() == 0
        seconds = time.perf_counter() - begun
        print(f"local: {seconds:.0f} s", flush=True)
        with machines(wanted.cluster, s3.environment) as (options, cluster):
            told = runs(s3, root / "state", wanted, [*options, *wanted.options], cluster)
        expected = {path.name: path.read_bytes() for path in local.iterdir()}
        found = {key.removeprefix(FOLDER): data for key, data in s3.contents(FOLDER).items()}
        others = [data for name, data in before.items() if name.endswith(".xmp")]
        kept = set(found.values())
        result = {
            "photos": wanted.photos,
            "sidecars of others": len(others),
            "local run, s": round(seconds),
            "runs": len(told.seconds),
            "runs killed": told.killed,
            "workers killed": told.workers,
            "runs over objects, s": round(sum(told.seconds)),
            "a run that finds all done, s": round(told.seconds[-1]),
            "requests": dict(told.methods),
            "faults": dict(told.faults),
            "objects": len(found),
            "objects that a local run has not": len(found.keys() - expected.keys()),
            "objects that are missing": len(expected.keys() - found.keys()),
            "objects that differ from a local run's": sum(found.get(name) != data for name, data in expected.items()),
            "others' documents lost": sum(data not in kept for data in others),
            "written": len(told.writes),
            "written more than once": sum(len(digests) > 1 for digests in told.writes.values()),
            "written twice differently": sum(len(set(digests)) > 1 for digests in told.writes.values()),
        }
        print(json.dumps(result, indent=1))
        shutil.rmtree(root / "state", ignore_errors=True)
    bad = ("objects that a local run has not", "objects that differ from a local run's", "others' documents lost")
    return int(any(result[name] for name in (*bad, "written twice differently")))


if __name__ == "__main__":
    sys.exit(main())
