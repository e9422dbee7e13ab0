from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from autohdr import pu21
from autohdr.develop.spaces import to_xyz
from autohdr.errors import PhotoError
from autohdr.quality import classical, picture
from autohdr.quality.display import SDR
from autohdr.quality.picture import Picture, read_pair


def pair(folder: Path, size: tuple[int, int], *, spread: float = 20.0) -> tuple[Picture, Picture]:
    random = np.random.default_rng(size[1])
    y, x = np.mgrid[: size[0], : size[1]]
    clean = 120 + 80 * np.sin(y / 7)[..., None] * np.cos(x / 5)[..., None] * np.array([1.0, 0.8, 0.5])
    noisy = clean + spread * random.standard_normal(clean.shape)
    paths = folder / "a.png", folder / "b.png"
    for path, values in zip(paths, (clean, noisy), strict=True):
        Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).save(path)
    return read_pair(*paths)


def units(shown: Picture) -> NDArray[np.float64]:
    """PU21 units of luminance, of the whole picture at once."""
    return pu21.encode(shown.luminance() @ to_xyz("srgb")[1])


def test_ssim_is_wangs_formula_window_by_window(tmp_path: Path) -> None:
    """Every window by itself, with the statistics written out."""
    one, other = (units(shown) for shown in pair(tmp_path, (17, 19)))
    side = np.exp(-((np.arange(11) - 5) ** 2) / 4.5)
    weights = np.outer(side, side) / side.sum() ** 2
    expected = []
    for row in range(7):
        for column in range(9):
            a, b = (part[row : row + 11, column : column + 11] for part in (one, other))
            mean_a, mean_b = (weights * a).sum(), (weights * b).sum()
            spread = (weights * (a - mean_a) ** 2).sum() + (weights * (b - mean_b) ** 2).sum()
            shared = (weights * (a - mean_a) * (b - mean_b)).sum()
            level = (2 * mean_a * mean_b + 2.56**2) / (mean_a**2 + mean_b**2 + 2.56**2)
            expected.append(level * (2 * shared + 7.68**2) / (spread + 7.68**2))
    found = classical.compare(*pair(tmp_path, (17, 19)))
    assert found.ssim == pytest.approx(np.mean(expected), abs=1e-4)


def test_torchmetrics_measures_the_same(tmp_path: Path) -> None:
    image = pytest.importorskip("torchmetrics.functional.image", reason="an independent implementation")
    torch = pytest.importorskip("torch")
    shown = pair(tmp_path, (90, 130))
    found = classical.compare(*shown)
    one, other = (torch.from_numpy(units(part))[None, None] for part in shown)
    # It counts windows that reach beyond the picture, too, with the picture mirrored there.
    _, similar = image.structural_similarity_index_measure(
        other, one, data_range=classical.RANGE, return_full_image=True
    )
    assert found.ssim == pytest.approx(float(similar[..., 5:-5, 5:-5].mean()), abs=1e-4)
    one, other = (torch.from_numpy(pu21.encode(part.luminance())) for part in shown)
    assert found.psnr == pytest.approx(
        float(image.peak_signal_noise_ratio(other, one, data_range=classical.RANGE)), abs=1e-3
    )


def test_strips_give_what_the_whole_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = pair(tmp_path, (70, 40))
    whole = classical.compare(*shown)
    monkeypatch.setattr(picture, "STRIP", 40 * 9)
    parts = classical.compare(*shown)
    assert parts.psnr == pytest.approx(whole.psnr, rel=1e-9)
    assert parts.ssim == pytest.approx(whole.ssim, rel=1e-6)
    np.testing.assert_allclose(parts.difference, whole.difference, atol=1e-5)
    assert whole.difference.shape == (70, 40)


def test_the_same_picture_is_perfect_and_more_noise_is_worse(tmp_path: Path) -> None:
    one, other = pair(tmp_path, (40, 40))
    same = classical.compare(one, one)
    assert same.psnr == np.inf
    assert same.ssim == pytest.approx(1)
    little, much = (classical.compare(*pair(tmp_path, (40, 40), spread=spread)) for spread in (5, 40))
    assert little.psnr > much.psnr
    assert little.ssim > much.ssim
    assert other.display == SDR


def test_one_pixel_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match=r"a\.png has 1 x 1 pixels; pictures of at least 11 x 11 can be compared"):
        classical.compare(*pair(tmp_path, (1, 1)))


def test_a_picture_of_20000_pixels_is_measured(tmp_path: Path) -> None:
    found = classical.compare(*pair(tmp_path, (64, 20_000)))
    assert 0 < found.ssim < 1
    assert found.difference.shape == (4, 1000)
