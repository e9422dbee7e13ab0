"""A study in small: six radiance images, photos of 32 pixels, a ViT of two layers; as training is tested with them."""

from pathlib import Path

import pytest

from autohdr_bench.labels.surroundings import Surroundings
from tests.train.conftest import bank, cache, foreign_vit, network, photos, radiance, small_photos

__all__ = ["bank", "cache", "foreign_vit", "network", "photos", "radiance", "small_photos"]


@pytest.fixture
def around(radiance: Path, cache: Path, small_photos: None) -> Surroundings:
    """Photos, as each start wants them."""
    return Surroundings(radiance, cache, 24, 12, "cpu")
