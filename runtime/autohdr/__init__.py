"""autohdr labels RAW photos with Lightroom sliders learned from a photographer's own edits.

>>> import autohdr
>>> report = autohdr.label(["/shoot"])  # doctest: +SKIP
>>> report.results[0].sliders["Exposure2012"]  # doctest: +SKIP
0.35
"""

from typing import TYPE_CHECKING

from autohdr.system import no_telemetry as _no_telemetry
from autohdr.system.lazy import lazily as _lazily

if TYPE_CHECKING:
    from autohdr.cli.doctor.examine import Diagnosis, doctor
    from autohdr.engines.plans import CachedPlan, plans
    from autohdr.errors import (
        AutohdrError,
        EngineError,
        FileError,
        IncompleteError,
        LearningError,
        ModelError,
        PhotoError,
        RawError,
        SettingsError,
        SidecarError,
    )
    from autohdr.model.inspection import inspect
    from autohdr.raw.prepare import prepare
    from autohdr.review.page import Review, page
    from autohdr.run.pipeline import label
    from autohdr.run.results.report import Report, Result
    from autohdr.run.undo import undo
    from autohdr.sidecar import UndoResult
    from autohdr.sliders import SLIDERS, Slider
    from autohdr.spec import InputSpec
    from autohdr.style.choose import Picked, pick
    from autohdr.style.file import Style, load_style
    from autohdr.style.learn import Learnt, learn
    from autohdr.style.predict import Prediction, predict

    __version__: str

__all__ = [
    "SLIDERS",
    "AutohdrError",
    "CachedPlan",
    "Diagnosis",
    "EngineError",
    "FileError",
    "IncompleteError",
    "InputSpec",
    "LearningError",
    "Learnt",
    "ModelError",
    "PhotoError",
    "Picked",
    "Prediction",
    "RawError",
    "Report",
    "Result",
    "Review",
    "SettingsError",
    "SidecarError",
    "Slider",
    "Style",
    "UndoResult",
    "__version__",
    "doctor",
    "inspect",
    "label",
    "learn",
    "load_style",
    "page",
    "pick",
    "plans",
    "predict",
    "prepare",
    "undo",
]

_HOMES = {
    "autohdr.cli.doctor.examine": ("Diagnosis", "doctor"),
    "autohdr.engines.plans": ("CachedPlan", "plans"),
    "autohdr.errors": (
        "AutohdrError",
        "EngineError",
        "FileError",
        "IncompleteError",
        "LearningError",
        "ModelError",
        "PhotoError",
        "RawError",
        "SettingsError",
        "SidecarError",
    ),
    "autohdr.model.inspection": ("inspect",),
    "autohdr.raw.prepare": ("prepare",),
    "autohdr.review.page": ("Review", "page"),
    "autohdr.run.pipeline": ("label",),
    "autohdr.run.results.report": ("Report", "Result"),
    "autohdr.run.undo": ("undo",),
    "autohdr.sidecar": ("UndoResult",),
    "autohdr.sliders": ("SLIDERS", "Slider"),
    "autohdr.spec": ("InputSpec",),
    "autohdr.style.choose": ("Picked", "pick"),
    "autohdr.style.file": ("Style", "load_style"),
    "autohdr.style.learn": ("Learnt", "learn"),
    "autohdr.style.predict": ("Prediction", "predict"),
}

_no_telemetry.switch_off()

if not TYPE_CHECKING:
    __getattr__ = _lazily(__name__, _HOMES)

    def __dir__():
        return __all__
