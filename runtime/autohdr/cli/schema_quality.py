"""Describes the JSON line of `autohdr quality`."""

from autohdr.cli.schema_parts import Line

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
            "jod": ("number|null", "the score of a learnt model, 10 being the reference's own; null without a model"),
            "model": ("string|null", "the model's name and digest"),
            "engine": ("string|null", "which engine computed it"),
            "map": ("string|null", "the picture of where they differ, that was written"),
            "map_of": ("string|null", "what it shows: `jod` lost, or `ssim`"),
        },
    ),
)
