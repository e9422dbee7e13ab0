"""Holds a scene: the light that a photo recorded, before any setting."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.spaces import Primaries, between


@dataclass(frozen=True, slots=True, eq=False)
class CameraColour:
    """Holds what it takes to give a scene another white balance."""

    neutral: NDArray[np.float64]
    """(C,), the camera's answer to a neutral in the light that the scene is balanced for: green is 1. C is 3, or 4."""
    camera_from_xyz: tuple[NDArray[np.float64], ...]
    """One or more matrices (C, 3) from CIE XYZ to camera colours."""
    temperatures: tuple[float, ...]
    """Colour temperature of the light that each of them was measured in, kelvin."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Holds the light of a photo, white-balanced as shot and upright."""

    light: NDArray[np.float32]
    """(H, W, 3), linear ProPhoto RGB (D50). A neutral that just saturates the sensor's green stands at
    `2 ** baseline exposure`; recovered highlights stand above, and colours outside the primaries below 0."""
    sensor_white: float = 1.0
    """The level at which the last channel of a neutral saturates, in the unit of `light`."""
    camera: CameraColour | None = None
    """The camera's colours; None where they are not known: of a finished picture."""

    @classmethod
    def of_linear(
        cls, light: NDArray[np.floating], primaries: Primaries = "srgb", *, sensor_white: float | None = None
    ) -> "Scene":
        """Makes a scene of linear light (H, W, 3) in any primaries, where 1 is what an unedited photo shows as white.

        `sensor_white` is the light's maximum where it is not given, and at least 1.
        """
        converted = (np.asarray(light, np.float32) @ between(primaries, "prophoto").T.astype(np.float32)).astype(
            np.float32
        )
        white = max(1.0, float(converted.max(initial=0.0))) if sensor_white is None else sensor_white
        return cls(converted, white)
