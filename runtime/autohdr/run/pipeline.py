"""The pipeline: photos are read and prepared by threads, labelled in batches, and their sidecars written.

    find -> [check sidecar, read, decode, prepare]* -> batch -> network -> [merge and write sidecar] -> Report
             threads                                            this thread  one thread

Each stage hands over a bounded number of photos, so memory does not grow with the shoot. The order of the results is
that of the photos, however many threads there are.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.network import Network, open_network
from autohdr.errors import AutohdrError, SettingsError
from autohdr.raw.decode import DecoderName, decode, open_decoder
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.discover import find_photos
from autohdr.raw.prepare import prepare_frame
from autohdr.run.ordered import ordered_map
from autohdr.run.report import Report, Result
from autohdr.sidecar import Existing, apply, plan, refusal, sidecar_path
from autohdr.sliders import settings
from autohdr.spec import InputSpec

BATCH = 8
"""Photos that go to the network at once, unless told."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A photo on its way to the network, or one that has ended already."""

    photo: Path
    pixels: NDArray[np.float32] | None = None
    decoder: str | None = None
    ended: Result | None = None


def label(
    paths: Iterable[str | os.PathLike[str]],
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
        paths: RAW files, and folders that are searched in depth.
        model: an `.onnx` of autohdr's or a folder that holds one; None for the embedded default.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto` for the best that can run.
        decoder: `libraw`, `flashraw`, or `auto`: the fast one where it is installed and LibRaw agrees with it.
        existing: what to do with a photo that has develop settings that are not ours: `skip` it, `fill` in what is
            missing, or `replace` our eight sliders and the HDR mode.
        workers: threads that decode; None for one a core.
        batch: photos that go to the network at once. The results do not depend on it.
        dry_run: predict, but write nothing.
        on_start: told the number of photos found.
        on_result: told of each photo as it ends, in order.

    Raises:
        SettingsError: a path does not exist, or a number is impossible.
        ModelError: the model is missing, not ours, or from a newer version.
        EngineError: the engine cannot run here.
    """
    workers = workers if workers is not None else os.cpu_count() or 1
    if workers < 1 or batch < 1:
        raise SettingsError(f"workers is {workers} and batch is {batch}; expected 1 or more")
    begun = time.perf_counter()
    opened = open_decoder(decoder)
    photos = find_photos(paths)
    on_start(len(photos))
    results: list[Result] = []
    with open_network(Path(model) if model is not None else None, engine) as network:
        for result in _results(network, opened, photos, existing, workers, batch, dry_run):
            results.append(result)
            on_result(result)
        return Report(results, time.perf_counter() - begun, network.engine.describe(), network.describe())


def _results(
    network: Network, decoder: Decoder, photos: list[Path], existing: Existing, workers: int, batch: int, dry_run: bool
) -> Iterator[Result]:
    prepare_one = partial(_prepare, decoder=decoder, spec=network.info.spec, existing=existing)
    write_one = partial(_write, model=network.label, existing=existing, dry_run=dry_run)
    with ThreadPoolExecutor(workers, "decode") as decoders, ThreadPoolExecutor(1, "write") as writer:
        prepared = ordered_map(decoders, prepare_one, _owners(photos), ahead=2 * workers)
        yield from ordered_map(writer, write_one, _predicted(network, prepared, batch), ahead=2 * batch)


def _owners(photos: list[Path]) -> Iterator[tuple[Path, Path]]:
    """Each photo with the one that its sidecar belongs to: the first of those that share its name."""
    owners: dict[str, Path] = {}
    for photo in photos:
        yield photo, owners.setdefault(str(photo.with_suffix("")).casefold(), photo)


def _prepare(photo_and_owner: tuple[Path, Path], decoder: Decoder, spec: InputSpec, existing: Existing) -> _Prepared:
    photo, owner = photo_and_owner
    if photo != owner:
        shared = f"{photo} shares its sidecar with {owner.name}, which comes first; give one of them another name"
        return _Prepared(photo, ended=Result(photo, "skipped", reason=shared))
    try:
        reason = refusal(photo, existing)
        if reason is not None:
            return _Prepared(photo, ended=Result(photo, "skipped", sidecar=sidecar_path(photo), reason=reason))
        frame = decode(photo, decoder)
        return _Prepared(photo, prepare_frame(frame, spec), frame.decoder)
    except Exception as error:
        return _Prepared(photo, ended=_failed(photo, error))


def _predicted(
    network: Network, prepared: Iterable[_Prepared], batch: int
) -> Iterator[tuple[_Prepared, dict[str, float] | None]]:
    """Each photo with its sliders, in order; None for those that have ended already."""
    waiting: list[_Prepared] = []
    for item in prepared:
        waiting.append(item)
        if len(waiting) >= batch:
            yield from _predict(network, waiting)
            waiting = []
    yield from _predict(network, waiting)


def _predict(network: Network, photos: list[_Prepared]) -> Iterator[tuple[_Prepared, dict[str, float] | None]]:
    pixels = [photo.pixels for photo in photos if photo.pixels is not None]
    sliders = iter(network.predict(np.stack(pixels)) if pixels else ())
    for photo in photos:
        yield photo, settings(next(sliders)) if photo.pixels is not None else None


def _write(item: tuple[_Prepared, dict[str, float] | None], model: str, existing: Existing, dry_run: bool) -> Result:
    prepared, sliders = item
    if sliders is None:
        assert prepared.ended is not None
        return prepared.ended
    photo = prepared.photo
    try:
        edit = plan(photo, sliders, model, existing)
        if edit.action == "skip":
            return Result(photo, "skipped", sidecar=edit.path, reason=edit.reason)
        if not dry_run:
            apply(edit)
        return Result(photo, "labelled", sliders, edit.path, decoder=prepared.decoder)
    except Exception as error:
        return _failed(photo, error)


def _failed(photo: Path, error: Exception) -> Result:
    """One bad file never stops the others, not even through a bug of ours; but then it is called one."""
    if isinstance(error, AutohdrError):
        return Result(photo, "failed", reason=str(error))
    return Result(photo, "failed", reason=f"{photo}: {type(error).__name__}: {error}; this is a bug, please report it")
