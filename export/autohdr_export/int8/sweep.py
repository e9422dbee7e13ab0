"""Which layers suffer from 8 bits: each is quantised by itself, and the sliders are looked at."""

from collections.abc import Callable, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr.head import Head
from autohdr.progress import Progress
from autohdr.sliders import LIMITS
from autohdr_export.int8.layers import Layer
from autohdr_export.int8.measure import TOLERANCE, on_cpu, sliders


def rank(
    quantise: Callable[[Sequence[Layer]], onnx.ModelProto],
    layers: Sequence[Layer],
    head: Head,
    pixels: NDArray[np.float32],
    expected: NDArray[np.floating],
) -> list[Layer]:
    """The layers, the most sensitive first.

    Args:
        quantise: the network with these layers in 8 bits and all others in float32.
        layers: those to rank.
        head: the network's.
        pixels: inputs (n, 3, S, S); a few do, as their mean error is taken.
        expected: sliders (n, 8) in float32.
    """
    error = {}
    for layer in Progress(layers, desc="sensitivity", unit="layer", leave=False, disable=None):
        got = sliders(on_cpu(quantise([layer])), head, pixels)
        apart = np.abs(got.astype(np.float64) - expected).mean(axis=0) * LIMITS / TOLERANCE
        error[layer.name] = float(np.where(np.isfinite(apart), apart, np.inf).max())
    return sorted(layers, key=lambda layer: -error[layer.name])
