"""Pairs RAW files with the edits in their sidecars, and says what had to be left out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from os import PathLike
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from autohdr.catalog.entries import Entry
from autohdr.catalog.named import catalogs_of
from autohdr.edits.catalogs import edits_of
from autohdr.edits.constant import NO_TOOLS, Tools, tools_of
from autohdr.edits.left_out import AS_HDR, AS_SDR, IN_BLACK_AND_WHITE, IN_COLOUR, UNEDITED, LeftOut
from autohdr.edits.sidecars import Apart, Beside, Sidecars
from autohdr.errors import FileError, SettingsError, SidecarError
from autohdr.files.look import identity, is_folder
from autohdr.mode import SDR, Mode
from autohdr.objects.path import named
from autohdr.raw.discover import find_photos
from autohdr.sidecar import Document
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.names import other_owner
from autohdr.sidecar.owners import Owners
from autohdr.sidecar.settings.further import AS_SHOT, Balance
from autohdr.sidecar.settings.labels import labels_in
from autohdr.sidecar.settings.treatment import NO_COLOUR, black_and_white, converted
from autohdr.sidecar.xmp.properties import PHOTOSHOP
from autohdr.sliders import FURTHER, SLIDERS, to_scaled
from autohdr.words import Keep, ModeName


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPhoto:
    """One RAW file with the photographer's edit."""

    path: Path
    labels: NDArray[np.float32]
    """(8,), scaled to [-1, 1]; NaN where the sidecar does not name the slider, or where it does nothing: Vibrance and
    Saturation of a photo that is converted to black and white."""
    hdr: bool
    """The edit was made in Lightroom's HDR mode."""
    corrected: bool = False
    """autohdr labelled the photo, and the photographer has moved a slider or changed its mode since."""
    edited: bool = True
    """Whether somebody edited the photo; one that was kept although nobody did has False, and its labels are all 0."""
    headroom: float | None = None
    """The stops above SDR white that an HDR edit says; None where it says none."""
    black_and_white: bool = False
    """The edit made it black and white."""
    further: Mapping[str, float] = field(default_factory=dict)
    """Sliders beside the eight, as of `Labels`."""
    balance: Balance = None
    """White balance, as of `Labels`."""
    tools: Tools = NO_TOOLS
    """What the edit sets beside all these."""


@dataclass(frozen=True, slots=True)
class EditedPhotos:
    """Photos that can be learnt from, and those that cannot."""

    photos: tuple[LabelledPhoto, ...]
    """The photos with their labels, in the order in which they were found."""
    left_out: tuple[LeftOut, ...]
    mode: Mode
    """The mode that was asked for, else that of more of the edits, HDR if both are as many. Edits of the other mode are
    left out, or kept; and so are then black-and-white edits beside more colour ones, or the other way round."""

    @classmethod
    def find(
        cls,
        paths: Iterable[str | PathLike[str]],
        *,
        settings: str | PathLike[str] | None = None,
        keep: Collection[Keep] = (),
        mode: ModeName | None = None,
        only: Sequence[str] = (),
        root: Sequence[str] = (),
    ) -> "EditedPhotos":
        """The RAW files named or in the folders named, searched in depth, each with its sidecar; and those of Lightroom
        catalogs, each with the edit that Lightroom shows, whatever its sidecar says.

        Without `settings` the sidecar lies beside the photo, and a DNG's own settings, where Lightroom keeps them, come
        before it. Labels that we wrote and nobody touched are never learnt from, nor settings of process versions
        before 6.7: those cannot be kept, since their sliders do other things.

        Args:
            paths: RAW files, folders, and catalogs.
            settings: folder of the sidecars. A photo's has the same way down as the photo has from the folder in
                `paths`, or is the only one of its name; its own settings are looked at where there is none.
            keep: what to learn from all the same. The labels of an unedited photo are all 0.
            mode: that of the edits to learn from; None for the one that more of them have.
            only: which photos of the catalogs: conditions that all hold, as of `autohdr.catalog.choose`.
            root: folders of the catalogs that have moved, each `OLD=NEW`.

        Raises:
            SettingsError: a path does not exist, `settings` cannot be searched, or `keep`, `mode`, `only` or `root` is
                something else.
            CatalogError: a catalog cannot be read.
        """
        if unknown := set(keep) - set(get_args(Keep)):
            raise SettingsError(f"keep is {', '.join(sorted(unknown))}; expected some of {', '.join(get_args(Keep))}")
        if mode is not None and mode not in get_args(ModeName):
            raise SettingsError(f"mode is {mode!r}; expected one of {', '.join(get_args(ModeName))}, or None")
        catalogs, others = catalogs_of([named(path) for path in paths], only, root)
        found = find_photos(others)
        sidecars = Beside() if settings is None else Apart(named(settings), found, others)
        owners = Owners()
        read: list[LabelledPhoto | LeftOut] = []
        for catalog in catalogs:
            read += edits_of(catalog, partial(in_catalog, name=catalog.name, keep=keep), only, root)
        listed = {identity(one.path) for one in read} if found else set()
        read += [_read(path, sidecars, owners, keep) for path in found if identity(path) not in listed]
        its, read = of_one_kind(read, keep, mode)
        photos = tuple(one for one in read if isinstance(one, LabelledPhoto))
        return cls(photos, tuple(one for one in read if isinstance(one, LeftOut)), its)


