"""Measures which layers suffer from 8 bits: each is quantised by itself, and the sliders are looked at."""

from collections.abc import Callable, Sequence

import onnx

from autohdr.engines.prove.difference import TOLERANCES
from autohdr.system.progress import Progress
from autohdr_export.graph.file import unchecked
from autohdr_export.lower.int8.layers import Layer
from autohdr_export.prove.trial import Yardstick


def rank(
    quantise: Callable[[Sequence[Layer]], onnx.ModelProto], layers: Sequence[Layer], yardstick: Yardstick
) -> list[Layer]:
    """Returns the layers, the most sensitive first.

    Args:
        quantise: the network with these layers in 8 bits and all others in float32.
        layers: those to rank.
        yardstick: of the float32 network, over a few photos, as their mean error is taken.
    """
    error = {}
    for layer in Progress(layers, desc="sensitivity", unit="layer", leave=False, disable=None):
        apart = yardstick.compare(unchecked(quantise([layer]))).sliders.mean(axis=0)
        error[layer.name] = float((apart / TOLERANCES["int8"].limits).max())
    return sorted(layers, key=lambda layer: -error[layer.name])
