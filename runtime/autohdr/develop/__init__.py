"""Develops photos, as an approximation of Camera Raw: turns scene light and settings into the picture that they
make."""

from autohdr.develop.picture import Picture
from autohdr.develop.rendering import Renditions, develop, renditions
from autohdr.develop.scene import CameraColour, Scene
from autohdr.develop.settings import Parametric, SdrSettings, Settings

NAME = "an approximation of Camera Raw"
VERSION = 1
"""Version of the approximation: raised whenever the same scene and settings give another picture."""

__all__ = [
    "NAME",
    "VERSION",
    "CameraColour",
    "Parametric",
    "Picture",
    "Renditions",
    "Scene",
    "SdrSettings",
    "Settings",
    "develop",
    "renditions",
]
