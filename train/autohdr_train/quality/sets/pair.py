"""One distorted picture beside its reference, with the score that it got: what every data set consists of."""

from dataclasses import dataclass
from pathlib import Path

from autohdr.quality.display import Domain


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, and how much worse the second looks."""

    reference: Path
    distorted: Path
    score: float | None
    """Higher is better; JOD where the set has it. None where nobody has judged the pair."""
    spread: float | None
    """Standard deviation or interval of the score as the set gives it, in the same unit."""
    source: str
    """Name of the data set."""
    content: str
    """What the reference shows, the same for all pairs that show it, in whichever set."""
    domain: Domain
    """`sdr` where codes were made for an SDR display, `hdr` where they hold absolute or scene light."""
    distortion: str
    """The kind of distortion."""
    level: int
    """The level of distortion, from 1, the mildest."""
