"""The float32 graph that everything else is made from and compared with: of a checkpoint, or an `.onnx` of ours."""

import hashlib
import math
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx

from autohdr.errors import ModelError
from autohdr.model import ModelInfo
from autohdr.onnx_file import read_model
from autohdr.sliders import SLIDERS
from autohdr_export.errors import ExportError
from autohdr_export.onnx_graph import OPSET, describe, learnt, to_bytes, trace
from autohdr_export.parity import BATCHES, TOLERANCES, Parity, compare
from autohdr_train.network.checkpoint import Checkpoint, load


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A float32 model."""

    data: bytes
    """The whole file."""
    info: ModelInfo
    parity: Parity | None
    """With torch; None where there is no torch network, because the source is an `.onnx`."""

    @property
    def digest(self) -> str:
        """The digest, as a `ModelFile` has it."""
        return hashlib.sha256(self.data).hexdigest()[:12]

    @property
    def model(self) -> onnx.ModelProto:
        """The graph, a new copy each time."""
        return onnx.load_model_from_string(self.data)


def reference(source: Path) -> Reference:
    """The float32 model of a checkpoint folder or an `.onnx`.

    Raises:
        ModelError: there is neither, or it is damaged, or not float32.
        ExportError: the graph answers otherwise than torch by more than the tolerance.
        EngineError: ONNX Runtime is not installed.
    """
    return _read(source) if source.suffix == ".onnx" else _trace(source)


def _read(path: Path) -> Reference:
    model = read_model(path)
    info = model.info
    if info.precision != "float32":
        raise ModelError(f"{path} is in {info.precision}; expected the float32 model, or the folder that it came from")
    return Reference(model.data, info, None)


def _trace(folder: Path) -> Reference:
    trained = load(folder)
    model, info = trace(trained.network, trained.spec.size), _info(trained)
    describe(model, info, learnt(trained.network))
    parity = compare(to_bytes(model), trained.network, trained.spec)
    tolerance = TOLERANCES["float32"]
    if not parity.within(tolerance):
        raise ExportError(
            f"{folder}: the exported network differs from the trained one by {parity.beyond(tolerance)}; expected at "
            f"most {tolerance}; nothing was written, please report this"
        )
    info.proof.update(_proof(parity))
    describe(model, info)
    return Reference(to_bytes(model), info, parity)


def _info(trained: Checkpoint) -> ModelInfo:
    features = trained.network.features
    assert features is not None
    return ModelInfo(
        trained.name,
        trained.spec,
        trained.trained_on,
        version("autohdr"),
        OPSET,
        features.size,
        features.learnt,
        trained.network.head,
        mode=trained.mode,
    )


def _proof(parity: Parity) -> dict[str, Any]:
    """The part of a model file on its parity with torch. Rounded up, so that the same weights give the same bytes
    wherever float32 is computed in another order.
    """
    limits = TOLERANCES["float32"].limits
    below = (_up(max(worst, limit / 10)) for worst, limit in zip(parity.worst, limits, strict=True))
    return {
        "reference": "torch",
        "inputs": sum(BATCHES),
        "batches": list(BATCHES),
        "below": {slider.key: value for slider, value in zip(SLIDERS, below, strict=True)},
        "features_below": _up(max(parity.features, 1e-5)),
    }


def _up(value: float) -> float:
    """The next number of one digit."""
    step = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return float(f"{math.ceil(value / step - 1e-9) * step:.1g}")
