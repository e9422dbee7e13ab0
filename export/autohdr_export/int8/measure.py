"""What a quantised network costs and gives: its sliders and its time, against float32 in the same engine."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr.engines.openvino import require_openvino
from autohdr.engines.wheel import require_onnxruntime
from autohdr.head import Head
from autohdr.model import INPUT_NAME
from autohdr.no_telemetry import import_onnxruntime
from autohdr.sliders import LIMITS, SLIDERS
from autohdr_export.errors import ExportError

TOLERANCE: NDArray[np.float64] = np.array([0.05 if slider.unit == "EV" else 1.0 for slider in SLIDERS])
"""Largest difference (8,) of 99 photos in a hundred, in Lightroom's units."""
BATCH = 8
"""Photos that OpenVINO is given at once; ONNX Runtime gets each by itself, as the `cpu` engine has it."""
TIMED, ROUNDS = 16, 5
"""Photos in a round, and rounds, in which two networks are timed in turn."""

Run = Callable[[NDArray[np.float32]], list[NDArray[Any]]]
"""Photos (n, 3, S, S) to the values of a model's outputs, `features` first."""


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One way of quantising that was tried."""

    method: str
    wide: tuple[str, ...]
    """Names of the layers that were left in float32."""
    difference: NDArray[np.float64]
    """(8,), 99th percentile in Lightroom's units, the worse of photos and adversarial inputs."""
    time: float | None
    """Processor time a photo as a share of float32's in the same engine; None where that cannot run."""

    @property
    def excess(self) -> float:
        """The worst slider's difference in tolerances; up to 1 is within."""
        return float((self.difference / TOLERANCE).max())

    @property
    def good(self) -> bool:
        """Within the tolerance, and not known to be slower than float32."""
        return self.excess <= 1.0 and (self.time is None or self.time < 1.0)

    def __str__(self) -> str:
        """`static S8, min-max, 2 layers left wide: worst Highlights 0.37, 0.46 of float32's time`."""
        worst = int((self.difference / TOLERANCE).argmax())
        slider = SLIDERS[worst]
        wide = f", {len(self.wide)} layers left wide" if self.wide else ""
        size = f"{slider.name} {self.difference[worst]:.2g} {slider.unit}".rstrip()
        speed = "time not measured" if self.time is None else f"{self.time:.2f} of float32's time"
        return f"{self.method}{wide}: worst {size}, {speed}"


def difference(got: NDArray[np.floating], expected: NDArray[np.floating]) -> NDArray[np.float64]:
    """How far sliders (n, 8) are apart: 99th percentile (8,), Lightroom's units; infinite if any is not finite."""
    apart = np.abs(got.astype(np.float64) - expected) * LIMITS
    finite = np.isfinite(apart).all(axis=0)
    return np.where(finite, np.percentile(np.nan_to_num(apart), 99, axis=0), np.inf)


def sliders(run: Run, head: Head, pixels: NDArray[np.float32], batch: int = 1) -> NDArray[np.float32]:
    """Scaled sliders (n, 8) of photos (n, 3, S, S), `batch` of them at a time."""
    return head.answer(np.concatenate(list(_features(run, pixels, batch))))


def _features(run: Run, pixels: NDArray[np.float32], batch: int) -> Iterator[NDArray[np.float32]]:
    return (run(pixels[at : at + batch])[0] for at in range(0, len(pixels), batch))


def relative_time(run: Run, reference: Run, pixels: NDArray[np.float32], batch: int) -> float:
    """How much processor time a network takes as a share of another's: the median of rounds in turn."""
    some = pixels[:TIMED]
    for each in (run, reference):
        _seconds(each, some, batch)
    return statistics.median(_seconds(run, some, batch) / _seconds(reference, some, batch) for _ in range(ROUNDS))


def _seconds(run: Run, pixels: NDArray[np.float32], batch: int) -> float:
    """Processor time of all threads: what others do on this machine does not count."""
    begun = time.process_time()
    list(_features(run, pixels, batch))
    return max(time.process_time() - begun, 1e-9)  # a clock may tick slowly


def on_cpu(model: onnx.ModelProto) -> Run:
    """A model in ONNX Runtime on one thread.

    Raises:
        EngineError: ONNX Runtime is not installed.
        ExportError: it refuses the model.
    """
    require_onnxruntime()
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own exceptions share no base class
        raise ExportError(f"ONNX Runtime refuses the int8 model ({error}); please report this") from error
    return lambda pixels: session.run(None, {INPUT_NAME: pixels})


def on_openvino(model: onnx.ModelProto) -> Run:
    """A model in OpenVINO on one thread, in the precision that its graph says.

    Raises:
        EngineError: OpenVINO is not installed.
        ExportError: it refuses the model.
    """
    openvino = require_openvino()
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
    try:
        core = openvino.Core()
        compiled = core.compile_model(core.read_model(model.SerializeToString(), b""), "CPU", settings)
    except RuntimeError as error:
        raise ExportError(f"OpenVINO refuses the int8 model ({error}); please report this") from error
    request = compiled.create_infer_request()
    return lambda pixels: [request.infer({INPUT_NAME: pixels})[0].copy()]
