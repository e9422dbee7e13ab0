"""Lists the photos of a catalog: where each is, and what it is chosen by."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autohdr.catalog.roots import Roots, is_safe
from autohdr.errors import CatalogError

FROM_VERSION = 4
"""Lightroom 4 brought the eight sliders."""
KNOWN_VERSION = 15
"""The last version whose catalogs are known."""
MOST = 3_000_000
"""Rows of a table. Large catalogs hold some 100,000 photos."""


@dataclass(frozen=True, slots=True)
class Row:
    """One photo of a catalog, or a virtual copy of one."""

    number: int
    path: str
    """Where it is on this computer, or as the catalog names it, with slashes."""
    named: str
    """The photo's folder as the catalog names it, with a slash behind."""
    root: str
    """The root folder that it is in, on this computer, where that is known; else its folder."""
    top: str
    """The root folder that it is in as the catalog names it, with a slash behind."""
    rating: int
    """Stars, 0 to 5."""
    flag: int
    """1 picked, -1 rejected, 0 neither."""
    captured: str
    """Such as 2024-05-17T12:30:00.25; nothing where it is not known."""
    is_copy: bool
    """Whether it is a virtual copy."""
    settings: int | None
    """The row of its develop settings."""
    unsaved: bool
    """Whether Lightroom has metadata of it that it has not saved to the file."""


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The main version of Lightroom that a catalog was made by or brought up to.

    Raises:
        CatalogError: it is no catalog, or too old.
    """
    rows = select(connection, path, "Adobe_variablesTable", ("name", "value"))
    written = next((str(value or "") for name, value in rows if name == "Adobe_DBVersion"), "").partition(".")[0]
    if not written.isdecimal() or not 6 <= len(written) <= 9:
        raise CatalogError(f"{path} does not say which version of Lightroom made it; it is no Lightroom catalog")
    version = int(written.zfill(7)[:-5])
    if version < FROM_VERSION:
        raise CatalogError(f"{path} was made by Lightroom {version}; open it once in a newer Lightroom")
    return version


def rows_of(connection: sqlite3.Connection, path: Path, roots: Roots) -> Iterator[Row]:
    """All photos of a catalog, as it has them.

    Raises:
        CatalogError: it is no catalog.
    """
    files = _files(connection, path, roots)
    names = ("id_local", "rootFile", "rating", "pick", "captureTime", "masterImage", "developSettingsIDCache")
    for image in select(connection, path, "Adobe_images", (*names, "sidecarStatus")):
        number, file, rating, flag, captured, master, settings, status = image
        place = files.get(whole(file) or 0)
        if (identity := whole(number)) is None or place is None:
            continue
        when = captured if isinstance(captured, str) else ""
        stars, pick = whole(rating) or 0, whole(flag) or 0
        yield Row(identity, *place, stars, pick, when, master is not None, whole(settings), whole(status) == 1)


def select(
    connection: sqlite3.Connection, path: Path, table: str, names: tuple[str, ...], optional: bool = False
) -> Iterator[tuple[object, ...]]:
    """The rows of a table, with None for columns that this version does not have.

    Raises:
        CatalogError: there is no such table and it is not `optional`, something else has its name, or it is too long.
    """
    if not is_table(connection, path, table):
        if optional:
            return
        raise CatalogError(f"{path} is no Lightroom catalog: it has no table {table}")
    there = {str(column[1]).casefold() for column in connection.execute(f"PRAGMA table_info({table})")}
    wanted = ", ".join(name if name.casefold() in there else "NULL" for name in names)
    for count, row in enumerate(connection.execute(f"SELECT {wanted} FROM {table}")):
        if count >= MOST:
            raise CatalogError(f"{path} has more than {MOST} rows in {table}, as no catalog has; it is left alone")
        yield row


def is_table(connection: sqlite3.Connection, path: Path, name: str) -> bool:
    """Returns whether there is a plain table of this name. A view runs what its author wants, a virtual table code.

    Raises:
        CatalogError: something else has the name.
    """
    found = [
        (kind, page, sql)
        for kind, there, page, sql in connection.execute("SELECT type, name, rootpage, sql FROM sqlite_master")
        if kind in ("table", "view") and str(there).casefold() == name.casefold()
    ]
    plain = [one for one in found if one[0] == "table" and one[1] and str(one[2]).upper().startswith("CREATE TABLE")]
    if len(plain) < len(found) or len(found) > 1:
        raise CatalogError(f"{path} is no Lightroom catalog: its {name} is no plain table; it is left alone")
    return bool(found)


def _files(connection: sqlite3.Connection, path: Path, roots: Roots) -> Mapping[int, tuple[str, str, str, str]]:
    """Each file's path on this computer, its folder as the catalog names it, its root folder, and that as the catalog
    names it."""
    tops = {
        whole(number): (str(top or ""), str(relative or ""))
        for number, top, relative in select(
            connection, path, "AgLibraryRootFolder", ("id_local", "absolutePath", "relativePathFromCatalog")
        )
    }
    folders: dict[int | None, tuple[str, str, str, str]] = {}
    for number, top, below in select(connection, path, "AgLibraryFolder", ("id_local", "rootFolder", "pathFromRoot")):
        root, relative = tops.get(whole(top), ("", ""))
        way = str(below or "")
        if root and is_safe(root, way):
            place, above = roots.place(root, relative, way, path), roots.place(root, relative, "", path)
            named, named_above = (Roots().place(root, None, below_it, path) for below_it in (way, ""))
            folders[whole(number)] = (place, named, above if place.startswith(above) else place, named_above)
    columns = ("id_local", "folder", "idx_filename", "baseName", "extension")
    files: dict[int, tuple[str, str, str, str]] = {}
    for number, folder, whole_name, base, extension in select(connection, path, "AgLibraryFile", columns):
        name = str(whole_name or "") or ".".join(str(part) for part in (base, extension) if part)
        identity, found = whole(number), folders.get(whole(folder))
        if identity is not None and found is not None and name and "/" not in name and is_safe(name):
            files[identity] = (found[0] + name, *found[1:])
    return files


def whole(value: object) -> int | None:
    """Returns a whole number, which may be stored as 3.0 or as text; None where it is none."""
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**62 else None
    if isinstance(value, str) and len(value) < 20:
        try:
            return int(value)
        except ValueError:
            return None
    return None
