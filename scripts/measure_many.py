"""Measures what a run over very many photos takes before a photo is read: listing, cutting into parcels, the journal.

    python scripts/measure_many.py made-up --names 10000000 --folders 1
    python scripts/measure_many.py made-up --names 10000000 --folders 10000
    python scripts/measure_many.py real FOLDER_OR_URL

Ten million files fit on few disks, so that `made-up` answers in place of a server that lists a bucket, page by page;
all that follows is the code of a run: the search for RAW files, `parcels`, and the journal, which is written and read
in a temporary folder. `real` lists and cuts what is there. Each step is a process of its own: a line of JSON says its
photos, seconds, processor seconds and peak memory (MiB, resident; `before` is that of a process that has loaded the
code and done nothing).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types

from autohdr.objects import listing
from autohdr.objects.path import named
from autohdr.run.results.report import InSeries
from autohdr.run.spread.names import listed
from autohdr.run.spread.parcels import Parcel, parcels
from autohdr.run.state.journal import Entry, Journal, Stamp
from autohdr.style.confidence.reason import Reason

MADE_UP = "s3://made-up/archive"
LEFT = 1000
"""Photos that are not finished."""
SETTINGS: dict[str, str | bool] = {
    **{"model": "style f7252050db96", "sdr": False, "only_sliders": False, "existing": "skip"},
    **{"naming": "adobe", "embed": True, "decoder": "auto", "autohdr": "0.1.0"},
}
KEYS = ("Exposure2012", "Contrast2012", "Highlights2012", "Shadows2012", "Whites2012", "Blacks2012", "Vibrance", "Tint")
WHY = Reason(("IMG_0013.CR2", "IMG_0004.CR2", "IMG_0003.CR2"))


def made_up(names: int, folders: int) -> Callable[[Path], Iterator[listing.Listed]]:
    """Returns what lists a bucket that is not there: every photo with a sidecar, in the order of the names."""
    each = names // folders

    def of(folder: Path) -> Iterator[listing.Listed]:
        if folder == named(MADE_UP) and folders > 1:
            yield from (listing.Listed(f"day {number:06d}", None) for number in range(folders))
            return
        known = listing.Known(27_000_000, '"d41d8cd98f00b204e9800998ecf8427e"', 1_764_000_000_000_000_000)
        for number in range(each):
            for ending in ("CR2", "xmp"):
                yield listing.Listed(f"IMG_{number:08d}.{ending}", known)

    return of


def cut(root: Path) -> Iterator[Parcel]:
    """The parcels of a folder, as a run finds them."""
    return parcels(listed([root]))


def entry(number: int) -> Entry:
    """What a run notes of a photo that a style has labelled; every fifth is of a series."""
    errors = {key: round((number * place) % 97 / 7, 2) for place, key in enumerate(KEYS, 1)}
    series = InSeries(1, "bracket", 3, "IMG_00000001.CR2") if number % 5 == 0 else None
    return Entry.make(Stamp(27_000_000, 10**18 + number), b"%d" % number, errors, 4.65, WHY, series)


def list_names(root: Path, journal: Journal) -> int:
    """Lists."""
    return sum(1 for _ in listed([root]))


def list_and_cut(root: Path, journal: Journal) -> int:
    """Lists and cuts."""
    return sum(len(parcel.photos) for parcel in cut(root))


def note(root: Path, journal: Journal) -> int:
    """Lists, cuts and notes all photos but a thousand as finished."""
    count = 0
    for parcel in cut(root):
        for photo in parcel.photos:
            count += 1
            if count > LEFT:
                journal.add(photo, entry(count))
    return count


def resume(root: Path, journal: Journal) -> int:
    """Lists, cuts and looks all photos up, to find the thousand."""
    count = left = 0
    for parcel in cut(root):
        for photo in parcel.photos:
            count += 1
            left += not journal.noted(photo)
    assert left == LEFT, left
    return count


STEPS: dict[str, Callable[[Path, Journal], int]] = {
    "list": list_names,
    "list and cut": list_and_cut,
    "note": note,
    "resume": resume,
}


def step(name: str, root: Path, state: Path) -> None:
    """One step, in this process, and what it took."""
    process = psutil.Process()
    before, begun, used = process.memory_info().rss, time.perf_counter(), time.process_time()
    journal = Journal([root], state, SETTINGS, write=name == "note") if name in ("note", "resume") else None
    count = STEPS[name](root, journal or Journal((), state, SETTINGS))
    if journal is not None:
        journal.close()
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    told = {"step": name, "photos": count, "seconds": round(seconds, 2), "processor": round(used, 2)}
    told |= {"before": before >> 20, "peak": peak(process) >> 20}
    told |= {"journal": sum(path.stat().st_size for path in state.rglob("*") if path.is_file()) >> 20}
    print(json.dumps(told), flush=True)


def peak(process: "psutil.Process") -> int:
    """Bytes that a process had at most."""
    if sys.platform == "win32":
        return int(process.memory_info().peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most if sys.platform == "darwin" else most * 1024)


def main() -> None:
    """Runs the steps one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("made-up", "real"))
    parser.add_argument("root", nargs="?", default=MADE_UP)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--folders", type=int, default=1)
    parser.add_argument("--steps", nargs="+", choices=STEPS, help="default: all, or of a real folder the first two")
    parser.add_argument("--in", dest="within", type=Path, help="folder for the journal, 0.6 kB a photo")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.what == "made-up":
        listing.names = made_up(asked.names, asked.folders)  # type: ignore[assignment]
        listing.is_folder = lambda path: True
    if asked.step:
        step(asked.step[0], named(asked.root), Path(asked.step[1]))
        return
    steps = asked.steps or ([*STEPS] if asked.what == "made-up" else [*STEPS][:2])
    with tempfile.TemporaryDirectory(dir=asked.within) as state:
        for name in steps:
            subprocess.run([sys.executable, *sys.argv, "--step", name, state], check=True)


if __name__ == "__main__":
    main()
