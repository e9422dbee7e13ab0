"""Photographers made up at random, thousands of them, to learn from what photographers' styles have in common.

Some edit as people do (`everyday`), by what is known of people's sliders; the others are of all kinds, for breadth
(`broad`). They share no code with the photographers that a model is tested on (`autohdr_scenes.photographers`).
"""

import numpy as np
from numpy.typing import NDArray

from autohdr_train.default.broad import Broad
from autohdr_train.default.causes import Edits, Photos, standard
from autohdr_train.default.everyday import Everyday

BROAD = 0.7
"""Share of the photographers who are of any kind. With 0.4 features tell hardly more of real people, and less of all
others (docs/evidence/styles.md)."""


class MadeUp:
    """Photographers of a set of photos.

    Args:
        tones: description of each photo's developed picture (N, `tones.SIZE`), not standardised.
        content: the numbers of `content.content` (N, K).
        auto: Auto's sliders (N, 8), in Lightroom's units.
        broad: share of the photographers who are of any kind, 0 to 1.
    """

    def __init__(
        self,
        tones: NDArray[np.floating],
        content: NDArray[np.floating],
        auto: NDArray[np.floating],
        broad: float = BROAD,
    ) -> None:
        described = np.asarray(tones, dtype=np.float64)
        numbers, automatic = (np.asarray(table, dtype=np.float64) for table in (content, auto))
        self.photos, self.broad = Photos(described, standard(described), standard(numbers), automatic), broad

    def photographer(self, rng: np.random.Generator) -> Edits:
        """The next photographer that `rng` draws."""
        kind = Broad if rng.random() < self.broad else Everyday
        return kind(self.photos, rng).edits()
