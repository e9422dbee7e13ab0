"""From a checkpoint folder to one ONNX file that the runtime can use, proven equal to what was trained."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from autohdr.errors import SettingsError
from autohdr.files import write_atomically
from autohdr.model import ModelInfo
from autohdr_export.errors import ExportError
from autohdr_export.onnx_graph import OPSET, describe, to_bytes, trace
from autohdr_export.parity import Parity, compare
from autohdr_train.checkpoint import load
from autohdr_train.folders import make_folder


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    path: Path
    size: int
    """Bytes."""
    parity: Parity


def export_onnx(checkpoint: Path, out: Path | None = None) -> Exported:
    """Write a checkpoint as one `.onnx`, after comparing its answers with torch's.

    Args:
        checkpoint: the --out folder of autohdr-train.
        out: the file, replaced if it is there; None is `model.onnx` in the checkpoint.

    Raises:
        ModelError: there is no checkpoint, or it is damaged.
        SettingsError: `out` is no `.onnx`, or its folder cannot be made.
        ExportError: the answers differ by more than `parity.TOLERANCE`; nothing was written.
        EngineError: ONNX Runtime is not installed.
        FileError: the file cannot be written.
    """
    path = checkpoint / "model.onnx" if out is None else out
    if path.suffix != ".onnx":
        raise SettingsError(f"--out {path} does not end in .onnx; expected the name of the model file to write")
    trained = load(checkpoint)
    model = trace(trained.network, trained.spec.size)
    describe(model, ModelInfo(trained.name, trained.spec, trained.trained_on, version("autohdr"), OPSET))
    data = to_bytes(model)
    parity = compare(data, trained.network, trained.spec)
    if not parity.within:
        raise ExportError(
            f"{checkpoint}: the exported network differs from the trained one by {parity}; expected at most 0.01 EV "
            "and 0.1; nothing was written, please report this"
        )
    make_folder(path.parent, "--out")
    write_atomically(path, data)
    return Exported(path, len(data), parity)
