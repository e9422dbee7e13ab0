"""Memory of a photo in flight, in a process of its own."""

from pathlib import Path

import pytest

from autohdr_bench.speed.files import TINY, Format, write_photos
from autohdr_bench.speed.memory import in_flight, peak_bytes
from autohdr_bench.speed.photo import open_photo

LARGE = Format("large", (2000, 3000))


def test_a_photo_in_flight_takes_its_mosaic_and_its_file_at_least(tmp_path: Path) -> None:
    """Also where the process that measures is itself far larger than the photo."""
    if peak_bytes() is None:
        pytest.skip("this system does not tell a process how much memory it held")
    large, *tiny = write_photos(tmp_path, (LARGE, *TINY))
    held = b"x" * (128 << 20)
    photo = open_photo(large)
    for decoder in photo.decoders:
        held_more = in_flight(photo, decoder, tiny)
        assert held_more is not None
        assert 0.95 < held_more / (photo.mosaic_bytes + photo.file_bytes) < 2.0
    assert held


def test_imports_and_kernels_lie_below_the_baseline(tmp_path: Path) -> None:
    """A tiny photo adds what preparing any photo computes with (6.5 MB on Linux), not the process around it."""
    if peak_bytes() is None:
        pytest.skip("this system does not tell a process how much memory it held")
    tiny = write_photos(tmp_path, TINY)
    photo = open_photo(tiny[0])
    added = in_flight(photo, "libraw", tiny)
    assert added is not None
    assert added < 16e6
