"""What stands in each line that `--json` prints: one table, which makes the reference page and which tests go by.

A field is its JSON types and its meaning. All fields of a line are always there; what is not known is null.
"""

from dataclasses import replace

from autohdr.cli.schemas.bench import BENCH
from autohdr.cli.schemas.doctor import DOCTOR
from autohdr.cli.schemas.parts import CODE, DONE, LEFT_OUT, MODEL, NOTE, SLIDER, Line
from autohdr.cli.schemas.quality import QUALITY, QUALITY_MODEL
from autohdr.cli.schemas.report import REPORT

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
        NOTE,
        Line(
            "photo",
            "for each photo, as soon as it is done",
            {
                "path": ("string", "the RAW file"),
                "status": ("string", "`labelled`, `skipped` or `failed`"),
                "code": CODE,
                "sliders": ("object|null", "Lightroom's values by Camera Raw's names, as its sidecar holds them"),
                "sidecar": ("string|null", "where its settings stand; the photo itself where they are inside"),
                "reason": ("string|null", "why it was skipped or failed, or what to know of its label"),
                "decoder": ("string|null", "which decoder read it"),
                "white_balance": ("string|null", "where its white balance comes from"),
                "hdr": ("boolean|null", "whether its sidecar says that it is edited as HDR"),
                "changes": (
                    "object|null",
                    "`[before, after]` of the sliders that changed, by name, and of `HDREditMode` (1 HDR, 0 SDR) "
                    "where that of an edit did; null where it has none",
                ),
                "seconds": ("number|null", "how long one thread took to decode and prepare it"),
                "expected_errors": (
                    "object|null",
                    "mean absolute error to be expected of each slider, by name; null where nobody knows it",
                ),
                "difference": (
                    "number|null",
                    "L* by which its picture is expected to differ from the photographer's own; null without errors",
                ),
                "preset": ("array", "what else of the style its sidecar holds, a phrase for each of Lightroom's tools"),
                "why": (
                    "object|null",
                    "`near`: file names of the nearest edits that the style learnt from, at most three; `unlike`: if "
                    "none is near, a sentence on how the photo is unlike all edits, else null; null without a style",
                ),
                "marked": ("boolean", "whether its settings have the mark that `--mark` asks for, or asked for before"),
                "series": (
                    "object|null",
                    "`number` (from 1), `kind` (`series`, `bracket` or `panorama`), `photos` and `first` (a file name) "
                    "of the series that it is labelled with; null for a photo alone",
                ),
            },
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
                "shard": ("string|null", "the part of the photos, as of `--shard`; null of all"),
                "photos": ("integer", "photos that were found"),
                "labelled": ("integer", "how many of them were labelled"),
                "skipped": ("integer", "how many of them were left alone, with a reason"),
                "failed": ("integer", "how many of them could not be labelled"),
                "not_done": ("integer", "how many of them were not begun, because the run ended early"),
                "to_check": (
                    "integer|null",
                    "photos that are unlike all edits of the style and may look noticeably different; null without one",
                ),
                "marked": ("integer", "photos labelled now that have a mark, as of `--mark`"),
                "series": ("integer", "series of photos of one scene, which have one look"),
                "in_series": ("integer", "photos that are in one"),
                "stopped": ("string|null", "why it ended early"),
                "dng_labels": ("string|null", "`inside` or `beside`: where labels of DNGs go; null without DNGs"),
                "next_step": ("string|null", "what to do in Lightroom with photos of a catalog; null without one"),
                "seconds": ("number", "how long the whole run took"),
                "raws_per_minute": ("number", "photos labelled in a minute"),
                "engine": (
                    "object",
                    "its name, library and settings, those that were passed over, and those of a cluster's machines",
                ),
                "model": ("object", "its name, digest, mode and style, and whether the preset is left out"),
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
                "code": CODE,
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
                "code": DONE,
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
    "report": REPORT,
    "studio": (
        NOTE,
        Line(
            "open",
            "once the page can be opened",
            {
                "address": ("string", "of the page; it works once, in one browser of this computer"),
                "photos": ("integer", "photos that were found"),
                "readonly": ("boolean", "whether nothing can be changed"),
            },
        ),
        Line("summary", "at the end", {"code": DONE, "photos": ("integer", "photos that were found")}),
    ),
    "undo": (
        Line(
            "file",
            "for each sidecar or DNG that autohdr wrote into",
            {
                "path": ("string", "the sidecar or DNG; or a folder that cannot be searched"),
                "status": ("string", "`restored`, `removed` or `left`"),
                "code": CODE,
                "reason": ("string|null", "why it is left alone, or what to know of it"),
            },
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
                "sidecars": ("integer", "sidecars that autohdr wrote"),
                "dngs": ("integer", "DNGs that it wrote into"),
                "restored": ("integer", "how many of both were brought back"),
                "removed": ("integer", "how many of both were made by autohdr, and are removed"),
                "left": ("integer", "how many of both are left as they are"),
            },
        ),
    ),
    "doctor": DOCTOR,
    "plans": (
        Line(
            "plan",
            "for each plan",
            {
                "code": CODE,
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
                "code": DONE,
                "folder": ("string", "the cache folder"),
                "plans": ("integer", "how many"),
                "size": ("integer", "bytes of all"),
            },
        ),
    ),
    "inspect": (
        Line("model", "for a model", MODEL),
        replace(QUALITY_MODEL, about="for a quality model"),
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
                **MODEL,
                "whole": ("boolean", "whether it is as it was written"),
                "built": ("string", "when, in UTC"),
                "for": ("object", "what it was built for"),
                "tensors": ("array", "its inputs and outputs"),
            },
        ),
    ),
    "quality": QUALITY,
    "learn": (
        LEFT_OUT,
        NOTE,
        SLIDER,
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
                "used": ("integer", "photos that were learnt from or scored"),
                "left_out": ("integer", "photos that were not"),
                "corrected": ("array", "photos whose edits are corrections of autohdr's labels"),
                "moved": (
                    "object|null",
                    "how far the style moves unedited photos from where the style before it put them",
                ),
                "adapted": ("array", "sliders that follow the photo, by Camera Raw's names"),
                "constant": ("array", "sliders that the photographer hardly moves"),
                "not_learnt": ("array", "sliders of which every photo gets the median of the edits"),
                "warning": (
                    "string|null",
                    "that at most half of the sliders that the photographer moves are surely learnt, and what to do",
                ),
                "style": ("object", "as `inspect` says it"),
            },
        ),
    ),
    "pick": (
        LEFT_OUT,
        Line(
            "photo",
            "for each photo to edit, the most useful first",
            {"path": ("string", "the RAW file"), "code": CODE},
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
                "photos": ("integer", "photos that are edited, or may be"),
                "edited": ("integer", "of these, the ones that are edited"),
                "picked": ("integer", "photos that were named"),
            },
        ),
    ),
    "train": (
        LEFT_OUT,
        NOTE,
        SLIDER,
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
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
        QUALITY_MODEL,
        Line(
            "plan",
            "for each plan that was built",
            {"code": CODE, "path": ("string", "the file"), "size": ("integer", "bytes")},
        ),
        Line(
            "summary",
            "at the end",
            {"code": DONE, "path": ("string", "the model file"), "plans": ("integer", "plans that were built")},
        ),
    ),
    **BENCH,
}
"""The lines of each verb, in the order in which they come."""
