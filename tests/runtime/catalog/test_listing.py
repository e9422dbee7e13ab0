"""Listing a catalog: which photos are there, how Lightroom shows them, and that nothing is written."""

from pathlib import Path

import pytest

from autohdr.catalog.entries import Entry
from autohdr.catalog.listing import Listing, list_catalog
from autohdr.errors import CatalogError, SettingsError
from autohdr.sidecar import Document, apply, plan
from autohdr.sidecar.settings.labels import labels_in
from autohdr.sliders import SLIDERS
from tests.catalogs import EDITED, Photo, Style, make_catalog, settings, snapshot

LABEL: dict[str, float] = {slider.key: 0.5 if slider.key == "Exposure2012" else 5.0 for slider in SLIDERS}


def raw(folder: Path, name: str) -> Path:
    """An empty RAW file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def listed(path: Path, *only: str, roots: tuple[str, ...] = ()) -> Listing[Entry]:
    return list_catalog(path, lambda entry: entry, only=only, roots=roots)


def names(path: Path, *only: str) -> list[str]:
    return [photo.name for photo in listed(path, *only).photos]


def shown(path: Path) -> Document:
    """What the only photo of a catalog looks like."""
    (entry,) = listed(path).made
    assert entry.document is not None, entry.trouble
    return entry.document


def test_the_catalog_of_lightroom_5_is_read(shared_catalogs: Path) -> None:
    path = shared_catalogs / "lr5_test.lrcat"
    before = snapshot(shared_catalogs)
    found = listed(path)
    assert (found.version, len(found.photos), found.others, found.copies) == (5, 0, 2, ())
    folder = Path("/Users/maxmouchet/Pictures/2013/12-01 (MO) Pre-party Phoelix")
    assert found.missing == (folder / "_MAX7667.NEF", folder / "_MAX7674.NEF")
    assert snapshot(shared_catalogs) == before


def test_its_photos_were_never_edited(shared_catalogs: Path, tmp_path: Path) -> None:
    for name in ("_MAX7667.NEF", "_MAX7674.NEF"):
        raw(tmp_path / "12-01 (MO) Pre-party Phoelix", name)
    old = "/Users/maxmouchet/Pictures/2013"
    found = listed(shared_catalogs / "lr5_test.lrcat", roots=(f"{old}={tmp_path}",))
    assert [entry.photo.name for entry in found.made] == ["_MAX7667.NEF", "_MAX7674.NEF"]
    kinds = [labels_in(entry.document, "it").kind for entry in found.made if entry.document is not None]
    assert kinds == ["never edited"] * 2


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    "style",
    [
        Style("0400020", without=("AgLibraryFile.idx_filename", "Adobe_images.sidecarStatus")),
        Style("0500006"),
        Style("1300025", without=("AgLibraryRootFolder.relativePathFromCatalog",)),
        Style("1500001", mode="wal"),
        Style("2200001"),
    ],
)
def test_catalogs_of_all_versions_are_read(tmp_path: Path, style: Style, compressed: bool) -> None:
    photo = raw(tmp_path / "shoot", "a.CR2")
    style = Style(style.version, compressed, style.without, style.mode)
    path = make_catalog(tmp_path / "My #1 % ä?.lrcat", [Photo(photo, EDITED)], style)
    before = snapshot(tmp_path)
    document = shown(path)
    assert document.values()["Exposure2012"] == 0.5
    assert (document.hdr, document.get("HDRMaxValue"), document.get("Exposure2012")) == (True, "+2.30", "+0.50")
    assert document.edited() == {"Exposure2012", "Shadows2012", "HDREditMode", "HDRMaxValue"}
    assert snapshot(tmp_path) == before


def test_what_nobody_has_edited_is_at_its_defaults(tmp_path: Path) -> None:
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), {})])
    assert labels_in(shown(path), "it").kind == "never edited"


def test_a_photo_without_settings_has_none(tmp_path: Path) -> None:
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"))])
    assert labels_in(shown(path), "it").kind == "no develop settings"


def test_an_auto_that_is_not_resolved_is_an_edit_of_unknown_values(tmp_path: Path) -> None:
    edit = {"Highlights2012": -999999, "AutoTone": False}
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), edit)])
    document = shown(path)
    assert "Highlights2012" not in document.values()
    assert document.edited() == {"AutoTone"}


@pytest.mark.parametrize(
    "rest",
    [
        {"AutoExposure": True, "AutoShadows": False, "Unheard": 0, "UnheardOf": False, "Defringe": 0, "Exposure": 2},
        {
            "GrayMixerRed": -12,
            "AutoGrayscaleMix": True,
            "LensProfileName": "x",
            "LuminanceNoiseReductionDetail": 50,
            "VignetteMidpoint": 50,
        },
        {"ExtendedToneCurveName2012": "Linear", "ExtendedToneCurvePV2012": [0, 0, 255, 255], "LensBlur": []},
        {"PointColors": [-1] * 19, "ColorVariance": [-50], "EnableEffects": True, "orientation": "AB"},
        {"Look": {"Name": ""}, "ToneCurveName": "Custom", "ToneCurve": [0, 0, 9, 99, 255, 255]},
    ],
)
def test_what_says_nothing_is_no_edit(tmp_path: Path, rest: dict[str, object]) -> None:
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), rest)])
    assert shown(path).edited() == frozenset()


@pytest.mark.parametrize(
    "edit",
    [
        {"GrayMixerRed": -12, "ConvertToGrayscale": True},
        {"GrayMixerRed": -12, "AutoGrayscaleMix": False},
        {"EnableEffects": False},
        {"Sharpness": 0},
        {"Unheard": 7},
        {"PostCropVignetteAmount": -10, "PostCropVignetteFeather": 0},
        {"Look": {"Name": "Vintage 01", "UUID": "A" * 32, "Amount": 0.5}},
        {"LensBlur": {"Active": True, "BlurAmount": 50}},
    ],
)
def test_what_changes_the_picture_is_an_edit(tmp_path: Path, edit: dict[str, object]) -> None:
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), edit)])
    assert shown(path).edited() == set(edit) - {"AutoGrayscaleMix"}


def test_settings_that_are_not_there_are_no_default(tmp_path: Path) -> None:
    style = Style(extra="UPDATE Adobe_images SET developSettingsIDCache = 99;")
    other = make_catalog(tmp_path / "b.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), {})], style)
    assert listed(other).made[0].trouble == "its settings are not in the catalog"


def test_a_slider_that_is_missing_is_at_zero(tmp_path: Path) -> None:
    text = 's = { Exposure2012 = 1, ProcessVersion = "11.0" }'
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), text=text)])
    assert shown(path).values() == {slider.key: 1.0 if slider.key == "Exposure2012" else 0.0 for slider in SLIDERS}


def test_old_process_versions_are_known_as_such(tmp_path: Path) -> None:
    text = 's = { Exposure = 1, Brightness = 50, ProcessVersion = "5.7" }'
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), text=text)])
    assert labels_in(shown(path), "it").kind == "old process version"


def test_curves_looks_and_masks_are_written_as_a_sidecar_has_them(tmp_path: Path) -> None:
    masks = [{"What": "Correction", "LocalExposure2012": 0.25, "CorrectionMasks": [{"What": "Mask/Paint"}]}]
    edit = {"ToneCurvePV2012": [0, 0, 64, 56, 255, 255], "MaskGroupBasedCorrections": masks, "CropLeft": 8.3e-05}
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), edit)])
    document = shown(path)
    assert document.edited() == {"ToneCurvePV2012", "MaskGroupBasedCorrections", "CropLeft"}
    assert "<rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>64, 56</rdf:li><rdf:li>255, 255</rdf:li></rdf:Seq>" in (
        document.data.decode()
    )
    assert document.get("CropLeft") == "0.000083"


def test_texts_that_no_xml_can_hold_lose_what_it_cannot(tmp_path: Path) -> None:
    edit = {"CameraProfile": 'a<b>&"\x01\udc80ü', "Bad Name": 1, "lower": 2}
    path = make_catalog(
        tmp_path / "a.lrcat",
        [Photo(raw(tmp_path / "shoot", "a.CR2"), text=settings(edit).encode(errors="surrogateescape"))],
    )
    assert (shown(path).get("CameraProfile") or "").startswith('a<b>&"')


def test_a_label_of_ours_that_lightroom_has_read_is_ours(tmp_path: Path) -> None:
    photo = raw(tmp_path / "shoot", "a.CR2")
    apply(plan(photo, LABEL, "model 1"))
    path = make_catalog(tmp_path / "a.lrcat", [Photo(photo, {**LABEL, "HDREditMode": 1, "HDRMaxValue": 4})])
    assert labels_in(shown(path), "it").kind == "autohdr's own label"


@pytest.mark.parametrize("compressed", [False, True])
def test_it_is_ours_where_the_catalog_alone_says_so(tmp_path: Path, compressed: bool) -> None:
    """As after `autohdr undo`, until Lightroom reads the metadata again."""
    photo = raw(tmp_path / "shoot", "a.CR2")
    edit = plan(photo, LABEL, "model 1")
    assert edit.data is not None
    kept = Photo(photo, {**LABEL, "HDREditMode": 1, "HDRMaxValue": 4}, xmp=edit.data.decode())
    path = make_catalog(tmp_path / "a.lrcat", [kept], Style(compressed=compressed))
    assert labels_in(shown(path), "it").kind == "autohdr's own label"


def test_it_is_ours_where_the_file_holds_a_newer_label_than_lightroom_has_read(tmp_path: Path) -> None:
    photo = raw(tmp_path / "shoot", "a.CR2")
    first = plan(photo, LABEL, "model 1")
    assert first.data is not None
    apply(plan(photo, {**LABEL, "Exposure2012": 0.75}, "model 2"))
    kept = Photo(photo, {**LABEL, "HDREditMode": 1, "HDRMaxValue": 4}, xmp=first.data.decode())
    path = make_catalog(tmp_path / "a.lrcat", [kept])
    assert labels_in(shown(path), "it").kind == "autohdr's own label"


@pytest.mark.parametrize("xmp", ["<broken ns.autohdr.org/1.0/", "\0\0\0\x10x\x9cbroken"])
def test_metadata_that_cannot_be_read_is_nobodys_label(tmp_path: Path, xmp: str) -> None:
    path = make_catalog(tmp_path / "a.lrcat", [Photo(raw(tmp_path / "shoot", "a.CR2"), EDITED, xmp=xmp)])
    assert labels_in(shown(path), "it").usable


def test_one_that_was_changed_since_is_a_correction(tmp_path: Path) -> None:
    photo = raw(tmp_path / "shoot", "a.CR2")
    apply(plan(photo, LABEL, "model 1"))
    path = make_catalog(
        tmp_path / "a.lrcat", [Photo(photo, {**LABEL, "HDREditMode": 1, "HDRMaxValue": 4, "Exposure2012": 1.25})]
    )
    labels = labels_in(shown(path), "it")
    assert (labels.usable, labels.corrected, labels.values["Exposure2012"]) == (True, True, 1.25)


def test_one_that_lightroom_has_not_read_is_no_edit(tmp_path: Path) -> None:
    photo = raw(tmp_path / "shoot", "a.CR2")
    apply(plan(photo, LABEL, "model 1"))
    path = make_catalog(tmp_path / "a.lrcat", [Photo(photo, {})])
    assert labels_in(shown(path), "it").kind == "never edited"


def test_copies_missing_files_and_others_are_counted(tmp_path: Path) -> None:
    photo = raw(tmp_path / "shoot", "a.CR2")
    photos = [
        Photo(photo, EDITED, unsaved=True),
        Photo(photo, EDITED, copy_of=1),
        Photo(tmp_path / "shoot" / "gone.NEF", EDITED),
        Photo(raw(tmp_path / "shoot", "b.jpg"), EDITED),
    ]
    found = listed(make_catalog(tmp_path / "a.lrcat", photos))
    assert found.photos == (photo,)
    assert (found.copies, found.others, found.unsaved) == ((photo,), 1, frozenset([photo]))
    assert (len(found.missing), found.roots) == (1, (tmp_path,))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("D:/Photos", "here"),
        ("d:\\photos\\", "here"),
        ("D:/Photos/2024", "here/2024"),
        ("D:", "."),
    ],
)
def test_photos_of_a_moved_drive_are_found(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "Photos").symlink_to(tmp_path / "here", target_is_directory=True)
    photo = raw(tmp_path / "here" / "2024", "a.CR2")
    path = make_catalog(tmp_path / "a.lrcat", [Photo("D:/Photos/2024/a.CR2", EDITED)])
    assert listed(path).missing == (Path("D:/Photos/2024/a.CR2"),)
    (found,) = listed(path, roots=("E:/=" + str(tmp_path), f"{old}={tmp_path / new}")).photos
    assert found.resolve() == photo


def test_the_folder_to_name_is_the_catalogs_root_or_what_is_missing_of_it(tmp_path: Path) -> None:
    names = ("2023/a.CR2", "2024/05/b.CR2", "2024/06/c.CR2")
    extra = "UPDATE AgLibraryRootFolder SET absolutePath = 'D:/Photos/'; UPDATE AgLibraryFolder SET rootFolder = 1"
    below = "UPDATE AgLibraryFolder SET pathFromRoot = '{}/' WHERE id_local = {}"
    folders = [below.format(Path(name).parent, count) for count, name in enumerate(names, 1)]
    extra = "; ".join([f"DELETE FROM AgLibraryRootFolder WHERE id_local > 1; {extra}", *folders])
    photos = [Photo(f"D:/Photos/{name}", EDITED) for name in names]
    path = make_catalog(tmp_path / "a.lrcat", photos, Style(extra=extra))
    assert set(listed(path).gone.values()) == {"D:/Photos/"}
    raw(tmp_path / "new" / "2023", "a.CR2")
    part = f"D:/Photos={tmp_path / 'new'}"
    found = listed(path, roots=(part,))
    assert set(found.gone.values()) == {"D:/Photos/2024"}
    assert found.unused == ()
    raw(tmp_path / "other" / "05", "b.CR2")
    raw(tmp_path / "other" / "06", "c.CR2")
    assert listed(path, roots=(part, f"D:/Photos/2024={tmp_path / 'other'}")).missing == ()
    assert listed(path, roots=(f"D:/Pictures={tmp_path}",)).unused == ("D:/Pictures/",)


def test_photos_that_moved_with_their_catalog_are_found(tmp_path: Path) -> None:
    photo = raw(tmp_path / "drive" / "photos" / "2024", "a.CR2")
    extra = "UPDATE AgLibraryRootFolder SET relativePathFromCatalog = '../photos/'"
    (tmp_path / "drive" / "catalog").mkdir()
    gone = Photo("/Volumes/Old/photos/2024/a.CR2", EDITED)
    path = make_catalog(tmp_path / "drive" / "catalog" / "a.lrcat", [gone], Style(extra=extra))
    assert [found.resolve() for found in listed(path).photos] == [photo]


def test_a_root_that_is_no_pair_is_refused(tmp_path: Path) -> None:
    path = make_catalog(tmp_path / "a.lrcat", [])
    with pytest.raises(SettingsError, match="is not OLD=NEW"):
        listed(path, roots=("/Volumes/Photos",))
    with pytest.raises(SettingsError, match="is no folder"):
        listed(path, roots=(f"/Volumes/Photos={tmp_path / 'no'}",))


def test_the_catalog_of_lightroom_3_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = make_catalog(tmp_path / "My.lrcat", [], Style("0300026"))
    with pytest.raises(CatalogError, match=r"My\.lrcat was made by Lightroom 3; open it once in a newer Lightroom"):
        listed(path)
