"""Real RAW files through LibRaw, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
import rawpy

from autohdr import InputSpec, RawError, prepare
from autohdr.raw.decode import decode as decode_with
from autohdr.raw.decode import open_decoder
from autohdr.raw.frame import RawFrame
from autohdr.raw.linear import to_linear

LIBRAW = open_decoder("libraw")


def decode(path: Path) -> RawFrame:
    return decode_with(path, LIBRAW)


BAYER = {
    "blackmagic_pocket4k.dng": "RGGB",
    "camera_640x480_10bit.dng": "GBRG",
    "canon_eos30d_IMG_0848.CR2": "RGGB",
    "canon_eos60d_photo_sample.CR2": "GBRG",
    "canon_eos_d30_RAW_CANON_D30_SRGB.CRW": "RGGB",
    "canon_kissx4_magiclantern_colorchart.dng": "RGGB",
    "kodak_dc50.KDC": "GRBG",
    "nikon_d5000_hdrmerge_sample1.dng": "GBRG",
    "sony_a7rm3_DSC2164.ARW": "RGGB",
    "fuji_s5000_RAW_FUJI_S5000.RAF": "RBRBGGGGBRBRGGGG",
}
PLANES = [
    "canon_eos6d_lossy_linear.dng",
    "kodak_c330_YRGB.raw",
    "nikon_coolscan_iv_uncompressed.nef",
    "nikon_d500_lossy_linear_DSC8695.dng",
]
REFUSED = [
    "canon_r6_pruned.CR3",
    "canon_r6_truncated.cr3",
    "canon_s90_truncated.cr2",
    "gopro_hero6.GPR",
    "leica_m10_truncated.dng",
    "nikon_d70s_truncated.nef",
    "nikon_z9_jxl.dng",
    "not_a_raw_text.dng",
    "pentax_k3ii_truncated.pef",
    "sony_a330_truncated.arw",
    "tiff_only_test.NEF",
]


@pytest.mark.parametrize("name", BAYER)
def test_a_mosaic_is_described_as_it_is(shared_raws: Path, name: str) -> None:
    frame = decode(shared_raws / name)
    assert frame.pattern is not None
    assert "".join("RGBG"[colour] for colour in frame.pattern.flat) == BAYER[name]
    assert frame.data.ndim == 2
    assert frame.white_balance[1] == 1
    np.testing.assert_allclose(frame.matrix.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("name", PLANES)
def test_planes_come_as_three(shared_raws: Path, name: str) -> None:
    frame = decode(shared_raws / name)
    assert frame.pattern is None
    assert frame.data.shape[2] == 3
    assert np.isfinite(to_linear(frame, 32)).all()


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_in_one_sentence_that_names_it(shared_raws: Path, name: str) -> None:
    with pytest.raises(RawError, match=rf"{name}: .*; ") as refusal:
        decode(shared_raws / "bad" / name)
    assert "\n" not in str(refusal.value)


def test_a_file_that_libraw_takes_for_whole_is_refused_where_data_are_missing(shared_raws: Path) -> None:
    with pytest.raises(RawError, match="last part of the picture is missing"):
        decode(shared_raws / "bad" / "iphone12pro_proraw_truncated.dng")


@pytest.mark.parametrize("kept", [0.15, 0.5, 0.99])
def test_a_cut_lossy_arw_is_refused(shared_raws: Path, tmp_path: Path, kept: float) -> None:
    """LibRaw repeats the last row that it has, and says nothing."""
    data = (shared_raws / "sony_a7rm3_DSC2164.ARW").read_bytes()
    (tmp_path / "cut.ARW").write_bytes(data[: int(kept * len(data))])
    with pytest.raises(RawError, match="last part of the picture is missing"):
        decode(tmp_path / "cut.ARW")


def test_floating_point_is_refused_with_what_to_install(shared_raws: Path) -> None:
    with pytest.raises(RawError, match=r'pip install "autohdr\[fast\]"'):
        decode(shared_raws / "adobe_14_hdr_sdr_profiles.dng")


def test_a_missing_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RawError, match="cannot be read"):
        decode(tmp_path / "gone.dng")


@pytest.mark.parametrize(
    "name",
    ["canon_eos30d_IMG_0848.CR2", "canon_eos60d_photo_sample.CR2", "kodak_dc50.KDC", "fuji_s5000_RAW_FUJI_S5000.RAF"],
)
def test_the_linear_picture_is_libraws_own(shared_raws: Path, name: str) -> None:
    """Against LibRaw's rendering to linear sRGB without brightening, both shrunk to 16 x 16."""
    size = 16
    with rawpy.imread(str(shared_raws / name)) as raw:
        rendered = raw.postprocess(
            use_camera_wb=True, no_auto_bright=True, gamma=(1, 1), output_bps=16, half_size=True, adjust_maximum_thr=0
        )
    rows = np.array_split(rendered / 65535, size)
    judge = np.array([[block.mean((0, 1)) for block in np.array_split(row, size, axis=1)] for row in rows])
    ours = to_linear(decode(shared_raws / name), size).clip(0, 1)
    luminance = np.array([0.2126, 0.7152, 0.0722])
    difference = np.abs(ours @ luminance - judge @ luminance)
    assert np.median(difference) < 0.02 * (judge @ luminance).mean()
    assert np.corrcoef((ours @ luminance).flat, (judge @ luminance).flat)[0, 1] > 0.995


def test_a_real_bracket_keeps_its_ratio(shared_raws: Path) -> None:
    """Three frames of one scene at 1/640, 1/160 and 1/40 s, through `prepare` and back to linear light.

    Held to what the samples themselves say to 3 %, and to the ratio that the shutter promises to 6 %: 3.95 and 4.13 are
    what this camera's shutter really gave.
    """

    def linear(number: int) -> np.ndarray:
        encoded = prepare(shared_raws / f"nikon_d5000_hdrmerge_sample{number}.dng", InputSpec()) * 0.5 + 0.5
        return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)

    def samples(number: int) -> np.ndarray:
        return decode(shared_raws / f"nikon_d5000_hdrmerge_sample{number}.dng").data[::8, ::8].astype(float)

    for dark, bright in ((2, 1), (1, 3)):
        one, two = linear(dark), linear(bright)
        plain = ((two < 0.5) & (one > 0.01)).all(axis=0)
        ratio = np.median(two[:, plain] / one[:, plain])
        few, many = samples(dark), samples(bright)
        between = (many < 2000) & (few > 100)
        assert plain.sum() > 1000
        assert ratio == pytest.approx(np.median(many[between] / few[between]), rel=0.03)
        assert ratio == pytest.approx(4, rel=0.06)
