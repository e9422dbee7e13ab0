import io
import subprocess
import sys

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop.picture import Picture
from autohdr.develop.rendering import Renditions
from autohdr.develop.spaces import between
from autohdr.errors import PhotoError
from autohdr.pictures import avif
from tests.runtime.pictures.conftest import LEVELS, middles


def luminance(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """cd/m2 of PQ values, 0 to 1 (SMPTE ST 2084, its inverse)."""
    power = np.maximum(code, 0) ** (32 / 2523)
    top = np.maximum(power - 3424 / 4096, 0)
    return 10000 * (top / (2413 / 128 - 2392 / 128 * power)) ** (16384 / 2610)


def plane_of(frame: av.VideoFrame, index: int) -> NDArray[np.float64]:
    """One plane of 16-bit words, without what fills its rows up."""
    plane = frame.planes[index]
    rows = np.frombuffer(bytes(plane), "<u2").reshape(plane.height, plane.line_size // 2)
    return rows[:, : plane.width].astype(np.float64)


def read(data: bytes) -> tuple[NDArray[np.float64], av.VideoFrame]:
    """Light relative to 203 cd/m2 in BT.2020, decoded by FFmpeg, from the planes by BT.2020's matrix."""
    with av.open(io.BytesIO(data), "r") as container:
        frame = next(container.decode(video=0))
    assert isinstance(frame, av.VideoFrame)
    assert frame.format.name == "yuv444p10le"
    y, u, v = (plane_of(frame, index) / 1023 for index in range(3))
    u, v = u - 512 / 1023, v - 512 / 1023
    red, blue = y + 1.4746 * v, y + 1.8814 * u
    green = (y - 0.2627 * red - 0.0593 * blue) / 0.6780
    return luminance(np.stack([red, green, blue], -1)) / 203, frame


def test_ffmpeg_reads_every_patch_within_1_percent(both: Renditions) -> None:
    assert both.hdr is not None
    light, _ = read(avif(both.hdr))
    np.testing.assert_allclose(middles(light), np.array(LEVELS)[:, None].repeat(3, 1), rtol=0.01)


def test_it_says_pq_and_bt2020(both: Renditions) -> None:
    assert both.hdr is not None
    _, frame = read(avif(both.hdr))
    assert (frame.color_primaries, frame.color_trc, frame.colorspace) == (9, 16, 9)
    assert frame.color_range == 2  # full


def test_colours_are_converted_to_bt2020() -> None:
    colour = np.array([2.0, 0.5, 0.1], np.float32)
    light, _ = read(avif(Picture(np.broadcast_to(colour, (32, 32, 3)).copy(), "srgb", 4.0)))
    np.testing.assert_allclose(light[16, 16], between("srgb", "bt2020") @ colour, rtol=0.03)


@pytest.mark.parametrize("size", [(1, 1), (17, 31), (40, 64)])
def test_any_size_is_read_back(size: tuple[int, int]) -> None:
    light, _ = read(avif(Picture(np.full((*size, 3), 0.5, np.float32), "srgb")))
    assert light.shape == (*size, 3)


def test_a_picture_that_is_not_finite_is_refused() -> None:
    with pytest.raises(PhotoError, match="not finite"):
        avif(Picture(np.full((8, 8, 3), np.nan, np.float32), "srgb"))


def test_without_imagecodecs_one_sentence_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['imagecodecs'] = None\n"
        "import numpy as np; from autohdr.develop.picture import Picture; from autohdr.pictures import avif, jpeg\n"
        "picture = Picture(np.zeros((8, 8, 3), np.float32), 'srgb'); jpeg(picture)\n"
        "try: avif(picture)\n"
        "except Exception as error: print(type(error).__name__, error.code, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "MissingError missing_extra imagecodecs, which writes AVIF, is not installed; "
        'run: pip install "autohdr[pictures]"\n'
    )
