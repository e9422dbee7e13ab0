"""Which files may hold a photo's settings: those beside it, or those in a folder of their own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autohdr.errors import SettingsError
from autohdr.files.look import lexists, real
from autohdr.files.walk import walk
from autohdr.sidecar import sidecar_path
from autohdr.sidecar.names import same_spelling


@dataclass(frozen=True, slots=True)
class Found:
    """The sidecars that have a photo's name."""

    paths: tuple[Path, ...] = ()
    """Adobe's `IMG_1.xmp` before darktable's `IMG_1.CR2.xmp`."""
    doubt: str | None = None
    """Why none can be taken without a guess, one sentence; then there are no paths."""


class Sidecars(Protocol):
    """Finds the sidecars of photos, wherever the user keeps them."""

    before_inside: bool
    """Whether they come before what a DNG holds inside."""

    def find(self, photo: Path) -> Found:
        """The sidecars that may belong to a photo."""

    def missing(self, photo: Path) -> str:
        """One sentence that says that a photo has no sidecar, and what to do."""


class Beside:
    """Sidecars lie beside their photos."""

    before_inside = False

    def find(self, photo: Path) -> Found:
        """See `Sidecars.find`."""
        paths = (sidecar_path(photo), sidecar_path(photo, "darktable"))
        return Found(tuple(path for path in paths if lexists(path)))

    def missing(self, photo: Path) -> str:
        """See `Sidecars.missing`."""
        lacks = "has no edits inside and no sidecar" if photo.suffix.lower() == ".dng" else "has no sidecar"
        return f"{photo}: {lacks} {sidecar_path(photo).name}; if it is edited, save its metadata in Lightroom"


Folders = tuple[str, ...]
"""The way from a folder down to a file, in one spelling."""


class Apart:
    """Sidecars lie below a folder of their own, in any letter case.

    A photo's sidecar has the same way down from `folder` as the photo has from the folder that the user named, with or
    without that folder's own name; or it is the only one of the photo's name. A sidecar that two photos would take in
    one of these ways is neither's.
    """

    before_inside = True

    def __init__(self, folder: Path, photos: Iterable[Path], named: Sequence[Path]) -> None:
        """Raises:
        SettingsError: `folder` is not one, or cannot be searched.
        """
        self._folder = folder
        self._named = named
        index = _index(folder)
        photos = list(photos)
        found = {photo: self._at_its_place(photo, index) for photo in photos}
        taken = {path for one in found.values() for path in one.paths}
        free = {name: [(way, path) for way, path in there if path not in taken] for name, there in index.items()}
        found |= {photo: self._anywhere(photo, free) for photo in photos if found[photo] == Found()}
        self._found = _without_rivals(found)

    def find(self, photo: Path) -> Found:
        """See `Sidecars.find`; of the photos that this was made with."""
        return self._found[photo]

    def missing(self, photo: Path) -> str:
        """See `Sidecars.missing`."""
        return (
            f"{photo}: has no sidecar below {self._folder}; if it is edited, save its metadata in Lightroom and copy "
            "it there"
        )

    def _at_its_place(self, photo: Path, index: "_Index") -> Found:
        ways = _ways(photo, self._named)
        return self._found_among(
            photo, [[path for way, path in index.get(name, []) if way in ways] for name in _names(photo)]
        )

    def _anywhere(self, photo: Path, index: "_Index") -> Found:
        return self._found_among(photo, [[path for _, path in index.get(name, [])] for name in _names(photo)])

    def _found_among(self, photo: Path, choices: list[list[Path]]) -> Found:
        """Finds at most one sidecar of each way to name it."""
        for paths in choices:
            if len(paths) > 1:
                which = ", ".join(str(path.relative_to(self._folder)) for path in paths[:3])
                return Found(
                    doubt=f"{photo}: {len(paths)} sidecars below {self._folder} have its name ({which}); "
                    "give them the photos' folders, or leave one"
                )
        return Found(tuple(path for paths in choices for path in paths))


_Index = dict[str, list[tuple[Folders, Path]]]


def _index(folder: Path) -> _Index:
    """The sidecars below a folder by the name that they have before `.xmp`, each with the way down to it."""

    def refuse(error: OSError) -> None:
        raise SettingsError(
            f"--settings {error.filename} cannot be searched ({error.strerror}); name the folder of the sidecars"
        ) from error

    index: _Index = defaultdict(list)
    for parent, names in walk(folder, refuse):
        way = _way(parent.relative_to(folder))
        for path in (parent / name for name in names if Path(name).suffix.lower() == ".xmp"):
            index[_key(path.stem)].append((way, path))
    return index


def _ways(photo: Path, named: Sequence[Path]) -> tuple[Folders, Folders]:
    """The way to a photo from the folder that the user named, without and with that folder's own name."""
    root = next((path for path in named if path != photo and photo.is_relative_to(path)), photo.parent)
    way = _way(photo.parent.relative_to(root))
    return way, (_key(real(root).name), *way)


def _way(folder: Path) -> Folders:
    return tuple(_key(part) for part in folder.parts)


def _names(photo: Path) -> tuple[str, str]:
    """What a photo's sidecar may be called, without `.xmp`: as Adobe names it, and as darktable does."""
    return _key(photo.stem), _key(photo.name)


def _key(name: str) -> str:
    return same_spelling(name).casefold()


def _without_rivals(found: dict[Path, Found]) -> dict[Path, Found]:
    """The sidecars of each photo, without those that more than one photo would take. RAW files of one name in one
    folder are one photo here: `Owners` knows which of them has the sidecar.
    """
    claims: defaultdict[Path, set[Path]] = defaultdict(set)
    for photo, one in found.items():
        for path in one.paths:
            claims[path].add(photo.with_suffix(""))
    result = dict(found)
    for photo, one in found.items():
        for path in one.paths:
            if others := claims[path] - {photo.with_suffix("")}:
                result[photo] = Found(
                    doubt=f"{photo}: {path} may as well belong to {min(others)}; give the sidecars the photos' folders"
                )
    return result
