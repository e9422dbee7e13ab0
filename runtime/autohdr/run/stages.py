"""The stages that a photo passes on its way from a file to a sidecar, each in threads of its own."""

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.errors import AutohdrError, EngineError, ModelError, PhotoError
from autohdr.files.whole import remove_leftovers
from autohdr.raw.decode import decode, read
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.frame import WhiteBalanceSource
from autohdr.raw.prepare import Prepared, prepare_decoded, prepare_photo
from autohdr.run.journal import Entry, Journal, Skipped, Stamp
from autohdr.run.ordered import ordered_map
from autohdr.run.report import Result
from autohdr.run.stop import Stop
from autohdr.shot.shot import NOTHING, Shot
from autohdr.sidecar import Document, Edit, Owners, apply, look, plan
from autohdr.sidecar.further import written_in
from autohdr.sidecar.marks import Mark
from autohdr.sidecar.places import Place, places
from autohdr.sidecar.values import Value
from autohdr.sliders import by_key, settings
from autohdr.style.confidence.doubt import difference_of, to_check
from autohdr.style.confidence.reason import Reason
from autohdr.style.predict import Answer, Predictor
from autohdr.words import Existing, Naming

if TYPE_CHECKING:
    from autohdr.review.alongside import Alongside
    from autohdr.review.page_maker import Seen

