"""The first of three: RAW files paired with the edits in their sidecars, and what had to be left out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import FileError, SettingsError, SidecarError
from autohdr.raw.discover import find_photos
from autohdr.sidecar import Document
from autohdr.sidecar.embedded import read_embedded
from autohdr.sidecar.labels import labels_in
from autohdr.sidecar.names import other_owner
from autohdr.sidecar.owners import Owners
from autohdr.sidecar.properties import PHOTOSHOP
from autohdr.sidecar.record import Record
from autohdr.sliders import SLIDERS, to_scaled
from autohdr_train.data.sidecars import Apart, Beside, Sidecars

Keep = Literal["sdr", "unedited"]
"""sdr: edits made without Lightroom's HDR mode; unedited: photos whose settings were saved and never changed."""

_KINDS: dict[Keep, str] = {"sdr": "edited as SDR", "unedited": "never edited"}
"""What the photos that could be kept are counted as."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPhoto:
    """One RAW file with the photographer's edit."""

    path: Path
    labels: NDArray[np.float32]
    """(8,), scaled to [-1, 1]; NaN where the sidecar does not name the slider."""
    hdr: bool
    """The edit was made in Lightroom's HDR mode."""
    corrected: bool = False
    """autohdr labelled the photo, and the photographer has moved a slider since: what to learn from first."""
    edited: bool = True
    """False for a photo that was kept although nobody edited it; its labels are all 0."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One RAW file that cannot be learnt from."""

    path: Path
    kind: str
    """The reason without this file's name, such as `no sidecar`; counted in reports."""
    reason: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class RawDataset:
    """Photos that can be learnt from, and those that cannot."""

    photos: tuple[LabelledPhoto, ...]
    """Corrections of autohdr's labels first, each part in the order found."""
    left_out: tuple[LeftOut, ...]

    @classmethod
    def find(
        cls,
        paths: Iterable[str | PathLike[str]],
        *,
        settings: str | PathLike[str] | None = None,
        keep: Collection[Keep] = (),
    ) -> "RawDataset":
        """The RAW files named or in the folders named, searched in depth, each with its sidecar.

        Without `settings` the sidecar lies beside the photo, and a DNG's own settings, where Lightroom keeps them, come
        before it. Labels that we wrote and nobody touched are never learnt from, nor settings of process versions
        before 6.7: those cannot be kept, since their sliders do other things.

        Args:
            paths: RAW files and folders.
            settings: folder of the sidecars. A photo's has the same way down as the photo has from the folder in
                `paths`, or is the only one of its name; its own settings are looked at where there is none.
            keep: what to learn from although autohdr writes HDR edits of photos that need one. The labels of an
                unedited photo are all 0.

        Raises:
            SettingsError: a path does not exist, `settings` cannot be searched, or `keep` holds something else.
        """
        if unknown := set(keep) - set(get_args(Keep)):
            raise SettingsError(f"keep is {', '.join(sorted(unknown))}; expected some of {', '.join(get_args(Keep))}")
        named = [Path(path) for path in paths]
        found = find_photos(named)
        sidecars = Beside() if settings is None else Apart(Path(settings), found, named)
        owners = Owners()
        read = [_read(path, sidecars, owners, keep) for path in found]
        photos = [one for one in read if isinstance(one, LabelledPhoto)]
        photos.sort(key=lambda photo: not photo.corrected)
        return cls(tuple(photos), tuple(one for one in read if isinstance(one, LeftOut)))


def count_kinds(left_out: Iterable[LeftOut]) -> dict[str, int]:
    """How many photos were left out for each kind of reason, the most frequent first."""
    return dict(Counter(item.kind for item in left_out).most_common())


def describe(used: int, left_out: Iterable[LeftOut]) -> str:
    """What was found, in one line: `20 edited photos; left out 3: 2 (no sidecar), 1 (unreadable RAW)`."""
    kinds = count_kinds(left_out)
    found = f"{used} edited photo{'' if used == 1 else 's'}"
    if not kinds:
        return found
    return f"{found}; left out {sum(kinds.values())}: " + ", ".join(
        f"{count} ({kind})" for kind, count in kinds.items()
    )


