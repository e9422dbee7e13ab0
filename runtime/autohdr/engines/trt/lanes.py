"""Batches of any length through two lanes, in pieces of one size."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.trt.lane import Lane
from autohdr.errors import OutOfMemoryError

COUNT = 2
_Result = TypeVar("_Result")


class Lanes:
    """Two lanes, made anew for smaller pieces when the GPU's memory does not do.

    Every piece is computed at the same size, the last one filled up: one CUDA graph does for all, and a photo's
    features do not depend on how many come with it.
    """

    def __init__(self, make: Callable[[int, int], Lane], batch: int) -> None:
        """Args:
            make: a lane, by its number and how many photos it takes.
            batch: photos a piece; half of it, and half of that, are tried where the memory does not do.

        Raises:
            OutOfMemoryError: it does not do for one photo.
            EngineError: TensorRT refuses.
        """
        self._make = make
        self._lanes: list[Lane] = []
        self.batch = batch
        self._with_lanes(lambda: None)

    @property
    def are_graphs(self) -> bool:
        """Whether CUDA graphs do the work."""
        return all(lane.is_graph for lane in self._lanes)

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Features (N, F) of photos (N, 3, size, size).

        Raises:
            OutOfMemoryError: the GPU's memory does not do for one photo.
            DeviceLostError: the GPU has stopped answering.
        """
        return self._with_lanes(lambda: self._infer(pixels))

    def close(self) -> None:
        """Gives all lanes back."""
        while self._lanes:
            self._lanes.pop().close()

    def _infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        found: list[NDArray[np.float32]] = []
        under_way: list[Lane] = []
        for number, first in enumerate(range(0, len(pixels), self.batch)):
            if len(under_way) == COUNT:
                found.append(under_way.pop(0).finish().copy())  # what `finish` gives is overwritten
            lane = self._lanes[number % COUNT]
            lane.start(pixels[first : first + self.batch])
            under_way.append(lane)
        return np.concatenate([*found, *(lane.finish() for lane in under_way)])

    def _with_lanes(self, work: Callable[[], _Result]) -> _Result:
        """Runs `work`, begun anew with smaller pieces as long as the memory is too small."""
        while True:
            try:
                while len(self._lanes) < COUNT:
                    self._lanes.append(self._make(len(self._lanes), self.batch))
                return work()
            except OutOfMemoryError:
                self.close()
                if self.batch == 1:
                    raise
                self.batch //= 2
            except BaseException:
                self.close()  # a lane that is still at work must not be given the next photos
                raise
