"""What stands in each line that `--json` prints: one table, which makes the reference page and which tests go by.

A field is its JSON types and its meaning. All fields of a line are always there; what is not known is null.
"""

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


_CODE = ("string", "what happened to it; see the table of codes")
_DONE = ("string", "how the command ended; see the table of codes")
_WROTE = Line("summary", "at the end", {"code": _DONE, "wrote": ("array", "files that were written")})
_RESULT = Line("result", "once", {"result": ("object", "what was measured, as the file of a result holds it")})
_NOTE = Line(
    "note",
    "for what to know of the whole",
    {"code": ("string", "which note it is"), "sentence": ("string", "the note")},
)
_LEFT_OUT = Line(
    "left_out",
    "for each photo that cannot be learnt from",
    {"path": ("string", "the RAW file"), "code": _CODE, "reason": ("string", "why, in one sentence")},
)
_SLIDER = Line(
    "slider",
    "for each slider, as it was scored on photos that it had not been learnt from",
    {
        "key": ("string", "Camera Raw's name"),
        "name": ("string", "Lightroom's name"),
        "unit": ("string", "`EV`, or empty"),
        "learnt": ("boolean", "whether it beats the median of the edits; else it is written as that median"),
        "photos": ("integer", "photos that it was scored on"),
        "error": ("number|null", "mean absolute error, in Lightroom's unit"),
        "error_of_mean": ("number|null", "the error of giving every photo the mean of the edits"),
        "error_of_median": ("number|null", "the error of giving every photo the median of the edits"),
        "r2": ("number|null", "share of the variance that is explained; 1 is perfect, 0 is the mean"),
    },
)
_MODEL = {
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

ERROR = Line(
    "error",
    "where the command ends with a sentence on standard error, unless the words on the command line were wrong",
    {
        "code": ("string", "which error it is"),
        "sentence": ("string", "what is wrong, and the next thing to try"),
        "exit": ("integer", "the exit code"),
    },
)
"""The line that any verb may end with."""

VERBS: dict[str, tuple[Line, ...]] = {
    "label": (
        _NOTE,
        Line(
            "photo",
            "for each photo, as soon as it is done",
            {
                "path": ("string", "the RAW file"),
                "status": ("string", "`labelled`, `skipped` or `failed`"),
                "code": _CODE,
                "sliders": ("object|null", "Lightroom's values by Camera Raw's names, as its sidecar holds them"),
                "sidecar": ("string|null", "where its settings stand; the photo itself where they are inside"),
                "reason": ("string|null", "why it was skipped or failed, or what to know of its label"),
                "decoder": ("string|null", "which decoder read it"),
                "white_balance": ("string|null", "where its white balance comes from"),
                "hdr": ("boolean|null", "whether its sidecar says that it is edited as HDR"),
                "changes": ("object|null", "`[before, after]` of the sliders that changed, by name"),
                "seconds": ("number|null", "how long one thread took to decode and prepare it"),
                "expected_errors": (
                    "object|null",
                    "mean absolute error to be expected of each slider, by name; null without a style",
                ),
            },
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "photos": ("integer", "photos that were found"),
                "labelled": ("integer", "how many of them were labelled"),
                "skipped": ("integer", "how many of them were left alone, with a reason"),
                "failed": ("integer", "how many of them could not be labelled"),
                "not_done": ("integer", "how many of them were not begun, because the run ended early"),
                "stopped": ("string|null", "why it ended early"),
                "dng_labels": ("string|null", "`inside` or `beside`: where labels of DNGs go; null without DNGs"),
                "seconds": ("number", "how long the whole run took"),
                "raws_per_minute": ("number", "photos labelled in a minute"),
                "engine": ("object", "its name, library and settings, and the engines that were passed over"),
                "model": ("object", "its name, digest and mode"),
            },
        ),
    ),
    "page": (
        Line(
            "photo",
            "for each photo, as soon as it is done",
            {
                "path": ("string", "the RAW file"),
                "status": ("string", "`shown` or `failed`"),
                "code": _CODE,
                "reason": ("string|null", "why it failed"),
                "whose": (
                    "string|null",
                    "whose its settings are: `autohdr`, `corrected` (autohdr's, then changed), `edited` or `unedited`",
                ),
                "change": ("number|null", "mean absolute change of L* that the settings make, 0 to 100"),
            },
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "page": ("string|null", "the file to open in a browser; null where there were no photos"),
                "photos": ("integer", "photos that were found"),
                "shown": ("integer", "how many of them the page shows"),
                "failed": ("integer", "how many of them could not be shown"),
                "not_done": ("integer", "how many of them were not begun, because the run ended early"),
                "stopped": ("string|null", "why it ended early"),
                "seconds": ("number", "how long the whole run took"),
            },
        ),
    ),
    "undo": (
        Line(
            "file",
            "for each sidecar or DNG that autohdr wrote into",
            {
                "path": ("string", "the sidecar or DNG; or a folder that cannot be searched"),
                "status": ("string", "`restored`, `removed` or `left`"),
                "code": _CODE,
                "reason": ("string|null", "why it is left alone, or what to know of it"),
            },
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "sidecars": ("integer", "sidecars that autohdr wrote"),
                "dngs": ("integer", "DNGs that it wrote into"),
                "restored": ("integer", "how many of both were brought back"),
                "removed": ("integer", "how many of both were made by autohdr, and are removed"),
                "left": ("integer", "how many of both are left as they are"),
            },
        ),
    ),
    "doctor": (
        Line(
            "machine",
            "once",
            {
                "system": ("object", "Python, operating system, processors"),
                "gpus": ("array", "name, compute capability and memory in bytes of each"),
                "driver": ("object", "NVIDIA's driver, or why there is none"),
                "providers": ("array", "what ONNX Runtime lists"),
                "packages": ("object", "versions by name; null where one is not installed"),
                "model": ("object", "the model that the engines are tried with"),
            },
        ),
        Line(
            "engine",
            "for each engine, in the order in which `auto` tries them",
            {
                "engine": ("string", "its name"),
                "runs": ("boolean", "whether it can run here"),
                "code": _CODE,
                "reason": ("string|null", "why it cannot"),
                "described": ("object", "its library and settings"),
                "opened": ("number|null", "seconds until the model was loaded"),
                "photos_per_second": ("number|null", "how fast it is"),
                "differences": ("object|null", "the largest of each slider from the engine `cpu`, in Lightroom's unit"),
            },
        ),
        Line("summary", "at the end", {"code": _DONE, "auto": ("string|null", "the engine that `auto` takes")}),
    ),
    "plans": (
        Line(
            "plan",
            "for each plan",
            {
                "code": _CODE,
                "engine": ("string", "the engine that it belongs to"),
                "path": ("string", "the file"),
                "size": ("integer", "bytes"),
                "model": ("string|null", "the model that it was built from"),
                "key": ("object", "what it was built for"),
                "built": ("string|null", "when, in UTC"),
                "whole": ("boolean|null", "whether it is as it was written"),
            },
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "folder": ("string", "the cache folder"),
                "plans": ("integer", "how many"),
                "size": ("integer", "bytes of all"),
            },
        ),
    ),
    "inspect": (
        Line("model", "for a model", _MODEL),
        Line(
            "style",
            "for a style",
            {
                "path": ("string", "the file"),
                "sha256": ("string", "the first 12 digits of its SHA-256"),
                "size": ("integer", "bytes"),
                "format": ("integer", "the version of the file's format"),
                "autohdr": ("string", "the version that learnt it"),
                "network": ("string", "digest of the network that it belongs to"),
                "network_name": ("string", "that network's name"),
                "mode": ("object", "`hdr`, and the headroom in stops"),
                "sets": ("array", "sliders that it sets, by Camera Raw's names"),
                "learnt_from": ("object", "how many photos, groups and corrections, and what was left out"),
                "scores": ("array", "each slider on photos that were not learnt from"),
            },
        ),
        Line(
            "plan",
            "for a TensorRT plan",
            {
                **_MODEL,
                "whole": ("boolean", "whether it is as it was written"),
                "built": ("string", "when, in UTC"),
                "for": ("object", "what it was built for"),
                "tensors": ("array", "its inputs and outputs"),
            },
        ),
    ),
    "learn": (
        _LEFT_OUT,
        _NOTE,
        _SLIDER,
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "used": ("integer", "photos that were learnt from or scored"),
                "left_out": ("integer", "photos that were not"),
                "corrected": ("array", "photos whose edits are corrections of autohdr's labels"),
                "moved": (
                    "object|null",
                    "how far the style moves unedited photos from where the style before it put them",
                ),
                "style": ("object", "as `inspect` says it"),
            },
        ),
    ),
    "pick": (
        _LEFT_OUT,
        Line(
            "photo",
            "for each photo to edit, the most useful first",
            {"path": ("string", "the RAW file"), "code": _CODE},
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "photos": ("integer", "photos that are edited, or may be"),
                "edited": ("integer", "of these, the ones that are edited"),
                "picked": ("integer", "photos that were named"),
            },
        ),
    ),
    "train": (
        _LEFT_OUT,
        _NOTE,
        _SLIDER,
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "out": ("string", "the folder of the network"),
                "used": ("integer", "photos that were learnt from or scored"),
                "left_out": ("integer", "photos that were not"),
                "mode": ("object", "the mode of the edits that were learnt: `hdr`, and the headroom in stops"),
                "corrected": ("array", "photos whose edits are corrections of autohdr's labels"),
                "stale": ("boolean", "whether an export of the network before is still in the folder"),
            },
        ),
    ),
    "export": (
        Line(
            "model",
            "once the model is written",
            {
                "model": ("object", "as `inspect` says it, with the counts of its nodes"),
                "float32": ("object", "digest and size of the float32 model"),
                "machine": ("object", "where it was measured"),
                "sliders": ("array", "keys, names and units"),
                "parity": ("array", "differences from what was trained, and what is allowed"),
                "engines": ("array", "both models on every engine that runs here, where a report was asked for"),
                "left_out": ("array", "engines that do not run here, and why"),
                "tried": ("array", "what was tried on the way"),
            },
        ),
        Line(
            "plan",
            "for each plan that was built",
            {"code": _CODE, "path": ("string", "the file"), "size": ("integer", "bytes")},
        ),
        Line(
            "summary",
            "at the end",
            {"code": _DONE, "path": ("string", "the model file"), "plans": ("integer", "plans that were built")},
        ),
    ),
    "bench shoot": (
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "folder": ("string", "the folder of the shoot"),
                "photos": ("integer", "how many"),
                "size": ("integer", "bytes of the photos"),
            },
        ),
    ),
    **{f"bench {suite}": (_RESULT,) for suite in ("decode", "prepare", "engine", "run", "train")},
    "bench all": (_RESULT, _WROTE),
    "bench scale": (_RESULT, _WROTE),
    "bench page": (_WROTE,),
    "bench readme": (_WROTE,),
    "bench compare": (
        Line(
            "summary",
            "at the end",
            {
                "code": _DONE,
                "slower": ("array", "names of what has become slower"),
                "text": ("string", "a line for each figure"),
            },
        ),
    ),
    "bench labels": (Line("summary", "at the end", {**_WROTE.fields, "text": ("string", "how the study came out")}),),
}
"""The lines of each verb, in the order in which they come."""
