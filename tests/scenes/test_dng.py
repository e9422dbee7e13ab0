"""DNG files as LibRaw, and others, read them."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import rawpy

from autohdr.errors import SettingsError
from autohdr.raw.frame import RawFrame
from autohdr_scenes.camera import BODIES, PHASES, Camera, expose
from autohdr_scenes.dng import Compression, write_dng
from autohdr_scenes.procedural import scene

TAKEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC).timestamp()


def recorded(camera: Camera, flip: int = 0) -> RawFrame:
    rng = np.random.default_rng(4)
    return expose(scene("street", rng, (48, 80)), camera, 0.3, rng, flip, TAKEN)


@pytest.mark.parametrize("body", BODIES[:2])
@pytest.mark.parametrize("phase", [*PHASES, "linear"])
@pytest.mark.parametrize("compression", ["none", "ljpeg"])
def test_libraw_reads_every_sample_and_field(
    tmp_path: Path, body: Camera, phase: str, compression: Compression
) -> None:
    camera = replace(body, phase=phase)
    frame = recorded(camera)
    write_dng(tmp_path / "a.dng", frame, camera, compression=compression)
    with rawpy.imread(BytesIO((tmp_path / "a.dng").read_bytes())) as raw:
        planes = 1 if frame.pattern is not None else 3
        np.testing.assert_array_equal(raw.raw_image.reshape(48, 80, -1)[..., :planes].squeeze(), frame.data)
        np.testing.assert_allclose(raw.camera_whitebalance[:3], frame.white_balance, rtol=1e-5)
        assert raw.black_level_per_channel[:3] == [camera.black] * 3
        assert raw.white_level == camera.white
        np.testing.assert_allclose(raw.color_matrix[:, :3], frame.matrix, atol=1e-5)
        if frame.pattern is not None:
            np.testing.assert_array_equal(raw.raw_pattern, frame.pattern)


@pytest.mark.parametrize("flip", range(8))
def test_libraw_sees_how_the_camera_was_held(tmp_path: Path, flip: int) -> None:
    write_dng(tmp_path / "a.dng", recorded(BODIES[0], flip), BODIES[0])
    with rawpy.imread(str(tmp_path / "a.dng")) as raw:
        assert raw.sizes.flip == flip


def test_libraw_develops_an_upright_picture(tmp_path: Path) -> None:
    """The street's sky is above its road, whichever way the camera was turned."""
    for flip in (0, 3, 5, 6):
        write_dng(tmp_path / "a.dng", recorded(BODIES[0], flip), BODIES[0])
        with rawpy.imread(str(tmp_path / "a.dng")) as raw:
            picture = raw.postprocess(use_camera_wb=True, no_auto_bright=True)
        assert picture.shape == (48, 80, 3)
        assert picture[:6].mean() > 2.0 * picture[-6:].mean()


def test_another_tiff_reader_agrees(tmp_path: Path) -> None:
    tifffile = pytest.importorskip("tifffile", reason="an independent reader of TIFF")
    pytest.importorskip("imagecodecs", reason="tifffile decodes lossless JPEG with it")
    for phase in ("GRBG", "linear"):
        camera = replace(BODIES[0], phase=phase, iso=800.0)
        frame = recorded(camera)
        write_dng(tmp_path / "a.dng", frame, camera)
        with tifffile.TiffFile(tmp_path / "a.dng") as file:
            tags = file.pages[0].tags
            exif = tags["ExifTag"].value
            assert tags["DNGVersion"].value == b"\1\4\0\0"
            assert tags["UniqueCameraModel"].value == f"autohdr {camera.name}"
            assert tags["PhotometricInterpretation"].value == (34892 if phase == "linear" else 32803)
            assert exif["DateTimeOriginal"] == "2026:03:04 05:06:07"
            assert exif["ISOSpeedRatings"] == 800
            assert exif["ExposureTime"] == (1, 125)
            codes = [tag.code for tag in tags]
            assert codes == sorted(codes)


def test_the_same_frame_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.dng", "b.dng"):
        write_dng(tmp_path / name, recorded(BODIES[0]), BODIES[0])
    assert (tmp_path / "a.dng").read_bytes() == (tmp_path / "b.dng").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dng", "b.dng"]


def test_lossless_jpeg_is_smaller(tmp_path: Path) -> None:
    for compression in ("none", "ljpeg"):
        write_dng(tmp_path / f"{compression}.dng", recorded(BODIES[0]), BODIES[0], compression=compression)
    assert (tmp_path / "ljpeg.dng").stat().st_size < 0.8 * (tmp_path / "none.dng").stat().st_size


def test_an_unknown_compression_is_refused_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'zip'; expected one of none, ljpeg"):
        write_dng(tmp_path / "a.dng", recorded(BODIES[0]), BODIES[0], compression="zip")  # type: ignore[arg-type]
