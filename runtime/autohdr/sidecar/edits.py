"""Decides what is done to one photo's sidecar, and writes it afterwards.

`--existing` says what happens to develop settings that are not ours: `skip` leaves such a photo alone, `fill` adds the
sliders that are missing, `replace` overwrites. Ratings, keywords and the like always stay. Settings at Camera Raw's
defaults are nobody's: our eight sliders and the HDR mode take their places.

A document that is not ours to the last byte is kept as it is before anything in it changes, so that it can come back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from autohdr.files.changing import conditional
from autohdr.mode import HDR, Mode
from autohdr.sidecar import originals
from autohdr.sidecar.looked import Looked, look
from autohdr.sidecar.names import owner_extension
from autohdr.sidecar.originals import Original
from autohdr.sidecar.places import Place
from autohdr.sidecar.record import Owner, Record, noted
from autohdr.sidecar.refused import Refused
from autohdr.sidecar.seal import BLANK, SEAL, digest, is_sealed, seal
from autohdr.sidecar.settings.defaults import BOOKKEEPING
from autohdr.sidecar.settings.develop import NOTHING, allowed, beside, develop, mode_note, preset_note
from autohdr.sidecar.settings.further import written_in
from autohdr.sidecar.settings.marks import Mark, is_marked, marking
from autohdr.sidecar.xmp.dates import metadata_date
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.merge import merge
from autohdr.sidecar.xmp.properties import CRS, PHOTOSHOP, number
from autohdr.sidecar.xmp.values import Value, says
from autohdr.sliders import BALANCE, FURTHER, SLIDERS
from autohdr.words import Existing, Naming

_SLIDERS = tuple(slider.key for slider in (*SLIDERS, *BALANCE, *FURTHER))


@dataclass(frozen=True, slots=True)
class Edit:
    """The decision about one photo's settings."""

    place: Place
    """Where they stand: in a sidecar, or inside a DNG."""
    make: Callable[[], bytes] | None
    """Makes the whole new document, once; None where nothing is to be written. One in the place of another is made when
    it is decided about, since it may be refused; who writes nothing needs none of the rest."""
    action: Literal["write", "unchanged", "skip"]
    refused: Refused | None
    """Why the photo is left alone."""
    note: str | None
    """What the photographer should know of an edit that is made, in one sentence."""
    kept: Path | None
    """Where the sidecar is kept before it is replaced; None where there is none, or it is ours alone."""
    original: bytes | None
    """The document that the decision is about; None where there was none."""
    before: Mapping[str, float]
    """The eight sliders, as far as the document held them, in Lightroom's unit; and of further ones, and white balance,
    those that are ours, or that the edit changes."""
    values: Mapping[str, float]
    """The sliders that the document holds once the edit is applied."""
    was_hdr: bool | None
    """Whether it said that the photo is edited as HDR; None where it held no settings."""
    hdr: bool
    """Whether it says so once the edit is applied."""
    also: Mapping[str, Value]
    """What of ours it holds then beside sliders and mode, by `crs` name."""
    marked: bool = False
    """Whether it has a mark of ours then."""

    @property
    def data(self) -> bytes | None:
        """The whole new document; None where nothing is to be written."""
        return None if self.make is None else self.make()

    @property
    def reason(self) -> str | None:
        """Why the photo is left alone, in one sentence; None where it is not."""
        return None if self.refused is None else self.refused.sentence

    @property
    def path(self) -> Path:
        """The file that changes: the sidecar, or the DNG."""
        return self.place.path

    @property
    def differences(self) -> dict[str, tuple[float | None, float | None]]:
        """The sliders that the edit changes: what each was, and what it will be; None where it is not there.

        With `HDREditMode`, 1 for HDR and 0 for SDR, where the edit takes a photo from one to the other.
        """
        pairs = {key: (self.before.get(key), self.values.get(key)) for key in (*self.values, *self.before)}
        if self.was_hdr is not None:
            pairs["HDREditMode"] = (float(self.was_hdr), float(self.hdr))
        return {key: (before, after) for key, (before, after) in pairs.items() if before != after}


