"""Is the exported graph the trained network? Both answer the same inputs, and the answers are compared as sliders."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.engines.wheel import require_onnxruntime
from autohdr.model import INPUT_NAME, OUTPUT_NAME
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.spec import InputSpec
from autohdr_export.errors import ExportError
from autohdr_train.model import SliderNet

BATCHES = (1, 2, 7, 32)
"""1 and 2 catch a batch that was baked in while tracing; 7 one that is assumed to be even."""
TOLERANCE: NDArray[np.float64] = np.array([0.01 if slider.unit == "EV" else 0.1 for slider in SLIDERS])
"""Largest difference (8,), in Lightroom's units: a sidecar's step for Exposure, a tenth of it for the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Parity:
    """How far two networks are apart."""

    difference: NDArray[np.float64]
    """(8,), the largest over all inputs, in Lightroom's units; infinite where an answer is not finite."""

    @property
    def within(self) -> bool:
        """No slider differs by more than `TOLERANCE`."""
        return bool((self.difference <= TOLERANCE).all())

    def __str__(self) -> str:
        """Each slider's difference: `Exposure 0.00001 EV, Contrast 0.0002, ...`."""
        return ", ".join(
            f"{slider.name} {value:.2g} {slider.unit}".rstrip()
            for slider, value in zip(SLIDERS, self.difference, strict=True)
        )


def compare(model: bytes, network: SliderNet, spec: InputSpec) -> Parity:
    """The largest difference between an ONNX model in ONNX Runtime and the network in torch, both on the CPU.

    Not clipped to the sliders' ranges, so that a difference beyond an end is seen as well.

    Raises:
        EngineError: ONNX Runtime is not installed.
        ExportError: it refuses the model.
    """
    require_onnxruntime()
    import onnxruntime

    try:
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own exceptions share no base class
        raise ExportError(f"ONNX Runtime refuses the exported model ({error}); please report this") from error
    worst = np.zeros(len(SLIDERS))
    for batch in BATCHES:
        pixels = inputs(spec, batch)
        with torch.inference_mode():
            expected = network.eval()(torch.from_numpy(pixels)).numpy().astype(np.float64)
        got = np.asarray(session.run([OUTPUT_NAME], {INPUT_NAME: pixels})[0], dtype=np.float64)
        if got.shape != expected.shape:
            raise ExportError(f"the exported model answers {batch} photos with shape {got.shape}; please report this")
        difference = np.abs(got - expected).max(axis=0) * LIMITS
        worst = np.maximum(worst, np.where(np.isfinite(difference), difference, np.inf))
    return Parity(worst)


def inputs(spec: InputSpec, count: int) -> NDArray[np.float32]:
    """Pixels float32 (count, 3, size, size) of many kinds in turn, the same every time.

    Smooth light with detail, as a photo has it; black; the brightest there is; flat grey; a step from black to the
    brightest; noise.
    """
    random = np.random.default_rng(count)
    top = (
        2.4 if spec.encoding.startswith("pu21-255") else 1.0
    )  # before mean and std; PU21 at 10000 cd/m2 over that at 100
    size = spec.size
    row = np.linspace(0.0, 1.0, size)
    encoded = np.empty((count, 3, size, size))
    for index in range(count):
        kind = index % 6
        if kind == 0:
            waves = random.uniform(-1, 1, (3, 4)) @ np.cos(np.outer(random.uniform(0, 12, 4), row))
            detail = 0.1 * random.standard_normal((3, size, size))
            encoded[index] = 0.5 + 0.3 * waves[:, :, None] * waves[:, None, ::-1] + detail
        elif kind == 3:
            encoded[index] = random.uniform(0, top, (3, 1, 1))
        elif kind == 4:
            encoded[index] = np.where(row < random.uniform(), 0.0, top)
        elif kind == 5:
            encoded[index] = random.uniform(0, top, (3, size, size))
        else:
            encoded[index] = 0.0 if kind == 1 else top
    mean, std = (np.reshape(values, (1, 3, 1, 1)) for values in (spec.mean, spec.std))
    return ((np.clip(encoded, 0.0, top) - mean) / std).astype(np.float32)
