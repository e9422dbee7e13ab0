"""The search for the fastest 8-bit form of a network that gives the same sliders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr.engines.prove.difference import TOLERANCES
from autohdr.sliders import SLIDERS
from autohdr_export.errors import ExportError
from autohdr_export.graph.file import unchecked
from autohdr_export.lower.int8.layers import Layer, find_layers
from autohdr_export.lower.int8.ranges import observe
from autohdr_export.lower.int8.sweep import rank
from autohdr_export.lower.int8.targets import RECIPES, Method
from autohdr_export.prove.trial import Yardstick
from autohdr_export.wanted import Wanted

CLEARLY = 0.85
"""Share of another's time that counts as faster: less is noise, and the same photos are to give the same model."""

SWEPT = 10
"""Photos, and adversarial inputs, that the sensitivity of each layer is measured on."""
TOLERANCE = TOLERANCES["int8"]


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One way of quantising that was tried."""

    method: str
    wide: tuple[str, ...]
    """Names of the layers that were left in float32."""
    difference: NDArray[np.float64]
    """(8,), what `TOLERANCE`'s share of the photos does not exceed, the worse of photos and adversarial inputs."""
    time: float | None
    """Processor time a photo as a share of float32's in the same engine; None where that cannot run."""

    @property
    def excess(self) -> float:
        """The worst slider's difference in tolerances; up to 1 is within."""
        return float((self.difference / TOLERANCE.limits).max())

    @property
    def good(self) -> bool:
        """Whether the attempt is within the tolerance, and not known to be slower than float32."""
        return self.excess <= 1.0 and (self.time is None or self.time < 1.0)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, in words that a report shows."""
        return {
            "method": self.method,
            "left in float32": len(self.wide),
            "difference, in tolerances": round(self.excess, 3),
            "of float32's time": self.time,
        }

    def __str__(self) -> str:
        """`static S8, min-max, 2 layers left wide: worst Highlights 0.37, 0.46 of float32's time`."""
        worst = int((self.difference / TOLERANCE.limits).argmax())
        slider = SLIDERS[worst]
        wide = f", {len(self.wide)} layers left wide" if self.wide else ""
        size = f"{slider.name} {self.difference[worst]:.2g} {slider.unit}".rstrip()
        speed = "time not measured" if self.time is None else f"{self.time:.2f} of float32's time"
        return f"{self.method}{wide}: worst {size}, {speed}"


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """An 8-bit network, and how it was found."""

    model: onnx.ModelProto
    method: str
    """The method that was taken, in words."""
    wide: tuple[str, ...]
    """Names of the transformer's layers that stayed in float32 because they are sensitive."""
    tried: tuple[Attempt, ...]
    """Everything that was tried, in order."""


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """An attempt with what came of it."""

    attempt: Attempt
    model: onnx.ModelProto
    method: Method


def quantise(model: onnx.ModelProto, wanted: Wanted, seen: NDArray[np.float32], yardstick: Yardstick) -> Quantised:
    """Returns the fastest int8 form of a float32 model for an engine that is within the tolerance.

    All of the target's methods are tried on the whole transformer. If none is within, the most sensitive layers are
    left wide in the best of them, more and more, until it is.

    Args:
        model: float32, as `autohdr export` makes it.
        wanted: the engine that it is for.
        seen: prepared photos (n, 3, S, S) that ranges are found with.
        yardstick: of the float32 model; its photos are others, and each part of them is held to the tolerance by
            itself.

    Raises:
        ExportError: nothing is within the tolerance and faster than float32; or a library is missing.
        EngineError: ONNX Runtime is not installed.
    """
    assert wanted.target is not None
    recipe = RECIPES[wanted.target]
    layers = [layer for layer in find_layers(model) if layer.op in recipe.ops]
    ranges = observe(model, {layer.activation for layer in layers}, seen)

    def attempt(method: Method, wide: Sequence[Layer] = ()) -> _Tried:
        written = method.write(model, [layer for layer in layers if layer not in wide], ranges)
        data, name = unchecked(written), f"{method.name}, mixed" if wide else method.name
        apart = np.max([part.at(TOLERANCE.share) for part in yardstick.compare(data)], axis=0)
        time = None
        if wanted.timed:
            speeds = yardstick.time(data)
            time = speeds.model.processor / speeds.float32.processor
        return _Tried(Attempt(name, tuple(layer.name for layer in wide), apart, time), written, method)

    tried = [attempt(method) for method in recipe.methods]
    if not any(each.attempt.excess <= 1.0 for each in tried):
        closest = min(tried, key=lambda each: each.attempt.excess).method
        few = yardstick.fewer(SWEPT)
        ranked = rank(lambda some: closest.write(model, some, ranges), layers, few)
        for wide in _more_and_more(ranked):
            tried.append(attempt(closest, wide))
            if tried[-1].attempt.excess <= 1.0:
                break
    attempts = tuple(each.attempt for each in tried)
    best = _fastest(attempts)
    if best is None:
        raise ExportError(
            f"int8 for {wanted.target} is refused: {'; '.join(map(str, attempts))}; expected at most 0.05 EV and 1.0 "
            "in 99 of 100 photos, in less time than float32 takes; use --bf16, --fp16 or another target"
        )
    return Quantised(tried[best].model, attempts[best].method, attempts[best].wide, attempts)


def _more_and_more(ranked: Sequence[Layer]) -> Iterator[Sequence[Layer]]:
    """The first 1, 2, 4, ... of some layers, up to half of them."""
    count = 1
    while count <= len(ranked) // 2:
        yield ranked[:count]
        count *= 2


def _fastest(attempts: Sequence[Attempt]) -> int | None:
    """Index of the fastest good one; where others are not clearly faster, the first."""
    best: int | None = None
    for index, attempt in enumerate(attempts):
        if attempt.good and (best is None or _clearly_faster(attempt, attempts[best])):
            best = index
    return best


def _clearly_faster(attempt: Attempt, other: Attempt) -> bool:
    return attempt.time is not None and other.time is not None and attempt.time < CLEARLY * other.time
