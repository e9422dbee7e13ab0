"""Develops photos, as an approximation of Camera Raw: turns scene light and settings into the picture that they
make."""

from typing import TYPE_CHECKING

from autohdr.system.lazy import lazily as _lazily

if TYPE_CHECKING:
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

_HOMES = {
    "autohdr.develop.picture": ("Picture",),
    "autohdr.develop.rendering": ("Renditions", "develop", "renditions"),
    "autohdr.develop.scene": ("CameraColour", "Scene"),
    "autohdr.develop.settings": ("Parametric", "SdrSettings", "Settings"),
}

if not TYPE_CHECKING:
    __getattr__ = _lazily(__name__, _HOMES)
