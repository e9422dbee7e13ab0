"""A graph in less precision, made from the float32 one, as yet without proof."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr_export.half import Kind, narrow, stepwise
from autohdr_export.onnx_graph import to_bytes
from autohdr_export.parity import of_features
from autohdr_export.reference import Reference
from autohdr_export.samples import Samples
from autohdr_export.trial import features, opened
from autohdr_export.wanted import Wanted


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A graph to be judged."""

    model: onnx.ModelProto
    method: str
    """How it was made, in words."""
    share: float | None
    """Of the nodes that compute, those in half precision; None for int8."""
    wide: dict[str, str] = field(default_factory=dict)
    """What was left in float32, each with the reason."""
    subnormal: dict[str, float] = field(default_factory=dict)
    """Weights that lose digits in half precision, with the share that does."""
    calibration: int | None = None
    """Photos that int8's ranges come from."""
    tried: list[dict[str, Any]] = field(default_factory=list)
    """What was measured on the way, plain JSON."""


def make(base: Reference, wanted: Wanted, over: Samples) -> Candidate:
    """The graph that is wanted.

    Raises:
        ExportError: it cannot be made of this network.
        EngineError: a package that makes it, or the engine that it is measured on, is not installed.
    """
    return _int8(base, wanted, over) if wanted.precision == "int8" else _half(base, wanted, over)


def as_compared(model: onnx.ModelProto, wanted: Wanted) -> bytes:
    """The model that stands for it in a comparison: itself, but for float16, which ONNX Runtime's CPU provider computes
    in float32, where a GPU rounds each value."""
    return to_bytes(stepwise(model) if wanted.precision == "float16" else model)


def _half(base: Reference, wanted: Wanted, over: Samples) -> Candidate:
    kind: Kind = "float16" if wanted.precision == "float16" else "bfloat16"
    pixels = np.concatenate([over.photos, over.extremes])
    with opened(base.data, wanted.engine) as network:
        expected = features(network, pixels)

    def differences(model: onnx.ModelProto) -> NDArray[np.float64]:
        with opened(as_compared(model, wanted), wanted.engine) as network:
            return of_features(features(network, pixels), expected, network.model.head).differences

    found = narrow(base.model, kind, differences, wanted.tolerance.limits)
    return Candidate(
        found.model,
        f"the transformer's body in {kind}, and all that follows it in float32",
        found.share,
        found.wide,
        found.subnormal,
        tried=found.tried,
    )


def _int8(base: Reference, wanted: Wanted, over: Samples) -> Candidate:
    from autohdr_export.int8 import quantise

    assert wanted.target is not None
    made = quantise(base.model, wanted.target, over.calibration, over.photos, over.extremes)
    tried = [
        {
            "method": attempt.method,
            "left in float32": len(attempt.wide),
            "difference, in tolerances": round(attempt.excess, 3),
            "of float32's time": attempt.time,
        }
        for attempt in made.tried
    ]
    wide = dict.fromkeys(made.wide, "otherwise sliders differ by more than is allowed")
    return Candidate(made.model, made.method, None, wide, {}, len(over.calibration), tried)
