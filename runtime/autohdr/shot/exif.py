"""What Exif's tags say of a shot (Exif 2.32; TIFF/EP, whose files hold the same tags in their first directory)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from autohdr.shot.shot import Shot, seconds
from autohdr.tiff import END, Directory, Read, Tiff

_MAKE, _MODEL, _CHANGED, _EXIF, _UNIQUE_MODEL = 271, 272, 306, 34665, 50708
_EXPOSURE_TIME, _F_NUMBER, _TAKEN, _DIGITISED = 33434, 33437, 36867, 36868
_SHUTTER, _APERTURE, _COMPENSATION, _FLASH, _FOCAL_LENGTH = 37377, 37378, 37380, 37385, 37386
_ISO, _ISO_OF_PANASONIC, _ISO_OF_NIKON, _MAKER_NOTE = 34855, 23, 2, 37500
_LARGE_ISO = (34866, 34865, 34867)
"""Recommended exposure index, standard output sensitivity, ISO speed: of 32 bits."""
_ISO_AT_END = 65535
"""What the tag of 16 bits says of this ISO and of all above it."""

MAX_ENTRIES = 1024
MAX_VALUES = 16
MAX_TEXT = 256
"""Bounds for a hostile file; a tag behind so many, or with more values or bytes of text, is passed over."""


@dataclass(frozen=True, slots=True)
class Tags:
    """One directory, in its file."""

    tiff: Tiff
    directory: Directory

    @classmethod
    def at(cls, tiff: Tiff, start: int) -> "Tags":
        """The directory at an offset."""
        whole = tiff.directory(start)
        return cls(tiff, whole._replace(entries=whole.entries[:MAX_ENTRIES]))

    def number(self, tag: int, place: int = 0) -> float | None:
        """One finite number of a tag."""
        numbers = self.tiff.numbers(self.directory.find(tag), MAX_VALUES)
        return numbers[place] if len(numbers) > place and isfinite(numbers[place]) else None

    def offset(self, tag: int) -> int | None:
        """The offset that a tag points to."""
        number = self.number(tag)
        return int(number) if number is not None and 0 < number < END else None

    def text(self, tag: int) -> str | None:
        """A tag's text up to its first zero byte; None where there is no more than white space."""
        entry = self.directory.find(tag)
        if entry is None or entry.length > MAX_TEXT:
            return None
        return self.tiff.content(entry).split(b"\0")[0].decode("utf-8", "replace").strip() or None

    def below(self, tag: int) -> "Tags | None":
        """The directory to which a tag leads."""
        place = self.offset(tag)
        return None if place is None else Tags.at(self.tiff, place)


def read_exif(tiff: Tiff) -> Shot:
    """What a TIFF file's first directory, and the one of Exif below it, say of a shot."""
    first = Tags.at(tiff, tiff.first)
    below = first.below(_EXIF)
    return described([first] if below is None else [below, first])


def described(directories: Sequence[Tags]) -> Shot:
    """What some directories say of a shot; of a tag that several have, the first one counts."""
    flash = _number(directories, _FLASH)
    return Shot.from_dict(
        {
            "iso": _iso(directories),
            "aperture": _either(directories, _F_NUMBER, _APERTURE, 0.5),
            "exposure_time": _either(directories, _EXPOSURE_TIME, _SHUTTER, -1.0),
            "compensation": _number(directories, _COMPENSATION),
            "flash": None if flash is None else bool(int(flash) & 1),
            "focal_length": _number(directories, _FOCAL_LENGTH),
            "captured": _captured(directories),
            "make": _text(directories, _MAKE),
            "model": _text(directories, _MODEL) or _text(directories, _UNIQUE_MODEL),
        }
    )


def _number(directories: Sequence[Tags], tag: int) -> float | None:
    return next((number for tags in directories if (number := tags.number(tag)) is not None), None)


def _text(directories: Sequence[Tags], tag: int) -> str | None:
    return next((text for tags in directories if (text := tags.text(tag)) is not None), None)


def _either(directories: Sequence[Tags], plain: int, apex: int, factor: float) -> float | None:
    """A number of its own tag, else a power of two by APEX's.

    One that stands there counts though it is 0 for unknown: cameras then write an APEX of 0, which means f/1 and 1 s.
    """
    if any(tags.directory.find(plain) for tags in directories):
        return _number(directories, plain)
    value = _number(directories, apex)
    return None if value is None or abs(value) > 100 else 2.0 ** (factor * value)


def _iso(directories: Sequence[Tags]) -> float | None:
    """The ISO, from where a camera puts it: old ones of Nikon into their own notes alone."""
    iso = _number(directories, _ISO) or _number(directories, _ISO_OF_PANASONIC)
    if iso and iso != _ISO_AT_END:
        return iso
    larger = (_number(directories, tag) for tag in _LARGE_ISO)
    return next((number for number in larger if number), None) or iso or _iso_of_nikon(directories)


def _iso_of_nikon(directories: Sequence[Tags]) -> float | None:
    """The second of two numbers in a note that is a TIFF file of its own, ten bytes in."""
    for tags in directories:
        entry = tags.directory.find(_MAKER_NOTE)
        place = None if entry is None else tags.tiff.offset(entry)
        if place is not None and tags.tiff.read(place, 7) == b"Nikon\0\2":
            note = Tiff.open(within(tags.tiff.read, place + 10))
            return None if note is None else Tags.at(note, note.first).number(_ISO_OF_NIKON, 1)
    return None


def _captured(directories: Sequence[Tags]) -> float | None:
    """When the photo was taken, else made a file of, else changed: the first of these times that is one."""
    texts = (tags.text(tag) for tag in (_TAKEN, _DIGITISED, _CHANGED) for tags in directories)
    return next((time for text in texts if text and (time := seconds(text)) is not None), None)


def within(read: Read, start: int) -> Read:
    """What stands in a file from an offset on, as a file of its own."""
    return lambda place, size: read(start + place, size)
