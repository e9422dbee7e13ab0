"""One file to measure on, and who decodes it: a decoder's times count only where its data are LibRaw's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autohdr.errors import RawError, SettingsError
from autohdr.raw.decode import decode
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.auto import differences
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.decoders.flashraw import FlashrawDecoder
from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr.raw.discover import find_photos
from autohdr.raw.frame import RawFrame

DECODERS: dict[str, Callable[[], Decoder]] = {"libraw": LibRawDecoder, "flashraw": FlashrawDecoder}
"""Each in this process."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A file that LibRaw reads."""

    path: Path
    megapixels: float
    mosaic_bytes: int
    """Bytes of the visible area's samples."""
    file_bytes: int
    decoders: dict[str, Decoder]
    """LibRaw, and those whose data are the same."""
    notes: tuple[str, ...]
    """Where decoders differ."""

    @property
    def facts(self) -> dict[str, float]:
        """What a result tells of it."""
        return {
            "megapixels": round(self.megapixels, 2),
            "file_bytes": self.file_bytes,
            "mosaic_bytes": self.mosaic_bytes,
        }

    @property
    def fastest(self) -> Decoder:
        """The fastest decoder that may be used: flashraw where its data are LibRaw's, else LibRaw."""
        return self.decoders.get("flashraw", self.decoders["libraw"])


def open_photo(path: Path) -> Photo:
    """Looks at one file with all decoders.

    Raises:
        RawError: LibRaw cannot read it, or its kind is not supported yet.
    """
    judge = DECODERS["libraw"]()
    judged = decode(path, judge)
    decoders, notes = {"libraw": judge}, []
    if flashraw.installed():
        fast = DECODERS["flashraw"]()
        agrees, note = _compared(path, fast, judged)
        decoders |= {"flashraw": fast} if agrees else {}
        notes += [note] if note else []
    height, width = judged.data.shape[:2]
    sizes = (judged.data.nbytes, path.stat().st_size)
    return Photo(path, height * width / 1e6, *sizes, decoders, tuple(notes))


def _compared(path: Path, fast: Decoder, judged: RawFrame) -> tuple[bool, str]:
    """Whether both hold the same data, and what else there is to say."""
    try:
        differing = differences(decode(path, fast), judged)
    except RawError:
        return False, "flashraw refuses this file"
    if "data" in differing:
        return False, "flashraw's data are not LibRaw's: not timed"
    return True, f"flashraw and LibRaw differ in {', '.join(differing)}" if differing else ""


def open_photos(paths: Iterable[Path]) -> tuple[list[Photo], list[str]]:
    """The files named and those in the folders named; and why others of them are left out.

    Raises:
        SettingsError: a path does not exist, or none of the files can be read.
    """
    photos, left_out = [], []
    for path in find_photos(paths):
        try:
            photos.append(open_photo(path))
        except RawError as error:
            left_out.append(str(error))
    if not photos:
        raise SettingsError(left_out[0] if left_out else "no RAW files found; name some, or none for generated ones")
    return photos, left_out
