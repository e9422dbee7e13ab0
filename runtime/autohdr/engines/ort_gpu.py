"""Runs ONNX Runtime on an NVIDIA GPU, and on nothing else unnoticed, for the engines `cuda` and `ort-trt`.

ONNX Runtime lists its GPU providers on machines without a GPU, and where one cannot work it goes to the CPU and says so
in a log at most. Here what it needs is looked for first, and where it has put the network's nodes afterwards.
"""

import contextlib
import ctypes
import importlib.util
import io
import mmap
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.failures import inferring, lacks_memory, line
from autohdr.engines.nvidia import Driver, open_driver
from autohdr.engines.wheel import require_onnxruntime
from autohdr.errors import DeviceLostError, EngineError
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME, ModelFile
from autohdr.system.no_telemetry import import_onnxruntime

_LIBRARY = "onnxruntime_providers_{}.dll" if sys.platform == "win32" else "libonnxruntime_providers_{}.so"
_NAMED = re.compile(rb"(?:cu|nv)[A-Za-z]+(?:64)?_\d+\.dll" if sys.platform == "win32" else rb"lib(?:cu|nv)\w+\.so\.\d+")
"""Names of NVIDIA's libraries, such as `libcublasLt.so.13` and `nvinfer_10.dll`, as they stand in a provider's file."""
_SAID = re.compile(r"(CUDA|CUDNN|CUBLAS) (failure|error) [^;\n]+")
_SHAPES = {
    *("Shape", "Size", "Cast", "Concat", "Constant", "ConstantOfShape", "Expand", "Gather", "Identity", "Range"),
    *("Reshape", "Slice", "Squeeze", "Unsqueeze", "Where", "Add", "Sub", "Mul", "Div", "Mod", "Neg", "Max", "Min"),
    *("Equal", "Greater", "Less", "Not"),
}
"""Operators that ONNX Runtime leaves on the CPU on purpose where they compute shapes, a few whole numbers."""


def require_gpu(needs: Sequence[str]) -> tuple[str, Driver]:
    """ONNX Runtime's wheel, and the driver, where these providers' libraries can be loaded; they are loaded then.

    Args:
        needs: `cuda`, `tensorrt`: as the libraries' names have it.

    Raises:
        EngineError: the driver, the wheel or a library is missing; the sentence names it and says what to install.
    """
    driver = open_driver()
    wheel = require_onnxruntime("gpu")
    onnxruntime = import_onnxruntime()
    built = int((onnxruntime.cuda_version or "0").split(".")[0])
    if driver.cuda[0] < built:
        raise EngineError(
            f"{wheel} needs a driver for CUDA {built}, and this one runs CUDA {driver.cuda[0]}.{driver.cuda[1]} at "
            "most; update NVIDIA's driver"
        )
    _preload(onnxruntime)
    folder = Path(onnxruntime.__file__).parent / "capi"
    missing = sorted({name for provider in needs for name in missing_libraries(folder, provider)})
    if missing:
        raise EngineError(f"{wheel} cannot load {', '.join(missing)}; run: pip install {_packages(missing, built)}")
    return wheel, driver


def missing_libraries(folder: Path, provider: str) -> list[str]:
    """Names of the libraries that a provider's own library, in `folder`, needs and the system cannot load."""
    path = folder / _LIBRARY.format(provider)
    with contextlib.suppress(OSError):
        _load(folder / _LIBRARY.format("shared"), ctypes.RTLD_GLOBAL)
        _load(path)
        return []
    if not path.is_file():
        return [path.name]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        names = {match.decode() for match in _NAMED.findall(content)}
    # A file that names one library in two versions looks for the newer first.
    newest = {re.split(r"\.so\.|_\d+\.dll", name)[0]: name for name in sorted(names, key=_number)}
    return sorted(name for name in newest.values() if not _loads(name))


def _number(name: str) -> int:
    return int(re.findall(r"\d+", name)[-1])


def _loads(name: str) -> bool:
    try:
        _load(name)
    except OSError:
        return False
    return True


def _load(name: str | Path, mode: int = ctypes.DEFAULT_MODE) -> None:
    """Loads a library, or raises OSError. On Windows PATH is searched, too, as ONNX Runtime does."""
    ctypes.CDLL(str(name), mode, winmode=0)


def _preload(onnxruntime: Any) -> None:
    """Loads what pip packages bring, which the system would not find: CUDA, cuDNN and TensorRT."""
    onnxruntime.set_default_logger_severity(4)  # what goes wrong is raised, too
    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it does not find
        onnxruntime.preload_dlls()
    found = importlib.util.find_spec("tensorrt_libs")
    for folder in (found and found.submodule_search_locations) or ():
        for name in ("nvinfer", "nvinfer_plugin", "nvonnxparser"):
            for path in (*Path(folder).glob(f"lib{name}.so.*"), *Path(folder).glob(f"{name}_*.dll")):
                with contextlib.suppress(OSError):
                    _load(path)


