"""A shoot of many series, which runs share."""

import shutil
from pathlib import Path

import pytest

from tests.runtime.run.spread.shoots import write


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Series in two folders; not to be changed."""
    folder = tmp_path_factory.mktemp("series") / "shoot"
    write(folder)
    return folder


@pytest.fixture
def shoot(whole: Path, tmp_path: Path) -> Path:
    """A copy of `whole`."""
    return Path(shutil.copytree(whole, tmp_path / "shoot"))
