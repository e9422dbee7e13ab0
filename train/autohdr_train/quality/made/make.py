"""Makes the data set pair by pair, in an order in which any beginning of it is balanced, and goes on after a kill.

Each round takes every reference once, both domains in turn, each with another distortion and level than its neighbour;
after 125 rounds every reference has every distortion at every level. A pair's noise is seeded by its own name.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, cast

import numpy as np

from autohdr.errors import SettingsError
from autohdr.files.changing.leftovers import remove_leftovers
from autohdr.files.folders import make_folder
from autohdr.files.locks import take
from autohdr.files.whole import read_bytes
from autohdr.quality.display import Domain, standard
from autohdr.system.progress import Progress
from autohdr_train.quality.made import record
from autohdr_train.quality.made.cvvdp import PIXELS_PER_DEGREE, VERSION
from autohdr_train.quality.made.files import SUFFIX, luminance, read_codes, stored, write
from autohdr_train.quality.made.kinds import KINDS, distorted
from autohdr_train.quality.made.references import SIZE, photographs, radiance
from autohdr_train.quality.made.teachers import Detector, taught

LEVELS = (1, 2, 3, 4, 5)
FORMAT = 1
_STRIDE = 48
"""Cells between two neighbours of a round, prime to 125: a few references begin far apart."""
_SYNC = 100
"""Pairs after which the scores are forced to the disk."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Names the folders that references are cut from."""

    photographs: Path
    """Finished photographs with their `sources.csv`: SDR."""
    radiance: Path
    """Radiance images, `.exr`: HDR."""
    most: int = 96
    """How many photographs are taken at most."""


def order(rows: Sequence[record.Row], seed: int) -> Iterator[tuple[record.Row, str, int]]:
    """Yields each reference with each distortion and level once, as the module says."""
    cells = [(kind, level) for kind in KINDS for level in LEVELS]
    shuffled = np.random.default_rng(seed).permutation(len(cells))
    by_domain = [[row for row in rows if row["domain"] == domain] for domain in ("sdr", "hdr")]
    for number in range(len(cells)):
        for index, both in enumerate(zip_longest(*by_domain)):
            kind, level = cells[shuffled[(number + _STRIDE * index) % len(cells)]]
            yield from ((row, kind, level) for row in both if row is not None)


def make(folder: Path, sources: Sources, detector: Detector, *, seed: int = 0, most: int | None = None) -> int:
    """Makes what is missing of a set, up to `most` pairs of it in all, and returns how many pairs it then has.

    Args:
        folder: where the set is, or is to be.
        sources: where its references come from.
        detector: the first teacher.
        seed: of views, order and noise.
        most: pairs after which it stops; None makes all.

    Raises:
        SettingsError: a source cannot be read, or the folder holds a set that was made otherwise, or is made by
            another process.
    """
    make_folder(folder, "FOLDER")
    descriptor = take(folder / ".lock")
    if descriptor is None:
        raise SettingsError(f"{folder} is being made by another process; wait for it, or name another folder")
    try:
        return _make(folder, sources, detector, seed, most)
    finally:
        os.close(descriptor)


def _make(folder: Path, sources: Sources, detector: Detector, seed: int, most: int | None) -> int:
    record.begin(folder, settings(seed, sources.most))
    for place in (folder, folder / "references", *folder.glob("distorted/*")):
        remove_leftovers(place)
    rows = record.references(folder) or _references(folder, sources, seed)
    done = record.scores(folder)
    present = {row["distorted"] for row in done}
    whole = len(rows) * len(KINDS) * len(LEVELS)
    total = whole if most is None else min(most, whole)
    with record.Scores(folder) as scores, Progress(total=total, initial=len(done), unit="pair") as bar:
        for row, kind, level in order(rows, seed):
            if len(present) >= total:
                break
            if _name(row, kind, level) in present:
                continue
            scores.add(_pair(folder, row, kind, level, detector, seed))
            present.add(_name(row, kind, level))
            bar.update()
            if len(present) % _SYNC == 0:
                scores.sync()
    return len(record.scores(folder))


def settings(seed: int, most: int) -> dict[str, Any]:
    """Returns what `made.json` says of how a set is made."""
    return {
        "format": FORMAT,
        "seed": seed,
        "photographs": most,
        "pixels": SIZE,
        "displays": {domain: asdict(standard(domain)) for domain in ("sdr", "hdr")},
        "teachers": {
            "cvvdp": {"version": VERSION, "pixels_per_degree": PIXELS_PER_DEGREE},
            "delta_e_itp": "root mean square over blocks of 16 pixels (ITU-R BT.2124)",
            "mix": "max(0, 10 - ((10 - cvvdp_jod)**4 + (delta_e_itp / 10)**3.2)**(1/4))",
        },
        "distortions": {
            name: {
                "group": kind.group,
                "formula": " ".join((kind.distort.__doc__ or "").split()),
                "levels": {"sdr": list(kind.sdr), "hdr": list(kind.hdr)},
            }
            for name, kind in KINDS.items()
        },
    }


def damaged(folder: Path) -> list[str]:
    """Returns the names of pictures that are missing or hold other bytes than when they were written.

    Raises:
        SettingsError: the folder holds no such set.
    """
    listed = [(row["file"], row["sha256"]) for row in record.references(folder)]
    listed += [(row["distorted"], row["sha256"]) for row in record.scores(folder)]
    if not listed:
        raise SettingsError(f"{folder} holds no made data set; expected {record.REFERENCES} and {record.SCORES}")
    return [name for name, digest in listed if _digest(folder / name) != digest]


def _digest(path: Path) -> str | None:
    data = read_bytes(path)
    return None if data is None else hashlib.sha256(data).hexdigest()


def _references(folder: Path, sources: Sources, seed: int) -> list[record.Row]:
    """Cuts and writes all references, and lists them once all are there."""
    make_folder(folder / "references", "FOLDER")
    rows = []
    for one in (*photographs(sources.photographs, sources.most), *radiance(sources.radiance, seed)):
        file = f"references/{one.name}{SUFFIX[one.domain]}"
        digest = write(folder / file, stored(one.codes, one.domain))
        values = (one.name, one.domain, one.content, file, one.source, one.licence, one.credit, one.scale, digest)
        rows.append(dict(zip(record.REFERENCE_COLUMNS, values, strict=True)))
    record.write_references(folder, rows)
    return record.references(folder)


def _name(row: record.Row, kind: str, level: int) -> str:
    return f"distorted/{row['name']}/{kind}-{level}{SUFFIX[cast(Domain, row['domain'])]}"


def _pair(folder: Path, row: record.Row, kind: str, level: int, detector: Detector, seed: int) -> dict[str, object]:
    """Writes one distorted picture, and returns its line of the scores."""
    domain, name = cast(Domain, row["domain"]), _name(row, kind, level)
    codes = read_codes(folder / row["file"], domain)
    pixels = stored(distorted(codes, kind, level, domain, np.random.default_rng([seed, *name.encode()])), domain)
    make_folder((folder / name).parent, "FOLDER")
    digest = write(folder / name, pixels)
    seen = [luminance(picture, domain) for picture in (stored(codes, domain), pixels)]
    said = taught(detector, seen[0], seen[1])
    scores = (f"{said.cvvdp:.4f}", f"{said.delta_e_itp:.3f}", f"{said.jod:.4f}")
    values = (row["name"], name, domain, row["content"], kind, level, *scores, digest)
    return dict(zip(record.SCORE_COLUMNS, values, strict=True))
