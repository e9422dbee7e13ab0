"""Makes one model file for the runtime from a checkpoint folder or a float32 `.onnx`, proven before it is kept."""

import dataclasses
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx

from autohdr.files.folders import is_there, make_folder
from autohdr.files.whole import write_atomically
from autohdr.model.info import ModelFile
from autohdr_export.errors import ExportError
from autohdr_export.float32 import Float32, float32
from autohdr_export.graph.file import describe, to_bytes
from autohdr_export.lower.lowered import lower
from autohdr_export.prove.everywhere import Row, everywhere
from autohdr_export.prove.judge import Proof, judge
from autohdr_export.prove.samples import samples
from autohdr_export.prove.trial import Yardstick
from autohdr_export.wanted import FLOAT32, Wanted, destination


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A model file's bytes, with what was measured of them."""

    data: bytes
    proof: Proof | None = None
    """How the model was proven; None for float32, which is proven with torch."""
    told: dict[str, Any] = field(default_factory=dict)
    """What the file says of it, plain JSON."""
    tried: list[dict[str, Any]] = field(default_factory=list)
    """Other ways that were measured, plain JSON."""


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """What was written."""

    path: Path
    replaced: bool
    """An earlier export was there."""
    wanted: Wanted
    base: Float32
    made: Made
    rows: list[Row] = field(default_factory=list)
    """The proofs of both models on every engine that runs here, where that was asked for."""
    left_out: list[str] = field(default_factory=list)
    """Engines that do not, with the reason."""

    @property
    def size(self) -> int:
        """Size of the file, in bytes."""
        return len(self.made.data)


def export_onnx(source: Path, out: Path | None = None, wanted: Wanted = FLOAT32) -> Exported:
    """Write a model file, after comparing its answers with torch's, or with the float32 model's.

    Args:
        source: the --out folder of autohdr train, or a float32 `.onnx` of autohdr's.
        out: the file, replaced if it is there and ours; None is what `destination` says.
        wanted: precision, and what belongs to it.

    Raises:
        ModelError: there is no such model, or it is damaged, or not float32.
        SettingsError: `out` is no name for a model, or something else is there, or the shoot holds too few photos.
        ExportError: the answers differ by more than the tolerance, or int8 is not faster; nothing was written.
        EngineError: an engine or a package that is needed is not installed.
        FileError: the file cannot be written.
    """
    path = destination(source, wanted, out)
    base = float32(source)
    made = Made(base.file.data) if wanted.precision == "float32" else _lowered(base.file, wanted)
    make_folder(path.parent, "--out")
    replaced = is_there(path)
    write_atomically(path, made.data)
    return Exported(path, replaced, wanted, base, made)


def on_every_engine(exported: Exported) -> Exported:
    """Returns the same with both models measured on every engine that runs here, for a report."""
    base, made, wanted = exported.base.file, exported.made, exported.wanted
    over = samples(base.info.spec, wanted) if made.proof is None else made.proof.over
    rows, left_out = everywhere({"float32": base.data, wanted.precision: made.data}, over)
    return dataclasses.replace(exported, rows=rows, left_out=left_out)


def _lowered(base: ModelFile, wanted: Wanted) -> Made:
    """The model in less precision, lowered and proven."""
    over = samples(base.info.spec, wanted)
    info = dataclasses.replace(
        base.info, package_version=version("autohdr"), precision=wanted.precision, target=wanted.target, proof={}
    )
    model = onnx.load_model_from_string(base.data)
    describe(model, info)
    try:
        yardstick = Yardstick(base.data, wanted.engine, over)
        lowered = lower(model, wanted, over, yardstick)
        proof = judge(to_bytes(lowered.stand_in), wanted, over, yardstick)
    except ExportError as error:
        raise ExportError(f"{base.path}: {error}; nothing was written") from error
    size = round(lowered.model.ByteSize() / len(base.data), 4)
    told = {"reference": base.digest, **proof.to_json(), **lowered.to_json(), "size": size}
    opset = next(entry.version for entry in lowered.model.opset_import if not entry.domain)
    describe(lowered.model, dataclasses.replace(info, opset=opset, proof=told))
    return Made(to_bytes(lowered.model), proof, told, lowered.tried)
