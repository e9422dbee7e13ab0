"""Choosing photos of a catalog by folder, collection, rating, flag and date."""

from pathlib import Path

import pytest

from autohdr.catalog.listing import list_catalog
from autohdr.errors import SettingsError
from tests.catalogs import EDITED, Photo, Style, make_catalog


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four photos: in two folders, of three days, with stars, flags and collections."""
    home = tmp_path_factory.mktemp("photos")
    photos = [
        Photo(home / "2023 Rome" / "a.CR2", EDITED, 3.0, 1.0, "2023-12-31T23:59:59", collections=["Rome"]),
        Photo(home / "2024 Paris" / "b.CR2", EDITED, 5, -1, "2024-05-17T12:00:00.25", collections=["Wedding", "Best"]),
        Photo(home / "2024 Paris" / "c.CR2", EDITED, "1", 0, "2024-06-01", collections=["Wedding"]),
        Photo(home / "2024 Paris" / "d.CR2", EDITED, captured=None),
    ]
    for photo in photos:
        Path(photo.path).parent.mkdir(exist_ok=True)
        Path(photo.path).touch()
    style = Style(smart=["Five Stars"], sets={"Wedding": "Clients", "Rome": "Travel", "Travel": "Rome"})
    return make_catalog(home / "My.lrcat", photos, style)


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ("rating=3", "a"),
        ("rating=3..", "ab"),
        ("rating=..3", "acd"),
        ("rating=1..3", "ac"),
        ("rating=0", "d"),
        ("flag=picked", "a"),
        ("flag=rejected", "b"),
        ("flag=unflagged", "cd"),
        ("date=2024", "bc"),
        ("date=2024-05", "b"),
        ("date=2024-05..2024-06", "bc"),
        ("date=2024-05-18..", "c"),
        ("date=..2023", "a"),
        ("folder=2024 Paris", "bcd"),
        ("folder=2024 paris/", "bcd"),
        ("collection=wedding", "bc"),
        ("collection=Clients", "bc"),
        ("collection=Rome", "a"),
        ("Collection = Best", "b"),
    ],
)
def test_each_condition_chooses(catalog: Path, only: str, names: str) -> None:
    assert "".join(photo.stem for photo in list_catalog(catalog, id, only=(only,)).photos) == names


def test_all_conditions_hold(catalog: Path) -> None:
    found = list_catalog(catalog, id, only=("collection=Wedding", "rating=2.."))
    assert [photo.stem for photo in found.photos] == ["b"]


@pytest.mark.parametrize(
    ("only", "sentence"),
    [
        ("collection=Weding", r"My\.lrcat has no collection Weding; the nearest names are Wedding"),
        ("collection=zzz", r"has no collection zzz; it has 5: Best, Clients, Rome, Travel, Wedding$"),
        ("collection=Five Stars", "is a smart collection"),
        ("folder=2024 Pariss", "has no folder 2024 Pariss; the nearest names are 2024 Paris"),
        ("rating=2", r"^no photo in My\.lrcat has rating=2; its photos have rating=0, rating=1, rating=3, rating=5$"),
        ("date=2022", r"no photo in My\.lrcat has date=2022; its photos have date=2023-12-31\.\.2024-06-01"),
        ("rating=9", "expected 0 to 5 stars"),
        ("rating=..", "expected 0 to 5 stars"),
        ("flag=red", "expected flag=picked"),
        ("date=2024-13", "expected a year, month or day"),
        ("date=yesterday..", "expected a year, month or day"),
        ("colour=red", "expected one of folder="),
        ("rating", "expected one of folder="),
    ],
)
def test_what_is_not_understood_is_refused_with_what_is(catalog: Path, only: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        list_catalog(catalog, id, only=(only,))
