"""A study in small: six radiance images, photos of 32 pixels, and a ViT of two layers."""

from pathlib import Path

import pytest

from autohdr_train.study.surroundings import Surroundings


@pytest.fixture
def around(radiance: Path, cache: Path, small_photos: None) -> Surroundings:
    """The same photos, as each start wants them."""
    return Surroundings(radiance, cache, 24, 12, "cpu")
