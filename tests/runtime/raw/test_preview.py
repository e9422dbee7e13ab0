"""Embedded previews, against independent arithmetic and against the sensor data beside them."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rawpy
from numpy.typing import NDArray
from PIL import Image, ImageCms

from autohdr import InputSpec, RawError, prepare
from autohdr.raw.preview import read_preview
from autohdr_scenes import BODIES, expose, random_scene, write_dng
from tests.previews import embed, jpeg

PLAIN = InputSpec(source="preview", mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
# name: largest mean difference of an sRGB value from a full decoding; the S5000's is noisy, and scaled by 1.4 only
REAL = {
    "canon_eos30d_IMG_0848.CR2": 0.01,
    "canon_eos60d_photo_sample.CR2": 0.01,
    "canon_eos6d_lossy_linear.dng": 0.01,
    "canon_eos_d30_RAW_CANON_D30_SRGB.CRW": 0.01,
    "nikon_d5000_hdrmerge_sample2.dng": 0.01,
    "sony_a7rm3_DSC2164.ARW": 0.01,
    "fuji_s5000_RAW_FUJI_S5000.RAF": 0.02,
}


@pytest.fixture
def dng(tmp_path: Path) -> Path:
    """A landscape photo, 144 x 96, without a preview."""
    return write(tmp_path, 0)


def write(folder: Path, flip: int) -> Path:
    rng = np.random.default_rng(0)
    frame = expose(random_scene(rng, (96, 144)), BODIES[0], 1.0, rng, flip)
    write_dng(folder / f"{flip}.dng", frame, BODIES[0])
    return folder / f"{flip}.dng"


def quadrants() -> NDArray[np.uint8]:
    """A picture (160, 240, 3): white and green above black and a dark red."""
    pixels = np.zeros((160, 240, 3), np.uint8)
    pixels[:80, :120] = 255
    pixels[:80, 120:] = 0, 128, 0
    pixels[80:, 120:] = 100, 0, 0
    return pixels


def corners(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, 3): top left, top right, bottom left, bottom right."""
    return linear[[0, 0, -1, -1], [0, -1, 0, -1]]


def light(code: float) -> float:
    """IEC 61966-2-1, one 8-bit value at a time."""
    value = code / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


WHITE, GREEN, BLACK, RED = (1.0, 1.0, 1.0), (0.0, light(128), 0.0), (0.0, 0.0, 0.0), (light(100), 0.0, 0.0)


def test_a_preview_comes_out_as_linear_light(dng: Path) -> None:
    linear = read_preview(embed(dng, jpeg(quadrants())), 32)
    assert linear.shape == (32, 32, 3)
    np.testing.assert_allclose(corners(linear), [WHITE, GREEN, BLACK, RED], atol=0.01)


