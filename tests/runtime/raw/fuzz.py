"""Damages RAW files on purpose: each must be read, or refused in one sentence. Nothing may crash, hang, or raise else.

    python -m tests.runtime.raw.fuzz --cases 100000 --keep failing ~/Pictures/raws
    python -m tests.runtime.raw.fuzz --cases 1000000 --lossless

With `--lossless` the cases are small files of lossless JPEG, which `streams` makes, and our samples are compared with
flashraw's. Else the originals are simulated DNGs of every kind, and the files named: short ones whole, of others the
head. A case is the same whenever its seed, its number and the originals are; its bytes are kept where it fails. Cases
run in a process of their own, so that a crash or a hang is found like any other failure; the run then goes on behind
it.
"""

import argparse
import json
import logging
import random
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np

from autohdr.develop.auto import auto_white_balance
from autohdr.develop.stages.white_balance import as_shot, balanced
from autohdr.errors import RawError
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders import contained
from autohdr.raw.prepare import prepare_frame
from autohdr.raw.scene import scene_of
from autohdr.spec import InputSpec
from autohdr.words import DecoderName
from autohdr_scenes.kinds import KINDS
from tests.runtime.raw import streams
from tests.runtime.raw.forge import mutated

ROOT = Path(__file__).parents[3]
SPEC = InputSpec(size=16)
WHOLE = 1_500_000
"""Files up to so many bytes are taken whole."""
HEAD = 1 << 16
"""Bytes taken of longer ones."""
PATIENCE = 1.0
"""Seconds that LibRaw gets, and one more a MB: less than in earnest, where each stopped case would take ten."""
HANG = 60.0
"""Seconds that a case may take, on a machine however busy."""
MEMORY = 2500
"""MiB that this process, or a worker of LibRaw's, may have had at its peak: LibRaw's own bound is 2 GiB of samples."""
LOSSLESS_SECONDS = 1.0
"""Processor time that a small file of lossless JPEG may take, by ours and flashraw together."""
LOSSLESS_MEMORY = 500
"""The same as `MEMORY` for such files."""


def originals(files: list[Path]) -> list[bytes]:
    """What is mutated: every kind of DNG that we can write, and real files."""
    found = []
    with TemporaryDirectory() as folder:
        for kind in KINDS.values():
            kind().write(Path(folder) / "a.dng")
            found.append((Path(folder) / "a.dng").read_bytes())
    for path in files:
        data = path.read_bytes()
        found.append(data if len(data) <= WHOLE else data[:HEAD])
    return found


def case(sources: list[bytes], seed: int, number: int) -> bytes:
    """The bytes of one case."""
    rng = random.Random(f"{seed} {number}")
    return mutated(rng.choice(sources), rng)


def check(path: Path, decoder: DecoderName) -> str:
    """`read` or `refused`; a fresh decoder, so that `auto` asks both.

    Raises:
        AssertionError: what came of it is impossible, or the refusal is not one sentence that names the file.
    """
    try:
        frame = decode(path, open_decoder(decoder))
        pixels, scene = prepare_frame(frame, SPEC), scene_of(frame, SPEC.size)
    except RawError as error:
        text = str(error)
        assert str(path) in text, text
        assert "\n" not in text, text
        assert "decoder failed" not in text, text
        return "refused"
    assert pixels.shape == (3, SPEC.size, SPEC.size), pixels.shape
    assert np.isfinite(pixels).all(), "not finite"
    assert np.isfinite(scene.light).all(), "a scene that is not finite"
    assert np.isfinite([scene.sensor_white, *as_shot(scene), *auto_white_balance(scene)]).all(), "no white balance"
    assert np.isfinite(balanced(scene, 4000, 10).light).all(), "balanced, a scene that is not finite"
    return "read"


def run_cases(options: argparse.Namespace) -> None:
    """The process that may crash: a line of JSON for each case."""
    sources = _sources(options)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "case.dng"
        for number in range(options.first, options.first + options.cases):
            data = _case(options, sources, number)
            if not options.lossless:
                path.write_bytes(data)
            begun = time.perf_counter()
            try:
                outcome, detail = _checked(data) if options.lossless else check(path, options.decoder), ""
            except Exception:
                outcome, detail = "wrong", traceback.format_exc()
            line = {"number": number, "outcome": outcome, "detail": detail, "seconds": time.perf_counter() - begun}
            print(json.dumps(line | {"memory": _peak(children=False)}), flush=True)
    contained.WORKERS.close()
    print(json.dumps({"memory": max(_peak(children=False), _peak(children=True))}), flush=True)


def _sources(options: argparse.Namespace) -> list[bytes]:
    """What is mutated. Of lossless JPEG all is decoded once, so that no case waits for compiling."""
    if not options.lossless:
        return originals(options.files)
    sources = list(streams.originals())
    assert {streams.check(data) for data in sources} == {"read"}
    return sources


