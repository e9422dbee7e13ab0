"""Tells which of several RAW files of one name a sidecar belongs to: `IMG_1.xmp` beside `IMG_1.CR2` and `IMG_1.DNG`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from autohdr.errors import AutohdrError
from autohdr.files.look import inside, is_elsewhere, is_same
from autohdr.raw.discover import EXTENSIONS
from autohdr.sidecar.names import other_owner, same_spelling, sidecar_path
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import PHOTOSHOP
from autohdr.words import Naming

FOLDERS = 100
"""Folders of which is kept what was seen there."""

Raws = dict[str, list[Path]]
"""RAW files by `_key`."""


class Owners:
    """Looks at what stands on disk, at each folder once as long as it is kept. Of a folder of millions, it holds the
    names that several photos share, and of the others 8 bytes each while it looks."""

    def __init__(self, naming: Naming = "adobe") -> None:
        self._naming = naming
        self._shared = lru_cache(FOLDERS)(_shared)
        self._among = lru_cache(FOLDERS)(_among)
        self._all = lru_cache(1)(_all)

    def owner(self, photo: Path, among: tuple[str, ...] | None = None) -> Path:
        """The RAW file that the sidecar of this photo's name belongs to: `photo` itself where it is the only one.

        Among several it is the one that the sidecar names. Where it names none, a DNG comes last, since it carries its
        metadata inside and is most often made from the other; then the alphabet decides. darktable's names are never
        shared.

        Args:
            photo: the RAW file.
            among: names of its folder that are about its own, where they are known: those of a bucket are in order, so
                that the folder need not be listed.
        """
        if self._naming == "darktable":
            return photo
        rivals = self._of_name(photo, among)
        if len(rivals) < 2:
            return photo
        return next((rival for rival in rivals if _named_by_sidecar(rival)), rivals[0])

    def _of_name(self, photo: Path, among: tuple[str, ...] | None) -> list[Path]:
        folder = photo.parent
        # A RAW file of an unusual name, such as IMG_1.tif, is one because the user named it, and comes after the usual.
        unusual = [] if photo.suffix.lower() in EXTENSIONS else [photo]
        if among is not None and is_elsewhere(folder):
            raws = self._among(folder, among)
        else:
            raws = self._all(folder) if unusual else self._shared(folder)
        return [rival for rival in raws.get(_key(photo), []) if _share_a_sidecar(photo, rival)] + unusual


def _key(photo: Path) -> str:
    """A key that is the same for all photos that may share a sidecar."""
    return same_spelling(photo.stem).casefold()


def _share_a_sidecar(photo: Path, rival: Path) -> bool:
    """Whether two photos whose `_key` is the same have one sidecar."""
    if same_spelling(photo.stem) == same_spelling(rival.stem):
        return True
    # Whether IMG_1.xmp and img_1.xmp are one file, only the file system knows.
    try:
        return is_same(rival.with_name(photo.stem + rival.suffix), rival)
    except OSError:
        return False


def _shared(folder: Path) -> Raws:
    """The RAW files of a folder whose names several have."""
    digests = np.fromiter((hash(_key(path)) for path in _raws(folder)), np.int64)
    digests.sort()
    shared = set(digests[1:][digests[1:] == digests[:-1]].tolist())
    return _sorted(path for path in _raws(folder) if hash(_key(path)) in shared) if shared else {}


def _all(folder: Path) -> Raws:
    """The RAW files of a folder."""
    return _sorted(_raws(folder))


def _among(folder: Path, names: tuple[str, ...]) -> Raws:
    """The RAW files of these names."""
    return _sorted(folder / name for name in names)


def _sorted(raws: Iterable[Path]) -> Raws:
    """RAW files by `_key`, those that come first in front."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for path in raws:
        found[_key(path)].append(path)
    for several in found.values():
        several.sort(key=lambda path: (path.suffix.lower() == ".dng", path.name))
    return dict(found)


def _raws(folder: Path) -> Iterator[Path]:
    try:
        yield from (path for path in inside(folder) if path.suffix.lower() in EXTENSIONS)
    except OSError:  # then its photos cannot be read either, and that is what their results will say
        return


def _named_by_sidecar(photo: Path) -> bool:
    try:
        document = Document.read(sidecar_path(photo))
    except AutohdrError:  # that photo's own result will say so
        return False
    named = document is not None and document.get("SidecarForExtension", PHOTOSHOP)
    return bool(named) and document is not None and other_owner(document, photo) is None
