"""A detector that takes no package: how far two pictures are apart in PU21 units. Runnable: makes a set, and dies."""

import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr import pu21
from autohdr_train.quality.made.make import Sources, make


class Distance:
    """Says 10 minus the root mean square difference in PU21 units over 20, and may end the process."""

    def __init__(self, lives: int = -1) -> None:
        self.lives = lives

    def jod(self, reference: NDArray[np.float32], distorted: NDArray[np.float32]) -> float:
        if self.lives == 0:
            os._exit(9)  # as a kill: nothing is flushed, nothing is closed
        self.lives -= 1
        return 10.0 - float(np.sqrt(np.mean((pu21.encode(reference) - pu21.encode(distorted)) ** 2))) / 20


if __name__ == "__main__":
    folder, photographs, radiance, pairs, lives = sys.argv[1:]
    make(Path(folder), Sources(Path(photographs), Path(radiance)), Distance(int(lives)), most=int(pairs))
