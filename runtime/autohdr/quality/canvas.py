"""Packs the patches of two pictures into one square, the single input that every engine knows to feed a network with.

The square is made of square cells of a patch's size, row by row: the N patches of the reference, those of the test,
then the places of the patches: across in the first channel, down in the second, pixel by pixel. What is left is 0. The
graph of an exported model takes them apart again (`autohdr_export.quality`), so that all engines, which were made for
networks that see one picture, run it as they are.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Canvas:
    """How patches lie in the square."""

    side: int
    """Side of a patch, pixels."""
    count: int
    """Patches of each picture."""

    @property
    def places(self) -> int:
        """Cells that hold the places of the patches."""
        return math.ceil(self.count / self.side**2)

    @property
    def across(self) -> int:
        """Cells in a row of the square, and rows."""
        return math.isqrt(2 * self.count + self.places - 1) + 1

    @property
    def size(self) -> int:
        """Height and width of the square, pixels."""
        return self.across * self.side

    def packed(
        self, reference: NDArray[np.float32], test: NDArray[np.float32], uv: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The square (3, size, size) of two sets of patches (count, 3, side, side) and their places (count, 2)."""
        count, side, across = self.count, self.side, self.across
        cells = np.zeros((across**2, 3, side, side), np.float32)
        cells[:count], cells[count : 2 * count] = reference, test
        told = np.zeros((self.places * side**2, 2), np.float32)
        told[:count] = uv
        cells[2 * count : 2 * count + self.places, :2] = told.reshape(self.places, side, side, 2).transpose(0, 3, 1, 2)
        rows = cells.reshape(across, across, 3, side, side).transpose(2, 0, 3, 1, 4)
        return np.ascontiguousarray(rows.reshape(3, self.size, self.size))