READ_AHEAD = 4
"""Files that are read before a thread is free to decode them: a disk and the cores then work at the same time."""
BATCHES_AHEAD = 2
"""Batches that are with the network or collected for it: the threads that decode never wait for it."""
KEPT = 1 << 20
"""Bytes of a document that is kept, parsed, until its photo is labelled; a larger one is parsed again."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo on its way through the stages.

    Once it has ended, the stages behind let it pass. Where the run stops, it goes on with nothing to show, and nothing
    comes of it.
    """

    path: Path
    stamp: Stamp | None = None
    """Of the file, before it was read."""
    data: bytes | None = None
    """What the file holds, until it is decoded."""
    decoder: str | None = None
    white_balance: WhiteBalanceSource | None = None
    seconds: float | None = None
    """What decoding and preparing it took."""
    pixels: NDArray[np.float32] | None = None
    """(3, size, size), until it is labelled."""
    shot: Shot = NOTHING
    """What its file says beside pixels."""
    brightness: float | None = None
    """As of `Prepared`."""
    seen: "Seen | AutohdrError | None" = None
    """What a page's pictures are made of, where there is a page; or why it cannot show the photo."""
    sliders: dict[str, float] | None = None
    also: Mapping[str, Value] = field(default_factory=dict)
    """What is written beside the sliders and the mode, value by `crs` name."""
    note: str | None = None
    """What to know of it, one sentence."""
    errors: dict[str, float] | None = None
    """Mean absolute error that is to be expected of each slider; None where there is no style."""
    difference: float | None = None
    """L* by which its picture may be expected to differ from the photographer's own, where errors are expected."""
    why: Reason | None = None
    """Which edits its label goes by; None where there is no style."""
    document: Document | None = None
    """Its settings as they were before it was read, where they are not too large to be kept so long."""
    ended: Result | None = None
    skipped: Skipped | None = None
    """What is to be noted of one that was left alone."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages, with what they share."""

    predictor: Predictor
    decoder: Decoder
    journal: Journal
    stop: Stop
    existing: Existing
    naming: Naming
    embed: bool
    dry_run: bool
    page: "Alongside | None" = None
    """Which shows what becomes of the photos."""
    mark: Mark | None = None
    """Which photos get that are worth a look."""
    _tidied: set[Path] = field(default_factory=set)

    def results(self, photos: list[Path], threads: int, batch: int) -> Generator[Result]:
        """The result of each photo, in order; photos that were not begun when the run was stopped have none."""
        owners = Owners(self.naming)
        wanted = takewhile(lambda photo: not self.stop.now, photos)
        owned = ((photo, owners.owner(photo)) for photo in wanted)
        with (
            _threads(1, "read") as reader,
            _threads(threads, "decode") as decoders,
            ThreadPoolExecutor(1, "label") as labeller,
            ThreadPoolExecutor(1, "write") as writer,
        ):
            opened = ordered_map(reader, self._open, owned, ahead=READ_AHEAD)
            prepared = ordered_map(decoders, self._prepare, opened, ahead=2 * threads)
            batches = ordered_map(labeller, self._label, batched(prepared, batch), ahead=BATCHES_AHEAD)
            labelled = chain.from_iterable(batches)
            for result in ordered_map(writer, self._write, labelled, ahead=2 * batch):
                if result is not None:
                    yield result

    def _open(self, photo_and_owner: tuple[Path, Path]) -> Photo:
        path, owner = photo_and_owner
        self._tidy(path.parent)
        place, other = places(path, self.naming, embed=self.embed)
        if path not in (owner, place.path):
            shared = f"{path}: its sidecar belongs to {owner.name}; give one of them another name"
            return Photo(path, ended=Result(path, "skipped", Code.OTHERS_SIDECAR, reason=shared))
        try:
            stamp = _stamp(path)
            if (already := self._finished(path, stamp, place)) is not None:
                return Photo(path, ended=already)
            files = (path, place.path, None if other is None else other.path)
            if (before := self.journal.skipped(path)) is not None and before.holds(files):
                return Photo(path, ended=_skipped(path, place.path, before.code, before.reason))
            # Before they are read: what changes meanwhile is looked at again.
            seen = Skipped.make(files, "", Code.EDITED)
            refused, document = look(path, self.existing, self.naming, embed=self.embed)
            if refused is not None:
                ended = _skipped(path, place.path, refused.code, refused.sentence)
                return Photo(path, ended=ended, skipped=replace(seen, reason=refused.sentence, code=refused.code))
            data = read(path) if self.predictor.spec.source == "raw" else None
            small = document is not None and len(document.data) <= KEPT
            return Photo(path, stamp, data, document=document if small else None)
        except Exception as error:
            return Photo(path, ended=_failed(path, error))

    def _tidy(self, folder: Path) -> None:
        """Removes what runs that were killed have left in a folder, once a run."""
        if not self.dry_run and folder not in self._tidied:
            self._tidied.add(folder)
            remove_leftovers(folder)

    def _finished(self, path: Path, stamp: Stamp | None, place: Place) -> Result | None:
        """The result of a photo that an earlier run has finished, and that nobody has touched since."""
        entry = self.journal.entry(path)
        if entry is None or entry.raw != stamp:
            return None
        data = place.read()
        if data is None or entry != Entry.make(stamp, data):
            return None
        document = Document.parse(data, str(place.path))
        already = ({**document.values(), **written_in(document)}, place.path, "labelled already")
        result = Result(path, "skipped", Code.LABELLED_ALREADY, *already, hdr=document.hdr)
        errors = None if entry.errors is None else dict(entry.errors)
        return replace(result, errors=errors, difference=entry.difference, why=entry.why)

    def _prepare(self, photo: Photo) -> Photo:
        if photo.ended is not None or self.stop.now:
            return replace(photo, data=None)
        begun = time.perf_counter()
        try:
            made, seen = self._prepared(photo)
        except Exception as error:
            return Photo(photo.path, ended=_failed(photo.path, error))
        seconds = time.perf_counter() - begun
        made_of = (made.decoder, made.white_balance, seconds, made.pixels, made.shot, made.brightness, seen)
        return Photo(photo.path, photo.stamp, None, *made_of, document=photo.document)

    def _prepared(self, photo: Photo) -> "tuple[Prepared, Seen | AutohdrError | None]":
        """The network's input, and what a page needs, of one decoding."""
        if self.page is None or self.predictor.spec.source != "raw":
            return prepare_photo(photo.path, self.predictor.spec, self.decoder, photo.data), None
        frame = decode(photo.path, self.decoder, photo.data)
        return prepare_decoded(frame, self.predictor.spec), self.page.seen(frame)

    def _label(self, photos: list[Photo]) -> list[Photo]:
        if self.stop.device is not None:
            return [replace(photo, pixels=None) for photo in photos]
        asked = [(photo.pixels, photo.shot) for photo in photos if photo.pixels is not None]
        try:
            answers = iter(
                self.predictor.answers(np.stack([one for one, _ in asked]), [shot for _, shot in asked])
                if asked
                else ()
            )
        except EngineError as error:
            if not self.stop.by(error):
                raise
            return [replace(photo, pixels=None) for photo in photos]
        return [photo if photo.pixels is None else self._answered(photo, next(answers)) for photo in photos]

    def _answered(self, photo: Photo, answer: Answer | EngineError) -> Photo:
        if isinstance(answer, EngineError):
            return Photo(photo.path, ended=_failed(photo.path, PhotoError(f"{photo.path}: {answer}")))
        if not np.isfinite(answer.scaled).all():
            error = ModelError(
                f"{photo.path}: {self.predictor.network.model.path} gives no finite sliders for it; use another model"
            )
            return Photo(photo.path, ended=_failed(photo.path, error))
        errors = None if answer.error is None else {**by_key(answer.error), **answer.beside.errors}
        sliders = settings(answer.scaled)
        difference = difference_of(errors, photo.brightness, sliders["Exposure2012"])
        told = replace(photo, errors=errors, difference=difference, why=answer.why)
        return replace(told, pixels=None, sliders=sliders, also=answer.also, note=answer.beside.note)

    def _write(self, photo: Photo) -> Result | None:
        result = self._decided(photo)
        if self.page is not None and result is not None and result.status != "labelled":
            self.page.ended(result)
        return result

    def _decided(self, photo: Photo) -> Result | None:
        if photo.skipped is not None and not self.dry_run:
            self.journal.add(photo.path, photo.skipped)
        if photo.ended is not None or photo.sliders is None or self.stop.disk is not None:
            return photo.ended
        try:
            edit = plan(
                photo.path,
                photo.sliders,
                self.predictor.label,
                self.existing,
                self.naming,
                embed=self.embed,
                mode=self.predictor.mode,
                also=photo.also,
                mark=self.mark,
                doubtful=photo.why is not None and to_check(photo.difference, photo.why.unlike),
                known=photo.document,
            )
            if edit.refused is not None:
                return _skipped(photo.path, edit.path, edit.refused.code, edit.refused.sentence)
            kept = None if self.dry_run else apply(edit)
            return self._written(photo, edit, kept)
        except Exception as error:
            return None if self.stop.by(error) else _failed(photo.path, error)

    def _written(self, photo: Photo, edit: Edit, kept: Path | None) -> Result:
        data = edit.original if edit.data is None else edit.data
        assert data is not None, "where there is no document, one is written"
        # What is written into the photo itself changes its stamp.
        stamp = photo.stamp if edit.path != photo.path else _stamp(photo.path)
        if stamp is not None and not self.dry_run:
            self.journal.add(photo.path, Entry.make(stamp, data, photo.errors, photo.difference, photo.why))
        notes = [edit.note, photo.note, kept and f"the original is kept as {kept.name}"]
        result = Result(
            photo.path,
            "labelled",
            Code.LABELLED,
            dict(edit.values),
            edit.path,
            "; ".join(note for note in notes if note) or None,
            photo.decoder,
            photo.white_balance,
            edit.hdr,
            edit.differences,
            photo.seconds,
            photo.errors,
            photo.difference,
            photo.why,
            edit.marked,
        )
        if self.page is not None:
            self.page.labelled(result, data, photo.seen, edit.note or photo.note)
        return result


def batched(photos: Iterable[Photo], size: int) -> Iterator[list[Photo]]:
    """Groups photos into batches of that size; the last batch may be smaller."""
    rest = iter(photos)
    while batch := list(islice(rest, size)):
        yield batch


@contextlib.contextmanager
def _threads(count: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A thread pool that is waited for, unless the run is broken off: a decoder may take long."""
    pool = ThreadPoolExecutor(count, name)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _stamp(path: Path) -> Stamp | None:
    """The stamp of a file; None where reading the file will say what is wrong with it."""
    try:
        return Stamp.of(path)
    except OSError:
        return None


def _failed(path: Path, error: Exception) -> Result:
    """The result of a photo that failed. One bad file never stops the others, not even through a bug of ours; but then
    it is called a bug.
    """
    if isinstance(error, AutohdrError):
        return Result(path, "failed", error.code, reason=str(error))
    reason = f"{path}: {type(error).__name__}: {error}; this is a bug, please report it"
    return Result(path, "failed", Code.BUG, reason=reason)


def _skipped(path: Path, sidecar: Path, code: Code, reason: str) -> Result:
    return Result(path, "skipped", code, sidecar=sidecar, reason=reason)
