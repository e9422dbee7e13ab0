"""A GPU of numpy's, behind the calls of `cuda.bindings.driver` and of TensorRT that engine `trt` makes to run a plan.

There is none where the tests run, so what this shows is the order of things, no more: work queued in a stream is done
when somebody waits for that stream, not before, so a buffer that is used again too early gives wrong features.
"""

import ctypes
from collections.abc import Callable
from enum import Enum
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.trt.driver import Card

CUresult = Enum(
    "CUresult",
    [
        "CUDA_SUCCESS",
        "CUDA_ERROR_OUT_OF_MEMORY",
        "CUDA_ERROR_INVALID_VALUE",
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
    ],
)
SUCCESS = (CUresult.CUDA_SUCCESS,)
CARD = Card("Simulated", "sm86", "13.2")
Work = Callable[[], None]


class Stream:
    """What is queued, and what is captured."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.queue: list[Work] = []
        self.captured: list[Work] | None = None

    def __int__(self) -> int:
        return self.number

    def put(self, work: Work) -> None:
        (self.queue if self.captured is None else self.captured).append(work)


class Cuda:
    """The module. `memory` is what the GPU has left, bytes; `fails` is what a call of that name answers with."""

    CUresult = CUresult
    CUstream_flags = SimpleNamespace(CU_STREAM_NON_BLOCKING=SimpleNamespace(value=1))
    CUstreamCaptureMode = SimpleNamespace(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL=1)

    def __init__(self, memory: int = 1 << 30) -> None:
        self.memory = memory
        self.fails: dict[str, CUresult] = {}
        self.streams: dict[int, Stream] = {}
        self.held: dict[int, Any] = {}
        self.launched = 0
        self.current = 0

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("cu") and (status := self.fails.get(name)):
            return lambda *arguments: (status, None)
        return object.__getattribute__(self, name)

    def cuInit(self, flags: int) -> Any:  # noqa: N802  # CUDA's names, here and below
        return SUCCESS

    def cuDeviceGet(self, number: int) -> Any:  # noqa: N802
        return (*SUCCESS, number)

    def cuDevicePrimaryCtxRetain(self, device: int) -> Any:  # noqa: N802
        return (*SUCCESS, "context")

    def cuDevicePrimaryCtxRelease(self, device: int) -> Any:  # noqa: N802
        return SUCCESS

    def cuCtxPushCurrent(self, context: str) -> Any:  # noqa: N802
        self.current += 1
        return SUCCESS

    def cuCtxPopCurrent(self) -> Any:  # noqa: N802
        self.current -= 1
        return (*SUCCESS, "context")

    def cuMemAlloc(self, size: int) -> Any:  # noqa: N802
        if size > self.memory:
            return (CUresult.CUDA_ERROR_OUT_OF_MEMORY, None)
        self.memory -= size
        return (*SUCCESS, self._hold(size))

    def cuMemFree(self, address: int) -> Any:  # noqa: N802
        self.memory += len(self.held.pop(address))
        return SUCCESS

    def cuMemHostAlloc(self, size: int, flags: int) -> Any:  # noqa: N802
        return (*SUCCESS, self._hold(size))

    def cuMemFreeHost(self, address: int) -> Any:  # noqa: N802
        del self.held[address]
        return SUCCESS

    def cuStreamCreate(self, flags: int) -> Any:  # noqa: N802
        stream = Stream(1 + max(self.streams, default=0))
        self.streams[stream.number] = stream
        return (*SUCCESS, stream)

    def cuStreamDestroy(self, stream: Stream) -> Any:  # noqa: N802
        del self.streams[stream.number]
        return SUCCESS

    def cuMemcpyHtoDAsync(self, to: int, source: int, size: int, stream: Stream) -> Any:  # noqa: N802
        def copy() -> None:
            ctypes.memmove(to, source, size)

        stream.put(copy)
        return SUCCESS

    cuMemcpyDtoHAsync = cuMemcpyHtoDAsync  # noqa: N815

    def cuStreamSynchronize(self, stream: Stream) -> Any:  # noqa: N802
        assert stream.captured is None, "nothing may wait for a stream that is captured"
        while stream.queue:
            stream.queue.pop(0)()
        return SUCCESS

    def cuStreamBeginCapture(self, stream: Stream, mode: int) -> Any:  # noqa: N802
        stream.captured = []
        return SUCCESS

    def cuStreamEndCapture(self, stream: Stream) -> Any:  # noqa: N802
        graph, stream.captured = stream.captured, None
        return (*SUCCESS, graph)

    def cuGraphInstantiate(self, graph: list[Work], flags: int) -> Any:  # noqa: N802
        return (*SUCCESS, list(graph))

    def cuGraphDestroy(self, graph: list[Work]) -> Any:  # noqa: N802
        graph.clear()
        return SUCCESS

    def cuGraphExecDestroy(self, graph: list[Work]) -> Any:  # noqa: N802
        graph.clear()
        return SUCCESS

    def cuGraphLaunch(self, graph: list[Work], stream: Stream) -> Any:  # noqa: N802
        self.launched += 1
        stream.queue += graph
        return SUCCESS

    def _hold(self, size: int) -> int:
        buffer = (ctypes.c_byte * size)()
        self.held[ctypes.addressof(buffer)] = buffer
        return ctypes.addressof(buffer)


class Context:
    """An execution context of a network whose features are `answer` of the photos."""

    def __init__(self, cuda: Cuda, *, refuses: bool = False) -> None:
        self._cuda, self._refuses = cuda, refuses
        self._address: dict[str, int] = {}
        self._shape: tuple[int, ...] = ()

    def set_optimization_profile_async(self, profile: int, stream: int) -> bool:
        return profile == 0 and stream in self._cuda.streams

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        self._shape = shape
        return True

    def set_tensor_address(self, name: str, address: int) -> bool:
        self._address[name] = address
        return True

    def update_device_memory_size_for_shapes(self) -> int:
        return 1000 * self._shape[0]

    def set_device_memory(self, address: int, size: int) -> None:
        assert len(self._cuda.held[address]) >= size

    def execute_async_v3(self, stream: int) -> bool:
        assert self._cuda.current, "TensorRT needs a current CUDA context"
        if not self._refuses:
            self._cuda.streams[stream].put(self._compute)
        return not self._refuses

    def _compute(self) -> None:
        photos = _array(self._address["pixels"], self._shape)
        _array(self._address["features"], (self._shape[0], 8))[...] = answer(photos)


def answer(photos: NDArray[np.float32]) -> NDArray[np.float32]:
    """Eight numbers (N, 8) that tell each photo from any other."""
    return np.stack([photos.reshape(len(photos), -1)[:, index] for index in range(8)], axis=1)


def _array(address: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.ctypeslib.as_array((ctypes.c_float * int(np.prod(shape))).from_address(address)).reshape(shape)


class Engine:
    """A plan on the simulated GPU: `plan` is the size of its photos."""

    num_io_tensors = 2

    def __init__(self, cuda: Cuda, plan: bytes) -> None:
        self._cuda, self._size = cuda, int(plan)

    def get_tensor_name(self, index: int) -> str:
        return ("pixels", "features")[index]

    def get_tensor_shape(self, name: str) -> tuple[int, ...]:
        return (-1, 3, self._size, self._size) if name == "pixels" else (-1, 8)

    def get_tensor_dtype(self, name: str) -> str:
        return "float"

    def get_tensor_profile_shape(self, name: str, profile: int) -> list[tuple[int, ...]]:
        return [(count, 3, self._size, self._size) for count in (1, 8, 256)]

    def create_runtime_config(self) -> "Settings":
        return Settings()

    def create_execution_context(self, settings: Any) -> Context:
        if isinstance(settings, Settings):
            assert (settings.strategy, settings.dynamic_shapes_kernel_specialization_strategy) == ("user", "eager")
            assert settings.cache is not None
            settings.cache.kernels = b"kernels"
        else:
            assert settings == "user"
        return Context(self._cuda)


class Settings:
    """An IRuntimeConfig."""

    strategy = dynamic_shapes_kernel_specialization_strategy = ""
    cache: "Kernels | None" = None

    def set_execution_context_allocation_strategy(self, strategy: str) -> None:
        self.strategy = strategy

    def create_runtime_cache(self) -> "Kernels":
        return Kernels()

    def set_runtime_cache(self, cache: "Kernels") -> bool:
        self.cache = cache
        return True


class Kernels:
    """An IRuntimeCache."""

    def __init__(self) -> None:
        self.kernels = b""

    def serialize(self) -> bytes:
        return self.kernels

    def deserialize(self, kernels: bytes) -> bool:
        self.kernels = kernels
        return True


class Log:
    """An ILogger."""

    Severity = SimpleNamespace(ERROR=1)

    def log(self, severity: int, message: str) -> None:
        raise NotImplementedError


def tensorrt(cuda: Cuda, *, rtx: bool) -> SimpleNamespace:
    """A module like `tensorrt` or `tensorrt_rtx`, as far as plans are run. `b"broken"` is one that does not load."""

    class Runtime:
        def __init__(self, log: Log) -> None:
            self._log = log

        def deserialize_cuda_engine(self, plan: bytes) -> Engine | None:
            if plan == b"broken":
                self._log.log(1, "Error Code 6:  it is broken.\n")
                return None
            return Engine(cuda, plan)

    calls = ("execute_async_v3", "set_device_memory")
    late = {
        "IRuntimeCache": Kernels,
        "DynamicShapesKernelSpecializationStrategy": SimpleNamespace(EAGER="eager"),
        "ComputeCapability": SimpleNamespace(__members__=["SM86"]),
    }
    return SimpleNamespace(
        __version__="1.2.3",
        ILogger=Log,
        Runtime=Runtime,
        DataType=SimpleNamespace(FLOAT="float"),
        ExecutionContextAllocationStrategy=SimpleNamespace(USER_MANAGED="user"),
        IExecutionContext=SimpleNamespace(**dict.fromkeys(calls)),
        IBuilderConfig=SimpleNamespace(**({"set_compute_capability": None} if rtx else {})),
        **(late if rtx else {}),
    )