def test_light_is_averaged_not_codes(dng: Path) -> None:
    """Black and white columns, each a pixel of the JPEG wide, at a size that leaves nothing to the JPEG's decoder."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, ::2] = 255
    linear = read_preview(embed(dng, jpeg(pixels, quality=100)), 33)
    assert linear.mean() == pytest.approx(0.5, abs=0.02)


def test_a_grey_preview_is_read(dng: Path) -> None:
    linear = read_preview(embed(dng, jpeg(np.full((160, 240), 128, np.uint8))), 32)
    np.testing.assert_allclose(linear, light(128), atol=0.005)


@pytest.mark.parametrize(("flip", "order"), [(0, "wgbr"), (3, "rbgw"), (6, "bwrg"), (5, "grwb")])
def test_a_preview_without_orientation_is_turned_as_the_sensor_data(tmp_path: Path, flip: int, order: str) -> None:
    linear = read_preview(embed(write(tmp_path, flip), jpeg(quadrants())), 32)
    colours = {"w": WHITE, "g": GREEN, "b": BLACK, "r": RED}
    np.testing.assert_allclose(corners(linear), [colours[letter] for letter in order], atol=0.01)


@pytest.mark.parametrize(("own", "order"), [({274: 1}, "wgbr"), ({274: 6}, "bwrg"), ({271: "maker"}, "rbgw")])
def test_a_previews_own_orientation_counts_where_it_has_one(
    tmp_path: Path, own: dict[int, int | str], order: str
) -> None:
    exif = Image.Exif()
    exif.update(own)
    linear = read_preview(embed(write(tmp_path, 3), jpeg(quadrants(), exif=exif)), 32)
    colours = {"w": WHITE, "g": GREEN, "b": BLACK, "r": RED}
    np.testing.assert_allclose(corners(linear), [colours[letter] for letter in order], atol=0.01)


def test_adobe_rgb_by_exif_is_heeded(dng: Path) -> None:
    """Into sRGB primaries, which its green lies outside of; the numbers are the published matrix of the two."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    linear = read_preview(embed(dng, jpeg(quadrants(), exif=exif)), 32)
    green = (128 / 255) ** 2.19921875 * np.array([-0.39836, 1.0, -0.04293])
    red = (100 / 255) ** 2.19921875 * np.array([1.39836, 0.0, 0.0])
    np.testing.assert_allclose(corners(linear), [WHITE, green, BLACK, red], atol=0.01)


def test_a_profile_is_heeded(dng: Path) -> None:
    """sRGB with the primaries of red and green exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    linear = read_preview(embed(dng, jpeg(quadrants(), icc_profile=swapped)), 32)
    np.testing.assert_allclose(corners(linear), [WHITE, (GREEN[1], 0.0, 0.0), BLACK, (0.0, RED[0], 0.0)], atol=0.01)


@pytest.mark.parametrize("turned", [False, True])
def test_black_bars_are_cut_off(dng: Path, turned: bool) -> None:
    """A 4:3 preview of a 3:2 sensor, or upright a 3:4 one."""
    pixels = np.zeros((480, 640, 3), np.uint8)
    pixels[27:453] = 180
    pixels = pixels.transpose(1, 0, 2) if turned else pixels
    linear = read_preview(embed(dng, jpeg(np.ascontiguousarray(pixels))), 32)
    np.testing.assert_allclose(linear, light(180), atol=0.02)


def test_a_preview_of_another_shape_without_bars_stays_whole(dng: Path) -> None:
    pixels = np.full((512, 640, 3), 180, np.uint8)
    pixels[:32] = 90
    linear = read_preview(embed(dng, jpeg(pixels)), 16)
    np.testing.assert_allclose(linear[0], light(90), atol=0.02)


def test_the_size_of_a_preview_is_checked(dng: Path) -> None:
    embed(dng, jpeg(quadrants()))
    assert read_preview(dng, 160).shape == (160, 160, 3)
    with pytest.raises(RawError, match=r"0\.dng: its preview has 240 x 160 pixels, fewer than the model's 161; use"):
        read_preview(dng, 161)


def test_a_file_without_a_preview_is_refused_by_name(dng: Path) -> None:
    with pytest.raises(RawError, match=r"0\.dng: holds no preview that LibRaw can read; use a model"):
        read_preview(dng, 32)


def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "text.dng").write_text("no photo")
    for name, sentence in (("text.dng", "LibRaw cannot read it"), ("gone.dng", "cannot be read"), ("", "be searched")):
        with pytest.raises(RawError, match=sentence) as refusal:
            read_preview(tmp_path / name, 32)
        assert str(refusal.value).startswith(str(tmp_path / name))
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("damage", ["cut", "no JPEG", "profile"])
def test_a_damaged_preview_is_refused_by_name(dng: Path, damage: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (160, 240, 3), np.uint8)
    whole = jpeg(noise, icc_profile=b"no profile") if damage == "profile" else jpeg(noise)
    broken = {"cut": whole[:3000] + b"\0" * 9000, "no JPEG": b"\0" * 500 + whole[500:], "profile": whole}[damage]
    data = embed(dng, whole).read_bytes()
    assert whole in data
    dng.write_bytes(data.replace(whole, broken.ljust(len(whole), b"\0")))
    with pytest.raises(RawError, match=r"0\.dng: .*use a model that was trained on RAW data") as refusal:
        read_preview(dng, 32)
    assert "\n" not in str(refusal.value)


def likeness(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Rank correlation, -1 to 1: what a tone curve leaves alone."""
    ranks = np.array([values.ravel().argsort().argsort() for values in (one, other)], dtype=np.float64)
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


