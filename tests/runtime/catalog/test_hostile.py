"""Catalogs that are damaged or made to harm: refused with one sentence, in bounded time, and nothing of theirs runs."""

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from autohdr.catalog import opening, photos
from autohdr.catalog.blobs import LIMIT
from autohdr.catalog.entries import Entry
from autohdr.catalog.listing import Listing, list_catalog
from autohdr.errors import CatalogError, SettingsError
from tests.catalogs import EDITED, Photo, Style, compressed, make_catalog, settings, snapshot


def raw(folder: Path, name: str) -> Path:
    path = folder / "shoot" / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    return path


def listed(path: Path, *only: str) -> Listing[Entry]:
    return list_catalog(path, lambda entry: entry, only=only)


def catalog(folder: Path, extra: str = "") -> Path:
    """A catalog of one photo, to which something is done."""
    return make_catalog(
        folder / "My.lrcat", [Photo(raw(folder, "a.CR2"), EDITED, collections=["W"])], Style(extra=extra)
    )


def test_what_is_no_catalog_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder.lrcat").mkdir()
    (tmp_path / "text.lrcat").write_text("SQLite format 3, as it were")
    (tmp_path / "empty.lrcat").touch()
    sqlite3.connect(tmp_path / "other.lrcat").executescript("CREATE TABLE photos (name)").close()
    for name, sentence in {
        "gone": "does not exist; expected a Lightroom catalog",
        "folder": "is a folder; expected a Lightroom catalog",
        "text": "is no Lightroom catalog; expected a file such as",
        "empty": "is no Lightroom catalog; expected a file such as",
        "other": "is no Lightroom catalog: it has no table Adobe_variablesTable",
    }.items():
        with pytest.raises(CatalogError, match=sentence):
            listed(tmp_path / f"{name}.lrcat")


@pytest.mark.parametrize(
    "table",
    [
        *("Adobe_variablesTable", "Adobe_images", "Adobe_imageDevelopSettings", "AgLibraryFile", "AgLibraryFolder"),
        *("AgLibraryRootFolder", "AgLibraryCollection", "AgLibraryCollectionImage"),
        "Adobe_AdditionalMetadata",
    ],
)
def test_a_view_in_a_tables_place_is_not_run(tmp_path: Path, table: str) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id_local FROM n"
    path = catalog(tmp_path, f"DROP TABLE {table}; CREATE VIEW {table} AS {endless};")
    with pytest.raises(CatalogError, match=f"its {table} is no plain table"):
        listed(path, "collection=W")


def test_a_virtual_table_is_not_run(tmp_path: Path) -> None:
    path = catalog(
        tmp_path, "DROP TABLE AgLibraryFile; CREATE VIRTUAL TABLE AgLibraryFile USING fts5(id_local, folder);"
    )
    with pytest.raises(CatalogError, match="its AgLibraryFile is no plain table"):
        listed(path)


def test_a_column_that_is_worked_out_is_not_run(tmp_path: Path) -> None:
    """A generated column would call functions. To this reader it is not there."""
    extra = "ALTER TABLE Adobe_images ADD COLUMN captured AS (hex(zeroblob(500000000))) VIRTUAL;"
    path = catalog(tmp_path, extra + "ALTER TABLE Adobe_images RENAME COLUMN captureTime TO other;")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'captured AS', 'captureTime AS')")
        connection.commit()
    assert len(listed(path).photos) == 1
    with pytest.raises(SettingsError, match=r"no photo in My\.lrcat has date=1900\.\.$"):
        listed(path, "date=1900..")


def test_a_table_that_is_not_needed_may_be_missing(tmp_path: Path) -> None:
    path = catalog(tmp_path, "DROP TABLE Adobe_AdditionalMetadata; DROP TABLE AgLibraryCollection;")
    (entry,) = listed(path).made
    assert entry.document is not None


def test_triggers_do_not_matter(tmp_path: Path) -> None:
    path = catalog(tmp_path, "CREATE TRIGGER t AFTER INSERT ON Adobe_images BEGIN DELETE FROM Adobe_images; END;")
    assert len(listed(path).photos) == 1


def test_a_query_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "STEPS", 1_000_000)
    many = "WITH RECURSIVE n(x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM n LIMIT 200000) "
    path = catalog(tmp_path, f"INSERT INTO AgLibraryFile (id_local, id_global) {many} SELECT x, x FROM n;")
    with pytest.raises(CatalogError, match="takes too long to read, as no catalog does"):
        listed(path)


