"""The README's picture is of the labels that autohdr writes now."""

import sys
from pathlib import Path

import autohdr

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import readme_picture  # noqa: E402


def test_the_caption_names_the_sliders_that_the_default_model_gives(tmp_path: Path) -> None:
    copy = tmp_path / readme_picture.PHOTO.name
    copy.write_bytes(readme_picture.PHOTO.read_bytes())
    sliders = autohdr.label(copy, dry_run=True).results[0].sliders
    assert sliders is not None
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme_picture.caption(sliders) in readme, "run python scripts/readme_picture.py"


def test_the_picture_is_a_gain_map_jpeg_of_two_photos_side_by_side() -> None:
    data = readme_picture.PICTURE.read_bytes()
    assert data.startswith(b"\xff\xd8")
    assert b"urn:iso:std:iso:ts:21496:-1" in data
    assert len(data) < 100_000
