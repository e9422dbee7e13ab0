"""What is kept of a catalog's entries says what the entries said, and follows what stands in the photos' files."""

from pathlib import Path

import pytest

from autohdr.catalog.kept import KeptEntry
from autohdr.catalog.listing import Listing, list_catalog
from autohdr.sidecar import apply, plan
from autohdr.sidecar.record import owner
from autohdr.sliders import SLIDERS
from tests.catalogs import EDITED, Photo, make_catalog

LABEL: dict[str, float] = {slider.key: 0.5 if slider.key == "Exposure2012" else 5.0 for slider in SLIDERS}
AS_READ = {**LABEL, "HDREditMode": 1, "HDRMaxValue": 4}


def raws(folder: Path, *names: str) -> list[Path]:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"")
    return [folder / name for name in names]


def kept(catalog: Path) -> Listing[KeptEntry]:
    return list_catalog(catalog, KeptEntry.of)


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    edited, never, damaged = raws(tmp_path / "shoot", "a.CR2", "b.CR2", "c.CR2")
    photos = [Photo(edited, EDITED), Photo(never, {}), Photo(damaged, text="s = { Exposure2012 = os.exit() }")]
    catalog = make_catalog(tmp_path / "My.lrcat", photos)
    entries = list_catalog(catalog, lambda entry: entry).made
    for one, entry in zip(kept(catalog).made, entries, strict=True):
        again = one.entry()
        assert (again.photo, again.is_edit, again.trouble) == (entry.photo, entry.is_edit, entry.trouble)
        assert (again.document and again.document.data) == (entry.document and entry.document.data)


def test_they_are_equal_as_long_as_lightroom_shows_the_same(tmp_path: Path) -> None:
    photos = raws(tmp_path / "shoot", "a.CR2", "b.CR2")
    before = kept(make_catalog(tmp_path / "1.lrcat", [Photo(photo, EDITED) for photo in photos])).made
    same = kept(make_catalog(tmp_path / "2.lrcat", [Photo(photo, EDITED, rating=5) for photo in photos])).made
    other = {**EDITED, "Contrast2012": 1}
    after = kept(make_catalog(tmp_path / "3.lrcat", [Photo(photos[0], EDITED), Photo(photos[1], other)])).made
    assert same == before
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]
    assert [one.digest == other.digest for one, other in zip(before, after, strict=True)] == [True, False]


@pytest.mark.parametrize("labelled_again", [False, True])
def test_a_label_stays_ours_whatever_becomes_of_the_sidecar(tmp_path: Path, labelled_again: bool) -> None:
    (photo,) = raws(tmp_path / "shoot", "a.CR2")
    apply(plan(photo, LABEL, "model 1"))
    (one,) = kept(make_catalog(tmp_path / "My.lrcat", [Photo(photo, AS_READ)])).made
    photo.with_suffix(".xmp").unlink()
    if labelled_again:
        apply(plan(photo, {**LABEL, "Exposure2012": 0.75}, "model 2"))
    document = one.entry().document
    assert document is not None
    assert owner(document) == "autohdr"


def test_photos_that_were_listed_are_listed_again_whatever_holds_for_them_now(tmp_path: Path) -> None:
    photos = raws(tmp_path / "shoot", "a.CR2", "b.CR2")
    catalog = make_catalog(tmp_path / "My.lrcat", [Photo(photo, EDITED, rating=1) for photo in photos])
    again = list_catalog(catalog, KeptEntry.of, only=["rating=5"], known=photos[:1])
    assert again.photos == (photos[0],)