def _edit(
    place: Place,
    document: Document | None,
    make: Callable[[], bytes] | None = None,
    *,
    action: Literal["write", "unchanged", "skip"],
    changes: Mapping[str, Value | None] = NOTHING,
    may: Mapping[str, Value | None] = NOTHING,
    refused: Refused | None = None,
    note: str | None = None,
    kept: Path | None = None,
    empty: bytes | None = None,
) -> Edit:
    """An edit of what a document holds. `merge` makes sure that `changes` are all that is new in it."""
    texts = {name: text for name in _SLIDERS if isinstance(text := changes.get(f"{{{CRS}}}{name}"), str)}
    before = {**({} if document is None else document.values()), **written_in(document, texts)}
    new = {name: number(text) for name, text in texts.items()}
    stays = {name: value for name, value in before.items() if changes.get(f"{{{CRS}}}{name}", "") is not None}
    after = {name: value for name in _SLIDERS if (value := new.get(name, stays.get(name))) is not None}
    mode = changes.get(f"{{{CRS}}}HDREditMode")
    hdr = mode == "1" if mode is not None else document is not None and document.hdr
    was_hdr = document.hdr if document is not None and document.settings() else None
    original = empty if document is None else document.data
    also = beside({name: value for name, value in may.items() if value is not None})
    marked = is_marked(document, changes)
    return Edit(place, make, action, refused, note, kept, original, before, after, was_hdr, hdr, also, marked)


def plan(
    photo: Path,
    settings: Mapping[str, float],
    model: str,
    existing: Existing = "skip",
    naming: Naming = "adobe",
    *,
    embed: bool = False,
    mode: Mode = HDR,
    also: Mapping[str, Value] = NOTHING,
    mark: Mark | None = None,
    doubtful: bool = False,
    known: Looked | None = None,
    again: bool = True,
) -> Edit:
    """What to do to the settings of a photo; writes nothing.

    Args:
        photo: the RAW file.
        settings: value by `crs` key in Lightroom's unit.
        model: name and version of the model that predicted them.
        existing: what to do where the photo has develop settings that are not ours.
        naming: whose way of naming sidecars to follow.
        embed: write into a DNG, where Lightroom looks for its settings, instead of beside it.
        mode: what the sliders were learnt in.
        also: what is written beside them, as `develop` takes it.
        mark: how photos that are worth a look are marked; None where no mark is set or taken away.
        doubtful: whether this one is worth a look.
        known: what `look` found; it is not parsed again where the file still holds the same bytes.
        again: whether files are looked at again, for what has changed since; False where nothing is to be written.

    Raises:
        FileError: the sidecar or the DNG cannot be read.
        SettingsError: `existing` or `naming` is not one of the choices.
        SidecarError: the sidecar or what the DNG holds is not an XMP document, or cannot be changed safely.
        ValueError: `settings` or `also` is not what `develop` takes.
    """
    looked = known
    if looked is None or again:
        before = None if looked is None else looked.document
        looked = look(photo, existing, naming, embed=embed, known=before)
    place, document = looked.place, looked.document
    wanted = develop(settings, mode, also)
    if looked.refused is not None:
        return _edit(place, document, action="skip", refused=looked.refused)
    marks: Mapping[str, Value | None] = {} if mark is None else marking(document, mark, doubtful=doubtful)
    if document is None:
        return _new(place, photo, wanted, model, looked.held, marks)
    return _change(place, document, looked.whose, wanted, model, existing, also.get("ProcessVersion"), marks)


def apply(edit: Edit) -> Path | None:
    """Writes what was planned, if anything. What was there is kept beside it first, as `IMG_1.xmp_original`.

    Returns:
        Where the original is kept; None where it is not.

    Raises:
        FileError: the file cannot be written; it is left as it is.
        SidecarError: the settings have changed since it was planned; they are left as they are.
    """
    if (data := edit.data) is None:
        return None
    if edit.kept is None:
        return edit.place.write(data, edit.original)
    assert edit.original is not None, "only an existing sidecar is kept"
    conditional.replace(edit.path, data, edit.original, edit.kept)
    return edit.kept


