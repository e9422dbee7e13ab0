"""Records how a training run goes: a look at it every so many steps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from autohdr.files.whole import write_atomically
from autohdr.sliders import SLIDERS
from autohdr.style.confidence.scores import score
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A look at a run."""

    step: int
    """Optimiser steps taken so far."""
    loss: float | None
    """Mean of the training loss since the look before; None before the first step."""
    predicted: NDArray[np.float64] | None
    """Sliders (M, 8) of the watched photos, in Lightroom's units; None where none are watched."""
    r2: NDArray[np.float64] | None
    """(8,), of the watched photos; NaN where their labels do not vary."""


Curve = list[Point]


def to_parts(curve: Curve) -> list[tuple[int, float | None, Tensor | None]]:
    """A curve as what can be kept in a file of torch's."""
    return [
        (point.step, point.loss, None if point.predicted is None else torch.from_numpy(point.predicted))
        for point in curve
    ]


def from_parts(parts: Sequence[tuple[int, float | None, Tensor | None]], watch: TensorDataset | None) -> Curve:
    """The curve that `to_parts` took apart, over the same watched photos."""
    return [_point(step, loss, None if seen is None else seen.numpy(), watch) for step, loss, seen in parts]


def look(step: int, losses: Sequence[float], network: SliderNet, watch: TensorDataset | None) -> Point:
    """What there is to see after a step, with the training losses since the look before."""
    loss = float(np.mean(losses)) if losses else None
    return _point(step, loss, None if watch is None else predict(network, watch), watch)


def write_log(out: Path, curve: Curve) -> None:
    """`log.jsonl` in a folder: a line for each look, with its step, the training loss and R2 of each slider.

    Raises:
        FileError: it cannot be written.
    """
    lines = "".join(json.dumps(_line(point)) + "\n" for point in curve)
    write_atomically(out / "log.jsonl", lines.encode())


def _line(point: Point) -> dict[str, object]:
    if point.r2 is None:
        return {"step": point.step, "loss": point.loss, "r2": None}
    r2 = (round(float(value), 4) if np.isfinite(value) else None for value in point.r2)
    return {
        "step": point.step,
        "loss": point.loss,
        "r2": {slider.key: value for slider, value in zip(SLIDERS, r2, strict=True)},
    }


def _point(step: int, loss: float | None, predicted: NDArray[np.float64] | None, watch: TensorDataset | None) -> Point:
    if predicted is None or watch is None:
        return Point(step, loss, None, None)
    r2 = [row.r2 for row in score(predicted, watch.labels, np.zeros(len(SLIDERS)))]
    return Point(step, loss, predicted, np.array(r2))
