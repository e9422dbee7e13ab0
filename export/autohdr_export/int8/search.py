"""The search for the fastest 8-bit form of a network that gives the same sliders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr_export.errors import ExportError
from autohdr_export.int8.layers import Layer, find_layers
from autohdr_export.int8.measure import Attempt, difference, on_cpu, relative_time, sliders
from autohdr_export.int8.ranges import Ranges, observe
from autohdr_export.int8.sweep import rank
from autohdr_export.int8.targets import RECIPES, Method, Recipe, Target
from autohdr_export.onnx_graph import head_of

CLEARLY = 0.85
"""Share of another's time that counts as faster: less is noise, and the same photos are to give the same model."""

SWEPT = 10
"""Photos, and adversarial inputs, that the sensitivity of each layer is measured on."""


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """An 8-bit network, and how it was found."""

    model: onnx.ModelProto
    method: str
    """In words."""
    wide: tuple[str, ...]
    """Names of the transformer's layers that stayed in float32 because they are sensitive."""
    tried: tuple[Attempt, ...]
    """Everything that was tried, in order."""


def quantise(
    model: onnx.ModelProto,
    target: Target,
    calibration: NDArray[np.float32],
    check: NDArray[np.float32],
    hard: NDArray[np.float32] | None = None,
) -> Quantised:
    """The fastest int8 form of a float32 model for an engine that is within `measure.TOLERANCE`.

    All of the target's methods are tried on the whole transformer. If none is within, the most sensitive layers are
    left wide in the best of them, more and more, until it is.

    Args:
        model: float32, as `autohdr export` makes it.
        target: the engine that it is for.
        calibration: prepared photos (n, 3, S, S) that ranges are found with.
        check: others, that it is judged by.
        hard: adversarial inputs, which widen the ranges and are held to the tolerance by themselves; None for none.

    Raises:
        ExportError: nothing is within the tolerance and faster than float32; or a library is missing.
        EngineError: ONNX Runtime is not installed.
    """
    recipe = RECIPES[target]
    layers = [layer for layer in find_layers(model) if layer.op in recipe.ops]
    # Without the extremes, what is brighter than any photo is clipped: Shadows were 13 off for the default model.
    seen = calibration if hard is None else np.concatenate([calibration, hard])
    ranges = observe(model, {layer.activation for layer in layers}, seen)
    judge = _Judge(model, recipe, check, hard)
    tried: list[tuple[Attempt, onnx.ModelProto, Method]] = []
    for method in recipe.methods:
        written = method.write(model, layers, ranges)
        tried.append((judge.attempt(method.name, written), written, method))
    if not any(attempt.excess <= 1.0 for attempt, _, _ in tried):
        _, _, closest = min(tried, key=lambda each: each[0].excess)
        tried.extend(_mixed(closest, model, layers, ranges, judge))
    attempts = tuple(attempt for attempt, _, _ in tried)
    best = _fastest(attempts)
    if best is None:
        raise ExportError(
            f"int8 for {target} is refused: {'; '.join(map(str, attempts))}; expected at most 0.05 EV and 1.0 in 99 of "
            "100 photos, in less time than float32 takes; use --bf16, --fp16 or another target"
        )
    return Quantised(tried[best][1], attempts[best].method, attempts[best].wide, attempts)


class _Judge:
    """Compares quantised forms of one model with itself."""

    def __init__(
        self, model: onnx.ModelProto, recipe: Recipe, check: NDArray[np.float32], hard: NDArray[np.float32] | None
    ) -> None:
        self.recipe = recipe
        self.sets = [check] if hard is None else [check, hard]
        float32, self.head = on_cpu(model), head_of(model)
        self.expected = [sliders(float32, self.head, pixels) for pixels in self.sets]
        self.reference = recipe.run(model)

    def attempt(self, method: str, written: onnx.ModelProto, wide: Sequence[Layer] = ()) -> Attempt:
        """How one form does."""
        recipe = self.recipe
        run = recipe.run(written)
        apart = [
            difference(sliders(run, self.head, pixels, recipe.batch), expected)
            for pixels, expected in zip(self.sets, self.expected, strict=True)
        ]
        time = relative_time(run, self.reference, self.sets[0], recipe.batch) if recipe.timed else None
        return Attempt(method, tuple(layer.name for layer in wide), np.max(apart, axis=0), time)


def _mixed(
    method: Method, model: onnx.ModelProto, layers: Sequence[Layer], ranges: Ranges, judge: _Judge
) -> Iterator[tuple[Attempt, onnx.ModelProto, Method]]:
    """The method with 1, 2, 4, ... of the most sensitive layers left wide, up to half, until it is within."""
    some_of_each = [_evenly(len(pixels)) for pixels in judge.sets]
    pixels = np.concatenate([pixels[some] for pixels, some in zip(judge.sets, some_of_each, strict=True)])
    expected = np.concatenate([answers[some] for answers, some in zip(judge.expected, some_of_each, strict=True)])
    ranked = rank(lambda some: method.write(model, some, ranges), layers, judge.head, pixels, expected)
    count = 1
    while count <= len(layers) // 2:
        wide = ranked[:count]
        written = method.write(model, [layer for layer in layers if layer not in wide], ranges)
        attempt = judge.attempt(f"{method.name}, mixed", written, wide)
        yield attempt, written, method
        if attempt.excess <= 1.0:
            return
        count *= 2


def _evenly(count: int) -> NDArray[np.intp]:
    return np.linspace(0, count - 1, min(SWEPT, count)).round().astype(np.intp)


def _fastest(attempts: Sequence[Attempt]) -> int | None:
    """Index of the fastest good one; where others are not clearly faster, the first."""
    best: int | None = None
    for index, attempt in enumerate(attempts):
        if attempt.good and (best is None or _clearly_faster(attempt, attempts[best])):
            best = index
    return best


def _clearly_faster(attempt: Attempt, other: Attempt) -> bool:
    return attempt.time is not None and other.time is not None and attempt.time < CLEARLY * other.time
