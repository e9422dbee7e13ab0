"""The first of three: RAW files paired with the edits in their sidecars, and what had to be left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import FileError, SidecarError
from autohdr.raw.discover import find_photos
from autohdr.sidecar import Document, read_labels, sidecar_path
from autohdr.sidecar.embedded import read_embedded
from autohdr.sidecar.labels import Labels, labels_in
from autohdr.sidecar.names import other_owner
from autohdr.sidecar.owners import Owners
from autohdr.sliders import SLIDERS, to_scaled


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPhoto:
    """One RAW file with the photographer's edit."""

    path: Path
    labels: NDArray[np.float32]
    """(8,), scaled to [-1, 1]; NaN where the sidecar does not name the slider."""
    hdr: bool
    """The edit was made in Lightroom's HDR mode."""


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
    left_out: tuple[LeftOut, ...]

    @classmethod
    def find(cls, paths: Iterable[str | PathLike[str]]) -> "RawDataset":
        """The RAW files named or in the folders named, searched in depth, each with the sidecar beside it.

        A DNG's own settings come first, where Lightroom keeps them.

        Raises:
            SettingsError: a path does not exist.
        """
        photos: list[LabelledPhoto] = []
        left_out: list[LeftOut] = []
        owners = Owners()
        for path in find_photos(paths):
            found = _read(path, owners)
            if isinstance(found, LeftOut):
                left_out.append(found)
            else:
                photos.append(found)
        return cls(tuple(photos), tuple(left_out))


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


def _read(path: Path, owners: Owners) -> LabelledPhoto | LeftOut:
    sidecar = sidecar_path(path)
    try:
        if (inside := _labels_inside(path)) is not None:
            return _labelled(path, inside)
        document = Document.read(sidecar)
        if document is None:
            return LeftOut(path, "no sidecar", f"{path}: has no sidecar {sidecar.name}; save its metadata in Lightroom")
        if (owner := _other_owner(document, path, owners)) is not None:
            return LeftOut(path, "sidecar of another file", f"{path}: {sidecar.name} belongs to {owner}")
        edit = read_labels(sidecar)
    except (FileError, SidecarError) as error:
        return LeftOut(path, "unreadable sidecar", str(error))
    if not edit.usable:
        reason = edit.reason or "cannot be used"
        return LeftOut(path, reason.removeprefix(f"{sidecar.name} "), f"{path}: {reason}")
    return _labelled(path, edit)


def _labels_inside(path: Path) -> Labels | None:
    """What can be learnt from the settings inside a DNG, where Lightroom keeps them; None where there are none."""
    data = read_embedded(path) if path.suffix.lower() == ".dng" else None
    if data is None:
        return None
    labels = labels_in(Document.parse(data, str(path)), path.name)
    return labels if labels.usable else None


def _labelled(path: Path, edit: Labels) -> LabelledPhoto:
    scaled = to_scaled([edit.values.get(slider.key, np.nan) for slider in SLIDERS])
    return LabelledPhoto(path, scaled.astype(np.float32), edit.hdr)


def _other_owner(document: Document, photo: Path, owners: Owners) -> str | None:
    """Whose sidecar this is, where it is not `photo`'s: the sidecar says so, or another RAW file has the same name."""
    if (extension := other_owner(document, photo)) is not None:
        return f"the {extension} file of this name"
    owner = owners.owner(photo)
    return None if owner == photo else f"{owner.name}; give one of the two another name"
