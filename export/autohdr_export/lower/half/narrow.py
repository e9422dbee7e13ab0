"""What must stay float32, found by measurement: as little as brings the sliders within the tolerance."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS
from autohdr_export.errors import ExportError
from autohdr_export.lower.half.body import STREAM, find_body
from autohdr_export.lower.half.rewrite import Halved, halve
from autohdr_export.lower.half.weights import Kind

MOST = 0.5
"""The largest share of layers that stay in float32: a graph with more of them in float32 is not called half precision.
"""
Differences = Callable[[onnx.ModelProto], NDArray[np.float64]]
"""Runs a graph, and gives how far each photo's sliders (N, 8) are from float32's, in Lightroom's units; NaN or infinite
where an answer is."""


def narrow(model: onnx.ModelProto, kind: Kind, differences: Differences, limits: NDArray[np.float64]) -> Halved:
    """The graph in half precision with as little in float32 as is needed.

    First everything is half; then all but the residual stream, in which errors add up: in float32 its sums and
    norms took a tenth more time, and brought the default model in bfloat16 three times nearer (96 photos, OpenVINO,
    two cores of a shared Xeon, November 2026). Then layer after layer goes back to float32, the one first that does
    most harm when it alone is half. Softmax is not tried: what it reads and gives is half on either side, and in
    float32 it took a third more time for nothing.

    Args:
        model: float32, as `graph.trace` writes it.
        kind: of half precision.
        differences: called once or twice where that suffices, else about twenty times.
        limits: the largest difference allowed (8,), in Lightroom's units.

    Raises:
        ExportError: no transformer is found, or more than `MOST` of its layers would have to stay float32.
    """
    search = _Search(model, kind, differences, limits)
    everything = search.measure(())
    if everything.excess <= 1:
        return search.found(everything, {})
    reasons = {STREAM: f"measured: otherwise {everything.told}"}
    spared = search.measure((STREAM,))
    return search.found(spared, reasons) if spared.excess <= 1 else _layer_by_layer(search, reasons)


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    halved: Halved
    excess: float
    """The largest difference over what is allowed."""
    told: str
    """The slider that it is, in words."""


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    model: onnx.ModelProto
    kind: Kind
    differences: Differences
    limits: NDArray[np.float64]
    tried: list[dict[str, Any]] = field(default_factory=list)

    def measure(self, wide: Sequence[str]) -> _Trial:
        halved = halve(self.model, self.kind, wide)
        worst = np.abs(self.differences(halved.model)).max(axis=0)
        worst = np.where(np.isfinite(worst), worst, np.inf)
        index = int(np.argmax(worst / self.limits))
        slider, value = SLIDERS[index], float(worst[index])
        told = (
            f"{slider.name} is off by {value:.2g} {slider.unit}".rstrip() if np.isfinite(value) else "it is not finite"
        )
        self.tried.append({"wide": list(wide), "share": halved.share, "worst": told})
        return _Trial(halved, value / float(self.limits[index]), told)

    def found(self, trial: _Trial, reasons: dict[str, str]) -> Halved:
        return replace(trial.halved, wide=trial.halved.wide | reasons, tried=self.tried)


def _layer_by_layer(search: _Search, reasons: dict[str, str]) -> Halved:
    layers = find_body(search.model).layers
    alone = {layer: search.measure([*reasons, *(other for other in layers if other != layer)]) for layer in layers}
    worst = sorted(layers, key=lambda layer: -alone[layer].excess)
    trials: dict[int, _Trial] = {}

    def suffices(count: int) -> bool:
        if count not in trials:
            trials[count] = search.measure([*reasons, *worst[:count]])
        return trials[count].excess <= 1

    most = int(MOST * len(layers))
    count = bisect_left(range(most + 1), True, lo=1, key=suffices)
    if count > most:
        named = ", ".join(f"{layer} ({alone[layer].told})" for layer in worst[:3])
        raise ExportError(
            f"too little of the network can be {search.kind}; the worst of it, each alone in {search.kind}: {named}; "
            "keep the model in float32"
        )
    return search.found(
        trials[count],
        reasons | {layer: f"measured: alone in {search.kind}, {alone[layer].told}" for layer in worst[:count]},
    )
