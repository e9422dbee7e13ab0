"""The made-up folder of edits."""

from pathlib import Path

import pytest

from tests.people import edits_folder

__all__ = ["edits_folder"]


@pytest.fixture(scope="session")
def people_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where its scenes are kept."""
    return tmp_path_factory.mktemp("scenes")
