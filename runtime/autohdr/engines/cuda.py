"""The `cuda` engine: ONNX Runtime's CUDA provider."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.ort_gpu import Session, require_gpu
from autohdr.model.info import ModelFile

OPTIONS = {
    "device_id": "0",
    "use_tf32": "0",  # TensorFloat-32 has 10 bits of mantissa: a float32 model would not be one
    "cudnn_conv_algo_search": "HEURISTIC",  # the default measures them all, for every new size of batch
    "arena_extend_strategy": "kSameAsRequested",  # the default takes twice what a batch needs
}
"""https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html"""


class CudaEngine:
    """ONNX Runtime on an NVIDIA GPU. A batch is computed at once; see `Session` for what that means to its photos."""

    name = "cuda"

    def __init__(self, model: ModelFile, cache: Path) -> None:
        self._wheel, driver = require_gpu(["cuda"])
        self._session = Session(self.name, model, [("CUDAExecutionProvider", OPTIONS)], driver)

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        return self._session.infer(pixels)

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`."""
        return {"name": self.name, "library": self._wheel, **self._session.describe()}

    def close(self) -> None:
        """See `Engine.close`."""
        self._session.close()
