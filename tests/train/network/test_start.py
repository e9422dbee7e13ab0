"""Starts: the network that comes with autohdr, and the others."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.engines.network import open_network
from autohdr.errors import ModelError
from autohdr.model.info import DEFAULT_MODEL
from autohdr_train.network import start
from autohdr_train.network.checkpoint import Checkpoint, load, save
from autohdr_train.network.start import begin, default, describe_start
from tests.train.facts import FACTS


def test_the_default_model_was_exported_from_the_default_network() -> None:
    kept = default()
    pixels = np.random.default_rng(0).standard_normal((2, 3, kept.spec.size, kept.spec.size)).astype(np.float32)
    with open_network(DEFAULT_MODEL, "cpu") as opened, torch.inference_mode():
        seen = kept.network.see(torch.from_numpy(pixels))
        np.testing.assert_allclose(opened.features(pixels), seen.numpy(), atol=2e-3)
        np.testing.assert_allclose(opened.predict(pixels), kept.network.answer(seen).numpy(), atol=1e-4)
        told = opened.info
    assert (told.name, told.spec, told.mode, told.trained_on) == (kept.name, kept.spec, kept.mode, kept.trained_on)
    assert kept.network.style is not None
    for name, values in kept.network.style.state_dict().items():
        np.testing.assert_array_equal(opened.model.prior[name], values)


def test_the_default_start_is_that_network_and_keeps_its_input_unless_asked() -> None:
    network, spec = begin("default", None, None, "tanh", 0)
    assert (network.head, spec) == ("linear", default().spec)
    assert begin("default", None, "preview", "linear", 0)[1].source == "preview"


def test_limits_and_errors_stay_with_a_checkpoint_until_learning_begins(tmp_path: Path) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    network.most, network.error = torch.full((8,), 0.01), torch.ones(2, 8)
    save(tmp_path, Checkpoint(network, spec, "held", FACTS))
    again = load(tmp_path).network
    assert again.most is not None
    assert again.error is not None
    seen = torch.randn(4, again.classifier.in_features)
    with torch.inference_mode():
        assert again.answer(seen).abs().max() <= 0.01
        free = begin(str(tmp_path), None, None, "linear", 0)[0]
        assert (free.most, free.error) == (None, None)
        assert free.answer(seen).abs().max() > 0.01


def test_a_damaged_default_network_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "FOLDER", tmp_path)
    with pytest.raises(ModelError, match=r"has no config\.json.*install autohdr again"):
        begin("default", None, None, "linear", 0)


def test_a_card_names_a_start_without_the_way_to_it(tmp_path: Path, foreign_vit: Path) -> None:
    shutil.copytree(foreign_vit, tmp_path / "my-vit")
    assert describe_start(str(tmp_path / "my-vit")) == "weights of my-vit"
    assert describe_start("google/vit-base-patch16-224") == "weights of google/vit-base-patch16-224"
    assert describe_start("default") == "the default model"
    assert describe_start("tiny") == "tiny, random weights"


def test_another_encoding_is_followed_by_the_measured_tones(tmp_path: Path) -> None:
    """The spec changed and the tones went on reading the old encoding: another network was saved than was scored."""
    network, spec = begin("default", "pu21-pmax", None, "linear", 0)
    assert network.tones is not None
    assert network.tones.light.spec == spec
    save(tmp_path, Checkpoint(network, spec, "encoded", FACTS))
    pixels = torch.from_numpy(np.random.default_rng(0).random((2, 3, spec.size, spec.size)).astype(np.float32))
    with torch.inference_mode():
        torch.testing.assert_close(load(tmp_path).network(pixels), network.eval()(pixels), atol=1e-4, rtol=0.0)
    again, encoded = begin(str(tmp_path), "srgb", "preview", "linear", 0)
    assert again.tones is not None
    assert again.tones.light.spec == encoded


def test_a_checkpoint_with_a_damaged_configuration_is_not_taken_for_a_foreign_vit(tmp_path: Path) -> None:
    """It would be: with its transformer, another input and a new head."""
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "one", FACTS))
    path = tmp_path / "config.json"
    path.write_text(path.read_text().replace('"autohdr"', '"autohdq"'))
    with pytest.raises(ModelError, match="damaged checkpoint"):
        begin(str(tmp_path), None, None, "linear", 0)
