"""One way through the GPU: a stream with an execution context and page-locked staging of its own.

All batches that go through it have one size, so all the work on one, copies included, is one CUDA graph. Two lanes side
by side let a batch be copied while another is computed.
"""

from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.trt.driver import Device
from autohdr.engines.trt.key import Profile
from autohdr.errors import EngineError, OutOfMemoryError
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME


class Lane:
    """A stream, an execution context, and buffers for `batch` photos."""

    def __init__(self, device: Device, context: Any, log: Any, batch: int, profile: Profile) -> None:
        """Args:
            device: current.
            context: an IExecutionContext whose memory the user manages.
            log: what the library complains to.
            batch: photos, as many as the profile takes.
            profile: the plan's.

        Raises:
            OutOfMemoryError: the GPU has too little memory for `batch` photos.
            EngineError: TensorRT refuses.
        """
        self._device, self._context, self._log = device, context, log
        self._count = 0
        self._held = ExitStack()
        try:
            self._prepare(batch, profile)
        except BaseException:
            self._held.close()
            raise

    @property
    def is_graph(self) -> bool:
        """Whether the work is one CUDA graph; else each kernel is started by itself."""
        return self._graph is not None

    def start(self, pixels: NDArray[np.float32]) -> None:
        """Begins with up to `batch` photos (N, 3, size, size), which are copied. Only after `finish`, or at first."""
        self._count = len(pixels)
        self._pixels[: self._count] = pixels
        if self._graph is None:
            self._enqueue()
        else:
            self._device.launch(self._graph, self._stream)

    def finish(self) -> NDArray[np.float32]:
        """Waits for what was started: its features (N, F). THE NEXT `start` OVERWRITES THEM."""
        self._device.wait(self._stream)
        return self._features[: self._count]

    def close(self) -> None:
        """Gives back all that it holds, once what was started has come to an end."""
        self._device.cuda.cuStreamSynchronize(self._stream)  # whatever it says: a lost GPU does not write any more
        self._held.close()

    def _prepare(self, batch: int, profile: Profile) -> None:
        device, context = self._device, self._context
        self._stream = device.stream()
        self._held.callback(device.cuda.cuStreamDestroy, self._stream)
        self._pixels = self._pinned((batch, 3, profile.size, profile.size))
        self._features = self._pinned((batch, profile.features))
        self._input, self._output = self._memory(self._pixels.nbytes), self._memory(self._features.nbytes)
        self._require(context.set_optimization_profile_async(0, int(self._stream)))
        device.wait(self._stream)
        self._require(context.set_input_shape(INPUT_NAME, self._pixels.shape))
        self._require(context.set_tensor_address(INPUT_NAME, self._input))
        self._require(context.set_tensor_address(OUTPUT_NAME, self._output))
        scratch = context.update_device_memory_size_for_shapes()
        context.set_device_memory(self._memory(scratch), scratch)
        self._enqueue()  # TensorRT's first run prepares what cannot be captured
        device.wait(self._stream)
        self._graph = self._captured()

    def _captured(self) -> Any:
        # Only TensorRT-RTX can say; what cannot be captured there fails while it is.
        can = getattr(self._context, "is_stream_capturable", lambda handle: True)
        graph = self._device.capture(self._stream, self._enqueue) if can(int(self._stream)) else None
        if graph is not None:
            self._held.callback(self._device.cuda.cuGraphExecDestroy, graph)
        return graph

    def _enqueue(self) -> None:
        self._device.upload(self._input, self._pixels, self._stream)
        self._require(self._context.execute_async_v3(int(self._stream)))
        self._device.download(self._features, self._output, self._stream)

    def _require(self, done: bool) -> None:
        """Raises the error that CUDA or TensorRT names, unless TensorRT has done as it was told."""
        if done:
            return
        self._device.wait(self._stream)
        reason = (self._log.errors[-1] if self._log.errors else "it does not say why")[:300].rstrip(" .;")
        if "memory" in reason.lower():
            raise OutOfMemoryError(f"the GPU has too little memory (TensorRT: {reason}); close what else uses it")
        raise EngineError(f"TensorRT cannot run its plan ({reason}); see: autohdr doctor")

    def _pinned(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        array = self._device.pinned(shape)
        self._held.callback(self._device.free_pinned, array)
        return array

    def _memory(self, size: int) -> int:
        address = self._device.allocate(size)
        self._held.callback(self._device.free, address)
        return address
