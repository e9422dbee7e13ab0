"""From a trained network to an ONNX graph: float32, dynamic batch, the same bytes for the same weights."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import onnx
import torch

from autohdr.model import INPUT_NAME, METADATA_KEY, OUTPUT_NAME, ModelInfo
from autohdr_train.model import SliderNet

OPSET = 20
"""The first with Gelu, so that the graph is small; TensorRT 10 and ONNX Runtime 1.22 read it."""


def trace(network: SliderNet, size: int) -> onnx.ModelProto:
    """The network as one ONNX graph: `pixels` float32 (batch, 3, size, size) to `sliders` float32 (batch, 8).

    Args:
        network: on the CPU. Its attention must be eager: SDPA adds 144 nodes of safe softmax to ViT-tiny's 374.
        size: height and width of the input, pixels.
    """
    example = torch.zeros(2, 3, size, size)  # a batch of 1 would be taken for a constant
    with _quiet_exporter():
        program = torch.onnx.export(
            network.eval(),
            (example,),
            dynamo=True,
            opset_version=OPSET,
            input_names=[INPUT_NAME],
            output_names=[OUTPUT_NAME],
            dynamic_shapes={"pixels": {0: torch.export.Dim("batch", min=1)}},
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    _strip(model)
    return model


def describe(model: onnx.ModelProto, info: ModelInfo) -> None:
    """Store what a runtime needs to know in the model's metadata, in place."""
    del model.metadata_props[:]
    model.metadata_props.add(key=METADATA_KEY, value=info.to_json())


def to_bytes(model: onnx.ModelProto) -> bytes:
    """The file's bytes, checked: the same for the same model.

    Raises:
        onnx.checker.ValidationError: the graph breaks ONNX's rules; a bug of ours.
    """
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def _strip(model: onnx.ModelProto) -> None:
    """Remove what the exporter notes about its own work: 0.6 MB of stack traces, with the paths of this machine."""
    graph = model.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.initializer, *graph.value_info):
        part.doc_string = ""
        del part.metadata_props[:]


@contextmanager
def _quiet_exporter() -> Iterator[None]:
    """Without what the exporter says that no user can act on."""
    registry = logging.getLogger("torch.onnx._internal.exporter._registration")
    level = registry.level
    registry.setLevel(logging.ERROR)  # it misses torchvision, whose operators no ViT has
    with warnings.catch_warnings():
        # torch 2.13's exporter uses its own deprecated name.
        warnings.filterwarnings("ignore", r"`isinstance\(treespec, LeafSpec\)`", FutureWarning)
        try:
            yield
        finally:
            registry.setLevel(level)
