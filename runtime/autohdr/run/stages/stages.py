"""The stages that a photo passes on its way from a file to a sidecar, each in threads of its own."""

import contextlib
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autohdr.codes import Code
from autohdr.errors import AutohdrError, EngineError, ModelError, PhotoError
from autohdr.files.look import is_elsewhere
from autohdr.raw.decode import decode, read_for
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.prepare import Prepared, prepare_decoded, prepare_photo
from autohdr.run.results.report import Result
from autohdr.run.spread.starts import dividing
from autohdr.run.stages.kept import Kept
from autohdr.run.stages.looking import Asked, Looking, groups, one_at_a_time, stamp_of
from autohdr.run.stages.ordered import ordered_map, ordered_within
from autohdr.run.stages.photo import Photo, failed, skipped
from autohdr.run.stages.together import Agreement, completed, divided, held
from autohdr.run.state.journal import Entry, Journal
from autohdr.run.stop import Stop
from autohdr.series.glance import glance
from autohdr.sidecar import Edit, Owners, apply, plan
from autohdr.sidecar.settings.further import without_balance
from autohdr.sidecar.settings.marks import Mark
from autohdr.sidecar.settings.spoken import spoken
from autohdr.sliders import by_key, settings
from autohdr.style.confidence.doubt import difference_of, to_check
from autohdr.style.predict import Answer, Predictor
from autohdr.style.view import View
from autohdr.words import Existing, Naming

if TYPE_CHECKING:
    from autohdr.review.alongside import Alongside
    from autohdr.review.page_maker import Seen

