"""The `cpu` engine: ONNX Runtime's CPU provider."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.wheel import require_onnxruntime
from autohdr.errors import ModelError
from autohdr.model import INPUT_NAME, OUTPUT_NAME, ModelFile


class CpuEngine:
    """ONNX Runtime on the CPU. Each photo by itself, so that its sliders never depend on its batch.

    The photos of a batch run side by side, each on one thread: splitting one photo's work among threads costs more.
    Measured in November 2026 on two cores with the default model: 45 ms of processor time a photo with ONNX Runtime's
    `intra_op_num_threads` at 1, 52 ms at 2.
    """

    name = "cpu"

    def __init__(self, model: ModelFile, cache: Path) -> None:
        self._wheel = require_onnxruntime()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(model.path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's own exceptions share no base class
            raise ModelError(f"{model.path} cannot be loaded by ONNX Runtime ({error}); export it again") from error
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "network")

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        return np.concatenate(list(self._threads.map(self._infer_one, np.split(pixels, len(pixels)))))

    def _infer_one(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._session.run([OUTPUT_NAME], {INPUT_NAME: pixels})[0]

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`."""
        return {"name": self.name, "library": self._wheel, "provider": self._session.get_providers()[0]}

    def close(self) -> None:
        """See `Engine.close`."""
        self._threads.shutdown()
        del self._session
