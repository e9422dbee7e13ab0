"""TensorRT plans ahead of time, on a machine that needs no GPU: beside the model, where engine `trt` looks first.

TensorRT-RTX builds them. They are for its own version and for cards of one compute capability; anywhere else engine
`trt` builds its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.engines.trt.build import build
from autohdr.engines.trt.driver import open_device
from autohdr.engines.trt.key import PlanKey, Profile
from autohdr.engines.trt.library import Library, installed
from autohdr.engines.trt.load import is_own
from autohdr.engines.trt.plans import ahead
from autohdr.engines.trt.record import record_of, write
from autohdr.errors import EngineError, SettingsError
from autohdr.model.info import ModelFile
from autohdr.model.onnx_file import read_model
from autohdr_export.errors import ExportError


@dataclass(frozen=True, slots=True)
class Built:
    """A plan that was written."""

    path: Path
    record: Path
    """The JSON file that says what it was built from and for."""
    arch: str
    """Compute capability, as `sm86`."""
    size: int
    """Bytes."""
    library: str
    """Name and version of the TensorRT that built it, and that alone can load it."""

    def __str__(self) -> str:
        return f"{self.path} ({self.size / 1e6:.1f} MB, for cards of {self.arch} and {self.library})"


def build_plans(model: Path, archs: Sequence[str] = ()) -> list[Built]:
    """Write a plan for each kind of card beside a model, as `wedding.sm86.plan` with `wedding.sm86.plan.json`.

    Args:
        model: an .onnx of autohdr's.
        archs: compute capabilities, as `sm86`, `86` or `8.6`; none is the card of this machine.

    Raises:
        ModelError: it is none of ours.
        EngineError: TensorRT-RTX is not installed, or no card is named and there is none here.
        SettingsError: a card is none that it builds for.
        ExportError: it cannot build this model for a card, or has built something else.
        FileError: a file cannot be written.
    """
    library = _library()
    wanted = _archs(archs, library)
    found = read_model(model)
    plans = {arch: _build(library, found, arch) for arch in wanted}
    written = []
    for arch, plan in plans.items():  # all of them are built before any is written
        path, key = ahead(model, arch), _key(library, found, arch)
        write(path, plan, key, found.info)
        written.append(Built(path, record_of(path), arch, len(plan), f"{library.name} {library.version}"))
    return written


def _library() -> Library:
    """The installed TensorRT that needs no GPU."""
    for library in installed():
        if library.targets:
            return library
    raise EngineError('the TensorRT that is installed builds on a GPU only; run: pip install "autohdr[rtx]"')


def _archs(archs: Sequence[str], library: Library) -> list[str]:
    """The cards, each once, as the library spells them."""
    wanted = [_spelt(arch) for arch in archs] or [_own(library)]
    for arch, typed in zip(wanted, archs or wanted, strict=True):
        if arch not in library.targets:
            raise SettingsError(
                f"--gpu {typed} is none that {library.name} {library.version} builds for; expected one of "
                f"{', '.join(library.targets)}"
            )
    return list(dict.fromkeys(wanted))


def _spelt(arch: str) -> str:
    """`sm86` for `SM86`, `sm_86`, `8.6` and `86`."""
    return "sm" + re.sub(r"^sm_?|\.", "", arch.lower())


def _own(library: Library) -> str:
    """Returns this machine's card."""
    try:
        device = open_device()
    except EngineError as error:
        raise EngineError(
            f"--trt without --gpu is for this machine's own card, and {error}; name the card that will run the plan "
            f"with --gpu, one of {', '.join(library.targets)}"
        ) from error
    device.close()
    return device.card.arch


def _key(library: Library, model: ModelFile, arch: str) -> PlanKey:
    profile = Profile.of(model.info)
    return PlanKey(model.digest, model.info.precision, library.name, library.version, arch, profile)


def _build(library: Library, model: ModelFile, arch: str) -> bytes:
    """A plan that the library knows again. What it is of and for is what it was built of: the record beside it says so,
    and a GPU's engine checks inputs and outputs when it loads it."""
    try:
        plan = build(library, model.data, str(model.path), Profile.of(model.info), (arch,)).data
    except EngineError as error:
        raise ExportError(f"--gpu {arch}: {error}") from error
    if not is_own(library, plan):
        raise ExportError(
            f"--gpu {arch}: {library.name} {library.version} does not know its own plan again; please report this"
        )
    return plan
