"""The default model's training, in small: places apart, and a card that names them."""

from pathlib import Path

import numpy as np
import OpenEXR
import pytest
from click.testing import CliRunner

from autohdr.spec import InputSpec
from autohdr_train.checkpoint import load
from autohdr_train.default import training
from autohdr_train.model import Head, SliderNet, from_config


@pytest.fixture
def radiance(tmp_path: Path) -> Path:
    """Six small radiance images that look nothing like each other."""
    folder = tmp_path / "radiance"
    folder.mkdir()
    for number in range(6):
        light = np.random.default_rng(number).lognormal(0.0, 2.0, (64, 128, 3)).astype(np.float32)
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
        with OpenEXR.File(header, {"RGB": light}) as file:
            file.write(str(folder / f"place{number}.exr"))
    return folder


def test_whole_places_are_held_out_and_the_card_names_them(
    radiance: Path, network: SliderNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(_size: str, _spec: InputSpec, head: Head, *, seed: int) -> SliderNet:
        return SliderNet(from_config(network.config), head)

    monkeypatch.setattr(training, "scratch", small)
    monkeypatch.setattr(training, "SPEC", InputSpec(size=32))
    out = tmp_path / "m"
    arguments = ["--radiance", str(radiance), "--out", str(out), "--shots", "6", "--held-out-shots", "4"]
    result = CliRunner().invoke(training.main, [*arguments, "--epochs", "1", "--batch", "3"])
    assert result.exit_code == 0, result.output
    assert "mean label" in result.output
    learnt, held_out = load(out).trained_on["notes"][:2]
    names = [
        {part for part in note.replace(",", " ").split() if part.startswith("place")} for note in (learnt, held_out)
    ]
    assert not names[0] & names[1]
    assert len(names[0] | names[1]) == 6
    assert len(names[1]) == 1


def test_a_folder_without_radiance_images_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(training.main, ["--radiance", str(tmp_path), "--out", str(tmp_path / "m")])
    assert result.exit_code == 2
    assert "holds no .exr" in result.stderr
    assert not (tmp_path / "m").exists()
