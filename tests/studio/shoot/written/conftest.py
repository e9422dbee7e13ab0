"""A photo that edits are saved of, as a DNG and as a RAW file of another kind."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def dng(edited: Path, tmp_path: Path) -> Path:
    """A DNG, into which settings go, alone in a folder."""
    found = tmp_path / "photos" / "IMG_1.dng"
    found.parent.mkdir()
    shutil.copy(min(edited.glob("*.dng")), found)
    return found


@pytest.fixture
def nef(dng: Path) -> Path:
    """A RAW file of another kind, beside which a sidecar stands, alone in a folder."""
    return dng.replace(dng.with_suffix(".nef"))
