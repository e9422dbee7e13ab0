"""What a figure was measured on, and of which commit."""

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types

from autohdr.system.processors import processor_name

_PACKAGES = (
    *("autohdr", "rawpy", "flashraw", "numba", "numpy", "pillow", "onnxruntime", "onnxruntime-gpu"),
    *("openvino", "tensorrt", "tensorrt-rtx", "torch", "transformers"),
)


def fingerprint() -> dict[str, Any]:
    """System, processor, cores, memory, GPUs, Python and package versions, as plain JSON. No names of people or
    machines."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": (_output("sysctl", "-n", "machdep.cpu.brand_string") or processor_name()).strip(),  # macOS, others
        "cores": os.cpu_count(),
        "physical_cores": psutil.cpu_count(logical=False),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "gpus": _gpus(),
        "python": platform.python_version(),
        "packages": {name: number for name in _PACKAGES if (number := _installed(name))},
    }


def same_machine(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two fingerprints are of machines that times may be compared between; packages may differ."""
    return all(one.get(key) == other.get(key) for key in ("system", "processor", "cores", "gpus"))


def slug(machine: dict[str, Any]) -> str:
    """A file name for a machine's results: `intel-r-xeon-r-processor-2-cores`."""
    told = f"{machine['processor']} {machine['cores']} cores {' '.join(gpu['name'] for gpu in machine['gpus'])}"
    return re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")


def commit() -> tuple[str | None, bool | None]:
    """The checkout's commit and whether it has changes; None where this is no checkout."""
    here = Path(__file__).resolve().parent
    found = _output("git", "-C", str(here), "rev-parse", "HEAD")
    if found is None:
        return None, None
    changes = _output("git", "-C", str(here), "status", "--porcelain", "--untracked-files=no")
    return found.strip(), bool(changes and changes.strip())


def _gpus() -> list[dict[str, str]]:
    listed = _output("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")
    rows = [line.split(", ") for line in (listed or "").splitlines()]
    return [{"name": row[0], "driver": row[1], "memory": row[2]} for row in rows if len(row) == 3]


def _output(*command: str) -> str | None:
    """What a program prints; None where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
