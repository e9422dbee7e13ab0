"""A model that answers otherwise once it is loaded again is not left behind."""

from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.spec import InputSpec
from autohdr_train.checkpoint import Checkpoint, has_checkpoint, save
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.errors import TrainingError
from autohdr_train.reload import refuse_another
from autohdr_train.start import begin
from tests.train.facts import FACTS


def some(spec: InputSpec) -> TensorDataset:
    pixels = np.random.default_rng(0).random((3, 3, spec.size, spec.size)).astype(np.float32)
    return TensorDataset(pixels, np.zeros((3, 8), np.float32), ["", "", ""], np.full(3, np.nan))


def test_a_checkpoint_that_holds_the_network_stays(tmp_path: Path) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "one", FACTS))
    refuse_another(tmp_path, network, some(spec))
    assert has_checkpoint(tmp_path)


def test_another_network_is_refused_and_leaves_no_model(tmp_path: Path) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "one", FACTS))
    with torch.no_grad():
        network.classifier.bias.add_(0.01)
    with pytest.raises(TrainingError, match="answers otherwise once it is loaded again"):
        refuse_another(tmp_path, network, some(spec))
    assert not has_checkpoint(tmp_path)


def test_a_checkpoint_that_cannot_be_loaded_leaves_no_model(tmp_path: Path) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "one", FACTS))
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(TrainingError, match="cannot be loaded again"):
        refuse_another(tmp_path, network, some(spec))
    assert not has_checkpoint(tmp_path)
