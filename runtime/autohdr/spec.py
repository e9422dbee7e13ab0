"""What a network's input is: the frozen value that training, export, runtime and benchmarks share.

It is serialised into every model, so that a model is never fed anything but what it was trained on.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal, get_args

from autohdr.errors import SettingsError

Source = Literal["raw", "preview"]
Encoding = Literal[
    "srgb",
    "pu21-pmax",
    "pu21-255",
    "pu21-pmax-banding",
    "pu21-255-banding",
    "pu21-pmax-peaks",
    "pu21-255-peaks",
    "pu21-pmax-peaks-glare",
    "pu21-255-peaks-glare",
]
Resize = Literal["squash"]

VERSION = 2
"""Raised whenever the same file and spec would give another tensor, which a model trained before must not be fed."""


@dataclass(frozen=True, slots=True)
class InputSpec:
    """How a RAW file becomes a network's input of shape (3, size, size).

    Linear values are relative to sensor saturation, which is 1, or to a preview's display white; nothing of ours adapts
    to what the picture shows.
    """

    source: Source = "raw"
    """`raw`: the sensor's data. `preview`: the picture that the camera or a DNG converter put into the file; quicker to
    read, but the camera has set its brightness, so that it does not tell the exposure."""
    size: int = 224
    """Height and width of the input, pixels."""
    encoding: Encoding = "srgb"
    """`srgb`: clipped to [0, 1], then the sRGB curve. `pu21-pmax`, `pu21-255`: absolute luminance, then PU21
    (banding_glare), divided by its value at 10000 or at 100 cd/m2. With `-banding`, `-peaks` or `-peaks-glare` at the
    end: that variant of PU21 instead."""
    diffuse_white: float = 203.0
    """Luminance of diffuse white, cd/m2 (ITU-R BT.2408). Only the PU21 encodings use it."""
    saturation_stops: float = 0.5
    """Stops from diffuse white to sensor saturation; ISO 12232 leaves half a stop. Only the PU21 encodings use it."""
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    """The mean that is subtracted from the encoded R, G, B."""
    std: tuple[float, float, float] = (0.5, 0.5, 0.5)
    """Divides the encoded R, G, B after the mean."""
    resize: Resize = "squash"
    """`squash`: every output pixel is the average of its area; the aspect ratio is not kept."""
    version: int = VERSION
    """Version of these rules."""

    def __post_init__(self) -> None:
        _refuse_version(self.version)
        if self.source not in get_args(Source):
            raise SettingsError(f"input source is {self.source!r}; expected one of {', '.join(get_args(Source))}")
        if not 16 <= self.size <= 2048:
            raise SettingsError(f"input size is {self.size}; expected 16 to 2048 pixels")
        if self.encoding not in get_args(Encoding):
            raise SettingsError(f"encoding is {self.encoding!r}; expected one of {', '.join(get_args(Encoding))}")
        if self.resize not in get_args(Resize):
            raise SettingsError(f"resize rule is {self.resize!r}; expected one of {', '.join(get_args(Resize))}")
        if not 1.0 <= self.diffuse_white <= 10000.0:
            raise SettingsError(f"diffuse white is {self.diffuse_white} cd/m2; expected 1 to 10000")
        if not 0.0 <= self.saturation_stops <= 6.0:
            raise SettingsError(f"saturation is {self.saturation_stops} stops above diffuse white; expected 0 to 6")
        if len(self.mean) != 3 or len(self.std) != 3 or min(self.std) <= 0:
            raise SettingsError(f"mean {self.mean} and std {self.std} need three numbers each, std above zero")

    @property
    def saturation_luminance(self) -> float:
        """Luminance that sensor saturation stands for, cd/m2."""
        return float(self.diffuse_white * 2.0**self.saturation_stops)

    @property
    def digest(self) -> str:
        """Hash of the whole spec, for cache keys."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "InputSpec":
        """The spec that `to_dict` wrote.

        Raises:
            SettingsError: it is of another version, or a field is missing, unknown or of another type.
        """
        try:
            _refuse_version(data.get("version", VERSION))  # another version may have other fields
            names = {field.name for field in dataclasses.fields(cls)}
            if set(data) != names:
                raise SettingsError(f"input spec has fields {sorted(data)}; expected {sorted(names)}")
            return cls(**{**data, "mean": tuple(data["mean"]), "std": tuple(data["std"])})
        except TypeError as error:
            raise SettingsError(f"input spec has a field of the wrong type: {error}") from error


def _refuse_version(version: int) -> None:
    if version != VERSION:
        step = "update autohdr" if version > VERSION else "train the model again"
        raise SettingsError(f"input spec version is {version}, this autohdr makes {VERSION}; {step}")
