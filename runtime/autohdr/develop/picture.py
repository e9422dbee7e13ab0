"""Holds a picture: display light, ready to be written or measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.spaces import DisplayPrimaries


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Holds display light relative to diffuse white."""

    light: NDArray[np.float32]
    """(H, W, 3), linear, 1 = diffuse white (203 cd/m2 in HDR, ITU-R BT.2408); from 0 to `2 ** headroom`."""
    primaries: DisplayPrimaries
    headroom: float = 0.0
    """Stops above diffuse white that the picture may use; 0 for SDR."""

    @property
    def hdr(self) -> bool:
        """Tells whether the picture may be brighter than diffuse white."""
        return self.headroom > 0
