"""What labels go by in a photo, whatever the style: it is made once, and serves every style of that network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a network sees of a photo, and what the photo shows by itself."""

    features: NDArray[np.float32]
    """(F,), as of `Network.features`."""
    described: Array | None = None
    """(31,), as of `description.describe`; None where no style asked for it."""
    beside: Array | None = None
    """(8,), as of `further.inputs.describe_beside`; None as well then."""
