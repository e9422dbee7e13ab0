"""From a checkpoint folder or a float32 `.onnx` to one model file for the runtime, proven before it is kept."""

import dataclasses
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx

from autohdr.files import write_atomically
from autohdr.folders import is_there, make_folder
from autohdr.model import ModelInfo
from autohdr_export.candidate import make
from autohdr_export.errors import ExportError
from autohdr_export.everywhere import Row, everywhere
from autohdr_export.judge import judge, proof
from autohdr_export.onnx_graph import describe, to_bytes
from autohdr_export.parity import Parity
from autohdr_export.reference import Reference, reference
from autohdr_export.samples import Samples, samples
from autohdr_export.trial import Speed
from autohdr_export.wanted import FLOAT32, Wanted, destination


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A model file's bytes, with what was measured of them."""

    data: bytes
    info: ModelInfo
    parity: dict[str, Parity]
    """With float32, by what was compared over; of float32 itself nothing."""
    speeds: dict[str, Speed] = field(default_factory=dict)
    """Of float32 and of this model in the engine that it is for, where int8 had to be faster."""
    tried: list[dict[str, Any]] = field(default_factory=list)
    """Other ways that were measured, plain JSON."""


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """What was written."""

    path: Path
    replaced: bool
    """An earlier export was there."""
    wanted: Wanted
    base: Reference
    made: Made
    rows: list[Row]
    """Both models on every engine that runs here, where that was asked for."""
    left_out: list[str]
    """Engines that do not, with the reason."""

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.made.data)


def export_onnx(
    source: Path, out: Path | None = None, wanted: Wanted = FLOAT32, *, on_every_engine: bool = False
) -> Exported:
    """Write a model file, after comparing its answers with torch's, or with the float32 model's.

    Args:
        source: the --out folder of autohdr train, or a float32 `.onnx` of autohdr's.
        out: the file, replaced if it is there and ours; None is what `destination` says.
        wanted: precision, and what belongs to it.
        on_every_engine: measure both models on every engine that runs here, for a report.

    Raises:
        ModelError: there is no such model, or it is damaged, or not float32.
        SettingsError: `out` is no name for a model, or something else is there, or the shoot holds too few photos.
        ExportError: the answers differ by more than the tolerance, or int8 is not faster; nothing was written.
        EngineError: an engine or a package that is needed is not installed.
        FileError: the file cannot be written.
    """
    path = destination(source, wanted, out)
    base = reference(source)
    rows: list[Row] = []
    left_out: list[str] = []
    made = Made(base.data, base.info, {})
    if wanted.precision != "float32" or on_every_engine:
        over = samples(base.info.spec, wanted)
        if wanted.precision != "float32":
            made = _in_less(source, base, wanted, over)
        if on_every_engine:
            rows, left_out = everywhere({"float32": base.data, wanted.precision: made.data}, over)
    make_folder(path.parent, "--out")
    replaced = is_there(path)
    write_atomically(path, made.data)
    return Exported(path, replaced, wanted, base, made, rows, left_out)


def _in_less(source: Path, base: Reference, wanted: Wanted, over: Samples) -> Made:
    try:
        candidate = make(base, wanted, over)
        info = _info(base, wanted, candidate.model)
        describe(candidate.model, info)
        judged = judge(base, candidate, wanted, over)
    except ExportError as error:
        raise ExportError(f"{source}: {error}; nothing was written") from error
    info.proof.update(proof(base, candidate, wanted, over, judged))
    describe(candidate.model, info)
    parity = {
        f"{len(over.photos)} {over.kind}": judged.photos,
        f"{len(over.extremes)} extreme inputs": judged.extremes,
    }
    return Made(to_bytes(candidate.model), info, parity, judged.speeds, candidate.tried)


def _info(base: Reference, wanted: Wanted, model: onnx.ModelProto) -> ModelInfo:
    return dataclasses.replace(
        base.info,
        package_version=version("autohdr"),
        opset=next(entry.version for entry in model.opset_import if not entry.domain),
        precision=wanted.precision,
        target=wanted.target,
        proof={},
    )
