"""Shoots for the studio's tests."""

import shutil
from pathlib import Path

import anyio
import pytest

from autohdr_scenes import write_shoot

_LOADED = [getattr(anyio, name) for name in dir(anyio)]
"""All of anyio, which loads its parts when they are first named: pytest rewrites them then, and that is not safe in a
thread of the server's beside others (CPython 3.11, issue 106905)."""


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen small photos, each with its photographer's sidecar; not to be changed."""
    folder = tmp_path_factory.mktemp("edited") / "raws"
    write_shoot(folder, 16, seed=3, size=(64, 96))
    return folder


@pytest.fixture
def unedited(edited: Path, tmp_path: Path) -> Path:
    """The same photos, which nobody has edited."""
    folder = tmp_path / "unedited"
    folder.mkdir()
    for photo in edited.glob("*.dng"):
        shutil.copy(photo, folder)
    return folder


@pytest.fixture
def wedding(edited: Path, tmp_path: Path) -> Path:
    """Sixteen photos, of which the first six are edited."""
    folder = tmp_path / "wedding"
    folder.mkdir()
    for index, photo in enumerate(sorted(edited.glob("*.dng"))):
        shutil.copy(photo, folder)
        if index < 6:
            shutil.copy(photo.with_suffix(".xmp"), folder)
    return folder
