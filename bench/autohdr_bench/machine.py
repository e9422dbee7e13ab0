"""What a figure was measured on."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

_PACKAGES = ("autohdr", "rawpy", "flashraw", "numba", "numpy", "onnxruntime", "onnxruntime-gpu", "torch")


def fingerprint() -> dict[str, Any]:
    """System, processor, cores, Python and package versions, as plain JSON. No names of people or machines."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: number for name in _PACKAGES if (number := _installed(name))},
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123  # no path of ours: Linux' own
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
