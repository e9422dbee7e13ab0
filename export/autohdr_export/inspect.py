"""What a model file is, all of it: `autohdr-export --inspect`."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto

from autohdr.engines.trt.record import record_of, stored
from autohdr.errors import ModelError
from autohdr.files import read_bytes
from autohdr.mode import Mode
from autohdr.model import find_model
from autohdr.onnx_file import DIGITS, read_model
from autohdr.sliders import SLIDERS
from autohdr_train.checkpoint import WEIGHTS, has_checkpoint, load

COMPUTE = ("MatMul", "Gemm", "Conv", "Einsum", "Attention")
"""Nodes in which nearly all of the time goes, in the precision of what they are given."""
INTEGER = ("MatMulInteger", "ConvInteger", "QLinearMatMul", "QLinearConv", "QGemm", "DynamicQuantizeMatMul")
"""The same where int8 is a node of its own."""


def inspect(path: Path) -> dict[str, Any]:
    """What a model file, the one in a folder, a TensorRT plan of one, or a checkpoint without an export is: plain JSON.

    Raises:
        ModelError: there is no such file, or it is none of ours, or damaged.
        FileError: it cannot be read.
    """
    if path.suffix == ".plan" and path.is_file():
        return _plan(path)
    if path.is_dir() and has_checkpoint(path) and not any(path.glob("*.onnx")):
        return _checkpoint(path)
    return _onnx(find_model(path))


def _onnx(path: Path) -> dict[str, Any]:
    found = read_model(path)
    return {
        "path": str(path),
        "sha256": found.digest,
        "size": len(found.data),
        **_told(json.loads(found.info.to_json())),
        **nodes(onnx.load_model_from_string(found.data)),
    }


def _checkpoint(folder: Path) -> dict[str, Any]:
    found = load(folder)
    data = read_bytes(folder / WEIGHTS) or b""
    weights: Counter[str] = Counter()
    for tensor in found.network.state_dict().values():
        weights[str(tensor.dtype).removeprefix("torch.")] += tensor.nbytes
    return {
        "path": str(folder / WEIGHTS),
        "sha256": hashlib.sha256(data).hexdigest()[:DIGITS],
        "size": len(data),
        "mode": found.mode.to_dict(),
        "name": found.name,
        "input": found.spec.to_dict(),
        "weights": dict(weights.most_common()),
        "next": f"autohdr-export {folder}",
        "trained_on": found.trained_on,
    }


def _told(model: dict[str, Any]) -> dict[str, Any]:
    """What `ModelInfo.to_json` holds, without what is the same in all models."""
    keys = ("name", "precision", "target", "autohdr", "opset", "input", "proof", "trained_on")
    return {"mode": Mode.from_dict(model.get("mode")).to_dict(), **{key: model[key] for key in keys}}


def nodes(model: onnx.ModelProto) -> dict[str, Any]:
    """How many nodes of each type there are, in what those that compute do so, and the bytes of weights of each type.

    A MatMul between DequantizeLinear nodes counts as int8: that is how engines run it.
    """
    graph = model.graph
    types = _types(model)
    made_by = {output: node.op_type for node in graph.node for output in node.output}
    compute: Counter[str] = Counter()
    for node in graph.node:
        if node.op_type in INTEGER:
            compute["int8"] += 1
        elif node.op_type in COMPUTE:
            quantised = all(made_by.get(name) == "DequantizeLinear" for name in node.input[:2])
            compute["int8" if quantised else types.get(node.output[0], "unknown")] += 1
    weights: Counter[str] = Counter()
    for tensor in graph.initializer:
        weights[_name(tensor.data_type)] += tensor.ByteSize()
    return {
        "nodes": dict(Counter(node.op_type for node in graph.node).most_common()),
        "compute": dict(compute.most_common()),
        "weights": dict(weights.most_common()),
    }


def _types(model: onnx.ModelProto) -> dict[str, str]:
    """The element type of each value."""
    graph = onnx.shape_inference.infer_shapes(model).graph
    values = [*graph.value_info, *graph.input, *graph.output]
    return {value.name: _name(value.type.tensor_type.elem_type) for value in values}


def _name(kind: int) -> str:
    return "unknown" if kind == TensorProto.UNDEFINED else onnx.helper.tensor_dtype_to_np_dtype(kind).name


def _plan(path: Path) -> dict[str, Any]:
    beside = record_of(path)
    data, told = read_bytes(path), read_bytes(beside)
    if data is None or told is None:
        missing = path if data is None else beside
        raise ModelError(f"{missing} does not exist; expected a plan, and the .json that is written beside each")
    try:
        record = json.loads(told)
        return {
            "path": str(path),
            "sha256": hashlib.sha256(data).hexdigest()[:12],
            "size": len(data),
            "whole": stored(path).whole,
            **_told(record["model"]),
            "built": record["built"],
            "for": record["key"],
            "tensors": record["tensors"],
        }
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{beside} is damaged; build the plan again with autohdr-export --trt") from error


def text(found: dict[str, Any]) -> str:
    """The same for people."""
    found = dict(found)
    lines = [f"{found.pop('path')}: {found.pop('size') / 1e6:.1f} MB"]
    proof, trained_on = found.pop("proof", None), found.pop("trained_on", None)
    lines.append(f"{'mode':<10} {Mode.from_dict(found.pop('mode'))}")
    lines += [f"{key:<10} {_flat(value)}" for key, value in found.items() if value is not None]
    if proof is not None:
        lines += ["", *(_proof(proof) if proof else ["Nobody has compared it with what was trained."])]
    if trained_on is not None:
        lines += ["", "Trained on", *_tree(trained_on, "  ")]
    return "\n".join(lines)


def _proof(proof: dict[str, Any]) -> list[str]:
    """How far it is from its reference, a line a slider."""
    proof = dict(proof)
    below, parts = proof.pop("below", None), [proof.pop(part, None) for part in ("photos", "extremes")]
    lines = ["Compared", *_tree(proof, "  ")]
    if below is not None:
        lines += ["  largest difference below"]
        lines += [f"    {slider.name:<11}{_value(below[slider.key], slider.unit)}" for slider in SLIDERS]
    for name, part in zip(("photos", "extreme inputs"), parts, strict=True):
        if part is not None:
            lines += [
                f"  difference over {name}",
                f"    {'':<11}{'p99':>12}{'largest':>12}   photos by share of tolerance",
            ]
            lines += [_slider_line(slider.name, slider.unit, part[slider.key]) for slider in SLIDERS]
    return lines


def _slider_line(name: str, unit: str, found: dict[str, Any]) -> str:
    p99, worst = (_value(found[key], unit) for key in ("p99", "worst"))
    return f"    {name:<11}{p99:>12}{worst:>12}   {' '.join(map(str, found['histogram']))}"


def _value(value: float, unit: str) -> str:
    return f"{value:.2g} {unit}".rstrip()


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_flat(item)}" for key, item in value.items())
    return " ".join(_flat(item) for item in value) if isinstance(value, list) else str(value)


def _tree(value: dict[str, Any], indent: str) -> list[str]:
    """One line for each key; what is nested goes deeper."""
    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and any(isinstance(inner, dict | list) for inner in item.values()):
            lines += [f"{indent}{key}", *_tree(item, indent + "  ")]
        elif isinstance(item, list) and any(isinstance(inner, dict | str) for inner in item):
            lines += [f"{indent}{key}", *(f"{indent}  {_flat(inner)}" for inner in item)]
        elif item not in (None, {}, []):
            lines.append(f"{indent}{key}: {_flat(item)}")
    return lines