def kept_of_other_kinds(photos: Sequence[LabelledPhoto], mode: Mode) -> list[str]:
    """A sentence each, where edits of the other mode than most are kept, or both in colour and in black and white."""
    edits, told = [photo for photo in photos if photo.edited], []
    if other := sum(photo.hdr != mode.hdr for photo in edits):
        its = "SDR" if mode.hdr else "HDR"
        told.append(f"{_were(other, photos)} edited in {its}, and learnt as if in the style's mode, {mode}")
    if 0 < (grey := sum(photo.black_and_white for photo in edits)) < len(edits):
        told.append(f"{_were(grey, photos)} edited in black and white, and learnt as if the same look as the others")
    return told


def _were(count: int, photos: Sequence[LabelledPhoto]) -> str:
    return f"{count} of {len(photos)} photos {'was' if count == 1 else 'were'}"


def of_one_kind(
    found: list[LabelledPhoto | LeftOut], keep: Collection[Keep], asked: ModeName | None
) -> tuple[Mode, list[LabelledPhoto | LeftOut]]:
    """The mode of the edits to learn from, and all photos, with edits of the other mode left out, and those that are
    black and white beside more in colour or the other way round; as of `EditedPhotos.find`."""
    mode, read = _of_one_mode(found, keep, asked)
    return mode, _of_one_treatment(read, keep)


def _of_one_mode(
    found: list[LabelledPhoto | LeftOut], keep: Collection[Keep], asked: ModeName | None
) -> tuple[Mode, list[LabelledPhoto | LeftOut]]:
    """The mode that is asked for, or that more of the edits have (HDR if it is half of them), and all photos, with the
    edits of the other mode left out unless they are to be kept."""
    edits = [one for one in found if isinstance(one, LabelledPhoto) and one.edited]
    as_hdr = [one for one in edits if one.hdr]
    hdr = 2 * len(as_hdr) >= len(edits) if asked is None else asked == "hdr"
    mode = Mode.of(one.headroom for one in as_hdr) if hdr else SDR
    if "sdr" in keep:
        return mode, found
    others = {one.path for one in edits if one.hdr != hdr}
    why = "most are in {}" if asked is None else "{} was asked for"
    return mode, [_of_the_other_mode(one.path, why, hdr=hdr) if one.path in others else one for one in found]


def _of_the_other_mode(photo: Path, why: str, *, hdr: bool) -> LeftOut:
    its, learnt = ("SDR", "HDR") if hdr else ("HDR", "SDR")
    reason = f"{photo}: is edited in {its}, {why.format(learnt)}, where the same sliders make another picture"
    return LeftOut(photo, AS_SDR if hdr else AS_HDR, reason)


def _of_one_treatment(found: list[LabelledPhoto | LeftOut], keep: Collection[Keep]) -> list[LabelledPhoto | LeftOut]:
    """All photos, with the smaller number of edits left out of those in colour and those in black and white, these
    where both are as many, unless they are to be kept."""
    edits = [one for one in found if isinstance(one, LabelledPhoto) and one.edited]
    grey = 2 * sum(one.black_and_white for one in edits) > len(edits)
    if "black-and-white" in keep:
        return found
    others = {one.path for one in edits if one.black_and_white != grey}
    return [_of_the_other_treatment(one.path, grey=grey) if one.path in others else one for one in found]


