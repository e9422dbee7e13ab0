"""Describes the JSON lines and fields that several verbs print alike."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One type of line."""

    type: str
    about: str
    """When it is printed."""
    fields: Mapping[str, tuple[str, str]]
    """`{name: (JSON types, meaning)}`, without `schema` and `type`."""


CODE = ("string", "what happened to it; see the table of codes")
DONE = ("string", "how the command ended; see the table of codes")
WROTE = Line("summary", "at the end", {"code": DONE, "wrote": ("array", "files that were written")})
RESULT = Line("result", "once", {"result": ("object", "what was measured, as the file of a result holds it")})
NOTE = Line(
    "note",
    "for what to know of the whole",
    {"code": ("string", "which note it is"), "sentence": ("string", "the note")},
)
LEFT_OUT = Line(
    "left_out",
    "for each photo that cannot be learnt from",
    {"path": ("string", "the RAW file"), "code": CODE, "reason": ("string", "why, in one sentence")},
)
SLIDER = Line(
    "slider",
    "for each slider, as it was scored on photos that it had not been learnt from",
    {
        "key": ("string", "Camera Raw's name"),
        "name": ("string", "Lightroom's name"),
        "unit": ("string", "`EV`, `mired` (of Temperature, whose labels are differences from As Shot), or empty"),
        "learnt": ("boolean", "whether it beats the median of the edits; else it is written as that median"),
        "verdict": (
            "string|null",
            "`adapted`, it follows the photo; `constant`, the photographer hardly moves it; or `not learnt`, every "
            "photo gets the median; null without edits of it",
        ),
        "photos": ("integer", "photos that it was scored on"),
        "error": ("number|null", "mean absolute error, in Lightroom's unit"),
        "error_of_mean": ("number|null", "the error of giving every photo the mean of the edits"),
        "error_of_median": ("number|null", "the error of giving every photo the median of the edits"),
        "usual": ("number|null", "median of the edits that it was scored on"),
        "gain": ("number|null", "share of the error of the median that the style saves; 0 where it is that median"),
        "gain_low": ("number|null", "lower end of the gain's 90 % interval"),
        "gain_high": ("number|null", "upper end of the gain's 90 % interval"),
        "r2": ("number|null", "share of the variance that is explained; 1 is perfect, 0 is the mean"),
    },
)
MODEL = {
    "path": ("string", "the file"),
    "sha256": ("string", "the first 12 digits of its SHA-256"),
    "size": ("integer", "bytes"),
    "mode": ("object", "`hdr`, and the headroom in stops"),
    "name": ("string", "the model's name"),
    "precision": ("string", "what the transformer computes in"),
    "target": ("string|null", "the engine that it was made for"),
    "autohdr": ("string", "the version that exported it"),
    "opset": ("integer", "ONNX's operator set"),
    "input": ("object", "what it is fed"),
    "proof": ("object", "how far its answers are from what was trained"),
    "trained_on": ("object", "what it learnt from"),
}
