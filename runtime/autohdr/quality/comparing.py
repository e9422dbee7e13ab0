"""Compares two pictures on a display, which is what `autohdr quality` does."""

import dataclasses
import math
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from autohdr.errors import SettingsError
from autohdr.quality import classical
from autohdr.quality import map as drawing
from autohdr.quality.display import HDR, SDR, Display
from autohdr.quality.model import default_model
from autohdr.quality.picture import Picture, read_pair
from autohdr.quality.scorer import Score, Scorer


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far a picture is from its reference, as a display shows both."""

    reference: Path
    test: Path
    size: tuple[int, int]
    """Width and height, pixels."""
    display: Display
    psnr: float
    """Decibels, on PU21 values; infinite where the two are the same."""
    ssim: float
    """SSIM on PU21 values of luminance; 1 where the two are the same."""
    jod: float | None
    """The quality that a learnt model gives it; None where there is no model."""
    perfect: float | None
    """What that model gives the reference itself; 10 where it has learnt that well."""
    model: str | None
    """The model's name and digest."""
    engine: str | None
    map: Path | None
    """The picture of where they differ, that was written."""
    map_of: str | None
    """What the picture shows: `jod` lost, or `ssim`."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        found = dataclasses.asdict(self)
        found["size"] = list(self.size)
        found |= {name: None if found[name] is None else str(found[name]) for name in ("reference", "test", "map")}
        return found | {"psnr": self.psnr if math.isfinite(self.psnr) else None}


def compare(
    reference: str | PathLike[str],
    test: str | PathLike[str],
    *,
    display: str = "auto",
    where: str | PathLike[str] | None = None,
    model: str | PathLike[str] | None = None,
    engine: str = "auto",
    cache: str | PathLike[str] | None = None,
) -> Comparison:
    """Says how good a picture is beside its reference: by a learnt model in JOD, and by PSNR and SSIM on PU21 values.

    Args:
        reference: EXR, PQ AVIF, gain-map JPEG, JPEG, PNG, TIFF or WebP.
        test: another of the same size.
        display: what shows them, as `display_named` has it.
        where: the PNG to write of where they differ, new.
        model: an `.onnx` of a quality model; None for the one that comes with autohdr, if there is one.
        engine: what runs it.
        cache: as `autohdr.label` has it.

    Raises:
        PhotoError: a picture cannot be read or scored, or their sizes differ.
        SettingsError: there is no such display, or the map cannot be written under its name.
        ModelError, EngineError, MissingError, FileError: as they say.
    """
    wanted = None if where is None else Path(where)
    if wanted is not None:
        drawing.check_name(wanted)
    one, other = read_pair(Path(reference), Path(test), display_named(display))
    plain = classical.compare(one, other)
    score, name, ran = None, None, None
    path = default_model() if model is None else Path(model)
    if path is not None:
        with Scorer.open(path, engine, None if cache is None else Path(cache)) as scorer:
            score, name, ran = scorer.score(one, other), scorer.label, scorer.engine.name
    shows = None if wanted is None else _write(wanted, one, plain, score)
    height, width = one.shape
    return Comparison(
        *(one.path, other.path, (width, height), one.display, plain.psnr, plain.ssim),
        *(None if score is None else score.jod, None if score is None else score.perfect, name, ran, wanted, shows),
    )


def _write(path: Path, reference: Picture, plain: classical.Classical, score: Score | None) -> str:
    """Writes a map, and says what it is of."""
    lost = None if score is None else score.lost(reference.shape)
    difference, full = (plain.difference, drawing.FULL_SSIM) if lost is None else (lost, drawing.FULL_JOD)
    drawing.write(path, drawing.drawn(difference, full, drawing.grey(reference)))
    return "ssim" if lost is None else "jod"


def display_named(name: str) -> Display | None:
    """The display of a word: `sdr`, `hdr`, either with its peak in cd/m2 (`hdr:600`); None for `auto`.

    Raises:
        SettingsError: it is none of these.
    """
    kind, colon, peak = name.partition(":")
    if name == "auto":
        return None
    found = {"sdr": SDR, "hdr": HDR}.get(kind)
    try:
        if found is not None:
            return dataclasses.replace(found, peak=float(peak)) if colon else found
    except ValueError:
        pass
    raise SettingsError(f"there is no display {name}; expected auto, sdr, hdr, or one with its peak such as hdr:600")
