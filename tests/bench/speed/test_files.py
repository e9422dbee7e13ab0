"""Generated photos: the same every time, as hard to decode as a camera's, and read by everyone."""

from pathlib import Path

from autohdr_bench.speed.files import FORMATS, Format, photos_in, write_photos

SMALL = tuple(Format(kind.name, (400, 600), kind.compression, kind.phase) for kind in FORMATS[:3])


def bits_per_sample(path: Path, samples: int) -> float:
    return path.stat().st_size * 8 / samples


def test_lossless_jpeg_takes_as_many_bits_as_a_cameras(tmp_path: Path) -> None:
    mosaic, uncompressed, planes = write_photos(tmp_path, SMALL)
    assert 8.0 < bits_per_sample(mosaic, 400 * 600) < 10.0
    assert 8.0 < bits_per_sample(planes, 400 * 600 * 3) < 10.0
    assert 16.0 < bits_per_sample(uncompressed, 400 * 600) < 16.1


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    once, again = write_photos(tmp_path, SMALL), write_photos(tmp_path / "again", SMALL)
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_what_is_measured_without_files_has_24_and_45_megapixels() -> None:
    assert [round(kind.size[0] * kind.size[1] / 1e6) for kind in FORMATS] == [24, 24, 24, 45, 45]


def test_without_files_photos_are_generated_and_removed() -> None:
    with photos_in([], SMALL) as (photos, left_out):
        assert [photo.path.stem for photo in photos] == [kind.name for kind in SMALL]
        assert [photo.megapixels for photo in photos] == [0.24] * 3
        assert [photo.mosaic_bytes for photo in photos] == [480_000, 480_000, 1_440_000]
        assert left_out == []
    assert not any(photo.path.exists() for photo in photos)


def test_photos_that_are_named_stay(shoot: Path) -> None:
    with photos_in([shoot]) as (photos, _):
        assert len(photos) == 5
    assert all(photo.path.exists() for photo in photos)
