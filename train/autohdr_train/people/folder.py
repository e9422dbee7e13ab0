"""Reads a folder of real edits: `edits.jsonl`, a line for each finished picture, and the pictures beside it.

A line has `file`, `person` and `sliders` (by `crs` key; null where it has no value, as Vibrance of a black-and-white
conversion), and may have `hdr`, `hdr_max`, `masks`, `curves`, `iso`, `fnumber`, `seconds`, `bias`, `taken`
(`2026:05:02 08:00:00`), `make` and `model`; what is missing is null or absent. A JPEG is sRGB. An AVIF is PQ (SMPTE ST
2084) with diffuse white at 203 cd/m2, in Display P3 or BT.2020, as its nclx box says. HDR edits with a JPEG
are left out: it shows their SDR rendition, which is not taken back.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop import Picture, Settings
from autohdr.develop.spaces import DisplayPrimaries
from autohdr.develop.transfer import decode
from autohdr.errors import FileError, MissingError, SettingsError
from autohdr.files.whole import read_bytes
from autohdr.mode import SDR, USUAL, Mode
from autohdr.shot.shot import Shot, seconds
from autohdr.sliders import SLIDERS

LIST = "edits.jsonl"
WHITE = 203.0
"""Luminance of diffuse white, cd/m2 (ITU-R BT.2408)."""
_BT2020 = 9
"""Primaries of an nclx box (ITU-T H.273) that are BT.2020; all others are taken for Display P3."""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One finished picture, and what its photographer set."""

    path: Path
    person: str
    values: NDArray[np.float64]
    """(8,), in Lightroom's units, NaN where there is none."""
    mode: Mode
    masks: bool
    """Whether masks are in use; the picture shows their effect too."""
    curves: bool
    """Whether a point curve or the parametric one is."""
    shot: Shot
    day: str
    """`2026:05:02`, empty where the time is not known."""

    @property
    def settings(self) -> Settings:
        """The edit's develop settings; sliders without a value are at 0."""
        return settings(self.values, self.mode)


def settings(values: NDArray[np.float64], mode: Mode) -> Settings:
    """Develop settings of sliders (8,) in Lightroom's units; what is NaN is 0."""
    known = {slider.key: float(value) for slider, value in zip(SLIDERS, values, strict=True) if np.isfinite(value)}
    return Settings.of_sliders(known, mode)


def read(folder: Path) -> list[Edit]:
    """The edits of a folder that have sliders, in the order of their list.

    Raises:
        SettingsError: there is no list, or a line of it is not understood.
        FileError: it cannot be read.
    """
    path = folder / LIST
    data = read_bytes(path)
    if data is None:
        raise SettingsError(f"{path} does not exist; name a folder with an {LIST} and the pictures that it lists")
    found = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            edit = _edit(folder, row) if row["sliders"] else None
            if edit is not None and (not edit.mode.hdr or edit.path.suffix.lower() == ".avif"):
                found.append(edit)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(f"{path}, line {number}, is no edit ({error!r}); mend it or take it out") from error
    return found


def _edit(folder: Path, row: dict[str, Any]) -> Edit:
    sliders = row["sliders"]
    values = [sliders.get(slider.key) for slider in SLIDERS]
    hdr, headroom, taken = bool(row.get("hdr")), row.get("hdr_max"), row.get("taken")
    captured = None if taken is None else seconds(str(taken))
    shot = {
        "iso": row.get("iso"),
        "aperture": row.get("fnumber"),
        "exposure_time": row.get("seconds"),
        "compensation": row.get("bias"),
        "captured": captured,
        "make": row.get("make"),
        "model": row.get("model"),
    }
    return Edit(
        folder / row["file"],
        str(row["person"]),
        np.array([np.nan if value is None else float(value) for value in values]),
        Mode(headroom=USUAL if headroom is None else float(headroom)) if hdr else SDR,
        bool(row.get("masks")),
        bool(row.get("curves") or row.get("parametric")),
        Shot.from_dict(shot),
        "" if captured is None else str(taken)[:10],
    )


def picture(edit: Edit) -> tuple[Picture, str]:
    """The light of a finished picture, and a digest of its file.

    Raises:
        FileError: the picture is missing or cannot be decoded.
        MissingError: it is an AVIF and imagecodecs is not installed.
    """
    data = read_bytes(edit.path)
    if data is None:
        raise FileError(f"{edit.path} does not exist; {LIST} lists it")
    digest = hashlib.sha256(data).hexdigest()
    try:
        return (_sdr(data) if edit.mode.headroom is None else _hdr(data, edit.mode.headroom)), digest
    except (OSError, ValueError, RuntimeError) as error:
        raise FileError(f"{edit.path} cannot be decoded ({error}); take it out of {LIST}") from error


def _sdr(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data)) as image:
        encoded = np.asarray(image.convert("RGB")) / 255.0
    return Picture(decode(encoded).astype(np.float32), "srgb")


def _hdr(data: bytes, headroom: float) -> Picture:
    try:
        import imagecodecs
    except ModuleNotFoundError as error:
        raise MissingError(
            'imagecodecs, which reads AVIF, is not installed; run: pip install "autohdr[pictures]"'
        ) from error
    light = luminance_of_pq(imagecodecs.avif_decode(data) / 1023.0) / WHITE
    at = data.find(b"nclx")
    bt2020 = at >= 0 and int.from_bytes(data[at + 4 : at + 6], "big") == _BT2020
    primaries: DisplayPrimaries = "bt2020" if bt2020 else "display-p3"
    return Picture(np.minimum(light, 2.0**headroom).astype(np.float32), primaries, headroom)


def luminance_of_pq(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Luminance, cd/m2, of a PQ signal, 0 to 1 (SMPTE ST 2084)."""
    root = np.clip(signal, 0.0, 1.0) ** (32 / 2523)
    return 10000.0 * (np.maximum(root - 3424 / 4096, 0.0) / (2413 / 128 - 2392 / 128 * root)) ** (16384 / 2610)


def people(edits: Sequence[Edit]) -> dict[str, list[Edit]]:
    """The edits of each person, by name in order."""
    return {name: [edit for edit in edits if edit.person == name] for name in sorted({edit.person for edit in edits})}