def _case(options: argparse.Namespace, sources: list[bytes], number: int) -> bytes:
    return streams.case(options.seed, number) if options.lossless else case(sources, options.seed, number)


def _checked(data: bytes) -> str:
    begun = time.thread_time()
    outcome = streams.check(data)
    taken = time.thread_time() - begun
    assert taken < LOSSLESS_SECONDS, f"took {taken:.1f} s"
    return outcome


def _peak(*, children: bool) -> int:
    """MiB that this process, or the largest of its children that have ended, ever had; 0 where nobody knows."""
    if sys.platform == "win32":
        return 0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF).ru_maxrss
    return used >> (20 if sys.platform == "darwin" else 10)


def soak(options: argparse.Namespace) -> int:
    """Run all cases, in as many processes as crash; say what came of them. The number of failures.

    Cases that take longer than `PATIENCE` are read or refused too; in most of them LibRaw was stopped.
    """
    sources, most = _sources(options), LOSSLESS_MEMORY if options.lossless else MEMORY
    counts = dict.fromkeys(("read", "refused", "unopened", "wrong", "crashed", "hung", "long"), 0)
    slowest, memory, number, end = (0.0, -1), 0, options.first, options.first + options.cases
    while number < end:
        for line in lines(_command(options, number, end - number), number):
            memory = max(memory, line["memory"])
            if "outcome" in line:
                number = line["number"] + 1
                counts[line["outcome"]] += 1
                counts["long"] += line["seconds"] > PATIENCE
                slowest = max(slowest, (line["seconds"], line["number"]))
                if line["outcome"] not in ("read", "refused", "unopened"):
                    _keep(options, sources, line["number"], line["outcome"], line["detail"])
                if number % 1000 == 0:
                    print(f"{number}: {json.dumps(counts)}, {memory} MiB", file=sys.stderr, flush=True)
    decoder = "ours, of lossless JPEG" if options.lossless else options.decoder
    print(f"{options.cases} cases of seed {options.seed}, {len(sources)} originals, decoder {decoder}")
    print(json.dumps(counts))
    print(f"slowest: case {slowest[1]}, {slowest[0]:.1f} s; peak memory of a process: {memory} MiB")
    if memory > most:
        print(f"peak memory is above {most} MiB")
    return counts["wrong"] + counts["crashed"] + counts["hung"] + (memory > most)


def _command(options: argparse.Namespace, first: int, cases: int) -> list[str]:
    return [
        *(sys.executable, "-m", "tests.runtime.raw.fuzz", "--in-this-process", "--first", str(first)),
        *("--cases", str(cases), "--seed", str(options.seed), "--decoder", options.decoder),
        *(["--lossless"] if options.lossless else []),
        *map(str, options.files),
    ]


def lines(command: list[str], first: int) -> Iterator[dict[str, Any]]:
    """What one process says of its cases; where it ends before it is through, a line on the case that ended it."""
    number = first
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    hung = threading.Event()

    def stop() -> None:
        hung.set()
        child.kill()

    while True:
        timer = threading.Timer(HANG, stop)
        timer.start()
        text = child.stdout.readline()
        timer.cancel()
        if not text:
            break
        line = json.loads(text)
        number = line.get("number", number) + 1
        yield line
    child.stdout.close()
    code = child.wait()
    if code:
        outcome = "hung" if hung.is_set() else "crashed"
        detail = f"exit code {code}"
        yield {"number": number, "outcome": outcome, "detail": detail, "seconds": HANG * hung.is_set(), "memory": 0}


def _keep(options: argparse.Namespace, sources: list[bytes], number: int, outcome: str, detail: str) -> None:
    print(f"{outcome}: case {number} of seed {options.seed}\n{detail}", flush=True)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / f"{outcome}-{options.seed}-{number}.dng").write_bytes(_case(options, sources, number))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="real files, or folders of them, to mutate as well")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--decoder", default="auto", choices=get_args(DecoderName))
    parser.add_argument("--lossless", action="store_true", help="small files of lossless JPEG, against flashraw")
    parser.add_argument("--keep", type=Path, help="folder for the bytes of failing cases")
    parser.add_argument("--in-this-process", action="store_true", help="a line of JSON a case, nothing contained")
    options = parser.parse_args()
    options.files = sorted(
        file.resolve()
        for path in options.files
        for file in (path.rglob("*") if path.is_dir() else [path])
        if file.is_file()
    )
    if options.in_this_process:
        logging.disable()  # that decoders differ on a damaged file is no news
        contained.SECONDS = PATIENCE
        run_cases(options)
    elif soak(options):
        sys.exit(1)


if __name__ == "__main__":
    main()
