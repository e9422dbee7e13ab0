"""autohdr labels RAW photos with Lightroom sliders learned from a photographer's own edits.

>>> import autohdr
>>> report = autohdr.label(["/shoot"])  # doctest: +SKIP
>>> report.results[0].sliders["Exposure2012"]  # doctest: +SKIP
0.35
"""

from importlib.metadata import version

from autohdr.errors import (
    AutohdrError,
    EngineError,
    FileError,
    ModelError,
    PhotoError,
    RawError,
    SettingsError,
    SidecarError,
)
from autohdr.raw.prepare import prepare
from autohdr.run.pipeline import label
from autohdr.run.report import Report, Result
from autohdr.sliders import SLIDERS, Slider
from autohdr.spec import InputSpec

__version__ = version("autohdr")

__all__ = [
    "SLIDERS",
    "AutohdrError",
    "EngineError",
    "FileError",
    "InputSpec",
    "ModelError",
    "PhotoError",
    "RawError",
    "Report",
    "Result",
    "SettingsError",
    "SidecarError",
    "Slider",
    "__version__",
    "label",
    "prepare",
]
