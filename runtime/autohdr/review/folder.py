"""Writes into the folder of a page: an empty one, or one that holds an earlier page of the same shoot.

Pictures have names that say what is in them, and are never overwritten; `index.html` is replaced in one step at the
end. So whoever opens it, at any moment, sees the whole page of the run before or of this one.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autohdr.errors import SettingsError
from autohdr.files.folders import make_folder, refuse_impossible, state_folder
from autohdr.files.look import identity, is_elsewhere
from autohdr.files.whole import failure, write_atomically
from autohdr.objects.path import named as path_of
from autohdr.review.index_html import DATA, TITLE
from autohdr.review.places import Places, name_of
from autohdr.run.state.lock import hold

INDEX = "index.html"
PICTURES = "pictures"


class Folder:
    """Reads and writes the folder of a page."""

    def __init__(self, path: Path, named: Sequence[Path], flag: str = "--out") -> None:
        """Opens a folder that is empty, not there yet, or the page of the same shoot; writes nothing.

        Args:
            path: the folder.
            named: the files and folders that the shoot was named by.
            flag: the option that named the folder, for messages.

        Raises:
            SettingsError: it holds something else, or lies in the shoot.
        """
        self.path = path
        self.places = Places(named, path)
        self._shoot = sorted({identity(one) for one in named})
        self.earlier: dict[str, dict[str, Any]] = {}
        """What an earlier page holds of each photo, by the name of its picture."""
        self._flag = flag
        refuse_impossible(path, flag)
        self._refuse_inside(named)
        if path.is_dir() and not _is_unfinished(path):
            self._open()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other runs out of the folder for a block: each removes the pictures that its own page does not show.

        Raises:
            SettingsError: another run is in it.
        """
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):  # without a place for locks, nobody can be kept out
                held.enter_context(hold([Path(os.path.realpath(self.path))], state_folder()))
            yield

    def make(self) -> None:
        """Makes the folder, where it is not there.

        Raises:
            SettingsError: the system refuses.
        """
        make_folder(self.path / PICTURES, self._flag)

    def has(self, names: Collection[str]) -> bool:
        """Tells whether these pictures are there."""
        with contextlib.suppress(OSError):
            return all((self.path / PICTURES / name).stat().st_size > 0 for name in names)
        return False

    def put(self, name: str, data: bytes) -> None:
        """Writes a picture whole.

        Raises:
            FileError: the system refuses; nothing is left.
        """
        path = self.path / PICTURES / name
        # Not synchronised to the disk, as settings are: a page can be made again, and four a photo would take long.
        temporary = path.with_name(f".autohdr-{secrets.token_hex(8)}.tmp")
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise failure(path, "written", error) from error

    def discard(self, names: Iterable[str]) -> None:
        """Removes pictures, as far as that is possible, that no earlier page shows."""
        shown = {name for photo in self.earlier.values() for name in photo["pictures"].values()}
        for name in set(names) - shown:
            with contextlib.suppress(OSError):
                (self.path / PICTURES / name).unlink()

    @property
    def shoot(self) -> str:
        """Returns what tells the page of this shoot from another's: a digest of where it lies."""
        return hashlib.sha256(os.fsencode("\0".join(self._shoot))).hexdigest()[:32]

    @property
    def title(self) -> str:
        """Returns the title of the page: the name of the shoot's folder."""
        first = path_of(self._shoot[0])
        more = len(self._shoot) - 1
        return f"{name_of(first)}{f' and {more} more' if more else ''}"

    def finish(self, html: bytes, names: Collection[str]) -> None:
        """Puts the page in its place, and removes the pictures that it does not show.

        Raises:
            FileError: the system refuses; the page of before is as it was.
        """
        write_atomically(self.path / INDEX, html)
        self.sweep(names)

    def sweep(self, names: Collection[str]) -> None:
        """Removes the pictures of all but these names."""
        kept = set(names)
        with contextlib.suppress(OSError):
            for path in list((self.path / PICTURES).iterdir()):
                if path.name not in kept and _is_ours(path.name):
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _refuse_inside(self, named: Sequence[Path]) -> None:
        where = Path(os.path.realpath(self.path))
        for one in named:
            if is_elsewhere(one):
                continue
            root = Path(os.path.realpath(one if one.is_dir() else one.parent))
            if where == root or (one.is_dir() and where.is_relative_to(root)):
                raise SettingsError(
                    f"{self._flag} {self.path} lies in the shoot, where programs would take its pictures for photos; "
                    "name a folder outside of it"
                )

    def _open(self) -> None:
        """Reads an earlier page of the same shoot."""
        data = _data(self.path / INDEX)
        if data is None:
            raise SettingsError(f"{self._flag} {self.path} holds other files; name an empty folder, or one to be made")
        if data.get("shoot") != self.shoot:
            title = data.get("title") or "no name"
            raise SettingsError(f"{self._flag} {self.path} is the page of another shoot, {title}; name another folder")
        for photo in data["photos"]:
            if _is_whole(photo) and photo["pictures"]:
                self.earlier[photo["pictures"]["after"]] = photo


def _is_unfinished(folder: Path) -> bool:
    """Whether a folder holds nothing, or what a run has left that was killed before it wrote its first page.

    Hidden files are the system's: Finder leaves one in each folder that it has shown.
    """
    seen = [path for path in folder.iterdir() if not path.name.startswith(".")]
    if seen != [folder / PICTURES] or not seen[0].is_dir():
        return not seen
    return all(_is_ours(path.name) for path in seen[0].iterdir())


def _data(index: Path) -> dict[str, Any] | None:
    """What a page of ours holds; None where it is none, or cannot be read."""
    try:
        text = index.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if TITLE not in text[:2000]:
        return None
    start = text.find(DATA)
    end = text.find("</script>", start)
    if start < 0 or end < 0:
        return None
    try:
        data = json.loads(text[start + len(DATA) : end])
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("photos"), list) else None


def _is_whole(photo: Any) -> bool:
    """Whether an earlier page tells of a photo in the form of this version, so that it can be taken over."""
    match photo:
        case {"pictures": dict(pictures), "width": int(), "height": int(), "taken": list(), **rest}:
            named = all(isinstance(name, str) for name in pictures.values())
            return named and {"change", "captured"} <= rest.keys() and (not pictures or "after" in pictures)
    return False


def _is_ours(name: str) -> bool:
    return name.endswith((".before.jpg", ".before-small.jpg", ".after.jpg", ".after-small.jpg")) or (
        name.startswith(".autohdr-") and name.endswith(".tmp")
    )
