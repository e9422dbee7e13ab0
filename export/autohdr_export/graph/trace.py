"""Traces a trained network into an ONNX graph: float32, dynamic batch, the same bytes for the same weights."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import onnx
import torch
from onnxscript import optimizer
from torch import Tensor
from transformers.modeling_outputs import BaseModelOutput

from autohdr.model.info import INPUT_NAME, OUTPUT_NAME
from autohdr_export.graph.token import ask_for_token_only
from autohdr_train.network.model import SliderNet

OPSET = 20
"""The first with Gelu, so that the graph is small; TensorRT 10 and ONNX Runtime 1.22 read it."""


_ANY_SIZE = 2**31


def trace(network: SliderNet, size: int) -> onnx.ModelProto:
    """The network as one ONNX graph: `pixels` float32 (batch, 3, size, size) to `features` float32 (batch, F).

    Between them is `token.TOKEN_NAME`, the class token (batch, 1, D) after the last LayerNorm: what comes before
    it is the transformer, the rest is tones and features.

    Args:
        network: on the CPU. Its attention must be eager: SDPA adds 144 nodes of safe softmax to ViT-tiny's 374.
        size: height and width of the input, pixels.
    """
    with _without_mask(network.vit), _as_features(network):
        model = to_onnx(network, size)
    ask_for_token_only(model.graph)
    return model


def to_onnx(network: Any, size: int) -> onnx.ModelProto:
    """Any module as one ONNX graph: `pixels` float32 (batch, 3, size, size) to `features` float32 (batch, F).

    Args:
        network: on the CPU.
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
            optimize=False,
        )
    assert program is not None
    # As torch would, but with constants of any size folded: the tones' windows are larger than its limit.
    optimizer.optimize_ir(program.model, input_size_limit=_ANY_SIZE, output_size_limit=_ANY_SIZE)
    model = program.model_proto
    _strip(model)
    return model


def _strip(model: onnx.ModelProto) -> None:
    """Remove what the exporter notes about its own work: 0.6 MB of stack traces, with the paths of this machine, and
    shapes of constants that are gone."""
    graph = model.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.initializer, *graph.value_info):
        part.doc_string = ""
        del part.metadata_props[:]
    found = {name for node in graph.node for name in node.output}
    shapes = [value for value in graph.value_info if value.name in found]
    del graph.value_info[:]
    graph.value_info.extend(shapes)


@contextmanager
def _as_features(network: Any) -> Iterator[None]:
    """Let a network answer with its features, without its head."""
    network.forward = network.see
    try:
        yield
    finally:
        del network.forward  # the class's again


@contextmanager
def _without_mask(vit: Any) -> Iterator[None]:
    """Let a `ViTModel` go straight through its layers: while it is exported, transformers makes an attention mask that
    masks nothing, and adds it in every layer."""

    def forward(pixel_values: Tensor) -> BaseModelOutput:
        hidden = vit.embeddings(pixel_values)
        for layer in vit.layers:
            hidden = layer(hidden, None)
        return BaseModelOutput(last_hidden_state=vit.layernorm(hidden))

    vit.forward = forward
    try:
        yield
    finally:
        del vit.forward  # the class's again


@contextmanager
def _quiet_exporter() -> Iterator[None]:
    """Silences what the exporter says that no user can act on."""
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
