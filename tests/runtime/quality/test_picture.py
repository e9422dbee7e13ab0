import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import OpenEXR
import pytest
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop.picture import Picture as Developed
from autohdr.develop.spaces import DisplayPrimaries, between
from autohdr.errors import AutohdrError
from autohdr.pictures import avif, gain_map_jpeg, jpeg
from autohdr.quality.display import HDR, SDR, Display
from autohdr.quality.picture import read, read_pair

DARK_ROOM = Display(peak=1000.0, contrast=1e9, reflectivity=0.0, ambient=0.0, curve="pq")
"""What it shows is what the picture asks for."""
LEVELS = (0.05, 0.18, 1.0, 4.0)


def patches(levels: tuple[float, ...] = LEVELS, tint: tuple[float, float, float] = (1, 1, 1)) -> NDArray[np.float32]:
    """Even squares of 64 pixels side by side, light relative to diffuse white."""
    squares = [np.full((64, 64, 1), level) * np.array(tint) for level in levels]
    return np.concatenate(squares, axis=1).astype(np.float32)


def middles(luminance: NDArray[np.float32]) -> NDArray[np.float32]:
    return luminance[32, 32::64]


def exr(path: Path, light: NDArray[np.float32], **header: object) -> Path:
    about = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, **header}
    with OpenEXR.File(about, {"RGB": light}) as file:
        file.write(str(path))
    return path


def saved(path: Path, data: bytes | bytearray) -> Path:
    path.write_bytes(data)
    return path


def png(path: Path, codes: NDArray[np.uint8]) -> Path:
    Image.fromarray(codes).save(path, "PNG")
    return path


@pytest.mark.parametrize("primaries", ["srgb", "display-p3", "bt2020"])
@pytest.mark.parametrize("kind", ["avif", "gain map", "exr"])
def test_hdr_pictures_have_the_luminance_that_they_were_made_of(
    tmp_path: Path, kind: str, primaries: DisplayPrimaries
) -> None:
    """A tint inside BT.709, stored in other primaries, comes back as BT.709's."""
    light = patches(tint=(1.0, 0.8, 0.6))
    hdr = Developed((light @ between("srgb", primaries).T).astype(np.float32), primaries, 3.0)
    base = Developed(np.minimum(hdr.light, 1), primaries)
    if kind == "avif":
        path = saved(tmp_path / "a.avif", avif(hdr))
    elif kind == "gain map":
        path = saved(tmp_path / "a.jpg", gain_map_jpeg(base, hdr))
    else:
        xy = {"srgb": None, "display-p3": (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329)}.get(
            primaries, (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329)
        )
        about: dict[str, object] = {} if xy is None else {"chromaticities": xy}
        path = exr(tmp_path / "a.exr", hdr.light, whiteLuminance=203.0, **about)
    found = read(path, DARK_ROOM)
    assert found.hdr
    np.testing.assert_allclose(middles(found.luminance()), 203 * light[32, 32::64], rtol=0.05)


def test_exr_without_a_white_holds_cd_per_m2(tmp_path: Path) -> None:
    path = exr(tmp_path / "a.exr", patches((2.0, 500.0)))
    np.testing.assert_allclose(middles(read(path, DARK_ROOM).luminance())[:, 0], [2, 500], rtol=1e-3)


def test_an_sdr_display_shows_the_base_of_a_gain_map_jpeg(tmp_path: Path) -> None:
    hdr = Developed(patches(), "srgb", 3.0)
    base = Developed(np.minimum(hdr.light, 1) * np.float32(0.5), "srgb")
    with_map = read(saved(tmp_path / "a.jpg", gain_map_jpeg(base, hdr)), SDR)
    plain = read(saved(tmp_path / "b.jpg", jpeg(base)), SDR)
    assert not with_map.hdr
    np.testing.assert_array_equal(with_map.luminance(), plain.luminance())


def test_an_sdr_picture_is_the_display_models(tmp_path: Path) -> None:
    codes = np.arange(256, dtype=np.uint8).reshape(16, 16)[..., None].repeat(3, 2)
    path = png(tmp_path / "a.png", codes)
    np.testing.assert_allclose(read(path, SDR).luminance(), SDR.luminance(codes / 255), rtol=1e-6)
    assert read(path, DARK_ROOM).luminance().max() == pytest.approx(203, rel=1e-4)


