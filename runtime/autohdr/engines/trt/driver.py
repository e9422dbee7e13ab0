"""The first GPU's memory and streams, through NVIDIA's bindings of the CUDA driver for Python.

Which GPU that is says `engines.nvidia`, before TensorRT is asked anything: without a driver TensorRT 8.6's Runtime was
seen to crash the process.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.nvidia import Driver, open_driver
from autohdr.engines.trt.library import INSTALL
from autohdr.errors import DeviceLostError, EngineError, OutOfMemoryError

_MEMORY = {"OUT_OF_MEMORY", "LAUNCH_OUT_OF_RESOURCES"}
_USABLE = {"INVALID_VALUE", "NOT_SUPPORTED", "NOT_PERMITTED", "NOT_FOUND", "INVALID_HANDLE"}
"""After these the GPU still answers: a bug, or a setting of the machine. `STREAM_CAPTURE_...` too. After any other it
does not."""
_PREFIX = "CUDA_ERROR_"


@dataclass(frozen=True, slots=True)
class Card:
    """A GPU, as plans depend on it."""

    name: str
    arch: str
    """Compute capability, as `sm86`."""
    driver: str
    """The newest CUDA that the driver knows, as `13.0`."""

    @classmethod
    def of(cls, driver: Driver) -> Self:
        """The first GPU that a driver shows."""
        gpu = driver.gpus[0]
        return cls(gpu.name, f"sm{gpu.capability.replace('.', '')}", ".".join(map(str, driver.cuda)))


class Device:
    """The first GPU that CUDA shows (`CUDA_VISIBLE_DEVICES` chooses). All but the constructor needs it `current`."""

    def __init__(self, cuda: Any, card: Card) -> None:
        """Args:
            cuda: the module `cuda.bindings.driver`.
            card: what the GPU is.

        Raises:
            EngineError: it cannot be used.
        """
        self.cuda = cuda
        self.card = card
        self.call(cuda.cuInit(0))
        self._device = self.call(cuda.cuDeviceGet(0))
        self._context = self.call(cuda.cuDevicePrimaryCtxRetain(self._device))

    @contextmanager
    def current(self) -> Iterator[None]:
        """Makes this GPU the one that this thread's CUDA calls, and TensorRT's, go to."""
        self.call(self.cuda.cuCtxPushCurrent(self._context))
        try:
            yield
        finally:
            self.cuda.cuCtxPopCurrent()  # after a failure the first one counts

    def call(self, answer: tuple[Any, ...]) -> Any:
        """Calls a function of the bindings and returns what it gave beside its status: nothing, or one value.

        Raises:
            OutOfMemoryError: the GPU has too little memory.
            DeviceLostError: it does not answer any more.
            EngineError: it refuses, or there is none.
        """
        status, *values = answer
        if status != self.cuda.CUresult.CUDA_SUCCESS:
            raise _failure(status.name.removeprefix(_PREFIX))
        return values[0] if values else None

    def allocate(self, size: int) -> int:
        """Address of `size` bytes on the GPU, at a multiple of 256."""
        return int(self.call(self.cuda.cuMemAlloc(max(size, 1))))

    def free(self, address: int) -> None:
        """Gives back what `allocate` gave."""
        self.cuda.cuMemFree(address)  # one that is lost has nothing to give back

    def pinned(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Zeros in page-locked memory, which copies run to and from at full speed, and beside other work.

        NOT TO BE USED ONCE `free_pinned` HAS BEEN CALLED WITH IT.
        """
        count = int(np.prod(shape))
        address = int(self.call(self.cuda.cuMemHostAlloc(4 * count, 0)))
        array = np.ctypeslib.as_array((ctypes.c_float * count).from_address(address)).reshape(shape)
        array[...] = 0
        return array

    def free_pinned(self, array: NDArray[np.float32]) -> None:
        """Gives back what `pinned` gave."""
        self.cuda.cuMemFreeHost(array.ctypes.data)

    def stream(self) -> Any:
        """A stream that waits for no other; `int` of it is the handle that TensorRT wants."""
        return self.call(self.cuda.cuStreamCreate(self.cuda.CUstream_flags.CU_STREAM_NON_BLOCKING.value))

    def upload(self, address: int, array: NDArray[np.float32], stream: Any) -> None:
        """Queues a copy of a pinned array to the GPU."""
        self.call(self.cuda.cuMemcpyHtoDAsync(address, array.ctypes.data, array.nbytes, stream))

    def download(self, array: NDArray[np.float32], address: int, stream: Any) -> None:
        """Queues a copy from the GPU into a pinned array."""
        self.call(self.cuda.cuMemcpyDtoHAsync(array.ctypes.data, address, array.nbytes, stream))

    def wait(self, stream: Any) -> None:
        """Returns when all that is queued in a stream has been done."""
        self.call(self.cuda.cuStreamSynchronize(stream))

    def capture(self, stream: Any, work: Callable[[], None]) -> Any:
        """Records what `work` queues in a stream as one graph to `launch`, without doing it now; None where CUDA
        cannot.
        """
        mode = self.cuda.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL
        self.call(self.cuda.cuStreamBeginCapture(stream, mode))
        try:
            work()
        except EngineError:
            self.cuda.cuStreamEndCapture(stream)
            return None
        status, graph = self.cuda.cuStreamEndCapture(stream)
        if status != self.cuda.CUresult.CUDA_SUCCESS:
            return None
        status, ready = self.cuda.cuGraphInstantiate(graph, 0)
        self.cuda.cuGraphDestroy(graph)
        return ready if status == self.cuda.CUresult.CUDA_SUCCESS else None

    def launch(self, graph: Any, stream: Any) -> None:
        """Queues all of a graph."""
        self.call(self.cuda.cuGraphLaunch(graph, stream))

    def close(self) -> None:
        """Gives the GPU back."""
        self.cuda.cuDevicePrimaryCtxRelease(self._device)


def open_device() -> Device:
    """The first GPU.

    Raises:
        EngineError: the bindings are not installed, or there is no driver, or no GPU, or it cannot be used.
    """
    try:
        cuda = import_module("cuda.bindings.driver")
    except ImportError as error:
        raise EngineError(f"NVIDIA's CUDA bindings for Python are not installed ({error}); {INSTALL}") from error
    return Device(cuda, Card.of(open_driver()))


def _failure(name: str) -> EngineError:
    if name in _MEMORY:
        return OutOfMemoryError(f"the GPU has too little memory (CUDA: {name}); close what else uses it")
    if name in ("SYSTEM_DRIVER_MISMATCH", "COMPAT_NOT_SUPPORTED_ON_DEVICE", "CALL_REQUIRES_NEWER_DRIVER"):
        return EngineError(f"the NVIDIA driver does not fit (CUDA: {name}); install the newest one, then restart")
    if name in _USABLE or name.startswith("STREAM_CAPTURE"):
        return EngineError(f"CUDA refuses ({name}); use --engine cpu, and please report this")
    return DeviceLostError(f"the GPU has stopped answering (CUDA: {name}); restart the machine or use --engine cpu")
