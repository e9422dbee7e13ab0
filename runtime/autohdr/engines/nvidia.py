"""NVIDIA's driver, asked through its own library and no package: which GPUs there are, and memory that they share.

Libraries above it crash or compute elsewhere where there is no driver, so it is asked first. The functions are those of
the CUDA driver API (https://docs.nvidia.com/cuda/cuda-driver-api/) and of NVML (https://docs.nvidia.com/deploy/nvml-api/).
"""

import ctypes
import sys
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import EngineError

LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_NVML = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"
_CAPABILITY_MAJOR, _CAPABILITY_MINOR = 75, 76  # of CUdevice_attribute
_PORTABLE = 1  # CU_MEMHOSTALLOC_PORTABLE: locked for every context


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU, as the driver names it."""

    name: str
    capability: str
    """Compute capability, such as `8.9`."""
    memory: int
    """Bytes in all."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver that works, with at least one GPU."""

    library: ctypes.CDLL
    cuda: tuple[int, int]
    """The newest CUDA that it can run."""
    version: str | None
    """The driver's version as NVIDIA numbers them, such as `580.65.06`; None where NVML is not there."""
    gpus: tuple[Gpu, ...]

    def pinned(self, values: int) -> NDArray[np.float32] | None:
        """An array of that many float32 in page-locked memory, which the first GPU reads without a copy in between;
        None where the driver has none to give. It is given back with the array.
        """
        context, pointer = ctypes.c_void_p(), ctypes.c_void_p()
        call = self.library
        refused = (
            call.cuDevicePrimaryCtxRetain(ctypes.byref(context), 0)
            or call.cuCtxSetCurrent(context)
            or call.cuMemHostAlloc(ctypes.byref(pointer), ctypes.c_size_t(4 * values), _PORTABLE)
        )
        if refused or not pointer.value:
            return None
        buffer = (ctypes.c_float * values).from_address(pointer.value)
        # At the process's end the system takes it back, and the driver may be gone by then.
        weakref.finalize(buffer, call.cuMemFreeHost, pointer).atexit = False
        return np.ctypeslib.as_array(buffer)


def open_driver() -> Driver:
    """The driver of this machine.

    Raises:
        EngineError: there is none, or it does not work, or it sees no GPU.
    """
    if sys.platform == "darwin":
        raise EngineError("NVIDIA has no driver for macOS; use another engine")
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError as error:
        raise EngineError(
            f"NVIDIA's driver is not installed ({LIBRARY} cannot be loaded); install the driver of your GPU, or use "
            "another engine"
        ) from error
    if code := library.cuInit(0):
        raise EngineError(
            f"NVIDIA's driver cannot be used (cuInit: {_error(library, code)}); see that nvidia-smi lists a GPU, or "
            "use another engine"
        )
    gpus = tuple(_gpu(library, index) for index in range(_number(library.cuDeviceGetCount)))
    if not gpus:
        raise EngineError("NVIDIA's driver sees no GPU; see that nvidia-smi lists one, or use another engine")
    cuda = _number(library.cuDriverGetVersion)
    return Driver(library, (cuda // 1000, cuda % 1000 // 10), _version(), gpus)


def _gpu(library: ctypes.CDLL, index: int) -> Gpu:
    device, name, memory = ctypes.c_int(), ctypes.create_string_buffer(256), ctypes.c_size_t()
    library.cuDeviceGet(ctypes.byref(device), index)
    library.cuDeviceGetName(name, len(name), device)
    library.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    major = _number(library.cuDeviceGetAttribute, _CAPABILITY_MAJOR, device)
    minor = _number(library.cuDeviceGetAttribute, _CAPABILITY_MINOR, device)
    return Gpu(name.value.decode(errors="replace"), f"{major}.{minor}", memory.value)


def _number(function: Any, *arguments: Any) -> int:
    """What a function of the driver writes to its first argument; 0 where it fails."""
    number = ctypes.c_int()
    return 0 if function(ctypes.byref(number), *arguments) else number.value


def _error(library: ctypes.CDLL, code: int) -> str:
    text = ctypes.c_char_p()
    library.cuGetErrorString(code, ctypes.byref(text))
    return f"{(text.value or b'an unknown error').decode(errors='replace')}, code {code}"


def _version() -> str | None:
    try:
        library = ctypes.CDLL(_NVML)
        text = ctypes.create_string_buffer(96)
        if library.nvmlInit_v2() or library.nvmlSystemGetDriverVersion(text, len(text)):
            return None
        library.nvmlShutdown()
    except (OSError, AttributeError):
        return None
    return text.value.decode(errors="replace") or None
