"""Makes a page: the pictures of one photo after another, by any thread, and the file that shows them."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autohdr.codes import Code
from autohdr.develop import NAME, VERSION, Scene
from autohdr.errors import AutohdrError, FileError
from autohdr.raw.decode import decode
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.scene import scene_of
from autohdr.review.entry import SHOWN, Entry, Names, taken
from autohdr.review.folder import INDEX, PICTURES, Folder
from autohdr.review.index_html import index_html
from autohdr.review.pictures import Light, make
from autohdr.review.standing import Standing
from autohdr.run.state.journal import Stamp
from autohdr.run.stop import Stop
from autohdr.shot.shot import Shot
from autohdr.style.confidence.doubt import NOTICEABLE


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Holds a photo as a run has decoded it: what its pictures are made of."""

    light: Scene | Light
    """The photo's light at the size of the large pictures; in half precision where it has to wait."""
    shot: Shot


@dataclass(slots=True)
class PageMaker:
    """Makes the page of one run. Photos are shown by any thread."""

    folder: Folder
    decoder: Decoder
    stop: Stop
    """What a full disk stops."""
    pixels: int
    """Longer edge of the large pictures."""
    entries: dict[Path, Entry] = field(default_factory=dict)
    """What is done."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, photo: Path, standing: Standing, seen: Seen | None = None, **facts: Any) -> Entry | None:
        """Makes the pictures of a photo, unless an earlier page has them.

        Args:
            photo: the RAW file.
            standing: the settings to show.
            seen: the photo, decoded; it is decoded here where nobody has.
            facts: what else an `Entry` tells.

        Returns:
            What the page tells of it; None where the disk is full.
        """
        entry = Entry(photo, standing.whose, standing.settings, **facts)
        try:
            entry = self._pictured(entry, seen)
        except Exception as error:
            if self.stop.by(error):
                return None
            entry = failed(photo, error)
        return self.add(entry)

    def add(self, entry: Entry) -> Entry:
        """Notes what is told of a photo."""
        with self._lock:
            self.entries[entry.path] = entry
        return entry

    def _pictured(self, entry: Entry, seen: Seen | None) -> Entry:
        assert entry.settings is not None, "without settings there is nothing to show"
        wanted = Names.of(entry.path, _stamp(entry.path), entry.settings, self.pixels)
        names = wanted.files()
        earlier = self.folder.earlier.get(names["after"])
        if earlier is not None and self.folder.has(names.values()):
            return _as_before(entry, earlier, names)
        if seen is None:
            frame = decode(entry.path, self.decoder)
            seen = Seen(scene_of(frame, self.pixels), frame.shot)
        light = seen.light.full() if isinstance(seen.light, Light) else seen.light
        made = make(light, entry.settings, small=wanted.small)
        for name, data in {names[kind]: data for kind, data in made.files.items()}.items():
            if not self.folder.has([name]):
                self.folder.put(name, data)
        entry = replace(entry, captured=seen.shot.captured, taken=taken(seen.shot))
        return replace(entry, pictures=names, width=made.width, height=made.height, change=made.change)

    def finish(self, found: list[Path]) -> Path:
        """Writes the page of what is done. Photos that were not reached stand in it as an earlier page shows them.

        Args:
            found: all photos of the shoot, in order.

        Returns:
            The page's file.

        Raises:
            FileError: it cannot be written; an earlier page is as it was.
        """
        done = [self.entries[photo] for photo in found if photo in self.entries]
        while True:
            shown = [entry.to_dict(self.folder.places) for entry in done] + self._not_reached(found, done)
            names = {name for photo in shown for name in photo["pictures"].values()}
            try:
                self.folder.finish(index_html(self._data(shown)), names)
            except FileError as error:
                # On a full disk, the last pictures make room for the page that shows the others.
                if not self.stop.by(error) or not done:
                    raise
                left = done.pop()
                self.entries.pop(left.path)
                self.folder.discard(left.pictures.values())
                continue
            return self.folder.path / INDEX

    def _not_reached(self, found: list[Path], done: list[Entry]) -> list[dict[str, Any]]:
        """What an earlier page tells of photos that this run did not get to."""
        if not self.folder.earlier:
            return []
        reached = {entry.path for entry in done}
        missing = [Entry(photo).to_dict(self.folder.places) for photo in found if photo not in reached]
        wanted = {(one["folder"], one["name"]) for one in missing}
        return [one for one in self.folder.earlier.values() if (one.get("folder"), one.get("name")) in wanted]

    def _data(self, shown: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "title": self.folder.title,
            "shoot": self.folder.shoot,
            "version": version("autohdr"),
            "approximation": f"{NAME}, version {VERSION}",
            "folder": PICTURES,
            "sliders": SHOWN,
            "noticeable": NOTICEABLE,
            "photos": shown,
        }


def failed(photo: Path, error: Exception) -> Entry:
    """Makes the entry of a photo that cannot be shown; a bug of ours is called one, and the others go on all the
    same."""
    if isinstance(error, AutohdrError):
        return Entry(photo, failed=str(error), code=error.code)
    reason = f"{photo}: {type(error).__name__}: {error}; this is a bug, please report it"
    return Entry(photo, failed=reason, code=Code.BUG)


def _stamp(path: Path) -> Stamp | None:
    try:
        return Stamp.of(path)
    except OSError:  # reading it will say what is wrong
        return None


def _as_before(entry: Entry, earlier: Mapping[str, Any], names: Mapping[str, str]) -> Entry:
    """An entry with the pictures that are there already."""
    keys = ("width", "height", "change", "captured")
    told = {key: earlier[key] for key in keys}
    return replace(entry, pictures=names, taken=tuple(earlier["taken"]), **told)
