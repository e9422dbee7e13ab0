"""The `ort-trt` engine: ONNX Runtime's TensorRT provider, with the TensorRT that it was built for."""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines import cuda
from autohdr.engines.nvidia import Driver
from autohdr.engines.ort_gpu import Session, require_gpu
from autohdr.engines.trt.progress import say
from autohdr.files.locks import alone
from autohdr.files.whole import read_bytes, remove, write_atomically
from autohdr.model.info import INPUT_NAME, ModelFile

FOLDER = "ort-trt"
"""The folder, in the cache folder, that has a folder for each model, GPU, driver and build of ONNX Runtime."""
LARGEST = 256
"""Photos that a plan can take at once; more are handed over in parts."""
BEST = 8
"""Photos at once for which it is tuned."""
_SEAL = "seal.json"


class OrtTrtEngine:
    """TensorRT through ONNX Runtime, CUDA for what TensorRT does not take. The graph says the precision, no flag does.

    The first time it builds a plan, which takes minutes, and keeps it in the cache folder.
    """

    name = "ort-trt"

    def __init__(self, model: ModelFile, cache: Path) -> None:
        self._wheel, driver = require_gpu(["cuda", "tensorrt"])
        folder = cache / FOLDER / _key(model, self._wheel, driver)
        providers = [
            ("TensorrtExecutionProvider", options(model.info.spec.size, folder)),
            ("CUDAExecutionProvider", cuda.OPTIONS),
        ]
        with alone(folder / "lock", _say_waiting), sealed(folder):
            if not any(folder.glob("*.engine")):
                say(f"Building a TensorRT plan of {model.info.name} for this GPU, once; it takes minutes")
            self._session = Session(self.name, model, providers, driver)

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        parts = [pixels[at : at + LARGEST] for at in range(0, len(pixels), LARGEST)]
        return np.concatenate([self._session.infer(part) for part in parts])

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`."""
        return {"name": self.name, "library": self._wheel, **self._session.describe()}

    def close(self) -> None:
        """See `Engine.close`."""
        self._session.close()


def options(size: int, folder: Path) -> dict[str, str]:
    """The options of the provider, for pictures of `size` pixels, with plans in `folder`.

    https://onnxruntime.ai/docs/execution-providers/TensorRT-ExecutionProvider.html
    """
    shapes = {"min": 1, "opt": BEST, "max": LARGEST}
    return {
        "device_id": "0",
        "trt_engine_cache_enable": "True",
        "trt_engine_cache_path": str(folder),
        "trt_timing_cache_enable": "True",
        "trt_timing_cache_path": str(folder),
        # With fp16, bf16 and int8 off, it builds strongly typed networks.
        **{f"trt_{kind}_enable": "False" for kind in ("fp16", "bf16", "int8")},
        **{f"trt_profile_{kind}_shapes": f"{INPUT_NAME}:{photos}x3x{size}x{size}" for kind, photos in shapes.items()},
    }


@contextlib.contextmanager
def sealed(folder: Path) -> Iterator[None]:
    """Checks the files that ONNX Runtime keeps in `folder` before and seals them after: it would load whatever lies
    there.

    Raises:
        FileError: a file cannot be read, removed or written.
    """
    try:
        seals = json.loads(read_bytes(folder / _SEAL) or b"")
    except ValueError:
        seals = None
    for path in _kept(folder):
        if not isinstance(seals, dict) or seals.get(path.name) != _digest(path):
            remove(path)
    yield
    write_atomically(folder / _SEAL, json.dumps({path.name: _digest(path) for path in _kept(folder)}).encode())


def listed(cache: Path) -> dict[Path, int]:
    """Each plan in the cache folder, and its size in bytes."""
    return {path: path.stat().st_size for path in sorted((cache / FOLDER).glob("*/*.engine"))}


def clear(cache: Path) -> dict[Path, int]:
    """Removes each plan in the cache folder, with what belongs to it; which ones they were. Waits for a build.

    Raises:
        FileError: one cannot be removed; it may be in use.
    """
    gone = listed(cache)
    for folder in sorted((cache / FOLDER).glob("*/")):
        with alone(folder / "lock", _say_waiting):
            for path in _kept(folder):
                remove(path)
    return gone


def _say_waiting() -> None:
    say("Waiting for another autohdr, which is building a TensorRT plan")


def _kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".engine", ".profile", ".timing"))


def _digest(path: Path) -> str:
    return hashlib.sha256(read_bytes(path) or b"").hexdigest()


def _key(model: ModelFile, wheel: str, driver: Driver) -> str:
    gpu = driver.gpus[0]
    parts = (model.digest, wheel, gpu.name, gpu.capability, str(driver.cuda), str(driver.version))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