def test_sixteen_bits_of_png_and_tiff_are_kept(tmp_path: Path) -> None:
    codes = np.linspace(0, 65535, 64 * 64 * 3).astype(np.uint16).reshape(64, 64, 3)
    for name, encoded in (("a.png", imagecodecs.png_encode(codes)), ("a.tif", imagecodecs.tiff_encode(codes))):
        found = read(saved(tmp_path / name, encoded), SDR).luminance()
        np.testing.assert_allclose(found, SDR.luminance(codes / 65535), rtol=1e-6)


@pytest.mark.parametrize("deep", [False, True])
def test_a_profile_is_taken_to_srgb(tmp_path: Path, deep: bool) -> None:
    """The same colours in Display P3 and in sRGB are the same light."""
    light = patches((0.2, 0.5), tint=(1.0, 0.7, 0.5))
    p3 = Developed((light @ between("srgb", "display-p3").T).astype(np.float32), "display-p3")
    other = saved(tmp_path / "b.jpg", jpeg(p3))
    if deep:
        with Image.open(other) as opened:
            profile, codes = opened.info["icc_profile"], np.asarray(opened).astype(np.uint16) * 257
        other = saved(tmp_path / "b.png", _with_profile(imagecodecs.png_encode(codes), profile))
    plain = read(saved(tmp_path / "a.jpg", jpeg(Developed(light, "srgb"))), SDR)
    np.testing.assert_allclose(middles(read(other, SDR).luminance()), middles(plain.luminance()), rtol=0.05)


def _with_profile(data: bytes | bytearray, profile: bytes) -> bytes:
    content = b"iCCP" + b"p3\0\0" + zlib.compress(profile)
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return bytes(data[:33] + chunk + data[33:])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_pictures_are_turned_with_and_without_a_gain_map(tmp_path: Path, orientation: int) -> None:
    hdr = Developed(patches((0.1, 0.3, 0.9)), "srgb", 1.0)
    turn = Image.Exif()
    turn[0x0112] = orientation
    data = gain_map_jpeg(hdr, hdr)
    segment = b"\xff\xe1" + (len(turn.tobytes()) + 2).to_bytes(2, "big") + turn.tobytes()
    path = saved(tmp_path / "a.jpg", data[:2] + segment + data[2:])
    sdr, bright = read(path, SDR), read(path, DARK_ROOM)
    assert sdr.shape == bright.shape == ((192, 64) if orientation > 4 else (64, 192))
    bright_parts = [part.luminance()[16::32, 16::32, 0] for part in (sdr, bright)]
    np.testing.assert_array_equal(
        bright_parts[0] > np.median(bright_parts[0]), bright_parts[1] > np.median(bright_parts[1])
    )


def test_windows_are_parts_of_the_whole_and_20000_pixels_take_little_memory(tmp_path: Path) -> None:
    codes = np.random.default_rng(0).integers(0, 256, (40, 20_000, 3), dtype=np.uint8)
    picture = read(png(tmp_path / "wide.png", codes), SDR)
    whole = picture.luminance()
    np.testing.assert_array_equal(picture.window(7, 19_000, 30, 900), whole[7:37, 19_000:19_900])
    assert picture.decoded.codes.nbytes == codes.nbytes


LIGHT = np.full((20, 20, 3), 50.0, np.float32)


def _with(value: float) -> NDArray[np.float32]:
    light = LIGHT.copy()
    light[3, 4, 1] = value
    return light


def _jpeg() -> bytes:
    return jpeg(Developed(patches(), "srgb"))


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _channels(path: Path, channels: dict[str, NDArray[np.float32]]) -> Path:
    with OpenEXR.File({"type": OpenEXR.scanlineimage}, channels) as file:
        file.write(str(path))
    return path


def _with_pq(data: bytes | bytearray) -> bytes:
    content = b"cICP" + bytes([9, 16, 0, 1])
    return bytes(data[:33] + struct.pack(">I", 4) + content + struct.pack(">I", zlib.crc32(content)) + data[33:])


SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "shoot"
REFUSED: dict[str, Callable[[Path], Path]] = {
    "nan.exr": lambda path: exr(path, _with(np.nan)),
    "infinite.exr": lambda path: exr(path, _with(np.inf)),
    "negative.exr": lambda path: exr(path, _with(-20.0)),
    "luminance-only.exr": lambda path: _channels(path, {"Y": LIGHT[..., 0]}),
    "truncated.exr": lambda path: saved(path, exr(path, LIGHT).read_bytes()[:-9]),
    "header-only.exr": lambda path: saved(path, exr(path, LIGHT).read_bytes()[:20]),
    "truncated.jpg": lambda path: saved(path, _jpeg()[:900]),
    "truncated-map.jpg": lambda path: saved(path, gain_map_jpeg(*(Developed(patches(), "srgb"),) * 2)[:1900]),
    "truncated.avif": lambda path: saved(path, avif(Developed(patches(), "srgb"))[:300]),
    "truncated.png": lambda path: saved(path, imagecodecs.png_encode(np.zeros((64, 64, 3), np.uint16))[:60]),
    "hlg.avif": lambda path: saved(
        path, imagecodecs.avif_encode(np.zeros((32, 32, 3), np.uint16), bitspersample=10, transfer=18)
    ),
    "pq.png": lambda path: saved(path, _with_pq(imagecodecs.png_encode(np.zeros((64, 64, 3), np.uint16)))),
    "phone.heic": lambda path: saved(path, b"\0\0\0\x18ftypheic" + bytes(200)),
    "empty.jpg": lambda path: saved(path, b""),
    "text.jpg": lambda path: saved(path, b"not a picture at all"),
    "floats.tif": lambda path: saved(path, imagecodecs.tiff_encode(LIGHT)),
    "missing.jpg": lambda path: path,
    "folder.jpg": _folder,
    "photo.dng": lambda path: saved(path, (SAMPLES / "wharf.dng").read_bytes()),
    "raw.tif": lambda path: saved(path, b"II*\0" + bytes(200)),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("display", [SDR, HDR], ids=["sdr", "hdr"])
def test_what_cannot_be_scored_is_one_sentence_that_names_the_file_and_the_next_step(
    tmp_path: Path, name: str, display: Display
) -> None:
    path = REFUSED[name](tmp_path / name)
    with pytest.raises(AutohdrError) as raised:
        read(path, display).luminance()
    sentence = str(raised.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    assert any(word in sentence for word in ("; ", ": ", "expected "))


def test_two_sizes_are_one_sentence_that_names_both(tmp_path: Path) -> None:
    one = png(tmp_path / "a.png", np.zeros((40, 60, 3), np.uint8))
    other = png(tmp_path / "b.png", np.zeros((60, 40, 3), np.uint8))
    with pytest.raises(AutohdrError, match=r"a\.png has 60 x 40 pixels and .*b\.png has 40 x 60 pixels; save both"):
        read_pair(one, other)


def test_the_display_is_hdr_where_one_picture_is(tmp_path: Path) -> None:
    sdr = png(tmp_path / "a.png", np.zeros((64, 64, 3), np.uint8))
    hdr = saved(tmp_path / "b.avif", avif(Developed(patches((1.0,)), "srgb")))
    assert [picture.display for picture in read_pair(sdr, hdr)] == [HDR, HDR]
    assert [picture.display for picture in read_pair(sdr, sdr)] == [SDR, SDR]
    assert [picture.display for picture in read_pair(sdr, hdr, SDR)] == [SDR, SDR]


@pytest.mark.parametrize("package", ["imagecodecs", "OpenEXR"])
def test_without_its_library_one_sentence_names_the_extra(tmp_path: Path, package: str) -> None:
    path = exr(tmp_path / "a.exr", LIGHT)
    if package == "imagecodecs":
        path = saved(tmp_path / "a.avif", avif(Developed(patches(), "srgb")))
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from pathlib import Path; from autohdr.quality.display import HDR; from autohdr.quality.picture import read\n"
        f"try: read(Path({str(path)!r}), HDR)\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"MissingError {package}, which reads ")
    assert done.stdout.endswith('; run: pip install "autohdr[pictures]"\n')


def test_grey_and_transparent_pictures_are_colours(tmp_path: Path) -> None:
    for mode in ("L", "LA", "RGBA", "P"):
        file = io.BytesIO()
        Image.new(mode, (20, 20)).save(file, "PNG")
        assert read(saved(tmp_path / f"{mode}.png", file.getvalue()), SDR).luminance().shape == (20, 20, 3)
