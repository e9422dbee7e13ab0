"""Describes the JSON lines of `autohdr doctor`."""

from autohdr.cli.schemas.parts import CODE, DONE, Line

DOCTOR = (
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
            "code": CODE,
            "reason": ("string|null", "why it cannot"),
            "described": ("object", "its library and settings"),
            "opened": ("number|null", "seconds until the model was loaded"),
            "photos_per_second": ("number|null", "how fast it is"),
            "differences": ("object|null", "the largest of each slider from the engine `cpu`, in Lightroom's unit"),
        },
    ),
    Line(
        "summary",
        "at the end",
        {
            "code": DONE,
            "auto": ("string|null", "the engine that `auto` takes"),
            "best": (
                "object|null",
                "which engine, model file and precision are the fastest on this processor, how many times as fast "
                "as `cpu` in float32, and how far its sliders are apart at most; null where there was no choice",
            ),
        },
    ),
)
