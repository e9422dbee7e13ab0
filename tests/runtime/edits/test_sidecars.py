"""Sidecars in a folder of their own: the photo's place or its name tells which is whose, and never a guess."""

from pathlib import Path

import pytest

from autohdr.edits.left_out import count_kinds
from autohdr.edits.photos import EditedPhotos
from autohdr.errors import SettingsError
from autohdr.sidecar.dng.embedded import write_embedded
from autohdr_scenes import Procedural, shots, write_dng

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" crs:ProcessVersion="15.4" crs:HDREditMode="1" '
    'crs:Exposure2012="{exposure:+.2f}" {more}/></rdf:RDF></x:xmpmeta>'
)


def make(root: Path, photos: list[str], sidecars: list[str], more: str = "") -> tuple[Path, Path]:
    """Empty photos, and sidecars whose Exposure is their number in the list, from 1."""
    shoot, settings = root / "shoot", root / "settings"
    settings.mkdir()
    for name in photos:
        (shoot / name).parent.mkdir(parents=True, exist_ok=True)
        (shoot / name).write_bytes(b"")
    for number, name in enumerate(sidecars, start=1):
        (settings / name).parent.mkdir(parents=True, exist_ok=True)
        (settings / name).write_text(XMP.format(exposure=number, more=more))
    return shoot, settings


def exposures(found: EditedPhotos, shoot: Path) -> dict[str, int]:
    return {
        photo.path.relative_to(shoot).as_posix(): round(float(photo.labels[0]) * 5)
        for photo in sorted(found.photos, key=lambda photo: photo.path)
    }


@pytest.mark.parametrize("above", ["", "shoot/"])
def test_the_way_down_tells_sidecars_of_one_name_apart(tmp_path: Path, above: str) -> None:
    shoot, settings = make(tmp_path, ["d1/a.CR2", "d2/a.CR2"], [f"{above}d1/a.xmp", f"{above}d2/a.xmp"])
    assert exposures(EditedPhotos.find([shoot], settings=settings), shoot) == {"d1/a.CR2": 1, "d2/a.CR2": 2}


def test_several_shoots_are_told_apart_by_their_names(tmp_path: Path) -> None:
    shoot, settings = make(tmp_path, ["one/a.CR2", "two/a.CR2"], ["one/a.xmp", "two/a.xmp"])
    found = EditedPhotos.find([shoot / "one", shoot / "two" / "a.CR2"], settings=settings)
    assert exposures(found, shoot) == {"one/a.CR2": 1, "two/a.CR2": 2}


def test_a_name_that_is_there_once_is_enough(tmp_path: Path) -> None:
    shoot, settings = make(tmp_path, ["d1/a.CR2", "d1/b.CR2"], ["x/y/a.xmp", "b.xmp"])
    assert exposures(EditedPhotos.find([shoot], settings=settings), shoot) == {"d1/a.CR2": 1, "d1/b.CR2": 2}


@pytest.mark.parametrize("name", ["img_1.XMP", "IMG_1.CR2.xmp", "IMG_1.cr2.xmp", "D1/Img_1.xmp"])
def test_letter_case_and_either_naming_do_not_matter(tmp_path: Path, name: str) -> None:
    shoot, settings = make(tmp_path, ["d1/IMG_1.CR2"], [name])
    assert exposures(EditedPhotos.find([shoot], settings=settings), shoot) == {"d1/IMG_1.CR2": 1}


def test_two_sidecars_of_one_name_are_never_guessed_between(tmp_path: Path) -> None:
    shoot, settings = make(tmp_path, ["a.CR2"], ["x/a.xmp", "y/a.xmp"])
    (item,) = EditedPhotos.find([shoot], settings=settings).left_out
    assert item.kind == "ambiguous sidecar"
    assert f"2 sidecars below {settings} have its name ({Path('x/a.xmp')}, {Path('y/a.xmp')})" in item.reason


@pytest.mark.parametrize("place", ["a.xmp", "x/a.xmp"])
def test_a_sidecar_that_two_photos_would_take_is_neithers(tmp_path: Path, place: str) -> None:
    shoot, settings = make(tmp_path, ["d1/a.CR2", "d2/a.CR2"], [place])
    found = EditedPhotos.find([shoot / "d1", shoot / "d2"], settings=settings)
    assert count_kinds(found.left_out) == {"ambiguous sidecar": 2}
    assert str(shoot / "d2" / "a") in found.left_out[0].reason


def test_a_sidecar_at_its_photos_place_is_no_other_photos(tmp_path: Path) -> None:
    shoot, settings = make(tmp_path, ["d1/a.CR2", "d2/a.CR2"], ["d1/a.xmp"])
    found = EditedPhotos.find([shoot], settings=settings)
    assert exposures(found, shoot) == {"d1/a.CR2": 1}
    assert [item.reason.split(";")[0] for item in found.left_out] == [
        f"{shoot / 'd2' / 'a.CR2'}: has no sidecar below {settings}"
    ]


@pytest.mark.parametrize(("extension", "owner"), [("DNG", "a.dng"), ("CR2", "a.CR2"), (None, "a.CR2")])
def test_of_two_raws_of_one_name_one_has_the_sidecar(tmp_path: Path, extension: str | None, owner: str) -> None:
    more = "" if extension is None else f'photoshop:SidecarForExtension="{extension}"'
    shoot, settings = make(tmp_path, ["a.CR2", "a.dng"], ["a.xmp"], more)
    found = EditedPhotos.find([shoot], settings=settings)
    assert exposures(found, shoot) == {owner: 1}
    assert count_kinds(found.left_out) == {"sidecar of another file": 1}


def test_sidecars_beside_the_photos_are_not_looked_at(tmp_path: Path) -> None:
    shoot, settings = make(tmp_path, ["a.CR2"], [])
    (shoot / "a.xmp").write_text(XMP.format(exposure=1, more=""))
    assert count_kinds(EditedPhotos.find([shoot], settings=settings).left_out) == {"no sidecar": 1}


def test_the_folder_comes_before_what_a_dng_holds_inside(tmp_path: Path) -> None:
    shoot, settings = make(tmp_path, ["a.dng", "b.dng"], ["a.xmp"])
    for name, shot in zip(("a.dng", "b.dng"), shots(Procedural(), 2, seed=0, size=(64, 96)), strict=True):
        write_dng(shoot / name, shot.frame, shot.camera)
        write_embedded(shoot / name, XMP.format(exposure=3, more="").encode())
    assert exposures(EditedPhotos.find([shoot], settings=settings), shoot) == {"a.dng": 1, "b.dng": 3}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    shoot, settings = make(tmp_path, ["a.CR2"], [])
    with pytest.raises(SettingsError, match=r"--settings .*nowhere cannot be searched"):
        EditedPhotos.find([shoot], settings=settings / "nowhere")
