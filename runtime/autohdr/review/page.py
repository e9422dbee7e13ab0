"""`autohdr.page`: shows a whole shoot as it is edited now, before and after."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, get_args

from autohdr.codes import Code
from autohdr.errors import AutohdrError, SettingsError
from autohdr.raw.decode import open_decoder
from autohdr.raw.discover import find_photos
from autohdr.review.entry import Entry
from autohdr.review.folder import Folder
from autohdr.review.page_maker import PageMaker, failed
from autohdr.review.remembered import Remembered
from autohdr.review.standing import standing
from autohdr.run.arguments import check_choice, check_counts, check_paths, refuse_catalogs
from autohdr.run.stages.ordered import ordered_map
from autohdr.run.stop import Stop
from autohdr.sidecar import Owners
from autohdr.system.processors import processors
from autohdr.words import PIXELS, PIXELS_FROM, PIXELS_TO, DecoderName


@dataclass(frozen=True, slots=True)
class Review:
    """Tells of a page that was made."""

    index: Path | None
    """The file to open in a browser; None where there is nothing to show."""
    entries: list[Entry]
    """The page's photos, in the order in which they were found."""
    photos: int
    """How many were found."""
    seconds: float
    stopped: str | None = None
    """Why the run ended before all of them were shown, in one sentence."""

    @property
    def failed(self) -> int:
        """Counts the photos that could not be shown."""
        return sum(entry.failed is not None for entry in self.entries)

    @property
    def not_done(self) -> int:
        """Counts the photos that were not begun, because the run was stopped."""
        return self.photos - len(self.entries)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON: what `autohdr page --json` prints last."""
        code = Code.STOPPED if self.not_done else Code.SOME_FAILED if self.failed else Code.DONE
        return {
            "code": code,
            "page": None if self.index is None else str(self.index),
            "photos": self.photos,
            "shown": len(self.entries) - self.failed,
            "failed": self.failed,
            "not_done": self.not_done,
            "stopped": self.stopped,
            "seconds": round(self.seconds, 3),
        }


def page(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    decoder: DecoderName = "auto",
    pixels: int = PIXELS,
    threads: int | None = None,
    stop: threading.Event | None = None,
    on_start: Callable[[int], None] = lambda photos: None,
    on_entry: Callable[[Entry], None] = lambda entry: None,
) -> Review:
    """Make a page of a shoot: each photo before and after the develop settings that stand in its sidecar or DNG now.

    Nothing is written beside the photos. The pictures are an approximation of Camera Raw (`autohdr.develop`).

    Args:
        paths: RAW files, and folders that are searched in depth; or a single one of them.
        out: the folder of the page: empty, to be made, or an earlier page of the same shoot, which is brought up to
            date.
        decoder: what reads RAW files, as in `autohdr.label`.
        pixels: the longer edge of the large pictures; 128 to 4096.
        threads: threads that decode and develop; None for one a core.
        stop: an event; once it is set, no other photo is begun, and the page shows what is done.
        on_start: told the number of photos found.
        on_entry: told of each photo, in order.

    Raises:
        SettingsError: a path does not exist, a setting is impossible, `out` holds something else or lies in the shoot,
            or another run writes into it.
        FileError: the page cannot be written.
    """
    threads = threads if threads is not None else processors()
    named = check_paths(paths)
    refuse_catalogs(named, "page")
    check_counts(threads=threads, pixels=pixels)
    if not PIXELS_FROM <= pixels <= PIXELS_TO:
        raise SettingsError(f"pixels is {pixels}; expected {PIXELS_FROM} to {PIXELS_TO}")
    check_choice("decoder", decoder, get_args(DecoderName))
    if not isinstance(out, str | os.PathLike):
        raise SettingsError(f"out is {out!r}; expected a path")
    begun = time.perf_counter()
    photos = find_photos(named)
    folder = Folder(Path(out), named)
    on_start(len(photos))
    if not photos:
        return Review(None, [], 0, time.perf_counter() - begun)
    stopping = Stop(stop or threading.Event())
    made = PageMaker(folder, open_decoder(decoder), stopping, pixels)
    with folder.alone():
        folder.make()
        with contextlib.closing(Remembered(named)) as remembered:
            for entry in _shown(made, photos, threads, remembered):
                on_entry(entry)
        index = made.finish(photos)
    entries = [made.entries[photo] for photo in photos if photo in made.entries]
    reason = stopping.reason if len(entries) < len(photos) else None
    return Review(index, entries, len(photos), time.perf_counter() - begun, reason)


def _shown(made: PageMaker, photos: list[Path], threads: int, remembered: Remembered) -> Iterator[Entry]:
    """The entries of the photos, in order, as long as nothing stops the run."""
    owners = Owners()
    wanted = takewhile(lambda photo: not made.stop.now, photos)
    owned = ((photo, owners.owner(photo) == photo) for photo in wanted)

    def show(photo_and_owns: tuple[Path, bool]) -> Entry | None:
        photo, owns = photo_and_owns
        if made.stop.now:
            return None
        try:
            now = standing(photo, owns)
        except AutohdrError as error:
            return made.add(failed(photo, error))
        return made.show(photo, now, **remembered.expected(photo, now.document))

    with ThreadPoolExecutor(threads, "page") as pool:
        for entry in ordered_map(pool, show, owned, ahead=2 * threads):
            if entry is not None:
                yield entry
