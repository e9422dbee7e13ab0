"""Takes back what we did to sidecars: originals come back to the byte, and sidecars that we made go.

The sidecar alone says what was done to it. One with our seal unbroken is as we wrote it, so nothing is lost when it
goes; any other is left alone. Each sidecar changes in a single step, a rename or a removal: whenever this is stopped,
every one is whole, and running it again does the rest. What we put into DNGs goes as `restore_embedded` says.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from autohdr.codes import Code
from autohdr.errors import AutohdrError, SettingsError
from autohdr.files.changing.borrowed import borrowed
from autohdr.files.changing.conditional import move_over, remove
from autohdr.files.changing.leftovers import remove_leftovers
from autohdr.files.look import exists, is_elsewhere, is_folder, is_link, lexists
from autohdr.files.walk import walk
from autohdr.files.whole import next_step, read_bytes
from autohdr.objects.path import named
from autohdr.sidecar.dng.dng_original import kept_originals
from autohdr.sidecar.dng.embedded import restore_embedded
from autohdr.sidecar.names import sidecar_path
from autohdr.sidecar.originals import Original
from autohdr.sidecar.owners import Owners
from autohdr.sidecar.refused import Refused
from autohdr.sidecar.seal import SEAL, is_sealed
from autohdr.sidecar.xmp.document import SIZE_LIMIT, Document
from autohdr.sidecar.xmp.properties import OURS
from autohdr.words import Naming

UndoStatus = Literal["restored", "removed", "left"]
"""restored: the document is the one before our first change; removed: there was none; left: nothing was done."""

_NAME = OURS.partition("//")[2].encode()
_DNG_ORIGINAL = re.compile(r"(.+)_xmp_original\d*", re.DOTALL)
"""What we keep beside a DNG. Originals of sidecars have a point there."""


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What happened to one sidecar or DNG that we wrote into: restored, removed or left."""

    path: Path
    """The sidecar or DNG; or a folder that cannot be searched."""
    status: UndoStatus
    code: Code
    """The code of what came of the file, for programs."""
    reason: str | None = None
    """Why it is left alone, or what of ours it still holds, and where its original is, in one sentence."""