@pytest.mark.parametrize("name", REAL)
def test_a_real_preview_shows_what_the_sensor_data_show(shared_raws: Path, name: str) -> None:
    path = shared_raws / name
    seen = read_preview(path, 96).mean(axis=2)
    turned = [np.rot90(side, turns) for side in (seen, seen[:, ::-1]) for turns in range(4)]
    alike = [likeness(picture, prepare(path, InputSpec(size=96)).mean(axis=0)) for picture in turned]
    assert alike[0] > 0.85
    assert int(np.argmax(alike)) == 0


@pytest.mark.parametrize("name", REAL)
def test_a_real_preview_is_nearly_what_decoding_it_whole_gives(shared_raws: Path, name: str) -> None:
    with rawpy.imread(str(shared_raws / name)) as raw:
        codes = np.asarray(Image.open(io.BytesIO(raw.extract_thumb().data))) / 255
    whole = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    rows, columns = (np.linspace(0, length, 225).round().astype(int)[:-1] for length in whole.shape[:2])
    sums = np.add.reduceat(np.add.reduceat(whole, rows, axis=0), columns, axis=1)
    counts = np.diff(np.append(rows, whole.shape[0]))[:, None] * np.diff(np.append(columns, whole.shape[1]))
    expected = sums / counts[..., None]
    expected = np.where(expected <= 0.0031308, 12.92 * expected, 1.055 * expected ** (1 / 2.4) - 0.055)
    ours = prepare(shared_raws / name, PLAIN)
    assert np.abs(ours.transpose(1, 2, 0) - expected).mean() < REAL[name]


def test_a_bitmap_is_read_as_well(shared_raws: Path) -> None:
    linear = read_preview(shared_raws / "kodak_dc50.KDC", 48).mean(axis=2)
    assert likeness(linear, prepare(shared_raws / "kodak_dc50.KDC", InputSpec(size=48)).mean(axis=0)) > 0.9


FUZZ = """
import random, sys
from pathlib import Path
from autohdr.errors import RawError
from autohdr.raw.preview import read_preview

folder = Path(sys.argv[1])
rng = random.Random(1)
originals = [path.read_bytes() for path in sorted(folder.glob("*.dng"))]
read = refused = 0
for case in range(400):
    data = bytearray(rng.choice(originals))
    if rng.random() < 0.2:
        del data[rng.randrange(1, len(data)):]
    for _ in range(rng.choice((0, 1, 2, 8))):
        place = rng.randrange(min(len(data), 1024)) if rng.random() < 0.5 else rng.randrange(len(data))
        data[place:place + 4] = rng.choice((b"\\0" * 4, b"\\xff" * 4, b"\\xff\\xff\\xff\\x7f", rng.randbytes(1)))
    (folder / "case").write_bytes(data)
    try:
        assert read_preview(folder / "case", 32).shape == (32, 32, 3)
        read += 1
    except RawError as error:
        assert str(folder / "case") in str(error) and "\\n" not in str(error), error
        refused += 1
print(read, refused)
"""


def test_a_mutated_file_is_read_or_refused_in_one_sentence(tmp_path: Path) -> None:
    """In a process of its own, which a decoder's crash would end."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    for flip, options in enumerate(({}, {"exif": exif})):
        embed(write(tmp_path, flip), jpeg(quadrants(), **options))
    done = subprocess.run([sys.executable, "-c", FUZZ, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    read, refused = map(int, done.stdout.split())
    assert read > 50
    assert refused > 50
