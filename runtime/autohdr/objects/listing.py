"""Lists what is in a bucket, folder by folder, page by page and in the order of the names.

A folder is what stands before a slash in keys. One that is large is never held whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autohdr.objects.path import ObjectPath
from autohdr.objects.store import BRISK, BadKeyError, UnreachableError, asked, library, store_of

PAGE = 1000
"""Keys that servers list at once."""
_LAST = "\U0010ffff"
"""Comes behind every name."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a listing says of an object."""

    size: int
    """Bytes."""
    e_tag: str
    modified_ns: int
    """When it was written, in nanoseconds since 1970."""

    @classmethod
    def of(cls, meta: Any) -> "Known":
        """What obstore says of an object."""
        return cls(meta["size"], meta["e_tag"] or "", int(meta["last_modified"].timestamp() * 1_000_000) * 1000)


@dataclass(frozen=True, slots=True)
class Listed:
    """A name in a folder."""

    name: str
    known: Known | None
    """What is known of the object; None of a folder."""


def ask(path: ObjectPath) -> Known:
    """What a server knows of an object.

    Raises:
        FileNotFoundError: there is none.
        OSError: the server cannot be asked, or refuses.
    """
    with asked(path):
        return Known.of(library().head(store_of(path), path.key))


def is_object(path: ObjectPath) -> bool:
    """Whether there is an object of this key.

    Raises:
        OSError: the server cannot be asked, or refuses.
    """
    try:
        with asked(path):
            return bool(path.key) and library().head(store_of(path, BRISK), path.key) is not None
    except FileNotFoundError:
        return False


def answers(path: ObjectPath) -> bool:
    """Whether the server of a bucket answers now, whatever it says."""
    try:
        with asked(path):
            next(library().list(store_of(path, BRISK), chunk_size=1), None)
    except UnreachableError:
        return False
    except OSError:
        return True
    return True


def is_folder(path: ObjectPath) -> bool:
    """Whether there is a bucket of this name, or keys begin with this one and a slash.

    Raises:
        NoBucketError: there is no such bucket.
        OSError: the server cannot be asked, or refuses.
    """
    try:
        with asked(path):
            found = library().list(store_of(path, BRISK), path.key or None, chunk_size=1)
            return next(found, None) is not None or not path.key
    except BadKeyError:
        return True


def names(folder: ObjectPath) -> Iterator[Listed]:
    """What is directly in a folder, in the order of the names; a folder of its keys comes where it is met.

    Raises:
        BadKeyError: a key in it cannot be asked for, after all others that can be listed.
        OSError: the server cannot be asked, or refuses.
    """
    place = _Place(folder)
    try:
        yield from _paged(place)
    except BadKeyError as bad:  # it has taken a page of others with it
        try:
            yield from _collected(place)
        except BadKeyError:  # it is in this folder itself
            yield from _behind(place, bad)
            raise


def _behind(place: "_Place", bad: BadKeyError) -> Iterator[Listed]:
    """What comes in a folder behind keys that cannot be asked for."""
    again: BadKeyError | None = bad
    while again is not None and (behind := _passing(again.key)) > place.after:
        place.after, again = behind, None
        try:
            yield from _paged(place)
        except BadKeyError as error:
            again = error


def _passing(key: str) -> str:
    """What comes right behind all keys that begin as this one does, up to the part that makes it impossible.

    A key that is the answer itself is passed as well, which no photo's is: it has no ending.
    """
    way = ""
    for part in key.split("/"):
        control = next((at for at, letter in enumerate(part) if ord(letter) < 32 or ord(letter) == 127), None)
        if control is not None:
            return f"{way}{part[:control]}{chr(ord(part[control]) + 1) if part[control] > ' ' else ' '}"
        if part in ("", ".", ".."):
            return f"{way}{part}0" if len(way + part) < len(key) else f"{key} "
        way += f"{part}/"
    return key


@dataclass(slots=True)
class _Place:
    """Where a listing is."""

    folder: ObjectPath
    after: str = ""
    """The last key that has been passed."""

    @property
    def within(self) -> str:
        """What all keys in the folder begin with."""
        return f"{self.folder.key}/" if self.folder.key else ""

    def listed(self, meta: Any) -> Listed:
        """The name that stands for a key."""
        name, _, below = str(meta["path"]).removeprefix(self.within).partition("/")
        return Listed(name, None if below else Known.of(meta))


def _paged(place: _Place) -> Iterator[Listed]:
    last: Listed | None = None
    more = True
    while more:
        more = False
        with asked(place.folder):
            pages = library().list(
                store_of(place.folder), place.folder.key or None, offset=place.after or None, chunk_size=PAGE
            )
        while (page := _next(pages, place)) is not None:
            for meta in page:
                if not str(meta["path"]).startswith(place.within):
                    continue  # an empty object that stands for the folder
                listed = place.listed(meta)
                if last is None or (listed.name, listed.known is None) != (last.name, last.known is None):
                    yield listed
                last = listed
                place.after = str(meta["path"])
            if last is not None and last.known is None and len(page) == PAGE:
                place.after = f"{place.within}{last.name}/{_LAST}"
                more = True  # what is deeper in that folder is passed over
                break


def _next(pages: Any, place: _Place) -> Any:
    with asked(place.folder):
        return next(pages, None)


def _collected(place: _Place) -> Iterator[Listed]:
    """The rest of a folder, at once; what is deeper in it is not looked at."""
    with asked(place.folder):
        found: Any = library().list_with_delimiter(store_of(place.folder), place.folder.key or None)
    listed = [place.listed(meta) for meta in found["objects"]]
    listed += [Listed(prefix.rstrip("/").rpartition("/")[2], None) for prefix in found["common_prefixes"]]
    passed = place.after.removeprefix(place.within).split("/")[0]
    yield from (one for one in sorted(listed, key=lambda one: one.name) if one.name > passed)
