"""What twice the light means to a photographer: rules that copies of edited photos in other light can follow.

A scene in twice the light is the same scene, so that a photographer who goes by the developed picture answers with one
stop less of Exposure, and with the other sliders as they were. Not everybody does, and a copy is no photo (its clipped
areas are grey, or brighter than a sensor records), so that each rule is weighed by how well it explains the edits.
"""

import math
from typing import NamedTuple

from autohdr.sliders import LIMITS
from autohdr.style.experts.prior import UNITS

STOPS = (-1.0, 1.0)
"""Light of the copies, in stops from the photo's own."""
EXACT = 0.25
"""Standard deviation of what a copy's light says of its slider, a stop away, in `UNITS`. Of 0.1 to 1.6, tried with 20
edits, smaller ones cost R2 of Exposure (0.02 at 0.1, 0.003 here), larger ones leave more styles off by more than 0.15
EV where photos are unlike the edited ones."""
RARE = 1e-9
"""Probability of what is ruled out."""
OWN = 0.05
"""Probability that another slider answers to light in a way of its own, although light is made up for in full."""


class Rule(NamedTuple):
    """What light may mean to a photographer for one slider."""

    change: float
    """How far the slider moves with each stop of light, in `UNITS`."""
    deviation: float
    """Standard deviation of that, for a stop; infinite where nothing is said."""
    log: float
    """Log of how probable it is before any edit is seen, and a constant."""


STOP = 1.0 / float(LIMITS[0] * UNITS[0])
"""One stop of Exposure, in `UNITS`."""
IN_FULL, BY_HALF, NOT_AT_ALL = (Rule(-share * STOP, EXACT, 0.0) for share in (1.0, 0.5, 0.0))
EXPOSURE = (IN_FULL, BY_HALF, NOT_AT_ALL, Rule(0.0, math.inf, 0.0))
"""Exposure makes up for light so far, or in a way of its own; each is as probable as the others. When the first was
nearly certain, the network's expert erred 1.83 and 1.57 times as far as the median about Exposure of 21 real people,
with 5 and 20 edits; so 1.29 and 1.35 times, and of sixteen simulated photographers it explains as much."""
NOTHING = Rule(0.0, math.inf, 0.0)
"""The rule where there is no copy in other light."""


def others(in_full: float) -> tuple[Rule, Rule]:
    """Rules for the other sliders: light means nothing to them, or something of their own, which it always may where
    Exposure does not make up for it in full, since the developed picture is another one then.

    Args:
        in_full: the probability that it does.
    """
    free = 1.0 - in_full * (1.0 - OWN)
    return Rule(0.0, EXACT, math.log(max(1.0 - free, RARE))), Rule(0.0, math.inf, math.log(free))
