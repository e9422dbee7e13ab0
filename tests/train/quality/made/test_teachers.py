"""What the teachers say, and how it is mixed."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autohdr.errors import MissingError
from autohdr_train.quality.__main__ import main
from autohdr_train.quality.made.cvvdp import Cvvdp, _GaussianBlur
from autohdr_train.quality.made.delta_e import delta_e, itp, pooled
from autohdr_train.quality.made.teachers import mixed, shift_loss, taught
from tests.train.quality.made.detector import Distance


def test_white_is_neutral_in_itp_and_a_step_of_intensity_counts_as_published() -> None:
    white = itp(np.full(3, 100.0))
    np.testing.assert_allclose(white, [0.508078, 0.0, 0.0], atol=2e-4)  # PQ of 100 cd/m2
    one, other = np.full((1, 3), 100.0), np.full((1, 3), 200.0)
    np.testing.assert_allclose(delta_e(one, other), 720 * (0.579133 - 0.508078), rtol=1e-3)  # PQ of 200 and 100


def test_blocks_at_the_edge_are_what_is_left() -> None:
    light = np.full((20, 33, 3), 50.0)
    other = light.copy()
    other[:, 32] = 100.0
    per_block = delta_e(np.full(3, 50.0), np.full(3, 100.0))
    np.testing.assert_allclose(pooled(light, other), np.sqrt(per_block**2 * 2 / 6), rtol=1e-6)


def test_the_larger_loss_counts_and_a_unit_of_shift_is_one_jod() -> None:
    assert mixed(10.0, 0.0) == 10.0
    assert mixed(9.0, 0.0) == 9.0
    assert mixed(10.0, 10.0) == pytest.approx(9.0)
    assert mixed(6.0, 10.0) == pytest.approx(6.0, abs=0.01)
    assert mixed(8.0, 23.78) == pytest.approx(10 - 2 * 2**0.25, abs=1e-3)
    assert mixed(-5.0, 900.0) == 0.0
    assert shift_loss(10.0) == 1.0


def test_both_are_asked(tmp_path: Path) -> None:
    dark, bright = (np.full((32, 32, 3), level, np.float32) for level in (50.0, 100.0))
    said = taught(Distance(), dark, bright)
    assert said.cvvdp < 10
    assert said.delta_e_itp == pytest.approx(float(delta_e(dark[0, 0], bright[0, 0])))
    assert said.jod < min(said.cvvdp, 10 - shift_loss(said.delta_e_itp)) + 1e-9


def test_the_stand_in_for_torchvisions_blur_averages() -> None:
    torch = pytest.importorskip("torch")
    point = torch.zeros(2, 1, 31, 31)
    point[:, :, 15, 15] = 1.0
    blurred = _GaussianBlur(13, 3)(point)
    assert blurred.shape == point.shape
    torch.testing.assert_close(blurred.sum(dim=(2, 3)), torch.ones(2, 1))
    ratio = float(blurred[0, 0, 15, 18] / blurred[0, 0, 15, 15])
    assert ratio == pytest.approx(np.exp(-0.5), rel=1e-5)


def test_color_video_vdp_sees_noise_and_nothing_where_there_is_none() -> None:
    if importlib.util.find_spec("pycvvdp") is None:
        pytest.skip("cvvdp is not installed")
    teacher = Cvvdp()
    light = np.full((128, 128, 3), 40.0, np.float32)
    noisy = light * np.random.default_rng(0).uniform(0.7, 1.3, light.shape).astype(np.float32)
    assert teacher.jod(light, light) == pytest.approx(10.0, abs=1e-3)
    assert teacher.jod(light, noisy) < 9.5


def test_without_color_video_vdp_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pycvvdp", None)
    with pytest.raises(MissingError, match=r"run: pip install cvvdp==0\.5\.7"):
        Cvvdp()


def test_the_command_names_the_option_that_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["make", str(tmp_path / "set"), "--radiance", str(tmp_path)])
    assert done.exit_code == 2
    assert "give --photographs and --radiance" in done.stderr
