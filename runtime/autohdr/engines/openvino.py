"""The `openvino` engine: Intel's OpenVINO on the CPU.

OpenVINO left alone computes all of a network in bfloat16 where the CPU can, and that loses the tones: with the default
model, Whites are off by more than 100. So it is asked for float32, and then it computes each part as the graph says: a
model whose transformer is in bfloat16 has just that computed in bfloat16, where the CPU can. float16 it computes in
float32, which is no slower.
"""

import hashlib
from collections import Counter, deque
from contextlib import suppress
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.failures import inferring, opening
from autohdr.engines.tuning import in_batches
from autohdr.errors import EngineError, FileError
from autohdr.model.checked import read_checked, write_checked
from autohdr.model.info import ModelFile, Precision
from autohdr.system.no_telemetry import without_openvino_telemetry
from autohdr.system.processors import processors

_BATCH: dict[Precision, int] = {"float32": 1, "float16": 1, "bfloat16": 2, "int8": 4}
"""Photos that are computed at once, always as many, so that a photo's features never depend on how many others come
with it: OpenVINO's answers differ in the last bits between batches of different sizes, and not in batches of one size.
"""
_PRODUCTS = ("FullyConnected", "MatMul", "Convolution")
"""OpenVINO's layers in which nearly all of the work is."""
_NAMES = {"f32": "float32", "bf16": "bfloat16", "f16": "float16", "i8": "int8", "u8": "int8"}


class OpenvinoEngine:
    """OpenVINO on the CPU; photos side by side, each batch of them on one thread of its own.

    Measured in November 2026 on two cores of a shared Xeon with AMX, the default model of then, in turn with ONNX
    Runtime's 47 ms of processor time a photo: float32 42 ms, float16 42 ms, bfloat16 18 ms, int8 for OpenVINO 24 ms (19
    since what it leaves is in bfloat16). bfloat16 needs 27 ms one by one, 19 ms in batches of 4, 17 ms in batches of 8;
    on an EPYC without AMX 18.7 ms, 16.7 and 16.6, and 17.2 in batches of 2, which need 20 MB less. In float32, batches
    gain nothing. Opening takes 1.0 s of processor time the first time, then 0.3 s.
    """

    name = "openvino"

    def __init__(self, model: ModelFile, cache: Path) -> None:
        openvino = require_openvino()
        self._version = str(openvino.__version__).partition("-")[0]
        self._batch = _BATCH[model.info.precision]
        self._streams = processors()
        settings = {
            "INFERENCE_PRECISION_HINT": "f32",
            "NUM_STREAMS": self._streams,
            "INFERENCE_NUM_THREADS": self._streams,
            # The threads that decode want the same cores.
            "ENABLE_CPU_PINNING": False,
        }
        try:
            core = openvino.Core()
            self._device = str(core.get_property("CPU", "FULL_DEVICE_NAME"))
            abilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
            key = hashlib.sha256(
                repr((openvino.__version__, self._device, sorted(abilities), settings)).encode()
            ).hexdigest()
            kept = _Kept(cache / "openvino", model.digest, key[:12])
            self._compiled = _compile(core, model.data, settings, kept)
            # Not AsyncInferQueue: its callbacks are Python in OpenVINO's threads, and closing it can hang on them.
            self._requests = [self._compiled.create_infer_request() for _ in range(self._streams)]
        except (RuntimeError, MemoryError) as error:
            if (no_room := opening(self.name, error)) is not None:
                raise no_room from error
            raise EngineError(
                f"{model.path} cannot be run by OpenVINO {self._version} ({_last_line(error)}); use --engine cpu"
            ) from error

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        try:
            return np.concatenate(self._infer(pixels))[: len(pixels)]
        except (RuntimeError, MemoryError) as error:
            for request in self._requests:  # those that are still at work have memory that the next batch needs
                with suppress(RuntimeError):
                    request.wait()
            raise inferring(self.name, error, len(pixels), _last_line(error)) from error

    def _infer(self, pixels: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        found: list[NDArray[np.float32]] = []
        running: deque[Any] = deque()
        requests = cycle(self._requests)
        for batch in in_batches(pixels, self._batch):
            if len(running) == self._streams:
                found.append(_answer(running.popleft()))
            request = next(requests)
            request.start_async({0: batch})
            running.append(request)
        return [*found, *map(_answer, running)]

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`; `products` is the share of matrix products and convolutions in each precision."""
        return {
            "name": self.name,
            "library": f"openvino {self._version}",
            "device": self._device,
            "products": self._products,
            "streams": self._streams,
            "batch": self._batch,
        }

    @cached_property
    def _products(self) -> dict[str, float]:
        layers = [layer.get_rt_info() for layer in self._compiled.get_runtime_model().get_ordered_ops()]
        counts = Counter(_text(layer["runtimePrecision"]) for layer in layers if _text(layer["layerType"]) in _PRODUCTS)
        shares: Counter[str] = Counter()
        for name, count in counts.items():
            shares[_NAMES.get(name, name)] += count
        return {name: round(count / counts.total(), 3) for name, count in shares.most_common()}

    def close(self) -> None:
        """See `Engine.close`."""
        self.__dict__.pop("_products", None)
        del self._requests, self._compiled


class _Kept:
    """A model as OpenVINO has compiled it, in a file: opening it takes a third of the time.

    OpenVINO's own cache is not used: a file of its that was damaged in the middle loads, and gives other features.
    """

    def __init__(self, folder: Path, digest: str, key: str) -> None:
        self._path = folder / f"{digest}-{key}.blob"
        self._others = f"{digest}-*.blob"

    def read(self) -> bytes | None:
        """The compiled model; None where there is none, or it is damaged."""
        with suppress(FileError):
            return read_checked(self._path)
        return None

    def write(self, data: bytes) -> None:
        """Keeps the compiled model. It only saves time, so nothing is said where it cannot be written."""
        with suppress(FileError, OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_checked(self._path, data)
            for other in self._path.parent.glob(self._others):
                if other != self._path:
                    other.unlink()


def _compile(core: Any, model: bytes, settings: dict[str, Any], kept: _Kept) -> Any:
    if (data := kept.read()) is not None:
        with suppress(RuntimeError):  # it is as it was written, and yet of no use: another library of the same version
            return core.import_model(data, "CPU", settings)
    compiled = core.compile_model(core.read_model(model, b""), "CPU", settings)
    kept.write(compiled.export_model().getvalue())
    return compiled


def _answer(request: Any) -> NDArray[np.float32]:
    request.wait()
    # The memory is the request's own, for its next batch.
    return np.array(request.get_output_tensor(0).data)


def require_openvino() -> Any:
    """The module `openvino`.

    Raises:
        EngineError: it is not installed.
    """
    try:
        with without_openvino_telemetry():
            import openvino
    except ImportError as error:
        raise EngineError('OpenVINO is not installed; run: pip install "autohdr[openvino]"') from error
    return openvino


def _last_line(error: Exception) -> str:
    """What OpenVINO says, without the places in its source that it says first and the pages that it names last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and "://" not in line]
    return lines[-1].rstrip(".") if lines else type(error).__name__


def _text(value: Any) -> str:
    """An entry of a layer's information, which some versions wrap."""
    return str(value.astype(str) if hasattr(value, "astype") else value)
