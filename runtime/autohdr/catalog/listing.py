"""Lists the photos of a catalog that the user has chosen, with the develop settings that Lightroom shows."""

import os
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from autohdr.catalog.choose import chosen, parse_only
from autohdr.catalog.entries import Entry, entries
from autohdr.catalog.missing import folders_gone
from autohdr.catalog.opening import read_catalog
from autohdr.catalog.photos import rows_of, version_of
from autohdr.catalog.roots import Roots, is_foreign
from autohdr.raw.discover import EXTENSIONS
from autohdr.system.progress import Progress

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """The photos of a catalog that were chosen, and those that nothing can be done with."""

    catalog: Path
    version: int
    """Major version of the Lightroom that the catalog belongs to."""
    photos: tuple[Path, ...]
    """RAW files that are there, sorted."""
    made: tuple[T, ...]
    """What was made of each."""
    missing: tuple[Path, ...]
    """RAW files that are not where the catalog says, sorted."""
    copies: tuple[Path, ...]
    """The RAW files of virtual copies, sorted."""
    others: int
    """Photos and films that are no RAW files."""
    unsaved: frozenset[Path]
    """Photos that Lightroom has metadata of which it has not saved to their files."""
    roots: tuple[Path, ...]
    """The catalog's root folders that hold the photos."""
    gone: Mapping[Path, str]
    """The folder, for each missing file, that `--root` has to name, as the catalog names it."""
    unused: tuple[str, ...]
    """Folders that `--root` names and that the catalog does not."""
    tops: tuple[str, ...]
    """All root folders of the catalog, as it names them."""

    @property
    def smart_previews(self) -> bool:
        """Whether Lightroom has smart previews for this catalog."""
        catalog = self.catalog.resolve()
        return catalog.with_name(f"{catalog.stem} Smart Previews.lrdata").is_dir()


def list_catalog(
    path: Path,
    make: Callable[[Entry], T],
    *,
    only: Sequence[str] = (),
    roots: Sequence[str] = (),
    known: Collection[Path] | None = None,
) -> Listing[T]:
    """The photos of a catalog, and what `make` makes of each; it may be asked more than once.

    Args:
        path: the catalog's file; nothing is written into it, or beside it.
        make: given each photo that is there, as Lightroom shows it.
        only: conditions that all hold, such as `rating=3..`; see `autohdr.catalog.choose`.
        roots: `OLD=NEW`, folders that were moved.
        known: photos that were listed before: of these it is made again, whatever else was chosen then.

    Raises:
        CatalogError: it is no catalog, is damaged, or keeps changing.
        SettingsError: a condition or a root is not understood, or names nothing that is there.
    """
    conditions, moved = parse_only(only), Roots.parse(roots)
    names = frozenset(map(str, known or ()))
    named, path = path, Path(os.path.realpath(path))  # what belongs to a catalog lies beside the file itself

    def read(connection: sqlite3.Connection) -> Listing[T]:
        version = version_of(connection, path)
        every = list(rows_of(connection, path, moved))
        if known is None:
            rows = chosen(connection, path, every, conditions)
        else:
            rows = [row for row in every if row.path in names]
        raws = {row.path: row for row in rows if not row.is_copy and _extension(row.path) in EXTENSIONS}
        is_there = _looker()
        there = sorted((row for row in raws.values() if is_there(row.path)), key=lambda row: row.path)
        away = [raws[name] for name in sorted(raws.keys() - {row.path for row in there})]
        reading = Progress(
            entries(connection, path, there),
            total=len(there),
            desc=f"reading {named.name}",
            unit="photo",
            delay=1,
            leave=False,
            disable=None,
        )
        made = {row.path: make(entry) for row, entry in reading}
        return Listing(
            named,
            version,
            tuple(Path(row.path) for row in there),
            tuple(made[row.path] for row in there),
            tuple(sorted(Path(row.path) for row in away)),
            tuple(sorted(Path(row.path) for row in rows if row.is_copy and _extension(row.path) in EXTENSIONS)),
            len({row.path for row in rows} - raws.keys()),
            frozenset(Path(row.path) for row in there if row.unsaved),
            tuple(map(Path, sorted({row.root for row in there}))),
            folders_gone(away, there),
            tuple(moved.unused({row.named for row in every})),
            tuple(sorted({row.top for row in every})),
        )

    return read_catalog(path, read)


def _extension(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122  # of 100,000 texts


def _looker() -> Callable[[str], bool]:
    """Looks for files, at each folder once: asking a network drive for 100,000 names one by one takes minutes."""

    @cache
    def names(folder: str) -> frozenset[str]:
        try:
            return frozenset(os.listdir(folder))  # noqa: PTH208  # names alone
        except OSError:
            return frozenset()

    def is_there(path: str) -> bool:
        if is_foreign(path):
            return False
        folder, name = os.path.split(path)
        # A name may be spelled otherwise than the disk has it: another letter case, other accents.
        return name in names(folder) or (bool(names(folder)) and os.path.isfile(path))  # noqa: PTH113  # may raise

    return is_there