def how_to_keep(left_out: Iterable[LeftOut]) -> str | None:
    """How to learn from photos that were left out and need not be, one sentence; None where there are none."""
    kinds = count_kinds(left_out)
    ways = [f"--keep {keep} for the {kinds[kind]} {kind}" for keep, kind in _KINDS.items() if kind in kinds]
    return f"to learn from them all the same: {', '.join(ways)}" if ways else None


def _read(photo: Path, sidecars: Sidecars, owners: Owners, keep: Collection[Keep]) -> LabelledPhoto | LeftOut:
    """The first settings of a photo that can be learnt from, or why there are none."""
    refused: list[LeftOut] = []
    try:
        for document, place in _settings(photo, sidecars):
            found = _learn(document, place, photo, owners)
            if isinstance(found, LabelledPhoto):
                return found if found.hdr or "sdr" in keep else _left_out_as_sdr(photo, place)
            refused.append(found)
    except (FileError, SidecarError) as error:
        return LeftOut(photo, "unreadable sidecar", str(error))
    if "unedited" in keep and any(item.kind == _KINDS["unedited"] for item in refused):
        return LabelledPhoto(photo, np.zeros(len(SLIDERS), np.float32), hdr=False, edited=False)
    if refused:
        return refused[0]
    if (doubt := sidecars.find(photo).doubt) is not None:
        return LeftOut(photo, "ambiguous sidecar", doubt)
    if photo.is_dir():
        return LeftOut(photo, "unreadable folder", f"{photo}: cannot be searched; check its permissions")
    return LeftOut(photo, "no sidecar", sidecars.missing(photo))


def _settings(photo: Path, sidecars: Sidecars) -> Iterator[tuple[Document, Path]]:
    """The documents that may hold a photo's settings, and where they stand."""
    if not sidecars.before_inside:
        yield from _inside(photo)
    for path in sidecars.find(photo).paths:
        if (document := Document.read(path)) is not None:
            yield document, path
    if sidecars.before_inside:
        yield from _inside(photo)


def _inside(photo: Path) -> Iterator[tuple[Document, Path]]:
    """What a DNG holds inside. Cameras put other metadata there, which say nothing of an edit."""
    data = read_embedded(photo) if photo.suffix.lower() == ".dng" else None
    if data is not None and (document := Document.parse(data, str(photo))).settings():
        yield document, photo


def _learn(document: Document, place: Path, photo: Path, owners: Owners) -> LabelledPhoto | LeftOut:
    """What the settings in one document teach, made with or without HDR."""
    if (whose := _other_owner(document, place, photo, owners)) is not None:
        return LeftOut(photo, "sidecar of another file", f"{photo}: {place.name} belongs to {whose}")
    edit = labels_in(document, place.name)
    if not edit.usable:
        return LeftOut(photo, _kind(document), f"{photo}: {edit.reason}")
    scaled = to_scaled([edit.values.get(slider.key, np.nan) for slider in SLIDERS])
    return LabelledPhoto(photo, scaled.astype(np.float32), edit.hdr, _is_correction(document))


def _kind(document: Document) -> str:
    """Why a document teaches nothing."""
    if document.outdated is not None:
        return "old process version"
    if not document.settings():
        return "no develop settings"  # it may hold no more than a rating, so whether there is an edit is not known
    if not document.values() or not document.has_develop_settings:
        return _KINDS["unedited"]
    return "autohdr's own label"


def _is_correction(document: Document) -> bool:
    record = Record.find(document)
    return record is not None and not {slider.key for slider in SLIDERS}.isdisjoint(record.changed(document))


def _left_out_as_sdr(photo: Path, place: Path) -> LeftOut:
    reason = f"{photo}: {place.name} is an SDR edit, and autohdr writes HDR edits; --keep sdr learns from it"
    return LeftOut(photo, _KINDS["sdr"], reason)


def _other_owner(document: Document, place: Path, photo: Path, owners: Owners) -> str | None:
    """Whose settings these are, where they are not `photo`'s: they say so, or another RAW file has the same name."""
    if place == photo or place.stem.casefold() == photo.name.casefold():
        return None  # inside it, or named as darktable does: never shared
    if (extension := other_owner(document, photo)) is not None:
        return f"the {extension} file of this name"
    if place.parent != photo.parent and document.get("SidecarForExtension", PHOTOSHOP):
        return None  # `owners` looks beside the photo alone
    owner = owners.owner(photo)
    return None if owner == photo else f"{owner.name}; give one of the two another name"
