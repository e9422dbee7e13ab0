"""The pipeline: photos are read and prepared by threads, labelled in batches, and their sidecars written.

    find -> [check sidecar, read] -> [decode, prepare]* -> batch -> network -> [merge and write sidecar] -> Report
             one thread               threads                       this thread  one thread

Each stage hands over a bounded number of photos, so memory does not grow with the shoot. The order of the results is
that of the photos, however many threads there are.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.network import Network, open_network
from autohdr.errors import AutohdrError, ModelError, SettingsError
from autohdr.raw.decode import DecoderName, open_decoder, read
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.discover import find_photos
from autohdr.raw.frame import WhiteBalanceSource
from autohdr.raw.prepare import prepare_photo
from autohdr.run.ordered import ordered_map
from autohdr.run.report import Report, Result
from autohdr.sidecar import Existing, Owners, apply, check_existing, plan, refusal, sidecar_path
from autohdr.sliders import settings

BATCH = 8
"""Photos that are handed to the engine at once, unless told."""
READ_AHEAD = 4
"""Files that are read before a thread is free to decode them: a disk and the cores then work at the same time."""


def label(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    model: str | os.PathLike[str] | None = None,
    engine: str = "auto",
    decoder: DecoderName = "auto",
    existing: Existing = "skip",
    workers: int | None = None,
    batch: int = BATCH,
    dry_run: bool = False,
    on_start: Callable[[int], None] = lambda photos: None,
    on_result: Callable[[Result], None] = lambda result: None,
) -> Report:
    """Label RAW files: write a sidecar with the eight sliders and the HDR mode beside each.

    Args:
        paths: RAW files, and folders that are searched in depth; or a single one of them.
        model: an `.onnx` of autohdr's or a folder that holds one; None for the embedded default.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto` for the best that can run.
        decoder: `libraw`, `flashraw`, or `auto`: the fast one where it is installed and LibRaw agrees with it.
        existing: what to do with a photo that has develop settings that are not ours: `skip` it, `fill` in what is
            missing, or `replace` our eight sliders and the HDR mode.
        workers: threads that decode; None for one a core.
        batch: photos that are handed to the engine at once. The results do not depend on it.
        dry_run: predict, but write nothing.
        on_start: told the number of photos found.
        on_result: told of each photo as it ends, in order.

    Raises:
        SettingsError: a path does not exist, or a setting is impossible.
        ModelError: the model is missing, not ours, or from a newer version.
        EngineError: the engine cannot run here.
    """
    workers = workers if workers is not None else os.cpu_count() or 1
    if workers < 1 or batch < 1:
        raise SettingsError(f"workers is {workers} and batch is {batch}; expected 1 or more")
    check_existing(existing)
    begun = time.perf_counter()
    opened = open_decoder(decoder)
    photos = find_photos([paths] if isinstance(paths, str | os.PathLike) else paths)
    on_start(len(photos))
    results: list[Result] = []
    with open_network(Path(model) if model is not None else None, engine) as network:
        for result in _Run(network, opened, existing, dry_run).results(photos, workers, batch):
            results.append(result)
            on_result(result)
        return Report(results, time.perf_counter() - begun, network.engine.describe(), network.describe())


@dataclass(frozen=True, slots=True)
class _Photo:
    """A photo on its way through the stages. Once it has ended, the stages behind let it pass."""

    path: Path
    data: bytes | None = None
    """What the file holds, until it is decoded."""
    decoder: str | None = None
    white_balance: WhiteBalanceSource | None = None
    pixels: NDArray[np.float32] | None = None
    """(3, size, size)."""
    sliders: dict[str, float] | None = None
    ended: Result | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """The stages, with what they share."""

    network: Network
    decoder: Decoder
    existing: Existing
    dry_run: bool

    def results(self, photos: list[Path], workers: int, batch: int) -> Iterator[Result]:
        """What came of each photo, in order."""
        owners = Owners()
        owned = ((photo, owners.owner(photo)) for photo in photos)
        with (
            ThreadPoolExecutor(1, "read") as reader,
            ThreadPoolExecutor(workers, "decode") as decoders,
            ThreadPoolExecutor(1, "write") as writer,
        ):
            opened = ordered_map(reader, self._open, owned, ahead=READ_AHEAD)
            prepared = ordered_map(decoders, self._prepare, opened, ahead=2 * workers)
            labelled = self._label(prepared, batch)
            yield from ordered_map(writer, self._write, labelled, ahead=2 * batch)

    def _open(self, photo_and_owner: tuple[Path, Path]) -> _Photo:
        path, owner = photo_and_owner
        if path != owner:
            shared = f"{path}: its sidecar belongs to {owner.name}; give one of them another name"
            return _Photo(path, ended=Result(path, "skipped", reason=shared))
        try:
            reason = refusal(path, self.existing)
            if reason is not None:
                return _Photo(path, ended=Result(path, "skipped", sidecar=sidecar_path(path), reason=reason))
            return _Photo(path, read(path) if self.network.info.spec.source == "raw" else None)
        except Exception as error:
            return _Photo(path, ended=_failed(path, error))

    def _prepare(self, photo: _Photo) -> _Photo:
        if photo.ended is not None:
            return photo
        try:
            prepared = prepare_photo(photo.path, self.network.info.spec, self.decoder, photo.data)
            return _Photo(photo.path, None, prepared.decoder, prepared.white_balance, prepared.pixels)
        except Exception as error:
            return _Photo(photo.path, ended=_failed(photo.path, error))

    def _label(self, prepared: Iterable[_Photo], batch: int) -> Iterator[_Photo]:
        waiting: list[_Photo] = []
        for photo in prepared:
            waiting.append(photo)
            if len(waiting) >= batch:
                yield from self._predict(waiting)
                waiting = []
        yield from self._predict(waiting)

    def _predict(self, photos: list[_Photo]) -> Iterator[_Photo]:
        pixels = [photo.pixels for photo in photos if photo.pixels is not None]
        answers = iter(self.network.predict(np.stack(pixels)) if pixels else ())
        for photo in photos:
            yield photo if photo.pixels is None else self._answered(photo, next(answers))

    def _answered(self, photo: _Photo, scaled: NDArray[np.float32]) -> _Photo:
        if not np.isfinite(scaled).all():
            error = ModelError(f"{photo.path}: {self.network.path} gives no finite sliders for it; use another model")
            return _Photo(photo.path, ended=_failed(photo.path, error))
        return _Photo(photo.path, None, photo.decoder, photo.white_balance, sliders=settings(scaled))

    def _write(self, photo: _Photo) -> Result:
        if photo.ended is not None:
            return photo.ended
        assert photo.sliders is not None, "a photo that has not ended has been labelled"
        try:
            edit = plan(photo.path, photo.sliders, self.network.label, self.existing)
            if edit.action == "skip":
                return Result(photo.path, "skipped", sidecar=edit.path, reason=edit.reason)
            kept = None if self.dry_run else apply(edit)
            notes = [edit.note, kept and f"the original is kept as {kept.name}", _dng_note(photo.path)]
            reason = "; ".join(note for note in notes if note) or None
            return Result(photo.path, "labelled", edit.values, edit.path, reason, photo.decoder, photo.white_balance)
        except Exception as error:
            return _failed(photo.path, error)


def _dng_note(path: Path) -> str | None:
    return "Lightroom ignores a sidecar beside a DNG" if path.suffix.lower() == ".dng" else None


def _failed(path: Path, error: Exception) -> Result:
    """One bad file never stops the others, not even through a bug of ours; but then it is called one."""
    reason = str(error)
    if not isinstance(error, AutohdrError):
        reason = f"{path}: {type(error).__name__}: {error}; this is a bug, please report it"
    return Result(path, "failed", reason=reason)
