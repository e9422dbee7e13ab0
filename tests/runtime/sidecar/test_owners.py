"""Which RAW file of several of one name a sidecar belongs to."""

from pathlib import Path

import pytest

from autohdr.sidecar.owners import sidecar_owner

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
        assert sidecar_owner(tmp_path / name) == tmp_path / other
    assert sidecar_owner(tmp_path / "IMG_2.DNG") == tmp_path / "IMG_2.DNG"


def test_the_one_that_the_sidecar_names_has_it(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.DNG")
    (tmp_path / "IMG_1.xmp").write_text(NAMING % "DNG")
    assert sidecar_owner(tmp_path / "IMG_1.CR2") == tmp_path / "IMG_1.DNG"


@pytest.mark.parametrize("content", ["<not xml", NAMING % "JPG", NAMING % ""])
def test_a_sidecar_that_names_none_of_them_decides_nothing(tmp_path: Path, content: str) -> None:
    make(tmp_path, "IMG_1.CR2", "IMG_1.DNG")
    (tmp_path / "IMG_1.xmp").write_text(content)
    assert sidecar_owner(tmp_path / "IMG_1.DNG") == tmp_path / "IMG_1.CR2"


def test_a_folder_that_cannot_be_listed_leaves_each_photo_its_own(tmp_path: Path) -> None:
    assert sidecar_owner(tmp_path / "gone" / "IMG_1.CR2") == tmp_path / "gone" / "IMG_1.CR2"
