"""Describes the JSON lines of the benchmark's commands."""

from autohdr.cli.schemas.parts import DONE, RESULT, WROTE, Line

BENCH: dict[str, tuple[Line, ...]] = {
    "bench shoot": (
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
                "folder": ("string", "the folder of the shoot"),
                "photos": ("integer", "how many"),
                "size": ("integer", "bytes of the photos"),
            },
        ),
    ),
    **{f"bench {suite}": (RESULT,) for suite in ("decode", "prepare", "scene", "engine", "run", "train")},
    "bench all": (RESULT, WROTE),
    "bench scale": (RESULT, WROTE),
    "bench page": (WROTE,),
    "bench readme": (WROTE,),
    "bench compare": (
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
                "slower": ("array", "names of what has become slower"),
                "text": ("string", "a line for each figure"),
            },
        ),
    ),
    "bench develop": (
        Line(
            "row",
            "for each control, setting and set of values",
            {
                "code": DONE,
                "control": ("string", "as Lightroom names it, or `Default`"),
                "setting": ("string", "of the control; empty for a default"),
                "on": ("string", "what was rendered"),
                "basis": ("string", "`fitted`, `form` (a formula's form was chosen by it), or `held out`"),
                "mean": ("number", "mean absolute difference from Camera Raw, encoded, 0 to 1"),
                "largest": ("number", "the largest"),
                "nothing": ("number|null", "the mean of Camera Raw's own rendering without the setting"),
                "anchor": ("number|null", "the mean that the best public source states for itself"),
                "aim": ("number|null", "what the mean should not exceed"),
                "reached": ("boolean|null", "whether it does not; null without an aim"),
                "worse_than_nothing": ("boolean|null", "whether `mean` is above `nothing`; null for a default"),
            },
        ),
        Line(
            "preview",
            "for each DNG of PICTURES",
            {
                "code": DONE,
                "photo": ("string", "the file's name"),
                "median": ("number", "median difference of the developed photo from Adobe's preview, in L*"),
                "bias": ("number", "median of ours less Adobe's"),
                "bands": ("array", "the same by L* (to 20, 40, 60, 80, 100); null: few"),
                "ignored": ("array", "settings in use that are not developed"),
            },
        ),
        Line(
            "sdr",
            "for each JPEG of PICTURES",
            {
                "code": DONE,
                "photo": ("string", "the file's name"),
                "rms": ("number", "the SDR rendition made of its HDR one, off Camera Raw's: encoded luminance, 0 to 1"),
                "mean": ("number", "mean difference, ours less Camera Raw's"),
                "clipped": ("number", "`rms` of the HDR rendition clipped at white"),
                "ignored": ("array", "sliders in use that are not developed"),
            },
        ),
        Line(
            "edit",
            "for each two JPEGs of one RAW file, each way and in both renditions",
            {
                "code": DONE,
                "source": ("string", "the file whose picture is taken back to the scene"),
                "photo": ("string", "the file whose settings the scene is developed with"),
                "rendition": ("string", "`SDR` or `HDR`"),
                "median": ("number", "median difference from Camera Raw's, in L*"),
                "nothing": ("number", "the same of the other edit's picture as it is"),
                "known": ("number", "share of the pixels that are compared"),
                "bands": (
                    "array",
                    "median difference by L* (to 20, 40, 60, 80, 100, 140, above); null: few",
                ),
            },
        ),
        Line(
            "summary",
            "at the end",
            {
                "code": DONE,
                "rows": ("integer", "how many"),
                "missed": ("integer", "how many of them miss their aim"),
                "worse_than_nothing": ("integer", "how many are further from Camera Raw than nothing"),
            },
        ),
    ),
    "bench labels": (Line("summary", "at the end", {**WROTE.fields, "text": ("string", "how the study came out")}),),
    "bench default": (
        Line(
            "row",
            "for each source of finished photographs, and for all; errors are mean absolute ones of Exposure, EV",
            {
                "code": DONE,
                "source": ("string", "whose photographs, or `all`"),
                "photos": ("integer", "how many"),
                "nothing": ("number|null", "error where all is left alone"),
                "auto": ("number|null", "error of Lightroom's Auto, as a formula"),
                "default": ("number|null", "error of the model's own labels"),
                "stated": ("number|null", "what the model says of its own error; null where it says nothing"),
            },
        ),
        Line(
            "raw",
            "for each RAW file; brightness is by the median, in EV above the JPEG inside, null without one",
            {
                "code": DONE,
                "photo": ("string", "the file's name"),
                "values": ("array", "the label's eight sliders, in Lightroom's order"),
                "auto": ("number", "Exposure of Lightroom's Auto, as a formula"),
                "nothing_brighter": ("number|null", "brightness where all is left alone"),
                "default_brighter": ("number|null", "brightness with the label"),
                "auto_brighter": ("number|null", "brightness with Auto"),
            },
        ),
        Line("summary", "at the end", {"code": DONE, "rows": ("integer", "lines before this one")}),
    ),
    "bench people": (
        Line(
            "row",
            "for each kind of photos, task, number of edits, control and method: over people, then each person",
            {
                "code": DONE,
                "person": ("string", "the person's name, or `people` for the mean over people"),
                "kind": ("string", "`clean`, photos without masks and curves, or `all`"),
                "task": ("string", "`style`, other days are predicted, or `shoot`, other photos of the same days"),
                "edits": ("integer", "how many were learnt from"),
                "control": (
                    "string",
                    "`shuffled`, `no picture`, `content`, `placebo` or `placebo off`; empty where all was shown",
                ),
                "method": ("string", "the way to learn"),
                "people": ("integer", "how many it is the mean of"),
                "draws": ("integer", "of edits, over all of them"),
                "figures": ("object", "figure to [value, low, high], the ends of a 95 % interval; null: none"),
            },
        ),
        Line(
            "summary",
            "at the end",
            {"code": DONE, "rows": ("integer", "how many"), "wrote": ("array", "the page, if any")},
        ),
    ),
    "bench judge": (
        Line(
            "judged",
            "for each photo and guess at its sliders",
            {
                "person": ("string", "whose photo it is"),
                "guess": ("string", "which sliders it was rendered with"),
                "measures": ("object", "how far that is from the true edit, by measure; more is worse; null: none"),
            },
        ),
        Line("summary", "at the end", {"code": DONE, "judged": ("integer", "lines before this one")}),
    ),
}
