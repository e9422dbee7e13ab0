"""Which RAW file of several of one name a sidecar belongs to."""

import os
import unicodedata
from pathlib import Path

import pytest

from autohdr.objects.path import named
from autohdr.sidecar.owners import Owners

NAMING = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:SidecarForExtension="%s"/></rdf:RDF></x:xmpmeta>"""


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"")


@pytest.mark.parametrize("other", ["IMG_1.CR2", "IMG_1.KDC", "IMG_1.nef"])
def test_a_dng_leaves_the_sidecar_to_the_raw_that_it_was_made_from(tmp_path: Path, other: str) -> None:
    make(tmp_path, other, "IMG_1.DNG", "IMG_2.DNG", "IMG_1.JPG")
    for name in (other, "IMG_1.DNG"):
        assert Owners().owner(tmp_path / name) == tmp_path / other
    assert Owners().owner(tmp_path / "IMG_2.DNG") == tmp_path / "IMG_2.DNG"


def test_the_one_that_the_sidecar_names_has_it(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.DNG")
    (tmp_path / "IMG_1.xmp").write_text(NAMING % "DNG")
    assert Owners().owner(tmp_path / "IMG_1.CR2") == tmp_path / "IMG_1.DNG"


@pytest.mark.parametrize("content", ["<not xml", NAMING % "JPG", NAMING % ""])
def test_a_sidecar_that_names_none_of_them_decides_nothing(tmp_path: Path, content: str) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.DNG")
    (tmp_path / "IMG_1.xmp").write_text(content)
    assert Owners().owner(tmp_path / "IMG_1.DNG") == tmp_path / "IMG_1.CR2"


def test_a_folder_that_cannot_be_listed_leaves_each_photo_its_own(tmp_path: Path) -> None:
    assert Owners().owner(tmp_path / "gone" / "IMG_1.CR2") == tmp_path / "gone" / "IMG_1.CR2"


def test_darktables_sidecars_are_never_shared(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.DNG")
    for name in ("IMG_1.CR2", "IMG_1.DNG"):
        assert Owners("darktable").owner(tmp_path / name) == tmp_path / name


def test_a_jpeg_of_the_same_name_has_no_part_in_it(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.JPG", "IMG_1.jpeg", "IMG_1.tif", "IMG_1.mov")
    assert Owners().owner(tmp_path / "IMG_1.CR2") == tmp_path / "IMG_1.CR2"


def test_a_raw_of_an_unusual_name_leaves_the_sidecar_to_the_usual_one(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.tif", "IMG_2.tif")
    for name in ("IMG_1.CR2", "IMG_1.tif"):
        assert Owners().owner(tmp_path / name) == tmp_path / "IMG_1.CR2"
    assert Owners().owner(tmp_path / "IMG_2.tif") == tmp_path / "IMG_2.tif"
    (tmp_path / "IMG_1.xmp").write_text(NAMING % "TIF")
    assert Owners().owner(tmp_path / "IMG_1.tif") == tmp_path / "IMG_1.tif"


def test_an_accent_may_be_spelled_either_way(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "é") for form in ("NFC", "NFD"))
    make(tmp_path, f"{composed}.NEF", f"{decomposed}.CR2")
    owner = tmp_path / f"{decomposed}.CR2"
    for name in (f"{composed}.NEF", f"{decomposed}.CR2"):
        assert Owners().owner(tmp_path / name) == owner


@pytest.mark.parametrize("counts", [True, False])
def test_letter_case_counts_where_it_counts_for_the_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counts: bool
) -> None:
    make(tmp_path, "IMG_1.CR2", "img_1.NEF")

    def samefile(path: Path, other: Path) -> bool:
        if not counts:
            return str(path).lower() == str(other).lower()
        if path != other:
            raise FileNotFoundError(path)
        return True

    monkeypatch.setattr(Path, "samefile", samefile)
    expected = "img_1.NEF" if counts else "IMG_1.CR2"
    assert Owners().owner(tmp_path / "img_1.NEF") == tmp_path / expected
    assert Owners().owner(tmp_path / "IMG_1.CR2") == tmp_path / "IMG_1.CR2"


def test_letter_case_is_asked_of_this_file_system(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR2", "img_1.NEF")
    same = os.path.lexists(tmp_path / "IMG_1.NEF")
    assert Owners().owner(tmp_path / "img_1.NEF") == tmp_path / ("IMG_1.CR2" if same else "img_1.NEF")


def test_a_sidecar_that_cannot_be_read_decides_nothing(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.DNG")
    (tmp_path / "IMG_1.xmp").mkdir()
    assert Owners().owner(tmp_path / "IMG_1.DNG") == tmp_path / "IMG_1.CR2"


def test_a_folder_is_kept_by_the_names_that_several_share(tmp_path: Path) -> None:
    make(tmp_path, *(f"IMG_{number}.CR2" for number in range(50)), "IMG_7.DNG", "IMG_8.tif", "IMG_7.xmp")
    owners = Owners()
    assert owners.owner(tmp_path / "IMG_7.DNG") == tmp_path / "IMG_7.CR2"
    assert owners._shared(tmp_path).keys() == {"img_7"}
    assert owners.owner(tmp_path / "IMG_8.tif") == tmp_path / "IMG_8.CR2"


def test_of_a_bucket_the_names_about_a_photo_say_whose_a_sidecar_is_and_nothing_is_listed() -> None:
    folder = named("s3://nowhere/shoot")
    names = ("IMG_1.CR2", "IMG_1.DNG", "IMG_2.DNG")
    owner = Owners("adobe").owner
    assert owner(folder / "IMG_2.DNG", names) == folder / "IMG_2.DNG"
