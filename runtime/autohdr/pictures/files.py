"""Writes the renditions of an edit to a file, in the form that its name asks for."""

from pathlib import Path

from autohdr.develop.rendering import Renditions
from autohdr.errors import SettingsError
from autohdr.files import whole
from autohdr.pictures.avif import avif
from autohdr.pictures.gain_map import gain_map_jpeg
from autohdr.pictures.jpeg import jpeg


def write(path: Path, both: Renditions, *, replace: bool = False) -> None:
    """Writes a picture: `.jpg` is a gain-map JPEG where there is an HDR rendition, else a JPEG; `.avif` is PQ.

    Whoever looks, and after any crash, finds a whole file or none.

    Args:
        path: the file; its folder exists.
        both: the renditions of one edit.
        replace: whether a file that is there may be replaced.

    Raises:
        SettingsError: the name ends otherwise.
        FileError: the file is there and may not be replaced, or the system refuses.
        PhotoError: a picture is empty, not finite, or larger than a JPEG can be.
        MissingError: an AVIF is asked for and imagecodecs is not installed.
    """
    kind = path.suffix.lower()
    if kind in {".jpg", ".jpeg"}:
        data = jpeg(both.sdr) if both.hdr is None else gain_map_jpeg(both.sdr, both.hdr)
    elif kind == ".avif":
        data = avif(both.hdr or both.sdr)
    else:
        raise SettingsError(f"{path} is no kind of picture that can be written; let its name end in .jpg or .avif")
    (whole.write_atomically if replace else whole.create)(path, data)
