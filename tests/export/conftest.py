"""A small trained checkpoint, and its export, made once: tracing takes longer than all the rest."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from autohdr.engines.prove.inputs import adversarial
from autohdr.model.head import Head, Learnt
from autohdr.model.onnx_file import check, read_model
from autohdr.spec import InputSpec
from autohdr.style.confidence.scores import score
from autohdr_export.exporting import Exported, export_onnx, on_every_engine
from autohdr_export.graph.file import describe, unchecked
from autohdr_export.prove.session import run
from autohdr_export.wanted import Wanted
from autohdr_scenes import write_shoot
from autohdr_train.network.checkpoint import Checkpoint, save
from autohdr_train.network.model import SliderNet, from_config
from autohdr_train.recipes.recipe import autohdr2024
from tests.conftest import save_model
from tests.small_vit import small_config

SPEC = InputSpec(size=32, encoding="pu21-255", mean=(0.4, 0.5, 0.6), std=(0.2, 0.25, 0.3))


def small_network() -> SliderNet:
    """Weights large enough that the sliders move with the picture."""
    torch.manual_seed(0)
    network = SliderNet(from_config(small_config()), "linear")
    weight = 10.0 * network.classifier.weight.data
    network.describe_tones(SPEC)
    assert network.tones is not None
    light = network.tones.light(torch.from_numpy(adversarial(SPEC, 40)))
    network.tones.standardise(network.tones.describe(light))
    network.classifier.weight.data[:, -weight.shape[1] :] = weight
    network.classifier.bias.data.uniform_(-0.1, 0.1)
    return network.eval()


def head_of(model: onnx.ModelProto) -> Head:
    """The head in a model's metadata."""
    return check(unchecked(model), Path("a model")).head


def sliders(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scaled sliders (N, 8) of photos, each by itself, by ONNX Runtime."""
    features = [found for (found,) in run(model.SerializeToString(), pixels[:, None])]
    return head_of(model).answer(np.concatenate(features))


def with_head(
    path: Path,
    out: Path | None = None,
    *,
    weight: Callable[[NDArray[np.float32]], NDArray[Any]] = lambda weight: weight,
    bias: Callable[[NDArray[np.float32]], NDArray[Any]] = lambda bias: bias,
) -> onnx.ModelProto:
    """A model with its head changed, written to `out` as well."""
    found, model = read_model(path), onnx.load(path)
    head = replace(
        found.head,
        weight=weight(found.head.weight).astype(np.float32),
        bias=bias(found.head.bias).astype(np.float32),
    )
    describe(model, found.info, Learnt(head, found.prior))
    if out is not None:
        save_model(model, out)
    return model


def changed(
    path: Path, name: str, change: Callable[[NDArray[np.float32]], NDArray[Any]], out: Path | None = None
) -> onnx.ModelProto:
    """A model with one of its weights changed, written to `out` as well."""
    model = onnx.load(path)
    (tensor,) = (tensor for tensor in model.graph.initializer if tensor.name == name)
    values = np.asarray(change(numpy_helper.to_array(tensor)), dtype=np.float32)
    tensor.CopyFrom(numpy_helper.from_array(values, name))
    if out is not None:
        save_model(model, out)
    return model


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoint")
    trained_on = {
        "data": "nothing",
        "start": "nothing",
        "photos": {"train": 1, "held_out": 1},
        "groups": {"train": 1, "held_out": 1},
        "recipe": autohdr2024(),
        "epochs_done": 1,
        "scores": score(np.zeros((2, 8)), np.zeros((2, 8)), np.zeros(8)),
    }
    network = small_network()
    for bias in (parameter for name, parameter in network.vit.named_parameters() if name.endswith("bias")):
        torch.nn.init.normal_(bias, std=0.002)  # equal ones would be a single weight in the graph
    save(folder, Checkpoint(network, SPEC, "small", trained_on))
    return folder


@pytest.fixture(scope="session")
def exported(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_onnx(checkpoint, tmp_path_factory.mktemp("exported") / "small.onnx")


@pytest.fixture(scope="session")
def half(exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A model in float16, measured on every engine that runs here."""
    out = tmp_path_factory.mktemp("half") / "half.onnx"
    return on_every_engine(export_onnx(exported.path, out, Wanted("float16")))


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shoot that is just large enough to calibrate on."""
    folder = tmp_path_factory.mktemp("photos") / "shoot"
    write_shoot(folder, 128, seed=3, size=(64, 96), xmp=False)
    return folder
