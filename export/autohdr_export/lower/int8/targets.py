"""What can be tried for each engine: it parses and runs some forms fast, and others slowly or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import onnx

from autohdr_export.lower.half import halve
from autohdr_export.lower.int8.dynamic import quantise_dynamic
from autohdr_export.lower.int8.layers import Layer
from autohdr_export.lower.int8.ranges import Calibration, Ranges
from autohdr_export.lower.int8.static import quantise_static
from autohdr_export.words import Target


@dataclass(frozen=True, slots=True)
class Method:
    """A way of quantising."""

    name: str
    write: Callable[[onnx.ModelProto, Sequence[Layer], Ranges], onnx.ModelProto]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is quantised for a target."""

    methods: tuple[Method, ...]
    """The methods to try, the one that is taken when several are about as fast first."""
    ops: tuple[str, ...]
    """Kinds of layers that get faster."""


def _static(kind: str, calibration: Calibration, *, symmetric: bool) -> Method:
    return Method(
        f"static {kind}, {calibration}",
        lambda model, layers, ranges: quantise_static(model, layers, ranges[calibration], symmetric=symmetric),
    )


def _rest_in_bfloat16(method: Method) -> Method:
    """What the method leaves of the transformer in float32, in bfloat16."""
    return Method(
        f"{method.name}, else bfloat16",
        lambda model, layers, ranges: halve(method.write(model, layers, ranges), "bfloat16").model,
    )


_DYNAMIC = Method("dynamic, S8 weights by channel", lambda model, layers, _: quantise_dynamic(model, layers))
_S8 = tuple(_static("S8", calibration, symmetric=True) for calibration in ("min-max", "percentile"))
_U8 = tuple(_static("U8", calibration, symmetric=False) for calibration in ("min-max", "percentile"))

RECIPES: dict[Target, Recipe] = {
    # The default model's transformer, ms a photo in turn: float32 43, dynamic 22, static U8 25, static S8 34; no less
    # with its one convolution as well (one thread of a shared Xeon, November 2026).
    "cpu": Recipe((_DYNAMIC, *_U8), ("MatMul",)),
    # Default model, in turn: float32 41 ms a photo, S8 22, S8 and bfloat16 19.
    "openvino": Recipe((_rest_in_bfloat16(_S8[0]), *_S8), ("MatMul", "Gemm", "Conv")),
    # TensorRT parses zero point 0 only. Its arithmetic is ONNX Runtime's; its speed needs a GPU.
    "trt": Recipe(_S8, ("MatMul", "Gemm", "Conv")),
}
