"""The default model's training, in small: places apart, a card that says so, and a model that can be taught."""

from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from autohdr.spec import InputSpec
from autohdr_train.data.bank import open_bank
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.default import backbone, episodes, training
from autohdr_train.network.checkpoint import load
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import Head, SliderNet, from_config
from autohdr_train.recipes.head import begin_head
from tests.small_vit import small_config

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))
NUMBERS = ["--photos", "100", "--held-out", "20", "--epochs", "1", "--episodes", "4"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, small_photos: None) -> None:
    """A training that takes seconds."""

    def scratch(_size: str, _spec: InputSpec, head: Head, *, seed: int) -> SliderNet:
        torch.manual_seed(seed)
        return SliderNet(from_config(small_config()), head)

    monkeypatch.setattr(training, "scratch", scratch)
    monkeypatch.setattr(training, "SPEC", SPEC)
    monkeypatch.setattr(training, "TEACHERS", 4)
    monkeypatch.setattr(backbone, "BATCH", 25)
    for name, value in {"EDITS": (5, 10), "ASKED": 30, "TOGETHER": 6, "POOL": 12, "KEPT": 2}.items():
        monkeypatch.setattr(episodes, name, value)


def run(radiance: Path, cache: Path, out: Path, *more: str) -> str:
    arguments = ["--radiance", str(radiance), "--cache", str(cache), "--out", str(out), *NUMBERS, *more]
    result = CliRunner().invoke(training.main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("small")
def test_whole_places_are_held_out_and_the_card_names_them(radiance: Path, cache: Path, tmp_path: Path) -> None:
    output = run(radiance, cache, tmp_path / "m")
    assert "mean label" in output
    facts = load(tmp_path / "m").trained_on
    held_out = {part for part in facts["notes"][0].replace(",", " ").split() if part.startswith("place")}
    assert len(held_out) == 1
    assert facts["photos"] == {"train": 100, "held_out": 20}
    assert facts["groups"]["held_out"] == 1
    assert facts["recipe"] == {"name": "default", "seed": 0, "epochs": 1, "episodes": 4}
    assert facts["start"] == "tiny, random weights"
    assert [row["photos"] for row in facts["scores"]] == [20] * 8
    assert held_out.pop() in (tmp_path / "m" / "README.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("small")
def test_what_results_can_be_trained_further_and_learns_a_style(radiance: Path, cache: Path, tmp_path: Path) -> None:
    run(radiance, cache, tmp_path / "m")
    again = run(radiance, cache, tmp_path / "n", "--start", str(tmp_path / "m"))
    assert f"Wrote {tmp_path / 'n'}" in again
    first, second = load(tmp_path / "m"), load(tmp_path / "n")
    assert second.trained_on["start"] == "weights of m"
    weights = [checkpoint.network.state_dict()["vit.layernorm.weight"] for checkpoint in (first, second)]
    assert not torch.equal(*weights)
    bank = open_bank(radiance, cache, SPEC, train=100, held_out=20, procedural=training.PROCEDURAL)
    brightness = np.array([np.log2(bank.train.picture(index).mean()) for index in range(60)])
    labels = np.repeat(-0.1 * (brightness[:, None] + 3.0), 8, axis=1).astype(np.float32)
    photos = TensorDataset(bank.train.pixels[:60], labels, bank.train.groups[:60], np.full(60, np.nan))
    edited, others = photos.subset(np.arange(20)), photos.subset(np.arange(20, 60))
    begin_head(first.network, SPEC, edited, seed=0)
    error = np.abs(predict(first.network, others)[:, 0] / 5.0 - others.labels[:, 0]).mean()
    assert error < 0.5 * np.abs(others.labels[:, 0] - edited.labels[:, 0].mean()).mean()


@pytest.mark.usefixtures("small")
def test_the_same_command_gives_the_same_model(radiance: Path, cache: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(radiance, cache, tmp_path / name)
    assert (tmp_path / "a" / "model.safetensors").read_bytes() == (tmp_path / "b" / "model.safetensors").read_bytes()


def test_the_linear_layer_is_that_of_least_squares(network: SliderNet) -> None:
    network.describe_tones(SPEC)
    assert network.features is not None
    random = torch.Generator().manual_seed(0)
    seen = torch.randn(2000, network.features.size, generator=random)
    weight, bias = torch.randn(8, network.features.size, generator=random), torch.randn(8, generator=random)
    training.solve(network, seen, seen @ weight.T + bias)
    torch.testing.assert_close(network.classifier.weight.data, weight, atol=5e-3, rtol=0.0)
    torch.testing.assert_close(network.classifier.bias.data, bias, atol=5e-3, rtol=0.0)


def test_a_folder_without_radiance_images_is_one_sentence(tmp_path: Path) -> None:
    arguments = ["--radiance", str(tmp_path), "--cache", str(tmp_path / "c"), "--out", str(tmp_path / "m")]
    result = CliRunner().invoke(training.main, arguments)
    assert result.exit_code == 2
    assert "holds no .exr" in result.stderr
    assert not (tmp_path / "m").exists()


def test_a_folder_that_holds_a_model_is_refused_before_anything_is_simulated(tmp_path: Path, radiance: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    arguments = ["--radiance", str(radiance), "--cache", str(tmp_path / "c"), "--out", str(tmp_path)]
    result = CliRunner().invoke(training.main, arguments)
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr
    assert not (tmp_path / "c").exists()
