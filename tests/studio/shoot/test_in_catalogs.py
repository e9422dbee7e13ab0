"""What catalogs say is kept of the photos that were chosen, and follows what Lightroom writes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autohdr.errors import CatalogError
from autohdr_studio.shoot.in_catalogs import InCatalogs
from tests.catalogs import EDITED, Photo, make_catalog, settings, snapshot


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Six RAW files, which nobody has to decode."""
    (tmp_path / "shoot").mkdir()
    found = [tmp_path / "shoot" / f"{name}.CR2" for name in "abcdef"]
    for path in found:
        path.write_bytes(b"")
    return found


@pytest.fixture
def catalog(photos: list[Path], tmp_path: Path) -> Path:
    """A catalog of them, all edited; every second one has five stars."""
    (tmp_path / "home").mkdir()
    listed = [Photo(path, EDITED, rating=5 * (row % 2)) for row, path in enumerate(photos)]
    return make_catalog(tmp_path / "home" / "My.lrcat", listed)


def test_nothing_is_kept_of_photos_that_are_not_chosen(catalog: Path, photos: list[Path]) -> None:
    found, catalogs = InCatalogs.find([catalog], ["rating=5"])
    assert found.photos == photos[1::2]
    assert [catalogs.kept(photo) is not None for photo in photos] == [False, True] * 3


def test_what_lightroom_changes_is_read_again_and_the_rest_stays(catalog: Path, photos: list[Path]) -> None:
    _, catalogs = InCatalogs.find([catalog], ["rating=5"])
    before = [catalogs.kept(photo) for photo in photos]
    with closing(sqlite3.connect(catalog)) as lightroom:
        lightroom.execute("UPDATE Adobe_images SET rating = 0")
        edit = settings({**EDITED, "Contrast2012": 12})
        lightroom.execute("UPDATE Adobe_imageDevelopSettings SET text = ? WHERE id_local < 3", (edit,))
        lightroom.commit()
    home = snapshot(catalog.parent)
    catalogs.read_again()
    assert snapshot(catalog.parent) == home
    after = [catalogs.kept(photo) for photo in photos]
    assert [one is other for one, other in zip(before, after, strict=True)] == [True, False, True, True, True, True]
    assert after[1] is not None
    document = after[1].entry().document
    assert document is not None
    assert document.values()["Contrast2012"] == 12.0


def test_a_photo_that_lightroom_has_removed_stays_as_it_was(catalog: Path, photos: list[Path]) -> None:
    _, catalogs = InCatalogs.find([catalog])
    before = [catalogs.kept(photo) for photo in photos]
    with closing(sqlite3.connect(catalog)) as lightroom:
        lightroom.execute("DELETE FROM Adobe_images WHERE id_local = 2")
        lightroom.commit()
    catalogs.read_again()
    assert [catalogs.kept(photo) for photo in photos] == before


@pytest.mark.parametrize("edited", [0, 1])
def test_of_two_catalogs_with_a_photo_the_one_that_edits_it_counts(
    photos: list[Path], tmp_path: Path, edited: int
) -> None:
    edits = [EDITED if row == edited else {} for row in (0, 1)]
    catalogs = [make_catalog(tmp_path / f"{row}.lrcat", [Photo(photos[0], edit)]) for row, edit in enumerate(edits)]
    found, shown = InCatalogs.find(catalogs)
    kept = shown.kept(photos[0])
    assert (found.photos, shown.catalog_of(photos[0])) == (photos[:1], f"{edited}.lrcat")
    assert kept is not None
    assert kept.changed
    assert shown.name == "0.lrcat and 1.lrcat"


def test_what_is_no_catalog_is_said(tmp_path: Path) -> None:
    (tmp_path / "My.lrcat").mkdir()
    with pytest.raises(CatalogError, match="is a folder; expected a Lightroom catalog"):
        InCatalogs.find([tmp_path / "My.lrcat"])


def test_a_folder_has_no_catalog(photos: list[Path]) -> None:
    found, catalogs = InCatalogs.find([photos[0].parent])
    catalogs.read_again()
    assert found.photos == photos
    assert (catalogs.name, catalogs.selection, catalogs.left_out, catalogs.notes(photos)) == (None, "", [], [])
    assert (catalogs.kept(photos[0]), catalogs.before(photos), catalogs.after(photos)) == (None, None, None)
