"""Compares two networks: both give features of the same inputs, which are compared as sliders of one head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from autohdr.engines.wheel import require_onnxruntime
from autohdr.head import Head
from autohdr.model import INPUT_NAME, OUTPUT_NAME, Precision
from autohdr.no_telemetry import import_onnxruntime
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.spec import InputSpec
from autohdr_export.calibration import adversarial
from autohdr_export.errors import ExportError
from autohdr_export.onnx_graph import head_of
from autohdr_train.network.model import SliderNet

BATCHES = (1, 2, 7, 32)
"""1 and 2 catch a batch that was baked in while tracing; 7 one that is assumed to be even."""
EDGES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0)
"""Of a histogram's bins, times the tolerance; below the first and above the last there is a bin more."""


LEAST_SPREAD = 1e-3
"""Of a feature: one that is the same in all photos is not divided by 0."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far sliders may be apart, in Lightroom's units."""

    ev: float
    """Exposure."""
    other: float
    """The other seven."""
    share: float = 1.0
    """Of the photos that must be within; 1 is all."""

    @property
    def limits(self) -> NDArray[np.float64]:
        """The limits, (8,), in the order of `SLIDERS`."""
        return np.array([self.ev if slider.unit == "EV" else self.other for slider in SLIDERS])

    def __str__(self) -> str:
        """`0.01 EV and 0.25`, with the share where it is not all."""
        return f"{self.ev:g} EV and {self.other:g}" + ("" if self.share == 1 else f" for {self.share:.0%} of photos")


TOLERANCES: dict[Precision, Tolerance] = {
    "float32": Tolerance(0.002, 0.05),
    "float16": Tolerance(0.01, 0.25),
    "bfloat16": Tolerance(0.01, 0.25),
    "int8": Tolerance(0.05, 1.0, 0.99),
}
"""float32 from torch, the rest from float32. A sidecar's step is 0.01 EV and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Parity:
    """How far two networks are apart."""

    differences: NDArray[np.float64]
    """(N, 8), of each photo, in Lightroom's units; infinite where an answer is not finite."""
    features: float = 0.0
    """The largest difference of a feature, in its standard deviation over the photos."""

    @property
    def worst(self) -> NDArray[np.float64]:
        """The largest difference over all photos, (8,)."""
        return self.at(1.0)

    def at(self, share: float) -> NDArray[np.float64]:
        """The difference that this share of the photos does not exceed, (8,); infinite if any answer is not finite."""
        finite = np.isfinite(self.differences).all(axis=0)
        found = np.quantile(np.where(finite, self.differences, 0.0), share, axis=0)
        return np.where(finite, found, np.inf)

    def within(self, tolerance: Tolerance) -> bool:
        """Whether no slider differs by more."""
        return bool((self.at(tolerance.share) <= tolerance.limits).all())

    def beyond(self, tolerance: Tolerance) -> str:
        """The sliders that differ by more: `Exposure 0.02 EV, Whites 1.2`."""
        found = self.at(tolerance.share)
        return _spelt(found, found > tolerance.limits)

    def histogram(self, tolerance: Tolerance) -> NDArray[np.int64]:
        """How many photos (8, len(EDGES) + 1) are in each bin."""
        bins = np.searchsorted(EDGES, self.differences / tolerance.limits)
        return np.stack([np.bincount(column, minlength=len(EDGES) + 1) for column in bins.T])

    def __str__(self) -> str:
        """Each slider's largest difference: `Exposure 0.00001 EV, Contrast 0.0002, ...`."""
        return _spelt(self.worst, np.ones(len(SLIDERS), dtype=bool))


def difference(got: NDArray[np.floating], expected: NDArray[np.floating]) -> Parity:
    """The difference of answers (N, 8), scaled to [-1, 1], as sliders. Not clipped, so that a difference beyond an end
    is seen too.
    """
    return Parity(_apart(got, expected) * LIMITS)


def of_features(got: NDArray[np.float32], expected: NDArray[np.float32], head: Head) -> Parity:
    """The difference of features (N, F), and of the answers that a head gives of them."""
    spread = np.maximum(expected.std(axis=0, dtype=np.float64), LEAST_SPREAD)
    features = float((_apart(got, expected) / spread).max())
    return Parity(_apart(head.answer(got), head.answer(expected)) * LIMITS, features)


def _apart(got: NDArray[np.floating], expected: NDArray[np.floating]) -> NDArray[np.float64]:
    """Absolute differences, infinite where one is not finite."""
    with np.errstate(invalid="ignore"):  # infinity less infinity
        apart = np.abs(got.astype(np.float64) - expected)
    return np.where(np.isfinite(apart), apart, np.inf)


def compare(model: bytes, network: SliderNet, spec: InputSpec) -> Parity:
    """How far an ONNX model in ONNX Runtime is from the network in torch, both on the CPU, at all of `BATCHES`.

    Raises:
        EngineError: ONNX Runtime is not installed.
        ExportError: it refuses the model.
    """
    batches = [adversarial(spec, batch, seed=batch) for batch in BATCHES]
    with torch.inference_mode():
        seen = [network.eval().see(torch.from_numpy(pixels)) for pixels in batches]
        answers = torch.cat([network.answer(features) for features in seen]).numpy()
    found = np.concatenate(run(model, batches))
    head = head_of(onnx.load_model_from_string(model))
    features = of_features(found, torch.cat(seen).numpy(), head).features
    return replace(difference(head.answer(found), answers), features=features)


def run(model: bytes, batches: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Features (N, F) of an ONNX model in ONNX Runtime on the CPU, each batch (N, 3, S, S) as a whole.

    Raises:
        EngineError: ONNX Runtime is not installed.
        ExportError: it refuses the model.
    """
    require_onnxruntime()
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return [np.asarray(session.run([OUTPUT_NAME], {INPUT_NAME: pixels})[0]) for pixels in batches]
    except Exception as error:  # ONNX Runtime's own exceptions share no base class
        raise ExportError(f"ONNX Runtime refuses the exported model ({error}); please report this") from error


def to_json(parity: Parity, tolerance: Tolerance) -> dict[str, Any]:
    """Plain JSON: by slider, in Lightroom's units, the largest difference, the 99th percentile, and the histogram."""
    p99, worst, counts = parity.at(0.99), parity.worst, parity.histogram(tolerance)
    return {
        slider.key: {
            "worst": rounded(worst[index]),
            "p99": rounded(p99[index]),
            "histogram": counts[index].tolist(),
        }
        for index, slider in enumerate(SLIDERS)
    }


def rounded(value: float) -> float:
    """Three digits."""
    return float(f"{value:.3g}")


def _spelt(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> str:
    return ", ".join(
        f"{slider.name} {value:.2g} {slider.unit}".rstrip()
        for slider, value, wanted in zip(SLIDERS, values, chosen, strict=True)
        if wanted
    )
