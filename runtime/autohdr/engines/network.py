"""A model on an engine: the layer that every engine shares. It refuses a model or a batch before an engine sees it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.base import Engine
from autohdr.engines.registry import open_engine
from autohdr.engines.wheel import require_onnxruntime
from autohdr.errors import ModelError
from autohdr.model import INPUT_NAME, METADATA_KEY, OUTPUT_NAME, ModelInfo, find_model
from autohdr.sliders import SLIDERS


@dataclass(frozen=True, slots=True)
class Network:
    """A loaded model with what its metadata says."""

    path: Path
    digest: str
    """SHA-256 of the file, the first 12 hexadecimal digits: two models of one name are two models."""
    info: ModelInfo
    engine: Engine

    @property
    def label(self) -> str:
        """Name and digest, as sidecars record them."""
        return f"{self.info.name} {self.digest}"

    def predict(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sliders (N, 8), scaled to [-1, 1], of prepared photos; not finite where the network cannot answer.

        Args:
            pixels: float32 (N, 3, size, size), N >= 1, as `autohdr.prepare` makes them for `info.spec`.

        Raises:
            ValueError: `pixels` has another shape or type.
            ModelError: the network's answer has another shape.
        """
        size = self.info.spec.size
        if pixels.ndim != 4 or pixels.shape[1:] != (3, size, size) or not len(pixels) or pixels.dtype != np.float32:
            raise ValueError(f"pixels are {pixels.dtype} {pixels.shape}; expected float32 (N, 3, {size}, {size})")
        sliders = self.engine.infer(np.ascontiguousarray(pixels))
        if sliders.shape != (len(pixels), len(SLIDERS)):
            raise ModelError(f"{self.path} answered with shape {sliders.shape}; export it again or use another model")
        return sliders

    def describe(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "path": str(self.path),
            "name": self.info.name,
            "sha256": self.digest,
            "autohdr": self.info.package_version,
        }


@contextmanager
def open_network(model: Path | None = None, engine: str = "auto") -> Iterator[Network]:
    """A model, None for the default one, on an engine; both are given back at the end.

    Raises:
        ModelError: the model is missing, not ours, or from a newer version.
        EngineError: the engine cannot run here.
    """
    path = find_model(model)
    info = read_info(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    opened = open_engine(engine, path)
    try:
        yield Network(path, digest, info, opened)
    finally:
        opened.close()


def read_info(path: Path) -> ModelInfo:
    """The metadata of a model file.

    Raises:
        ModelError: the file is no ONNX model, or none of ours, or from a newer version.
        EngineError: ONNX Runtime, which reads it, is not installed.
    """
    require_onnxruntime()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # It is only asked what it is: no time for making it fast.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.disable_prepacking", "1")
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own exceptions share no base class
        raise ModelError(
            f"{path} is not an ONNX model that can be read; export it again with autohdr-export"
        ) from error
    text = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    if text is None:
        raise ModelError(f"{path} does not say what it was trained on; expected a model made by autohdr-export")
    try:
        info = ModelInfo.from_json(text)
    except ModelError as error:
        raise ModelError(f"{path} {error}") from error
    form = [(node.name, node.type, node.shape[1:]) for node in (*session.get_inputs(), *session.get_outputs())]
    size = info.spec.size
    expected = [(INPUT_NAME, "tensor(float)", [3, size, size]), (OUTPUT_NAME, "tensor(float)", [len(SLIDERS)])]
    if form != expected:
        raise ModelError(f"{path} has inputs and outputs {form}; expected {expected}: export it again")
    return info
