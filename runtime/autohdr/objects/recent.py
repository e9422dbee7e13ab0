"""Remembers for some seconds what listings said: a run asks of each photo whether six other names are there.

A server lists a thousand names as fast as it tells of one. What is written goes by conditions that the server checks,
so a listing that is some seconds old costs another look at worst.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from autohdr.objects.listing import PAGE, Known, ask
from autohdr.objects.path import ObjectPath
from autohdr.objects.store import BadKeyError, asked, library, store_of

SECONDS = 20.0
"""Seconds for which a listing counts."""
_KEPT = 64
"""Pages that are remembered."""


@dataclass(slots=True)
class _Page:
    """The keys of one folder, or of those in it, between two of them."""

    bucket: ObjectPath
    within: str
    """What all keys in the folder begin with."""
    after: str
    """Keys count that come behind this one,"""
    last: str | None
    """and not behind this one; None where there is no further one."""
    keys: dict[str, Known | None]
    """What is known of each object; None where it is not known any more."""
    until: float

    def covers(self, path: ObjectPath, key: str, now: float) -> bool:
        if self.bucket != path.at("") or not key.startswith(self.within) or now > self.until:
            return False
        return self.after < key and (self.last is None or key <= self.last)


_LOCK = threading.Lock()
_PAGES: OrderedDict[tuple[ObjectPath, str], _Page] = OrderedDict()


def known(path: ObjectPath) -> Known:
    """What a server knows of an object, or knew some seconds ago.

    Raises:
        FileNotFoundError: there is none.
        OSError: the server cannot be asked, or refuses.
    """
    found = _found(path)
    if found is None:
        return ask(path)
    if isinstance(found, OSError):
        raise found
    return found


def is_missing(path: ObjectPath) -> bool:
    """Whether there was no such object some seconds ago; False where that is not known."""
    return isinstance(_found(path), OSError)


def forget(path: ObjectPath) -> None:
    """Lets what is known of an object count no longer: it is written."""
    with _LOCK:
        for page in _PAGES.values():
            if page.covers(path, path.key, page.until):
                page.keys[path.key] = None


def forget_bucket(path: ObjectPath) -> None:
    """Lets no listing of a bucket count any longer: a new run looks anew."""
    with _LOCK:
        for name in [name for name in _PAGES if name[0] == path.at("")]:
            del _PAGES[name]


def _found(path: ObjectPath) -> Known | FileNotFoundError | None:
    """What is known of an object, or that it is not there; None where it has to be asked for."""
    with _LOCK:
        page = _page(path)
        if page is None:
            return None
        if path.key in page.keys:
            return page.keys[path.key]
        return FileNotFoundError(2, "there is no such object", str(path))


def _page(path: ObjectPath) -> _Page | None:
    key, now = path.key, time.monotonic()
    if not key:
        return None
    for name, page in reversed(_PAGES.items()):
        if page.covers(path, key, now):
            _PAGES.move_to_end(name)
            return page
    return _listed(path, now)


def _listed(path: ObjectPath, now: float) -> _Page | None:
    """The page of the folder's keys from a little before this one on; None where it cannot be had."""
    folder = path.parent
    assert isinstance(folder, ObjectPath), "as the path is"
    within = f"{folder.key}/" if folder.key else ""
    after = within + path.name.partition(".")[0]
    if after == path.key:  # a name without an ending: keys that come before it do not matter
        after = after[:-1]
    try:
        with asked(path):
            pages = library().list(store_of(path), folder.key or None, offset=after or None, chunk_size=PAGE)
            metas: Any = next(pages, [])
    except (BadKeyError, PermissionError):
        return None
    last = str(metas[-1]["path"]) if len(metas) == PAGE else None
    keys: dict[str, Known | None] = {str(meta["path"]): Known.of(meta) for meta in metas}
    page = _Page(path.at(""), within, after, last, keys, now + SECONDS)
    _PAGES[path.at(""), after] = page
    if len(_PAGES) > _KEPT:
        _PAGES.popitem(last=False)
    return page
