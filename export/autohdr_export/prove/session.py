"""A graph in ONNX Runtime on the CPU, as a whole and value by value: what no engine of the runtime gives."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.cpu import open_session
from autohdr.engines.wheel import require_onnxruntime
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME
from autohdr_export.errors import ExportError

Pixels = NDArray[np.float32]


def run(model: bytes, batches: Iterable[Pixels], outputs: Sequence[str] = (OUTPUT_NAME,)) -> Iterator[list[Pixels]]:
    """Yields the values of a graph's outputs for each batch (N, 3, S, S), which is computed at once.

    Raises:
        EngineError: ONNX Runtime is not installed.
        ExportError: it refuses the model.
    """
    require_onnxruntime()
    try:
        session = open_session(model)
        for pixels in batches:
            yield session.run(list(outputs), {INPUT_NAME: pixels})
    except Exception as error:  # ONNX Runtime's own exceptions share no base class
        raise ExportError(f"ONNX Runtime refuses the exported model ({error}); please report this") from error