READ_AHEAD = 4
"""Files that are read before a thread is free to decode them: a disk and the cores then work at the same time."""
REQUESTS = 16
"""Objects that are asked for at once, as each answer takes its time; of files on disks, one is read after the other."""
READ_BYTES = 256 << 20
"""Bytes of objects that are read before a thread is free to decode them."""
BATCHES_AHEAD = 2
"""Batches that are with the network or collected for it: the threads that decode never wait for it."""
LOOK_AHEAD = 100
"""Photos that are looked at before they are read: as many as are told apart together."""
HELD = 2
"""Blocks of photos whose labels are being made to agree, or that are collected for that."""


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
    """The page that shows what becomes of the photos."""
    mark: Mark | None = None
    """The mark that photos get that are worth a look."""
    kept: Kept | None = None
    """What was found in photos in earlier runs; with a page, nothing is asked of it, since a page needs the pixels."""
    _numbers: dict[tuple[Path, str], int] = field(default_factory=dict)
    """The numbers of the series, by folder and first photo."""
    _disk: threading.Lock = field(default_factory=threading.Lock)

    def results(self, photos: Iterable[Path], threads: int, batch: int) -> Generator[Result]:
        """The result of each photo, in order; photos that were not begun when the run was stopped have none."""
        owners = Owners(self.naming)
        wanted = takewhile(lambda photo: not self.stop.now, dividing(photos))
        asked = (Asked(photo, owners.owner(photo), begins=begins) for photo, begins in wanted)
        with threads_of(REQUESTS, "look") as looker:
            looked = ordered_within(looker, self.looking().look_at, groups(asked), lambda some: len(some) / LOOK_AHEAD)
            yield from self.labelled(divided(chain.from_iterable(looked)), threads, batch)

    def looking(self) -> Looking:
        """What looks at photos before they are read, in one run."""
        return Looking(self.journal, self.existing, self.naming, self.embed, self.dry_run, self.stop, self.kept)

    def labelled(self, photos: Iterable[Photo], threads: int, batch: int) -> Generator[Result]:
        """The results of photos that were looked at and are divided into blocks, as of `together.divided`."""
        agreement = Agreement(self._label, self._numbers)
        writers, photos = _writers(iter(photos)) if self.page is None else (1, photos)
        with (
            threads_of(REQUESTS, "read") as reader,
            threads_of(threads, "decode") as decoders,
            ThreadPoolExecutor(1, "answer") as labeller,
            ThreadPoolExecutor(1, "agree") as agreer,
            ThreadPoolExecutor(writers, "write") as writer,
        ):
            opened = ordered_within(reader, self._read, photos, _read_ahead, self._is_ready)
            prepared = ordered_map(decoders, self._prepare, opened, 2 * threads, self._is_ready)
            batches = ordered_map(labeller, self._answer, batched(prepared, batch), ahead=BATCHES_AHEAD)
            blocks = ordered_map(agreer, agreement.make_each, completed(batches), ahead=HELD)
            size = batch if writers == 1 else 1
            some = chain.from_iterable(batched(agreed, size) for agreed in blocks)
            written = ordered_map(writer, self._write_each, some, ahead=2 * batch // size)
            yield from chain.from_iterable(written)

    def agreed(self, photos: Iterable[Photo]) -> Iterator[Photo]:
        """The labels of photos that somebody else has prepared and answered for, in order, divided into blocks as of
        `together.divided`; those of a series agree."""
        agreement = Agreement(self._label, self._numbers)
        return chain.from_iterable(map(agreement.make, held(photos)))

    def written(self, photos: Iterable[Photo]) -> Iterator[Result]:
        """Writes the labels that `agreed` has made; the results come in order."""
        return (result for photo in photos if (result := self._write(photo)) is not None)

    def _is_ready(self, photo: Photo) -> bool:
        """Whether a photo is neither read nor decoded; no other thread is asked to look at it."""
        return photo.ended is not None or (photo.is_known and not self.stop.now)

    def _read(self, photo: Photo) -> Photo:
        if self._is_ready(photo):
            return photo
        if self.stop.now or self.predictor.spec.source != "raw":
            return replace(photo, view=None)
        try:
            key = None if self.kept is None else self.kept.key(photo.path)
            with one_at_a_time(photo.path, self._disk):
                return replace(photo, key=key, view=None, data=read_for(photo.path, self.decoder))
        except Exception as error:
            return photo if self.stop.by(error) else photo.over(error)

    def _prepare(self, photo: Photo) -> Photo:
        if photo.ended is not None or photo.is_known:
            return photo
        if self.stop.now:
            return replace(photo, data=None)
        begun = time.perf_counter()
        try:
            made, seen = self._prepared(photo)
            compared = photo.block > 1 and self.predictor.spec.source == "raw"
            shown = glance(made.pixels, self.predictor.spec) if compared else None
        except Exception as error:
            return photo.over(error)
        seconds = time.perf_counter() - begun
        read_as = replace(photo, data=None, decoder=made.decoder, white_balance=made.white_balance, shot=made.shot)
        return replace(
            read_as, pixels=made.pixels, brightness=made.brightness, glance=shown, seen=seen, seconds=seconds
        )

    def _prepared(self, photo: Photo) -> "tuple[Prepared, Seen | AutohdrError | None]":
        """The network's input, and what a page needs, of one decoding."""
        if self.page is None or self.predictor.spec.source != "raw":
            return prepare_photo(photo.path, self.predictor.spec, self.decoder, photo.data), None
        frame = decode(photo.path, self.decoder, photo.data)
        return prepare_decoded(frame, self.predictor.spec), self.page.seen(frame)

    def _answer(self, photos: list[Photo]) -> list[Photo]:
        if self.stop.device is not None:
            return [replace(photo, pixels=None, view=None) for photo in photos]
        asked = [(photo.pixels, photo.shot) for photo in photos if photo.pixels is not None]
        try:
            views = iter(
                self.predictor.views(np.stack([one for one, _ in asked]), [s for _, s in asked]) if asked else ()
            )
        except EngineError as error:
            if not self.stop.by(error):
                raise
            return [replace(photo, pixels=None, view=None) for photo in photos]
        seen = [photo if photo.pixels is None else self._viewed(photo, next(views)) for photo in photos]
        known = [(photo.view, photo.shot) for photo in seen if photo.view is not None and photo.ended is None]
        answers = iter(self.predictor.answers_to(*map(list, zip(*known, strict=True))) if known else ())
        return [
            photo if photo.view is None or photo.ended is not None else self._answered(photo, next(answers))
            for photo in seen
        ]

    def _viewed(self, photo: Photo, view: View | EngineError) -> Photo:
        if isinstance(view, EngineError):
            return photo.over(PhotoError(f"{photo.path}: {view}"))
        seen = replace(photo, pixels=None, view=view)
        if self.kept is not None and np.isfinite(view.features).all():
            self.kept.keep(seen)
        return seen

    def _answered(self, photo: Photo, answer: Answer) -> Photo:
        if not np.isfinite(answer.scaled).all():
            model = self.predictor.network.model.path
            return photo.over(ModelError(f"{photo.path}: {model} gives no finite sliders for it; use another model"))
        return replace(photo, view=None, answer=answer)

    def _label(self, photo: Photo) -> Photo:
        """The label of a photo that has its answer."""
        answer = photo.answer
        assert answer is not None, "nobody else is asked for one"
        errors = None if answer.error is None else {**by_key(answer.error), **answer.beside.errors}
        sliders = settings(answer.scaled)
        difference = difference_of(errors, photo.brightness, sliders["Exposure2012"])
        note = "; ".join(one for one in (answer.beside.note, answer.note) if one) or None
        told = replace(photo, errors=errors, difference=difference, why=answer.why)
        also = answer.also if photo.shot.kelvin is not None else without_balance(answer.also)
        return replace(told, answer=None, glance=None, sliders=sliders, also=also, note=note)

    def _write_each(self, photos: list[Photo]) -> list[Result]:
        return [*self.written(photos)]

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
                known=photo.looked,
                again=not self.dry_run,
            )
            if edit.refused is not None:
                return photo.finished or skipped(photo.path, edit.path, edit.refused.code, edit.refused.sentence)
            if edit.action == "unchanged":
                return (
                    self._already(photo, edit) if photo.finished is None else self._still(photo, photo.finished, edit)
                )
            kept = None if self.dry_run else apply(edit)
            return self._written(photo, edit, kept)
        except Exception as error:
            return None if self.stop.by(error) else failed(photo.path, error)

    def _still(self, photo: Photo, before: Result, edit: Edit) -> Result:
        """The result of a photo that an earlier run has finished, and whose series is as it was then, or is larger."""
        if before.series != photo.series:
            self._note(photo, edit)
        return replace(before, series=photo.series)

    def _already(self, photo: Photo, edit: Edit) -> Result:
        """The result of a photo that has this label, which nobody has noted: of a run with other settings, say."""
        self._note(photo, edit)
        already = skipped(photo.path, edit.path, Code.LABELLED_ALREADY, "labelled already")
        held = replace(already, sliders=dict(edit.values), hdr=edit.hdr, marked=edit.marked, series=photo.series)
        read_as = replace(held, decoder=photo.decoder, white_balance=photo.white_balance, seconds=photo.seconds)
        return replace(read_as, errors=photo.errors, difference=photo.difference, why=photo.why)

    def _note(self, photo: Photo, edit: Edit) -> None:
        """Notes that a photo is finished, and under what its picture is known then."""
        if self.dry_run:
            return
        # What is written into the photo itself changes its stamp.
        stamp = photo.stamp if edit.path != photo.path else stamp_of(photo.path)
        if self.kept is not None and photo.key is not None and edit.path == photo.path:
            self.kept.moved(photo.path, photo.key)
        if stamp is not None:
            entry = Entry.make(stamp, _labelled(edit), photo.errors, photo.difference, photo.why, photo.series)
            self.journal.add(photo.path, entry)

    def _written(self, photo: Photo, edit: Edit, kept: Path | None) -> Result:
        self.stop.wrote = True
        self._note(photo, edit)
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
            photo.series,
            spoken(edit.also),
        )
        if self.page is not None:
            self.page.labelled(result, _labelled(edit), photo.seen, edit.note or photo.note)
        return result


