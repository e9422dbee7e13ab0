from pathlib import Path

import pytest

from autohdr.sidecar import sidecar_path


@pytest.mark.parametrize(
    ("photo", "sidecar"),
    [("IMG_1.CR2", "IMG_1.xmp"), ("a.b.dng", "a.b.xmp"), ("IMG_1", "IMG_1.xmp"), ("ü x.NEF", "ü x.xmp")],
)
def test_a_sidecar_has_the_stem_of_its_photo(tmp_path: Path, photo: str, sidecar: str) -> None:
    assert sidecar_path(tmp_path / photo) == tmp_path / sidecar


def test_a_sidecar_in_capitals_is_used_where_it_is_the_only_one(tmp_path: Path) -> None:
    capitals = tmp_path / "IMG_1.XMP"
    capitals.write_bytes(b"")
    assert sidecar_path(tmp_path / "IMG_1.CR2").samefile(capitals)
