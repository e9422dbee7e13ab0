"""Remembers which engines have worked on this machine, as it is now: `auto` tries those first.

One small JSON file in the cache folder. It is of use as long as the packages and NVIDIA's driver are those of then, and
losing it costs no more than trying engines that cannot run. `auto` writes it after a run that it chose the engine of,
when all engines before that one have been tried, and `autohdr doctor`, which tries all.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autohdr.engines.nvidia import open_driver
from autohdr.engines.wheel import installed
from autohdr.errors import EngineError, FileError
from autohdr.files.whole import read_bytes, write_atomically

_NAME = "engines.json"
_PACKAGES = ("onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt", "tensorrt-rtx", "cuda-python")


def seen(cache: Path, model: str) -> frozenset[str]:
    """Names of the engines that have been seen to work with the model file of this digest; whatever styles are used
    with it. None where nothing is noted, or of another machine."""
    return frozenset(_noted(cache).get(model, ()))


def remember(cache: Path, model: str, engines: Iterable[str]) -> None:
    """Notes that these engines work with a model file, beside those that are noted. Where it cannot be written, nothing
    is said."""
    noted = _noted(cache)
    known = frozenset(noted.get(model, ()))
    if known >= (names := known.union(engines)):
        return
    text = json.dumps({"machine": _machine(), "engines": noted | {model: sorted(names)}}, indent=2) + "\n"
    with suppress(FileError, OSError):
        cache.mkdir(parents=True, exist_ok=True)
        write_atomically(cache / _NAME, text.encode())


def _noted(cache: Path) -> dict[str, list[str]]:
    """Names of engines by the digest of the model."""
    with suppress(FileError, ValueError, KeyError, TypeError, AttributeError):
        found = json.loads(read_bytes(cache / _NAME) or b"null")
        if found["machine"] == _machine():
            return {str(model): list(map(str, names)) for model, names in found["engines"].items()}
    return {}


def _machine() -> dict[str, Any]:
    """What decides which engines work, plain JSON."""
    try:
        driver = open_driver().version
    except EngineError:
        driver = "none"
    return {"autohdr": version("autohdr"), "driver": driver, **{name: installed(name) for name in _PACKAGES}}
