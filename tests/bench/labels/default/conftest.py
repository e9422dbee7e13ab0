"""Fixtures: a folder of small finished photographs of several sources."""

from pathlib import Path

import pytest

from tests.photographs import write_photographs


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `tests.photographs` makes them."""
    return write_photographs(tmp_path_factory.mktemp("photographs"))
