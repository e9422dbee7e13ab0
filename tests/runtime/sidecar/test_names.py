import unicodedata
from pathlib import Path
from typing import cast

import pytest

from autohdr.errors import SettingsError
from autohdr.sidecar import Naming, sidecar_path

COMPOSED = unicodedata.normalize("NFC", "né ü")
DECOMPOSED = unicodedata.normalize("NFD", "né ü")


@pytest.mark.parametrize(
    ("photo", "adobe", "darktable"),
    [
        ("IMG_1.CR2", "IMG_1.xmp", "IMG_1.CR2.xmp"),
        ("a.b.dng", "a.b.xmp", "a.b.dng.xmp"),
        ("IMG_1", "IMG_1.xmp", "IMG_1.xmp"),
        ("ü x.NEF", "ü x.xmp", "ü x.NEF.xmp"),
    ],
)
def test_a_sidecar_has_the_name_or_the_stem_of_its_photo(
    tmp_path: Path, photo: str, adobe: str, darktable: str
) -> None:
    assert sidecar_path(tmp_path / photo) == sidecar_path(tmp_path / photo, "adobe") == tmp_path / adobe
    assert sidecar_path(tmp_path / photo, "darktable") == tmp_path / darktable


@pytest.mark.parametrize(("naming", "stem"), [("adobe", "IMG_1"), ("darktable", "IMG_1.CR2")])
def test_a_sidecar_in_capitals_is_used_where_it_is_the_only_one(tmp_path: Path, naming: Naming, stem: str) -> None:
    capitals = tmp_path / f"{stem}.XMP"
    capitals.write_bytes(b"")
    assert sidecar_path(tmp_path / "IMG_1.CR2", naming).samefile(capitals)
    (tmp_path / f"{stem}.xmp").write_bytes(b"")
    assert sidecar_path(tmp_path / "IMG_1.CR2", naming) == tmp_path / f"{stem}.xmp"


@pytest.mark.parametrize(("photo", "sidecar"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
@pytest.mark.parametrize("ending", [".xmp", ".XMP"])
def test_an_accent_may_be_spelled_either_way(tmp_path: Path, photo: str, sidecar: str, ending: str) -> None:
    """macOS spelled names its own way for twenty years; copied to another system, they stay so."""
    assert photo != sidecar
    assert sidecar_path(tmp_path / f"{photo}.CR2") == tmp_path / f"{photo}.xmp"
    (tmp_path / f"{sidecar}{ending}").write_bytes(b"")
    assert sidecar_path(tmp_path / f"{photo}.CR2").samefile(tmp_path / f"{sidecar}{ending}")


def test_the_photos_own_spelling_comes_first(tmp_path: Path) -> None:
    for name in (COMPOSED, DECOMPOSED):
        (tmp_path / f"{name}.xmp").write_bytes(name.encode())
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system takes either spelling for the other")
    for name in (COMPOSED, DECOMPOSED):
        assert sidecar_path(tmp_path / f"{name}.CR2").read_bytes() == name.encode()


def test_an_unknown_way_of_naming_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'lightroom'; expected one of adobe, darktable"):
        sidecar_path(tmp_path / "IMG_1.CR2", cast(Naming, "lightroom"))
