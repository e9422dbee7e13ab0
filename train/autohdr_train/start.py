"""Where training begins: the default model, a checkpoint of ours, another ViT, or random weights."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors import SafetensorError
from torch import Tensor

from autohdr.errors import ModelError
from autohdr.model import DEFAULT_MODEL
from autohdr.onnx_file import read_model
from autohdr.spec import Encoding, InputSpec, Source
from autohdr_train.checkpoint import is_ours, load, rebuild
from autohdr_train.model import SIZES, Head, SliderNet, pretrained, scratch
from autohdr_train.weights import parse

STYLE = Path(__file__).parent / "default" / "style.safetensors"
DEFAULT = "default"
"""The start that is the model which comes with autohdr."""


def begin(
    start: str, encoding: Encoding | None, source: Source | None, head: Head, seed: int
) -> tuple[SliderNet, InputSpec]:
    """The network to train and the input that it needs. The default model and checkpoints of ours keep their own head.

    Args:
        start: `default`, one of `SIZES`, a checkpoint of ours or another ViT by folder, or a hub id.
        encoding: of the input; None leaves the start's own, or `srgb`.
        source: of the input; None leaves the start's own, or `raw`.
        head: of a network that has none yet.
        seed: of random weights.

    Raises:
        ModelError: it cannot be loaded.
    """
    if start in SIZES:
        spec = InputSpec(source=source or "raw", encoding=encoding or "srgb")
        return scratch(start, spec, head, seed=seed), spec
    if start == DEFAULT:
        network, own = from_onnx(DEFAULT_MODEL)
    elif is_ours(Path(start)):
        checkpoint = load(Path(start))
        network, own = checkpoint.network, checkpoint.spec
    else:
        network, own = pretrained(start, encoding, head, seed=seed)
    spec = dataclasses.replace(own, source=source or own.source, encoding=encoding or own.encoding)
    network.read(spec)
    return network, spec


def describe_start(start: str) -> str:
    """For a card: the start without the way to it on this machine."""
    if start in SIZES:
        return f"{start}, random weights"
    if start == DEFAULT:
        return "the default model"
    return f"weights of {Path(start).name if Path(start).is_dir() else start}"


def from_onnx(path: Path) -> tuple[SliderNet, InputSpec]:
    """The network that autohdr-export wrote, with its weights, and the input that it needs.

    An ONNX graph keeps the names of weights, except those of linear layers: they are stored transposed, under names of
    the exporter's, and found by the bias that is added next.

    Raises:
        ModelError: the file is missing, not ours, or damaged, or lacks a weight.
        FileError: it cannot be read.
    """
    try:
        file = read_model(path)
        model, info = onnx.load_model_from_string(file.data), file.info
        weights = _weights(model.graph)
        network = rebuild(info.trained_on.get("network") or _inferred(weights, info.spec), info.spec)
        needed = network.state_dict()
        found = {name: torch.from_numpy(weights[name].copy()) for name in needed if name in weights} | _style(path)
        # What is expected of photographers is not part of the answers, so that a graph does not hold it.
        found = {name: value for name, value in needed.items() if name.startswith("style.")} | found
        if missing := sorted(set(needed) - set(found)):
            raise ModelError(f"{path} holds no weights for {', '.join(missing[:3])}; start from its checkpoint instead")
        network.load_state_dict({name: found[name] for name in needed})
    except (OSError, KeyError, TypeError, ValueError, RuntimeError, DecodeError) as error:
        raise ModelError(f"{path} cannot be trained further ({error}); start from another model") from error
    return network, info.spec


def _style(path: Path) -> dict[str, Tensor]:
    """What the default model expects of photographers, which its graph does not hold: its answers do not need it."""
    if path != DEFAULT_MODEL:
        return {}
    try:
        return parse(STYLE.read_bytes())[0]
    except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
        raise ModelError(f"{STYLE} is damaged ({error}); it is autohdr's own, so install autohdr again") from error


def _weights(graph: Any) -> dict[str, NDArray[np.floating]]:
    """Every initialiser of an ONNX graph by its name in torch."""
    stored = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    weights = {name: value for name, value in stored.items() if "." in name}
    products = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        for product, bias in (node.input, reversed(node.input)):
            matrix = stored.get(products.get(product, ""))
            if matrix is not None and bias.endswith(".bias"):
                weights[bias.removesuffix("bias") + "weight"] = matrix.T
    return weights


def _inferred(weights: dict[str, NDArray[np.floating]], spec: InputSpec) -> dict[str, Any]:
    """The description of a network that was exported before models held one: a ViT of one of `SIZES`, a linear head."""
    width = weights["classifier.weight"].shape[1]
    size = next(name for name, (own, _, _) in SIZES.items() if own == width)
    return {"vit": scratch(size, spec, "linear", seed=0).config.to_diff_dict(), "head": "linear"}
