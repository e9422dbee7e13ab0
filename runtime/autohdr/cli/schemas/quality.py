"""Describes the JSON line of `autohdr quality`."""

from autohdr.cli.schemas.parts import Line

QUALITY = (
    Line(
        "quality",
        "once",
        {
            "reference": ("string", "the picture that the other is compared with"),
            "test": ("string", "the picture that is scored"),
            "size": ("array", "width and height of both, pixels"),
            "display": (
                "object",
                "what shows them: `peak` in cd/m2, `contrast`, `reflectivity`, `ambient` light in lux, and `curve`, "
                "`gamma` of an SDR display or `pq` of an HDR one",
            ),
            "psnr": ("number|null", "decibels, on PU21 values; null where there is no difference"),
            "ssim": ("number", "on PU21 values of luminance; 1 where there is no difference"),
            "jod": ("number|null", "the score of a learnt model; null without a model"),
            "perfect": ("number|null", "the score that the model gives the reference itself, at best 10"),
            "model": ("string|null", "the model's name and digest"),
            "engine": ("string|null", "which engine computed it"),
            "map": ("string|null", "the picture of where they differ, that was written"),
            "map_of": ("string|null", "what it shows: `jod` lost, or `ssim`"),
        },
    ),
)
QUALITY_MODEL = Line(
    "quality_model",
    "once a quality model is written",
    {
        "path": ("string", "the file"),
        "sha256": ("string", "the first 12 digits of its SHA-256"),
        "size": ("integer", "bytes"),
        "format": ("integer", "the version of the file's format"),
        "name": ("string", "its name"),
        "architecture": ("string", "`vtamiq`, which judges a picture as a whole, or `pieapp`, which judges each patch"),
        "inputs": ("object", "how luminance is encoded for it"),
        "patches": ("object", "how many patches of which size it sees, and how they are strewn"),
        "perfect": ("number", "the score that it gives a picture beside itself, JOD"),
        "trained_on": ("object", "what it learnt from"),
        "autohdr": ("string", "the version that exported it"),
        "opset": ("integer", "ONNX operator set of the graph"),
        "proof": ("object", "how far its scores are from the trained network's, in JOD"),
    },
)
