"""Weights in half precision: to nearest, masks to the end of the range, and named where they do not fit."""

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from autohdr_export.lower.half.weights import Kind, overflow, rounded, spoken, subnormal


def tensor(*values: float) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(values, dtype=np.float32), "weight")


@pytest.mark.parametrize(
    ("kind", "value", "nearest"),
    [
        ("float16", 1 + 2**-11, 1.0),  # a tie, to even
        ("float16", 1 + 3 * 2**-11, 1 + 2**-9),
        ("float16", 65519.0, 65504.0),
        ("float16", 2.0**-24, 2.0**-24),
        ("bfloat16", 1 + 2**-8, 1.0),
        ("bfloat16", 1 + 3 * 2**-8, 1 + 2**-6),
    ],
)
def test_it_is_rounded_to_nearest(kind: Kind, value: float, nearest: float) -> None:
    made = rounded(tensor(value), kind, "new")
    assert made.name == "new"
    assert numpy_helper.to_array(made).astype(np.float64) == [nearest]


@pytest.mark.parametrize(("kind", "lowest"), [("float16", -65504.0), ("bfloat16", -(2.0**127) * (2 - 2.0**-7))])
def test_a_mask_becomes_the_lowest_value_and_not_minus_infinity(kind: Kind, lowest: float) -> None:
    mask = tensor(float(np.finfo(np.float32).min), 0.0)
    assert numpy_helper.to_array(rounded(mask, kind, "new")).astype(np.float64).tolist() == [lowest, 0.0]
    assert overflow(mask, kind) == 0


def test_what_overflows_is_told_with_its_size() -> None:
    assert overflow(tensor(1.0, -1.2e5), "float16") == pytest.approx(1.2e5)
    assert overflow(tensor(1.0, -1.2e5), "bfloat16") == 0
    assert overflow(tensor(65504.0), "float16") == 0
    assert overflow(tensor(), "float16") == 0


def test_the_share_counts_what_becomes_zero_or_subnormal_and_not_zeros() -> None:
    assert subnormal(tensor(1e-9, 1e-5, 7e-5, 0.0), "float16") == 0.5
    assert subnormal(tensor(1e-9, 1e-5, 7e-5, 0.0), "bfloat16") == 0


def test_transposed_weights_are_called_as_their_layer_is(toned: onnx.ModelProto) -> None:
    names = spoken(toned)
    wanted = {f"vit.layers.{layer}.mlp.fc{index}.weight" for layer in (0, 1) for index in (1, 2)}
    assert wanted <= set(names.values())
    shapes = {names[tensor.name]: list(tensor.dims) for tensor in toned.graph.initializer}
    assert shapes["vit.layers.1.mlp.fc1.weight"] == [24, 48]
