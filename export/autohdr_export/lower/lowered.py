"""A graph in less precision, made from the float32 one, as yet without proof."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr.engines.prove.difference import rounded
from autohdr_export.graph.file import unchecked
from autohdr_export.lower.half import Kind, narrow, stepwise
from autohdr_export.prove.samples import Samples
from autohdr_export.prove.trial import Yardstick
from autohdr_export.wanted import Wanted


@dataclass(frozen=True, slots=True, eq=False)
class Lowered:
    """A graph that is to be judged."""

    model: onnx.ModelProto
    stand_in: onnx.ModelProto
    """What is compared in its stead: itself, but for float16, which ONNX Runtime's CPU provider computes in float32,
    where a GPU rounds each value."""
    method: str
    """How it was made, in words."""
    share: float | None
    """Share of the nodes that compute which do so in half precision; None for int8."""
    wide: dict[str, str] = field(default_factory=dict)
    """What was left in float32, each with the reason."""
    subnormal: dict[str, float] = field(default_factory=dict)
    """Weights that lose digits in half precision, with the share that does."""
    calibration: int | None = None
    """Photos that int8's ranges come from."""
    tried: list[dict[str, Any]] = field(default_factory=list)
    """What was measured on the way, plain JSON."""

    def to_json(self) -> dict[str, Any]:
        """What the model file says of how it was made, plain JSON."""
        return {
            "method": self.method,
            "share": None if self.share is None else round(self.share, 4),
            "wide": self.wide,
            "subnormal": {name: rounded(share) for name, share in self.subnormal.items()},
            "calibration": self.calibration,
        }


def lower(model: onnx.ModelProto, wanted: Wanted, over: Samples, yardstick: Yardstick) -> Lowered:
    """Returns the graph that is wanted.

    Args:
        model: float32, with the metadata that the graph is to have.
        wanted: its precision.
        over: photos to calibrate on.
        yardstick: of the float32 model, on the engine that is wanted.

    Raises:
        ExportError: it cannot be made of this network.
        EngineError: a package that makes it is not installed.
    """
    if wanted.precision == "int8":
        return _int8(model, wanted, over, yardstick)
    return _half(model, "float16" if wanted.precision == "float16" else "bfloat16", wanted, yardstick)


def _half(model: onnx.ModelProto, kind: Kind, wanted: Wanted, yardstick: Yardstick) -> Lowered:
    def stand_in(graph: onnx.ModelProto) -> onnx.ModelProto:
        return stepwise(graph) if kind == "float16" else graph

    def differences(graph: onnx.ModelProto) -> NDArray[np.float64]:
        return yardstick.compare(unchecked(stand_in(graph))).sliders

    found = narrow(model, kind, differences, wanted.tolerance.limits)
    method = f"the transformer's body in {kind}, and all that follows it in float32"
    return Lowered(
        found.model, stand_in(found.model), method, found.share, found.wide, found.subnormal, tried=found.tried
    )


def _int8(model: onnx.ModelProto, wanted: Wanted, over: Samples, yardstick: Yardstick) -> Lowered:
    from autohdr_export.lower.int8 import quantise

    # Without the extremes, what is brighter than any photo is clipped: Shadows were 13 off for the default model.
    seen = np.concatenate([over.calibration, over.extremes])
    made = quantise(model, wanted, seen, yardstick)
    wide = dict.fromkeys(made.wide, "otherwise sliders differ by more than is allowed")
    tried = [attempt.to_json() for attempt in made.tried]
    return Lowered(made.model, made.model, made.method, None, wide, {}, len(over.calibration), tried)
