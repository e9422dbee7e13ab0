"""Makes Lightroom catalogs for tests: the tables and columns that matter, filled as Lightroom fills them."""

import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

SCHEMA = """
CREATE TABLE Adobe_variablesTable (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, name, type, value NOT NULL);
CREATE TABLE AgLibraryRootFolder (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL,
    absolutePath UNIQUE NOT NULL DEFAULT '', name NOT NULL DEFAULT '', relativePathFromCatalog);
CREATE TABLE AgLibraryFolder (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL,
    pathFromRoot NOT NULL DEFAULT '', rootFolder INTEGER NOT NULL DEFAULT 0);
CREATE TABLE AgLibraryFile (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, baseName NOT NULL DEFAULT '',
    extension NOT NULL DEFAULT '', folder INTEGER NOT NULL DEFAULT 0, idx_filename NOT NULL DEFAULT '');
CREATE TABLE Adobe_images (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, captureTime,
    developSettingsIDCache, fileFormat NOT NULL DEFAULT 'unset', masterImage INTEGER, pick NOT NULL DEFAULT 0, rating,
    rootFile INTEGER NOT NULL DEFAULT 0, sidecarStatus);
CREATE TABLE Adobe_imageDevelopSettings (id_local INTEGER PRIMARY KEY, digest, image INTEGER, processVersion, text);
CREATE TABLE AgLibraryCollection (id_local INTEGER PRIMARY KEY, creationId NOT NULL DEFAULT '',
    name NOT NULL DEFAULT '', parent INTEGER, systemOnly NOT NULL DEFAULT '');
CREATE TABLE AgLibraryCollectionImage (id_local INTEGER PRIMARY KEY, collection INTEGER NOT NULL DEFAULT 0,
    image INTEGER NOT NULL DEFAULT 0, pick NOT NULL DEFAULT 0);
CREATE TABLE Adobe_AdditionalMetadata (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL,
    externalXmpIsDirty INTEGER NOT NULL DEFAULT 0, image INTEGER, xmp NOT NULL DEFAULT '');
CREATE INDEX index_Adobe_AdditionalMetadata_imageAndStatus ON Adobe_AdditionalMetadata (image, externalXmpIsDirty);
CREATE INDEX index_Adobe_imageDevelopSettings_image ON Adobe_imageDevelopSettings (image);
"""

DEFAULTS: dict[str, object] = {
    "AutoGrayscaleMix": True,
    "Brightness": 50,
    "CameraProfile": "Adobe Standard",
    "Contrast": 25,
    "ConvertToGrayscale": False,
    "Exposure": 0,
    "GrainSize": 25,
    "LensProfileEnable": 0,
    "ProcessVersion": "15.4",
    "RedEyeInfo": [],
    "Shadows": 5,
    "Sharpness": 40,
    "Temperature": 5150,
    "Tint": 7,
    "ToneCurvePV2012": [0, 0, 255, 255],
    "Version": "16.0",
    "WhiteBalance": "As Shot",
    **dict.fromkeys(("Exposure2012", "Contrast2012", "Highlights2012", "Shadows2012", "Whites2012", "Blacks2012"), 0),
    **dict.fromkeys(("Vibrance", "Saturation", "HDREditMode"), 0),
    "Look": {
        "Amount": 1,
        "Group": {"x-default": "Profiles"},
        "Name": "Adobe Color",
        "Parameters": {"Exposure2012": 4.5, "ToneCurvePV2012": [0, 0, 22, 16, 255, 255], "Version": "16.0"},
        "UUID": "B952C231111CD8E0ECCF14B86BAA7077",
    },
}
"""What Lightroom has of a photo that nobody has edited."""
EDITED: dict[str, object] = {"Exposure2012": 0.5, "Shadows2012": 25, "HDREditMode": 1, "HDRMaxValue": 2.3}


@dataclass(frozen=True)
class Photo:
    """One photo to put into a catalog."""

    path: Path | str
    """The photo's file, or where the catalog says that it is."""
    edit: Mapping[str, object] | None = None
    """What is not at its default; None for no settings at all."""
    rating: object = None
    flag: object = 0.0
    captured: object = "2024-05-17T12:30:00.25"
    copy_of: int | None = None
    """The number of the photo, from 1, that it is a virtual copy of."""
    collections: Sequence[str] = ()
    text: object = None
    """Its settings as they are stored, where `edit` does not say them."""
    unsaved: bool = False
    xmp: str = ""
    """What Lightroom keeps of its file's metadata."""


@dataclass(frozen=True)
class Style:
    """What differs between versions of Lightroom."""

    version: str = "1300025"
    compressed: bool = False
    without: tuple[str, ...] = ()
    """Columns of `table.column` that are not there."""
    mode: str = "delete"
    extra: str = ""
    """SQL that is run in the end."""
    smart: Sequence[str] = ()
    """Names of smart collections."""
    sets: Mapping[str, str] = field(default_factory=dict)
    """The set of some collections."""