def _labelled(edit: Edit) -> bytes:
    """The document that a photo's label stands in."""
    data = edit.original if edit.make is None else edit.data
    assert data is not None, "where there is no document, one is written"
    return data


def _writers(photos: Iterator[Photo]) -> tuple[int, Iterator[Photo]]:
    """How many photos are written at once, as the first says, and all of them: a disk is quickest with one after the
    other, and a server takes long to answer, however many ask."""
    first = next(photos, None)
    if first is None:
        return 1, photos
    return REQUESTS if is_elsewhere(first.path) else 1, chain((first,), photos)


def _read_ahead(photo: Photo) -> float:
    """The share that a photo has of what may be read ahead."""
    if photo.ended is not None or not is_elsewhere(photo.path):
        return 1 / READ_AHEAD
    return max(1 / REQUESTS, (0 if photo.stamp is None else photo.stamp.size) / READ_BYTES)


def batched(photos: Iterable[Photo], size: int) -> Iterator[list[Photo]]:
    """Groups photos into batches of that size; the last batch may be smaller."""
    rest = iter(photos)
    while batch := list(islice(rest, size)):
        yield batch


@contextlib.contextmanager
def threads_of(count: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A thread pool that is waited for, unless the run is broken off: a decoder may take long."""
    pool = ThreadPoolExecutor(count, name)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
