"""Tells which of several RAW files of one name a sidecar belongs to: `IMG_1.xmp` beside `IMG_1.CR2` and `IMG_1.DNG`."""

from collections import defaultdict
from pathlib import Path

from autohdr.errors import AutohdrError
from autohdr.files.look import inside, is_same
from autohdr.raw.discover import EXTENSIONS
from autohdr.sidecar.names import other_owner, same_spelling, sidecar_path
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import PHOTOSHOP
from autohdr.words import Naming


class Owners:
    """Looks at what stands on disk, at each folder once. Not safe to share between threads."""

    def __init__(self, naming: Naming = "adobe") -> None:
        self._naming = naming
        self._folders: dict[Path, dict[str, list[Path]]] = {}

    def owner(self, photo: Path) -> Path:
        """The RAW file that the sidecar of this photo's name belongs to: `photo` itself where it is the only one.

        Among several it is the one that the sidecar names. Where it names none, a DNG comes last, since it carries its
        metadata inside and is most often made from the other; then the alphabet decides. darktable's names are never
        shared.
        """
        if self._naming == "darktable":
            return photo
        rivals = self._of_name(photo)
        if len(rivals) < 2:
            return photo
        return next((rival for rival in rivals if _named_by_sidecar(rival)), rivals[0])

    def _of_name(self, photo: Path) -> list[Path]:
        folder = photo.parent
        if folder not in self._folders:
            self._folders[folder] = _raws_by_stem(folder)
        found = [rival for rival in self._folders[folder].get(_key(photo), []) if _share_a_sidecar(photo, rival)]
        # A RAW file of an unusual name, such as IMG_1.tif, is one because the user named it, and comes after the usual.
        return found if photo.suffix.lower() in EXTENSIONS else [*found, photo]


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


def _raws_by_stem(folder: Path) -> dict[str, list[Path]]:
    found: defaultdict[str, list[Path]] = defaultdict(list)
    try:
        paths = list(inside(folder))
    except OSError:  # then its photos cannot be read either, and that is what their results will say
        paths = []
    for path in sorted(paths, key=lambda path: (path.suffix.lower() == ".dng", path.name)):
        if path.suffix.lower() in EXTENSIONS:
            found[_key(path)].append(path)
    return found


def _named_by_sidecar(photo: Path) -> bool:
    try:
        document = Document.read(sidecar_path(photo))
    except AutohdrError:  # that photo's own result will say so
        return False
    named = document is not None and document.get("SidecarForExtension", PHOTOSHOP)
    return bool(named) and document is not None and other_owner(document, photo) is None
