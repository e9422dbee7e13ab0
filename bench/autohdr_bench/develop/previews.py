"""Compares developing with the preview that Camera Raw or Adobe's DNG Converter put into a DNG of a real photo.

The preview shows the settings that stand in the DNG, through the camera's profile by Adobe, which autohdr does not use:
its colours and its look are part of the difference.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Settings, develop
from autohdr.errors import PhotoError
from autohdr.files.changing.inplace import open_file
from autohdr.raw.binning import bin_planes
from autohdr.raw.preview import read_preview
from autohdr.raw.scene import read_scene
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.xmp.document import Document
from autohdr.tiff import Directory, Tiff
from autohdr_bench.develop.renderings import lightness

SIZE = 96
"""Pixels of each side at which they are compared, squashed: a preview is cropped a little otherwise than the RAW."""
BANDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 101))
"""Tones, by L* of the preview."""

_EDGE = 1024
_APPLICATION, _SUB_DIRECTORIES = 50966, 330
_MOST_DIRECTORIES = 64


@dataclass(frozen=True, slots=True)
class Compared:
    """Holds one DNG, developed, beside its preview; differences are in L*, ours less Adobe's."""

    photo: str
    median: float
    """Median absolute difference."""
    bias: float
    """Median difference."""
    bands: tuple[float | None, ...]
    """Median difference in each band of tones; None with less than 0.5 % of the pixels."""
    ignored: tuple[str, ...]
    """Settings in use that developing leaves out."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "bands": list(self.bands), "ignored": list(self.ignored)}


def compared(path: Path) -> Compared:
    """Develops a DNG with its own settings, and compares it with the preview by Adobe that it holds.

    Raises:
        FileError, RawError, SidecarError: it cannot be read, decoded or understood.
        PhotoError: it is no DNG with a preview by Adobe.
    """
    if not any(name.startswith("Adobe") for name in _applications(path)):
        raise PhotoError(f"{path} holds no preview by Camera Raw or Adobe's DNG Converter; save it in Lightroom as DNG")
    packet = read_embedded(path)
    settings = Settings() if packet is None else Settings.read(Document.parse(packet, str(path)), str(path))
    ours = develop(read_scene(path, _EDGE), settings, "srgb").light
    squashed = bin_planes(np.ascontiguousarray(ours), np.full(3, 2.0**16, np.float32), SIZE)
    theirs = lightness(read_preview(path, SIZE).astype(np.float32))
    off = lightness(squashed) - theirs
    bands = tuple(_band(off, theirs, low, high) for low, high in BANDS)
    return Compared(path.name, float(np.median(np.abs(off))), float(np.median(off)), bands, settings.ignored)


def table(rows: list[Compared]) -> str:
    """Writes the comparison as text."""
    names = "".join(f"{f'{low}-{min(high, 100)}':>8}" for low, high in BANDS)
    lines = ["Developed DNGs beside the previews by Adobe in them: difference in L*, median, and by tone", ""]
    lines.append(f"{'median':>6} {'bias':>6}{names}  photo")
    for row in rows:
        bands = "".join(f"{'' if value is None else f'{value:+.1f}':>8}" for value in row.bands)
        left = f" (without {', '.join(row.ignored)})" if row.ignored else ""
        lines.append(f"{row.median:6.1f} {row.bias:+6.1f}{bands}  {row.photo}{left}")
    return "\n".join(lines)


def _band(off: NDArray[np.float64], wanted: NDArray[np.float64], low: float, high: float) -> float | None:
    inside = (wanted >= low) & (wanted < high)
    return float(np.median(off[inside])) if inside.mean() > 0.005 else None


def _applications(path: Path) -> Iterator[str]:
    """The programs that made the previews of a DNG."""
    with open_file(path) as file:
        tiff = Tiff.open(file.read)
        if tiff is None:
            return
        for directory in _directories(tiff):
            if (entry := directory.find(_APPLICATION)) is not None:
                yield tiff.content(entry).rstrip(b"\0").decode("utf-8", "replace")


def _directories(tiff: Tiff) -> Iterator[Directory]:
    """The directories of a file, and those below them."""
    waiting, seen = [tiff.first], set[int]()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        start = waiting.pop()
        if not start or start in seen:
            continue
        seen.add(start)
        directory = tiff.directory(start)
        yield directory
        waiting.append(directory.following or 0)
        waiting += [int(place) for place in tiff.numbers(directory.find(_SUB_DIRECTORIES), _MOST_DIRECTORIES)]