def _of_the_other_treatment(photo: Path, *, grey: bool) -> LeftOut:
    its, most = (IN_COLOUR, "in black and white") if grey else (IN_BLACK_AND_WHITE, "in colour")
    return LeftOut(photo, its, f"{photo}: is {its}, most are {most}: another look, for a style of its own")


def _read(photo: Path, sidecars: Sidecars, owners: Owners, keep: Collection[Keep]) -> LabelledPhoto | LeftOut:
    """The first settings of a photo that can be learnt from, or why there are none."""
    refused: list[LeftOut] = []
    try:
        for document, place in _settings(photo, sidecars):
            found = _learn(document, place, photo, owners)
            if isinstance(found, LabelledPhoto):
                return found
            refused.append(found)
    except (FileError, SidecarError) as error:
        return LeftOut(photo, "unreadable sidecar", str(error))
    refused.sort(key=lambda item: item.unedited)  # an edit that cannot be learnt is an edit all the same
    if refused:
        return _kept(refused[0], keep)
    if (doubt := sidecars.find(photo).doubt) is not None:
        return LeftOut(photo, "ambiguous sidecar", doubt)
    if is_folder(photo):
        return LeftOut(photo, "unreadable folder", f"{photo}: cannot be searched; check its permissions")
    return LeftOut(photo, "no sidecar", sidecars.missing(photo), unedited=True)


def in_catalog(entry: Entry, name: str, keep: Collection[Keep] = ()) -> LabelledPhoto | LeftOut:
    """The edit of a photo that a catalog shows, or why nothing can be learnt from it; as of `EditedPhotos.find`.

    Args:
        entry: of the photo.
        name: the catalog's file name.
        keep: what to learn from all the same.
    """
    name = f"its entry in {name}"
    if entry.document is None:
        return LeftOut(entry.photo, "unreadable in the catalog", f"{entry.photo}: {name}: {entry.trouble}")
    found = _labelled(entry.document, name, entry.photo)
    return found if isinstance(found, LabelledPhoto) else _kept(found, keep)


def _kept(left_out: LeftOut, keep: Collection[Keep]) -> LabelledPhoto | LeftOut:
    """A photo that nobody has edited, where such are to be learnt from."""
    if left_out.kind != UNEDITED or "unedited" not in keep:
        return left_out
    beside = {slider.key: slider.default for slider in FURTHER if not slider.hdr}
    nothing = np.zeros(len(SLIDERS), np.float32)
    return LabelledPhoto(left_out.path, nothing, hdr=False, edited=False, further=beside, balance=AS_SHOT)


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
    """The sliders that one document holds, where they can be learnt from, or why they cannot; in HDR or SDR."""
    if (whose := _other_owner(document, place, photo, owners)) is not None:
        return LeftOut(photo, "sidecar of another file", f"{photo}: {place.name} belongs to {whose}")
    return _labelled(document, place.name, photo)


def _labelled(document: Document, name: str, photo: Path) -> LabelledPhoto | LeftOut:
    """The sliders that a document holds that is called `name`, or why they cannot be learnt."""
    edit = labels_in(document, name)
    if edit.kind is not None:
        return LeftOut(photo, edit.kind, f"{photo}: {edit.reason}", unedited=not edit.edited)
    idle: frozenset[str] = NO_COLOUR if converted(document) else frozenset()
    if idle.issuperset(edit.values):
        reason = f"{photo}: {name} is black and white, and sets none of the sliders that then do something"
        return LeftOut(photo, "edited without the eight sliders", reason)
    values = [np.nan if slider.key in idle else edit.values.get(slider.key, np.nan) for slider in SLIDERS]
    return LabelledPhoto(
        photo,
        to_scaled(values).astype(np.float32),
        edit.hdr,
        edit.corrected,
        headroom=edit.headroom,
        black_and_white=black_and_white(document),
        further=edit.further,
        balance=edit.balance,
        tools=tools_of(document),
    )


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
