"""Fixtures for what learns from edits: a shoot of sixteen edited photos, and the spec of a small input."""

import shutil
from pathlib import Path

import pytest

from autohdr.spec import InputSpec
from autohdr_scenes import write_shoot

SPEC = InputSpec(size=32, mean=(0.4, 0.5, 0.6), std=(0.2, 0.25, 0.3))


@pytest.fixture
def spec() -> InputSpec:
    """The spec of a small input."""
    return SPEC


@pytest.fixture(scope="session")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen small photos with sidecars, of several places, hours apart."""
    folder = tmp_path_factory.mktemp("shoot") / "raws"
    write_shoot(folder, 16, seed=3, size=(64, 96))
    return folder


def few(shoot: Path, folder: Path, count: int) -> Path:
    """A shoot of the first photos of another."""
    folder.mkdir()
    for photo in sorted(shoot.glob("*.dng"))[:count]:
        shutil.copy(photo, folder)
        shutil.copy(photo.with_suffix(".xmp"), folder)
    return folder
