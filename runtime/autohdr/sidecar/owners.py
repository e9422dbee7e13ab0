"""Which of several RAW files of one name a sidecar belongs to: `IMG_1.xmp` beside `IMG_1.CR2` and `IMG_1.DNG`."""

import os
from collections import defaultdict
from pathlib import Path

from autohdr.errors import SidecarError
from autohdr.raw.discover import EXTENSIONS
from autohdr.sidecar.document import Document
from autohdr.sidecar.names import other_owner, sidecar_path
from autohdr.sidecar.properties import PHOTOSHOP


class Owners:
    """Looks at what stands on disk, at each folder once. Not safe to share between threads."""

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, list[Path]]] = {}

    def owner(self, photo: Path) -> Path:
        """The RAW file that the sidecar of this photo's name belongs to: `photo` itself where it is the only one.

        Among several it is the one that the sidecar names. Where it names none, a DNG comes last, since it carries its
        metadata inside and is most often made from the other; then the alphabet decides.
        """
        rivals = self._of_name(photo)
        if len(rivals) < 2:
            return photo
        return next((rival for rival in rivals if _named_by_sidecar(rival)), rivals[0])

    def _of_name(self, photo: Path) -> list[Path]:
        folder = photo.parent
        if folder not in self._folders:
            self._folders[folder] = _raws_by_stem(folder)
        return self._folders[folder].get(os.path.normcase(photo.stem), [])


def sidecar_owner(photo: Path) -> Path:
    """`Owners().owner(photo)`, for a single photo."""
    return Owners().owner(photo)


def _raws_by_stem(folder: Path) -> dict[str, list[Path]]:
    found: defaultdict[str, list[Path]] = defaultdict(list)
    try:
        paths = list(folder.iterdir())
    except OSError:  # then its photos cannot be read either, and that is what their results will say
        paths = []
    for path in sorted(paths, key=lambda path: (path.suffix.lower() == ".dng", path.name)):
        if path.suffix.lower() in EXTENSIONS:
            found[os.path.normcase(path.stem)].append(path)
    return found


def _named_by_sidecar(photo: Path) -> bool:
    try:
        document = Document.read(sidecar_path(photo))
    except SidecarError:
        return False
    named = document is not None and document.get("SidecarForExtension", PHOTOSHOP)
    return bool(named) and document is not None and other_owner(document, photo) is None