def _packages(missing: list[str], cuda: int) -> str:
    """The packages that pip is to install."""
    tensorrt = [name for name in missing if re.search(r"nvinfer|nvonnxparser", name)]
    index = (
        f'--extra-index-url https://pypi.nvidia.com "tensorrt-cu{cuda}=={_number(tensorrt[0])}.*"' if tensorrt else ""
    )
    rest = '"onnxruntime-gpu[cuda,cudnn]"' if len(tensorrt) < len(missing) else ""
    return f"{index} {rest}".strip()


class Session:
    """A model on ONNX Runtime's providers, the first of which has what there is to compute.

    Photos of a batch are computed at once, and the libraries below choose their kernels by the batch's size: features
    of one photo may differ from batch to batch as roundings do, within the tolerance of the model's precision.
    """

    def __init__(
        self, engine: str, model: ModelFile, providers: Sequence[tuple[str, dict[str, str]]], driver: Driver | None
    ) -> None:
        """Loads the model.

        Args:
            engine: its name, for sentences.
            model: what to load.
            providers: of ONNX Runtime, with their options: one that must take part, then others that may.
            driver: of the GPU, for memory that it reads directly; None for ordinary memory.

        Raises:
            EngineError: ONNX Runtime cannot use them, or leaves computing to another provider.
        """
        onnxruntime = import_onnxruntime()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # what goes wrong is raised, too
        options.intra_op_num_threads = 1  # only shapes are left to the CPU, and the threads that decode need it
        options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
        try:
            self._session = onnxruntime.InferenceSession(
                model.data, options, providers=list(providers), enable_fallback=0
            )
        except Exception as error:  # ONNX Runtime's own exceptions share no base class
            raise EngineError(
                f"engine {engine} cannot load {model.path} ({_line(error)}); use another engine"
            ) from error
        self._engine, self._driver = engine, driver
        self.placed = self._check([name for name, _ in providers])
        self._binding = self._session.io_binding()
        self._staging = np.empty(0, np.float32)
        self.pinned = False

    def _check(self, wanted: list[str]) -> dict[str, int]:
        """Checks how many nodes each provider has.

        Raises:
            EngineError: it is not as the engine says.
        """
        used = self._session.get_providers()[0]
        if used != wanted[0]:
            raise EngineError(f"engine {self._engine} would run on {used}; see autohdr doctor")
        if not hasattr(self._session, "get_provider_graph_assignment_info"):
            raise EngineError(
                "ONNX Runtime before 1.24 does not say where it computes; run: pip install -U onnxruntime-gpu"
            )
        parts = [
            (part.ep_name, [node.op_type for node in part.get_nodes()])
            for part in self._session.get_provider_graph_assignment_info()
        ]
        strayed = sorted({kind for name, kinds in parts if name not in wanted for kind in kinds} - _SHAPES)
        placed: Counter[str] = Counter()
        for name, kinds in parts:
            placed[name] += len(kinds)
        if strayed or not placed[wanted[0]]:
            raise EngineError(
                f"engine {self._engine} would leave {', '.join(strayed) or 'everything'} to another device; update "
                "onnxruntime-gpu and cuDNN, or use another engine"
            )
        return dict(placed)

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        try:
            self._binding.bind_cpu_input(INPUT_NAME, self._staged(pixels))
            self._binding.bind_output(OUTPUT_NAME)
            self._session.run_with_iobinding(self._binding)
            return np.array(self._binding.copy_outputs_to_cpu()[0], np.float32)
        except Exception as error:
            raise failure(self._engine, error, len(pixels)) from error

    def _staged(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """The photos in the memory that the GPU reads. IT IS REUSED BY THE NEXT BATCH."""
        if self._staging.size < pixels.size:
            pinned = self._driver.pinned(pixels.size) if self._driver else None
            self.pinned = pinned is not None
            self._staging = np.empty(pixels.size, np.float32) if pinned is None else pinned
        staged = self._staging[: pixels.size].reshape(pixels.shape)
        np.copyto(staged, pixels)
        return staged

    def describe(self) -> dict[str, Any]:
        """Says what the session runs on, as plain JSON."""
        described: dict[str, Any] = {
            "provider": self._session.get_providers()[0],
            "nodes": self.placed,
            "pinned": self.pinned,
        }
        if self._driver:
            described.update(device=self._driver.gpus[0].name, driver=self._driver.version)
        return described

    def close(self) -> None:
        """Give back the device."""
        del self._binding, self._session


def failure(engine: str, error: Exception, photos: int) -> EngineError:
    """The error that an exception of ONNX Runtime's, in the midst of a run, means."""
    if lacks_memory(error) or not _SAID.search(str(error)):  # else it is the photo that ONNX Runtime does not take
        return inferring(engine, error, photos, _line(error))
    return DeviceLostError(
        f"engine {engine} has failed ({_line(error)}); see that nvidia-smi lists the GPU, or use another engine"
    )


def _line(error: Exception) -> str:
    """What NVIDIA's library said, where it stands in an error, else the error's first line, shortened."""
    said = _SAID.search(str(error))
    return said[0].strip() if said else line(error)
