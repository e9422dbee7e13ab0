"""What is to be exported: precision, the engine that int8 is for, and what it is calibrated on."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from autohdr.engines.prove.difference import TOLERANCES, Tolerance
from autohdr.errors import ModelError, SettingsError
from autohdr.files.folders import is_there
from autohdr.model.info import Precision
from autohdr.model.onnx_file import read_model
from autohdr_export.words import Target

_ENDINGS: dict[Precision, str] = {"float32": "", "float16": "-fp16", "bfloat16": "-bf16", "int8": "-int8"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One artefact."""

    precision: Precision = "float32"
    target: Target | None = None
    """The target that int8 is made for; None for other precisions."""
    shoot: Path | None = None
    """Photos to calibrate int8 on, and to compare over; None for simulated ones, where int8 is not made."""

    def __post_init__(self) -> None:
        if self.precision == "int8" and self.target is None:
            raise SettingsError("int8 is made for one engine; name it with --for")
        if self.precision != "int8" and self.target is not None:
            raise SettingsError(f"--for {self.target} belongs to --int8; a {self.precision} model is for every engine")
        if self.precision == "int8" and self.shoot is None:
            raise SettingsError("--int8 needs photos to learn its ranges from; name a folder of RAW files: --calibrate")
        if self.precision == "float32" and self.shoot is not None:
            raise SettingsError("--calibrate belongs to --fp16, --bf16 and --int8; float32 is compared with torch")

    @property
    def tolerance(self) -> Tolerance:
        """How far it may be from float32, or float32 from torch."""
        return TOLERANCES[self.precision]

    @property
    def engine(self) -> str:
        """The engine on which the model is compared. ONNX Runtime's CPU provider has no bfloat16. What is for TensorRT,
        which needs a GPU, is compared on the CPU.
        """
        if self.precision == "bfloat16":
            return "openvino"
        return self.target if self.target in ("cpu", "openvino") else "cpu"

    @property
    def timed(self) -> bool:
        """Whether the model must be faster than float32 here: int8 for an engine that runs without a GPU."""
        return self.precision == "int8" and self.engine == self.target

    @property
    def ending(self) -> str:
        """The end of the file's name, before `.onnx`: `-int8-openvino`."""
        return _ENDINGS[self.precision] + ("" if self.target is None else f"-{self.target}")


FLOAT32 = Wanted()


def usual_target(*, plan: bool) -> Target:
    """What int8 is made for where the user names nothing: TensorRT for a plan, else OpenVINO where it is installed."""
    if plan:
        return "trt"
    return "openvino" if find_spec("openvino") else "cpu"


def is_exported(source: Path, wanted: Wanted) -> bool:
    """Whether `source` is the model file that is wanted already."""
    return source.suffix == ".onnx" and wanted.precision == "float32"


def destination(source: Path, wanted: Wanted, out: Path | None) -> Path:
    """The file to write. One of ours may be there, to be replaced.

    Args:
        source: a checkpoint folder, or an `.onnx`.
        wanted: what is to be written.
        out: as the user names it; None is `model.onnx` in the folder, or a file beside the `.onnx`, with the precision.

    Raises:
        SettingsError: the source is another kind of file; or the file to write is no `.onnx`, is the source itself, or
            something that is not ours is there.
    """
    from_onnx = source.suffix == ".onnx"
    if source.is_file() and not from_onnx:
        raise SettingsError(f"{source} is no model; expected the folder that autohdr train wrote, or an .onnx")
    if out is None:
        out = source.with_stem(source.stem + wanted.ending) if from_onnx else source / f"model{wanted.ending}.onnx"
    if is_exported(source, wanted):
        raise SettingsError(f"{source} is exported already; choose --fp16, --bf16, --int8 or --trt")
    if out.suffix != ".onnx":
        raise SettingsError(f"--out {out} does not end in .onnx; expected the name of the model file to write")
    if is_there(out):
        _refuse_foreign(out, source)
    return out


def _refuse_foreign(out: Path, source: Path) -> None:
    if is_there(source) and out.samefile(source):
        raise SettingsError(f"--out {out} is the model that is to be exported; name another file")
    try:
        read_model(out)
    except ModelError as error:
        raise SettingsError(f"--out {out} is there and is no model of autohdr's; name another file") from error
