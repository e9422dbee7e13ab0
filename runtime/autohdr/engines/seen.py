"""Remembers what was found of the engines on this machine, as it is now: which have worked, and which is the best.

One small JSON file in the cache folder. It is of use as long as the processor, the packages and NVIDIA's driver are
those of then, and losing it costs time alone. `auto` writes it after a run that it chose the engine of, when all
engines before that one have been tried, and after a proof; and so does `autohdr doctor`, which tries all.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autohdr.engines.nvidia import open_driver
from autohdr.engines.wheel import installed
from autohdr.errors import EngineError, FileError
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.system.processors import processor_name, processors

_NAME = "engines.json"
_PACKAGES = ("onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt", "tensorrt-rtx", "cuda-python")


@dataclass(frozen=True, slots=True)
class Best:
    """The fastest engine for one network on this machine, of those whose answers were proven."""

    engine: str
    file: str
    """Digest of the model file that it computes: the network's own, or the same network in less precision."""
    precision: str
    """What the transformer of that file is computed in."""
    times: float
    """How many times as fast it was as engine `cpu` with the network's own file, in processor time; 1 is that one."""
    apart: dict[str, float]
    """How far its sliders were from that one's at most, in Lightroom's units."""


def seen(cache: Path, model: str) -> frozenset[str]:
    """Names of the engines that have been seen to work with the model file of this digest; whatever styles are used
    with it. None where nothing is noted, or of another machine."""
    with suppress(TypeError, ValueError):
        return frozenset(map(str, _noted(cache)["engines"].get(model, ())))
    return frozenset()


def remember(cache: Path, model: str, engines: Iterable[str]) -> None:
    """Notes that these engines work with a model file, beside those that are noted. Where it cannot be written, nothing
    is said."""
    known = seen(cache, model)
    if known < (names := known.union(engines)):
        _note(cache, "engines", model, sorted(names))


def best(cache: Path, model: str) -> Best | None:
    """The best engine for the model file of this digest; None where none is noted, or of another machine."""
    with suppress(TypeError, ValueError, KeyError):
        found = _noted(cache)["best"][model]
        apart = {str(slider): float(value) for slider, value in found["apart"].items()}
        return Best(str(found["engine"]), str(found["file"]), str(found["precision"]), float(found["times"]), apart)
    return None


def remember_best(cache: Path, model: str, found: Best) -> None:
    """Notes the best engine for a model file. Where it cannot be written, nothing is said."""
    _note(cache, "best", model, asdict(found))


def _note(cache: Path, kind: str, model: str, value: object) -> None:
    noted = _noted(cache)
    noted[kind] = noted[kind] | {model: value}
    with suppress(FileError, OSError):
        cache.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"machine": _machine(), **noted}, indent=2) + "\n"
        write_atomically(cache / _NAME, text.encode())


def _noted(cache: Path) -> dict[str, dict[str, Any]]:
    """What is noted of this machine, by kind and by the digest of the model."""
    noted: dict[str, dict[str, Any]] = {"engines": {}, "best": {}}
    with suppress(FileError, ValueError, KeyError, TypeError, AttributeError):
        found = json.loads(read_bytes(cache / _NAME) or b"null")
        if found["machine"] == _machine():
            noted |= {kind: dict(found[kind]) for kind in noted}
    return noted


def _machine() -> dict[str, Any]:
    """What decides which engines work, and how fast, plain JSON."""
    try:
        driver = open_driver().version
    except EngineError:
        driver = "none"
    own = {"autohdr": version("autohdr"), "driver": driver, "processor": processor_name(), "cores": processors()}
    return {**own, **{name: installed(name) for name in _PACKAGES}}
