"""It is settled which edit counts, the catalog's or that in the photo's file, and whether it can be changed."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from autohdr.catalog.listing import list_catalog
from autohdr.sidecar import Owners
from autohdr_studio.shoot.standing import Shown, Standing, read_standings
from tests.catalogs import EDITED, Photo, make_catalog

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:ProcessVersion="15.4" '
    "{}/></rdf:RDF></x:xmpmeta>"
)
SAME = 'crs:Exposure2012="+0.50" crs:Shadows2012="+25" crs:HDREditMode="1" crs:HDRMaxValue="+2.30"'
OTHER = 'crs:Exposure2012="-1.00" crs:HDREditMode="1" crs:HDRMaxValue="+2.30"'
CROPPED = {**EDITED, "HasCrop": True, "CropLeft": 0.25}
ALONE = "This edit is in My.lrcat alone; to change it here, save it to the file first"
TWO = "My.lrcat and the photo's file hold different edits"
UNREAD = "Lightroom does not show this yet"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A RAW file, which nobody has to decode."""
    path = tmp_path / "shoot" / "a.CR2"
    path.parent.mkdir()
    path.write_bytes(b"")
    return path


def standing(photo: Path, edit: Mapping[str, object], **more: bool) -> Standing:
    """How a photo stands that is edited so in Lightroom."""
    catalog = make_catalog(photo.parent.parent / "My.lrcat", [Photo(photo, edit)])
    (entry,) = list_catalog(catalog, lambda entry: entry).made
    (found,) = read_standings([photo], Owners(), lambda photo: Shown("My.lrcat", entry, **more))
    return found


def exposure(found: Standing) -> float | None:
    return None if found.settings is None else found.settings.exposure


@pytest.mark.parametrize(
    ("beside", "edit", "saved", "fixed", "note"),
    [
        (None, EDITED, True, True, ALONE),
        ("broken", EDITED, True, True, TWO),
        (SAME, EDITED, False, False, None),
        (OTHER, EDITED, True, True, TWO),
        (SAME, CROPPED, True, True, ALONE),
        (SAME + ' crs:HasCrop="True" crs:CropLeft="0.25"', CROPPED, False, False, None),
        (SAME + ' crs:HasCrop="True" crs:CropLeft="0.250001"', CROPPED, False, True, ALONE),
        (SAME + ' crs:HasCrop="True" crs:CropLeft="0.250001"', CROPPED, True, False, None),
    ],
)
def test_an_edit_of_lightrooms_counts_and_is_changed_only_where_its_file_holds_all_of_it(
    photo: Path, beside: str | None, edit: Mapping[str, object], saved: bool, fixed: bool, note: str | None
) -> None:
    if beside is not None:
        photo.with_suffix(".xmp").write_text("<broken" if beside == "broken" else XMP.format(beside))
    found = standing(photo, edit, saved=saved)
    assert (found.whose, exposure(found), found.in_catalog, found.fixed) == ("photographer", 0.5, True, fixed)
    assert found.edit is not None
    assert (found.note or "").startswith(note or "")
    assert (found.note is None) == (note is None)


def test_an_edit_in_the_file_alone_is_an_edit(photo: Path) -> None:
    photo.with_suffix(".xmp").write_text(XMP.format(OTHER))
    found = standing(photo, {})
    assert (found.whose, exposure(found), found.in_catalog, found.fixed) == ("photographer", -1.0, False, False)
    assert found.edit is not None
    assert (found.note or "").startswith(UNREAD)


def test_an_edit_that_was_saved_here_over_lightrooms_counts(photo: Path) -> None:
    photo.with_suffix(".xmp").write_text(XMP.format(OTHER))
    found = standing(photo, EDITED, over=True)
    assert (found.whose, exposure(found), found.in_catalog, found.fixed) == ("photographer", -1.0, True, False)
    assert (found.note or "").startswith(UNREAD)


def test_nothing_is_said_of_photos_that_nobody_has_edited(photo: Path) -> None:
    found = standing(photo, {})
    assert (found.whose, found.unedited, found.note, found.fixed) == ("nobody", True, None, False)


def test_a_sidecar_beside_a_dng_is_not_where_lightroom_looks(edited: Path, tmp_path: Path) -> None:
    (tmp_path / "shoot").mkdir()
    photo = Path(shutil.copy(min(edited.glob("*.dng")), tmp_path / "shoot"))
    photo.with_suffix(".xmp").write_text(XMP.format(SAME))
    assert standing(photo, EDITED, saved=True).fixed
