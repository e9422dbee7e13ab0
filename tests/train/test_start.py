"""Starts: the default model out of its ONNX graph, with every weight in its place, and the others."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from autohdr.engines.network import open_network
from autohdr.errors import ModelError
from autohdr.model import DEFAULT_MODEL
from autohdr_train.checkpoint import Checkpoint, load, save
from autohdr_train.start import begin, describe_start, from_onnx
from tests.conftest import save_model
from tests.train.facts import FACTS


def test_the_default_model_answers_in_torch_as_it_does_in_its_engine() -> None:
    network, spec = from_onnx(DEFAULT_MODEL)
    pixels = np.random.default_rng(0).standard_normal((2, 3, spec.size, spec.size)).astype(np.float32)
    with open_network(DEFAULT_MODEL, "cpu") as opened:
        expected = opened.predict(pixels)
    with torch.inference_mode():
        np.testing.assert_allclose(network.eval()(torch.from_numpy(pixels)).numpy(), expected, atol=1e-4)


def test_the_default_start_is_that_model_and_keeps_its_input_unless_asked() -> None:
    network, spec = begin("default", None, None, "tanh", 0)
    own = from_onnx(DEFAULT_MODEL)[1]
    assert (network.head, spec) == ("linear", own)
    assert begin("default", None, "preview", "linear", 0)[1].source == "preview"


def test_a_graph_without_one_of_the_weights_is_refused(tmp_path: Path) -> None:
    model = onnx.load(DEFAULT_MODEL)
    item = next(item for item in model.graph.initializer if item.name == "vit.layernorm.weight")
    item.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(item), "renamed"))
    save_model(model, tmp_path / "model.onnx")
    with pytest.raises(ModelError, match=r"no weights for vit\.layernorm\.weight"):
        from_onnx(tmp_path / "model.onnx")


def test_files_that_are_no_models_of_ours_are_refused_in_one_sentence(tmp_path: Path, small_model: Path) -> None:
    damaged, foreign = tmp_path / "damaged.onnx", tmp_path / "foreign.onnx"
    damaged.write_bytes(b"no graph at all")
    model = onnx.load(DEFAULT_MODEL)
    del model.metadata_props[:]
    save_model(model, foreign)
    sentences = {
        damaged: r"damaged\.onnx is not an ONNX model",
        foreign: r"foreign\.onnx does not say what it was trained on",
        small_model: "start from another model",
        tmp_path / "missing.onnx": r"missing\.onnx does not exist",
    }
    for path, sentence in sentences.items():
        with pytest.raises(ModelError, match=sentence):
            from_onnx(path)


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
