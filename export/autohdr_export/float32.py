"""The float32 model that everything else is made from and compared with: of a checkpoint, or an `.onnx` of ours."""

import math
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autohdr.engines.prove.difference import TOLERANCES, Difference
from autohdr.errors import ModelError
from autohdr.model.info import ModelFile, ModelInfo
from autohdr.model.onnx_file import check, read_model
from autohdr.sliders import SLIDERS
from autohdr_export.errors import ExportError
from autohdr_export.graph.file import describe, learnt, to_bytes
from autohdr_export.graph.trace import OPSET, trace
from autohdr_export.prove.against_torch import against_torch
from autohdr_export.prove.trial import BATCHES
from autohdr_train.network.checkpoint import Checkpoint, load


@dataclass(frozen=True, slots=True, eq=False)
class Float32:
    """A float32 model."""

    file: ModelFile
    difference: Difference | None
    """The difference from torch; None where there is no torch network, because the source is an `.onnx`."""


def float32(source: Path) -> Float32:
    """Returns the float32 model of a checkpoint folder or an `.onnx`.

    Raises:
        ModelError: there is neither, or it is damaged, or not float32.
        ExportError: the graph answers otherwise than torch by more than the tolerance.
        EngineError: ONNX Runtime is not installed.
    """
    return _read(source) if source.suffix == ".onnx" else _traced(source)


def _read(path: Path) -> Float32:
    file = read_model(path)
    if file.info.precision != "float32":
        raise ModelError(
            f"{path} is in {file.info.precision}; expected the float32 model, or the folder that it came from"
        )
    return Float32(file, None)


def _traced(folder: Path) -> Float32:
    trained = load(folder)
    model, beside = trace(trained.network, trained.spec.size), learnt(trained.network)
    difference = against_torch(model.SerializeToString(), beside.head, trained)
    tolerance = TOLERANCES["float32"]
    if not difference.within(tolerance):
        raise ExportError(
            f"{folder}: the exported network differs from the trained one by {difference.beyond(tolerance)}; expected "
            f"at most {tolerance}; nothing was written, please report this"
        )
    describe(model, _info(trained, _proof(difference)), beside)
    return Float32(check(to_bytes(model), folder), difference)


def _info(trained: Checkpoint, proof: dict[str, Any]) -> ModelInfo:
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
        proof=proof,
        mode=trained.mode,
    )


def _proof(difference: Difference) -> dict[str, Any]:
    """What the model file says of it. Rounded up, so that the same weights give the same bytes wherever float32 is
    computed in another order.
    """
    limits = TOLERANCES["float32"].limits
    below = (_up(max(worst, limit / 10)) for worst, limit in zip(difference.worst, limits, strict=True))
    return {
        "reference": "torch",
        "inputs": sum(BATCHES),
        "batches": list(BATCHES),
        "below": {slider.key: value for slider, value in zip(SLIDERS, below, strict=True)},
        "features_below": _up(max(difference.features, 1e-5)),
    }


def _up(value: float) -> float:
    """The next number of one digit."""
    step = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return float(f"{math.ceil(value / step - 1e-9) * step:.1g}")
