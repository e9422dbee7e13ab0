"""What stays float32 is what measurement shows to be needed, and named with what was measured."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr_export.errors import ExportError
from autohdr_export.lower.half import Kind, narrow, stepwise
from autohdr_export.lower.half.body import STREAM
from autohdr_export.lower.half.narrow import Differences
from autohdr_export.lower.half.rewrite import HEAD
from tests.export.lower.half.conftest import pixels, run, scaled


def against(model: onnx.ModelProto) -> Differences:
    expected = run(model, pixels(8))

    def differences(half: onnx.ModelProto) -> NDArray[np.float64]:
        return np.abs(run(stepwise(half), pixels(8)) - expected)

    return differences


def worst(model: onnx.ModelProto, half: onnx.ModelProto) -> NDArray[np.float64]:
    return np.asarray(against(model)(half).max(axis=0))


def limits(allowed: float) -> NDArray[np.float64]:
    return np.array([allowed / 20, *[allowed] * 7])


def outlier(model: onnx.ModelProto, layer: int) -> onnx.ModelProto:
    """Values beyond float16's range between the two linear layers of an MLP; no weight is."""
    stem = f"vit.layers.{layer}.mlp"
    return scaled(model, {f"{stem}.fc1.weight": 1e6, f"{stem}.fc2.weight": 1e-6})


def test_where_all_is_within_nothing_more_stays_float32(plain: onnx.ModelProto) -> None:
    halved = narrow(plain, "float16", against(plain), limits(1.0))
    assert halved.wide.keys() == {HEAD}
    assert len(halved.tried) == 1


def test_the_residual_stream_is_what_helps_bfloat16_first(toned: onnx.ModelProto) -> None:
    everything = narrow(toned, "bfloat16", against(toned), limits(1e9))
    allowed = float((worst(toned, everything.model) / limits(1.0)).max()) * 0.9
    halved = narrow(toned, "bfloat16", against(toned), limits(allowed))
    assert STREAM in halved.wide
    assert halved.wide[STREAM].startswith("measured: otherwise ")
    assert (worst(toned, halved.model) <= limits(allowed)).all()
    assert [trial["wide"] for trial in halved.tried][:2] == [[], [STREAM]]


@pytest.mark.parametrize("layer", [0, 1])
def test_a_layer_whose_values_overflow_is_found_and_named(toned: onnx.ModelProto, layer: int) -> None:
    model = outlier(toned, layer)
    halved = narrow(model, "float16", against(model), limits(1.0))
    assert halved.wide[f"layer {layer}"] == "measured: alone in float16, it is not finite"
    assert f"layer {1 - layer}" not in halved.wide
    assert (worst(model, halved.model) <= limits(1.0)).all()


def test_what_would_be_float32_for_the_greater_part_is_refused_with_the_worst_named(toned: onnx.ModelProto) -> None:
    model = outlier(outlier(toned, 0), 1)
    with pytest.raises(ExportError, match=r"too little of the network can be float16; .*layer 0 \(it is not finite\)"):
        narrow(model, "float16", against(model), limits(1.0))


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_a_tolerance_of_nothing_is_refused(plain: onnx.ModelProto, kind: Kind) -> None:
    with pytest.raises(ExportError, match="keep the model in float32"):
        narrow(plain, kind, against(plain), limits(1e-9))