def undo(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    dry_run: bool = False,
    on_result: Callable[[UndoResult], None] = lambda result: None,
) -> list[UndoResult]:
    """Take back what autohdr wrote into sidecars and DNGs. Those that hold nothing of autohdr's are not touched.

    Args:
        paths: RAW files, sidecars, and folders that are searched in depth; or a single one of them. In a folder, all
            sidecars are looked at, whether their RAW files are still there or not, and whichever way they are named.
        dry_run: say what would be done, and do nothing.
        on_result: told of each sidecar or DNG that autohdr wrote into, when it is done.

    Returns:
        One result for each of those, sorted within each of `paths`.

    Raises:
        SettingsError: a path does not exist.
    """
    given = [named(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    for path in given:
        _refuse_missing(path)
    results = []
    for result in _results(given, dry_run):
        results.append(result)
        on_result(result)
    return results


def _refuse_missing(path: Path) -> None:
    try:
        there = lexists(path) or exists(path)  # a link that leads nowhere is there
    except OSError as error:
        step = next_step(error) if is_elsewhere(path) else "check its permissions"
        raise SettingsError(f"{path} cannot be looked at ({error.strerror}); {step}") from error
    if not there:
        raise SettingsError(f"{path} does not exist; expected a RAW file, a sidecar, or a folder of them")


def _results(given: Iterable[Path], dry_run: bool) -> Iterator[UndoResult]:
    """What becomes of each sidecar and DNG that holds something of ours, and of folders that cannot be searched."""
    locked: list[Path] = []
    for path in dict.fromkeys(file for one in given for file in _files(one, dry_run, locked)):
        if (result := _of_any_kind(path, dry_run)) is not None:
            yield result
    for path in dict.fromkeys(locked):
        sentence = f"{path} cannot be searched; unlock it, then run again"
        yield UndoResult(path, "left", Code.UNREADABLE_FOLDER, sentence)


def _files(path: Path, dry_run: bool, locked: list[Path]) -> Iterator[Path]:
    """The sidecars and DNGs that are meant; folders that cannot be searched are added to `locked`."""
    if is_folder(path):
        yield from _search(path, dry_run, locked)
    elif path.suffix.lower() == ".xmp":
        yield path
    else:
        yield path
        own = [naming for naming in get_args(Naming) if Owners(naming).owner(path) == path]
        yield from (found for naming in own if lexists(found := sidecar_path(path, naming)))


def _search(folder: Path, dry_run: bool, locked: list[Path]) -> Iterator[Path]:
    for parent, names in walk(folder, lambda error: locked.append(named(error.filename))):
        if not dry_run:
            remove_leftovers(parent)
        for name in names:
            if Path(name).suffix.lower() == ".xmp":
                yield parent / name
            elif (original := _DNG_ORIGINAL.fullmatch(name)) is not None:
                yield parent / original[1]


def _of_any_kind(path: Path, dry_run: bool) -> UndoResult | None:
    """Undoes one sidecar or DNG; None where it holds nothing of ours."""
    try:
        if path.suffix.lower() == ".xmp":
            return _of_sidecar(path, dry_run)
        if is_elsewhere(path) and not kept_originals(path):  # nothing need be fetched
            return None
        with borrowed(path, kept_originals) as copy:
            restored = restore_embedded(copy.path, dry_run=dry_run)
        return UndoResult(path, "restored", Code.RESTORED) if restored else None
    except AutohdrError as error:
        return UndoResult(path, "left", error.code, str(error))


def _of_sidecar(path: Path, dry_run: bool) -> UndoResult | None:
    """Undoes one sidecar; None where it holds nothing of ours. Raises FileError and SidecarError."""
    data = read_bytes(path, SIZE_LIMIT + 1)
    # Without zeros, UTF-16 and UTF-32 read like UTF-8. Most files end here, and no strange one is parsed.
    if data is None or _NAME not in data.replace(b"\0", b""):
        return None
    document = Document.parse(data, str(path))
    if not _is_labelled(document):
        return None
    refused = _obstacle(path, document)
    if refused is not None:
        return UndoResult(path, "left", refused.code, f"{path}: {refused.sentence}")
    original = Original.find(document)
    label = None if original is None else _label_left(path, original)
    if not dry_run:
        _take_back(path, data, original)
    if original is None:
        return UndoResult(path, "removed", Code.REMOVED)
    return UndoResult(path, "restored", Code.RESTORED if label is None else Code.RESTORED_LABEL, label)


def _is_labelled(document: Document) -> bool:
    return any(key.startswith(f"{{{OURS}}}") for key in document.properties)


def _label_left(path: Path, original: Original) -> str | None:
    """What the photographer should know where the original is a document that we had labelled before, else None."""
    found = Document.read(original.path(path))
    if found is None or not _is_labelled(found):
        return None
    first = None
    # It ends: each is named together with its digest by the one before.
    while found is not None and (earlier := Original.find(found)) is not None and earlier.is_there(path):
        first, found = earlier, Document.read(earlier.path(path))
    where = "" if first is None else f"; its first original is {first.name}"
    return f"{path}: it is your version from before the last run, which still holds a label of autohdr's{where}"


def _obstacle(path: Path, document: Document) -> Refused | None:
    """Why a sidecar is left alone; None where it can be undone."""
    original = Original.find(document)
    if not is_sealed(document):
        changed = (
            "it was changed after autohdr wrote it" if SEAL in document.properties else "it has no seal of autohdr's"
        )
        return Refused(Code.CHANGED_SINCE, f"{changed}, so it is left alone{_where(path, original)}")
    if original is not None:
        if original.is_there(path):
            return None
        gone = f"its original, {original.name}, is gone or has changed, so it is left alone"
        return Refused(Code.NO_ORIGINAL, gone)
    if document.has("Original", OURS):
        unknown = "it names an original of a kind that autohdr does not make, so it is left alone"
        return Refused(Code.NO_ORIGINAL, unknown)
    if is_link(path):
        real = os.path.realpath(path)
        return Refused(Code.LINKED, f"autohdr made the file that this link leads to; undo {real} itself")
    return None


def _where(path: Path, original: Original | None) -> str:
    if original is None or not original.is_there(path):
        return ""
    return f"; its original is {original.name}"


def _take_back(path: Path, data: bytes, original: Original | None) -> None:
    if original is None:
        remove(path, data)
    else:
        move_over(original.path(path), path, data)
