"""Names what a TensorRT plan depends on. Two plans with one key are the same plan; where anything in it differs,
neither will do.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from autohdr.model.info import ModelInfo, Precision

FLAGS = ("strongly typed", "no TF32")
"""How every plan is built: in the types of the graph, and where that says float32, not in less."""

Shape = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a plan takes and gives: batches from `least` to `most`, and `steady` is what it is tuned for."""

    size: int
    """Height and width of a photo, pixels."""
    features: int
    """Numbers that the network gives for a photo."""
    least: int = 1
    steady: int = 8
    """The batch that the plan is tuned for: as many photos as `autohdr.run` hands over at once."""
    most: int = 256

    @classmethod
    def of(cls, info: ModelInfo) -> Self:
        """The profile for a model."""
        return cls(info.spec.size, info.features)

    def shapes(self) -> tuple[Shape, Shape, Shape]:
        """The input's shapes for the least, the usual and the most photos at once."""
        least, steady, most = ((count, 3, self.size, self.size) for count in (self.least, self.steady, self.most))
        return least, steady, most


@dataclass(frozen=True, slots=True)
class PlanKey:
    """What a plan depends on."""

    model: str
    """Digest of the .onnx file, as `ModelFile.digest`."""
    precision: Precision
    library: str
    """Module, one of `library.NAMES`."""
    version: str
    """The library's version, with its build."""
    arch: str
    """Compute capability of the card, as `sm86`."""
    profile: Profile
    gpu: str | None = None
    """The card's name; None for a plan that was built ahead of time, for any card of `arch`."""
    driver: str | None = None
    """The newest CUDA that the driver knows, as `13.0`; None as above."""
    flags: tuple[str, ...] = FLAGS

    @property
    def stem(self) -> str:
        """A file name for it, without an ending: the model, the card, and a digest of all of it."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return f"{self.model}-{self.arch}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    @property
    def ahead_of_time(self) -> "PlanKey":
        """The key that a plan for such a card has which was built where there was none."""
        return replace(self, gpu=None, driver=None)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "flags": list(self.flags)}
