"""Measures between which values the activations of a network lie, over real photos."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from autohdr.model.info import INPUT_NAME, OUTPUT_NAME
from autohdr.system.progress import Progress
from autohdr_export.prove.session import run

Calibration = Literal["min-max", "percentile"]
TAIL = 1e-4
"""Share of a photo's values that a percentile leaves out at either end. ONNX Runtime's own "entropy" equals min-max bit
for bit as shipped, so that it would add nothing."""


class Range(NamedTuple):
    """The smallest and the largest value of a tensor."""

    low: float
    high: float


Ranges = dict[Calibration, dict[str, Range]]
"""Ranges of tensors, by the way of finding them, then by the tensor's name."""


def observe(model: onnx.ModelProto, tensors: Iterable[str], pixels: NDArray[np.float32]) -> Ranges:
    """The ranges of some tensors over photos (n, 3, S, S): the widest of any photo. They are looked at one by one."""
    names = sorted(set(tensors))
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    given = {value.name for value in model.graph.input}
    inner = [name for name in names if name not in given]
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in inner)
    photos = Progress(pixels[:, None], desc="calibrating", unit="photo", leave=False, disable=None)
    outputs = [OUTPUT_NAME, *inner]  # at least one
    ends = []
    for photo, found in zip(pixels[:, None], run(watched.SerializeToString(), photos, outputs), strict=True):
        values = dict(zip(outputs, found, strict=True)) | {INPUT_NAME: photo}
        ends.append([_ends(values[name]) for name in names])
    widest = np.array(ends)  # (photos, tensors, 4)
    low, high = widest[:, :, (0, 2)].min(axis=0), widest[:, :, (1, 3)].max(axis=0)
    return {
        calibration: {name: Range(float(low[at, way]), float(high[at, way])) for at, name in enumerate(names)}
        for way, calibration in enumerate[Calibration](("min-max", "percentile"))
    }


def _ends(values: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Minimum, maximum, and the percentiles beside them."""
    low, high = np.quantile(values, (TAIL, 1 - TAIL))
    return float(values.min()), float(values.max()), float(low), float(high)