def lua(value: object) -> str:
    """A value as Lightroom spells it in Lua."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\\n") + '"'
        case Mapping():
            return "{ " + ",\n".join(f"{_name(name)} = {lua(one)}" for name, one in value.items()) + " }"
        case Sequence():
            return "{ " + ",\n".join(map(lua, value)) + " }"
    return str(value)


def _name(name: str) -> str:
    return name if name.isidentifier() else f'["{name}"]'


def settings(edit: Mapping[str, object]) -> str:
    """The settings of a photo as a catalog's text."""
    return f"s = {lua(dict(sorted({**DEFAULTS, **edit}.items())))}\n"


def compressed(text: str) -> bytes:
    """A text as later versions store it."""
    data = text.encode()
    return len(data).to_bytes(4, "big") + zlib.compress(data)


def make_catalog(path: Path, photos: Sequence[Photo], style: Style = Style()) -> Path:
    """Makes a catalog of these photos, whose root folders are their folders' parents."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={style.mode}")
        connection.executescript(SCHEMA)
        fill(connection, photos, style)
        for column in style.without:
            table, _, name = column.partition(".")
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
        connection.executescript(style.extra)
        connection.commit()
    return path


def fill(connection: sqlite3.Connection, photos: Sequence[Photo], style: Style = Style(), first: int = 1) -> None:
    """Puts photos into a catalog; the first one gets the number `first`."""
    if first == 1:
        variables = [(1, "a", "Adobe_DBVersion", None, style.version), (2, "b", "Adobe_storeProviderID", None, "x")]
        connection.executemany("INSERT INTO Adobe_variablesTable VALUES (?, ?, ?, ?, ?)", variables)
    for number, photo in enumerate(photos, first):
        folder, _, name = str(photo.path).replace("\\", "/").rpartition("/")
        root, _, below = folder.rpartition("/")
        base, _, extension = name.rpartition(".")
        top = _id(connection, "AgLibraryRootFolder", "absolutePath", f"{root}/")
        place = connection.execute(
            "SELECT id_local FROM AgLibraryFolder WHERE rootFolder = ? AND pathFromRoot = ?", (top, f"{below}/")
        ).fetchone()
        if place is None:
            insert = "INSERT INTO AgLibraryFolder (id_global, pathFromRoot, rootFolder) VALUES (?, ?, ?)"
            place = (connection.execute(insert, (f"{top}{below}", f"{below}/", top)).lastrowid,)
        file = number if photo.copy_of is None else photo.copy_of
        if photo.copy_of is None:
            row = (number, f"f{number}", base, extension, place[0], name)
            connection.execute("INSERT INTO AgLibraryFile VALUES (?, ?, ?, ?, ?, ?)", row)
        image = (number, f"i{number}", photo.captured, float(number) if photo.edit is not None or photo.text else None)
        rest = ("RAW", photo.copy_of, photo.flag, photo.rating, file, 1.0 if photo.unsaved else 0.0)
        connection.execute(f"INSERT INTO Adobe_images VALUES ({', '.join('?' * 10)})", (*image, *rest))
        text = photo.text if photo.edit is None else settings(photo.edit)
        stored = compressed(text) if style.compressed and isinstance(text, str) else text
        if stored is not None:
            insert = "INSERT INTO Adobe_imageDevelopSettings VALUES (?, '', ?, '15.4', ?)"
            connection.execute(insert, (number, number, stored))
        if photo.xmp:
            insert = "INSERT INTO Adobe_AdditionalMetadata (id_global, image, xmp) VALUES (?, ?, ?)"
            connection.execute(insert, (f"m{number}", number, compressed(photo.xmp) if style.compressed else photo.xmp))
        for collection in photo.collections:
            member = (_collection(connection, collection, style), number)
            connection.execute("INSERT INTO AgLibraryCollectionImage (collection, image) VALUES (?, ?)", member)
    for name in style.smart:
        connection.execute(
            "INSERT INTO AgLibraryCollection (name, creationId) VALUES (?, 'com.adobe.ag.library.smart_collection')",
            (name,),
        )


def _collection(connection: sqlite3.Connection, name: str, style: Style) -> int:
    number = _id(connection, "AgLibraryCollection", "name", name)
    if name in style.sets:
        above = _id(connection, "AgLibraryCollection", "name", style.sets[name])
        connection.execute("UPDATE AgLibraryCollection SET parent = ? WHERE id_local = ?", (above, number))
    return number


def _id(connection: sqlite3.Connection, table: str, column: str, value: str) -> int:
    """The number of a row, which is put there where it is not."""
    found = connection.execute(f"SELECT id_local FROM {table} WHERE {column} = ?", (value,)).fetchone()
    if found is not None:
        return int(found[0])
    others = ", id_global" if table == "AgLibraryRootFolder" else ""
    values = (value, value) if others else (value,)
    marks = ", ".join("?" * len(values))
    row = connection.execute(f"INSERT INTO {table} ({column}{others}) VALUES ({marks})", values).lastrowid
    assert row is not None
    return row


def snapshot(*folders: Path) -> dict[str, tuple[bytes, int]]:
    """The bytes and the time of every file below some folders, and the times of the folders."""
    found: dict[str, tuple[bytes, int]] = {}
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            found[str(path)] = (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns)
    return found
