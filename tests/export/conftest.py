"""A small trained checkpoint, and its export, made once."""

from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.spec import InputSpec
from autohdr_export.export import Exported, export_onnx
from autohdr_train.checkpoint import Checkpoint, save
from autohdr_train.evaluate import score
from autohdr_train.model import SliderNet, from_config
from autohdr_train.recipes import seed
from tests.small_vit import small_config

SPEC = InputSpec(size=32, encoding="pu21-255", mean=(0.4, 0.5, 0.6), std=(0.2, 0.25, 0.3))


def small_network() -> SliderNet:
    """Weights large enough that the sliders move with the picture."""
    torch.manual_seed(0)
    network = SliderNet(from_config(small_config()), "linear")
    network.classifier.weight.data.mul_(10.0)
    network.classifier.bias.data.uniform_(-0.1, 0.1)
    return network.eval()


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoint")
    trained_on = {
        "data": "nothing",
        "start": "nothing",
        "photos": {"train": 1, "held_out": 1},
        "groups": {"train": 1, "held_out": 1},
        "recipe": seed(),
        "epochs_done": 1,
        "scores": score(np.zeros((2, 8)), np.zeros((2, 8)), np.zeros(8)),
    }
    save(folder, Checkpoint(small_network(), SPEC, "small", trained_on))
    return folder


@pytest.fixture(scope="session")
def exported(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_onnx(checkpoint, tmp_path_factory.mktemp("exported") / "small.onnx")