def test_more_rows_than_any_catalog_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST", 3)
    extra = "".join(f"INSERT INTO AgLibraryFile (id_local, id_global) VALUES ({n}, {n});" for n in range(10, 20))
    with pytest.raises(CatalogError, match="has more than 3 rows in AgLibraryFile"):
        listed(catalog(tmp_path, extra))


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("s = " + "{ A = " * 100_000, "tables more than 32 deep"),
        ("s = { A = 1,", "cannot be understood"),
        ('s = { A = "' + "x" * (LIMIT + 10) + '" }', "bytes long, expected at most"),
        (compressed("x" * (LIMIT + 10)), "bytes long, expected at most"),
        (b"\x10\0\0\0" + zlib.compress(bytes(1 << 28)), "bytes long, expected at most"),
        (compressed(settings(EDITED))[:-20], "not as long as they say"),
        (b"\0\0\0\x10" + zlib.compress(b"s = {}"), "not as long as they say"),
        (b"\0\0\0\x10\x78\x9cnonsense", "are damaged"),
        (b"\xff" * 100, "not a table"),
        (12.5, "not a text"),
        ("s = {" + "".join(f"K{n} = {{ {n} }}," for n in range(30_000)) + "}", "properties"),
        ("s = {" + "".join(f"K{n} = {n}," for n in range(3_000)) + "}", "attributes"),
    ],
)
def test_settings_that_cannot_be_read_are_one_photos_trouble(tmp_path: Path, text: object, trouble: str) -> None:
    listed_photos = [Photo(raw(tmp_path, "a.CR2"), text=text), Photo(raw(tmp_path, "b.CR2"), EDITED)]
    path = make_catalog(tmp_path / "My.lrcat", listed_photos)
    before = snapshot(tmp_path)
    bad, good = listed(path).made
    assert bad.document is None
    assert trouble in (bad.trouble or "")
    assert good.document is not None
    assert snapshot(tmp_path) == before


def test_a_value_that_sqlite_does_not_hand_over_is_one_photos_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "VALUE_LIMIT", 100_000)
    path = make_catalog(
        tmp_path / "My.lrcat",
        [Photo(raw(tmp_path, f"{n}.CR2"), text=b" " * 200_000 if n == 3 else settings(EDITED)) for n in range(8)],
    )
    troubles = [entry.trouble for entry in listed(path).made]
    assert troubles == [None] * 3 + ["its settings are larger than any photo's"] + [None] * 4


def test_rows_of_wrong_types_are_passed_over(tmp_path: Path) -> None:
    extra = """
        INSERT INTO Adobe_images (id_local, id_global, rootFile, rating, pick, captureTime, developSettingsIDCache)
            VALUES (20, 'b', 'nonsense', x'00', 'x', 5, 'y'), (21, 'c', 99, NULL, 1e300, x'ff', 1e300),
                (22, 'd', 1, 'five', 'up', -1, x'00');
        INSERT INTO AgLibraryFile VALUES (30, 'e', 'x', 'CR2', 'nowhere', 'x.CR2'), (31, 'f', '', '', 1, ''),
            (32, 'g', 'x', 'CR2', 1, '../../etc/x.CR2'), (33, 'h', 'x', 'CR2', 1, char(0) || '.CR2');
        INSERT INTO AgLibraryFolder VALUES (40, 'i', '../../../etc/', 1), (41, 'j', x'ff00', 99);
        INSERT INTO AgLibraryFile VALUES (34, 'k', 'x', 'CR2', 40, 'passwd.CR2');
        INSERT INTO Adobe_images (id_local, id_global, rootFile) VALUES (32, 'l', 32), (33, 'm', 33), (34, 'n', 34);
    """
    found = listed(catalog(tmp_path, extra))
    assert [photo.name for photo in found.photos] == ["a.CR2"]
    assert found.missing == ()


def test_a_collection_in_itself_ends(tmp_path: Path) -> None:
    extra = (
        "INSERT INTO AgLibraryCollection (id_local, name, parent) VALUES (11, 'A', 12), (12, 'B', 11), (13, 'C', 13);"
    )
    with pytest.raises(SettingsError, match=r"no photo in My\.lrcat has collection=A$"):
        listed(catalog(tmp_path, extra), "collection=A")


@pytest.mark.parametrize("seed", range(12))
def test_corrupt_pages_are_one_sentence_or_fewer_photos(tmp_path: Path, seed: int) -> None:
    many = [Photo(raw(tmp_path, f"{n}.CR2"), EDITED, collections=["Wedding"]) for n in range(40)]
    path = make_catalog(tmp_path / "My.lrcat", many)
    data = bytearray(path.read_bytes())
    for count in range(40):  # no chance: the same places every time
        place = (seed * 7919 + count * 104729) % (len(data) - 100) + 100
        data[place] = (data[place] + 1 + seed * 13 + count) % 256
    path.write_bytes(data)
    before = snapshot(tmp_path)
    try:
        assert len(listed(path, "collection=Wedding").photos) <= 40
    except (CatalogError, SettingsError) as error:
        told = str(error)
        assert "My.lrcat" in told  # it may be readable all the same
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("keep", [0.001, 0.1, 0.5, 0.9])
def test_half_a_catalog_is_one_sentence(tmp_path: Path, keep: float) -> None:
    path = make_catalog(tmp_path / "My.lrcat", [Photo(raw(tmp_path, f"{n}.CR2"), EDITED) for n in range(40)])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(CatalogError, match="no Lightroom catalog"):
        listed(path)


def test_a_hundred_times_as_many_photos_are_no_more_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes with the number of photos, and no photo is asked for alone."""
    counts: list[int] = []
    asked: list[str] = []
    real = opening._restrict

    def traced(connection: sqlite3.Connection) -> None:
        real(connection)
        connection.set_trace_callback(asked.append)

    monkeypatch.setattr(opening, "_restrict", traced)
    for count in (4, 400):
        (tmp_path / f"{count}").mkdir()
        path = make_catalog(
            tmp_path / f"{count}" / "My.lrcat",
            [Photo(raw(tmp_path / f"{count}", f"{n}.CR2"), {}) for n in range(count)],
        )
        asked.clear()
        assert len(listed(path).photos) == count
        counts.append(len(asked))
    assert counts[0] == counts[1] < 30
