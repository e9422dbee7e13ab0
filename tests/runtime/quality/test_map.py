from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autohdr.errors import FileError, SettingsError
from autohdr.quality import map as drawing
from autohdr.quality.display import SDR
from autohdr.quality.picture import read


def test_blocks_are_means_of_their_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "LONGEST", 5)
    values = np.random.default_rng(0).random((11, 15))
    blocks = drawing.Blocks(11, 15)
    for top in range(0, 11, 2):
        blocks.add(top, values[top : top + 2])
    expected = [[values[r : r + 3, c : c + 3].mean() for c in range(0, 15, 3)] for r in range(0, 11, 3)]
    np.testing.assert_allclose(blocks.mean(), expected, rtol=1e-6)


def test_patches_are_spread_to_where_they_lie_and_constants_stay() -> None:
    corners = np.array([[row, column] for row in range(0, 128, 32) for column in range(0, 192, 32)])
    far = np.array([float(tuple(corner) == (96, 160)) for corner in corners])
    spread = drawing.smoothed(corners, 32, far, (128, 192))
    assert spread.shape == (128, 192)
    row, column = divmod(int(spread.argmax()), 192)
    assert row >= 100
    assert column >= 160
    assert spread[:32, :64].max() < 0.01
    np.testing.assert_allclose(drawing.smoothed(corners, 32, np.full(24, 0.7), (128, 192)), 0.7, rtol=1e-6)


def test_alike_is_grey_half_is_yellow_and_full_is_red() -> None:
    codes = drawing.drawn(np.array([[0.0, 0.25, 0.5, np.nan]]), 0.5, np.full((1, 4), 100.0)).astype(int)
    alike, half, full, unknown = codes[0]
    assert alike[0] == alike[1] == alike[2]
    assert min(half[:2]) > 180
    assert half[2] < 100
    assert full[1] < 60 < 180 < full[0]
    assert (unknown == alike).all()


def test_a_map_is_written_once_as_png(tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    drawing.check_name(path)
    drawing.write(path, np.zeros((4, 6, 3), np.uint8))
    with Image.open(path) as opened:
        assert opened.format == "PNG"
        assert opened.size == (6, 4)
    with pytest.raises(FileError):
        drawing.write(path, np.zeros((4, 6, 3), np.uint8))


@pytest.mark.parametrize("name", ["map.jpg", "there.png", "nowhere/map.png"])
def test_a_name_that_cannot_be_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "there.png").write_bytes(b"a photo")
    with pytest.raises(SettingsError, match=r"--map .*map|--map .*there"):
        drawing.check_name(tmp_path / name)
    assert (tmp_path / "there.png").read_bytes() == b"a photo"


def test_the_backdrop_is_the_reference(tmp_path: Path) -> None:
    Image.fromarray(np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (20, 1, 3))).save(tmp_path / "a.png")
    shown = drawing.grey(read(tmp_path / "a.png", SDR))
    assert shown.shape == (20, 256)
    assert (np.diff(shown[3]) >= 0).all()
    assert shown.max() == pytest.approx(256, abs=1)