def _new(
    place: Place,
    photo: Path,
    wanted: dict[str, Value],
    model: str,
    empty: bytes | None,
    marks: Mapping[str, Value | None],
) -> Edit:
    """The edit of a photo that has no settings yet; `empty` is what stands in their place, if anything."""
    properties = {**_properties(wanted, Record.make(None, model, noted(_recorded(wanted)))), **marks}
    if place.keeps:
        make = _once(lambda: merge(place.blank, properties))
        return _edit(place, None, make, action="write", changes=properties, may=wanted, empty=empty)
    whose = {f"{{{PHOTOSHOP}}}SidecarForExtension": owner_extension(photo)}
    kept, note = None, None
    if empty is not None:  # it holds nothing, and yet it is not ours
        kept = originals.place(place.path, empty)
        properties |= Original(kept.name, digest(empty)).properties()
        note = f"{place.path.name} was empty"
    make = _once(lambda: seal(merge(place.blank, {**whose, **properties, SEAL: BLANK})))
    edit = _edit(place, None, make, action="write", changes=properties, may=wanted, note=note, empty=empty)
    return replace(edit, kept=kept)


def _once(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What makes a document the first time that it is asked for."""
    made: list[bytes] = []

    def get() -> bytes:
        if not made:
            made.append(make())
        return made[0]

    return get


def _change(
    place: Place,
    document: Document,
    whose: Owner,
    wanted: dict[str, Value],
    model: str,
    existing: Existing,
    needs: Value | None,
    marks: Mapping[str, Value | None],
) -> Edit:
    """The edit of settings that are there and may be changed; `needs` as of `allowed`."""
    earlier = Record.find(document) if whose == "autohdr" else None
    ours = earlier.wrote if earlier is not None else {}
    may = allowed(wanted, document, whose, ours, existing, needs)
    notes = (mode_note(wanted, may, document), preset_note(wanted, may, document, needs))
    note = "; ".join(one for one in notes if one) or None
    stay = {name: value for name, value in ours.items() if name not in may or may[name] is not None}
    record = Record.make(document, model, {**stay, **noted(_recorded(may))}, may.keys())
    changes = {**_properties(may, record), **marks}
    if _says(document, changes):
        return _edit(place, document, action="unchanged", note=note, may=may)
    changes |= metadata_date(document)
    if place.keeps:
        data = merge(document, changes, str(place.path))
        return _edit(place, document, lambda: data, action="write", changes=changes, may=may, note=note)
    foreign = any(document.has(name) for name in _recorded(may).keys() - ours.keys())
    kept = None
    if not _may_go(place.path, document, foreign):
        kept = originals.place(place.path, document.data)
        changes |= Original(kept.name, digest(document.data)).properties()
    data = seal(merge(document, {**changes, SEAL: BLANK}, str(place.path)))
    return _edit(place, document, lambda: data, action="write", changes=changes, may=may, note=note, kept=kept)


def _may_go(path: Path, document: Document, foreign: bool) -> bool:
    """Whether a document can be replaced without being kept: every byte of it is ours.

    Where values in it that are not ours will be overwritten (`foreign`), they must stand in its own original.
    """
    if not is_sealed(document):
        return False
    original = Original.find(document)
    return not foreign or (original is not None and original.is_there(path))


def _says(document: Document, changes: Mapping[str, Value | None]) -> bool:
    """Whether nothing has to be changed. Then the date and the seal stay too, so that a second run writes nothing."""
    found = document.properties
    return all((key in found) == (value is not None) for key, value in changes.items()) and all(
        says(found[key], value) for key, value in changes.items() if value is not None
    )


def _recorded(wanted: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Our settings that make up the edit, by name, and None for each that goes."""
    return {name: value for name, value in wanted.items() if name not in BOOKKEEPING or name == "ProcessVersion"}


def _properties(wanted: Mapping[str, Value | None], record: Record) -> dict[str, Value | None]:
    """Settings and record in Clark notation."""
    return {**{f"{{{CRS}}}{name}": value for name, value in wanted.items()}, **record.properties()}
