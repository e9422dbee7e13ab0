"""The `cpu` engine: ONNX Runtime's CPU provider."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.wheel import require_onnxruntime
from autohdr.errors import ModelError
from autohdr.model import INPUT_NAME, OUTPUT_NAME


class CpuEngine:
    """ONNX Runtime on the CPU. One photo at a time, so that a photo's sliders never depend on its batch."""

    name = "cpu"

    def __init__(self, model: Path) -> None:
        self._wheel = require_onnxruntime()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Spinning while it waits would take the cores from the threads that decode.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's own exceptions share no base class
            raise ModelError(f"{model} cannot be loaded by ONNX Runtime ({error}); export it again") from error

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        return np.concatenate(
            [self._session.run([OUTPUT_NAME], {INPUT_NAME: pixels[i : i + 1]})[0] for i in range(len(pixels))]
        )

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`."""
        return {"name": self.name, "library": self._wheel, "provider": self._session.get_providers()[0]}

    def close(self) -> None:
        """See `Engine.close`."""
        del self._session
