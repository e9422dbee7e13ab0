"""A slider that does not beat a constant is written as that constant, and said to be."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from autohdr.sidecar import Document, merge
from autohdr.sidecar.properties import CRS
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.scores import score, what_was_learnt
from autohdr_train.checkpoint import load
from autohdr_train.cli import main
from autohdr_train.model import SliderNet
from autohdr_train.start import begin


@pytest.mark.parametrize("value", [-1.0, -0.25, 0.0, 1.0])
def test_a_network_holds_a_slider(network: SliderNet, value: float) -> None:
    pixels = torch.randn(3, 3, network.config.image_size, network.config.image_size)
    before = network.eval()(pixels)
    network.hold(2, value)
    after = network(pixels)
    assert (after[:, 2] * 100).detach().numpy() == pytest.approx(100 * value, abs=1e-3)
    others = [slider for slider in range(8) if slider != 2]
    torch.testing.assert_close(after[:, others], before[:, others])
    torch.testing.assert_close(network.folded()["classifier.weight"][2], torch.zeros_like(network.classifier.weight[2]))


def test_the_default_network_holds_a_slider_too() -> None:
    network, spec = begin("default", None, None, "linear", 0)
    network.hold(0, 0.3)
    with torch.inference_mode():
        found = network.eval()(torch.randn(2, 3, spec.size, spec.size))
    assert found[:, 0].numpy() == pytest.approx(0.3, abs=1e-5)


def test_a_style_of_constants_says_that_it_is_a_preset(shoot: Path, tmp_path: Path) -> None:
    """It had six sliders worse than the mean, and was recommended for export without a word."""
    folder, random = tmp_path / "shoot", np.random.default_rng(1)
    shutil.copytree(shoot, folder)
    edited: dict[str, list[float]] = {slider.key: [] for slider in SLIDERS}
    for path in sorted(folder.glob("*.xmp")):
        values = {slider.key: 0.2 * slider.limit + 0.02 * slider.limit * random.normal() for slider in SLIDERS}
        texts = {f"{{{CRS}}}{slider.key}": slider.spell(values[slider.key]) for slider in SLIDERS}
        path.write_bytes(merge(path.read_bytes(), texts))
        for key, value in (Document.parse(path.read_bytes()).values()).items():
            edited[key].append(value)
    done = CliRunner().invoke(main, [str(folder), "--out", str(tmp_path / "m"), "--cache", str(tmp_path / "cache")])
    assert done.exit_code == 0, done.output
    learnt = [row["learnt"] for row in load(tmp_path / "m").trained_on["scores"]]
    assert learnt.count(True) <= 2  # of eight that hold noise alone, chance lets some pass
    assert ("a preset and not more" in done.stdout.splitlines()[-1]) == (not any(learnt))
    saved = load(tmp_path / "m")
    with torch.inference_mode():
        answers = saved.network(torch.randn(2, 3, saved.spec.size, saved.spec.size)).numpy() * LIMITS
    for column, slider in enumerate(SLIDERS):
        if not learnt[column]:
            assert answers[:, column] == pytest.approx(np.median(edited[slider.key]), abs=0.01)
    assert "| no |" in (tmp_path / "m" / "README.md").read_text()


def test_the_last_line_says_which_sliders_were_learnt() -> None:
    labels = np.random.default_rng(0).uniform(-1, 1, (20, 8))
    rows = score(np.zeros((20, 8)), labels, np.zeros(8), np.zeros(8), np.array([True, True, *[False] * 6]))
    assert what_was_learnt(rows).startswith("Learnt: Exposure, Contrast. Not learnt, and the median of your edits")
    rows = score(np.zeros((20, 8)), labels, np.zeros(8), np.zeros(8), np.zeros(8, bool))
    assert what_was_learnt(rows) == (
        "No slider was learnt: this style is a preset and not more, the median of your edits in every photo."
    )
