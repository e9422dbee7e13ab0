"""Scores a picture beside its reference with a quality model, on any engine and without torch."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.base import Engine
from autohdr.engines.registry import open_engine
from autohdr.errors import EngineError, FileError, PhotoError
from autohdr.files.folders import cache_folder
from autohdr.model.info import ModelFile
from autohdr.quality.map import FULL_JOD, smoothed
from autohdr.quality.model import QualityFile, read_quality_model
from autohdr.quality.patches import Places
from autohdr.quality.picture import Picture

LEARNT = 256 * 256
"""Pixels of the pictures that models learn from."""
SETS = 64
"""Times that a large picture is looked at, at most."""
QUICK = ("cuda", "cpu", "openvino")
"""Engines that `auto` tries, in this order."""
AT_ONCE = 4
"""Squares that an engine is given at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """What a quality model says of two pictures."""

    jod: float
    """Higher is better."""
    perfect: float
    """The score that the reference itself would get."""
    local: NDArray[np.float32]
    """(N,), the score of each patch alone; that of the whole where a model does not judge patches."""
    weights: NDArray[np.float32]
    """(N,), what each patch counts in the score; they sum to 1."""
    places: Places
    side: int
    """Side of a patch, pixels."""
    judges_patches: bool

    def lost(self, size: tuple[int, int]) -> NDArray[np.float32] | None:
        """Where quality is lost (h, w), JOD: what patches lack to perfect, times their weights, made smooth.

        A patch of mean weight counts as it is, one without weight not at all, and none more than `map.FULL_JOD` times
        itself. None where a model does not judge patches.
        """
        if not self.judges_patches:
            return None
        weights = np.minimum(self.weights.astype(np.float64) * len(self.weights), FULL_JOD)
        return smoothed(self.places.corners, self.side, weights * np.maximum(self.perfect - self.local, 0.0), size)


def _opened(engine: str, model: ModelFile, cache: Path) -> Engine:
    """An engine with a model; of `auto`, one that opens in a second: two pictures are not worth minutes of building."""
    refused: EngineError | FileError | None = None
    for name in QUICK if engine == "auto" else (engine,):
        try:
            return open_engine(name, model, cache)
        except (EngineError, FileError) as error:
            if engine != "auto":
                raise
            refused = error if name == "cpu" else refused
    assert refused is not None
    raise refused


@dataclass(slots=True)
class Scorer:
    """A quality model on an engine. Not safe to share between threads, as its engine is not."""

    model: QualityFile
    engine: Engine

    @classmethod
    @contextmanager
    def open(cls, path: Path, engine: str = "auto", cache: Path | None = None) -> Iterator["Scorer"]:
        """A quality model on an engine, which is given back at the end.

        Raises:
            ModelError: there is no such model, or it is none of ours.
            EngineError: the engine cannot run here.
        """
        model = read_quality_model(path)
        opened = _opened(engine, model.for_engines(), cache_folder() if cache is None else cache)
        try:
            yield cls(model, opened)
        finally:
            opened.close()

    @property
    def label(self) -> str:
        """The model's name and digest."""
        return f"{self.model.info.name} {self.model.digest}"

    def score(self, reference: Picture, test: Picture) -> Score:
        """Scores a picture; of large ones, too, no more than the patches is made luminance of.

        A picture of at most `LEARNT` pixels is looked at as in training. A larger one is looked at again and again: by
        a model that judges patches until they would cover it, by another once for every `LEARNT` pixels, at other
        places each time, and the scores are averaged; never more than `SETS` times.

        Raises:
            PhotoError: they are smaller than a patch.
            EngineError: the engine cannot compute it, or the score is not finite.
        """
        info = self.model.info
        if min(reference.shape) < info.patches.side:
            height, width = reference.shape
            raise PhotoError(
                f"{reference.path} has {width} x {height} pixels; this model needs at least {info.patches.side} each "
                "way: compare larger copies"
            )
        looks = self._looks(*reference.shape)
        squares = [
            info.canvas.packed(self._patches(reference, places), self._patches(test, places), places.uv)
            for places in looks
        ]
        batches = [np.stack(squares[at : at + AT_ONCE]) for at in range(0, len(squares), AT_ONCE)]
        found = np.concatenate([self.engine.infer(batch) for batch in batches])
        if not np.isfinite(found).all():
            raise EngineError(f"{self.model.path} gave no finite score on engine {self.engine.name}; try another")
        count = info.patches.count
        local, weights = found[:, 1 : 1 + count].ravel(), found[:, 1 + count :].ravel()
        weights = weights / weights.sum()
        jod = float(local @ weights) if info.judges_patches else float(found[:, 0].mean())
        corners = np.concatenate([places.corners for places in looks])
        places = Places(corners, np.concatenate([places.uv for places in looks]))
        return Score(jod, info.perfect, local, weights, places, info.patches.side, info.judges_patches)

    def _looks(self, height: int, width: int) -> list[Places]:
        """The places of the patches, as many as one square holds at a time."""
        patches = self.model.info.patches
        if height * width <= LEARNT:
            return [patches.places(height, width)]
        if not self.model.info.judges_patches:
            sets = min(math.ceil(height * width / LEARNT), SETS)
            return [replace(patches, seed=patches.seed + number).places(height, width) for number in range(sets)]
        sets = min(math.ceil(height * width / (patches.count * patches.side**2)), SETS)
        whole = replace(patches, count=sets * patches.count).places(height, width)
        return [Places(*parts) for parts in zip(*(np.split(part, sets) for part in whole), strict=True)]

    def _patches(self, shown: Picture, places: Places) -> NDArray[np.float32]:
        """The patches (N, 3, side, side) of a picture as the network sees them."""
        side = self.model.info.patches.side
        windows = [shown.window(int(row), int(column), side, side) for row, column in places.corners]
        seen = self.model.info.inputs.of(np.concatenate(windows))  # (3, N side, side)
        return np.ascontiguousarray(seen.reshape(3, len(windows), side, side).transpose(1, 0, 2, 3))
