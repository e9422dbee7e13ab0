"""`autohdr_export.export`, of which `autohdr export` is the command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from autohdr.errors import SettingsError
from autohdr.model.info import Precision
from autohdr.system.processors import processors
from autohdr_export.exporting import Exported, export_onnx, on_every_engine
from autohdr_export.quality import ExportedQuality, export_quality, is_quality
from autohdr_export.report import check_report, write_report
from autohdr_export.wanted import Wanted, is_exported, usual_target
from autohdr_export.words import Target

if TYPE_CHECKING:
    from autohdr_export.plans import Built


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an export: the files that were written, and what was measured."""

    path: Path
    """The model file."""
    exported: Exported | ExportedQuality | None
    """What was written and measured; None where the model was exported already, and only plans were built."""
    plans: list["Built"] = field(default_factory=list)


def export(
    model: str | PathLike[str],
    out: str | PathLike[str] | None = None,
    *,
    precision: Precision = "float32",
    target: Target | None = None,
    calibrate: str | PathLike[str] | None = None,
    report: str | PathLike[str] | None = None,
    trt: bool = False,
    gpus: Sequence[str] = (),
    on_exported: Callable[[Exported | ExportedQuality], None] = lambda exported: None,
) -> Outcome:
    """Writes a trained model as one `.onnx`, proven to answer like the original, and TensorRT plans where asked.

    Args:
        model: the folder that training left, a float32 `.onnx` of autohdr's, or the file of a trained quality model.
        out: the `.onnx` to write; None for in or beside `model`.
        precision: what the transformer computes in.
        target: the engine that int8 is for; None for the usual one.
        calibrate: RAW files to take int8's ranges from and to compare over; None for simulated photos.
        report: a page or JSON file to write, `.html` or `.json`; then every engine that runs here is measured.
        trt: build TensorRT plans, too.
        gpus: architectures to build plans for, such as `sm86`; none for the card of this machine.
        on_exported: told of the model file before plans are built.

    Raises:
        SettingsError: settings that exclude each other, or a file that cannot be written so.
        ModelError: there is no such model, or it is none of ours.
        ExportError: what was made answers otherwise, or gains nothing.
        EngineError: an engine that is needed cannot run here.
    """
    torch.set_num_threads(processors())
    source, table = Path(model), None if report is None else Path(report)
    if is_quality(source):
        if precision != "float32" or target or calibrate or table or trt or gpus:
            raise SettingsError(
                f"{source} is a quality model, which is exported in float32 alone; leave out all but --out"
            )
        quality = export_quality(source, None if out is None else Path(out))
        on_exported(quality)
        return Outcome(quality.path, quality)
    if precision == "int8" and target is None:
        target = usual_target(plan=trt)
    wanted = Wanted(precision, target, None if calibrate is None else Path(calibrate))
    if gpus and not trt:
        raise SettingsError("--gpu belongs to --trt; without it no plan is built")
    if table is not None:
        check_report(table)
    exported, path = None, source
    if trt and is_exported(source, wanted):
        if out is not None or table is not None:
            raise SettingsError(f"--out and --report belong to an export; the plans of {source} are put beside it")
    else:
        exported = export_onnx(source, None if out is None else Path(out), wanted)
        path = exported.path
        if table is not None:
            exported = on_every_engine(exported)
            write_report(table, exported)
        on_exported(exported)
    return Outcome(path, exported, _plans(path, gpus) if trt else [])


def _plans(path: Path, gpus: Sequence[str]) -> list["Built"]:
    from autohdr_export.plans import build_plans  # not above: only plans need TensorRT

    return build_plans(path, gpus)
